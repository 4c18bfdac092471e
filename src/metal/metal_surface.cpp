#include "metal_surface.hpp"

#include "coxa/image/resample.hpp"
#include "coxa/image/sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr double kClippedHu = 3071.0;
constexpr double kInsideMm = 2.5, kOutsideMm = 2.5, kStepMm = 0.25;

class Sampler {
 public:
  explicit Sampler(const Volume& ct) : ct_(ct) {}

  double voxel(int i, int j, int k) const {
    const Eigen::Vector3i& n = ct_.grid.size;
    return ct_.at(std::clamp(i, 0, n.x() - 1), std::clamp(j, 0, n.y() - 1), std::clamp(k, 0, n.z() - 1));
  }
  double at(const Vec3& world) const { return sampleClamped<double>(ct_, ct_.grid.indexFromWorld(world)); }
  Vec3 gradient(const Eigen::Vector3i& v) const {
    const Vec3 difference(voxel(v.x() + 1, v.y(), v.z()) - voxel(v.x() - 1, v.y(), v.z()),
                          voxel(v.x(), v.y() + 1, v.z()) - voxel(v.x(), v.y() - 1, v.z()),
                          voxel(v.x(), v.y(), v.z() + 1) - voxel(v.x(), v.y(), v.z() - 1));
    return ct_.grid.direction * (0.5 * difference.cwiseQuotient(ct_.grid.spacing));
  }

 private:
  const Volume& ct_;
};

// Half way between the brightest within and the darkest without, where the profile along the normal crosses
// it; nothing where the metal is clipped or the profile has no such place.
std::optional<double> halfWay(const Sampler& sampler, const Vec3& point, const Vec3& outwards,
                              double clipHu) {
  std::array<double, static_cast<std::size_t>((kInsideMm + kOutsideMm) / kStepMm) + 1> profile{};
  for (std::size_t n = 0; n < profile.size(); ++n)
    profile[n] = sampler.at(point + (kStepMm * static_cast<double>(n) - kInsideMm) * outwards);
  const auto middle = profile.begin() + static_cast<std::ptrdiff_t>(kInsideMm / kStepMm);
  const auto brightest = std::max_element(profile.begin(), middle + 1);
  const double low = *std::min_element(middle, profile.end());
  if (*brightest >= clipHu) return std::nullopt;
  const double level = 0.5 * (*brightest + low);
  for (auto at = brightest; at + 1 != profile.end(); ++at) {
    if (*(at + 1) > level) continue;
    const double n = static_cast<double>(at - profile.begin()) + (*at - level) / (*at - *(at + 1));
    return kStepMm * n - kInsideMm;
  }
  return std::nullopt;
}

}  // namespace

MetalSurface metalSurface(const Volume& ct, const MetalFindings& found, double thresholdHu) {
  MetalSurface surface;
  surface.clipped = found.brightestHu <= kClippedHu;
  const double clipHu = surface.clipped ? found.brightestHu : 32767.0;
  const Sampler sampler(ct);
  const IndexBox box = boundsOf(found.implants, 1);
  if (box.empty()) return surface;
  const auto crossing = [&](const Eigen::Vector3i& in, const Eigen::Vector3i& out) {
    const double inside = ct.at(in.x(), in.y(), in.z()), outside = ct.at(out.x(), out.y(), out.z());
    if (outside >= thresholdHu) return;
    const double share = (inside - thresholdHu) / (inside - outside);
    const Vec3 steepest = (1 - share) * sampler.gradient(in) + share * sampler.gradient(out);
    if (steepest.norm() < 1.0) return;
    const Vec3 normal = -steepest.normalized();
    Vec3 point = ct.grid.worldFromIndex(in.cast<double>() + share * (out - in).cast<double>());
    if (!surface.clipped)
      if (const auto along = halfWay(sampler, point, normal, clipHu)) point += *along * normal;
    surface.points.points.push_back(point);
    surface.points.normals.push_back(normal);
  };
  for (int k = box.min.z(); k <= box.max.z(); ++k)
    for (int j = box.min.y(); j <= box.max.y(); ++j)
      for (int i = box.min.x(); i <= box.max.x(); ++i) {
        if (found.implants.at(i, j, k) == 0 || ct.at(i, j, k) < thresholdHu) continue;
        const Eigen::Vector3i in(i, j, k);
        for (int axis = 0; axis < 3; ++axis)
          for (const int step : {-1, 1}) {
            const Eigen::Vector3i out = in + step * Eigen::Vector3i::Unit(axis);
            if (ct.grid.contains(out)) crossing(in, out);
          }
      }
  return surface;
}

}  // namespace coxa
