#include "probabilities.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>

namespace coxa {

namespace {

// Enough for all cores; a sample's network is prepared once per batch.
int slicesPerBatch() {
  return std::max(16, tbb::this_task_arena::max_concurrency());
}

// The body with a margin, its size in the slice rounded up to what the network takes.
Grid networkGrid(const WorkingCt& ct, int multiple) {
  constexpr int kMarginVoxels = 4;
  Grid grid = ct.ct.grid;
  Eigen::Vector3i start(0, 0, ct.body.min.z());
  grid.size.z() = ct.body.size().z();
  for (int axis = 0; axis < 2; ++axis) {
    const int wanted = ct.body.size()[axis] + 2 * kMarginVoxels;
    grid.size[axis] = (wanted + multiple - 1) / multiple * multiple;
    start[axis] = ct.body.min[axis] - (grid.size[axis] - ct.body.size()[axis]) / 2;
  }
  grid.origin = ct.ct.grid.worldFromIndex(start.cast<double>());
  return grid;
}

float normalized(std::int16_t hu, const ModelConfig& config) {
  const double scaled = 2.0 * (hu - config.windowLowHu) / (config.windowHighHu - config.windowLowHu) - 1.0;
  return static_cast<float>(std::clamp(scaled, -1.0, 1.0));
}

SliceBatch batchOf(const Volume& ct, const ModelConfig& config, int first, int count) {
  const Eigen::Vector3i n = ct.grid.size;
  const std::size_t pixels = static_cast<std::size_t>(n.x()) * static_cast<std::size_t>(n.y());
  SliceBatch batch{count, static_cast<int>(config.sliceOffsetsMm.size()), n.y(), n.x(), {}};
  batch.values.reserve(static_cast<std::size_t>(count) * config.sliceOffsetsMm.size() * pixels);
  for (int slice = first; slice < first + count; ++slice)
    for (const double offset : config.sliceOffsetsMm) {
      const int k = slice + static_cast<int>(std::lround(offset / config.spacingMm.z()));
      const std::int16_t* hu = ct.slice(std::clamp(k, 0, n.z() - 1));
      for (std::size_t p = 0; p < pixels; ++p) batch.values.push_back(normalized(hu[p], config));
    }
  return batch;
}

void store(const SlicePrediction& prediction, int first, int count, Probabilities& all) {
  const std::size_t pixels = all.grid.offset(0, 0, 1);
  const std::size_t start = all.grid.offset(0, 0, first);
  tbb::parallel_for(0, count, [&](int slice) {
    const auto s = static_cast<std::size_t>(slice);
    const float* mean = prediction.mean.data() + s * all.classes * pixels;
    for (std::size_t p = 0; p < pixels; ++p) {
      std::uint16_t* stored = all.mean.data() + (start + s * pixels + p) * all.classes;
      for (std::size_t c = 0; c < all.classes; ++c)
        stored[c] = static_cast<std::uint16_t>(std::rint(65535.0F * mean[c * pixels + p]));
      all.kinds.voxels[start + s * pixels + p] =
          static_cast<std::uint8_t>(std::max_element(stored, stored + all.classes) - stored);
    }
  });
  std::copy(prediction.variance.begin(), prediction.variance.end(), all.variance.slice(first));
  std::copy(prediction.entropy.begin(), prediction.entropy.end(), all.entropy.slice(first));
  for (std::size_t t = 0; t < all.samples.size(); ++t)
    std::copy(prediction.samples[t].begin(), prediction.samples[t].end(), all.samples[t].slice(first));
}

Probabilities emptyProbabilities(const Grid& grid, std::size_t classes, int samples) {
  Probabilities empty;
  empty.grid = grid;
  empty.classes = classes;
  empty.mean.resize(grid.voxelCount() * classes);
  empty.kinds = LabelMap(grid);
  empty.variance = ScalarImage(grid);
  empty.entropy = ScalarImage(grid);
  empty.samples.assign(static_cast<std::size_t>(samples), LabelMap(grid));
  return empty;
}

// The eight voxels around a point with their weights in trilinear interpolation.
struct Cell {
  std::array<std::size_t, 8> voxel;
  std::array<float, 8> weight;
};

Cell cellAt(const Grid& grid, const Vec3& index) {
  const Eigen::Vector3i last = grid.size - Eigen::Vector3i::Ones();
  const Vec3 p = index.cwiseMax(0.0).cwiseMin(last.cast<double>());
  const Eigen::Vector3i low = p.cast<int>();
  const Eigen::Vector3i high = (low + Eigen::Vector3i::Ones()).cwiseMin(last);
  const Eigen::Vector3f f = (p - low.cast<double>()).cast<float>();
  Cell cell;
  for (std::size_t corner = 0; corner < 8; ++corner) {
    const bool x = corner & 1U, y = corner & 2U, z = corner & 4U;
    cell.voxel[corner] = grid.offset(x ? high.x() : low.x(), y ? high.y() : low.y(), z ? high.z() : low.z());
    cell.weight[corner] = (x ? f.x() : 1 - f.x()) * (y ? f.y() : 1 - f.y()) * (z ? f.z() : 1 - f.z());
  }
  return cell;
}

std::uint8_t kindIn(const Cell& cell, const Probabilities& probabilities) {
  const auto& kinds = probabilities.kinds.voxels;
  const std::uint8_t first = kinds[cell.voxel[0]];
  if (std::all_of(cell.voxel.begin(), cell.voxel.end(), [&](std::size_t v) { return kinds[v] == first; }))
    return first;

  std::uint8_t best = 0;
  float highest = -1.0F;
  for (const std::size_t candidate : cell.voxel) {
    const std::uint8_t kind = kinds[candidate];
    float probability = 0.0F;
    for (std::size_t corner = 0; corner < 8; ++corner)
      probability += cell.weight[corner] * static_cast<float>(probabilities.at(cell.voxel[corner])[kind]);
    if (probability > highest) {
      highest = probability;
      best = kind;
    }
  }
  return best;
}

bool covers(const Grid& grid, const Vec3& index) {
  return (index.array() >= -0.5).all() && (index.array() <= grid.size.cast<double>().array() - 0.5).all();
}

}  // namespace

void Probabilities::clear(std::size_t voxel) {
  std::uint16_t* values = mean.data() + voxel * classes;
  std::fill(values, values + classes, std::uint16_t{0});
  values[0] = 65535;
  kinds.voxels[voxel] = 0;
}

Result<Probabilities> predictVolume(const WorkingCt& ct, const ModelConfig& config,
                                    const Predictor& predictor, const Sampling& sampling, const Job& job) {
  auto all = predictVolumeAt({sampling.temperature}, ct, config, predictor, sampling, job);
  if (!all) return tl::unexpected(all.error());
  return std::move(all->front());
}

Result<std::vector<Probabilities>> predictVolumeAt(const std::vector<double>& temperatures,
                                                   const WorkingCt& ct, const ModelConfig& config,
                                                   const Predictor& predictor, const Sampling& sampling,
                                                   const Job& job) {
  const Grid grid = networkGrid(ct, config.network.multiple());
  std::vector<Probabilities> all(temperatures.size(),
                                 emptyProbabilities(grid, config.kinds.size(), sampling.samples));
  const Volume input = resampleLinear(ct.ct, grid);
  const int batch = slicesPerBatch();
  for (int first = 0; first < grid.size.z(); first += batch) {
    const int count = std::min(batch, grid.size.z() - first);
    const auto predictions =
        predictor.predictAt(temperatures, batchOf(input, config, first, count), sampling, job);
    if (!predictions) return tl::unexpected(predictions.error());
    for (std::size_t t = 0; t < temperatures.size(); ++t) store((*predictions)[t], first, count, all[t]);
    job.report(static_cast<double>(first + count) / grid.size.z(), "Finding bones and muscles");
  }
  return all;
}

LabelMap upsampledKinds(const Probabilities& probabilities, const Grid& target) {
  LabelMap kinds(target);
  tbb::parallel_for(0, target.size.z(), [&](int k) {
    for (int j = 0; j < target.size.y(); ++j) {
      const Vec3 start = probabilities.grid.indexFromWorld(target.worldFromIndex(Vec3(0, j, k)));
      const Vec3 step = probabilities.grid.indexFromWorld(target.worldFromIndex(Vec3(1, j, k))) - start;
      for (int i = 0; i < target.size.x(); ++i) {
        const Vec3 index = start + i * step;
        if (covers(probabilities.grid, index))
          kinds.at(i, j, k) = kindIn(cellAt(probabilities.grid, index), probabilities);
      }
    }
  });
  return kinds;
}

}  // namespace coxa
