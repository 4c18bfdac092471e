#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/base/job.hpp"
#include "coxa/geometry/mesh.hpp"
#include "coxa/image/image.hpp"

#include <memory>

namespace coxa {

/// The bones a hip is planned in. Meshes in world LPS, mm, closed, normals out.
struct PlanningInput {
  Side side = Side::Right;
  LandmarkSet landmarks;
  TriangleMesh hipBone;        ///< of that side
  TriangleMesh femur;          ///< of that side; it may end where the scan ends
  const Volume* ct = nullptr;  ///< only read while the context is built; without it the canal is estimated
};

struct PlanModel;

/// What planning needs of a patient, computed once, so that measures follow a dragged implant: distance
/// fields of the bones, the femoral canal, frames, and samples of the uncertain landmarks. Immutable; copies
/// share it; safe to use from several threads.
class PlanContext {
 public:
  /// Errors BadInput: a landmark that planning cannot do without is missing (the message names it: both
  /// ASIS, the acetabulum, femoral head and femoral shaft of that side), or a mesh is empty or not closed.
  static Result<PlanContext> build(const PlanningInput& input, const Job& job);

  Side side() const;
  const LandmarkSet& landmarks() const;
  /// What had to be assumed, for the user.
  const std::vector<Notice>& notices() const;

  const PlanModel& model() const { return *model_; }  ///< for this room only

 private:
  explicit PlanContext(std::shared_ptr<const PlanModel> model) : model_(std::move(model)) {}
  std::shared_ptr<const PlanModel> model_;
};

}  // namespace coxa
