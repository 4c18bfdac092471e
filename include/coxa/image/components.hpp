#pragma once

#include "coxa/image/image.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace coxa {

/// Connected parts of a mask (6-neighbours). `ids` has 0 outside and 1..n inside, largest part first.
struct Components {
  Image<std::uint32_t> ids;
  std::vector<std::size_t> voxelCounts;  ///< of part 1, 2, …
};
/// `mask` is non-zero inside.
Components connectedComponents(const LabelMap& mask);
/// Keeps only the largest connected part of every label; the rest becomes 0.
LabelMap keepLargestComponents(const LabelMap& labels);

}  // namespace coxa
