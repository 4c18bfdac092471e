#pragma once

#include "plan_model.hpp"

#include "coxa/implants/catalogue.hpp"

namespace coxa {

struct CupSuggestion {
  Cup cup;
  CupPlacement placement;
  double coveragePercent = 0.0;
  bool keepsWalls = true;  ///< no size and place was found that breaks no wall and leaves 1 mm medially
};

/// Opening axis in the world for RI 40° and, in the functional plane, the anteversion that Widmer's rule asks
/// for with this stem version, kept within 15-20°.
Vec3 suggestedCupAxis(const PlanModel& model, double stemVersionDeg);

CupSuggestion suggestCup(const PlanModel& model, const Catalogue& catalogue, const Vec3& axis);

/// Cup pose in the world with that opening axis; the frame's x is superior.
RigidTransform cupPose(const Vec3& center, const Vec3& axis, const Vec3& superior);

}  // namespace coxa
