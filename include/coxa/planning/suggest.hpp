#pragma once

#include "coxa/planning/context.hpp"
#include "coxa/planning/plan.hpp"

namespace coxa {

/// A plan to start from, in under 5 s with the context. Method (docs/plan.md has the sources): cup diameter
/// from the acetabular sphere, medialised at its height while at least 1 mm of medial wall remains, RI 40°
/// and RA 15-20° (FPP) combined with the stem's version after Widmer; the largest stem whose body keeps
/// within the canal, aligned with it, turned to the native neck; its depth, offset and the head's neck length
/// restore leg length and offset. Errors BadInput: the catalogue has nothing that fits; Cancelled.
Result<Plan> suggestPlan(const PlanContext& context, const Catalogue& catalogue, const Job& job);
Result<Plan> suggestPlan(const PlanningInput& input, const Catalogue& catalogue, const Job& job);

/// All measures of a plan, in at most 20 ms: call it while an implant is dragged. `plan` is for the context's
/// side.
PlanMeasures measure(const Plan& plan, const PlanContext& context);

}  // namespace coxa
