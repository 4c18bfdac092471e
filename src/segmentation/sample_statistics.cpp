#include "sample_statistics.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

// Sums over the voxels of every value.
struct Sums {
  std::array<double, 256> voxels{}, common{}, hu{};

  double meanHu(std::size_t value) const { return voxels[value] > 0.0 ? hu[value] / voxels[value] : 0.0; }
};

Sums sumsOf(const LabelMap& sample, const LabelMap& labels, const Volume& ct) {
  Sums sums;
  for (std::size_t v = 0; v < sample.voxels.size(); ++v) {
    const std::uint8_t value = sample.voxels[v];
    ++sums.voxels[value];
    sums.hu[value] += ct.voxels[v];
    if (labels.voxels[v] == value) ++sums.common[value];
  }
  return sums;
}

double sdOf(const std::vector<double>& values) {
  if (values.size() < 2) return 0.0;
  const auto n = static_cast<double>(values.size());
  double mean = 0.0, squares = 0.0;
  for (const double x : values) mean += x / n;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / (n - 1.0));
}

}  // namespace

std::array<double, 256> meansOver(const LabelMap& labels, const ScalarImage& map) {
  std::array<double, 256> sum{}, count{};
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    sum[labels.voxels[v]] += static_cast<double>(map.voxels[v]);
    ++count[labels.voxels[v]];
  }
  for (std::size_t value = 0; value < 256; ++value) sum[value] /= std::max(1.0, count[value]);
  return sum;
}

SampleStatistics sampleStatistics(const std::vector<LabelMap>& samples, const LabelMap& labels,
                                  const Volume& ct) {
  std::vector<Sums> all(samples.size());
  tbb::parallel_for(std::size_t{0}, samples.size(),
                    [&](std::size_t t) { all[t] = sumsOf(samples[t], labels, ct); });
  const Sums reference = sumsOf(labels, labels, ct);
  const double voxelMl = labels.grid.voxelVolumeMm3() / 1000.0;

  SampleStatistics statistics;
  statistics.count = samples.size();
  for (std::size_t value = 0; value < 256; ++value) {
    std::vector<double> volumes, means;
    double dice = 0.0;
    for (const Sums& sums : all) {
      volumes.push_back(voxelMl * sums.voxels[value]);
      if (sums.voxels[value] > 0.0) means.push_back(sums.meanHu(value));
      const double total = sums.voxels[value] + reference.voxels[value];
      dice += total > 0.0 ? 2.0 * sums.common[value] / total : 1.0;
    }
    statistics.volumeSdMl[value] = sdOf(volumes);
    statistics.agreement[value] = all.empty() ? 1.0 : dice / static_cast<double>(all.size());
    statistics.meanHu[value] = {reference.meanHu(value), sdOf(means)};
  }
  return statistics;
}

}  // namespace coxa
