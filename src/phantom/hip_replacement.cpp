#include "coxa/phantom/hip_replacement.hpp"

#include "random.hpp"

#include "coxa/anatomy/frames.hpp"

#include <cmath>

namespace coxa {

namespace {

// Turns about an axis through a fixed point, world coordinates.
void turn(RigidTransform& world_from_part, const Vec3& fixed, const Vec3& axis, double angleDeg) {
  world_from_part = Eigen::Translation3d(fixed) * Eigen::AngleAxisd(radFromDeg(angleDeg), axis) *
                    Eigen::Translation3d(-fixed) * world_from_part;
}

TriangleMesh screwMesh(const AcetabularScrew& screw) {
  constexpr std::uint32_t kSides = 32;
  const Vec3 axis = (screw.tip - screw.head).normalized(), first = axis.unitOrthogonal();
  const Vec3 second = axis.cross(first);
  TriangleMesh mesh;
  for (const Vec3& end : {screw.head, screw.tip})
    for (std::uint32_t n = 0; n < kSides; ++n) {
      const double angle = 2.0 * kPi * n / kSides;
      const Vec3 out = std::cos(angle) * first + std::sin(angle) * second;
      mesh.vertices.push_back((end + 0.5 * screw.diameterMm * out).cast<float>());
    }
  mesh.vertices.push_back(screw.head.cast<float>());
  mesh.vertices.push_back(screw.tip.cast<float>());
  for (std::uint32_t n = 0; n < kSides; ++n) {
    const std::uint32_t next = (n + 1) % kSides;
    mesh.triangles.push_back({n, next, kSides + next});
    mesh.triangles.push_back({n, kSides + next, kSides + n});
    mesh.triangles.push_back({next, n, 2 * kSides});
    mesh.triangles.push_back({kSides + n, kSides + next, 2 * kSides + 1});
  }
  return mesh;
}

}  // namespace

Result<PosedHip> carriedOut(const PosedHip& plan, const LandmarkSet& landmarks, const ExecutionSpread& spread,
                            std::uint64_t seed) {
  Random random(seed);
  auto angles =
      cupAnglesOf(plan.cupAxis(), landmarks, plan.side, CupDefinition::Radiographic, PelvicPlane::Functional);
  if (!angles) return tl::unexpected(angles.error());
  angles->inclinationDeg += random.normal(0.0, spread.cupAngleDeg);
  angles->anteversionDeg += random.normal(0.0, spread.cupAngleDeg);
  const auto axis = cupAxisInWorld(*angles, landmarks, plan.side);
  if (!axis) return tl::unexpected(axis.error());
  const auto femur = femurFrame(landmarks, plan.side);
  if (!femur) return tl::unexpected(femur.error());

  PosedHip hip = plan;
  hip.world_from_cup.linear() = Eigen::Quaterniond::FromTwoVectors(plan.cupAxis(), *axis).toRotationMatrix() *
                                plan.world_from_cup.linear();
  for (int n = 0; n < 3; ++n)
    hip.world_from_cup.translation()[n] += random.normal(0.0, spread.cupCenterMm / std::sqrt(3.0));

  const Mat3 world_from_femur = femur->femur_from_world.linear().transpose();
  const Vec3 middle = plan.world_from_stem * Vec3(0.0, 0.0, -0.5 * plan.stem.lengthMm);
  turn(hip.world_from_stem, middle, world_from_femur.col(2), random.normal(0.0, spread.stemVersionDeg));
  turn(hip.world_from_stem, middle, world_from_femur.col(1), random.normal(0.0, spread.stemVarusDeg));
  hip.world_from_stem.translation() +=
      random.normal(0.0, spread.stemDepthMm) * hip.world_from_stem.linear().col(2);
  return hip;
}

std::vector<AcetabularScrew> acetabularScrews(const PosedHip& hip, int count, const LabelMap& labels,
                                              const StructureTable& table, std::uint64_t seed) {
  constexpr double kLongestMm = 40.0, kShortestMm = 15.0, kStepMm = 5.0;
  constexpr double kApartDeg = 30.0, kNearPoleDeg = 20.0, kFarFromPoleDeg = 42.0, kSpreadDeg = 4.0;
  const Structure* bone = table.find("hip", hip.side);
  const auto inBone = [&](const Vec3& p) {
    const Eigen::Vector3i n = labels.grid.indexFromWorld(p).array().round().cast<int>();
    return bone && labels.grid.contains(n) && labels.at(n.x(), n.y(), n.z()) == bone->value;
  };
  Random random(seed);
  const Vec3 axis = hip.cupAxis();
  const Vec3 superior = (Vec3::UnitZ() - axis.z() * axis).normalized();
  const Vec3 anterior = -Vec3::UnitY();
  const Vec3 posterior =
      -(anterior - anterior.dot(axis) * axis - anterior.dot(superior) * superior).normalized();
  std::vector<AcetabularScrew> screws;
  for (int n = 0; n < std::min(count, 3); ++n) {
    // Side by side screws would meet near the pole, so every other one sits farther out.
    const double polar = radFromDeg(random.normal(n % 2 == 0 ? kFarFromPoleDeg : kNearPoleDeg, kSpreadDeg));
    const double around = radFromDeg(random.normal(45.0 + kApartDeg * (n - 0.5 * (count - 1)), kSpreadDeg));
    const Vec3 direction = -std::cos(polar) * axis +
                           std::sin(polar) * (std::cos(around) * superior + std::sin(around) * posterior);
    const double outer = 0.5 * hip.cup.outerDiameterMm;
    double length = kLongestMm;
    while (length > kShortestMm && !inBone(hip.cupCenter() + (outer + length) * direction)) length -= kStepMm;
    screws.push_back({hip.cupCenter() + 0.5 * hip.cup.innerDiameterMm() * direction,
                      hip.cupCenter() + (outer + length) * direction});
  }
  return screws;
}

PosedHip reduced(PosedHip hip) {
  const Vec3 shift = hip.reduction();
  hip.world_from_stem.translation() += shift;
  return hip;
}

LandmarkSet afterReplacement(LandmarkSet landmarks, const HipReplacement& replacement) {
  const PosedHip& hip = replacement.hip;
  const Vec3 shift = hip.reduction();
  HipLandmarks& side = landmarks.side(hip.side);
  for (auto* point :
       {&side.greaterTrochanter, &side.lesserTrochanter, &side.medialEpicondyle, &side.lateralEpicondyle})
    if (*point) (*point)->position += shift;
  for (auto* axis : {&side.femoralNeck, &side.femoralShaft})
    if (*axis) (*axis)->line.point += shift;
  if (side.femoralNeck) side.femoralNeck->trust.note = "truth: the native neck's, moved with the femur";
  const auto prosthetic = [&](double diameterMm, const char* note) {
    return SphereLandmark{{hip.cupCenter(), 0.5 * diameterMm, 0.0}, {0.0, 1.0, false, note}};
  };
  side.femoralHead = prosthetic(hip.head.diameterMm, "truth: prosthetic head");
  side.acetabulum = prosthetic(hip.cup.outerDiameterMm, "truth: outer sphere of the cup");
  return landmarks;
}

std::vector<NamedMesh> implantMeshes(const HipReplacement& replacement) {
  const PosedHip hip = reduced(replacement.hip);
  std::vector<NamedMesh> meshes = pelvicComponents(hip);
  for (auto& mesh : femoralComponents(hip)) meshes.push_back(std::move(mesh));
  int number = 0;
  for (const AcetabularScrew& screw : replacement.screws)
    meshes.push_back({"screw_" + std::to_string(++number), screwMesh(screw)});
  return meshes;
}

}  // namespace coxa
