#pragma once

#include "body.hpp"

namespace coxa {

/// The structures' values in the axial plane through `center`, `halfMm` to every side, on a grid of 1 mm.
LabelMap axialSlice(const CarriedTemplate& anatomy, const Vec3& center, double halfMm);

/// Signed distance in mm to a shape in an axial plane, negative inside.
class PlaneField {
 public:
  /// Of the pixels of a slice (1 mm) that are above 0.
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
