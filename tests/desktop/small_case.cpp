#include "small_case.hpp"

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/image/files.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace coxa::test {
namespace {

constexpr double kSocketRadiusMm = 26.0;
constexpr double kShaftX = -128.0;
constexpr double kShaftRadiusMm = 15.0;
constexpr double kCanalRadiusMm = 8.0;

const Vec3 kHead(kHeadX, 0.0, 0.0);
const Vec3 kOpening = Vec3(-0.62, -0.25, -0.74).normalized();

double distanceToSegment(const Vec3& p, const Vec3& a, const Vec3& b) {
  const double t = std::clamp((p - a).dot(b - a) / (b - a).squaredNorm(), 0.0, 1.0);
  return (p - (a + t * (b - a))).norm();
}

bool inBox(const Vec3& p, const Vec3& min, const Vec3& max) {
  return (p.array() >= min.array()).all() && (p.array() <= max.array()).all();
}

double radiusFromShaft(const Vec3& p) {
  return std::hypot(p.x() - kShaftX, p.y() - 5.0);
}

/// Of the right side; the left one is its mirror image.
bool inFemur(const Vec3& p) {
  if ((p - kHead).norm() <= kHeadRadiusMm) return true;
  if (distanceToSegment(p, kHead, {kShaftX, 5.0, -45.0}) <= 13.0) return true;
  if (p.z() <= -20.0 && radiusFromShaft(p) <= kShaftRadiusMm) return true;
  return inBox(p, {-146.0, -5.0, -40.0}, {-120.0, 20.0, 2.0});
}

bool inHip(const Vec3& p) {
  const Vec3 fromHead = p - kHead;
  const double distance = fromHead.norm();
  const bool inShell = distance >= kSocketRadiusMm && distance <= 42.0 && fromHead.dot(kOpening) <= 0.0;
  return inShell || inBox(p, {-118.0, -62.0, 36.0}, {-60.0, 25.0, 92.0}) ||
         inBox(p, {-60.0, -68.0, -30.0}, {-20.0, -20.0, 0.0});
}

Grid smallGrid() {
  Grid grid;
  grid.size = {156, 84, 130};
  grid.spacing = {2.0, 2.0, 2.0};
  grid.origin = {-155.0, -88.0, -158.0};
  return grid;
}

std::int16_t huAt(const Vec3& right, bool isBone) {
  if (!isBone) return 40;
  return right.z() < -50.0 && radiusFromShaft(right) < kCanalRadiusMm ? 20 : 900;
}

void draw(const StructureTable& table, Volume& ct, LabelMap& labels) {
  const Grid& grid = ct.grid;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 world = grid.worldFromIndex(Vec3(i, j, k));
        const Side side = world.x() < 0.0 ? Side::Right : Side::Left;
        const Vec3 right(-std::abs(world.x()), world.y(), world.z());
        const char* kind = inFemur(right) ? "femur" : inHip(right) ? "hip" : nullptr;
        if (kind != nullptr) labels.at(i, j, k) = table.find(kind, side)->value;
        ct.at(i, j, k) = huAt(right, kind != nullptr);
      }
}

HipLandmarks landmarksOf(Side side) {
  const auto at = [side](double x, double y, double z) { return Vec3(side == Side::Right ? x : -x, y, z); };
  const Trust trust{.sdMm = 1.0, .confidence = 0.9, .corrected = false, .note = ""};
  HipLandmarks hip;
  hip.asis = PointLandmark{at(-112.0, -62.0, 90.0), trust};
  hip.pubicTubercle = PointLandmark{at(-25.0, -68.0, -2.0), trust};
  hip.greaterTrochanter = PointLandmark{at(-134.0, 8.0, 2.0), trust};
  hip.lesserTrochanter = PointLandmark{at(-115.0, 12.0, -60.0), trust};
  hip.femoralHead = SphereLandmark{{at(kHeadX, 0.0, 0.0), kHeadRadiusMm, 0.3}, trust};
  hip.acetabulum = SphereLandmark{{at(kHeadX, 0.0, 0.0), kSocketRadiusMm, 0.3}, trust};
  hip.acetabularRim =
      PlaneLandmark{{at(kHeadX, 0.0, 0.0), at(kOpening.x(), kOpening.y(), kOpening.z()), 0.5}, trust};
  const Vec3 neckEnd = at(kShaftX, 5.0, -45.0);
  const Vec3 head = at(kHeadX, 0.0, 0.0);
  hip.femoralNeck = AxisLandmark{{0.5 * (neckEnd + head), (head - neckEnd).normalized(), 0.5}, trust};
  hip.femoralShaft = AxisLandmark{{at(kShaftX, 5.0, -90.0), Vec3::UnitZ(), 0.5}, trust};
  return hip;
}

SegmentationSummary summaryOf(const StructureTable& table, const LabelMap& labels) {
  SegmentationSummary summary;
  for (const Structure& structure : table.all()) {
    const auto count = std::count(labels.voxels.begin(), labels.voxels.end(), structure.value);
    if (count == 0) continue;
    const double ml = static_cast<double>(count) * labels.grid.voxelVolumeMm3() / 1000.0;
    summary.structures.push_back(
        {structure.name, structure.value, {ml, 0.02 * ml}, 0.01 * structure.value, false});
  }
  summary.provenance.model = "drawn";
  return summary;
}

void check(const Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().message);
}

}  // namespace

std::filesystem::path makeSmallCase(const std::filesystem::path& folder) {
  const auto table = StructureTable::loadDefault().value();
  Volume ct(smallGrid());
  LabelMap labels(smallGrid());
  draw(table, ct, labels);
  const ScalarImage uncertainty(smallGrid(), 0.05F);

  auto made = Case::create(folder, "P-123abc").value();
  check(putImport(made, ct, ImportRecord{{{"Manufacturer", "Drawn"}}, {}}));
  check(made.put(Stage::Segmentation, {{"model", "drawn"}}, [&](const std::filesystem::path& into) {
    return writeImage(into / "labels.nrrd", labels)
        .and_then([&] { return writeImage(into / "uncertainty.nrrd", uncertainty); })
        .and_then(
            [&] { return writeSegmentationSummary(into / "structures.json", summaryOf(table, labels)); });
  }));
  LandmarkSet landmarks;
  landmarks.left = landmarksOf(Side::Left);
  landmarks.right = landmarksOf(Side::Right);
  check(putLandmarks(made, landmarks));
  return folder;
}

}  // namespace coxa::test
