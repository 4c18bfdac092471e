#include "coxa/segmentation/segmenter.hpp"

#include "clean_up.hpp"
#include "implant_voxels.hpp"
#include "missing_structures.hpp"
#include "model_config.hpp"
#include "probabilities.hpp"
#include "sample_statistics.hpp"
#include "sided_values.hpp"
#include "working_ct.hpp"

#include "coxa/anatomy/label_files.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/image/files.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <functional>

namespace coxa {

namespace {

std::array<bool, 256> valuesAtBorder(const LabelMap& labels) {
  std::array<bool, 256> touches{};
  const Eigen::Vector3i n = labels.grid.size;
  for (int k = 0; k < n.z(); ++k)
    for (int j = 0; j < n.y(); ++j) {
      const bool whole = k == 0 || k == n.z() - 1 || j == 0 || j == n.y() - 1;
      for (int i = 0; i < n.x(); i += whole ? 1 : std::max(1, n.x() - 1)) touches[labels.at(i, j, k)] = true;
    }
  return touches;
}

// The sides of the slices, not their ends.
std::array<bool, 256> valuesAtSides(const LabelMap& labels) {
  std::array<bool, 256> touches{};
  const Eigen::Vector3i n = labels.grid.size;
  for (int k = 0; k < n.z(); ++k) {
    for (int j = 0; j < n.y(); ++j)
      for (const int i : {0, n.x() - 1}) touches[labels.at(i, j, k)] = true;
    for (int i = 0; i < n.x(); ++i)
      for (const int j : {0, n.y() - 1}) touches[labels.at(i, j, k)] = true;
  }
  return touches;
}

void judge(StructureSummary& row, const SideComparison& sides,
           const std::optional<Calibration>& calibration) {
  if (!calibration) return;
  const double dice =
      calibration->dice.expected({row.agreement, row.entropy, row.uncertainty, row.volumeMl.value, sides});
  row.expectedDice = Measured{std::clamp(dice, 0.0, 1.0), calibration->dice.sd};
  row.doubtful = dice < calibration->doubtfulBelow;
  row.volumeMl.sd *= calibration->volumeSdFactor;
}

std::vector<StructureSummary> summarize(const Segmentation& found, const SampleStatistics& samples,
                                        const ModelConfig& config, const StructureTable& table) {
  const auto uncertainty = meansOver(found.labels, found.uncertainty);
  const auto entropy = meansOver(found.labels, found.entropy);
  const auto touches = valuesAtBorder(found.labels), cutOff = valuesAtSides(found.labels);
  std::array<std::size_t, 256> counts{};
  for (const std::uint8_t voxel : found.labels.voxels) ++counts[voxel];
  const double voxelMl = found.labels.grid.voxelVolumeMm3() / 1000.0;
  std::vector<StructureSummary> rows;
  for (std::size_t value = 1; value < 256; ++value) {
    const Structure* structure = table.find(static_cast<std::uint8_t>(value));
    if (structure == nullptr || counts[value] == 0) continue;
    StructureSummary row;
    row.name = structure->name;
    row.value = structure->value;
    row.volumeMl = {static_cast<double>(counts[value]) * voxelMl, samples.volumeSdMl[value]};
    row.uncertainty = uncertainty[value];
    row.touchesBorder = touches[value];
    row.meanHu = samples.meanHu[value];
    row.entropy = entropy[value];
    row.agreement = samples.agreement[value];
    const std::uint8_t other = table.mirrored(row.value);
    // What the scan cuts off on one side tells nothing of the other.
    const bool comparable = other != row.value && !cutOff[value] && !cutOff[other];
    const SideComparison sides =
        comparable ? compareSides(row.volumeMl.value, static_cast<double>(counts[other]) * voxelMl)
                   : SideComparison{};
    if (samples.count > 1) judge(row, sides, config.calibration);
    rows.push_back(std::move(row));
  }
  return rows;
}

double caseUncertainty(const Segmentation& found) {
  double sum = 0.0, count = 0.0;
  for (std::size_t v = 0; v < found.labels.voxels.size(); ++v)
    if (found.labels.voxels[v] != 0) {
      sum += static_cast<double>(found.uncertainty.voxels[v]);
      ++count;
    }
  return count > 0.0 ? sum / count : 0.0;
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& one : names) list += (list.empty() ? "" : ", ") + one;
  return list;
}

std::vector<Notice> doubts(const SegmentationSummary& summary, const StructureTable& table) {
  std::vector<Notice> notices;
  std::vector<std::string> doubtful;
  for (const auto& row : summary.structures)
    if (row.doubtful) doubtful.push_back(row.name);
  if (!doubtful.empty())
    notices.push_back(
        {Notice::Severity::Warning,
         "segmentation.doubtful",
         "These structures are probably wrong in part; look at them before you use their numbers: " +
             listed(doubtful) + ".",
         {}});
  if (const auto missing = missingStructures(summary.structures, table); !missing.empty())
    notices.push_back({Notice::Severity::Warning,
                       "segmentation.missing",
                       "These structures were found on the other side alone; look whether they are there: " +
                           listed(missing) + ".",
                       {}});
  return notices;
}

}  // namespace

Result<Segmentation> segment(const Volume& ct, const SegmentationOptions& options, const Job& job) {
  if (options.samples < 1) return fail(ErrorCode::Usage, "At least one sample is needed.");
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto config = readModelConfig(options.modelFolder);
  if (!config) return tl::unexpected(config.error());
  const auto predictor = Predictor::load(options.modelFolder / "weights.pt", config->network, options.device);
  if (!predictor) return tl::unexpected(predictor.error());

  job.report(0.0, "Finding the body");
  const WorkingCt working = workingCt(ct, *config);
  if (working.body.empty()) return badInput("This CT shows nothing but air. Choose a CT of the pelvis.");
  const Sampling sampling{options.samples, options.seed,
                          config->calibration ? config->calibration->temperature : 1.0};
  auto probabilities = predictVolume(working, *config, *predictor, sampling, job.part(0.03, 0.93));
  if (!probabilities) return tl::unexpected(probabilities.error());

  job.report(0.93, "Telling left from right");
  const auto plane = midsagittalPlane(probabilities->kinds, config->kinds);
  if (!plane) return tl::unexpected(plane.error());
  const LabelMap implant = implantVoxels(ct);
  cleanUp(*probabilities, implant, config->kinds, *plane);
  const ValueOf valueOf(*table, config->kinds);

  job.report(0.96, "Drawing the labels");
  Segmentation found;
  found.labels = upsampledKinds(*probabilities, ct.grid);
  clearImplant(found.labels, implant);
  applySides(found.labels, valueOf, *plane);
  found.uncertainty = resampleLinear(probabilities->variance, ct.grid);
  found.entropy = resampleLinear(probabilities->entropy, ct.grid);
  applySides(probabilities->kinds, valueOf, *plane);
  for (auto& sample : probabilities->samples) applySides(sample, valueOf, *plane);
  const auto samples = sampleStatistics(probabilities->samples, probabilities->kinds,
                                        resampleLinear(working.ct, probabilities->grid));
  found.summary.structures = summarize(found, samples, *config, *table);
  found.summary.uncertainty = caseUncertainty(found);
  found.summary.notices = doubts(found.summary, *table);
  if (options.samples > 1) found.samples = std::move(probabilities->samples);
  found.summary.provenance = {config->name, config->weightsSha256, options.seed, options.samples,
                              predictor->device()};
  job.report(1.0, "Segmented");
  return found;
}

Result<void> writeSegmentation(const std::filesystem::path& folder, const Segmentation& segmentation) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  // Packing takes most of the time.
  std::vector<std::function<Result<void>()>> files = {
      [&] { return writeImage(folder / "entropy.nrrd", segmentation.entropy); },
      [&] { return writeImage(folder / "uncertainty.nrrd", segmentation.uncertainty); },
      [&] { return writeLabels(folder / "labels.nrrd", segmentation.labels, *table); }};
  for (std::size_t t = 0; t < segmentation.samples.size(); ++t)
    files.push_back([&, t] { return writeImage(folder / sampleFileName(t), segmentation.samples[t]); });
  std::vector<Result<void>> written(files.size());
  tbb::parallel_for(
      std::size_t{0}, files.size(), [&](std::size_t n) { written[n] = files[n](); },
      tbb::simple_partitioner{});
  for (const auto& one : written)
    if (!one) return one;
  return writeSegmentationSummary(folder / "structures.json", segmentation.summary);
}

}  // namespace coxa
