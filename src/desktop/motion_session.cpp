#include "motion_session.hpp"

#include "plan_session.hpp"

#include "coxa/planning/motion_setup.hpp"

#include <chrono>

namespace coxa {
namespace {

using namespace std::chrono_literals;

constexpr auto kRestBeforeComputing = 400ms;

}  // namespace

MotionSession::MotionSession(PlanSession* plan, QObject* parent)
    : QObject(parent), plan_(plan), profile_(motionProfiles().front()) {
  restTimer_.setSingleShot(true);
  restTimer_.setInterval(kRestBeforeComputing);
  connect(&restTimer_, &QTimer::timeout, this, &MotionSession::compute);
  connect(plan, &PlanSession::planChanged, this, &MotionSession::planChanged);
  connect(plan, &PlanSession::contextReady, this, [this] { restTimer_.start(); });
}

MotionSession::~MotionSession() {
  job_.cancel();
}

void MotionSession::setProfile(const MotionProfile& profile) {
  profile_ = profile;
  compute();
}

void MotionSession::planChanged() {
  job_.cancel();
  if (plan_->plan()) {
    restTimer_.start();
    return;
  }
  restTimer_.stop();
  computing_.clear();
  model_.reset();
  resectedFemur_.reset();
  result_.reset();
  angles_ = {};
  contacts_.clear();
  Q_EMIT changed();
  Q_EMIT posed();
}

Result<MotionSession::Answer> MotionSession::answerFor(const Plan& plan, const PlanningInput& bones,
                                                       const MotionProfile& profile, const Job& job) {
  const auto setup = motionSetup(plan, bones);
  if (!setup) return tl::unexpected(setup.error());
  auto model = MotionModel::build(*setup);
  if (!model) return tl::unexpected(model.error());
  auto result = rangeOfMotion(*model, profile, job);
  if (!result) return tl::unexpected(result.error());
  auto femur = std::make_shared<const TriangleMesh>(coxa::resectedFemur(bones.femur, plan.hip));
  return Answer{std::move(*model), std::move(femur), plan.hip.reduction(), std::move(*result)};
}

void MotionSession::compute() {
  if (!plan_->plan() || !plan_->bones() || plan_->bones()->side != plan_->plan()->hip.side) return;
  job_ = Job();
  computing_.request([plan = *plan_->plan(), bones = plan_->bones(), profile = profile_,
                      job = job_] { return answerFor(plan, *bones, profile, job); },
                     [this](Result<Answer> answer) {
                       if (!plan_->plan()) return;
                       if (!answer) {
                         if (answer.error().code != ErrorCode::Cancelled) Q_EMIT failed(answer.error());
                         return;
                       }
                       model_ = std::move(answer->model);
                       resectedFemur_ = std::move(answer->resectedFemur);
                       reduction_ = answer->reduction;
                       result_ = std::move(answer->result);
                       Q_EMIT changed();
                       setAngles(angles_);
                     });
  Q_EMIT changed();
}

void MotionSession::setAngles(const JointAngles& angles) {
  angles_ = angles;
  contacts_ = model_ ? model_->contacts(angles) : std::vector<Contact>();
  Q_EMIT posed();
}

void MotionSession::showContact(const FirstContact& contact) {
  angles_ = contact.angles;
  contacts_ = {contact.contact};
  Q_EMIT posed();
}

RigidTransform MotionSession::femurMotion() const {
  if (!model_) return RigidTransform::Identity();
  return coxa::femurMotion(model_->joint(), angles_) * Eigen::Translation3d(reduction_);
}

}  // namespace coxa
