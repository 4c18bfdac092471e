#pragma once

#include "plan_model.hpp"

#include "coxa/implants/catalogue.hpp"

namespace coxa {

/// How much longer and how much further lateral the femur shall get.
struct WantedChange {
  double legLengthMm = 0.0;
  double offsetMm = 0.0;
};

/// Equal to the other side where it is known and differs by more than twice the difference's own sd;
/// otherwise as now. Within ±8 mm.
WantedChange wantedChange(const PlanModel& model);

/// The stem's directions in the world: along the canal, turned to the native neck.
struct StemAlignment {
  Line axis;    ///< direction proximal
  Vec3 medial;  ///< unit, across the axis
};
/// Nothing where too little of the canal is known to align with.
std::optional<StemAlignment> stemAlignment(const PlanModel& model);

struct StemSuggestion {
  Stem stem;
  Head head;
  RigidTransform world_from_stem = RigidTransform::Identity();
  double clearanceMm = 0.0;
  double offsetErrorMm = 0.0;  ///< planned minus wanted offset change
};

/// Stem, depth and head for a cup at `cupCenter` and that head diameter. Every stem goes as deep as the
/// wanted leg length asks. For each offset and neck length the largest size whose body keeps within the canal
/// is taken; of those, the one that comes nearest to the wanted offset without giving size away.
StemSuggestion suggestStem(const PlanModel& model, const Catalogue& catalogue, const StemAlignment& alignment,
                           const Vec3& cupCenter, double headDiameterMm);

}  // namespace coxa
