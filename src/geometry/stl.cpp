#include "coxa/geometry/stl.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <sstream>

namespace coxa {

namespace {

constexpr std::size_t kHeader = 80, kPerTriangle = 50;

template <class T>
void append(const T& value, std::string& bytes) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

void append(const Eigen::Vector3f& v, std::string& bytes) {
  for (int axis = 0; axis < 3; ++axis) append(v[axis], bytes);
}

template <class T>
T valueAt(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

/// Collects triangles by their corners' places: STL has no shared vertices.
class CornerMesh {
 public:
  bool add(const std::array<Eigen::Vector3f, 3>& corners) {
    TriangleMesh::Triangle triangle{};
    for (std::size_t n = 0; n < 3; ++n) {
      if (!corners[n].allFinite()) return false;
      triangle[n] = vertex(corners[n]);
    }
    if (triangle[0] != triangle[1] && triangle[1] != triangle[2] && triangle[2] != triangle[0])
      mesh_.triangles.push_back(triangle);
    return true;
  }
  TriangleMesh take() { return std::move(mesh_); }

 private:
  std::uint32_t vertex(const Eigen::Vector3f& p) {
    const auto next = static_cast<std::uint32_t>(mesh_.vertices.size());
    const auto [at, isNew] = numbers_.try_emplace({p.x(), p.y(), p.z()}, next);
    if (isNew) mesh_.vertices.push_back(p);
    return at->second;
  }

  TriangleMesh mesh_;
  std::map<std::array<float, 3>, std::uint32_t> numbers_;
};

Result<TriangleMesh> notStl(const std::string& why) {
  return badInput(why + "; export the surface as STL again");
}

bool isBinary(std::string_view bytes) {
  return bytes.size() >= kHeader + 4 &&
         bytes.size() == kHeader + 4 + kPerTriangle * valueAt<std::uint32_t>(bytes, kHeader);
}

Result<TriangleMesh> fromBinary(std::string_view bytes) {
  CornerMesh mesh;
  for (std::size_t at = kHeader + 4; at < bytes.size(); at += kPerTriangle) {
    std::array<Eigen::Vector3f, 3> corners;
    for (std::size_t n = 0; n < 9; ++n)
      corners[n / 3][static_cast<int>(n % 3)] = valueAt<float>(bytes, at + 12 + 4 * n);
    if (!mesh.add(corners)) return notStl("a corner's coordinate is no number");
  }
  return mesh.take();
}

Result<TriangleMesh> fromText(std::string_view bytes) {
  std::istringstream text{std::string(bytes)};
  text.imbue(std::locale::classic());
  CornerMesh mesh;
  std::array<Eigen::Vector3f, 3> corners;
  std::size_t count = 0;
  bool ended = false;
  for (std::string word; text >> word;) {
    ended = ended || word == "endsolid";
    if (word != "vertex") continue;
    Eigen::Vector3f& corner = corners[count % 3];
    if (!(text >> corner.x() >> corner.y() >> corner.z()))
      return notStl("a corner's coordinate is no number");
    if (++count % 3 == 0 && !mesh.add(corners)) return notStl("a corner's coordinate is no number");
  }
  if (!ended || count % 3 != 0) return notStl("the file is cut off");
  return mesh.take();
}

}  // namespace

std::string binaryStl(const TriangleMesh& mesh) {
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

Result<TriangleMesh> meshFromStl(std::string_view bytes) {
  const bool text = bytes.starts_with("solid") && !isBinary(bytes);
  if (!text && !isBinary(bytes))
    return notStl(
        "it is no STL: neither text that begins with \"solid\" nor as long as its number of triangles says");
  auto mesh = text ? fromText(bytes) : fromBinary(bytes);
  if (mesh && mesh->empty()) return notStl("it has no triangle");
  return mesh;
}

}  // namespace coxa
