#include "hip_phantom.hpp"
#include "reference_hips.hpp"
#include "support/shared_data.hpp"

#include "coxa/planning/suggest.hpp"

#include <gmock/gmock.h>

namespace coxa {
namespace {

std::uint8_t labelAt(const LabelMap& labels, const Vec3& world) {
  const Eigen::Vector3i index = labels.grid.indexFromWorld(world).array().round().cast<int>();
  return labels.grid.contains(index) ? labels.at(index.x(), index.y(), index.z()) : std::uint8_t{0};
}

/// Share of the points of a mesh that lie in voxels of a label.
double shareIn(const TriangleMesh& mesh, const LabelMap& labels, std::uint8_t value) {
  int inside = 0;
  for (const auto& vertex : mesh.vertices) inside += labelAt(labels, vertex.cast<double>()) == value;
  return static_cast<double>(inside) / static_cast<double>(mesh.vertices.size());
}

// What a surgeon would check first: the cup sits in the socket and not in the pelvis' inside, the stem in the
// femur, leg length and offset stay what they are, and the two hips of a man without hip disease get
// similar implants.
TEST(RealAnatomy, BothHipsOfAHealthyManArePlausible) {
  COXA_NEEDS_SHARED_DATA();
  const auto hips = readReferenceHips(sharedData());
  ASSERT_TRUE(hips) << hips.error().message;
  std::map<Side, Plan> plans;
  for (const Side side : {Side::Left, Side::Right}) {
    SCOPED_TRACE(name(side));
    const auto context = PlanContext::build(hips->input(side), Job());
    ASSERT_TRUE(context) << context.error().message;
    const auto plan = suggestPlan(*context, shippedCatalogue(), Job());
    ASSERT_TRUE(plan) << plan.error().message;
    plans[side] = *plan;
    const PlanMeasures measures = measure(*plan, *context);
    const HipLandmarks& hip = hips->landmarks.side(side);

    EXPECT_LT((plan->hip.cupCenter() - hip.acetabulum->sphere.center).norm(), 6.5);
    EXPECT_NEAR(plan->hip.cup.outerDiameterMm, 2.0 * hip.femoralHead->sphere.radiusMm + 6.0, 5.0);
    EXPECT_GE(measures.coveragePercent.value, 65.0);
    EXPECT_GE(measures.medialWallMm->value, 1.0);
    EXPECT_LT(measures.anteriorOverhangMm.value, 12.0);

    const std::uint8_t femur = side == Side::Left ? 3 : 4;
    EXPECT_GT(shareIn(femoralComponents(plan->hip).back().mesh, hips->labels, femur), 0.95);
    EXPECT_NEAR(measures.stemVarusDeg->value, 0.0, 4.0);
    EXPECT_GT(measures.stemVersionDeg->value, -10.0);
    EXPECT_LT(measures.stemVersionDeg->value, 45.0);
    EXPECT_LE(std::abs(measures.legLengthChangeMm->value), 8.0);
    EXPECT_LE(std::abs(measures.offsetChangeMm->value), 8.0);
    EXPECT_GT(measures.legLengthAgainstOtherSideMm->sd, 0.0);
  }
  EXPECT_NEAR(plans[Side::Left].hip.cup.outerDiameterMm, plans[Side::Right].hip.cup.outerDiameterMm, 2.0);
  EXPECT_NEAR(plans[Side::Left].hip.stem.size, plans[Side::Right].hip.stem.size, 3);
}

}  // namespace
}  // namespace coxa
