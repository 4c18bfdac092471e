#include "vessels.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kStepMm = 0.5;

// Catmull-Rom (1974): a smooth curve through the points; beyond the ends the end points are repeated.
Vec3 onCurve(const std::vector<Vec3>& points, std::size_t piece, double t) {
  const Vec3& a = points[piece > 0 ? piece - 1 : 0];
  const Vec3& b = points[piece];
  const Vec3& c = points[piece + 1];
  const Vec3& d = points[std::min(piece + 2, points.size() - 1)];
  return 0.5 * (2.0 * b + t * (c - a) + t * t * (2.0 * a - 5.0 * b + 4.0 * c - d) +
                t * t * t * (3.0 * b - a - 3.0 * c + d));
}

std::vector<VesselTube::Ball> ballsAlong(const VesselCourse& course, const PatientShape& shape,
                                         double diameterFactor) {
  std::vector<VesselTube::Ball> balls;
  for (std::size_t piece = 0; piece + 1 < course.points.size(); ++piece) {
    const double length = (course.points[piece + 1] - course.points[piece]).norm();
    const int steps = std::max(1, static_cast<int>(std::ceil(length / kStepMm)));
    for (int step = 0; step <= steps; ++step) {
      const double t = static_cast<double>(step) / steps;
      const double diameter = (1.0 - t) * course.diametersMm[piece] + t * course.diametersMm[piece + 1];
      balls.push_back(
          {shape.patientFromTemplate(onCurve(course.points, piece, t)), 0.5 * diameterFactor * diameter});
    }
  }
  return balls;
}

// The point that the field takes to `before`, by fixed-point iteration (Chen et al. 2008).
Vec3 after(const Vec3& before, const DisplacementField& before_from_after) {
  constexpr int kIterations = 30;
  Vec3 p = before;
  for (int n = 0; n < kIterations; ++n) p = before - before_from_after.offsetAt(p);
  return p;
}

void putBall(const VesselTube::Ball& ball, std::uint8_t value, const Body& body, LabelMap& vessels) {
  const Grid& grid = vessels.grid;
  const Vec3 reach = Vec3::Constant(ball.radiusMm);
  const Eigen::Vector3i low =
      grid.indexFromWorld(ball.center - reach).array().ceil().cast<int>().max(0).matrix();
  const Eigen::Vector3i high = grid.indexFromWorld(ball.center + reach)
                                   .array()
                                   .floor()
                                   .cast<int>()
                                   .min(grid.size.array() - 1)
                                   .matrix();
  for (int k = low.z(); k <= high.z(); ++k)
    for (int j = low.y(); j <= high.y(); ++j)
      for (int i = low.x(); i <= high.x(); ++i) {
        const std::size_t n = grid.offset(i, j, k);
        if (isFree(body, n) && (grid.worldFromIndex(Vec3(i, j, k)) - ball.center).norm() <= ball.radiusMm)
          vessels.voxels[n] = value;
      }
}

}  // namespace

std::vector<VesselTube> vesselTubes(const std::vector<VesselCourse>& courses, const PatientShape& shape,
                                    const VesselTraits& traits, const StructureTable& table) {
  std::vector<VesselTube> tubes;
  for (const VesselCourse& course : courses)
    if (const Structure* structure = table.find(course.structure))
      tubes.push_back({structure->value, ballsAlong(course, shape, traits.diameter)});
  return tubes;
}

std::vector<VesselTube> moved(std::vector<VesselTube> tubes, const DisplacementField& before_from_after) {
  for (VesselTube& tube : tubes)
    for (VesselTube::Ball& ball : tube.balls) ball.center = after(ball.center, before_from_after);
  return tubes;
}

LabelMap vesselsIn(const Body& body, const std::vector<VesselTube>& tubes) {
  LabelMap vessels(body.labels.grid);
  for (const VesselTube& tube : tubes)
    for (const VesselTube::Ball& ball : tube.balls) putBall(ball, tube.value, body, vessels);
  return vessels;
}

}  // namespace coxa
