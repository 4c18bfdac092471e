#pragma once

#include "support/temp_folder.hpp"

#include "coxa/learning/random.hpp"
#include "coxa/learning/trainer.hpp"

/// Bright squares on a dark, noisy ground: class 1 is the square. A tiny network learns it in seconds.
inline coxa::TrainingBatch squares(std::uint64_t step) {
  constexpr int kCount = 2, kSize = 16;
  coxa::TrainingBatch batch;
  batch.images = {kCount, 1, kSize, kSize, {}};
  for (int item = 0; item < kCount; ++item) {
    coxa::Random random{step, static_cast<std::uint64_t>(item)};
    const int left = static_cast<int>(random.index(8)), top = static_cast<int>(random.index(8));
    for (int y = 0; y < kSize; ++y)
      for (int x = 0; x < kSize; ++x) {
        const bool inside = x >= left && x < left + 7 && y >= top && y < top + 7;
        batch.images.values.push_back(static_cast<float>((inside ? 0.8 : -0.8) + random.normal(0.2)));
        batch.targets.push_back(inside ? 1 : 0);
      }
  }
  return batch;
}

inline coxa::TrainerOptions tinyTraining(const TempFolder& folder, std::uint64_t steps) {
  coxa::TrainerOptions options;
  options.shape = {1, 2, 4, 2, 0.25, 4};
  options.steps = steps;
  options.learningRate = 2e-2;
  options.averaging = 0.9;
  options.stepsPerCheckpoint = 3;
  options.checkpoint = folder / "checkpoint.pt";
  options.weights = folder / "weights.pt";
  options.device = coxa::Device::Cpu;
  return options;
}
