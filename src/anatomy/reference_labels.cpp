#include "coxa/anatomy/reference_labels.hpp"

#include "coxa/image/components.hpp"
#include "coxa/image/resample.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <limits>

namespace coxa {

namespace {

// In the order of the experts' values, which start at 1.
constexpr std::array kKinds = {"hip",
                               "femur",
                               "sacrum",
                               "lumbar_spine",
                               "gluteus_maximus",
                               "gluteus_medius",
                               "gluteus_minimus",
                               "iliacus",
                               "obturator_externus",
                               "obturator_internus",
                               "pectineus",
                               "piriformis",
                               "psoas_major",
                               "adductors",
                               "biceps_femoris",
                               "gracilis",
                               "rectus_femoris",
                               "sartorius",
                               "semimembranosus",
                               "semitendinosus",
                               "tensor_fasciae_latae",
                               "vastus_lateralis_intermedius",
                               "vastus_medialis",
                               "erector_spinae",
                               "quadratus_lumborum",
                               "rectus_abdominis",
                               "latissimus_dorsi",
                               "oblique"};
constexpr int kHip = 1, kFemur = 2, kSacrum = 3, kSpine = 4;
constexpr double kWholeShare = 0.9;

// x = a + b·y + c·z
struct MidPlane {
  Vec3 abc = Vec3::Zero();
  bool leftOf(const Vec3& p) const { return p.x() > abc.x() + abc.y() * p.y() + abc.z() * p.z(); }
};

template <class Visit>
void forEachVoxel(const Grid& grid, const Visit& visit) {
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) visit(grid.offset(i, j, k), grid.worldFromIndex(Vec3(i, j, k)));
}

// One slice's evidence of where the middle is: the centre of an unpaired bone, or midway between a pair's
// outer ends.
struct SliceMiddle {
  Vec3 sum = Vec3::Zero();
  double count = 0.0;
  double minX = std::numeric_limits<double>::max();
  double maxX = std::numeric_limits<double>::lowest();

  void add(const Vec3& p) {
    sum += p;
    ++count;
    minX = std::min(minX, p.x());
    maxX = std::max(maxX, p.x());
  }
  Vec3 point(bool paired) const {
    Vec3 middle = sum / count;
    if (paired) middle.x() = 0.5 * (minX + maxX);
    return middle;
  }
};

std::vector<Vec3> middlePoints(const LabelMap& labels) {
  const auto slices = static_cast<std::size_t>(labels.grid.size.z());
  std::array<std::vector<SliceMiddle>, 5> middles;
  middles.fill(std::vector<SliceMiddle>(slices));
  const std::size_t perSlice = labels.grid.voxelCount() / std::max<std::size_t>(slices, 1);
  forEachVoxel(labels.grid, [&](std::size_t n, const Vec3& p) {
    const int value = labels.voxels[n];
    if (value >= kHip && value <= kSpine) middles[static_cast<std::size_t>(value)][n / perSlice].add(p);
  });
  std::vector<Vec3> points;
  for (const int value : {kHip, kFemur, kSacrum, kSpine})
    for (const SliceMiddle& middle : middles[static_cast<std::size_t>(value)])
      if (middle.count > 0) points.push_back(middle.point(value == kHip || value == kFemur));
  return points;
}

MidPlane fitMidPlane(const std::vector<Vec3>& points) {
  Eigen::MatrixX3d rows(static_cast<Eigen::Index>(points.size()), 3);
  Eigen::VectorXd x(rows.rows());
  for (Eigen::Index n = 0; n < rows.rows(); ++n) {
    const Vec3& p = points[static_cast<std::size_t>(n)];
    rows.row(n) << 1.0, p.y(), p.z();
    x[n] = p.x();
  }
  return {rows.completeOrthogonalDecomposition().solve(x)};
}

struct SidedValues {
  std::uint8_t left = 0, right = 0;
};

Result<std::array<SidedValues, kKinds.size() + 1>> sidedValues(const StructureTable& table) {
  std::array<SidedValues, kKinds.size() + 1> values{};
  for (std::size_t n = 0; n < kKinds.size(); ++n) {
    const Structure* unpaired = table.find(kKinds[n], std::nullopt);
    const Structure* left = unpaired ? unpaired : table.find(kKinds[n], Side::Left);
    const Structure* right = unpaired ? unpaired : table.find(kKinds[n], Side::Right);
    if (!left || !right)
      return internalError(std::string("The table of structures lacks ") + kKinds[n] + ".");
    values[n + 1] = {left->value, right->value};
  }
  return values;
}

// The share of every connected part of one expert value that lies left of the plane.
std::vector<double> leftShares(const Components& parts, const MidPlane& plane) {
  std::vector<double> shares(parts.voxelCounts.size() + 1, 0.0);
  forEachVoxel(parts.ids.grid, [&](std::size_t n, const Vec3& p) {
    if (const auto id = parts.ids.voxels[n]; id != 0 && plane.leftOf(p)) shares[id] += 1.0;
  });
  for (std::size_t id = 1; id < shares.size(); ++id)
    shares[id] /= static_cast<double>(parts.voxelCounts[id - 1]);
  return shares;
}

void assignSides(const LabelMap& expert, int value, const SidedValues& sided, const MidPlane& plane,
                 LabelMap& out) {
  const IndexBox box = boundsOf(expert, static_cast<std::uint8_t>(value));
  LabelMap mask = cropped(expert, box);
  for (auto& voxel : mask.voxels) voxel = voxel == value ? 1 : 0;
  const Components parts = connectedComponents(mask);
  const std::vector<double> shares = leftShares(parts, plane);
  for (int k = 0; k < mask.grid.size.z(); ++k)
    for (int j = 0; j < mask.grid.size.y(); ++j)
      for (int i = 0; i < mask.grid.size.x(); ++i) {
        const auto id = parts.ids.at(i, j, k);
        if (id == 0) continue;
        const bool whole = shares[id] >= kWholeShare || shares[id] <= 1.0 - kWholeShare;
        const bool left = whole ? shares[id] > 0.5 : plane.leftOf(mask.grid.worldFromIndex(Vec3(i, j, k)));
        out.at(i + box.min.x(), j + box.min.y(), k + box.min.z()) = left ? sided.left : sided.right;
      }
}

}  // namespace

Result<LabelMap> withSides(const LabelMap& expertLabels, const StructureTable& table) {
  std::array<bool, 256> present{};
  for (const auto value : expertLabels.voxels) present[value] = true;
  if (std::find(present.begin() + kKinds.size() + 1, present.end(), true) != present.end())
    return badInput(
        "The label map holds values above 28: it is no map of the Pelvic-Reference-Data's experts.");
  const auto values = sidedValues(table);
  if (!values) return tl::unexpected(values.error());
  const std::vector<Vec3> points = middlePoints(expertLabels);
  if (points.empty())
    return badInput(
        "The label map has no spine, sacrum, hip bone or femur, so left and right cannot be told.");
  const MidPlane plane = fitMidPlane(points);
  LabelMap out(expertLabels.grid);
  for (std::size_t value = 1; value <= kKinds.size(); ++value)
    if (present[value]) assignSides(expertLabels, static_cast<int>(value), (*values)[value], plane, out);
  return out;
}

}  // namespace coxa
