#include "sided_values.hpp"

#include <tbb/parallel_for.h>

#include <optional>

namespace coxa {

ValueOf::ValueOf(const StructureTable& table, const std::vector<std::string>& kinds) {
  for (const auto& kind : kinds) {
    const auto value = [&](std::optional<Side> side) {
      const Structure* found = table.find(kind, side);
      return found ? found->value : std::uint8_t{0};
    };
    const std::uint8_t unpaired = value(std::nullopt);
    values_.push_back(unpaired ? std::array{unpaired, unpaired}
                               : std::array{value(Side::Left), value(Side::Right)});
  }
}

void applySides(LabelMap& kinds, const ValueOf& valueOf, const MidsagittalPlane& plane) {
  const Eigen::Vector3i n = kinds.grid.size;
  tbb::parallel_for(0, n.z(), [&](int k) {
    for (int j = 0; j < n.y(); ++j)
      for (int i = 0; i < n.x(); ++i) {
        std::uint8_t& voxel = kinds.at(i, j, k);
        if (voxel != 0) voxel = valueOf(voxel, plane.sideOf(kinds.grid.worldFromIndex(Vec3(i, j, k))));
      }
  });
}

}  // namespace coxa
