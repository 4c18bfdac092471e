#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/geometry/fits.hpp"
#include "coxa/image/image.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// How far a landmark can be trusted. `sdMm`: one standard deviation of its position.
/// `confidence`: 0 (do not use) to 1. `corrected`: placed by hand. `note`: how it was found, or its stated
/// substitute.
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

/// Finds the landmarks from labels (values of the StructureTable). `uncertainty` (same grid, may be empty)
/// lowers the confidence of a landmark that lies in doubtful voxels. Errors BadInput: neither hip bone nor
/// femur is in the labels.
Result<LandmarkSet> findLandmarks(const LabelMap& labels, const ScalarImage& uncertainty, const Job& job);

/// JSON as in `landmarks.json` of a case: {"left": {"asis": {"position": [x,y,z], "sdMm":…, "confidence":…,
/// …}, …}, …}.
std::string toJson(const LandmarkSet& landmarks);
Result<LandmarkSet> landmarksFromJson(const std::string& json);

}  // namespace coxa
