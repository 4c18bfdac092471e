#include "box_edit.hpp"

#include "coxa/editing/tools.hpp"
#include "coxa/image/filters.hpp"

#include <limits>

namespace coxa {

namespace {

/// Which slices of the box along `axis` have the label.
std::vector<bool> slicesWith(const LabelMap& labels, std::uint8_t value, const IndexBox& box, int axis) {
  std::vector<bool> has(static_cast<std::size_t>(labels.grid.size[axis]), false);
  for (int k = box.min.z(); k <= box.max.z(); ++k)
    for (int j = box.min.y(); j <= box.max.y(); ++j)
      for (int i = box.min.x(); i <= box.max.x(); ++i)
        if (labels.at(i, j, k) == value) has[static_cast<std::size_t>(Eigen::Vector3i(i, j, k)[axis])] = true;
  return has;
}

IndexBox sliceOf(IndexBox box, int axis, int slice) {
  box.min[axis] = box.max[axis] = slice;
  return box;
}

/// What lies between two slices that have the structure.
LabelChange fillGap(const LabelMap& labels, std::uint8_t value, const IndexBox& box, int axis, int below,
                    int above, const EditScope& scope) {
  constexpr double kNoLimit = 1e6;
  const ScalarImage from = signedDistanceMm(labels, value, sliceOf(box, axis, below), kNoLimit);
  const ScalarImage to = signedDistanceMm(labels, value, sliceOf(box, axis, above), kNoLimit);
  IndexBox gap = box;
  gap.min[axis] = below + 1;
  gap.max[axis] = above - 1;
  return editBox(labels, gap, scope, [&](const Eigen::Vector3i& index) -> std::optional<std::uint8_t> {
    const float share = static_cast<float>(index[axis] - below) / static_cast<float>(above - below);
    Eigen::Vector3i local = index - box.min;
    local[axis] = 0;
    const std::size_t at = from.grid.offset(local.x(), local.y(), local.z());
    const float distance = (1.0F - share) * from.voxels[at] + share * to.voxels[at];
    return distance < 0.0F ? std::optional(value) : std::nullopt;
  });
}

}  // namespace

LabelChange fillBetweenSlices(const LabelMap& labels, std::uint8_t value, int axis, const EditScope& scope) {
  const IndexBox bounds = boundsOf(labels, value);
  if (bounds.empty()) return {};
  // A rim of other voxels, so that every outline has an outside.
  const IndexBox box =
      clipped({bounds.min - Eigen::Vector3i::Ones(), bounds.max + Eigen::Vector3i::Ones()}, labels.grid);
  const std::vector<bool> has = slicesWith(labels, value, bounds, axis);
  LabelChange filled;
  int last = bounds.min[axis];
  for (int slice = bounds.min[axis]; slice <= bounds.max[axis]; ++slice) {
    if (!has[static_cast<std::size_t>(slice)]) continue;
    if (slice > last + 1) filled = combined(filled, fillGap(labels, value, box, axis, last, slice, scope));
    last = slice;
  }
  return filled;
}

}  // namespace coxa
