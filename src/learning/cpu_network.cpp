#include "cpu_network.hpp"

#include <numeric>
#include <utility>

namespace coxa {

CpuEncoder::CpuEncoder(const NetworkWeights& weights)
    : shape_(weights.shape), deepest_(packed(weights.down.back().first)) {
  for (std::size_t level = 0; level < weights.up.size(); ++level)
    levels_.push_back({packed(weights.down[level].first), packed(weights.down[level].second),
                       packed(weights.up[level].skip)});
}

CpuEncoder::Workspace CpuEncoder::workspace(int height, int width) const {
  Workspace workspace;
  workspace.input = FeatureMap(shape_.inputChannels, height, width);
  for (int level = 0; level + 1 < shape_.levels; ++level) {
    const int channels = shape_.filters << level, rows = height >> level, columns = width >> level;
    workspace.first.emplace_back(channels, rows, columns);
    workspace.second.emplace_back(channels, rows, columns);
    workspace.pooled.emplace_back(channels, rows / 2, columns / 2);
  }
  return workspace;
}

EncodedMaps CpuEncoder::emptyMaps(int height, int width) const {
  const int deepest = shape_.levels - 1;
  EncodedMaps maps;
  maps.deepest = FeatureMap(shape_.filters << deepest, height >> deepest, width >> deepest);
  for (int level = 0; level < deepest; ++level)
    maps.skips.emplace_back(shape_.decoderFilters << level, height >> level, width >> level);
  return maps;
}

namespace {

void fill(FeatureMap& map, const float* slice, bool mirrored) {
  for (int channel = 0; channel < map.channels(); ++channel)
    for (int y = 0; y < map.height(); ++y)
      for (int x = 0; x < map.width(); ++x, ++slice)
        map.at(channel / kChannelBlock, y, mirrored ? map.width() - 1 - x : x)[channel % kChannelBlock] =
            *slice;
}

}  // namespace

void CpuEncoder::encode(const float* slice, bool mirrored, Workspace& workspace, EncodedMaps& encoded) const {
  fill(workspace.input, slice, mirrored);
  const FeatureMap* input = &workspace.input;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    convolve(levels_[level].first, *input, Activation::Rectified, workspace.first[level]);
    convolve(levels_[level].second, workspace.first[level], Activation::Rectified, workspace.second[level]);
    convolve(levels_[level].skip, workspace.second[level], Activation::None, encoded.skips[level]);
    poolHighest(workspace.second[level], workspace.pooled[level]);
    input = &workspace.pooled[level];
  }
  convolve(deepest_, *input, Activation::Rectified, encoded.deepest);
}

DecoderWeights::DecoderWeights(const NetworkWeights& weights)
    : shape(weights.shape), deepest(weights.down.back().second) {
  for (const auto& up : weights.up) {
    reduce.push_back(up.reduce);
    first.push_back(packedEnlarged(up.block.first));
    second.push_back(up.block.second);
  }
}

CpuDecoder::Workspace CpuDecoder::workspace(const NetworkShape& shape, int height, int width) {
  const int deepest = shape.levels - 1;
  Workspace workspace;
  workspace.picked = FeatureMap(shape.filters << deepest, height >> deepest, width >> deepest);
  workspace.deepest = FeatureMap(shape.decoderFilters << deepest, height >> deepest, width >> deepest);
  for (int level = 0; level < deepest; ++level) {
    const int channels = shape.decoderFilters << level, rows = height >> level, columns = width >> level;
    workspace.reduced.emplace_back(channels, rows / 2, columns / 2);
    workspace.first.emplace_back(channels, rows, columns);
    workspace.second.emplace_back(channels, rows, columns);
  }
  return workspace;
}

CpuDecoder::CpuDecoder(const DecoderWeights& weights, KeptChannels kept, float factor)
    : weights_(&weights),
      kept_(std::move(kept)),
      deepest_(packed(weights.deepest, kept_[0], kept_[1], factor)),
      levels_(weights.reduce.size()) {
  std::vector<int> finest(static_cast<std::size_t>(weights.shape.decoderFilters));
  std::iota(finest.begin(), finest.end(), 0);
  std::size_t place = 1;
  for (std::size_t level = levels_.size(); level-- > 0; ++place) {
    std::vector<int> reduced(static_cast<std::size_t>(weights.reduce[level].outputs));
    std::iota(reduced.begin(), reduced.end(), 0);
    levels_[level].reduce = packed(weights.reduce[level], kept_[place], reduced, factor);
    levels_[level].second =
        packed(weights.second[level], reduced, level > 0 ? kept_[place + 1] : finest, 1.0F);
  }
}

const FeatureMap& CpuDecoder::decode(const EncodedMaps& encoded, Workspace& workspace) const {
  pickChannels(encoded.deepest, kept_.front(), workspace.picked);
  convolve(deepest_, workspace.picked, Activation::Rectified, workspace.deepest);
  const FeatureMap* input = &workspace.deepest;
  for (std::size_t level = levels_.size(); level-- > 0;) {
    convolve(levels_[level].reduce, *input, Activation::None, workspace.reduced[level]);
    convolveEnlarged(weights_->first[level], workspace.reduced[level], encoded.skips[level],
                     workspace.first[level]);
    convolve(levels_[level].second, workspace.first[level], Activation::Rectified, workspace.second[level]);
    input = &workspace.second[level];
  }
  return *input;
}

}  // namespace coxa
