#pragma once

#include "coxa/image/filters.hpp"

namespace coxa {

/// A map of space that moves every point a little: p goes to p + offset(p). Offsets are world vectors in mm,
/// given at the centres of a grid's voxels, trilinear between them; beyond the grid the border's offset goes
/// on. A field is named target_from_source like any transform: `moving_from_fixed` takes points of the fixed
/// image to the moving one, is given on a grid over the fixed image, and pulls the moving image onto the
/// fixed one.
struct DisplacementField {
  VectorImage offsetsMm;

  Vec3 offsetAt(const Vec3& world) const;
  Vec3 operator()(const Vec3& world) const { return world + offsetAt(world); }
};

/// The image pulled back onto `fixed`: its value at a voxel centre p is the moving image's at
/// moving_from_fixed(p). `outside` where the moving image has no data.
Volume warped(const Volume& moving, const DisplacementField& moving_from_fixed, const Grid& fixed,
              std::int16_t outside = -1024);
LabelMap warped(const LabelMap& moving, const DisplacementField& moving_from_fixed, const Grid& fixed);
ScalarImage warped(const ScalarImage& moving, const DisplacementField& moving_from_fixed, const Grid& fixed,
                   float outside = 0.0F);

/// a_from_c(p) = a_from_b(b_from_c(p)), on b_from_c's grid.
DisplacementField composed(const DisplacementField& a_from_b, const DisplacementField& b_from_c);
/// The inverse on `grid` by fixed-point iteration (Chen et al. 2008); it converges for a smooth field without
/// folds, whose error is then below a tenth of a voxel of the field.
DisplacementField inverse(const DisplacementField& field, const Grid& grid);
/// The diffeomorphism that flowing along the stationary velocity (mm per unit time) for one unit makes, by
/// scaling and squaring (Arsigny 2006). exponential(-v) is its inverse.
DisplacementField exponential(const VectorImage& velocity);
VectorImage scaled(VectorImage field, float factor);
/// The field's values at the voxel centres of another grid.
VectorImage resampled(const VectorImage& field, const Grid& grid);

/// Determinant of the field's Jacobian at every voxel; above zero everywhere for a map without folds.
ScalarImage jacobianDeterminant(const DisplacementField& field);

}  // namespace coxa
