#include "coxa/motion/range_of_motion.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <mutex>

namespace coxa {

const char* name(ContactKind kind) {
  switch (kind) {
    case ContactKind::ImplantImplant:
      return "implant-implant";
    case ContactKind::ImplantBone:
      return "implant-bone";
    default:
      return "bone-bone";
  }
}

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Met:
      return "met";
    case Verdict::NotMet:
      return "not met";
    case Verdict::Unknown:
      return "unknown";
    default:
      return "not asked";
  }
}

const std::vector<MotionDirection>& motionDirections() {
  const JointAngles neutral;
  const JointAngles flexed{90.0, 0.0, 0.0};
  const JointAngles extended{-10.0, 0.0, 0.0};
  const JointAngles adducted{90.0, 10.0, 0.0};
  static const std::vector<MotionDirection> directions = {
      {"flexion", {neutral}, {1.0, 0.0, 0.0}, 150.0},
      {"extension", {neutral}, {-1.0, 0.0, 0.0}, 90.0},
      {"abduction", {neutral}, {0.0, -1.0, 0.0}, 90.0},
      {"adduction", {neutral}, {0.0, 1.0, 0.0}, 90.0},
      {"internal_rotation", {neutral}, {0.0, 0.0, 1.0}, 120.0},
      {"external_rotation", {neutral}, {0.0, 0.0, -1.0}, 120.0},
      {"internal_rotation_at_90_flexion", {neutral, flexed}, {0.0, 0.0, 1.0}, 120.0},
      {"internal_rotation_at_90_flexion_10_adduction", {neutral, flexed, adducted}, {0.0, 0.0, 1.0}, 120.0},
      {"external_rotation_at_10_extension", {neutral, extended}, {0.0, 0.0, -1.0}, 120.0}};
  return directions;
}

const std::vector<MotionProfile>& motionProfiles() {
  static const std::vector<MotionProfile> profiles = {
      {"Komiyama",
       "Komiyama et al.: activities of daily living after hip replacement",
       {{"flexion", 110.0},
        {"internal_rotation_at_90_flexion", 30.0},
        {"extension", 30.0},
        {"external_rotation", 30.0}}},
      {"Yoshimine",
       "Yoshimine: the safe zone of the combined cup and neck anteversions",
       {{"flexion", 120.0},
        {"internal_rotation_at_90_flexion", 45.0},
        {"extension", 30.0},
        {"external_rotation", 40.0}}},
      {"Widmer",
       "Widmer and Zurfluh: compliant positioning of total hip components",
       {{"flexion", 130.0},
        {"internal_rotation_at_90_flexion", 80.0},
        {"extension", 40.0},
        {"external_rotation", 40.0},
        {"abduction", 50.0},
        {"adduction", 50.0}}}};
  return profiles;
}

namespace {

JointAngles moved(const JointAngles& from, const JointAngles& perDegree, double degrees) {
  return {from.flexionDeg + degrees * perDegree.flexionDeg,
          from.adductionDeg + degrees * perDegree.adductionDeg,
          from.internalRotationDeg + degrees * perDegree.internalRotationDeg};
}

Verdict verdictOf(const MotionRow& row, bool someCannotBeJudged) {
  if (!row.requiredDeg) return Verdict::NotAsked;
  if (row.reachedDeg.value < *row.requiredDeg) return Verdict::NotMet;
  return someCannotBeJudged ? Verdict::Unknown : Verdict::Met;
}

MotionRow judged(const MotionModel& model, const MotionDirection& direction, const MotionProfile& profile) {
  MotionRow row;
  row.direction = direction.name;
  for (const auto& [name, degrees] : profile.requiredDeg)
    if (name == direction.name) row.requiredDeg = degrees;

  MotionPath path = direction.approach;
  path.push_back(moved(path.back(), direction.perDegree, direction.limitDeg));
  row.contact = model.firstContact(path);
  row.reachedDeg.value = direction.limitDeg;
  if (row.contact) {
    row.startReached = row.contact->leg == static_cast<int>(path.size()) - 2;
    row.reachedDeg = {row.startReached ? row.contact->degrees : 0.0, row.contact->sdDeg};
  }
  return row;
}

}  // namespace

Result<MotionResult> rangeOfMotion(const MotionModel& model, const MotionProfile& profile, const Job& job) {
  MotionResult result;
  result.side = model.joint().side;
  result.profile = profile.name;
  result.pose = jointAngles(model.joint(), RigidTransform::Identity());
  result.overlapsAtNeutral = model.contacts({});
  result.notices = model.notices();
  for (const Contact& contact : result.overlapsAtNeutral)
    result.notices.push_back({Notice::Severity::Warning,
                              "motion.overlap-at-neutral",
                              "\"" + contact.pelvisBody + "\" and \"" + contact.femurBody +
                                  "\" overlap already at neutral; contact between them could not be judged.",
                              {}});

  const auto& directions = motionDirections();
  result.rows.resize(directions.size());
  std::mutex reporting;
  std::size_t done = 0;
  tbb::parallel_for(std::size_t{0}, directions.size(), [&](std::size_t i) {
    if (job.cancelled()) return;
    result.rows[i] = judged(model, directions[i], profile);
    result.rows[i].verdict = verdictOf(result.rows[i], !result.overlapsAtNeutral.empty());
    const std::lock_guard lock(reporting);
    job.report(double(++done) / double(directions.size()), directions[i].name);
  });
  if (job.cancelled()) return cancelled();
  return result;
}

}  // namespace coxa
