#include "coxa/implants/component_meshes.hpp"

#include "coxa/base/files.hpp"
#include "coxa/geometry/mesh_tree.hpp"
#include "coxa/geometry/slice.hpp"
#include "coxa/geometry/stl.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace coxa {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFewestTriangles = 100;
constexpr double kOffSphereMm =
    1.5;  // holes, grooves and ridges: of the other directions most lie this close
constexpr double kLeastShare = 0.7;
constexpr double kInch = 25.4;

/// Largest extents (mm) that such a component may have.
struct Extents {
  const char* component;
  double leastMm, mostMm;
};
constexpr Extents kCup{"cup", 30.0, 90.0}, kHead{"head", 18.0, 65.0}, kStem{"stem", 60.0, 400.0};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

tl::unexpected<Error> wrong(const fs::path& file, const std::string& what) {
  return badInput(file.string() + ": " + what);
}

/// What unit the mesh is probably in, as a sentence; empty if none explains its size.
std::string likelyUnit(double extent, const Extents& wanted) {
  const auto fits = [&](double factor) {
    return extent * factor >= wanted.leastMm && extent * factor <= wanted.mostMm;
  };
  if (fits(1000.0)) return " It seems to be in metres: export it in millimetres.";
  if (fits(kInch)) return " It seems to be in inches: export it in millimetres.";
  if (fits(10.0)) return " It seems to be in centimetres: export it in millimetres.";
  return " Export this component alone, in millimetres.";
}

Result<TriangleMesh> readComponent(const fs::path& file, const Extents& wanted) {
  const auto bytes = readFile(file);
  if (!bytes) return tl::unexpected(bytes.error());
  auto mesh = meshFromStl(*bytes);
  if (!mesh) return wrong(file, mesh.error().message);
  const double extent = bounds(*mesh).sizes().maxCoeff();
  if (extent < wanted.leastMm || extent > wanted.mostMm)
    return wrong(file, "the surface measures " + number(extent) + " mm, a " + wanted.component + " " +
                           number(wanted.leastMm) + " to " + number(wanted.mostMm) + " mm." +
                           likelyUnit(extent, wanted));
  if (mesh->triangles.size() < kFewestTriangles)
    return wrong(file, "only " + std::to_string(mesh->triangles.size()) +
                           " triangles: too coarse to be fitted. Export it finer, at least " +
                           std::to_string(kFewestTriangles) + ".");
  if (!isClosed(*mesh))
    return wrong(
        file,
        "the surface is not closed. Fill its holes and merge its corners in the program it comes from.");
  if (volumeMm3(*mesh) < 0.0) return wrong(file, "the surface is turned inside out. Flip its normals.");
  return mesh;
}

std::vector<Vec3> directions() {
  constexpr int kCount = 400;
  std::vector<Vec3> all;
  for (int n = 0; n < kCount; ++n) {
    const double z = 1.0 - (2.0 * n + 1.0) / kCount, phi = kPi * (3.0 - std::sqrt(5.0)) * n;
    all.push_back({std::sqrt(1.0 - z * z) * std::cos(phi), std::sqrt(1.0 - z * z) * std::sin(phi), z});
  }
  return all;
}

/// Radius at which most directions below `below` (height of a unit direction) meet the surface, from the
/// origin or from outside; nothing when it is no sphere about the origin.
std::optional<double> radiusOf(const TriangleMesh& mesh, bool fromOutside, double below) {
  const MeshTree tree(mesh);
  const double far = 2.0 * bounds(mesh).sizes().norm();
  std::vector<double> radii;
  std::size_t tried = 0;
  for (const Vec3& u : directions()) {
    if (u.z() > below) continue;
    ++tried;
    if (const auto hit = fromOutside ? tree.firstHit(far * u, -u) : tree.firstHit(Vec3::Zero(), u))
      radii.push_back(fromOutside ? far - *hit : *hit);
  }
  if (radii.empty()) return std::nullopt;
  const auto middle = radii.begin() + static_cast<std::ptrdiff_t>(radii.size() / 2);
  std::nth_element(radii.begin(), middle, radii.end());
  const double radius = *middle;
  const auto near = std::count_if(radii.begin(), radii.end(),
                                  [&](double r) { return std::abs(r - radius) < kOffSphereMm; });
  if (static_cast<double>(near) < kLeastShare * static_cast<double>(tried)) return std::nullopt;
  return radius;
}

/// Middle of the outline at one height, weighted by its length.
std::optional<Vec3> middleAt(const TriangleMesh& mesh, double z) {
  Vec3 sum = Vec3::Zero();
  double length = 0.0;
  for (const auto& [a, b] : sliceOf(mesh, Plane{Vec3(0, 0, z), Vec3::UnitZ(), 0.0})) {
    sum += (b - a).norm() * 0.5 * (a + b);
    length += (b - a).norm();
  }
  if (length <= 0.0) return std::nullopt;
  return Vec3(sum / length);
}

/// The neck's axis from its middle part, where neither body nor its end disturbs the cross-sections.
std::optional<Line> neckOf(const TriangleMesh& mesh, double topMm) {
  std::vector<Vec3> middles;
  for (int percent = 25; percent <= 65; percent += 5)
    if (const auto middle = middleAt(mesh, 0.01 * percent * topMm)) middles.push_back(*middle);
  auto line = fitLine(middles);
  if (!line) return std::nullopt;
  if (line->direction.z() < 0.0) line->direction *= -1.0;
  if (line->direction.z() < 0.2) return std::nullopt;
  line->point -= line->point.z() / line->direction.z() * line->direction;
  return line;
}

}  // namespace

Result<CupMesh> readCupMesh(const fs::path& file) {
  auto mesh = readComponent(file, kCup);
  if (!mesh) return tl::unexpected(mesh.error());
  CupMesh cup{file.filename().string(), std::move(*mesh), 0.0, 0.0, 0.0};
  const auto inside = radiusOf(cup.mesh, false, -0.2), outside = radiusOf(cup.mesh, true, -0.2);
  cup.openingMm = bounds(cup.mesh).max().z();
  if (!inside || !outside || *outside - *inside < 0.5 || cup.openingMm > 0.5 * *outside)
    return wrong(
        file,
        "the surface is no cup in its frame: a shell about the origin, the sphere's centre, that opens "
        "towards +z. Move and turn it there.");
  cup.insideRadiusMm = *inside;
  cup.outsideRadiusMm = *outside;
  return cup;
}

Result<HeadMesh> readHeadMesh(const fs::path& file) {
  auto mesh = readComponent(file, kHead);
  if (!mesh) return tl::unexpected(mesh.error());
  HeadMesh head{file.filename().string(), std::move(*mesh), 0.0};
  const auto radius = radiusOf(head.mesh, true, 1.0);
  if (!radius)
    return wrong(file, "the surface is no head in its frame: a sphere about the origin. Move it there.");
  head.diameterMm = 2.0 * *radius;
  return head;
}

Result<StemMesh> readStemMesh(const fs::path& file) {
  auto mesh = readComponent(file, kStem);
  if (!mesh) return tl::unexpected(mesh.error());
  StemMesh stem{file.filename().string(), std::move(*mesh), 0.0, {}, 0.0};
  const Eigen::AlignedBox3d box = bounds(stem.mesh);
  stem.lengthMm = -box.min().z();
  const double top = box.max().z();
  const auto neck = top > 10.0 && stem.lengthMm > 40.0 ? neckOf(stem.mesh, top) : std::nullopt;
  if (!neck || neck->direction.x() < 0.2 || std::abs(neck->direction.y()) > 0.5)
    return wrong(
        file,
        "the surface is no stem in its frame: the origin on the stem's axis where the neck begins, +z "
        "along the axis away from the tip, the neck (without head) leaning to +x. Move and turn it there.");
  stem.neck = *neck;
  stem.neckLengthMm = top / neck->direction.z();
  return stem;
}

}  // namespace coxa
