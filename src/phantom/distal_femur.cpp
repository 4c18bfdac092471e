#include "coxa/phantom/distal_femur.hpp"

#include "carried_landmarks.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/base/files.hpp"
#include "coxa/geometry/mesh_tree.hpp"
#include "coxa/image/files.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace fs = std::filesystem;

namespace {

constexpr double kLimitMm = 16.0, kSpacingMm = 2.0;
constexpr double kFromHeadMm = 90.0;  // where the part begins, below the head's centre
constexpr double kUnitMm = 0.125;     // of the file's bytes, the first of which stands for -16 mm

Grid gridOver(const TriangleMesh& femur) {
  Eigen::AlignedBox3d box;
  for (const auto& vertex : femur.vertices)
    if (vertex.z() < -kFromHeadMm) box.extend(vertex.cast<double>());
  Grid grid;
  grid.spacing = Vec3::Constant(kSpacingMm);
  grid.origin = box.min() - Vec3::Constant(kLimitMm);
  const Vec3 reach = box.max() - grid.origin + Vec3(kLimitMm, kLimitMm, 0.0);
  grid.size = (reach / kSpacingMm).array().ceil().cast<int>() + 1;
  return grid;
}

ScalarImage signedDistances(const TriangleMesh& femur) {
  const MeshTree tree(femur);
  ScalarImage distance(gridOver(femur));
  const Grid& grid = distance.grid;
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        distance.at(i, j, k) = static_cast<float>(
            std::clamp(tree.signedDistance(grid.worldFromIndex(Vec3(i, j, k))), -kLimitMm, kLimitMm));
  });
  return distance;
}

Error damaged(const fs::path& folder, const std::string& why) {
  return {ErrorCode::BadInput,
          "The distal femur in " + folder.string() + " is incomplete. Install Coxa again.", why};
}

}  // namespace

Result<DistalFemur> distalFemurOf(const TriangleMesh& leftFemur) {
  BoneMeshes bones;
  bones.femurLeft = leftFemur;
  const auto found = findLandmarks(bones, Job());
  if (!found) return tl::unexpected(found.error());
  if (!found->left.medialEpicondyle || !found->left.femoralNeck)
    return badInput("Neck or knee were not found on the femur. Take the surface of a whole left femur.");
  const auto frame = femurFrame(*found, Side::Left);
  if (!frame) return tl::unexpected(frame.error());
  // The femur frame has x to the right and y anterior.
  const RigidTransform own_from_world =
      Eigen::AngleAxisd(kPi, Vec3::UnitZ()) * RigidTransform(frame->femur_from_world);
  DistalFemur femur;
  femur.distanceMm = signedDistances(transformed(leftFemur, own_from_world));
  femur.landmarks = found->left;
  constexpr double kAxisReachMm = 20.0;
  carryFemur(
      femur.landmarks, [&](const Vec3& p) { return own_from_world * p; }, kAxisReachMm);
  return femur;
}

Result<void> writeDistalFemur(const fs::path& folder, const DistalFemur& femur) {
  LabelMap units(femur.distanceMm.grid);
  std::transform(femur.distanceMm.voxels.begin(), femur.distanceMm.voxels.end(), units.voxels.begin(),
                 [](float mm) {
                   return static_cast<std::uint8_t>(std::clamp((mm + kLimitMm) / kUnitMm + 0.5, 0.0, 255.0));
                 });
  if (auto done = writeImage(folder / "distal_femur.nrrd", units); !done) return done;
  LandmarkSet landmarks;
  landmarks.left = femur.landmarks;
  return writeFileAtomically(folder / "distal_femur.json", toJson(landmarks));
}

Result<DistalFemur> readDistalFemur(const fs::path& folder) {
  const auto units = readLabelMap(folder / "distal_femur.nrrd");
  if (!units) return tl::unexpected(units.error());
  const auto json = readFile(folder / "distal_femur.json");
  if (!json) return tl::unexpected(json.error());
  auto landmarks = landmarksFromJson(*json);
  if (!landmarks) return tl::unexpected(landmarks.error());
  const HipLandmarks& hip = landmarks->left;
  if (!hip.femoralHead || !hip.femoralNeck || !hip.femoralShaft || !hip.medialEpicondyle ||
      !hip.lateralEpicondyle || !hip.lesserTrochanter || !hip.greaterTrochanter)
    return tl::unexpected(damaged(folder, "landmarks are missing"));
  DistalFemur femur{ScalarImage(units->grid), hip};
  std::transform(units->voxels.begin(), units->voxels.end(), femur.distanceMm.voxels.begin(),
                 [](std::uint8_t unit) { return static_cast<float>(kUnitMm * unit - kLimitMm); });
  return femur;
}

}  // namespace coxa
