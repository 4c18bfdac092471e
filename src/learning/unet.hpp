#pragma once

#include "network_weights.hpp"

#include "coxa/learning/network.hpp"
#include "coxa/learning/random.hpp"
#include "coxa/learning/runtime.hpp"

#include <torch/nn.h>

#include <vector>

namespace coxa {

/// What the encoder hands to the decoder: everything that does not depend on dropout.
struct Encoded {
  torch::Tensor deepest;             ///< input of the deepest block's last convolution
  std::vector<torch::Tensor> skips;  ///< of every finer level, already convolved for the decoder
};

/// One factor per channel for each place with dropout: 0 or 1/(1-p). Empty: no dropout.
using DropoutMasks = std::vector<torch::Tensor>;

class UNetImpl : public torch::nn::Module {
 public:
  explicit UNetImpl(const NetworkShape& shape);

  Encoded encode(torch::Tensor images);
  /// Class scores (logits).
  torch::Tensor decode(const Encoded& encoded, const DropoutMasks& masks);
  torch::Tensor forward(const torch::Tensor& images, const DropoutMasks& masks) {
    return decode(encode(images), masks);
  }

  /// Masks for `count` images from `random`, on the network's device.
  DropoutMasks drawMasks(int count, Random& random) const;
  /// As plain numbers, the normalisation of evaluation in the convolutions' weights.
  NetworkWeights folded() const;

 private:
  struct Block {
    torch::nn::Conv2d first{nullptr};
    torch::nn::BatchNorm2d firstNorm{nullptr};
    torch::nn::Conv2d second{nullptr};
    torch::nn::BatchNorm2d secondNorm{nullptr};
  };
  struct Up {
    torch::nn::Conv2d reduce{nullptr};  ///< 1×1, halves the channels before upsampling
    torch::nn::Conv2d skip{nullptr};
    Block block;
  };
  Block makeBlock(const std::string& name, int in, int width, int out);
  Up makeUp(const std::string& name, int skipped, int out);

  NetworkShape shape_;
  std::vector<Block> down_;
  std::vector<Up> up_;  // of level 0, 1, …
  torch::nn::Conv2d head_{nullptr};
};
TORCH_MODULE(UNet);

/// Reads weights; throws std::runtime_error where they are of another shape, which LibTorch alone would take.
void loadWeights(UNet& network, torch::serialize::InputArchive& archive);

torch::Device torchDevice(Device device);

}  // namespace coxa
