#include "coxa/base/job.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace coxa {

namespace {
using Clock = std::chrono::steady_clock;
constexpr double kFirstEstimateAt = 0.02;  // before that the rate is mostly noise
}  // namespace

struct Job::Shared {
  Listener listener;
  std::atomic<bool> cancelled{false};
  std::mutex mutex;
  Clock::time_point start = Clock::now();
  double startedAt = -1.0;  // fraction of the first report: a resumed job does not begin at zero
};

Job::Job() : shared_(std::make_shared<Shared>()) {}

Job::Job(Listener listener) : Job() {
  shared_->listener = std::move(listener);
}

void Job::cancel() const {
  shared_->cancelled = true;
}

bool Job::cancelled() const {
  return shared_->cancelled;
}

void Job::report(double fraction, std::string_view message) const {
  if (!shared_->listener) return;
  const double whole = from_ + (to_ - from_) * std::clamp(fraction, 0.0, 1.0);
  const double elapsed = std::chrono::duration<double>(Clock::now() - shared_->start).count();
  const std::lock_guard lock(shared_->mutex);
  if (shared_->startedAt < 0.0) shared_->startedAt = whole;
  const double done = whole - shared_->startedAt;
  const double left = done > kFirstEstimateAt ? elapsed * (1.0 - whole) / done : -1.0;
  shared_->listener({whole, left, std::string(message)});
}

Job Job::part(double from, double to) const {
  Job job = *this;
  job.from_ = from_ + (to_ - from_) * from;
  job.to_ = from_ + (to_ - from_) * to;
  return job;
}

}  // namespace coxa
