#include "unet.hpp"

namespace coxa {

namespace {

using torch::Tensor;

std::vector<float> floats(const Tensor& tensor) {
  const Tensor t = tensor.to(torch::kCPU, torch::kFloat).contiguous();
  return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
}

// Weights [output, input, row, column] multiplied by `scale` and a bias, both [output].
Convolution plain(const torch::nn::Conv2d& convolution, const Tensor& scale, const Tensor& bias) {
  const Tensor& weight = convolution->weight;
  return {static_cast<int>(weight.size(1)), static_cast<int>(weight.size(0)),
          static_cast<int>(weight.size(2)), floats(weight.permute({1, 2, 3, 0}) * scale), floats(bias)};
}

// What a normalisation in evaluation does: x · scale + shift.
struct Affine {
  explicit Affine(const torch::nn::BatchNorm2d& norm)
      : scale(norm->weight * (norm->running_var + norm->options.eps()).rsqrt()),
        shift(norm->bias - norm->running_mean * scale) {}
  Tensor scale, shift;
};

Convolution folded(const torch::nn::Conv2d& convolution, const torch::nn::BatchNorm2d& norm) {
  const Affine affine(norm);
  return plain(convolution, affine.scale, affine.shift);
}

Convolution withItsBias(const torch::nn::Conv2d& convolution) {
  return plain(convolution, torch::ones_like(convolution->bias), convolution->bias);
}

}  // namespace

NetworkWeights UNetImpl::folded() const {
  const torch::NoGradGuard noGradient;
  NetworkWeights weights;
  weights.shape = shape_;
  for (const Block& block : down_)
    weights.down.push_back(
        {coxa::folded(block.first, block.firstNorm), coxa::folded(block.second, block.secondNorm)});
  for (const Up& up : up_) {
    const Affine sum(up.block.firstNorm);
    weights.up.push_back({withItsBias(up.reduce),
                          plain(up.skip, sum.scale, sum.shift),
                          {plain(up.block.first, sum.scale, torch::zeros_like(sum.shift)),
                           coxa::folded(up.block.second, up.block.secondNorm)}});
  }
  weights.head = withItsBias(head_);
  return weights;
}

}  // namespace coxa
