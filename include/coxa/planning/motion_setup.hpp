#pragma once

#include "coxa/base/result.hpp"
#include "coxa/motion/range_of_motion.hpp"
#include "coxa/planning/context.hpp"
#include "coxa/planning/plan.hpp"

namespace coxa {

/// The planned hip as bodies that move: hip bone, cup and liner on one side; resected femur, stem and head,
/// brought into the cup, on the other. Names are those of MotionBody. Angles are zero where the femur frame
/// is parallel to the functional pelvic plane's. Errors BadInput: a landmark that the frames need is missing.
Result<MotionSetup> motionSetup(const Plan& plan, const PlanningInput& input);

/// The femur without its head: cut across the neck at the stem's proximal end, and upright along the stem's
/// lateral side, so that the greater trochanter stays (the saddle cut of the operation). World coordinates,
/// as scanned.
TriangleMesh resectedFemur(const TriangleMesh& femur, const PosedHip& hip);

}  // namespace coxa
