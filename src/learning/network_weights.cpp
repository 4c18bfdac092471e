#include "network_weights.hpp"

#include <numeric>

namespace coxa {

std::vector<int> dropoutWidths(const NetworkShape& shape) {
  const int deepest = shape.levels - 1;
  std::vector<int> widths{shape.filters << deepest, shape.decoderFilters << deepest};
  for (int level = deepest - 1; level > 0; --level) widths.push_back(shape.decoderFilters << level);
  return widths;
}

KeptChannels drawKeptChannels(const NetworkShape& shape, Random& random) {
  KeptChannels kept;
  for (const int width : dropoutWidths(shape)) {
    auto& channels = kept.emplace_back();
    for (int channel = 0; channel < width; ++channel)
      if (!random.chance(shape.dropout)) channels.push_back(channel);
  }
  return kept;
}

KeptChannels allChannels(const NetworkShape& shape) {
  KeptChannels all;
  for (const int width : dropoutWidths(shape)) {
    all.emplace_back(width);
    std::iota(all.back().begin(), all.back().end(), 0);
  }
  return all;
}

}  // namespace coxa
