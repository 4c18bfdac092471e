#pragma once

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace coxa {

/// Runs `work()` on the pool and then hands its result to `done` on the thread of `receiver`. When `receiver`
/// is destroyed before, or the pool is cleared, there is no result and `done` is not called.
template <class Work, class Done>
void runInBackground(QThreadPool* pool, QObject* receiver, Work work, Done done) {
  using Value = std::invoke_result_t<Work>;
  auto* watcher = new QFutureWatcher<Value>(receiver);
  QObject::connect(watcher, &QFutureWatcherBase::finished, receiver,
                   [watcher, done = std::move(done)]() mutable {
                     watcher->deleteLater();
                     if (watcher->future().resultCount() == 0) return;  // taken off the pool's queue
                     done(watcher->future().takeResult());
                   });
  auto promise = std::make_shared<QPromise<Value>>();
  promise->start();
  watcher->setFuture(promise->future());
  pool->start([promise, work = std::move(work)]() mutable {
    promise->addResult(work());
    promise->finish();
  });
}

template <class Work, class Done>
void runInBackground(QObject* receiver, Work work, Done done) {
  runInBackground(QThreadPool::globalInstance(), receiver, std::move(work), std::move(done));
}

/// One computation at a time and, of those asked for meanwhile, only the newest: what a display that follows
/// a drag needs. Owned by `receiver` or outlived by it.
template <class Value>
class LatestOnly {
 public:
  explicit LatestOnly(QObject* receiver) : receiver_(receiver) {}

  void request(std::function<Value()> work, std::function<void(Value)> done) {
    next_ = {std::move(work), std::move(done)};
    if (!running_) startNext();
  }
  /// Drops what waits; a computation that already runs still reports.
  void clear() { next_.reset(); }
  bool isBusy() const { return running_; }

 private:
  void startNext() {
    auto [work, done] = *std::exchange(next_, std::nullopt);
    running_ = true;
    runInBackground(receiver_, std::move(work), [this, done = std::move(done)](Value value) {
      running_ = false;
      if (next_) startNext();
      done(std::move(value));
    });
  }

  QObject* receiver_;
  std::optional<std::pair<std::function<Value()>, std::function<void(Value)>>> next_;
  bool running_ = false;
};

}  // namespace coxa
