#include "socket.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace coxa {

namespace {

constexpr int kHemispherePoints = 800;
constexpr double kGoldenAngle = 2.399963229728653;
constexpr double kMedialConeDeg = 25.0;
constexpr double kAnteriorSectorDeg = 60.0;
constexpr double kBoneStartsMm = 8.0;  // nearer to the centre of a cup there is no socket, only noise
constexpr double kThickestWallMm = 60.0;

/// Two unit vectors that complete `axis` to a right-handed frame.
std::array<Vec3, 2> across(const Vec3& axis) {
  const Vec3 u = axis.unitOrthogonal();
  return {u, axis.cross(u)};
}

/// Directions spread evenly over the cap within `halfAngleDeg` of `pole` (golden spiral, equal areas).
std::vector<Vec3> capDirections(const Vec3& pole, double halfAngleDeg, int count) {
  const auto [u, v] = across(pole);
  const double cap = 1.0 - std::cos(radFromDeg(halfAngleDeg));
  std::vector<Vec3> directions;
  for (int i = 0; i < count; ++i) {
    const double along = 1.0 - cap * (i + 0.5) / count, turn = kGoldenAngle * i;
    const double aside = std::sqrt(1.0 - along * along);
    directions.push_back(along * pole + aside * (std::cos(turn) * u + std::sin(turn) * v));
  }
  return directions;
}

std::vector<Vec3> hemisphere(const CupPlacement& cup) {
  return capDirections(-cup.axis, 90.0, kHemispherePoints);
}

bool covered(const BoneMask& bone, const CupPlacement& cup, const Vec3& direction) {
  for (double beyond = 0.0; beyond <= kCoverMm; beyond += 1.0)
    if (bone.contains(cup.center + (cup.radiusMm + beyond) * direction)) return true;
  return false;
}

double percentOf(const std::vector<Vec3>& directions, auto&& holds) {
  return 100.0 * static_cast<double>(std::count_if(directions.begin(), directions.end(), holds)) /
         static_cast<double>(directions.size());
}

/// Where a ray from the cup's centre has crossed the wall of the pelvis.
std::optional<double> throughWall(const BoneMask& bone, const CupPlacement& cup, const Vec3& direction,
                                  double most) {
  const auto in = bone.contains(cup.center + kBoneStartsMm * direction)
                      ? std::optional(kBoneStartsMm)
                      : bone.entry(cup.center, direction, kBoneStartsMm, most);
  return in ? bone.exit(cup.center, direction, *in, most) : std::nullopt;
}

}  // namespace

double coveragePercent(const BoneMask& bone, const CupPlacement& cup) {
  return percentOf(hemisphere(cup), [&](const Vec3& d) { return covered(bone, cup, d); });
}

std::optional<double> medialWallMm(const BoneMask& bone, const CupPlacement& cup, const Vec3& medial) {
  std::optional<double> least;
  for (const Vec3& direction : capDirections(medial, kMedialConeDeg, 40))
    if (const auto out = throughWall(bone, cup, direction, kThickestWallMm))
      least = std::min(least.value_or(kThickestWallMm), *out - cup.radiusMm);
  return least;
}

double brokenThroughPercent(const BoneMask& bone, const CupPlacement& cup) {
  return percentOf(hemisphere(cup),
                   [&](const Vec3& d) { return throughWall(bone, cup, d, cup.radiusMm).has_value(); });
}

double anteriorOverhangMm(const BoneMask& bone, const CupPlacement& cup, const Vec3& anterior) {
  const Vec3 front = (anterior - cup.axis.dot(anterior) * cup.axis).normalized();
  const Vec3 side = cup.axis.cross(front);
  double longest = 0.0;
  for (double at = -kAnteriorSectorDeg; at <= kAnteriorSectorDeg; at += 5.0) {
    const Vec3 rim = std::cos(radFromDeg(at)) * front + std::sin(radFromDeg(at)) * side;
    double deep = 0.0;  // degrees from the rim towards the pole
    const auto uncovered = [&] {
      const double a = radFromDeg(deep);
      return !covered(bone, cup, std::cos(a) * rim - std::sin(a) * cup.axis);
    };
    while (deep < 90.0 && uncovered()) deep += 1.0;
    longest = std::max(longest, radFromDeg(deep) * cup.radiusMm);
  }
  return longest;
}

}  // namespace coxa
