#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace coxa {

struct Progress {
  double fraction = 0.0;      ///< of the whole job, 0 to 1
  double secondsLeft = -1.0;  ///< estimate; negative while unknown
  std::string message;        ///< what is being done
};

/// Progress and cancellation of one long operation. Cheap to copy: copies share the cancel flag and the
/// listener. A function that takes a Job asks `cancelled()` between tiles, slices or poses and then returns
/// coxa::cancelled(). Thread-safe; the listener is called on the reporting thread, one call at a time.
class Job {
 public:
  using Listener = std::function<void(const Progress&)>;

  Job();  ///< reports to nobody
  explicit Job(Listener listener);

  void cancel() const;
  bool cancelled() const;

  /// Reports that `fraction` (0 to 1) of this job is done.
  void report(double fraction, std::string_view message = {}) const;

  /// A part of this job, whose 0 to 1 is [from, to] of this one.
  Job part(double from, double to) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  double from_ = 0.0;
  double to_ = 1.0;
};

}  // namespace coxa
