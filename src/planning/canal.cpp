#include "canal.hpp"

#include "coxa/image/sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr double kTopBelowHeadMm = 10.0, kDeepestBelowHeadMm = 220.0;
constexpr double kWidestMm = 70.0;
constexpr double kCtWallSdMm = 0.7, kAssumedWallSdMm = 2.0;

/// Share of the outer radius that the canal fills, by height below the head's centre. Means of 200 femora
/// (Noble 1988, Clin Orthop 235:148): canal and outer width 20 mm above the lesser trochanter, at it, 20 mm
/// below it and at the isthmus, the lesser trochanter taken 50 mm below the head's centre.
double assumedCanalShare(double belowHeadMm) {
  constexpr std::array<std::array<double, 2>, 4> kShares = {
      {{30.0, 0.88}, {50.0, 0.70}, {70.0, 0.60}, {115.0, 0.46}}};
  if (belowHeadMm <= kShares.front()[0]) return kShares.front()[1];
  for (std::size_t i = 1; i < kShares.size(); ++i) {
    const auto [z0, s0] = kShares[i - 1];
    const auto [z1, s1] = kShares[i];
    if (belowHeadMm <= z1) return s0 + (s1 - s0) * (belowHeadMm - z0) / (z1 - z0);
  }
  return kShares.back()[1];
}

/// HU at a point of the (possibly reflected) world; nothing outside the CT.
std::optional<double> huAt(const FemurSource& source, Vec3 world) {
  if (source.reflected) world.x() = -world.x();
  const Grid& grid = source.ct->grid;
  const Vec3 index = grid.indexFromWorld(world);
  if (!betweenCentres(grid, index)) return std::nullopt;
  return sampleClamped<double>(*source.ct, index);
}

/// Inner wall along one ray: inwards from the outer surface to the cortex' peak, then on to where the HU have
/// fallen half way to the marrow's. A cortex too thin to show counts as 1 mm.
std::optional<double> innerWallInCt(const FemurSource& source, const Vec3& axisPoint, const Vec3& direction,
                                    double outerMm) {
  constexpr double kStep = 0.25, kPeakWithinMm = 8.0, kThinMm = 1.0, kLeastPeakHu = 350.0;
  const auto at = [&](double r) { return huAt(source, axisPoint + r * direction).value_or(-1e4); };
  double peakHu = -1e4, peakMm = outerMm;
  for (double r = outerMm; r > std::max(0.0, outerMm - kPeakWithinMm); r -= kStep)
    if (const double hu = at(r); hu > peakHu) {
      peakHu = hu;
      peakMm = r;
    }
  if (peakHu < -1e3) return std::nullopt;
  if (peakHu < kLeastPeakHu) return outerMm - kThinMm;
  const double marrowHu = std::clamp(at(0.0), -100.0, 200.0);
  double r = peakMm;
  while (r > kStep && at(r) > 0.5 * (peakHu + marrowHu)) r -= kStep;
  return std::min(r + 0.5 * kStep, outerMm - kThinMm);
}

Vec3 directionOf(int i) {
  const double angle = 2.0 * kPi * i / Canal::kDirections;
  return {std::cos(angle), std::sin(angle), 0.0};
}

/// Nothing where the axis runs beside the bone, or where the CT ends.
std::optional<Canal::Ring> ringAt(const FemurSource& source, double z) {
  const RigidTransform world_from_canal = source.canal_from_world.inverse();
  const Vec3 axisPoint = world_from_canal * Vec3(0.0, 0.0, z);
  Canal::Ring ring;
  for (int i = 0; i < Canal::kDirections; ++i) {
    const Vec3 direction = world_from_canal.linear() * directionOf(i);
    const auto outer = source.bone.exit(axisPoint, direction, 0.0, kWidestMm);
    if (!outer) return std::nullopt;
    const auto inner = source.ct ? innerWallInCt(source, axisPoint, direction, *outer)
                                 : std::optional(*outer * assumedCanalShare(-z));
    if (!inner) return std::nullopt;
    ring[static_cast<std::size_t>(i)] = *inner;
  }
  return ring;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Each radius becomes the median of its neighbours in height and angle: nutrient vessels, noise and single
/// voxels of calcified marrow vanish, walls stay.
std::vector<Canal::Ring> smoothed(const std::vector<Canal::Ring>& rings) {
  const int levels = static_cast<int>(rings.size());
  std::vector<Canal::Ring> result = rings;
  for (int level = 0; level < levels; ++level)
    for (int i = 0; i < Canal::kDirections; ++i) {
      std::vector<double> near;
      for (int dl = -1; dl <= 1; ++dl)
        for (int di = -1; di <= 1; ++di) {
          const int l = std::clamp(level + dl, 0, levels - 1);
          near.push_back(rings[static_cast<std::size_t>(l)]
                              [static_cast<std::size_t>((i + di + Canal::kDirections) % Canal::kDirections)]);
        }
      result[static_cast<std::size_t>(level)][static_cast<std::size_t>(i)] = median(near);
    }
  return result;
}

/// Middle of a ring's area.
Vec3 middleOf(const Canal::Ring& ring, double z) {
  Vec3 moment = Vec3::Zero();
  double area = 0.0;
  for (int i = 0; i < Canal::kDirections; ++i) {
    const double r = ring[static_cast<std::size_t>(i)];
    moment += r * r * r / 3.0 * directionOf(i);
    area += r * r / 2.0;
  }
  return moment / area + Vec3(0.0, 0.0, z);
}

}  // namespace

std::optional<double> Canal::radiusAt(const Vec3& p) const {
  const double level = (topMm - p.z()) / kLevelStepMm;
  if (level < 0.0 || level > static_cast<double>(inner.size() - 1)) return std::nullopt;
  double angle = std::atan2(p.y(), p.x()) / (2.0 * kPi) * kDirections;
  if (angle < 0.0) angle += kDirections;
  const auto l0 = static_cast<std::size_t>(level), l1 = std::min(l0 + 1, inner.size() - 1);
  const auto a0 = static_cast<std::size_t>(angle) % kDirections, a1 = (a0 + 1) % kDirections;
  const double fl = level - static_cast<double>(l0), fa = angle - std::floor(angle);
  return (1.0 - fl) * ((1.0 - fa) * inner[l0][a0] + fa * inner[l0][a1]) +
         fl * ((1.0 - fa) * inner[l1][a0] + fa * inner[l1][a1]);
}

std::optional<double> Canal::widthAt(double z, const Vec3& direction) const {
  const Vec3 height(0.0, 0.0, z);
  const auto ahead = radiusAt(direction + height), behind = radiusAt(height - direction);
  if (!ahead || !behind) return std::nullopt;
  return *ahead + *behind;
}

Canal findCanal(const FemurSource& source) {
  Canal canal;
  canal.canal_from_world = source.canal_from_world;
  canal.topMm = -kTopBelowHeadMm;
  canal.fromCt = source.ct != nullptr;
  for (double z = canal.topMm; z >= -kDeepestBelowHeadMm; z -= Canal::kLevelStepMm) {
    const auto ring = ringAt(source, z);
    if (!ring && canal.inner.empty()) {
      canal.topMm -= Canal::kLevelStepMm;  // the axis still runs beside the bone
      continue;
    }
    if (!ring) break;
    canal.inner.push_back(*ring);
  }
  canal.inner = smoothed(canal.inner);
  canal.wallSdMm = canal.fromCt ? kCtWallSdMm : kAssumedWallSdMm;
  return canal;
}

std::optional<Line> middleLine(const Canal& canal, double topMm, double bottomMm) {
  std::vector<Vec3> middles;
  for (std::size_t level = 0; level < canal.inner.size(); ++level) {
    const double z = canal.topMm - Canal::kLevelStepMm * static_cast<double>(level);
    if (z <= topMm && z >= bottomMm) middles.push_back(middleOf(canal.inner[level], z));
  }
  auto line = fitLine(middles);
  if (line && line->direction.z() < 0.0) line->direction *= -1.0;
  return line;
}

std::optional<double> clearanceMm(const Canal& canal, const Stem& stem,
                                  const RigidTransform& canal_from_stem) {
  constexpr int kAround = 24;
  // Above, the body lies in the neck, whose thin walls the resection opens.
  constexpr double kJudgedFromMm = 15.0;
  std::optional<double> least;
  for (double depth = kJudgedFromMm; depth < stem.lengthMm; depth += 3.0) {
    const StemSection section = stemSection(stem, depth);
    for (int i = 0; i < kAround; ++i) {
      const double angle = 2.0 * kPi * i / kAround;
      const Vec3 p = canal_from_stem * Vec3(section.centerMm + section.halfWidthMm * std::cos(angle),
                                            section.halfDepthMm * std::sin(angle), -depth);
      if (const auto wall = canal.radiusAt(p))
        least = std::min(least.value_or(kWidestMm), *wall - p.head<2>().norm());
    }
  }
  return least;
}

std::optional<double> fillPercent(const Canal& canal, const Stem& stem,
                                  const RigidTransform& canal_from_stem) {
  double sum = 0.0;
  int levels = 0;
  const Vec3 medial = canal_from_stem.linear().col(0);
  const Vec3 across = Vec3(medial.x(), medial.y(), 0.0).normalized();
  for (double depth = stem.lengthMm / 3.0; depth < stem.lengthMm - stem.distalDiameterMm; depth += 5.0) {
    const double z = (canal_from_stem * Vec3(0.0, 0.0, -depth)).z();
    const auto width = canal.widthAt(z, across);
    if (!width) continue;
    sum += 2.0 * stemSection(stem, depth).halfWidthMm / *width;
    ++levels;
  }
  if (levels == 0) return std::nullopt;
  return 100.0 * sum / levels;
}

}  // namespace coxa
