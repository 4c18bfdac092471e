#include "planning_input.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/anatomy/surfaces.hpp"
#include "coxa/casefile/contents.hpp"

namespace coxa::cli {

Result<TriangleMesh> boneSurface(const LabelMap& labels, const StructureTable& table, const char* kind,
                                 Side side) {
  const Structure* bone = table.find(kind, side);
  if (bone == nullptr) return internalError(std::string("The table of structures has no ") + kind + ".");
  auto mesh = surfaceOf(labels, bone->value);
  if (mesh && mesh->empty())
    return badInput("The segmentation shows no " + bone->name +
                    ". Check that the scan covers that hip, or choose the other side.");
  return mesh;
}

Result<PlanningBones> readPlanningBones(const Case& source, Side side, const Job& job) {
  auto landmarks = readLandmarks(source);
  if (!landmarks) return tl::unexpected(landmarks.error());
  const auto labels = readLabels(source);
  if (!labels) return tl::unexpected(labels.error());
  auto ct = readCtInUse(source);
  if (!ct) return tl::unexpected(ct.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  job.report(0.3);
  auto hip = boneSurface(*labels, *table, "hip", side);
  if (!hip) return tl::unexpected(hip.error());
  job.report(0.7);
  auto femur = boneSurface(*labels, *table, "femur", side);
  if (!femur) return tl::unexpected(femur.error());
  job.report(1.0);
  PlanningInput input;
  input.side = side;
  input.landmarks = std::move(*landmarks);
  input.hipBone = std::move(*hip);
  input.femur = std::move(*femur);
  return PlanningBones(std::move(input), std::move(*ct));
}

Result<MotionProfile> motionProfile(const std::string& name) {
  std::string known;
  for (const auto& profile : motionProfiles()) {
    if (profile.name == name) return profile;
    known += (known.empty() ? "" : ", ") + profile.name;
  }
  return fail(ErrorCode::Usage, "There is no profile '" + name + "'. Choose one of: " + known + ".");
}

}  // namespace coxa::cli
