#include "thigh.hpp"

#include "turns.hpp"

#include "coxa/anatomy/structures.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr int kAngles = 180;
constexpr double kReachMm = 160.0;

// The knee's outline from the middle of the epicondyles, at the size of the distal femur's own bone: 12 mm of
// skin and fat beside the condyles, 10 mm before the patella.
constexpr double kKneeHalfWidthMm = 54.0, kKneeFrontMm = 66.0, kKneeBackMm = 56.0;
// Where the thigh has become as thick as the knee, as a share of the way.
constexpr double kKneeFrom = 0.9;
constexpr double kNarrowing = 0.85;  // below 1: more of it in the upper part

double ellipseMm(double lateral, double posterior, double scale) {
  const double depth = posterior < 0.0 ? kKneeFrontMm : kKneeBackMm;
  return scale / std::hypot(lateral / kKneeHalfWidthMm, posterior / depth);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

double Thigh::Muscle::distanceMm(const Vec3& fromFemur, const Vec3& femurAtJunction, double way) const {
  const double area = course.areaAt(way);
  if (area <= 0.0) return kReachMm;
  const double size = std::sqrt(area);
  const Vec3 center = start + std::clamp(way, 0.0, 1.0) * (end - start);
  const Vec3 there = femurAtJunction + start + (fromFemur - center) / size;
  return size * section.at(there.x(), there.y());
}

Thigh::Thigh(WholeFemur femur, const CarriedTemplate& above, Side side, std::uint8_t femurValue,
             const StructureTable& table)
    : femur_(std::make_unique<WholeFemur>(std::move(femur))), knee_(*femur_), femurValue_(femurValue) {
  const Vec3 junction = femur_->junction();
  const LabelMap slice = axialSlice(above, junction, kReachMm);
  for (const Structure& structure : table.all()) {
    if (structure.group != StructureGroup::Muscle || structure.side != side ||
        std::find(slice.voxels.begin(), slice.voxels.end(), structure.value) == slice.voxels.end())
      continue;
    const MuscleCourse course = muscleCourse(structure.kind);
    // The femur counts as a part of the muscle around it, so that none is left between the two.
    LabelMap mask = slice;
    for (auto& label : mask.voxels)
      label = label == structure.value || (course.aroundFemur && label == femurValue) ? 1 : 0;
    PlaneField section(mask);
    const Vec3 start = section.centroid() - junction;
    const Vec3 end = femur_->scale() *
                     (course.endLateralMm * femur_->lateral() + course.endPosteriorMm * femur_->posterior());
    muscles_.push_back({structure.value, std::move(section), course, start, end});
  }
  findOutline(above);
}

// Where the other leg or the perineum may touch, skin is as far from the muscles as is usual elsewhere.
void Thigh::findOutline(const CarriedTemplate& above) {
  constexpr double kStepMm = 0.5, kMostFat = 1.3;
  constexpr int kSmooth = 6;  // angles to either side
  const Vec3 junction = femur_->junction();
  std::vector<double> skin, muscle, fat;
  for (int n = 0; n < kAngles; ++n) {
    const double angle = 2.0 * kPi * n / kAngles;
    const Vec3 out(std::cos(angle), std::sin(angle), 0.0);
    double reach = 0.0, labelled = 0.0;
    for (; reach < kReachMm; reach += kStepMm) {
      const Vec3 p = junction + reach * out;
      const std::uint8_t label = above.labelAt(p);
      const bool otherLeg = p.x() * junction.x() < 0.0;
      if (otherLeg || (label == 0 && above.surroundingsAt(p) == 0)) break;
      if (label != 0) labelled = reach;
    }
    skin.push_back(reach);
    muscle.push_back(labelled);
    fat.push_back(reach - labelled);
  }
  const double mostFat = kMostFat * median(fat);
  const auto facesOtherLeg = [&](std::size_t n) {
    return std::cos(2.0 * kPi * static_cast<double>(n) / kAngles) * junction.x() <
           -0.5 * std::abs(junction.x());
  };
  for (int n = 0; n < kAngles; ++n) {
    std::vector<double> around;
    for (int m = -kSmooth; m <= kSmooth; ++m) {
      const auto at = static_cast<std::size_t>((n + m + kAngles) % kAngles);
      around.push_back(facesOtherLeg(at) ? std::min(skin[at], muscle[at] + mostFat) : skin[at]);
    }
    outlineMm_.push_back(median(std::move(around)));
  }
}

double Thigh::outlineMm(double angle, double way) const {
  const double position = (angle / (2.0 * kPi) + 1.0) * kAngles;
  const auto below = static_cast<std::size_t>(position);
  const double f = position - static_cast<double>(below);
  const double thigh = (1.0 - f) * outlineMm_[below % kAngles] + f * outlineMm_[(below + 1) % kAngles];
  const Vec3 out(std::cos(angle), std::sin(angle), 0.0);
  const double knee = ellipseMm(out.dot(femur_->lateral()), out.dot(femur_->posterior()), femur_->scale());
  const double share = std::pow(std::clamp(way / kKneeFrom, 0.0, 1.0), kNarrowing);
  return (1.0 - share) * thigh + share * knee;
}

Thigh::Place Thigh::placeOf(const Vec3& p) const {
  Place place;
  place.way = (femur_->junctionZ() - p.z()) / (femur_->junctionZ() - femur_->jointLineZ());
  place.middle = femur_->middleAt(p.z());
  const Vec3 out = p - place.middle;
  place.depthMm = outlineMm(std::atan2(out.y(), out.x()), place.way) - std::hypot(out.x(), out.y());
  return place;
}

// The muscle that is nearest. Small gaps between muscles close where they are thick; under the skin there is
// fat, the more so the nearer to the knee.
std::uint8_t Thigh::muscleAt(const Vec3& p, const Place& place) const {
  constexpr double kGapMm = 4.0, kFatMm = 7.0;
  const double gapMm = kGapMm * std::min(place.way / 0.2, 1.0) * smoothFall(place.way, 0.55, 0.85);
  if (place.depthMm < kFatMm * std::min(place.way / 0.2, 1.0)) return 0;
  std::uint8_t nearest = 0;
  double least = std::max(gapMm, 1e-9);
  for (const Muscle& muscle : muscles_) {
    const double distance = muscle.distanceMm(p - place.middle, femur_->junction(), place.way);
    if (distance >= least) continue;
    least = distance;
    nearest = muscle.value;
  }
  return nearest;
}

std::uint8_t Thigh::labelAt(const Vec3& p) const {
  const Place place = placeOf(p);
  if (place.depthMm < 0.0) return 0;
  const double toFemur = femur_->distanceMm(p);
  if (toFemur < 0.0) return femurValue_;
  if (knee_.contains(p, toFemur) || knee_.isSoft(p, toFemur)) return 0;
  return muscleAt(p, place);
}

std::uint8_t Thigh::surroundingsAt(const Vec3& p) const {
  const Place place = placeOf(p);
  if (place.depthMm < 0.0) return static_cast<std::uint8_t>(Surroundings::Outside);
  const double toFemur = femur_->distanceMm(p);
  if (toFemur < 0.0) return static_cast<std::uint8_t>(Surroundings::SoftTissue);
  if (knee_.contains(p, toFemur)) return static_cast<std::uint8_t>(Surroundings::OtherBone);
  return static_cast<std::uint8_t>(knee_.isSoft(p, toFemur) ? Surroundings::SoftTissue : Surroundings::Fat);
}

}  // namespace coxa
