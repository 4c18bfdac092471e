#include "coxa/anatomy/landmarks.hpp"

#include "right_hip.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/anatomy/surfaces.hpp"

#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

Vec3 reflected(const Vec3& p, double x) {
  return {2.0 * x - p.x(), p.y(), p.z()};
}
Vec3 turned(const Vec3& direction) {
  return {-direction.x(), direction.y(), direction.z()};
}

HipLandmarks mirroredHip(HipLandmarks hip, double x) {
  for (auto* point : {&hip.asis, &hip.pubicTubercle, &hip.greaterTrochanter, &hip.lesserTrochanter,
                      &hip.medialEpicondyle, &hip.lateralEpicondyle})
    if (*point) (*point)->position = reflected((*point)->position, x);
  for (auto* ball : {&hip.femoralHead, &hip.acetabulum})
    if (*ball) (*ball)->sphere.center = reflected((*ball)->sphere.center, x);
  for (auto* axis : {&hip.femoralNeck, &hip.femoralShaft})
    if (*axis) {
      (*axis)->line.point = reflected((*axis)->line.point, x);
      (*axis)->line.direction = turned((*axis)->line.direction);
    }
  if (hip.acetabularRim) {
    hip.acetabularRim->plane.point = reflected(hip.acetabularRim->plane.point, x);
    hip.acetabularRim->plane.normal = turned(hip.acetabularRim->plane.normal);
  }
  return hip;
}

BoneSurface rightSurface(const TriangleMesh& mesh, Side side) {
  return boneSurface(side == Side::Left ? mirrored(mesh, Vec3::Zero(), Vec3::UnitX()) : mesh);
}

Notice noticeOf(const Missing& missing, Side side) {
  const char* hip = side == Side::Left ? "Left hip: " : "Right hip: ";
  return {missing.severity, "anatomy." + missing.code + "-missing", hip + missing.message, {}};
}

RightHip findOneSide(const TriangleMesh& hipBone, const TriangleMesh& femur, Side side, double resolutionMm) {
  RightHip hip;
  if (femur.empty()) {
    hip.missing.push_back({"femur", "the femur is not in the labels."});
  } else {
    const BoneSurface surface = rightSurface(femur, side);
    findProximalFemur(surface, resolutionMm, hip);
    findEpicondyles(surface, resolutionMm, hip);
  }
  if (hipBone.empty())
    hip.missing.push_back({"hip-bone", "the hip bone is not in the labels."});
  else
    findAcetabulum(rightSurface(hipBone, side), resolutionMm, hip);
  if (side == Side::Left) hip.landmarks = mirroredHip(hip.landmarks, 0.0);
  return hip;
}

// Mean of the map between two distances from a point; nothing where the map does not reach.
std::optional<double> meanAround(const ScalarImage& map, const Vec3& point, double fromMm, double toMm) {
  const Grid& grid = map.grid;
  const Vec3 center = grid.indexFromWorld(point);
  const Vec3 reach = Vec3::Constant(toMm).cwiseQuotient(grid.spacing);
  const Eigen::Vector3i first = (center - reach).array().ceil().max(0.0).cast<int>();
  const Eigen::Vector3i last = (center + reach).array().floor().cast<int>().min((grid.size.array() - 1));
  double sum = 0.0, count = 0.0;
  for (int k = first.z(); k <= last.z(); ++k)
    for (int j = first.y(); j <= last.y(); ++j)
      for (int i = first.x(); i <= last.x(); ++i) {
        const double distance = (grid.worldFromIndex(Vec3(i, j, k)) - point).norm();
        if (distance < fromMm || distance > toMm) continue;
        sum += static_cast<double>(map.at(i, j, k));
        count += 1.0;
      }
  return count > 0.0 ? std::optional(sum / count) : std::nullopt;
}

// The map holds the variance of the class probabilities. A sure border still has a little; from there the
// confidence falls by e per tenth, and the landmark's sd grows by the same factor.
void doubt(Trust& trust, const std::optional<double>& variance) {
  constexpr double kSure = 0.02, kFall = 0.1;
  const double factor = std::exp(-std::max(0.0, variance.value_or(0.0) - kSure) / kFall);
  trust.confidence *= factor;
  trust.sdMm /= factor;
}

void doubt(HipLandmarks& hip, const ScalarImage& uncertainty) {
  for (auto* point : {&hip.asis, &hip.pubicTubercle, &hip.greaterTrochanter, &hip.lesserTrochanter,
                      &hip.medialEpicondyle, &hip.lateralEpicondyle})
    if (*point) doubt((*point)->trust, meanAround(uncertainty, (*point)->position, 0.0, 6.0));
  for (auto* ball : {&hip.femoralHead, &hip.acetabulum})
    if (*ball) {
      const Sphere& sphere = (*ball)->sphere;
      doubt((*ball)->trust,
            meanAround(uncertainty, sphere.center, sphere.radiusMm - 3.0, sphere.radiusMm + 3.0));
    }
  for (auto* axis : {&hip.femoralNeck, &hip.femoralShaft})
    if (*axis) doubt((*axis)->trust, meanAround(uncertainty, (*axis)->line.point, 0.0, 18.0));
  if (hip.acetabularRim && hip.acetabulum) {
    const Sphere& sphere = hip.acetabulum->sphere;
    doubt(hip.acetabularRim->trust,
          meanAround(uncertainty, sphere.center, sphere.radiusMm - 3.0, sphere.radiusMm + 6.0));
  }
}

}  // namespace

LandmarkSet mirroredLeftRight(const LandmarkSet& landmarks, double x) {
  LandmarkSet set = landmarks;
  set.left = mirroredHip(landmarks.right, x);
  set.right = mirroredHip(landmarks.left, x);
  return set;
}

void followCorrections(HipLandmarks& hip) {
  if (!hip.femoralHead || !hip.femoralNeck || hip.femoralNeck->trust.corrected) return;
  const Vec3 direction = hip.femoralHead->sphere.center - hip.femoralNeck->line.point;
  if (direction.norm() > 1.0) hip.femoralNeck->line.direction = direction.normalized();
}

Result<LandmarkSet> findLandmarks(const BoneMeshes& bones, const Job& job) {
  if (bones.hipLeft.empty() && bones.hipRight.empty() && bones.femurLeft.empty() && bones.femurRight.empty())
    return badInput("There is neither a hip bone nor a femur to find landmarks on. Check the segmentation.");
  RightHip left, right;
  tbb::parallel_invoke(
      [&] { left = findOneSide(bones.hipLeft, bones.femurLeft, Side::Left, bones.resolutionMm); },
      [&] { right = findOneSide(bones.hipRight, bones.femurRight, Side::Right, bones.resolutionMm); });
  if (job.cancelled()) return cancelled();
  job.report(0.8, "Landmarks");
  LandmarkSet set;
  set.left = left.landmarks;
  set.right = right.landmarks;
  for (const auto& missing : left.missing) set.notices.push_back(noticeOf(missing, Side::Left));
  for (const auto& missing : right.missing) set.notices.push_back(noticeOf(missing, Side::Right));
  findPelvicPoints(boneSurface(bones.hipLeft), boneSurface(bones.hipRight), bones.resolutionMm, set);
  job.report(1.0, "Landmarks");
  return set;
}

Result<LandmarkSet> findLandmarks(const LabelMap& labels, const ScalarImage& uncertainty, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  BoneMeshes bones;
  bones.resolutionMm = labels.grid.spacing.maxCoeff();
  const auto extract = [&](const char* name) {
    const auto mesh = surfaceOf(labels, table->find(name)->value);
    return mesh ? *mesh : TriangleMesh{};
  };
  tbb::parallel_invoke(
      [&] { bones.hipLeft = extract("hip_left"); }, [&] { bones.hipRight = extract("hip_right"); },
      [&] { bones.femurLeft = extract("femur_left"); }, [&] { bones.femurRight = extract("femur_right"); });
  if (job.cancelled()) return cancelled();
  job.report(0.5, "Landmarks");
  auto found = findLandmarks(bones, job.part(0.5, 1.0));
  if (found && !uncertainty.empty()) {
    doubt(found->left, uncertainty);
    doubt(found->right, uncertainty);
  }
  return found;
}

}  // namespace coxa
