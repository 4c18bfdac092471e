#include "body_rendering.hpp"

#include "rendered_voxels.hpp"

#include "coxa/image/resample.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kNearMm = 2.0;
constexpr double kReachMm = 12.0;  // half a stem's thickness and more
constexpr int kHuSteps = 50;
constexpr std::size_t kMostPlaces = 4000;

/// Distance from a part's surface, negative inside; `withinMm` where it is no nearer.
double distanceTo(const MeshTree& part, const Vec3& p, double withinMm) {
  const MeshTree::Closest closest = part.closest(p, withinMm);
  if (!std::isfinite(closest.distanceMm)) return withinMm;
  return (p - closest.point).dot(closest.normal) < 0.0 ? -closest.distanceMm : closest.distanceMm;
}

bool isNear(const PlacedBody& body, const Vec3& p) {
  return std::any_of(body.parts.begin(), body.parts.end(), [&](const MeshTree& part) {
    return std::isfinite(part.closest(p, kNearMm).distanceMm);
  });
}

/// What of one voxel each body fills.
struct ComparedVoxel {
  double seenHu = 0.0;
  std::vector<double> shares;
};

Eigen::AlignedBox3d boxOf(const std::vector<PlacedBody>& bodies, const Grid& grid) {
  Eigen::AlignedBox3d box;
  for (const PlacedBody& body : bodies)
    for (const MeshTree& part : body.parts)
      for (const auto& corners : part.corners())
        for (const auto& corner : corners)
          box.extend(grid.indexFromWorld(body.world_from_body * corner.cast<double>()));
  return box;
}

std::vector<Vec3> placesNear(const std::vector<PlacedBody>& bodies, const Grid& grid,
                             const std::function<bool(const Vec3&)>& judged) {
  const Eigen::AlignedBox3d box = boxOf(bodies, grid);
  const Vec3 margin = Vec3::Constant(kNearMm).cwiseQuotient(grid.spacing);
  const Eigen::Vector3i from = (box.min() - margin).array().floor().cast<int>().max(0);
  const Eigen::Vector3i to = (box.max() + margin).array().ceil().cast<int>().min(grid.size.array() - 1);
  std::vector<Vec3> places;
  for (int k = from.z(); k <= to.z(); ++k)
    for (int j = from.y(); j <= to.y(); ++j)
      for (int i = from.x(); i <= to.x(); ++i) places.push_back(grid.worldFromIndex(Vec3(i, j, k)));
  std::vector<char> near(places.size(), 0);
  tbb::parallel_for(std::size_t{0}, places.size(), [&](std::size_t n) {
    near[n] = judged(places[n]) && std::any_of(bodies.begin(), bodies.end(), [&](const PlacedBody& body) {
                return isNear(body, body.world_from_body.inverse() * places[n]);
              });
  });
  std::size_t kept = 0;
  for (std::size_t n = 0; n < places.size(); ++n)
    if (near[n] != 0) places[kept++] = places[n];
  places.resize(kept);
  return places;
}

std::vector<Vec3> evenlyPicked(std::vector<Vec3> places) {
  if (places.size() <= kMostPlaces) return places;
  std::vector<Vec3> picked;
  for (std::size_t n = 0; n < kMostPlaces; ++n) picked.push_back(places[n * places.size() / kMostPlaces]);
  return picked;
}

double shareOf(const PlacedBody& body, const RigidTransform& body_from_world, const Vec3& place,
               const std::vector<Vec3>& spread) {
  const Vec3 middle = body_from_world * place;
  std::vector<double> fromMiddle;
  for (const MeshTree& part : body.parts) fromMiddle.push_back(std::abs(distanceTo(part, middle, kReachMm)));
  double share = 0.0;
  for (const Vec3& each : spread) {
    double distance = kReachMm;
    for (std::size_t n = 0; n < body.parts.size(); ++n) {
      // No farther than from the middle and on to here: the search need not look beyond.
      const double most = fromMiddle[n] + each.norm() + 1e-3;
      distance =
          std::min(distance, distanceTo(body.parts[n], middle + body_from_world.linear() * each, most));
    }
    share += shareAt(distance);
  }
  return share / static_cast<double>(spread.size());
}

double misfitOf(const std::vector<ComparedVoxel>& voxels, std::size_t body, double metalHu, double clipHu) {
  double squares = 0.0;
  for (const ComparedVoxel& voxel : voxels) {
    const double residual = renderedHu(voxel.shares[body], metalHu, kBesideMetalHu, clipHu) - voxel.seenHu;
    squares += std::pow(std::min(std::abs(residual), kWorstMisfitHu), 2);
  }
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(voxels.size(), 1)));
}

/// The HU with which the body explains the voxels best, tried in steps of 5 %.
RenderedBody bestMetal(const std::vector<ComparedVoxel>& voxels, std::size_t body, double clipHu) {
  constexpr HuRange kRange;
  RenderedBody best{kRange.least, misfitOf(voxels, body, kRange.least, clipHu)};
  for (int step = 1; step <= kHuSteps; ++step) {
    const double hu =
        kRange.least * std::pow(kRange.most / kRange.least, static_cast<double>(step) / kHuSteps);
    if (const double misfit = misfitOf(voxels, body, hu, clipHu); misfit < best.misfitHu) best = {hu, misfit};
  }
  return best;
}

}  // namespace

std::vector<RenderedBody> renderBodies(const Volume& ct, const std::vector<PlacedBody>& bodies, double clipHu,
                                       const std::function<bool(const Vec3&)>& judged) {
  const std::vector<Vec3> places = evenlyPicked(placesNear(bodies, ct.grid, judged));
  const std::vector<Vec3> spread = voxelSpread(ct.grid);
  std::vector<RigidTransform> fromWorld;
  fromWorld.reserve(bodies.size());
  for (const PlacedBody& body : bodies) fromWorld.push_back(body.world_from_body.inverse());
  std::vector<ComparedVoxel> voxels(places.size());
  tbb::parallel_for(std::size_t{0}, places.size(), [&](std::size_t n) {
    const Eigen::Vector3i at = ct.grid.indexFromWorld(places[n]).array().round().cast<int>();
    voxels[n].seenHu = std::min<double>(clipHu, ct.at(at.x(), at.y(), at.z()));
    voxels[n].shares.reserve(bodies.size());
    for (std::size_t b = 0; b < bodies.size(); ++b)
      voxels[n].shares.push_back(shareOf(bodies[b], fromWorld[b], places[n], spread));
  });
  std::vector<RenderedBody> rendered;
  rendered.reserve(bodies.size());
  for (std::size_t b = 0; b < bodies.size(); ++b) rendered.push_back(bestMetal(voxels, b, clipHu));
  return rendered;
}

}  // namespace coxa
