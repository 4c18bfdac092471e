#include "coxa/geometry/stl.hpp"

#include <cstring>

namespace coxa {

namespace {

template <class T>
void append(const T& value, std::string& bytes) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

void append(const Eigen::Vector3f& v, std::string& bytes) {
  for (int axis = 0; axis < 3; ++axis) append(v[axis], bytes);
}

}  // namespace

std::string binaryStl(const TriangleMesh& mesh) {
  constexpr std::size_t kHeader = 80, kPerTriangle = 50;
  std::string bytes(kHeader, '\0');
  bytes.reserve(kHeader + 4 + kPerTriangle * mesh.triangles.size());
  append(static_cast<std::uint32_t>(mesh.triangles.size()), bytes);
  for (const auto& triangle : mesh.triangles) {
    const Eigen::Vector3f &a = mesh.vertices[triangle[0]], &b = mesh.vertices[triangle[1]],
                          &c = mesh.vertices[triangle[2]];
    append(Eigen::Vector3f((b - a).cross(c - a).normalized()), bytes);
    for (const auto& corner : {a, b, c}) append(corner, bytes);
    append(std::uint16_t{0}, bytes);
  }
  return bytes;
}

}  // namespace coxa
