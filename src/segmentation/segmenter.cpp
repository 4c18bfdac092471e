#include "coxa/segmentation/segmenter.hpp"

#include "clean_up.hpp"
#include "model_config.hpp"
#include "probabilities.hpp"
#include "sides.hpp"
#include "working_ct.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/image/files.hpp"

#include <tbb/parallel_for.h>

#include <array>
#include <cmath>

namespace coxa {

namespace {

// The structure's value for every class and side.
class ValueOf {
 public:
  ValueOf(const StructureTable& table, const std::vector<std::string>& names) {
    for (const auto& name : names) {
      const auto value = [&](std::optional<Side> side) {
        const Structure* found = table.find(name, side);
        return found ? found->value : std::uint8_t{0};
      };
      const std::uint8_t unpaired = value(std::nullopt);
      values_.push_back(unpaired ? std::array{unpaired, unpaired}
                                 : std::array{value(Side::Left), value(Side::Right)});
    }
  }
  std::uint8_t operator()(std::uint8_t kind, Side side) const {
    return values_[kind][side == Side::Left ? 0 : 1];
  }

 private:
  std::vector<std::array<std::uint8_t, 2>> values_;
};

// Turns classes into values of structures.
void applySides(LabelMap& kinds, const ValueOf& valueOf, const MidsagittalPlane& plane) {
  const Eigen::Vector3i n = kinds.grid.size;
  tbb::parallel_for(0, n.z(), [&](int k) {
    for (int j = 0; j < n.y(); ++j)
      for (int i = 0; i < n.x(); ++i) {
        std::uint8_t& voxel = kinds.at(i, j, k);
        if (voxel != 0) voxel = valueOf(voxel, plane.sideOf(kinds.grid.worldFromIndex(Vec3(i, j, k))));
      }
  });
}

std::array<double, 256> volumesMl(const LabelMap& labels) {
  std::array<double, 256> volumes{};
  for (const std::uint8_t voxel : labels.voxels) volumes[voxel] += labels.grid.voxelVolumeMm3() / 1000.0;
  return volumes;
}

// Standard deviation of each structure's volume over the samples.
std::array<double, 256> volumeSdsMl(Probabilities& probabilities, const ValueOf& valueOf,
                                    const MidsagittalPlane& plane) {
  std::array<double, 256> sum{}, sumOfSquares{}, sd{};
  for (auto& sample : probabilities.samples) {
    applySides(sample, valueOf, plane);
    const auto volumes = volumesMl(sample);
    for (std::size_t value = 0; value < 256; ++value) {
      sum[value] += volumes[value];
      sumOfSquares[value] += volumes[value] * volumes[value];
    }
  }
  const auto n = static_cast<double>(probabilities.samples.size());
  if (n > 1)
    for (std::size_t value = 0; value < 256; ++value)
      sd[value] = std::sqrt(std::max(0.0, (sumOfSquares[value] - sum[value] * sum[value] / n) / (n - 1)));
  return sd;
}

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

std::vector<StructureSummary> summarize(const Segmentation& found, const std::array<double, 256>& sdsMl,
                                        const StructureTable& table) {
  std::array<double, 256> uncertainty{};
  for (std::size_t v = 0; v < found.labels.voxels.size(); ++v)
    uncertainty[found.labels.voxels[v]] += static_cast<double>(found.uncertainty.voxels[v]);
  const auto volumes = volumesMl(found.labels);
  const auto touches = valuesAtBorder(found.labels);
  const double voxelMl = found.labels.grid.voxelVolumeMm3() / 1000.0;
  std::vector<StructureSummary> rows;
  for (std::size_t value = 1; value < 256; ++value) {
    const Structure* structure = table.find(static_cast<std::uint8_t>(value));
    if (structure == nullptr || volumes[value] == 0.0) continue;
    rows.push_back({structure->name, structure->value, Measured{volumes[value], sdsMl[value]},
                    uncertainty[value] * voxelMl / volumes[value], touches[value]});
  }
  return rows;
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
  auto probabilities =
      predictVolume(working, *config, *predictor, options.samples, options.seed, job.part(0.03, 0.93));
  if (!probabilities) return tl::unexpected(probabilities.error());

  job.report(0.93, "Telling left from right");
  const auto plane = midsagittalPlane(probabilities->kinds, config->kinds);
  if (!plane) return tl::unexpected(plane.error());
  removeIslands(*probabilities, config->kinds, *plane);
  const ValueOf valueOf(*table, config->kinds);

  job.report(0.96, "Drawing the labels");
  Segmentation found;
  found.labels = upsampledKinds(*probabilities, ct.grid);
  applySides(found.labels, valueOf, *plane);
  found.uncertainty = resampleLinear(probabilities->variance, ct.grid);
  found.summary.structures = summarize(found, volumeSdsMl(*probabilities, valueOf, *plane), *table);
  found.summary.provenance = {config->name, config->weightsSha256, options.seed, options.samples,
                              predictor->device()};
  job.report(1.0, "Segmented");
  return found;
}

Result<void> writeSegmentation(const std::filesystem::path& folder, const Segmentation& segmentation) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  if (auto written = writeImage(folder / "labels.nrrd", segmentation.labels); !written) return written;
  if (auto written = writeImage(folder / "uncertainty.nrrd", segmentation.uncertainty); !written)
    return written;
  return writeSegmentationSummary(folder / "structures.json", segmentation.summary);
}

}  // namespace coxa
