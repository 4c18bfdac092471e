#include "sides.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace coxa {

namespace {

struct Cloud {
  Vec3 sum = Vec3::Zero();
  std::size_t count = 0;

  void add(const Vec3& p) {
    sum += p;
    ++count;
  }
  Vec3 center() const { return sum / static_cast<double>(count); }
};

// World positions of a kind's voxels.
std::vector<Vec3> voxelsOf(const LabelMap& kinds, const std::vector<std::string>& names,
                           const std::string& kind) {
  const auto found = std::find(names.begin(), names.end(), kind);
  std::vector<Vec3> points;
  if (found == names.end()) return points;
  const auto value = static_cast<std::uint8_t>(found - names.begin());
  const Eigen::Vector3i n = kinds.grid.size;
  for (int k = 0; k < n.z(); ++k)
    for (int j = 0; j < n.y(); ++j)
      for (int i = 0; i < n.x(); ++i)
        if (kinds.at(i, j, k) == value) points.push_back(kinds.grid.worldFromIndex(Vec3(i, j, k)));
  return points;
}

Cloud cloudOf(const std::vector<Vec3>& points) {
  Cloud cloud;
  for (const auto& p : points) cloud.add(p);
  return cloud;
}

constexpr const char* kWrongOrientation =
    "Either this is no CT of the hips, or the orientation in the file is wrong: ";
constexpr const char* kWhatToDo =
    " Choose a CT of the hips; if it is one, check patient position and image orientation at the scanner and "
    "export the series again.";

std::optional<std::string> contradiction(const Cloud& hips, const Cloud& sacrum, const Cloud& femora) {
  constexpr double kToleranceMm = 10.0;
  if (sacrum.count == 0) return std::nullopt;
  if (femora.count > 0 && sacrum.center().z() < femora.center().z() - kToleranceMm)
    return "the sacrum lies below the femora, so head and feet are exchanged.";
  if (sacrum.center().y() < hips.center().y() - kToleranceMm)
    return "the sacrum lies in front of the hip bones, so front and back are exchanged.";
  return std::nullopt;
}

}  // namespace

Result<MidsagittalPlane> midsagittalPlane(const LabelMap& kinds, const std::vector<std::string>& names) {
  const auto hips = voxelsOf(kinds, names, "hip");
  constexpr double kLeastHipMl = 20.0;
  if (static_cast<double>(hips.size()) * kinds.grid.voxelVolumeMm3() < 1000.0 * kLeastHipMl)
    return badInput(
        "This is no CT of the hips: no hip bones were found. Choose a CT in which at least one hip joint is "
        "whole.");
  const Cloud allHips = cloudOf(hips);
  const Cloud sacrum = cloudOf(voxelsOf(kinds, names, "sacrum"));
  const Cloud femora = cloudOf(voxelsOf(kinds, names, "femur"));
  if (const auto reason = contradiction(allHips, sacrum, femora))
    return badInput(kWrongOrientation + *reason + kWhatToDo);

  MidsagittalPlane plane;
  plane.point = sacrum.count > 0 ? sacrum.center() : allHips.center();
  for (int iteration = 0; iteration < 5; ++iteration) {
    Cloud left, right;
    for (const auto& p : hips) (plane.sideOf(p) == Side::Left ? left : right).add(p);
    // One hip alone, or most of one: the sacrum's middle and the world's axis are the better guess.
    if (std::min(left.count, right.count) * 2 < std::max(left.count, right.count)) break;
    plane.toLeft = (left.center() - right.center()).normalized();
    plane.point = 0.5 * (left.center() + right.center());
  }
  constexpr double kLeastCosine = 0.8;
  if (plane.toLeft.x() < kLeastCosine)
    return badInput(std::string(kWrongOrientation) + "the hip bones do not lie side by side." + kWhatToDo);
  return plane;
}

}  // namespace coxa
