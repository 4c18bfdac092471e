#include "shapes.hpp"

#include "coxa/learning/random.hpp"

#include <cmath>

namespace coxa {

namespace {

constexpr std::uint64_t kShapes = 24;
constexpr double kFarthest = 1.2;  ///< of all ways together: a little beyond the other patient

std::vector<double> drawnSteps(std::size_t ways, Random& random) {
  std::vector<double> steps;
  double sum = 0.0;
  for (std::size_t way = 0; way < ways; ++way) {
    steps.push_back(random.uniform(-0.8, 1.1));
    sum += std::abs(steps.back());
  }
  for (double& step : steps) step *= std::min(1.0, kFarthest / sum);
  return steps;
}

}  // namespace

std::vector<DisplacementField> drawnShapes(const std::vector<VectorImage>& ways, std::uint64_t seed) {
  if (ways.empty()) return {};
  const Grid grid = axisAligned(ways.front().grid, Vec3::Constant(8.0));
  std::vector<VectorImage> coarse;
  for (const auto& way : ways) coarse.push_back(resampled(way, grid));
  std::vector<DisplacementField> shapes;
  for (std::uint64_t n = 0; n < kShapes; ++n) {
    Random random{seed, n, 3};
    const auto steps = drawnSteps(ways.size(), random);
    VectorImage back(grid, Eigen::Vector3f::Zero());
    for (std::size_t way = 0; way < coarse.size(); ++way)
      for (std::size_t v = 0; v < back.voxels.size(); ++v)
        back.voxels[v] -= static_cast<float>(steps[way]) * coarse[way].voxels[v];
    shapes.push_back(exponential(back));
  }
  return shapes;
}

}  // namespace coxa
