#pragma once

#include "coxa/image/image.hpp"

#include <functional>

namespace coxa {

/// Signed distance in mm to a shape in an axial plane, negative inside.
class PlaneField {
 public:
  /// Of the points within `halfMm` of `center`, along x and along y, for which `inside` holds, on a grid of
  /// 1 mm at the centre's height.
  PlaneField(const Vec3& center, double halfMm, const std::function<bool(const Vec3&)>& inside);
  /// Of the pixels of a slice that are above 0.
  explicit PlaneField(const LabelMap& mask);

  /// Linear between pixels; beyond them it grows with the way.
  double at(double x, double y) const;
  bool anywhere() const { return area_ > 0.0; }
  double areaMm2() const { return area_; }
  /// The shape's centroid; its z is that of the plane.
  const Vec3& centroid() const { return centroid_; }

 private:
  void measure(const LabelMap& mask);

  ScalarImage distanceMm_;
  double area_ = 0.0;
  Vec3 centroid_ = Vec3::Zero();
};

}  // namespace coxa
