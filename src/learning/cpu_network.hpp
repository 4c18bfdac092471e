#pragma once

#include "packed_convolution.hpp"

namespace coxa {

/// What the encoder hands to the decoder, of one slice.
struct EncodedMaps {
  FeatureMap deepest;             ///< input of the deepest block's last convolution
  std::vector<FeatureMap> skips;  ///< of every finer level, already convolved for the decoder
};

/// The encoder on the CPU.
class CpuEncoder {
 public:
  /// Maps that one slice after the other uses.
  struct Workspace {
    FeatureMap input;
    std::vector<FeatureMap> first, second, pooled;
  };

  explicit CpuEncoder(const NetworkWeights& weights);
  Workspace workspace(int height, int width) const;
  EncodedMaps emptyMaps(int height, int width) const;

  /// `slice`: [channel, height, width], of the workspace's size.
  void encode(const float* slice, bool mirrored, Workspace& workspace, EncodedMaps& encoded) const;

 private:
  struct Level {
    PackedConvolution first, second, skip;
  };
  NetworkShape shape_;
  std::vector<Level> levels_;  // all but the deepest
  PackedConvolution deepest_;
};

/// What of the decoder is the same for every sample.
struct DecoderWeights {
  explicit DecoderWeights(const NetworkWeights& weights);

  NetworkShape shape;
  Convolution deepest;                      ///< second convolution of the deepest block
  std::vector<Convolution> reduce, second;  ///< of level 0, 1, …
  std::vector<EnlargedConvolution> first;   ///< of level 0, 1, …
};

/// The decoder of one sample on the CPU: the network thinned to the channels that the sample keeps, so that
/// dropped ones cost nothing.
class CpuDecoder {
 public:
  struct Workspace {
    FeatureMap picked, deepest;
    std::vector<FeatureMap> reduced, first, second;
  };
  static Workspace workspace(const NetworkShape& shape, int height, int width);

  /// Kept channels are multiplied by `factor`: 1 for the whole network, else 1/(1-p).
  CpuDecoder(const DecoderWeights& weights, KeptChannels kept, float factor);

  /// The input of the head; it lives in the workspace.
  const FeatureMap& decode(const EncodedMaps& encoded, Workspace& workspace) const;

 private:
  struct Level {
    PackedConvolution reduce, second;
  };
  const DecoderWeights* weights_;
  KeptChannels kept_;
  PackedConvolution deepest_;
  std::vector<Level> levels_;
};

}  // namespace coxa
