#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/learning/network.hpp"
#include "coxa/learning/runtime.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace coxa {

/// What Monte-Carlo dropout says of a batch of slices.
struct SlicePrediction {
  std::vector<float> mean;      ///< class probabilities, [count, classes, height, width]
  std::vector<float> variance;  ///< over the samples, summed over classes, [count, height, width]
  std::vector<float> entropy;   ///< of the mean probabilities, in nats, [count, height, width]
  std::vector<std::vector<std::uint8_t>>
      samples;  ///< per sample its most probable class, [count, height, width]
};

/// How probabilities are drawn from a network.
struct Sampling {
  int samples = 20;  ///< 1: one pass of the whole network, without dropout
  std::uint64_t seed = 1;
  double temperature = 1.0;  ///< divides the scores before the softmax (Guo 2017); above 1 is less sure
};

/// A trained network, ready to predict. The dropped channels of sample t depend on the seed and t alone: a
/// sample is one thinned network for every slice it sees, whatever the batches. Every second sample sees the
/// slice in a mirror. The encoder and its share of the decoder's convolutions hold no dropout and run once
/// per slice and mirror image, the rest once per sample.
class Predictor {
 public:
  /// Errors BadInput: the file is missing or holds another network.
  static Result<Predictor> load(const std::filesystem::path& weights, const NetworkShape& shape,
                                Device device);
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;
  ~Predictor();

  /// Height and width must be multiples of shape.multiple(). Errors: Cancelled, between samples.
  Result<SlicePrediction> predict(const SliceBatch& slices, const Sampling& sampling, const Job& job) const;
  /// The same samples at each of several temperatures, instead of the sampling's own, in little more time
  /// than at one.
  Result<std::vector<SlicePrediction>> predictAt(const std::vector<double>& temperatures,
                                                 const SliceBatch& slices, const Sampling& sampling,
                                                 const Job& job) const;

  std::string device() const;  ///< "cpu" or "cuda"
  /// Multiplications and additions of one slice: once per mirror image, and for each of several samples on
  /// top, on average over the channels dropped. What the CPU does; whole passes take more.
  double encoderFlops(int height, int width) const;
  double sampleFlops(int height, int width) const;

 private:
  struct Network;
  explicit Predictor(std::unique_ptr<Network> network);
  std::unique_ptr<Network> network_;
};

}  // namespace coxa
