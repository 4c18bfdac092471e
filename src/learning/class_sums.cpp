#include "class_sums.hpp"

#include "lanes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace coxa {

namespace {

constexpr int kRegisters = Head::kStrip / kLanes;
static_assert(Head::kStrip == kChannelBlock);

int roundedUp(int value, int step) {
  return (value + step - 1) / step * step;
}

Lanes larger(Lanes a, Lanes b) {
  return a > b ? a : b;
}

// e^x for x <= 0 by 2^k e^r with |r| <= ln 2 / 2 (after Cephes' expf); relative error below 2e-7.
Lanes exponential(Lanes x) {
  constexpr float kLog2E = 1.44269504F, kLn2High = 0.693359375F, kLn2Low = -2.12194440e-4F;
  constexpr float kRound = 12582912.0F;  // 1.5 · 2^23: adding it rounds to a whole number
  constexpr float kLowest = -87.0F;      // below, floats lose digits
  x = larger(x, Lanes{} + kLowest);
  const Lanes shifted = x * kLog2E + kRound;
  const Lanes power = shifted - kRound;
  const Lanes r = (x - power * kLn2High) - power * kLn2Low;
  Lanes p = r * 1.9875691500e-4F + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const LaneIndices exponent = (std::bit_cast<LaneIndices>(shifted) - std::bit_cast<int>(kRound)) << 23;
  return std::bit_cast<Lanes>(std::bit_cast<LaneIndices>(p) + exponent);
}

}  // namespace

Head::Head(const Convolution& convolution)
    : inputs_(convolution.inputs), classes_(convolution.outputs), bias_(convolution.bias) {
  const int padded = roundedUp(classes_, kGroup);
  bias_.resize(static_cast<std::size_t>(padded));
  for (int first = 0; first < padded; first += kGroup)
    for (int input = 0; input < inputs_; ++input) {
      const float* weights = convolution.weights.data() + std::ptrdiff_t{input} * classes_;
      for (int c = first; c < first + kGroup; ++c) weights_.push_back(c < classes_ ? weights[c] : 0.0F);
    }
}

void Head::score(const float* features, float* scores) const {
  const float* weights = weights_.data();
  for (int first = 0; first < static_cast<int>(bias_.size()); first += kGroup, scores += kGroup * kStrip) {
    const float* bias = bias_.data() + first;
    Lanes sums[kGroup * kRegisters];
#pragma GCC unroll 8
    for (int n = 0; n < kGroup * kRegisters; ++n) sums[n] = Lanes{} + bias[n / kRegisters];
    for (int input = 0; input < inputs_; ++input, weights += kGroup) {
#pragma GCC unroll 8
      for (int n = 0; n < kGroup * kRegisters; ++n)
        sums[n] += weights[n / kRegisters] * lanesAt(features + input * kStrip + n % kRegisters * kLanes);
    }
#pragma GCC unroll 8
    for (int n = 0; n < kGroup * kRegisters; ++n) lanesAt(scores + n * kLanes) = sums[n];
  }
}

ClassSums::ClassSums(int classes, int height, int width)
    : classes_(classes),
      height_(height),
      width_(width),
      stripsPerRow_((width + Head::kStrip - 1) / Head::kStrip),
      probabilities_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(height) *
                     static_cast<std::size_t>(stripsPerRow_)),
      squares_(static_cast<std::size_t>(height) * static_cast<std::size_t>(stripsPerRow_)) {}

std::size_t ClassSums::stripAt(int y, int x) const {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(stripsPerRow_) +
         static_cast<std::size_t>(x / Head::kStrip);
}

void ClassSums::add(float* scores, float inverseTemperature, int y, int x) {
  const std::size_t strip = stripAt(y, x);
  for (int r = 0; r < kRegisters; ++r) {
    float* first = scores + r * kLanes;
    Lanes highest = lanesAt(first);
    for (int c = 1; c < classes_; ++c) highest = larger(highest, lanesAt(first + c * Head::kStrip));
    Lanes total = {};
    for (int c = 0; c < classes_; ++c) {
      Lanes& value = lanesAt(first + c * Head::kStrip);
      value = exponential((value - highest) * inverseTemperature);
      total += value;
    }
    const Lanes scale = 1.0F / total;
    Lanes squares = {};
    for (int c = 0; c < classes_; ++c) {
      const Lanes probability = lanesAt(first + c * Head::kStrip) * scale;
      const std::size_t place = static_cast<std::size_t>(c) * squares_.size() + strip;
      lanesAt(probabilities_[place].values + r * kLanes) += probability;
      squares += probability * probability;
    }
    lanesAt(squares_[strip].values + r * kLanes) += squares;
  }
}

void ClassSums::write(int samples, std::size_t slice, SlicePrediction& prediction) const {
  const std::size_t pixels = static_cast<std::size_t>(height_) * static_cast<std::size_t>(width_);
  const float share = 1.0F / static_cast<float>(samples);
  float* means = prediction.mean.data() + slice * pixels * static_cast<std::size_t>(classes_);
  std::size_t pixel = slice * pixels;
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x, ++means, ++pixel) {
      const std::size_t strip = stripAt(y, x);
      const int lane = x % Head::kStrip;
      float squareOfMean = 0.0F, entropy = 0.0F;
      for (std::size_t c = 0; c < static_cast<std::size_t>(classes_); ++c) {
        const float mean = share * probabilities_[c * squares_.size() + strip].values[lane];
        means[c * pixels] = mean;
        squareOfMean += mean * mean;
        entropy -= mean > 0.0F ? mean * std::log(mean) : 0.0F;
      }
      // Of one sample the variance is 0, which rounding must not hide.
      if (samples > 1)
        prediction.variance[pixel] = std::max(0.0F, share * squares_[strip].values[lane] - squareOfMean);
      prediction.entropy[pixel] = std::max(0.0F, entropy);
    }
}

namespace {

// A strip of features, by channel; what lies beyond the row repeats its last pixel.
void gather(const FeatureMap& features, bool mirrored, int inputs, int y, int x, float* strip) {
  for (int block = 0; block < channelBlocks(inputs); ++block) {
    const int channels = std::min(kChannelBlock, inputs - block * kChannelBlock);
    for (int n = 0; n < Head::kStrip; ++n) {
      const int upright = std::min(x + n, features.width() - 1);
      const float* pixel = features.at(block, y, mirrored ? features.width() - 1 - upright : upright);
      for (int c = 0; c < channels; ++c) strip[(block * kChannelBlock + c) * Head::kStrip + n] = pixel[c];
    }
  }
}

void writeMostProbable(const float* scores, int classes, int count, std::uint8_t* labels) {
  for (int r = 0; r < kRegisters; ++r) {
    Lanes highest = lanesAt(scores + r * kLanes);
    LaneIndices best = {};
    for (int c = 1; c < classes; ++c) {
      const Lanes score = lanesAt(scores + c * Head::kStrip + r * kLanes);
      best = score > highest ? LaneIndices{} + c : best;
      highest = larger(highest, score);
    }
    for (int lane = 0; lane < kLanes && r * kLanes + lane < count; ++lane)
      labels[r * kLanes + lane] = static_cast<std::uint8_t>(best[lane]);
  }
}

}  // namespace

void addSample(const FeatureMap& features, const Head& head, bool mirrored,
               const std::vector<double>& temperatures, std::vector<ClassSums>& sums, std::uint8_t* labels) {
  std::vector<ChannelBlock> strip(static_cast<std::size_t>(head.inputs()));
  std::vector<ChannelBlock> scores(static_cast<std::size_t>(roundedUp(head.classes(), Head::kGroup)));
  std::vector<ChannelBlock> scratch;
  const int width = features.width();
  for (int y = 0; y < features.height(); ++y)
    for (int x = 0; x < width; x += Head::kStrip) {
      gather(features, mirrored, head.inputs(), y, x, strip.front().values);
      head.score(strip.front().values, scores.front().values);
      writeMostProbable(scores.front().values, head.classes(), std::min(Head::kStrip, width - x),
                        labels + y * width + x);
      for (std::size_t t = 0; t < temperatures.size(); ++t) {
        scratch = scores;
        sums[t].add(scratch.front().values, static_cast<float>(1.0 / temperatures[t]), y, x);
      }
    }
}

}  // namespace coxa
