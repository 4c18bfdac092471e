#include "patient_shape.hpp"

#include "carried_landmarks.hpp"

#include "coxa/phantom/noise.hpp"

namespace coxa {

namespace {

constexpr double kModeShare = 0.8;  // of the atlas' spread: six shapes overstate it
constexpr double kFurtherMm = 3.0;  // standard deviation of the further deformation, per axis
constexpr double kFurtherScaleMm = 30.0;

void addFurtherDeformation(VectorImage& velocity, Random& random) {
  for (int axis = 0; axis < 3; ++axis) {
    const ScalarImage noise = correlatedNoise(velocity.grid, Vec3::Constant(kFurtherScaleMm), random.seed());
    for (std::size_t n = 0; n < velocity.voxels.size(); ++n)
      velocity.voxels[n][axis] += static_cast<float>(kFurtherMm) * noise.voxels[n];
  }
}

}  // namespace

PatientShape patientShape(const HipAtlas& atlas, const ShapeTraits& traits, Random& random) {
  std::vector<double> coefficients;
  for (std::size_t mode = 0; mode < atlas.modes.size(); ++mode)
    coefficients.push_back(random.normal(0.0, kModeShare));
  VectorImage velocity = velocityOf(atlas, coefficients);
  addFurtherDeformation(velocity, random);
  PatientShape shape;
  shape.size = random.normal(1.0, 0.04) * sizeFactor(traits);
  shape.deformation = exponential(velocity);
  shape.inverseDeformation = exponential(scaled(std::move(velocity), -1.0F));
  return shape;
}

LandmarkSet carried(const LandmarkSet& landmarks, const PatientShape& shape) {
  constexpr double kAxisReachMm = 20.0;
  LandmarkSet out = landmarks;
  const PointMap patient_from_template = [&](const Vec3& p) { return shape.patientFromTemplate(p); };
  for (const Side side : {Side::Left, Side::Right}) {
    carryPelvis(out.side(side), patient_from_template);
    carryFemur(out.side(side), patient_from_template, kAxisReachMm);
  }
  out.notices.clear();
  return out;
}

}  // namespace coxa
