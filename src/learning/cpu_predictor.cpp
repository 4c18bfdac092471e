#include "cpu_predictor.hpp"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace coxa {

CpuPredictor::CpuPredictor(const NetworkWeights& weights)
    : encoder_(weights), decoder_(weights), head_(weights.head) {}

namespace {

template <typename Function>
void forEverySlice(int count, const Function& function) {
  tbb::parallel_for(0, count, function, tbb::simple_partitioner{});
}

std::size_t pixelsOf(const SliceBatch& slices) {
  return static_cast<std::size_t>(slices.height) * static_cast<std::size_t>(slices.width);
}

std::vector<SlicePrediction> emptyPredictions(std::size_t temperatures, const SliceBatch& slices, int classes,
                                              int samples) {
  const std::size_t pixels = static_cast<std::size_t>(slices.count) * pixelsOf(slices);
  SlicePrediction empty;
  empty.mean.resize(pixels * static_cast<std::size_t>(classes));
  empty.variance.resize(pixels);
  empty.entropy.resize(pixels);
  empty.samples.assign(static_cast<std::size_t>(samples), std::vector<std::uint8_t>(pixels));
  return std::vector<SlicePrediction>(temperatures, empty);
}

}  // namespace

std::vector<CpuPredictor::Slice> CpuPredictor::encoded(const std::vector<double>& temperatures,
                                                       const SliceBatch& slices, bool mirrors) const {
  const int height = slices.height, width = slices.width;
  const std::size_t values = static_cast<std::size_t>(slices.channels) * pixelsOf(slices);
  std::vector<Slice> result(static_cast<std::size_t>(slices.count));
  tbb::enumerable_thread_specific<CpuEncoder::Workspace> workspaces(
      [&] { return encoder_.workspace(height, width); });
  forEverySlice(slices.count, [&](int n) {
    Slice& slice = result[static_cast<std::size_t>(n)];
    const float* input = slices.values.data() + static_cast<std::size_t>(n) * values;
    slice.sums.assign(temperatures.size(), ClassSums(head_.classes(), height, width));
    slice.plain = encoder_.emptyMaps(height, width);
    encoder_.encode(input, false, workspaces.local(), slice.plain);
    if (!mirrors) return;
    slice.mirrored = encoder_.emptyMaps(height, width);
    encoder_.encode(input, true, workspaces.local(), slice.mirrored);
  });
  return result;
}

CpuDecoder CpuPredictor::decoderOf(const Sampling& sampling, int sample) const {
  if (sampling.samples <= 1) return {decoder_, allChannels(decoder_.shape), 1.0F};
  Random random{sampling.seed, static_cast<std::uint64_t>(sample)};
  return {decoder_, drawKeptChannels(decoder_.shape, random),
          static_cast<float>(1.0 / (1.0 - decoder_.shape.dropout))};
}

Result<std::vector<SlicePrediction>> CpuPredictor::predictAt(const std::vector<double>& temperatures,
                                                             const SliceBatch& slices,
                                                             const Sampling& sampling, const Job& job) const {
  const int height = slices.height, width = slices.width;
  std::vector<Slice> encodedSlices = encoded(temperatures, slices, sampling.samples > 1);
  auto predictions = emptyPredictions(temperatures.size(), slices, head_.classes(), sampling.samples);
  tbb::enumerable_thread_specific<CpuDecoder::Workspace> workspaces(
      [&] { return CpuDecoder::workspace(decoder_.shape, height, width); });

  for (int sample = 0; sample < sampling.samples; ++sample) {
    if (job.cancelled()) return cancelled();
    const CpuDecoder decoder = decoderOf(sampling, sample);
    const bool inMirror = sample % 2 == 1;
    auto& labels = predictions.front().samples[static_cast<std::size_t>(sample)];
    forEverySlice(slices.count, [&](int n) {
      Slice& slice = encodedSlices[static_cast<std::size_t>(n)];
      const FeatureMap& features =
          decoder.decode(inMirror ? slice.mirrored : slice.plain, workspaces.local());
      addSample(features, head_, inMirror, temperatures, slice.sums,
                labels.data() + static_cast<std::size_t>(n) * pixelsOf(slices));
    });
  }
  forEverySlice(slices.count, [&](int n) {
    const auto slice = static_cast<std::size_t>(n);
    for (std::size_t t = 0; t < temperatures.size(); ++t)
      encodedSlices[slice].sums[t].write(sampling.samples, slice, predictions[t]);
  });
  // The temperature does not change what is the most probable.
  for (std::size_t t = 1; t < temperatures.size(); ++t) predictions[t].samples = predictions.front().samples;
  return predictions;
}

}  // namespace coxa
