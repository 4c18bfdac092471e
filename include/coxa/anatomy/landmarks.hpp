#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/geometry/fits.hpp"
#include "coxa/geometry/mesh.hpp"
#include "coxa/image/image.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// How far a landmark can be trusted. `sdMm`: standard deviation of its position, all axes together (the root
/// mean square distance to expect; one axis has sdMm/√3). `confidence`: 0 (do not use) to 1. `corrected`:
/// placed by hand. `note`: how it was found, or its stated substitute.
struct Trust {
  double sdMm = 0.0;
  double confidence = 0.0;
  bool corrected = false;
  std::string note;
};

struct PointLandmark {
  Vec3 position = Vec3::Zero();
  Trust trust;
};
struct SphereLandmark {
  Sphere sphere;
  Trust trust;
};
struct PlaneLandmark {
  Plane plane;
  Trust trust;
};
struct AxisLandmark {
  Line line;
  Trust trust;
};

/// Landmarks of one side, world LPS in mm. Nothing where the scan does not show it.
struct HipLandmarks {
  std::optional<PointLandmark> asis;               ///< anterior superior iliac spine, most anterior point
  std::optional<PointLandmark> pubicTubercle;      ///< most anterior point of the pubic tubercle
  std::optional<PointLandmark> greaterTrochanter;  ///< its tip
  std::optional<PointLandmark> lesserTrochanter;   ///< its most prominent point
  std::optional<PointLandmark> medialEpicondyle;   ///< only where the knee is in the scan
  std::optional<PointLandmark> lateralEpicondyle;
  std::optional<SphereLandmark> femoralHead;
  std::optional<SphereLandmark> acetabulum;    ///< sphere of the lunate surface
  std::optional<PlaneLandmark> acetabularRim;  ///< normal points out of the socket
  std::optional<AxisLandmark> femoralNeck;     ///< point: neck centre; direction from shaft to head
  std::optional<AxisLandmark>
      femoralShaft;  ///< point: on the canal axis below the lesser trochanter; direction proximal
};

struct LandmarkSet {
  HipLandmarks left;
  HipLandmarks right;
  std::vector<Notice> notices;

  HipLandmarks& side(Side s) { return s == Side::Left ? left : right; }
  const HipLandmarks& side(Side s) const { return s == Side::Left ? left : right; }
};

/// Closed bone surfaces in world coordinates; empty where a bone is not in the scan.
struct BoneMeshes {
  TriangleMesh hipLeft, hipRight;
  TriangleMesh femurLeft, femurRight;
  double resolutionMm = 1.0;  ///< largest voxel edge of the scan they were made from
};

/// Finds the landmarks on bone surfaces of a patient who lies more or less straight (within about 30° of the
/// LPS axes). What is not in the scan is absent, and a notice says why. Errors BadInput: there is no bone.
Result<LandmarkSet> findLandmarks(const BoneMeshes& bones, const Job& job);

/// Finds the landmarks from labels (values of the StructureTable) by way of their surfaces. `uncertainty`
/// (same grid, may be empty) lowers the confidence of a landmark that lies in doubtful voxels. Errors
/// BadInput: neither hip bone nor femur is in the labels.
Result<LandmarkSet> findLandmarks(const LabelMap& labels, const ScalarImage& uncertainty, const Job& job);

/// The same landmarks reflected at the world plane x = `x`, left and right exchanged.
LandmarkSet mirroredLeftRight(const LandmarkSet& landmarks, double x = 0.0);

/// What depends on a landmark that was replaced by hand follows it, except what was itself corrected: the
/// neck axis' direction, which runs from the neck's centre to the head's. (Frames and angles are made from
/// the landmarks when asked for, so they need nothing.)
void followCorrections(HipLandmarks& hip);

/// The document `landmarks.json` of a case; docs/landmarks.md lists its keys.
std::string toJson(const LandmarkSet& landmarks);
/// Unknown keys are ignored. Errors BadInput: not JSON, or a landmark is malformed.
Result<LandmarkSet> landmarksFromJson(const std::string& json);

}  // namespace coxa
