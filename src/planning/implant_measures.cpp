#include "coxa/planning/implant_measures.hpp"

#include "hip_frames.hpp"
#include "stem_angles.hpp"

#include "coxa/anatomy/frames.hpp"

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <functional>
#include <random>

namespace coxa {

namespace {

constexpr int kSamples = 200;
constexpr unsigned kSeed = 20260102;
constexpr std::array kDefinitions = {CupDefinition::Radiographic, CupDefinition::Operative,
                                     CupDefinition::Anatomic};

/// x to the patient's right, y anterior, z superior from LPS.
Mat3 tableFromWorld() {
  return Vec3(-1.0, -1.0, 1.0).asDiagonal();
}

/// One state of what is uncertain: landmarks, the turn of a component about its place, the turn of a femur
/// frame whose rotation is a substitute's.
struct Draw {
  LandmarkSet landmarks;
  Mat3 cupTurn = Mat3::Identity();
  Mat3 stemTurn = Mat3::Identity();
  double normal = 0.0;  ///< standard normal
};

class Turns {
 public:
  explicit Turns(const Mat3& covariance) {
    const Eigen::SelfAdjointEigenSolver<Mat3> axes(covariance);
    spread_ = axes.eigenvectors() * axes.eigenvalues().cwiseMax(0.0).cwiseSqrt().asDiagonal();
  }
  Mat3 draw(std::mt19937_64& random, std::normal_distribution<double>& normal) const {
    const double x = normal(random), y = normal(random), z = normal(random);
    const Vec3 turn = spread_ * Vec3(x, y, z);
    if (turn.norm() == 0.0) return Mat3::Identity();
    return Eigen::AngleAxisd(turn.norm(), turn.normalized()).toRotationMatrix();
  }

 private:
  Mat3 spread_;
};

std::vector<Draw> draws(const FoundHip& hip, const LandmarkSet& landmarks) {
  const Turns cup(hip.cup ? hip.cup->turnCovariance : Mat3::Zero());
  const Turns stem(hip.stem ? hip.stem->turnCovariance : Mat3::Zero());
  std::mt19937_64 random(kSeed);
  std::normal_distribution<double> normal;
  std::vector<Draw> all;
  for (LandmarkSet& each : sampledLandmarks(landmarks, kSamples)) {
    Draw draw{std::move(each), cup.draw(random, normal), stem.draw(random, normal), 0.0};
    draw.normal = normal(random);
    all.push_back(std::move(draw));
  }
  return all;
}

/// The number as given and its root mean square difference over the draws; draws without it do not count.
using OfDraw = std::function<std::optional<double>(const Draw&)>;
std::optional<Measured> measured(const Draw& given, const std::vector<Draw>& all, const OfDraw& number) {
  const auto value = number(given);
  if (!value) return std::nullopt;
  double squares = 0.0, count = 0.0;
  for (const Draw& draw : all)
    if (const auto drawn = number(draw)) {
      squares += std::pow(*drawn - *value, 2);
      count += 1.0;
    }
  return Measured{*value, count > 0.0 ? std::sqrt(squares / count) : 0.0};
}

using AnglesOfDraw = std::function<std::optional<CupAngles>(const Draw&)>;
std::optional<std::array<Measured, 2>> measuredAngles(const Draw& given, const std::vector<Draw>& all,
                                                      const AnglesOfDraw& angles) {
  const auto part = [&](double CupAngles::*member) {
    return measured(given, all, [&](const Draw& draw) -> std::optional<double> {
      const auto drawn = angles(draw);
      if (!drawn) return std::nullopt;
      return (*drawn).*member;
    });
  };
  const auto inclination = part(&CupAngles::inclinationDeg), anteversion = part(&CupAngles::anteversionDeg);
  if (!inclination || !anteversion) return std::nullopt;
  return std::array{*inclination, *anteversion};
}

void measureCup(const FoundHip& hip, const Draw& given, const std::vector<Draw>& all,
                ImplantMeasures& measures) {
  for (const PelvicPlane plane : {PelvicPlane::Functional, PelvicPlane::Anterior})
    for (const CupDefinition definition : kDefinitions) {
      const auto angles = measuredAngles(given, all, [&](const Draw& draw) -> std::optional<CupAngles> {
        const auto found =
            cupAnglesOf(draw.cupTurn * hip.cup->axis(), draw.landmarks, hip.side, definition, plane);
        if (!found) return std::nullopt;
        return *found;
      });
      if (angles) measures.cupAngles.push_back({definition, plane, (*angles)[0], (*angles)[1]});
    }
  for (const CupDefinition definition : kDefinitions) {
    const auto angles = measuredAngles(given, all, [&](const Draw& draw) {
      const Vec3 axis = lateralMirror(hip.side) * tableFromWorld() * draw.cupTurn * hip.cup->axis();
      return std::optional(cupAnglesFrom(axis, definition, PelvicPlane::Functional));
    });
    measures.tableCupAngles.push_back({definition, (*angles)[0], (*angles)[1]});
  }
}

/// Femur frame of a right hip for one draw; nothing where its landmarks are missing.
std::optional<Mat3> femurDirections(const Draw& draw, Side side) {
  const auto frame = femurFrame(draw.landmarks, side);
  if (!frame) return std::nullopt;
  // With the epicondyles the frame turns as they are shaken; a substitute has an uncertainty of its own.
  const double turn = frame->substitute.empty() ? 0.0 : draw.normal * radFromDeg(frame->rotationSdDeg);
  return Mat3(Eigen::AngleAxisd(turn, Vec3::UnitZ()).toRotationMatrix() * frame->femur_from_world.linear());
}

void measureStem(const FoundHip& hip, const Draw& given, const std::vector<Draw>& all,
                 ImplantMeasures& measures) {
  const Mat3 mirror = lateralMirror(hip.side);
  const Mat3 stem = hip.stem->world_from_stem.linear();
  const auto against = [&](double (*angle)(const Mat3&, const Mat3&), bool table) {
    return measured(given, all, [&, angle, table](const Draw& draw) -> std::optional<double> {
      const auto frame = table ? std::optional(tableFromWorld()) : femurDirections(draw, hip.side);
      if (!frame) return std::nullopt;
      return angle(mirror * *frame, draw.stemTurn * stem);
    });
  };
  measures.stemVersionDeg = against(versionDeg, false);
  measures.stemVarusDeg = against(varusDeg, false);
  measures.tableStemVersionDeg = against(versionDeg, true);
  measures.tableStemVarusDeg = against(varusDeg, true);
  if (const auto frame = femurFrame(given.landmarks, hip.side)) measures.femurRotation = frame->substitute;
}

}  // namespace

ImplantMeasures measureImplants(const FoundHip& hip, const LandmarkSet* landmarks) {
  Draw given;
  if (landmarks != nullptr) given.landmarks = *landmarks;
  auto& head = given.landmarks.side(hip.side).femoralHead;
  if (!head && hip.head)
    head = SphereLandmark{{hip.head->center, 0.5 * hip.head->diameterMm.value, 0.0},
                          {std::sqrt(hip.head->centerCovariance.trace()), 1.0, false, "the implant's head"}};
  const std::vector<Draw> all = draws(hip, given.landmarks);
  ImplantMeasures measures;
  if (hip.cup) measureCup(hip, given, all, measures);
  if (hip.stem) measureStem(hip, given, all, measures);
  return measures;
}

}  // namespace coxa
