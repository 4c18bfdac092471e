#include "coxa/learning/predictor.hpp"

#include "cpu_predictor.hpp"
#include "first_line.hpp"
#include "mixed_precision.hpp"
#include "unet.hpp"

#include <torch/serialize.h>

#include <optional>

namespace coxa {

using torch::Tensor;

struct Predictor::Network {
  UNet unet;
  NetworkShape shape;
  torch::Device device;
  std::optional<CpuPredictor> cpu;  // instead of LibTorch's passes where there is no graphics card
};

Predictor::Predictor(std::unique_ptr<Network> network) : network_(std::move(network)) {}
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;
Predictor::~Predictor() = default;

Result<Predictor> Predictor::load(const std::filesystem::path& weights, const NetworkShape& shape,
                                  Device device) {
  if (device == Device::Cuda && !cudaAvailable())
    return fail(ErrorCode::Usage, "No CUDA device can be used here. Choose --device cpu or auto.");
  try {
    auto network = std::make_unique<Network>(Network{UNet(shape), shape, torchDevice(device), {}});
    torch::serialize::InputArchive archive;
    archive.load_from(weights.string(), torch::kCPU);
    loadWeights(network->unet, archive);
    network->unet->to(network->device);
    network->unet->eval();
    if (network->device.is_cpu()) network->cpu.emplace(network->unet->folded());
    return Predictor(std::move(network));
  } catch (const std::exception& error) {
    return badInput(
        weights.string() + " does not hold the weights of this network. Restore the model's files.",
        firstLine(error));
  }
}

namespace {

std::vector<float> floats(const Tensor& tensor) {
  const Tensor t = tensor.to(torch::kCPU, torch::kFloat).contiguous();
  return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
}

std::vector<std::uint8_t> mostProbable(const Tensor& probabilities) {
  const Tensor t = probabilities.argmax(1).to(torch::kCPU, torch::kUInt8).contiguous();
  return {t.data_ptr<std::uint8_t>(), t.data_ptr<std::uint8_t>() + t.numel()};
}

}  // namespace

namespace {

constexpr std::int64_t kWidthAxis = 3;

// Sums over samples, from which mean, variance and entropy follow.
class Moments {
 public:
  void add(const Tensor& probabilities) {
    if (!sum_.defined()) {
      sum_ = torch::zeros_like(probabilities);
      sumOfSquares_ = torch::zeros_like(probabilities);
    }
    sum_ += probabilities;
    sumOfSquares_.addcmul_(probabilities, probabilities);
    ++count_;
  }
  void write(SlicePrediction& prediction) const {
    const Tensor mean = sum_ / count_;
    prediction.mean = floats(mean);
    prediction.variance = floats((sumOfSquares_ / count_ - mean.square()).clamp_min_(0.0).sum(1));
    prediction.entropy = floats(torch::xlogy(mean, mean).sum(1).neg_().clamp_min_(0.0));
  }

 private:
  Tensor sum_, sumOfSquares_;
  int count_ = 0;
};

}  // namespace

Result<SlicePrediction> Predictor::predict(const SliceBatch& slices, const Sampling& sampling,
                                           const Job& job) const {
  auto predictions = predictAt({sampling.temperature}, slices, sampling, job);
  if (!predictions) return tl::unexpected(predictions.error());
  return std::move(predictions->front());
}

Result<std::vector<SlicePrediction>> Predictor::predictAt(const std::vector<double>& temperatures,
                                                          const SliceBatch& slices, const Sampling& sampling,
                                                          const Job& job) const {
  if (network_->cpu) return network_->cpu->predictAt(temperatures, slices, sampling, job);
  try {
    const c10::InferenceMode inference;
    const MixedPrecision mixed(network_->device, torch::kHalf);
    UNet& unet = network_->unet;
    const Tensor images = torch::from_blob(const_cast<float*>(slices.values.data()),
                                           {slices.count, slices.channels, slices.height, slices.width})
                              .to(network_->device);
    const bool sampled = sampling.samples > 1;
    const Encoded plain = unet->encode(images);
    const Encoded mirrored = sampled ? unet->encode(images.flip(kWidthAxis)) : Encoded{};
    std::vector<SlicePrediction> predictions(temperatures.size());
    std::vector<Moments> moments(temperatures.size());
    for (int sample = 0; sample < sampling.samples; ++sample) {
      if (job.cancelled()) return cancelled();
      Random random{sampling.seed, static_cast<std::uint64_t>(sample)};
      const DropoutMasks masks = sampled ? unet->drawMasks(1, random) : DropoutMasks{};
      const bool inMirror = sample % 2 == 1;
      const Tensor scores = unet->decode(inMirror ? mirrored : plain, masks).to(torch::kFloat);
      const Tensor upright = inMirror ? scores.flip(kWidthAxis) : scores;
      for (std::size_t t = 0; t < temperatures.size(); ++t) {
        const Tensor probabilities = torch::softmax(upright / temperatures[t], 1);
        predictions[t].samples.push_back(mostProbable(probabilities));
        moments[t].add(probabilities);
      }
    }
    for (std::size_t t = 0; t < temperatures.size(); ++t) moments[t].write(predictions[t]);
    return predictions;
  } catch (const std::exception& error) {
    return internalError("The network failed on a slice.", firstLine(error));
  }
}

std::string Predictor::device() const {
  return network_->device.is_cuda() ? "cuda" : "cpu";
}

double Predictor::encoderFlops(int height, int width) const {
  const NetworkShape& shape = network_->shape;
  double pixels = static_cast<double>(height) * width;
  double in = shape.inputChannels;
  double products = 0.0;
  for (int level = 0; level < shape.levels; ++level, pixels /= 4.0) {
    const double out = shape.filters << level;
    products += 9.0 * in * out * pixels;
    // The second convolution and the decoder's half for the skip connection.
    if (level + 1 < shape.levels) products += 9.0 * out * (out + (shape.decoderFilters << level)) * pixels;
    in = out;
  }
  return 2.0 * products;
}

double Predictor::sampleFlops(int height, int width) const {
  const NetworkShape& shape = network_->shape;
  const double kept = 1.0 - shape.dropout;
  const int deepest = shape.levels - 1;
  double pixels = static_cast<double>(height) * width;
  double products = static_cast<double>(shape.decoderFilters) * shape.classes * pixels;
  for (int level = 0; level < deepest; ++level, pixels /= 4.0) {
    const double out = shape.decoderFilters << level;
    // Halving the channels, the first convolution at the resolution before it is enlarged, the second.
    products += (kept * 2.0 / 4.0 + 4.0 + (level > 0 ? kept : 1.0) * 9.0) * out * out * pixels;
  }
  products += 9.0 * kept * (shape.filters << deepest) * kept * (shape.decoderFilters << deepest) * pixels;
  return 2.0 * products;
}

}  // namespace coxa
