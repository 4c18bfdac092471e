#pragma once

#include "coxa/geometry/surface_fit.hpp"
#include "coxa/metal/found_implants.hpp"
#include "coxa/planning/context.hpp"
#include "coxa/planning/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// One bone before the operation brought onto itself after it.
struct BoneRegistration {
  RigidTransform before_from_after = RigidTransform::Identity();
  SurfaceFit fit;  ///< of the surface before onto points after
};

enum class HipPart { Pelvis, Femur };

/// Registers a bone's surface (world of each scan) before an operation to the same bone after it, which may
/// have lost parts and be cut by the scan elsewhere. `implants`: surfaces of metal in the scan after; bone
/// within 2.5 mm of it does not count. Starts: the pelvis' lower, the femur's upper end put upon each other,
/// turned by up to 15° (pelvis) or 40° (femur), the best of them refined. Errors BadInput: a surface is
/// empty, or less than half of the bone comes to lie within 1 mm, so that it is not the same bone or badly
/// segmented.
Result<BoneRegistration> registerBone(HipPart part, const TriangleMesh& before, const TriangleMesh& after,
                                      const std::vector<TriangleMesh>& implants, const Job& job);

/// One measured quantity of a hip, planned and achieved.
struct OutcomeRow {
  std::string measure;                      ///< "cup.inclination", "stem.version", …
  std::string unit;                         ///< "deg" or "mm"
  std::optional<CupDefinition> definition;  ///< of a cup angle
  std::string frame;                        ///< "FPP", "APP", "femur"
  double planned = 0.0;
  double achieved = 0.0;
  Measured difference;  ///< achieved less planned
};

struct PlanOutcome {
  Side side = Side::Right;
  PosedHip planned;
  FoundHip found;     ///< in the scan after
  PosedHip achieved;  ///< in the world of the scan before, each component in its bone; where a product is
                      ///< unknown, a stand-in of the measured sizes
  BoneRegistration pelvis;
  BoneRegistration femur;
  std::vector<OutcomeRow> rows;
};

/// What was implanted against what was planned, both measured with the landmarks and bones of before:
/// achieved cup and stem are carried back by their bones' registrations. Landmark errors touch both alike;
/// the sd of a difference is that of fits and registrations (60 draws). Errors BadInput: cup, head or stem
/// was not found.
Result<PlanOutcome> comparePlan(const Plan& plan, const PlanContext& before, const FoundHip& found,
                                const BoneRegistration& pelvis, const BoneRegistration& femur);

/// The JSON of `coxa-cli compare-plan --json`; docs/implants.md explains every key.
std::string toJson(const PlanOutcome& outcome);

}  // namespace coxa
