#pragma once

#include "coxa/image/image.hpp"
#include "coxa/image/resample.hpp"

#include <bitset>
#include <cstdint>
#include <vector>

namespace coxa {

/// Label values, as a set.
using LabelSet = std::bitset<256>;

/// Consecutive voxels of an image that an edit takes from one label to another.
struct LabelRun {
  std::uint32_t start = 0;  ///< offset of the first voxel; images have at most 2^32 voxels
  std::uint16_t length = 0;
  std::uint8_t before = 0;
  std::uint8_t after = 0;
};

/// What an edit changes in a label map, and enough to take it back: eight bytes per run of voxels.
class LabelChange {
 public:
  /// Adds voxels behind all that were added before; nothing where `before` is `after`.
  void add(std::size_t start, std::size_t length, std::uint8_t before, std::uint8_t after);

  /// On the map the change was made for, or on one it was taken back from.
  void applyTo(LabelMap& labels) const;
  void takeBackFrom(LabelMap& labels) const;

  const std::vector<LabelRun>& runs() const { return runs_; }  ///< ascending
  bool empty() const { return runs_.empty(); }
  std::size_t voxelCount() const;
  std::size_t bytes() const { return runs_.size() * sizeof(LabelRun); }
  /// Every label that loses or gains voxels.
  LabelSet labels() const;

 private:
  std::vector<LabelRun> runs_;
};

/// `first` and then `second` as one change; what the second takes back is gone.
LabelChange combined(const LabelChange& first, const LabelChange& second);

/// The voxels a change touches; empty for no change.
IndexBox boundsOf(const LabelChange& change, const Grid& grid);

}  // namespace coxa
