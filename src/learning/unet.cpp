#include "unet.hpp"

#include <torch/cuda.h>
#include <torch/serialize/input-archive.h>

#include <stdexcept>

namespace coxa {

namespace nn = torch::nn;

namespace {

nn::Conv2d conv3x3(int in, int out) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1).bias(false));
}

torch::Tensor activated(nn::BatchNorm2d& norm, const torch::Tensor& x) {
  return norm(x).relu_();
}

}  // namespace

UNetImpl::UNetImpl(const NetworkShape& shape) : shape_(shape) {
  const int deepest = shape.levels - 1;
  int in = shape.inputChannels;
  for (int level = 0; level < shape.levels; ++level) {
    const int width = shape.filters << level;
    const int out = level < deepest ? width : shape.decoderFilters << level;
    down_.push_back(makeBlock("down" + std::to_string(level), in, width, out));
    in = out;
  }
  for (int level = 0; level < deepest; ++level)
    up_.push_back(
        makeUp("up" + std::to_string(level), shape.filters << level, shape.decoderFilters << level));
  head_ = register_module("head", nn::Conv2d(nn::Conv2dOptions(shape.decoderFilters, shape.classes, 1)));
}

UNetImpl::Block UNetImpl::makeBlock(const std::string& name, int in, int width, int out) {
  Block block;
  block.first = register_module(name + "_first", conv3x3(in, width));
  block.firstNorm = register_module(name + "_first_norm", nn::BatchNorm2d(width));
  block.second = register_module(name + "_second", conv3x3(width, out));
  block.secondNorm = register_module(name + "_second_norm", nn::BatchNorm2d(out));
  return block;
}

UNetImpl::Up UNetImpl::makeUp(const std::string& name, int skipped, int out) {
  Up up;
  up.reduce = register_module(name + "_reduce", nn::Conv2d(nn::Conv2dOptions(2 * out, out, 1)));
  up.skip = register_module(name + "_skip", conv3x3(skipped, out));
  up.block = makeBlock(name, out, out, out);
  return up;
}

Encoded UNetImpl::encode(torch::Tensor x) {
  Encoded encoded;
  for (std::size_t level = 0; level < up_.size(); ++level) {
    Block& block = down_[level];
    x = activated(block.firstNorm, block.first(x));
    x = activated(block.secondNorm, block.second(x));
    encoded.skips.push_back(up_[level].skip(x));
    x = torch::max_pool2d(x, 2);
  }
  encoded.deepest = activated(down_.back().firstNorm, down_.back().first(x));
  return encoded;
}

torch::Tensor UNetImpl::decode(const Encoded& encoded, const DropoutMasks& masks) {
  // Channels are dropped where context is decided: within the deepest block and on every way up but the last.
  std::size_t next = 0;
  const auto dropped = [&](const torch::Tensor& x) { return masks.empty() ? x : x * masks[next++]; };

  torch::Tensor x = dropped(encoded.deepest);
  x = dropped(activated(down_.back().secondNorm, down_.back().second(x)));
  for (std::size_t level = up_.size(); level-- > 0;) {
    Up& up = up_[level];
    x = torch::upsample_nearest2d(up.reduce(x), {2 * x.size(2), 2 * x.size(3)});
    // The convolution of the concatenation, whose half for the skip connection is ready.
    x = activated(up.block.firstNorm, up.block.first(x) + encoded.skips[level]);
    x = activated(up.block.secondNorm, up.block.second(x));
    if (level > 0) x = dropped(x);
  }
  return head_(x);
}

DropoutMasks UNetImpl::drawMasks(int count, Random& random) const {
  DropoutMasks masks;
  const float kept = static_cast<float>(1.0 / (1.0 - shape_.dropout));
  for (const int n : dropoutWidths(shape_)) {
    torch::Tensor mask = torch::empty({count, n, 1, 1});
    float* factor = mask.data_ptr<float>();
    for (std::int64_t i = 0; i < mask.numel(); ++i) factor[i] = random.chance(shape_.dropout) ? 0.0F : kept;
    masks.push_back(mask.to(head_->weight.device()));
  }
  return masks;
}

namespace {

std::vector<std::vector<std::int64_t>> sizesOf(const UNetImpl& network) {
  std::vector<std::vector<std::int64_t>> sizes;
  for (const auto& parameter : network.parameters()) sizes.push_back(parameter.sizes().vec());
  return sizes;
}

}  // namespace

namespace {

torch::Dtype storedType(torch::serialize::InputArchive& archive) {
  torch::serialize::InputArchive head;
  torch::Tensor weight;
  archive.read("head", head);
  head.read("weight", weight);
  return weight.scalar_type();
}

}  // namespace

void loadWeights(UNet& network, torch::serialize::InputArchive& archive) {
  const auto expected = sizesOf(*network);
  // Reading replaces a tensor's memory, but not its type.
  const torch::Dtype stored = storedType(archive), own = network->parameters().front().scalar_type();
  if (stored != own) network->to(stored);
  network->load(archive);
  if (stored != own) network->to(own);
  if (sizesOf(*network) != expected) throw std::runtime_error("the weights are of another shape");
}

torch::Device torchDevice(Device device) {
  const bool cuda = device == Device::Cuda || (device == Device::Auto && cudaAvailable());
  return cuda ? torch::kCUDA : torch::kCPU;
}

bool cudaAvailable() {
  return torch::cuda::is_available();
}

}  // namespace coxa
