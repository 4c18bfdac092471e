#include "coxa/anatomy/replaced_hips.hpp"

#include "coxa/anatomy/implant_metal.hpp"

namespace coxa {

namespace {

// Mean of x over the voxels of a value, world; nothing where there are none.
std::optional<double> middleX(const LabelMap& labels, std::uint8_t value) {
  double sum = 0.0, count = 0.0;
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int j = 0; j < labels.grid.size.y(); ++j)
      for (int i = 0; i < labels.grid.size.x(); ++i)
        if (labels.at(i, j, k) == value) {
          sum += labels.grid.worldFromIndex(Vec3(i, j, k)).x();
          ++count;
        }
  return count > 0.0 ? std::optional(sum / count) : std::nullopt;
}

}  // namespace

std::vector<Side> replacedSides(const Volume& ct, const LabelMap& labels, const StructureTable& table) {
  const auto left = middleX(labels, table.find("hip", Side::Left)->value);
  const auto right = middleX(labels, table.find("hip", Side::Right)->value);
  if (!left || !right) return {};
  const double middle = 0.5 * (*left + *right), voxelMl = ct.grid.voxelVolumeMm3() / 1000.0;
  double leftMl = 0.0, rightMl = 0.0;
  for (int k = 0; k < ct.grid.size.z(); ++k)
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i)
        if (ct.at(i, j, k) > kMetalHu)
          (ct.grid.worldFromIndex(Vec3(i, j, k)).x() > middle ? leftMl : rightMl) += voxelMl;
  std::vector<Side> sides;
  if (isImplant(rightMl)) sides.push_back(Side::Right);
  if (isImplant(leftMl)) sides.push_back(Side::Left);
  return sides;
}

void leaveOutReplacedHips(LandmarkSet& landmarks, const std::vector<Side>& sides) {
  for (const Side side : sides) {
    HipLandmarks& hip = landmarks.side(side);
    hip.femoralHead.reset();
    hip.femoralNeck.reset();
    hip.acetabulum.reset();
    hip.acetabularRim.reset();
    hip.greaterTrochanter.reset();
    hip.lesserTrochanter.reset();
    landmarks.notices.push_back({Notice::Severity::Warning,
                                 "landmarks.replaced-hip",
                                 std::string("The ") + name(side) +
                                     " hip shows an implant: its head, neck, socket and trochanters are not "
                                     "looked for. Place them by "
                                     "hand where a measure needs them.",
                                 {}});
  }
}

}  // namespace coxa
