#include "coxa/planning/context.hpp"

#include "plan_model.hpp"

#include <algorithm>

namespace coxa {

namespace {

constexpr int kSamples = 200;
constexpr double kMaskSpacingMm = 0.8;
constexpr double kSocketHalfMm = 75.0;  // around the socket: the largest cup, moved, and its medial wall
constexpr double kFemurHalfMm = 85.0, kFemurDownMm = 230.0;

Result<void> checkMesh(const TriangleMesh& mesh, const char* bone, Side side) {
  const std::string which = std::string(bone) + " of the " + name(side) + " side";
  if (mesh.empty())
    return badInput("The " + which + " has no surface. Segment it or take a scan that shows it.");
  return {};
}

Result<void> checkLandmarks(const LandmarkSet& landmarks, Side side) {
  const HipLandmarks& hip = landmarks.side(side);
  std::string missing;
  const auto need = [&](bool there, const std::string& what) {
    if (!there) missing += (missing.empty() ? "" : ", ") + what;
  };
  need(landmarks.left.asis.has_value(), "left ASIS");
  need(landmarks.right.asis.has_value(), "right ASIS");
  need(hip.acetabulum.has_value(), "acetabulum");
  need(hip.femoralHead.has_value(), "femoral head");
  need(hip.femoralShaft.has_value(), "femoral shaft");
  if (missing.empty()) return {};
  return badInput(std::string("The ") + name(side) + " hip cannot be planned without these landmarks: " +
                  missing + ". Place them by hand or take a scan that shows them.");
}

/// Planning computes with unit directions whatever the file said.
void normalizeAxes(HipLandmarks& hip) {
  for (auto* axis : {&hip.femoralNeck, &hip.femoralShaft})
    if (*axis) (*axis)->line.direction.normalize();
}

Eigen::AlignedBox3d socketBox(const Vec3& center) {
  return {center - Vec3::Constant(kSocketHalfMm), center + Vec3::Constant(kSocketHalfMm)};
}

/// Around the shaft's axis from above the trochanter to the deepest stem tip.
Eigen::AlignedBox3d femurBox(const HipFrames& frames, const TriangleMesh& femur) {
  Eigen::AlignedBox3d box;
  for (const double along : {30.0, -kFemurDownMm}) {
    const double fromPoint = frames.shaft.direction.dot(frames.head - frames.shaft.point) + along;
    const Vec3 p = frames.shaft.point + fromPoint * frames.shaft.direction;
    box.extend(p - Vec3::Constant(kFemurHalfMm));
    box.extend(p + Vec3::Constant(kFemurHalfMm));
  }
  return box.intersection(bounds(femur));
}

/// z along the shaft, its origin at the level of the head's centre; directions as the femur frame.
RigidTransform canalFromWorld(const HipFrames& frames) {
  RigidTransform canal_from_world = frames.femur_from_world;
  const Vec3 shaft = frames.femur_from_world * frames.shaft.point;
  canal_from_world.pretranslate(Vec3(-shaft.x(), -shaft.y(), 0.0));
  return canal_from_world;
}

std::vector<Notice> noticesOf(const PlanModel& model, const std::string& frameSubstitute) {
  std::vector<Notice> notices;
  const auto tell = [&](const char* code, const std::string& message) {
    notices.push_back({Notice::Severity::Warning, code, message, {}});
  };
  if (!frameSubstitute.empty())
    tell("planning.femur-frame-substitute",
         "Stem version refers to " + frameSubstitute + "; its uncertainty includes that.");
  if (!model.canal.fromCt)
    tell("planning.canal-assumed",
         "The medullary canal is estimated from the outer surface and a typical cortex; check the stem's "
         "size in "
         "the slices.");
  if (!model.frames.app_from_world)
    tell("planning.no-app", "No angles in the anterior pelvic plane: a pubic tubercle is missing.");
  if (!model.frames.otherSide)
    tell("planning.no-other-side",
         "Leg length and offset are not compared with the other side: its hip is not wholly in the scan, or "
         "is replaced.");
  return notices;
}

}  // namespace

CupPlacement placementOf(const PosedHip& rightHip) {
  return {rightHip.cupCenter(), rightHip.cupAxis(), 0.5 * rightHip.cup.outerDiameterMm};
}

Result<PlanContext> PlanContext::build(const PlanningInput& input, const Job& job) {
  if (const auto ok = checkMesh(input.hipBone, "hip bone", input.side); !ok)
    return tl::unexpected(ok.error());
  if (const auto ok = checkMesh(input.femur, "femur", input.side); !ok) return tl::unexpected(ok.error());
  if (const auto ok = checkLandmarks(input.landmarks, input.side); !ok) return tl::unexpected(ok.error());
  LandmarkSet landmarks = asRight(input.side, input.landmarks);
  normalizeAxes(landmarks.left);
  normalizeAxes(landmarks.right);
  const auto frames = hipFrames(landmarks);
  if (!frames) return tl::unexpected(frames.error());

  job.report(0.1, "Reading the pelvis");
  const Vec3 socket = landmarks.right.acetabulum->sphere.center;
  const BoneMask pelvis(asRight(input.side, input.hipBone), socketBox(socket), kMaskSpacingMm);
  if (job.cancelled()) return cancelled();

  job.report(0.4, "Reading the femur");
  const TriangleMesh femurMesh = asRight(input.side, input.femur);
  const BoneMask femur(femurMesh, femurBox(*frames, femurMesh), kMaskSpacingMm);
  const Canal canal = findCanal({femur, input.ct, canalFromWorld(*frames), input.side == Side::Left});
  if (canal.inner.empty())
    return badInput(
        "The femoral shaft axis does not run within the femur's surface. Correct the shaft axis.");
  if (job.cancelled()) return cancelled();

  auto model = std::make_shared<PlanModel>(PlanModel{input.side,
                                                     input.landmarks,
                                                     landmarks,
                                                     *frames,
                                                     sampledFrames(landmarks, kSamples),
                                                     pelvis,
                                                     canal,
                                                     {}});
  model->notices = noticesOf(*model, femurFrame(landmarks, Side::Right)->substitute);
  job.report(1.0);
  return PlanContext(std::move(model));
}

Side PlanContext::side() const {
  return model_->side;
}
const LandmarkSet& PlanContext::landmarks() const {
  return model_->landmarksAsGiven;
}
const std::vector<Notice>& PlanContext::notices() const {
  return model_->notices;
}

}  // namespace coxa
