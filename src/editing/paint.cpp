#include "box_edit.hpp"

#include "coxa/editing/tools.hpp"

namespace coxa {

namespace {

/// The brush in the grid's own axes, in mm from voxel (0, 0, 0).
class SweptBrush {
 public:
  SweptBrush(const Grid& grid, const Vec3& from, const Vec3& to, const Brush& brush)
      : spacing_(grid.spacing),
        from_(grid.indexFromWorld(from).cwiseProduct(spacing_)),
        way_(grid.indexFromWorld(to).cwiseProduct(spacing_) - from_),
        radius_(brush.radiusMm) {
    if (!brush.normal) return;
    normal_ = grid.direction.transpose() * brush.normal->normalized();
    halfThickness_ = 0.5 * normal_->cwiseAbs().cwiseProduct(spacing_).maxCoeff();
    way_ -= normal_->dot(way_) * *normal_;
  }

  bool covers(const Eigen::Vector3i& index) const {
    Vec3 p = index.cast<double>().cwiseProduct(spacing_) - from_;
    if (normal_) {
      const double across = normal_->dot(p);
      if (across <= -halfThickness_ || across > halfThickness_) return false;
      p -= across * *normal_;
    }
    const double length2 = way_.squaredNorm();
    const double along = length2 > 0.0 ? std::clamp(p.dot(way_) / length2, 0.0, 1.0) : 0.0;
    return (p - along * way_).squaredNorm() <= radius_ * radius_;
  }

  IndexBox box() const {
    const Vec3 reach = Vec3::Constant(radius_ + halfThickness_);
    const Vec3 low = from_.cwiseMin(from_ + way_) - reach;
    const Vec3 high = from_.cwiseMax(from_ + way_) + reach;
    return {low.cwiseQuotient(spacing_).array().floor().cast<int>(),
            high.cwiseQuotient(spacing_).array().ceil().cast<int>()};
  }

 private:
  Vec3 spacing_;
  Vec3 from_;
  Vec3 way_;
  double radius_;
  std::optional<Vec3> normal_;
  double halfThickness_ = 0.0;
};

}  // namespace

LabelChange paint(const LabelMap& labels, const Vec3& from, const Vec3& to, const Brush& brush,
                  std::uint8_t value, const EditScope& scope) {
  const SweptBrush swept(labels.grid, from, to, brush);
  const Eigen::Vector3i first = nearestIndex(labels.grid, from);
  const Eigen::Vector3i last = nearestIndex(labels.grid, to);
  const auto wanted = [&](const Eigen::Vector3i& index) {
    return swept.covers(index) || index == first || index == last ? std::optional(value) : std::nullopt;
  };
  return editBox(labels, clipped(swept.box(), labels.grid), scope, wanted);
}

}  // namespace coxa
