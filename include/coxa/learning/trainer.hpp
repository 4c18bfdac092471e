#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/learning/network.hpp"
#include "coxa/learning/runtime.hpp"

#include <filesystem>
#include <functional>

namespace coxa {

/// Target value of pixels that do not count.
constexpr std::uint8_t kIgnoredClass = 255;

struct TrainingBatch {
  SliceBatch images;
  std::vector<std::uint8_t> targets;  ///< class of each pixel, [count, height, width]
};
/// The batch of a step. It must depend on the step alone, so that a resumed training sees what an
/// uninterrupted one sees. Called from several threads at once, for steps to come.
using BatchSource = std::function<TrainingBatch(std::uint64_t step)>;

struct TrainerOptions {
  NetworkShape shape;
  std::uint64_t steps = 1000;
  std::uint64_t seed = 1;
  double learningRate = 2e-3;  ///< at its peak: linear warm-up, then half a cosine down to zero at `steps`
  double weightDecay = 1e-4;
  double diceWeight = 1.0;   ///< of the soft Dice beside the cross-entropy
  double averaging = 0.995;  ///< decay of the exponential moving average of the weights
  std::uint64_t stepsPerCheckpoint = 200;
  int batchesAhead = 1;              ///< prepared at once, each by a thread of its own
  std::filesystem::path start;       ///< weights to begin with; empty: random ones
  std::filesystem::path checkpoint;  ///< resumed from when it is there
  std::filesystem::path log;         ///< CSV: step, loss, learning rate, seconds; empty for none
  std::filesystem::path weights;     ///< receives the averaged weights at every checkpoint and at the end
  Device device = Device::Auto;
};

struct TrainerReport {
  std::uint64_t resumedFromStep = 0;
  double loss = 0.0;  ///< mean over the last 100 steps of this run
};

/// Minimises cross-entropy plus weighted soft Dice (Milletari 2016) with AdamW. Errors:
/// BadInput for a checkpoint or start of another network; Cancelled, after a checkpoint was written.
Result<TrainerReport> trainNetwork(const TrainerOptions& options, const BatchSource& batches, const Job& job);

}  // namespace coxa
