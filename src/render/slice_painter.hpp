#pragma once

#include "slice_state.hpp"

namespace coxa {

/// Draws slice pictures; keeps its buffers from one to the next.
class SlicePainter {
 public:
  void paint(const SliceState& state, Picture& picture);

 private:
  void paintVoxels(const SliceState& state, Picture& picture);
  void sampleHu(const SliceState& state);
  void paintModels(const SliceState& state, Canvas& canvas) const;
  void paintDecorations(const SliceState& state, Canvas& canvas);
  void paintLetters(const SliceState& state, Canvas& canvas);
  void paintReadout(const SliceState& state, Canvas& canvas);
  void paintScaleBar(const SliceState& state, Canvas& canvas);
  void paintColorBar(const SliceState& state, Canvas& canvas);
  const TextMask& text(const std::string& text, double heightPx);

  std::vector<float> hu_;
  std::vector<float> leftHu_;  ///< of the volume beside its comparison
  std::vector<float> uncertainty_;
  std::vector<std::uint8_t> labels_;
  std::map<std::pair<std::string, int>, TextMask> texts_;  ///< setting a line takes as long as half a slice
};

}  // namespace coxa
