#include "hip_phantom.hpp"

#include "coxa/geometry/cup_angles.hpp"
#include "coxa/image/resample.hpp"
#include "coxa/implants/meshes.hpp"

#include <cmath>

namespace coxa {

namespace {

// The right phantom; a left one is its mirror image at x = 0.
const Vec3 kSocket(-90.0, 10.0, -60.0);
constexpr double kShaftTopMm = 15.0, kShaftBottomMm = -230.0;  // above and below the head's centre
constexpr double kFunnelTopMm = -30.0, kFunnelEndMm = -115.0, kFunnelRadiusMm = 30.0, kCortexMm = 8.0;

/// Native neck direction across the shaft: medial turned to the front.
Vec3 neckAcross(const HipPhantom& phantom) {
  const double version = radFromDeg(phantom.versionDeg);
  return {std::cos(version), -std::sin(version), 0.0};
}

/// A point of the shaft's axis at the height of the head.
Vec3 shaftPoint(const HipPhantom& phantom) {
  return kSocket - phantom.nativeOffsetMm * neckAcross(phantom);
}

Vec3 mirroredIf(Side side, const Vec3& v) {
  return side == Side::Left ? Vec3(-v.x(), v.y(), v.z()) : v;
}

/// Closed body of revolution about a vertical axis, from the bottom upwards.
TriangleMesh revolved(const Vec3& axisPoint, const std::vector<std::array<double, 2>>& radiusAndHeight) {
  constexpr std::uint32_t kSides = 96;
  TriangleMesh mesh;
  const auto add = [&](double r, double angle, double z) {
    mesh.vertices.push_back((axisPoint + Vec3(r * std::cos(angle), r * std::sin(angle), z)).cast<float>());
  };
  for (const auto& [r, z] : radiusAndHeight)
    for (std::uint32_t i = 0; i < kSides; ++i) add(r, 2.0 * kPi * i / kSides, z);
  const auto rings = static_cast<std::uint32_t>(radiusAndHeight.size());
  for (std::uint32_t ring = 0; ring + 1 < rings; ++ring)
    for (std::uint32_t i = 0; i < kSides; ++i) {
      const std::uint32_t next = (i + 1) % kSides, below = ring * kSides, above = below + kSides;
      mesh.triangles.push_back({below + i, below + next, above + next});
      mesh.triangles.push_back({below + i, above + next, above + i});
    }
  const auto bottom = static_cast<std::uint32_t>(mesh.vertices.size()), top = bottom + 1;
  add(0.0, 0.0, radiusAndHeight.front()[1]);
  add(0.0, 0.0, radiusAndHeight.back()[1]);
  for (std::uint32_t i = 0; i < kSides; ++i) {
    const std::uint32_t next = (i + 1) % kSides, last = (rings - 1) * kSides;
    mesh.triangles.push_back({bottom, next, i});
    mesh.triangles.push_back({top, last + i, last + next});
  }
  return mesh;
}

HipLandmarks landmarksOfSide(const HipPhantom& phantom, Side side, double longerMm) {
  const Trust trust{phantom.landmarkSdMm, 1.0, false, ""};
  const auto at = [&](const Vec3& p) -> Vec3 { return mirroredIf(side, p) + phantom.shift; };
  HipLandmarks hip;
  hip.asis = PointLandmark{at({-120.0, -50.0, 30.0}), trust};
  hip.pubicTubercle = PointLandmark{at({-25.0, -50.0, -70.0}), trust};
  hip.femoralHead = SphereLandmark{{at(kSocket), 23.0, 0.0}, trust};
  hip.acetabulum = SphereLandmark{{at(kSocket), phantom.socketRadiusMm, 0.0}, trust};
  const Vec3 shaft = shaftPoint(phantom);
  hip.femoralShaft = AxisLandmark{{at(shaft - Vec3(0.0, 0.0, 100.0)), Vec3::UnitZ(), 0.0}, trust};
  hip.femoralNeck = AxisLandmark{
      {at(kSocket), mirroredIf(side, Vec3(neckAcross(phantom) + Vec3::UnitZ()).normalized()), 0.0}, trust};
  hip.lesserTrochanter = PointLandmark{at(shaft + Vec3(15.0, 10.0, -55.0 - longerMm)), trust};
  hip.medialEpicondyle = PointLandmark{at(shaft + Vec3(40.0, 0.0, -400.0)), trust};
  hip.lateralEpicondyle = PointLandmark{at(shaft + Vec3(-40.0, 0.0, -400.0)), trust};
  return hip;
}

TriangleMesh placed(const HipPhantom& phantom, const TriangleMesh& right) {
  RigidTransform move = RigidTransform::Identity();
  move.translation() = phantom.shift;
  return transformed(phantom.side == Side::Left ? mirrored(right, Vec3::Zero(), Vec3::UnitX()) : right, move);
}

}  // namespace

double HipPhantom::canalRadiusAt(double aboveHeadMm) const {
  if (aboveHeadMm <= kFunnelEndMm) return canalRadiusMm;
  const double t = std::min(1.0, (aboveHeadMm - kFunnelEndMm) / (kFunnelTopMm - kFunnelEndMm));
  return canalRadiusMm + t * (kFunnelRadiusMm - canalRadiusMm);
}

Vec3 HipPhantom::socketCenter() const {
  return mirroredIf(side, kSocket) + shift;
}

LandmarkSet HipPhantom::landmarks() const {
  LandmarkSet set;
  set.side(side) = landmarksOfSide(*this, side, 0.0);
  set.side(other(side)) = landmarksOfSide(*this, other(side), otherLegLongerMm);
  return set;
}

TriangleMesh HipPhantom::hipBone() const {
  Cup shell;
  shell.outerDiameterMm = 2.0 * (socketRadiusMm + wallMm);
  shell.wallMm = wallMm;
  // The right hip frame has x lateral and y anterior, LPS has them turned about.
  const Vec3 n = cupAxisFrom({CupDefinition::Radiographic, PelvicPlane::Functional, 40.0, 15.0});
  RigidTransform world_from_shell = RigidTransform::Identity();
  world_from_shell.linear() =
      Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), Vec3(-n.x(), -n.y(), n.z())).toRotationMatrix();
  world_from_shell.translation() = kSocket;
  return placed(*this, transformed(cupMesh(shell), world_from_shell));
}

TriangleMesh HipPhantom::femur() const {
  std::vector<std::array<double, 2>> outline;
  for (const double z : {kShaftBottomMm, kFunnelEndMm, kFunnelTopMm, kShaftTopMm})
    outline.push_back({canalRadiusAt(z) + kCortexMm, z});
  return placed(*this, revolved(shaftPoint(*this), outline));
}

Volume HipPhantom::ct() const {
  const Vec3 shaft = shaftPoint(*this);
  Grid grid;
  grid.spacing = Vec3(0.7, 0.7, 2.0);
  grid.size = Eigen::Vector3i(130, 130, 130);
  grid.origin = shaft + Vec3(-45.0, -45.0, kShaftBottomMm);
  Volume volume(grid, 40);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k)) - shaft;
        const double r = std::hypot(p.x(), p.y()), inner = canalRadiusAt(p.z());
        if (p.z() < kShaftTopMm && r < inner + kCortexMm) volume.at(i, j, k) = r < inner ? 0 : 1200;
      }
  if (side == Side::Left) volume = mirroredLeftRight(std::move(volume));
  volume.grid.origin += shift;
  return volume;
}

PlanningInput inputOf(const HipPhantom& phantom, const Volume* ct) {
  return {phantom.side, phantom.landmarks(), phantom.hipBone(), phantom.femur(), ct};
}

const Catalogue& shippedCatalogue() {
  static const Catalogue catalogue = loadDefaultCatalogue().value();
  return catalogue;
}

}  // namespace coxa
