#include "box_edit.hpp"

#include "coxa/editing/tools.hpp"

#include <string>
#include <vector>

namespace coxa {

namespace {

/// The part of the CT within the radius, and what of it has been reached from the seed.
class Flood {
 public:
  Flood(const Volume& ct, const LabelMap& labels, const Vec3& seed, const GrowLimits& limits,
        std::uint8_t value, const EditScope& scope)
      : ct_(ct),
        labels_(labels),
        limits_(limits),
        value_(value),
        scope_(scope),
        center_(ct.grid.indexFromWorld(seed)),
        box_(boxAbout(ct.grid, center_, limits.radiusMm)),
        reached_(cropped(ct.grid, box_)) {}

  void runFrom(const Eigen::Vector3i& seed) {
    visit(seed);
    while (!open_.empty()) {
      const Eigen::Vector3i here = open_.back();
      open_.pop_back();
      for (int axis = 0; axis < 3; ++axis)
        for (const int step : {-1, 1}) {
          Eigen::Vector3i next = here;
          next[axis] += step;
          visit(next);
        }
    }
  }

  const IndexBox& box() const { return box_; }
  bool reached(const Eigen::Vector3i& index) const {
    const Eigen::Vector3i local = index - box_.min;
    return reached_.at(local.x(), local.y(), local.z()) != 0;
  }

 private:
  static IndexBox boxAbout(const Grid& grid, const Vec3& center, double radiusMm) {
    const Vec3 reach = Vec3::Constant(radiusMm).cwiseQuotient(grid.spacing);
    return clipped(
        {(center - reach).array().floor().cast<int>(), (center + reach).array().ceil().cast<int>()}, grid);
  }

  void visit(const Eigen::Vector3i& index) {
    if ((index.array() < box_.min.array()).any() || (index.array() > box_.max.array()).any()) return;
    const Eigen::Vector3i local = index - box_.min;
    std::uint8_t& mark = reached_.at(local.x(), local.y(), local.z());
    if (mark != 0 || !passes(index)) return;
    mark = 1;
    open_.push_back(index);
  }

  bool passes(const Eigen::Vector3i& index) const {
    const std::size_t voxel = ct_.grid.offset(index.x(), index.y(), index.z());
    const int hu = ct_.voxels[voxel];
    if (hu < limits_.lowHu || hu > limits_.highHu) return false;
    const Vec3 fromSeed = (index.cast<double>() - center_).cwiseProduct(ct_.grid.spacing);
    if (fromSeed.norm() > limits_.radiusMm) return false;
    return labels_.voxels[voxel] == value_ || scope_.allows(voxel, labels_.voxels[voxel], value_);
  }

  const Volume& ct_;
  const LabelMap& labels_;
  const GrowLimits& limits_;
  std::uint8_t value_;
  const EditScope& scope_;
  Vec3 center_;
  IndexBox box_;
  LabelMap reached_;
  std::vector<Eigen::Vector3i> open_;
};

}  // namespace

Result<LabelChange> grow(const Volume& ct, const LabelMap& labels, const Vec3& seed, const GrowLimits& limits,
                         std::uint8_t value, const EditScope& scope) {
  if (!sameGrid(ct.grid, labels.grid))
    return badInput("The labels do not lie on the CT's grid. Segment the CT again.");
  const Eigen::Vector3i start = nearestIndex(ct.grid, seed);
  if (!ct.grid.contains(start)) return badInput("Growing starts inside the scan. Click on the structure.");
  const int hu = ct.at(start.x(), start.y(), start.z());
  if (hu < limits.lowHu || hu > limits.highHu)
    return badInput("The place has " + std::to_string(hu) + " HU, which is outside " +
                    std::to_string(limits.lowHu) + " to " + std::to_string(limits.highHu) +
                    ". Click elsewhere or widen the range.");
  Flood flood(ct, labels, seed, limits, value, scope);
  flood.runFrom(start);
  return editBox(labels, flood.box(), scope, [&](const Eigen::Vector3i& index) {
    return flood.reached(index) ? std::optional(value) : std::nullopt;
  });
}

}  // namespace coxa
