// export: a case's results as DICOM.
#include "command.hpp"

#include "coxa/anatomy/label_files.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/dicom/parametric_map.hpp"
#include "coxa/dicom/segmentation_object.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

using nlohmann::json;

namespace {

struct ExportArguments {
  std::string caseFolder;
  std::string segmentation;
  std::string parametricMap;
};

DicomCode dicomCode(const Code& code) {
  return {code.scheme, code.value, code.meaning};
}

DicomSegment segmentOf(const Structure& structure) {
  const StructureCodes codes = codesOf(structure);
  DicomSegment segment{structure.value,       structure.english, dicomCode(codes.category),
                       dicomCode(codes.type), std::nullopt,      structure.rgb};
  if (codes.side) segment.modifier = dicomCode(*codes.side);
  return segment;
}

// The case keeps no UIDs of the scan: study and frame of reference are new ones, the same for all exports.
DerivedObjectInfo infoOf(const Case& source, const std::string& description, int seriesNumber) {
  DerivedObjectInfo info;
  info.pseudonym = source.pseudonym();
  info.identity = source.record(Stage::Import)->checksum();
  info.description = description;
  const auto& parameters = source.record(Stage::Segmentation)->provenance.parameters;
  info.algorithm = parameters.contains("model") ? parameters.at("model") : "Coxa";
  info.version = version();
  info.seriesNumber = seriesNumber;
  return info;
}

Result<Outcome> exportCase(const ExportArguments& arguments, const Job& job) {
  if (arguments.segmentation.empty() && arguments.parametricMap.empty())
    return fail(ErrorCode::Usage, "export needs --dicom-seg FILE or --parametric-map FILE.");
  const auto source = Case::open(arguments.caseFolder);
  if (!source) return tl::unexpected(source.error());
  const auto ct = source->file(Stage::Import, "ct.nrrd");
  if (!ct) return tl::unexpected(ct.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto labels = readLabels(*source);
  if (!labels) return tl::unexpected(labels.error());
  json files = json::array();
  if (!arguments.segmentation.empty()) {
    std::vector<DicomSegment> segments;
    for (const auto& structure : table->all()) segments.push_back(segmentOf(structure));
    const auto written =
        writeDicomSegmentation(arguments.segmentation, *labels, segments,
                               infoOf(*source, "Coxa segmentation", 300), job.part(0.0, 0.6));
    if (!written) return tl::unexpected(written.error());
    files.push_back(arguments.segmentation);
  }
  if (!arguments.parametricMap.empty()) {
    const auto uncertainty = readUncertainty(*source);
    if (!uncertainty) return tl::unexpected(uncertainty.error());
    const auto written = writeParametricMap(arguments.parametricMap, *uncertainty,
                                            {"Uncertainty", "Variance of the class probabilities"},
                                            infoOf(*source, "Coxa uncertainty", 301), job.part(0.6, 1.0));
    if (!written) return tl::unexpected(written.error());
    files.push_back(arguments.parametricMap);
  }
  return Outcome{json{{"files", files}, {"newUids", true}}.dump(2),
                 "Written. The case keeps no UIDs of the scan: study and frame of reference are new ones."};
}

}  // namespace

void addExport(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("export", "Write a case's segmentation and uncertainty as DICOM");
  const auto arguments = std::make_shared<ExportArguments>();
  command->add_option("case", arguments->caseFolder, "Case folder")->required();
  command->add_option("--dicom-seg", arguments->segmentation, "DICOM Segmentation to write");
  command->add_option("--parametric-map", arguments->parametricMap, "DICOM Parametric Map to write");
  command->callback(
      [arguments, &chosen] { chosen = [arguments](const Job& job) { return exportCase(*arguments, job); }; });
}

}  // namespace coxa::cli
