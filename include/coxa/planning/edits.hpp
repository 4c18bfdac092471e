#pragma once

#include "coxa/planning/context.hpp"
#include "coxa/planning/plan.hpp"

namespace coxa {

/// Edits of a plan. Each returns a new plan whose parts fit together: the liner follows cup and head; a head
/// diameter that no liner of the new cup takes gives way to the largest one that fits. Errors Usage: the
/// catalogue has no such part; the message names what there is.

/// The cup's centre in the world.
Plan setCupCenter(const Plan& plan, const Vec3& center);
/// Turns the cup about its centre. Errors BadInput: the plane's landmarks are missing.
Result<Plan> setCupOrientation(const Plan& plan, const CupAngles& angles, const LandmarkSet& landmarks);
/// The cup of that outer diameter, its centre unchanged.
Result<Plan> setCupSize(const Plan& plan, double outerDiameterMm, const Catalogue& catalogue);

/// Size and offset within the stem's family, its place in the femur unchanged.
Result<Plan> setStemSize(const Plan& plan, int size, StemOffset offset, const Catalogue& catalogue);
/// Moves the stem so that its origin (stem frame) is there in the world.
Plan setStemPosition(const Plan& plan, const Vec3& origin);
/// Turns the stem about its own axis to that version in the femur frame; positive anteverted. Errors
/// BadInput: the femur frame's landmarks are missing.
Result<Plan> setStemVersion(const Plan& plan, double versionDeg, const LandmarkSet& landmarks);

/// The head of that diameter and neck length, and the liner that goes with it.
Result<Plan> setHead(const Plan& plan, double diameterMm, double neckLengthMm, const Catalogue& catalogue);

}  // namespace coxa
