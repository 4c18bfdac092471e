#include "coxa/planning/outcome.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr std::size_t kCoarsePoints = 500, kFinePoints = 5000;
constexpr double kEndMm = 90.0;  // how much of the bone's end tells the start
constexpr double kBesideMetalMm = 2.5;
constexpr double kSegmentationMm = 0.4;  // scale of a bone surface's own errors
constexpr double kSameErrorMm = 15.0;    // they go together over about this distance
constexpr double kLeastShare = 0.5;

SurfacePoints pointsOf(const TriangleMesh& mesh, const std::vector<TriangleMesh>& implants) {
  std::vector<MeshTree> metal;
  for (const TriangleMesh& each : implants) metal.emplace_back(each);
  const std::vector<Eigen::Vector3f> normals = vertexNormals(mesh);
  SurfacePoints all;
  for (std::size_t n = 0; n < mesh.vertices.size(); ++n) {
    all.points.push_back(mesh.vertices[n].cast<double>());
    all.normals.push_back(normals[n].cast<double>());
  }
  all = thinned(all, 4 * kFinePoints);
  SurfacePoints bone;
  for (std::size_t n = 0; n < all.points.size(); ++n) {
    const auto touches = [&](const MeshTree& tree) {
      return std::isfinite(tree.closest(all.points[n], kBesideMetalMm).distanceMm);
    };
    if (std::any_of(metal.begin(), metal.end(), touches)) continue;
    bone.points.push_back(all.points[n]);
    bone.normals.push_back(all.normals[n]);
  }
  return bone;
}

/// Middle of the bone's end that scans show: the pelvis' lower, the femur's upper one; the height of the end.
Vec3 endOf(HipPart part, const TriangleMesh& mesh) {
  const double sign = part == HipPart::Femur ? 1.0 : -1.0;
  const Eigen::AlignedBox3d box = bounds(mesh);
  const double end = part == HipPart::Femur ? box.max().z() : box.min().z();
  Vec3 sum = Vec3::Zero();
  double count = 0.0;
  for (const auto& v : mesh.vertices) {
    if (sign * (end - static_cast<double>(v.z())) > kEndMm) continue;
    sum += v.cast<double>();
    count += 1.0;
  }
  return {sum.x() / count, sum.y() / count, end};
}

/// after_from_before: the ends upon each other, turned about an axis and shifted along z.
std::vector<RigidTransform> starts(HipPart part, const TriangleMesh& before, const TriangleMesh& after) {
  const Vec3 from = endOf(part, before), to = endOf(part, after);
  const Vec3 axis = part == HipPart::Femur ? Vec3::UnitZ() : Vec3::UnitX();
  const double most = part == HipPart::Femur ? 40.0 : 15.0;
  std::vector<RigidTransform> all;
  for (const double turn : {0.0, -0.5 * most, 0.5 * most, -most, most})
    for (const double shift : {0.0, -12.0, 12.0}) {
      RigidTransform start = RigidTransform::Identity();
      start.linear() = Eigen::AngleAxisd(radFromDeg(turn), axis).toRotationMatrix();
      start.translation() = to + shift * Vec3::UnitZ() - start.linear() * from;
      all.push_back(start);
    }
  return all;
}

double shareWithin(const SurfacePoints& points, const MeshTree& surface,
                   const RigidTransform& after_from_before, double withinMm) {
  const RigidTransform before_from_after = after_from_before.inverse();
  const auto near = std::count_if(points.points.begin(), points.points.end(), [&](const Vec3& p) {
    return std::isfinite(surface.closest(before_from_after * p, withinMm).distanceMm);
  });
  return static_cast<double>(near) / static_cast<double>(points.points.size());
}

}  // namespace

Result<BoneRegistration> registerBone(HipPart part, const TriangleMesh& before, const TriangleMesh& after,
                                      const std::vector<TriangleMesh>& implants, const Job& job) {
  const std::string bone = part == HipPart::Femur ? "femur" : "pelvis";
  if (before.empty() || after.empty())
    return badInput("The " + bone + " is not in both scans, before and after. Segment both.");
  const MeshTree surface(before);
  const SurfacePoints points = pointsOf(after, implants);
  const SurfacePoints coarse = thinned(points, kCoarsePoints), fine = thinned(points, kFinePoints);
  std::optional<SurfaceFit> best;
  for (const RigidTransform& start : starts(part, before, after)) {
    if (job.cancelled()) return cancelled();
    RigidTransform pose = start;
    std::optional<SurfaceFit> fit;
    for (const double reachMm : {40.0, 15.0, 6.0}) {
      SurfaceFitOptions options;
      options.reachMm = reachMm;
      options.noiseMm = kSegmentationMm;
      options.iterations = 15;
      fit = fitSurface(coarse, surface, pose, options);
      if (!fit) break;
      pose = fit->points_from_surface;
    }
    if (fit && (!best || fit->residualMm < best->residualMm)) best = fit;
  }
  SurfaceFitOptions options;
  options.reachMm = 5.0;
  options.noiseMm = kSegmentationMm;
  options.sameErrorMm = kSameErrorMm;
  if (best) best = fitSurface(fine, surface, best->points_from_surface, options);
  if (!best || shareWithin(coarse, surface, best->points_from_surface, 1.0) < kLeastShare)
    return badInput(
        "The " + bone +
        " after the operation does not fit the one before: less than half of its surface "
        "comes within 1 mm. Check that both scans are of the same patient, and the segmentations.");
  return BoneRegistration{best->points_from_surface.inverse(), *best};
}

}  // namespace coxa
