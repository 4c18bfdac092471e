#pragma once

#include "coxa/image/image.hpp"

#include <string>
#include <vector>

/// A pelvis of boxes, for what needs bones in the right places but no real shapes. World LPS, mm.
struct BoxPelvis {
  std::vector<std::string> names{"background", "hip", "femur", "sacrum", "gluteus_maximus"};

  static coxa::Grid grid() {
    coxa::Grid grid;
    grid.size = {80, 60, 60};
    grid.spacing = {4.0, 4.0, 5.0};
    grid.origin = {-158.0, -118.0, -150.0};
    return grid;
  }

  static std::uint8_t kindAt(const coxa::Vec3& p) {
    const double x = std::abs(p.x());
    const auto within = [&](double x0, double x1, double y0, double y1, double z0, double z1) {
      return x >= x0 && x <= x1 && p.y() >= y0 && p.y() <= y1 && p.z() >= z0 && p.z() <= z1;
    };
    if (within(0, 40, 40, 80, 20, 110)) return 3;
    if (within(45, 110, -40, 60, -20, 120)) return 1;
    if (within(70, 100, -20, 20, -150, -40)) return 2;
    if (within(30, 110, 70, 110, -60, 60)) return 4;
    return 0;
  }

  /// The phantom turned by `world_from_phantom`.
  static coxa::LabelMap kinds(
      const coxa::RigidTransform& world_from_phantom = coxa::RigidTransform::Identity()) {
    coxa::LabelMap map(grid());
    const coxa::RigidTransform phantom_from_world = world_from_phantom.inverse();
    for (int k = 0; k < map.grid.size.z(); ++k)
      for (int j = 0; j < map.grid.size.y(); ++j)
        for (int i = 0; i < map.grid.size.x(); ++i)
          map.at(i, j, k) = kindAt(phantom_from_world * map.grid.worldFromIndex(coxa::Vec3(i, j, k)));
    return map;
  }
};
