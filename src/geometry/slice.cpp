#include "coxa/geometry/slice.hpp"

namespace coxa {

std::vector<std::array<Vec3, 2>> sliceOf(const TriangleMesh& mesh, const Plane& plane) {
  std::vector<double> height(mesh.vertices.size());
  for (std::size_t i = 0; i < height.size(); ++i)
    height[i] = plane.signedDistance(mesh.vertices[i].cast<double>());

  std::vector<std::array<Vec3, 2>> segments;
  for (const auto& t : mesh.triangles) {
    std::array<Vec3, 2> ends;
    int found = 0;
    for (std::size_t i = 0; i < 3 && found < 2; ++i) {
      const std::uint32_t from = t[i];
      const std::uint32_t to = t[(i + 1) % 3];
      if ((height[from] >= 0.0) == (height[to] >= 0.0)) continue;
      const Vec3 p = mesh.vertices[from].cast<double>();
      const Vec3 q = mesh.vertices[to].cast<double>();
      ends[static_cast<std::size_t>(found++)] = p + (q - p) * (height[from] / (height[from] - height[to]));
    }
    if (found == 2) segments.push_back(ends);
  }
  return segments;
}

}  // namespace coxa
