#pragma once

#include "feature_map.hpp"
#include "network_weights.hpp"

#include "coxa/learning/predictor.hpp"

#include <cstdint>

namespace coxa {

/// The last step of a sample, the 1×1 convolution to the scores, with weights in the order of their use.
class Head {
 public:
  explicit Head(const Convolution& convolution);
  int classes() const { return classes_; }
  int inputs() const { return inputs_; }
  /// `features`: [input][kStrip]; `scores`: [class rounded up to kGroup][kStrip].
  void score(const float* features, float* scores) const;

  static constexpr int kStrip = 16;  ///< pixels at a time
  static constexpr int kGroup = 4;   ///< classes at a time

 private:
  int inputs_, classes_;
  std::vector<float> weights_;  // [group][input][class of the group]
  std::vector<float> bias_;     // [class], rounded up to kGroup
};

/// Sums over the samples of a slice at one temperature, from which mean, variance and entropy follow.
class ClassSums {
 public:
  ClassSums(int classes, int height, int width);
  /// Adds the softmax of the scores of a strip (changed on return), from pixel x of row y on.
  void add(float* scores, float inverseTemperature, int y, int x);
  /// Into the place of slice `slice` of a prediction with `samples` samples.
  void write(int samples, std::size_t slice, SlicePrediction& prediction) const;

 private:
  std::size_t stripAt(int y, int x) const;

  int classes_, height_, width_, stripsPerRow_;
  std::vector<ChannelBlock> probabilities_;  // [class][y][strip]
  std::vector<ChannelBlock> squares_;        // summed over the classes, [y][strip]
};

/// Scores of a sample's features; adds their probabilities at each temperature to the sums and writes the
/// most probable classes [height, width]. `mirrored`: the features are those of a mirror image.
void addSample(const FeatureMap& features, const Head& head, bool mirrored,
               const std::vector<double>& temperatures, std::vector<ClassSums>& sums, std::uint8_t* labels);

}  // namespace coxa
