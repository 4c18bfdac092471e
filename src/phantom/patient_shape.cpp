#include "patient_shape.hpp"

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

PointLandmark carried(PointLandmark landmark, const PatientShape& shape) {
  landmark.position = shape.patientFromTemplate(landmark.position);
  return landmark;
}

SphereLandmark carried(SphereLandmark landmark, const PatientShape& shape) {
  std::vector<Vec3> points;
  for (int a = 1; a < 12; ++a)
    for (int b = 0; b < 24; ++b) {
      const double polar = kPi * a / 12, azimuth = 2 * kPi * b / 24;
      const Vec3 normal(std::sin(polar) * std::cos(azimuth), std::sin(polar) * std::sin(azimuth),
                        std::cos(polar));
      points.push_back(shape.patientFromTemplate(landmark.sphere.center + landmark.sphere.radiusMm * normal));
    }
  if (const auto fit = fitSphere(points)) landmark.sphere = *fit;
  return landmark;
}

PlaneLandmark carried(PlaneLandmark landmark, const PatientShape& shape) {
  constexpr double kRimRadiusMm = 25.0;
  const Vec3 normal = landmark.plane.normal, first = normal.unitOrthogonal(), second = normal.cross(first);
  std::vector<Vec3> points;
  for (int n = 0; n < 24; ++n) {
    const double angle = 2 * kPi * n / 24;
    points.push_back(shape.patientFromTemplate(
        landmark.plane.point + kRimRadiusMm * (std::cos(angle) * first + std::sin(angle) * second)));
  }
  if (const auto fit = fitPlane(points)) {
    landmark.plane = *fit;
    if (landmark.plane.normal.dot(normal) < 0) landmark.plane.normal *= -1;
  }
  return landmark;
}

AxisLandmark carried(AxisLandmark landmark, const PatientShape& shape) {
  constexpr double kReachMm = 20.0;
  std::vector<Vec3> points;
  for (int n = -4; n <= 4; ++n)
    points.push_back(
        shape.patientFromTemplate(landmark.line.point + 0.25 * n * kReachMm * landmark.line.direction));
  if (auto fit = fitLine(points)) {
    if (fit->direction.dot(points.back() - points.front()) < 0) fit->direction *= -1;
    fit->point = shape.patientFromTemplate(landmark.line.point);
    landmark.line = *fit;
  }
  return landmark;
}

template <class Landmark>
void carry(std::optional<Landmark>& landmark, const PatientShape& shape) {
  if (!landmark) return;
  landmark = carried(*landmark, shape);
  landmark->trust = {0.0, 1.0, false, "truth: carried from the atlas"};
}

}  // namespace

PatientShape randomShape(const HipAtlas& atlas, Random& random) {
  std::vector<double> coefficients;
  for (std::size_t mode = 0; mode < atlas.modes.size(); ++mode)
    coefficients.push_back(random.normal(0.0, kModeShare));
  VectorImage velocity = velocityOf(atlas, coefficients);
  addFurtherDeformation(velocity, random);
  PatientShape shape;
  shape.size = random.normal(1.0, 0.04);
  shape.deformation = exponential(velocity);
  shape.inverseDeformation = exponential(scaled(std::move(velocity), -1.0F));
  return shape;
}

LandmarkSet carried(const LandmarkSet& landmarks, const PatientShape& shape) {
  LandmarkSet out = landmarks;
  for (const Side side : {Side::Left, Side::Right}) {
    HipLandmarks& hip = out.side(side);
    carry(hip.asis, shape);
    carry(hip.pubicTubercle, shape);
    carry(hip.greaterTrochanter, shape);
    carry(hip.lesserTrochanter, shape);
    carry(hip.medialEpicondyle, shape);
    carry(hip.lateralEpicondyle, shape);
    carry(hip.femoralHead, shape);
    carry(hip.acetabulum, shape);
    carry(hip.acetabularRim, shape);
    carry(hip.femoralNeck, shape);
    carry(hip.femoralShaft, shape);
  }
  out.notices.clear();
  return out;
}

}  // namespace coxa
