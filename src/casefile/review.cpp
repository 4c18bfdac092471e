#include "coxa/casefile/review.hpp"

#include "coxa/base/files.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/image/files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace coxa {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr ReviewState kStates[] = {ReviewState::NotReviewed, ReviewState::Accepted, ReviewState::Corrected,
                                   ReviewState::Flagged};

/// A later version's states read as not reviewed: the structure is then looked at once more.
ReviewState stateNamed(const std::string& text) {
  const auto* found =
      std::find_if(std::begin(kStates), std::end(kStates), [&](ReviewState s) { return name(s) == text; });
  return found == std::end(kStates) ? ReviewState::NotReviewed : *found;
}

json jsonOf(const StructureReview& review) {
  return {{"name", review.structure},
          {"value", review.value},
          {"state", name(review.state)},
          {"timeUtc", review.timeUtc},
          {"outlineSha256", review.outlineSha256}};
}

StructureReview reviewOf(const json& j) {
  return {j.at("name"), j.at("value"), stateNamed(j.at("state")), j.at("timeUtc"), j.at("outlineSha256")};
}

/// The names in a list like "femur_left, hip_left", with those of `structures`.
std::string withNames(const std::string& list, const LabelSet& structures, const StructureTable& table) {
  std::set<std::string> names;
  std::istringstream words(list);
  for (std::string word; std::getline(words >> std::ws, word, ',');) names.insert(word);
  for (const Structure& structure : table.all())
    if (structures[structure.value]) names.insert(structure.name);
  std::string joined;
  for (const std::string& each : names) joined += (joined.empty() ? "" : ", ") + each;
  return joined;
}

Result<void> writeCorrected(const fs::path& folder, const CorrectedSegmentation& corrected) {
  return writeImage(folder / "labels.nrrd", corrected.labels)
      .and_then([&] { return writeImage(folder / "uncertainty.nrrd", corrected.uncertainty); })
      .and_then([&] { return writeSegmentationSummary(folder / "structures.json", corrected.summary); });
}

}  // namespace

const char* name(ReviewState state) {
  switch (state) {
    case ReviewState::NotReviewed:
      return "not-reviewed";
    case ReviewState::Accepted:
      return "accepted";
    case ReviewState::Corrected:
      return "corrected";
    case ReviewState::Flagged:
      return "flagged";
  }
  return "";
}

Result<void> putReview(Case& target, const std::vector<StructureReview>& reviews) {
  json structures = json::array();
  for (const StructureReview& review : reviews) structures.push_back(jsonOf(review));
  return putJson(target, Stage::Review, json{{"version", 1}, {"structures", structures}}.dump(2) + "\n");
}

Result<std::vector<StructureReview>> readReview(const Case& source) {
  if (!source.has(Stage::Review)) return {};
  const auto text = readJson(source, Stage::Review);
  if (!text) return tl::unexpected(text.error());
  try {
    std::vector<StructureReview> reviews;
    const json document = json::parse(*text);
    for (const auto& each : document.at("structures")) reviews.push_back(reviewOf(each));
    return reviews;
  } catch (const json::exception& error) {
    return badInput("The review in " + source.folder().string() + " is damaged. Review the structures again.",
                    error.what());
  }
}

Result<void> putCorrection(Case& target, const std::string& correctedFrom,
                           const CorrectedSegmentation& corrected, const StructureTable& table) {
  if (auto read = target.refresh(); !read) return read;
  const auto isStill = [&] {
    const StageRecord* record = target.record(Stage::Segmentation);
    return record != nullptr && record->checksum() == correctedFrom;
  };
  const auto replaced = badInput("The case " + target.folder().string() +
                                 " was segmented anew meanwhile, so the correction does not fit it any more. "
                                 "Open the case again.");
  if (!isStill()) return replaced;
  auto parameters = target.record(Stage::Segmentation)->provenance.parameters;
  parameters["corrected"] = withNames(parameters["corrected"], corrected.structures, table);
  parameters["correctedFrom"] = correctedFrom;
  return target.put(Stage::Segmentation, parameters, [&](const fs::path& folder) -> Result<void> {
    if (!isStill()) return replaced;  // now under the case's lock
    return writeCorrected(folder, corrected);
  });
}

}  // namespace coxa
