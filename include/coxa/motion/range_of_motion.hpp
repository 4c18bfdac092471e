#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/measured.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/geometry/mesh.hpp"
#include "coxa/motion/hip_joint.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coxa {

enum class BodyMaterial { Bone, Implant };
/// What a body is fixed to.
enum class BodySegment { Pelvis, Femur };

/// A solid in world coordinates (LPS, mm) in the pose of HipJoint. `mesh` must be closed: contact is between
/// volumes. Give the femur resected (geometry/clip.hpp) and the pelvis as it will be.
struct MotionBody {
  std::string name;  ///< "pelvis", "cup", "liner", "femur", "head", "stem_neck", "stem_body"
  BodySegment segment = BodySegment::Pelvis;
  BodyMaterial material = BodyMaterial::Bone;
  TriangleMesh mesh;
  double surfaceSdMm = 0.0;  ///< one standard deviation of the surface's position; 0 when not known
};

struct MotionSetup {
  HipJoint joint;
  std::vector<MotionBody> bodies;
  /// Pairs of names that touch by design and never count.
  std::vector<std::pair<std::string, std::string>> permanentContacts = {{"head", "liner"}};
  /// Bone-bone pairs: a femoral triangle that lies wholly nearer to the joint's centre than this belongs to
  /// the natural joint and never counts. 0 after a replacement; about the head's radius + 1 mm for a native
  /// hip, whose bone models touch.
  double articulationRadiusMm = 0.0;
  double frameSdDeg = 0.0;  ///< one standard deviation of the frames' orientation; 0 when not known
};

enum class ContactKind { ImplantImplant, ImplantBone, BoneBone };
const char* name(ContactKind kind);  ///< "implant-implant", "implant-bone", "bone-bone"

/// Two bodies that touch. `point` is in world coordinates; the pelvis does not move, so it is also the place
/// on the pelvis.
struct Contact {
  std::string pelvisBody;
  std::string femurBody;
  ContactKind kind = ContactKind::BoneBone;
  Vec3 point = Vec3::Zero();
};

/// The first contact on a path. `leg` counts from 0, `degrees` is the rotation done on that leg until then.
struct FirstContact {
  Contact contact;
  JointAngles angles;  ///< of the joint at contact
  int leg = 0;
  double degrees = 0.0;
  double sdDeg = 0.0;  ///< of `degrees`, from surfaceSdMm and frameSdDeg through the contact's lever arm
};

/// A motion through poses: each leg is the shortest rotation from one to the next, about one fixed axis. Legs
/// on which a single joint angle changes (by at most 180°) are the elementary motions of the ISB convention.
using MotionPath = std::vector<JointAngles>;

/// Bodies made ready for contact questions. Immutable, cheap to copy, thread-safe.
class MotionModel {
 public:
  /// Errors BadInput: a body without triangles, two bodies of one name, nothing fixed or nothing moving.
  static Result<MotionModel> build(const MotionSetup& setup);

  const HipJoint& joint() const;
  /// Bodies whose mesh is not closed: for them only surfaces are seen.
  const std::vector<Notice>& notices() const;

  /// All pairs whose volumes overlap at this position, one contact each, in the order of the bodies; `point`
  /// is the middle of the line where the surfaces cross. For live display: well under 10 ms.
  std::vector<Contact> contacts(const JointAngles& angles) const;

  /// The first contact on the path, or nothing when it is free. Exact: for the rotation of each leg the
  /// contact angles of vertices with faces and edges with edges are solved in closed form and the smallest is
  /// found by branch and bound, so that nothing is stepped over. Pairs that overlap at the path's first pose
  /// do not take part; ask contacts() for them.
  std::optional<FirstContact> firstContact(const MotionPath& path) const;

 private:
  struct Bodies;
  std::shared_ptr<const Bodies> bodies_;
};

/// A motion that is judged: from `start` (reached through `via` from neutral) one joint angle changes.
struct MotionDirection {
  std::string name;       ///< stable, for files: "flexion", "internal_rotation_at_90_flexion"
  MotionPath approach;    ///< poses from neutral to the start, both included
  JointAngles perDegree;  ///< change of the joint angles per degree of this motion; one is ±1, the others 0
  double limitDeg = 0.0;  ///< looked at up to here
};
/// Flexion, extension, abduction, adduction, internal and external rotation, internal rotation at 90° of
/// flexion, also with 10° of adduction, external rotation at 10° of extension.
const std::vector<MotionDirection>& motionDirections();

/// What a hip shall reach, by names of motionDirections(); directions left out are reported, not judged.
struct MotionProfile {
  std::string name;
  std::string source;
  std::vector<std::pair<std::string, double>> requiredDeg;
};
/// Komiyama, Yoshimine and Widmer; the first is the default.
const std::vector<MotionProfile>& motionProfiles();

enum class Verdict {
  Met,
  NotMet,
  Unknown,  ///< the reached angle suffices, but some bodies overlap at neutral and could not be judged
  NotAsked
};
const char* name(Verdict verdict);  ///< "met", "not met", "unknown", "not asked"

struct MotionRow {
  std::string direction;
  std::optional<double> requiredDeg;
  /// Degrees from the direction's start to first contact, or the direction's limit when nothing touched.
  /// Zero when the start itself could not be reached.
  Measured reachedDeg;
  bool startReached = true;
  std::optional<FirstContact> contact;
  Verdict verdict = Verdict::NotAsked;
};

struct MotionResult {
  Side side = Side::Right;
  std::string profile;
  std::vector<MotionRow> rows;
  /// Pairs that overlap at neutral: they are left out of the rows, and a row is not called met beside them.
  std::vector<Contact> overlapsAtNeutral;
  JointAngles pose;  ///< of the femur in the scan or plan
  std::vector<Notice> notices;
};

/// All directions against the profile. Error Cancelled.
Result<MotionResult> rangeOfMotion(const MotionModel& model, const MotionProfile& profile, const Job& job);

/// JSON for `motion --json`; keys in docs/motion.md.
std::string toJson(const MotionResult& result);
/// Error BadInput: not such JSON; the message names the key.
Result<MotionResult> motionFromJson(const std::string& json);

}  // namespace coxa
