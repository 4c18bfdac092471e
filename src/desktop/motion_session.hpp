#pragma once

#include "background.hpp"

#include "coxa/base/job.hpp"
#include "coxa/motion/range_of_motion.hpp"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

namespace coxa {

class PlanSession;
struct Plan;
struct PlanningInput;

/// The motion of the planned hip: follows the plan in the background, moves the femur and says what touches.
class MotionSession : public QObject {
  Q_OBJECT
 public:
  explicit MotionSession(PlanSession* plan, QObject* parent = nullptr);
  ~MotionSession() override;

  bool isReady() const { return model_.has_value(); }
  bool isBusy() const { return computing_.isBusy(); }
  /// Of the plan before its newest edits while busy.
  const std::optional<MotionResult>& result() const { return result_; }
  const MotionProfile& profile() const { return profile_; }
  void setProfile(const MotionProfile& profile);

  const JointAngles& angles() const { return angles_; }
  void setAngles(const JointAngles& angles);
  /// Shows the hip where that contact happens.
  void showContact(const FirstContact& contact);
  /// What overlaps at `angles`, or the contact that is shown.
  const std::vector<Contact>& contacts() const { return contacts_; }
  /// Takes femur, stem and head from the scan to where they stand at `angles`.
  RigidTransform femurMotion() const;
  /// The femur as it is left by the operation, in its place in the scan; null while not ready.
  std::shared_ptr<const TriangleMesh> resectedFemur() const { return resectedFemur_; }

 Q_SIGNALS:
  void changed();  ///< readiness, result or profile
  void posed();    ///< angles and contacts
  void failed(const coxa::Error& error);

 private:
  struct Answer {
    MotionModel model;
    std::shared_ptr<const TriangleMesh> resectedFemur;
    Vec3 reduction;
    MotionResult result;
  };

  void planChanged();
  void compute();
  static Result<Answer> answerFor(const Plan& plan, const PlanningInput& bones, const MotionProfile& profile,
                                  const Job& job);

  PlanSession* plan_;
  MotionProfile profile_;
  std::optional<MotionModel> model_;
  std::shared_ptr<const TriangleMesh> resectedFemur_;
  Vec3 reduction_ = Vec3::Zero();
  std::optional<MotionResult> result_;
  JointAngles angles_;
  std::vector<Contact> contacts_;
  QTimer restTimer_;
  LatestOnly<Result<Answer>> computing_{this};
  Job job_;
};

}  // namespace coxa
