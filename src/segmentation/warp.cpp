#include "warp.hpp"

namespace coxa {

namespace {

Mat3 randomMatrix(Random& random) {
  const auto angle = [&](double maxDeg) { return radFromDeg(random.uniform(-maxDeg, maxDeg)); };
  const Mat3 rotation =
      (Eigen::AngleAxisd(angle(12.0), Vec3::UnitZ()) * Eigen::AngleAxisd(angle(7.0), Vec3::UnitX()) *
       Eigen::AngleAxisd(angle(5.0), Vec3::UnitY()))
          .toRotationMatrix();
  const double size = random.uniform(0.85, 1.18);
  Vec3 scale;
  for (double& s : scale) s = size * random.uniform(0.92, 1.08);
  if (random.chance(0.5)) scale.x() *= -1.0;
  return rotation * scale.asDiagonal();
}

// Cubic B-spline weights of the four neighbours at fraction t.
Eigen::Vector4f splineWeights(float t) {
  const float u = 1.0F - t;
  return Eigen::Vector4f(u * u * u, 3 * t * t * t - 6 * t * t + 4, 3 * u * u * u - 6 * u * u + 4, t * t * t) /
         6.0F;
}

}  // namespace

SliceWarp::SliceWarp(Random& random, int width, int height, double spacingMm)
    : width_(width), height_(height), spacingMm_(spacingMm), matrix_(randomMatrix(random).cast<float>()) {
  drawElastic(random);
}

void SliceWarp::drawElastic(Random& random) {
  constexpr double kLatticeMm = 36.0;
  const float step = static_cast<float>(spacingMm_ / kLatticeMm);
  const int columns = static_cast<int>(static_cast<float>(width_) * step) + 5;
  const int rows = static_cast<int>(static_cast<float>(height_) * step) + 5;
  const double sdMm = random.chance(0.2) ? 0.0 : random.uniform(2.0, 11.0);
  std::vector<Eigen::Vector3f> lattice(static_cast<std::size_t>(columns * rows));
  for (auto& node : lattice)
    for (float& component : node) component = static_cast<float>(random.normal(sdMm));

  // Rows first, then columns: the spline is separable.
  std::vector<Eigen::Vector3f> line(static_cast<std::size_t>(columns));
  elastic_.resize(static_cast<std::size_t>(width_ * height_));
  for (int row = 0; row < height_; ++row) {
    const float y = static_cast<float>(row) * step;
    const Eigen::Vector4f wy = splineWeights(y - std::floor(y));
    for (int column = 0; column < columns; ++column) {
      Eigen::Vector3f sum = Eigen::Vector3f::Zero();
      for (int b = 0; b < 4; ++b)
        sum += wy[b] * lattice[static_cast<std::size_t>((static_cast<int>(y) + b) * columns + column)];
      line[static_cast<std::size_t>(column)] = sum;
    }
    for (int column = 0; column < width_; ++column) {
      const float x = static_cast<float>(column) * step;
      const Eigen::Vector4f wx = splineWeights(x - std::floor(x));
      const Eigen::Vector3f* at = line.data() + static_cast<int>(x);
      elastic_[static_cast<std::size_t>(row * width_ + column)] =
          wx[0] * at[0] + wx[1] * at[1] + wx[2] * at[2] + wx[3] * at[3];
    }
  }
}

}  // namespace coxa
