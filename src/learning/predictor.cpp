#include "coxa/learning/predictor.hpp"

#include "first_line.hpp"
#include "unet.hpp"

#include <torch/serialize.h>

namespace coxa {

using torch::Tensor;

struct Predictor::Network {
  UNet unet;
  NetworkShape shape;
  torch::Device device;
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
    auto network = std::make_unique<Network>(Network{UNet(shape), shape, torchDevice(device)});
    torch::serialize::InputArchive archive;
    archive.load_from(weights.string());
    loadWeights(network->unet, archive);
    network->unet->to(network->device);
    network->unet->eval();
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

Result<SlicePrediction> Predictor::predict(const SliceBatch& slices, int samples, std::uint64_t seed,
                                           const Job& job) const {
  try {
    const c10::InferenceMode inference;
    UNet& unet = network_->unet;
    const Tensor images = torch::from_blob(const_cast<float*>(slices.values.data()),
                                           {slices.count, slices.channels, slices.height, slices.width})
                              .to(network_->device);
    const Encoded encoded = unet->encode(images);
    SlicePrediction prediction;
    Tensor sum, sumOfSquares;
    for (int sample = 0; sample < samples; ++sample) {
      if (job.cancelled()) return cancelled();
      DropoutMasks masks;
      if (samples > 1) {
        Random random{seed, static_cast<std::uint64_t>(sample)};
        masks = unet->drawMasks(1, random);
      }
      const Tensor probabilities = torch::softmax(unet->decode(encoded, masks), 1);
      prediction.samples.push_back(mostProbable(probabilities));
      if (sample == 0) {
        sum = probabilities.clone();
        sumOfSquares = probabilities.square();
      } else {
        sum += probabilities;
        sumOfSquares.addcmul_(probabilities, probabilities);
      }
    }
    const Tensor mean = sum / samples;
    prediction.mean = floats(mean);
    prediction.variance = floats((sumOfSquares / samples - mean.square()).clamp_min_(0.0).sum(1));
    return prediction;
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
    if (level + 1 < shape.levels) products += 2.0 * 9.0 * out * out * pixels;
    in = out;
  }
  return 2.0 * products;
}

double Predictor::sampleFlops(int height, int width) const {
  const NetworkShape& shape = network_->shape;
  double pixels = static_cast<double>(height) * width;
  double products = static_cast<double>(shape.filters) * shape.classes * pixels;
  for (int level = 0; level + 1 < shape.levels; ++level, pixels /= 4.0) {
    const double out = shape.filters << level;
    products += (2.0 * 9.0 * out * out + 2.0 * out * out / 4.0) * pixels;
  }
  const double deepest = shape.filters << (shape.levels - 1);
  return 2.0 * (products + 9.0 * deepest * deepest * pixels);
}

}  // namespace coxa
