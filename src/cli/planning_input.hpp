#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/base/job.hpp"
#include "coxa/casefile/case.hpp"
#include "coxa/motion/range_of_motion.hpp"
#include "coxa/planning/context.hpp"

namespace coxa::cli {

/// What planning reads from a case; it owns the CT that the input points to.
class PlanningBones {
 public:
  PlanningBones(PlanningInput input, Volume ct) : input_(std::move(input)), ct_(std::move(ct)) {}
  PlanningInput input() const {
    PlanningInput whole = input_;
    whole.ct = &ct_;
    return whole;
  }

 private:
  PlanningInput input_;
  Volume ct_;
};

/// Errors BadInput: a stage before planning is missing, or the side's bones are not in the scan.
Result<PlanningBones> readPlanningBones(const Case& source, Side side, const Job& job);

/// The surface of one side's "hip" or "femur". Error BadInput: it is not in the labels.
Result<TriangleMesh> boneSurface(const LabelMap& labels, const StructureTable& table, const char* kind,
                                 Side side);

/// The profile of that name. Error Usage: unknown; lists those there are.
Result<MotionProfile> motionProfile(const std::string& name);

}  // namespace coxa::cli
