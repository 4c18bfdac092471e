#include "box_edit.hpp"

#include "coxa/editing/tools.hpp"
#include "coxa/image/filters.hpp"

#include <algorithm>
#include <array>

namespace coxa {

namespace {

constexpr double kReach = 3.0;  // of a Gaussian, in standard deviations

/// 1 where the label is.
ScalarImage maskOf(const LabelMap& labels, std::uint8_t value, const IndexBox& box) {
  const LabelMap part = cropped(labels, box);
  ScalarImage mask(part.grid);
  std::transform(part.voxels.begin(), part.voxels.end(), mask.voxels.begin(),
                 [value](std::uint8_t label) { return label == value ? 1.0F : 0.0F; });
  return mask;
}

/// The level that as many voxels reach as the mask has.
float levelThatKeeps(std::size_t count, std::vector<float> values) {
  const auto last = values.begin() + static_cast<std::ptrdiff_t>(count) - 1;
  std::nth_element(values.begin(), last, values.end(), std::greater<>());
  return *last;
}

std::uint8_t labelAround(const LabelMap& labels, const Eigen::Vector3i& index, std::uint8_t without,
                         const LabelSet& locked) {
  std::array<int, 256> votes{};
  const IndexBox around =
      clipped({index - Eigen::Vector3i::Ones(), index + Eigen::Vector3i::Ones()}, labels.grid);
  for (int k = around.min.z(); k <= around.max.z(); ++k)
    for (int j = around.min.y(); j <= around.max.y(); ++j)
      for (int i = around.min.x(); i <= around.max.x(); ++i) ++votes[labels.at(i, j, k)];
  votes[without] = 0;
  for (std::size_t value = 0; value < votes.size(); ++value)
    if (locked[value]) votes[value] = 0;
  return static_cast<std::uint8_t>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

}  // namespace

LabelChange smooth(const LabelMap& labels, std::uint8_t value, double sigmaMm, const EditScope& scope) {
  const IndexBox bounds = boundsOf(labels, value);
  if (bounds.empty() || sigmaMm <= 0.0) return {};
  const IndexBox box = grown(bounds, labels.grid, kReach * sigmaMm);
  const ScalarImage mask = maskOf(labels, value, box);
  const auto count = static_cast<std::size_t>(std::count(mask.voxels.begin(), mask.voxels.end(), 1.0F));
  const ScalarImage soft = smoothed(mask, Vec3::Constant(sigmaMm));
  const float level = levelThatKeeps(count, soft.voxels);
  return editBox(labels, box, scope, [&](const Eigen::Vector3i& index) -> std::optional<std::uint8_t> {
    const Eigen::Vector3i local = index - box.min;
    const std::size_t at = mask.grid.offset(local.x(), local.y(), local.z());
    const bool inside = soft.voxels[at] >= level;
    if (inside == (mask.voxels[at] == 1.0F)) return std::nullopt;
    return inside ? value : labelAround(labels, index, value, scope.locked);
  });
}

}  // namespace coxa
