#pragma once

#include "coxa/planning/plan.hpp"

namespace coxa {

/// The JSON of `coxa-cli plan --json` and of `plan.json` in a case; docs/plan.md explains every key. Points
/// in LPS mm, angles in degrees, standard deviations in the key with `Sd` added.
std::string toJson(const Plan& plan, const PlanMeasures& measures);
/// Reads the plan back; measures are not read but measured again. Parts are found in the catalogue by their
/// product id. Errors BadInput: malformed JSON, a missing key, or a product the catalogue does not have.
Result<Plan> planFromJson(const std::string& json, const Catalogue& catalogue);

}  // namespace coxa
