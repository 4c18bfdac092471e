#include "case_text.hpp"
#include "command.hpp"
#include "ct_input.hpp"

#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

json jsonOf(const SeriesInfo& series) {
  return {{"uid", series.uid},
          {"modality", series.modality},
          {"description", series.description},
          {"number", series.number},
          {"images", series.imageCount},
          {"rows", series.rows},
          {"columns", series.columns},
          {"plane", name(series.plane)},
          {"transferSyntaxUid", series.transferSyntaxUid}};
}

// Patients by pseudonym: names stay on the desktop's screen.
Result<Outcome> describeDicom(const fs::path& folder, const Job& job) {
  const auto index = scanFolder(folder, job);
  if (!index) return tl::unexpected(index.error());
  json patients = json::array();
  std::string text = std::to_string(index->dicomFiles) + " DICOM files, " +
                     std::to_string(index->foreignFiles) + " other files";
  for (const auto& patient : index->patients) {
    json seriesList = json::array();
    text += "\nPatient " + patient.pseudonym;
    for (const auto& study : patient.studies)
      for (const auto& series : study.series) {
        seriesList.push_back(jsonOf(series));
        text += "\n  " + summary(series) + "  " + series.uid;
      }
    patients.push_back({{"pseudonym", patient.pseudonym}, {"series", seriesList}});
  }
  if (const auto choice = chooseCtSeries(*index)) text += "\n" + choice->reason;
  for (const auto& notice : index->notices) text += "\nWarning: " + notice.message;
  const json document = {
      {"dicomFiles", index->dicomFiles}, {"foreignFiles", index->foreignFiles}, {"patients", patients}};
  return Outcome{document.dump(2), text};
}

Result<Outcome> describeVolume(const fs::path& file) {
  const auto volume = readVolume(file);
  if (!volume) return tl::unexpected(volume.error());
  const Grid& grid = volume->grid;
  const auto list = [](const auto& v) { return json::array({v[0], v[1], v[2]}); };
  const json document = {
      {"size", list(grid.size)},
      {"originMm", list(grid.origin)},
      {"spacingMm", list(grid.spacing)},
      {"axes", {list(grid.direction.col(0)), list(grid.direction.col(1)), list(grid.direction.col(2))}}};
  return Outcome{document.dump(2), document.dump(2)};
}

Result<Outcome> inspect(const fs::path& input, const Job& job) {
  std::error_code error;
  if (isCase(input)) {
    const auto source = Case::open(input);
    if (!source) return tl::unexpected(source.error());
    if (const auto intact = source->verify(); !intact) return tl::unexpected(intact.error());
    return describeCase(*source);
  }
  if (isVolumeFile(input) && fs::is_regular_file(input, error)) return describeVolume(input);
  return describeDicom(input, job);
}

}  // namespace

void addInspect(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
      "inspect", "Say what a DICOM folder, a volume file or a case holds, and whether it is intact");
  const auto input = std::make_shared<std::string>();
  command->add_option("input", *input, "DICOM folder, volume file or case")->required();
  command->callback([input, &chosen] { chosen = [input](const Job& job) { return inspect(*input, job); }; });
}

}  // namespace coxa::cli
