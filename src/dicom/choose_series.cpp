#include "text.hpp"

#include "coxa/dicom/scan.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace coxa {
namespace {

struct Candidate {
  const PatientInfo* patient = nullptr;
  const SeriesInfo* series = nullptr;
};

bool isCt(const SeriesInfo& series) {
  return series.modality == "CT" && series.imageCount > 0 && !series.localizersOnly;
}

std::vector<Candidate> allSeries(const DicomIndex& index) {
  std::vector<Candidate> all;
  for (const PatientInfo& patient : index.patients)
    for (const StudyInfo& study : patient.studies)
      for (const SeriesInfo& series : study.series) all.push_back({&patient, &series});
  return all;
}

std::string listing(const std::vector<Candidate>& candidates) {
  std::string text;
  for (const Candidate& candidate : candidates)
    text += "\n  " + summary(*candidate.series) + " [" + candidate.patient->pseudonym + "]";
  return text;
}

/// Smaller is better.
auto rank(const SeriesInfo& series) {
  const int plane = series.plane == SlicePlane::Axial ? 0 : series.plane == SlicePlane::Mixed ? 2 : 1;
  return std::tuple(plane, series.derived, -series.imageCount, series.sliceThicknessMm, series.number,
                    series.uid);
}

bool matches(const SeriesInfo& series, const std::string& selector) {
  return series.uid == selector || std::to_string(series.number) == selector;
}

SeriesChoice chosen(const Candidate& choice, const std::vector<Candidate>& all, std::string reason) {
  SeriesChoice result{*choice.series, choice.patient->name, choice.patient->pseudonym, std::move(reason), {}};
  for (const Candidate& candidate : all)
    if (candidate.series != choice.series) result.others.push_back(*candidate.series);
  return result;
}

Result<SeriesChoice> chooseSelected(const std::vector<Candidate>& all, const std::string& selector) {
  std::vector<Candidate> fitting;
  std::copy_if(all.begin(), all.end(), std::back_inserter(fitting),
               [&](const Candidate& candidate) { return matches(*candidate.series, selector); });
  if (fitting.empty())
    return badInput("No series has the number or UID " + selector + ". There are:" + listing(all),
                    "dicom.no-series");
  if (fitting.size() > 1)
    return badInput(
        "Several series have the number " + selector + "; give the UID of one:" + listing(fitting),
        "dicom.ambiguous-series");
  return chosen(fitting.front(), all, "Took " + summary(*fitting.front().series) + ", as asked for.");
}

/// What put the best before the second best.
std::string advantage(const SeriesInfo& best, const SeriesInfo& next) {
  if (best.plane != next.plane) return std::string("its slices are ") + name(best.plane);
  if (best.derived != next.derived) return "it is what the scanner reconstructed, not derived from it";
  if (best.imageCount != next.imageCount) return "it has the most slices";
  if (best.sliceThicknessMm != next.sliceThicknessMm) return "its slices are thinnest";
  return "it comes first";
}

}  // namespace

std::string summary(const SeriesInfo& series) {
  std::string text =
      "series " + std::to_string(series.number) + ": " + (series.modality.empty() ? "?" : series.modality);
  if (!series.description.empty()) text += " \"" + series.description + "\"";
  text += ", " + std::to_string(series.imageCount) + " images";
  if (series.localizersOnly)
    text += " (localizer)";
  else if (series.plane != SlicePlane::Unknown)
    text += std::string(" (") + name(series.plane) + ")";
  if (series.rows > 0) text += ", " + std::to_string(series.columns) + "x" + std::to_string(series.rows);
  if (series.sliceThicknessMm > 0.0) text += ", " + mm(series.sliceThicknessMm) + " mm";
  if (!series.kernel.empty()) text += ", kernel " + series.kernel;
  return text + ", UID " + series.uid;
}

Result<SeriesChoice> chooseCtSeries(const DicomIndex& index, const std::optional<std::string>& selector) {
  const std::vector<Candidate> all = allSeries(index);
  if (selector) return chooseSelected(all, *selector);
  std::vector<Candidate> cts;
  std::copy_if(all.begin(), all.end(), std::back_inserter(cts),
               [](const Candidate& candidate) { return isCt(*candidate.series); });
  if (cts.empty()) return badInput("There is no CT here to plan on. Found:" + listing(all), "dicom.not-ct");
  const bool severalPatients = std::any_of(
      cts.begin(), cts.end(), [&](const Candidate& ct) { return ct.patient != cts.front().patient; });
  if (severalPatients)
    return badInput("There are CTs of several patients; choose a series:" + listing(cts),
                    "dicom.several-patients");
  std::sort(cts.begin(), cts.end(),
            [](const Candidate& a, const Candidate& b) { return rank(*a.series) < rank(*b.series); });
  std::string reason = "Took " + summary(*cts.front().series) + ": ";
  reason += cts.size() == 1 ? "the only CT series."
                            : "of " + std::to_string(cts.size()) + " CT series " +
                                  advantage(*cts[0].series, *cts[1].series) + ".";
  return chosen(cts.front(), all, reason);
}

}  // namespace coxa
