#include "coxa/anatomy/reference_labels.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/components.hpp"
#include "coxa/image/resample.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

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
constexpr double kWholeShare = 0.9;

// The table's values of one foreign value; equal where there are no sides to tell apart, 0 for background.
struct SidedValues {
  std::uint8_t left = 0, right = 0;
};
using ValueMap = std::array<SidedValues, 256>;

// The bones that show where the middle is.
enum MiddleBone : std::uint8_t { kNoBone, kHip, kFemur, kSacrum, kSpine };
using BoneMap = std::array<MiddleBone, 256>;

MiddleBone boneOf(const Structure* structure) {
  if (!structure) return kNoBone;
  if (structure->kind == "hip") return kHip;
  if (structure->kind == "femur") return kFemur;
  if (structure->kind == "sacrum") return kSacrum;
  return structure->kind == "lumbar_spine" ? kSpine : kNoBone;
}

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

std::vector<Vec3> middlePoints(const LabelMap& labels, const BoneMap& bones) {
  const auto slices = static_cast<std::size_t>(labels.grid.size.z());
  std::array<std::vector<SliceMiddle>, 5> middles;
  middles.fill(std::vector<SliceMiddle>(slices));
  const std::size_t perSlice = labels.grid.voxelCount() / std::max<std::size_t>(slices, 1);
  forEachVoxel(labels.grid, [&](std::size_t n, const Vec3& p) {
    if (const MiddleBone bone = bones[labels.voxels[n]]) middles[bone][n / perSlice].add(p);
  });
  std::vector<Vec3> points;
  for (const MiddleBone bone : {kHip, kFemur, kSacrum, kSpine})
    for (const SliceMiddle& middle : middles[bone])
      if (middle.count > 0) points.push_back(middle.point(bone == kHip || bone == kFemur));
  return points;
}

// About the points' centre, so that what the points leave open (all at one height, say) stays level.
std::optional<BodyMiddle> middleThrough(const std::vector<Vec3>& points) {
  if (points.empty()) return std::nullopt;
  Vec3 center = Vec3::Zero();
  for (const Vec3& p : points) center += p / static_cast<double>(points.size());
  Eigen::MatrixX2d rows(static_cast<Eigen::Index>(points.size()), 2);
  Eigen::VectorXd x(rows.rows());
  for (Eigen::Index n = 0; n < rows.rows(); ++n) {
    const Vec3 p = points[static_cast<std::size_t>(n)] - center;
    rows.row(n) << p.y(), p.z();
    x[n] = p.x();
  }
  const Eigen::Vector2d slopes = rows.completeOrthogonalDecomposition().solve(x);
  return BodyMiddle{{center.x() - slopes.dot(center.tail<2>()), slopes.x(), slopes.y()}};
}

Result<ValueMap> expertValues(const StructureTable& table) {
  ValueMap values{};
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

std::optional<SidedValues> valuesNamed(const std::string& name, const StructureTable& table) {
  if (const Structure* one = table.find(name)) return SidedValues{one->value, one->value};
  const Structure* left = table.find(name, Side::Left);
  const Structure* right = table.find(name, Side::Right);
  if (!left || !right) return std::nullopt;
  return SidedValues{left->value, right->value};
}

// The share of every connected part of one expert value that lies left of the plane.
std::vector<double> leftShares(const Components& parts, const BodyMiddle& plane) {
  std::vector<double> shares(parts.voxelCounts.size() + 1, 0.0);
  forEachVoxel(parts.ids.grid, [&](std::size_t n, const Vec3& p) {
    if (const auto id = parts.ids.voxels[n]; id != 0 && plane.leftOf(p)) shares[id] += 1.0;
  });
  for (std::size_t id = 1; id < shares.size(); ++id)
    shares[id] /= static_cast<double>(parts.voxelCounts[id - 1]);
  return shares;
}

void assignSides(const LabelMap& expert, int value, const SidedValues& sided, const BodyMiddle& plane,
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

Result<LabelMap> translated(const LabelMap& labels, const ValueMap& values, const StructureTable& table) {
  BoneMap bones{};
  for (std::size_t value = 1; value < bones.size(); ++value)
    bones[value] = boneOf(table.find(values[value].left));
  std::array<bool, 256> present{};
  for (const auto value : labels.voxels) present[value] = true;
  const auto middle = middleThrough(middlePoints(labels, bones));
  LabelMap out(labels.grid);
  for (std::size_t n = 0; n < labels.voxels.size(); ++n) {
    const SidedValues& sided = values[labels.voxels[n]];
    if (sided.left == sided.right) out.voxels[n] = sided.left;
  }
  for (std::size_t value = 1; value < values.size(); ++value) {
    if (!present[value] || values[value].left == values[value].right) continue;
    if (!middle)
      return badInput(
          "The label map has no spine, sacrum, hip bone or femur, so left and right cannot be told.");
    assignSides(labels, static_cast<int>(value), values[value], *middle, out);
  }
  return out;
}

}  // namespace

std::optional<BodyMiddle> bodyMiddle(const LabelMap& labels, const StructureTable& table) {
  BoneMap bones{};
  for (const Structure& structure : table.all()) bones[structure.value] = boneOf(&structure);
  return middleThrough(middlePoints(labels, bones));
}

Result<LabelMap> withSides(const LabelMap& expertLabels, const StructureTable& table) {
  if (std::any_of(expertLabels.voxels.begin(), expertLabels.voxels.end(),
                  [](std::uint8_t value) { return value > kKinds.size(); }))
    return badInput(
        "The label map holds values above 28: it is no map of the Pelvic-Reference-Data's experts.");
  const auto values = expertValues(table);
  if (!values) return tl::unexpected(values.error());
  return translated(expertLabels, *values, table);
}

Result<LabelNames> readLabelNames(const std::filesystem::path& file) {
  const auto text = readFile(file);
  if (!text) return tl::unexpected(text.error());
  try {
    LabelNames names;
    const auto document = nlohmann::json::parse(*text);
    for (const auto& [key, name] : document.items()) {
      const int value = std::stoi(key);
      if (value < 1 || value > 255)
        return badInput(file.string() + " names the value " + key + ". Label values are 1 to 255.");
      names[static_cast<std::uint8_t>(value)] = name.get<std::string>();
    }
    return names;
  } catch (const std::exception& error) {
    return badInput(file.string() + " is not of the form {\"1\": \"hip\", \"2\": \"femur\"}.", error.what());
  }
}

Result<LabelMap> withNames(const LabelMap& labels, const LabelNames& names, const StructureTable& table) {
  ValueMap values{};
  for (const auto& [value, name] : names) {
    const auto sided = valuesNamed(name, table);
    if (!sided)
      return badInput(
          "The names call the value " + std::to_string(value) + " \"" + name +
          "\", which is no structure of resources/structures.json. Correct the name or leave it out.");
    values[value] = *sided;
  }
  return translated(labels, values, table);
}

}  // namespace coxa
