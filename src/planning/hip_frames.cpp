#include "hip_frames.hpp"

#include <random>

namespace coxa {

namespace {

constexpr unsigned kSeed = 20260101;
// An axis was fitted along a stretch of about this length on both sides of its point.
constexpr double kHalfAxisMm = 30.0;

class Shaker {
 public:
  explicit Shaker(unsigned seed) : random_(seed) {}

  double normal(double sd) { return sd * normal_(random_); }
  Vec3 vector(double sd) {
    const double x = normal(sd), y = normal(sd), z = normal(sd);
    return {x, y, z};
  }
  void shake(std::optional<PointLandmark>& landmark) {
    if (landmark) landmark->position += vector(landmark->trust.sdMm);
  }
  void shake(std::optional<SphereLandmark>& landmark) {
    if (landmark) landmark->sphere.center += vector(landmark->trust.sdMm);
  }
  /// Both ends of the fitted stretch move on their own.
  void shake(std::optional<AxisLandmark>& landmark) {
    if (!landmark) return;
    Line& line = landmark->line;
    const Vec3 low = line.point - kHalfAxisMm * line.direction + vector(landmark->trust.sdMm);
    const Vec3 high = line.point + kHalfAxisMm * line.direction + vector(landmark->trust.sdMm);
    line.point = 0.5 * (low + high);
    line.direction = (high - low).normalized();
  }
  void shake(HipLandmarks& hip) {
    for (auto* point : {&hip.asis, &hip.pubicTubercle, &hip.lesserTrochanter, &hip.medialEpicondyle,
                        &hip.lateralEpicondyle})
      shake(*point);
    shake(hip.femoralHead);
    shake(hip.femoralShaft);
  }

 private:
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
};

Vec3 middleOfPelvis(const LandmarkSet& landmarks) {
  return 0.5 * (landmarks.left.asis->position + landmarks.right.asis->position);
}

std::optional<SideNow> sideNow(const LandmarkSet& landmarks, const RigidTransform& fpp_from_world,
                               Side side) {
  const HipLandmarks& hip = landmarks.side(side);
  if (!hip.femoralHead || !hip.femoralShaft || !hip.lesserTrochanter) return std::nullopt;
  const Vec3& head = hip.femoralHead->sphere.center;
  const Line& shaft = hip.femoralShaft->line;
  const Vec3 inPelvis = lateralMirror(side) * fpp_from_world.linear() * (head - middleOfPelvis(landmarks));
  return SideNow{-inPelvis.z() + shaft.direction.dot(head - hip.lesserTrochanter->position),
                 inPelvis.x() + distanceFrom(shaft, head)};
}

}  // namespace

double distanceFrom(const Line& line, const Vec3& p) {
  return (p - line.point).cross(line.direction).norm();
}

Result<HipFrames> hipFrames(const LandmarkSet& landmarks) {
  const auto fpp_from_world = pelvisFromWorld(landmarks, PelvicPlane::Functional);
  if (!fpp_from_world) return tl::unexpected(fpp_from_world.error());
  const auto femur = femurFrame(landmarks, Side::Right);
  if (!femur) return tl::unexpected(femur.error());
  HipFrames frames;
  frames.fpp_from_world = *fpp_from_world;
  if (const auto app = pelvisFromWorld(landmarks, PelvicPlane::Anterior)) frames.app_from_world = *app;
  frames.femur_from_world = femur->femur_from_world;
  const HipLandmarks& hip = landmarks.right;
  frames.head = hip.femoralHead->sphere.center;
  frames.shaft = hip.femoralShaft->line;
  frames.nativeOffsetMm = distanceFrom(frames.shaft, frames.head);
  frames.ownSide = sideNow(landmarks, *fpp_from_world, Side::Right);
  frames.otherSide = sideNow(landmarks, *fpp_from_world, Side::Left);
  return frames;
}

std::vector<HipFrames> sampledFrames(const LandmarkSet& landmarks, int count) {
  std::vector<HipFrames> samples;
  const auto nominal = femurFrame(landmarks, Side::Right);
  if (!nominal) return samples;
  const bool hasApp = pelvisFromWorld(landmarks, PelvicPlane::Anterior).has_value();
  // With the epicondyles the frame turns as they are shaken; a substitute has an uncertainty of its own.
  const double turnSdDeg = nominal->substitute.empty() ? 0.0 : nominal->rotationSdDeg;
  Shaker shaker(kSeed);
  for (int i = 0; i < count; ++i) {
    LandmarkSet shaken = landmarks;
    shaker.shake(shaken.right);
    shaker.shake(shaken.left);
    const double turn = radFromDeg(shaker.normal(turnSdDeg));
    auto frames = hipFrames(shaken);
    if (!frames || frames->app_from_world.has_value() != hasApp) continue;  // shaken beyond use
    frames->femur_from_world = Eigen::AngleAxisd(turn, Vec3::UnitZ()) * frames->femur_from_world;
    samples.push_back(*frames);
  }
  return samples;
}

std::vector<LandmarkSet> sampledLandmarks(const LandmarkSet& landmarks, int count) {
  std::vector<LandmarkSet> samples;
  Shaker shaker(kSeed);
  for (int i = 0; i < count; ++i) {
    samples.push_back(landmarks);
    shaker.shake(samples.back().right);
    shaker.shake(samples.back().left);
  }
  return samples;
}

}  // namespace coxa
