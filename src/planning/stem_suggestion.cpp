#include "stem_suggestion.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kMostChangeMm = 8.0;
// The part of the canal that guides a stem: from about the lesser trochanter to the tip of a middle size.
constexpr double kGuideTopMm = -50.0, kGuideBottomMm = -140.0;
// A broach compacts cancellous bone a little; more than this it would have to cut cortex.
constexpr double kMostCutMm = 0.5;

double clampedDifference(double differenceMm, double sdMm) {
  if (std::abs(differenceMm) <= 2.0 * sdMm) return 0.0;
  return std::clamp(differenceMm, -kMostChangeMm, kMostChangeMm);
}

/// Standard deviation over the samples of a difference between the sides.
double sdOfDifference(const PlanModel& model, double SideNow::*number) {
  double square = 0.0;
  const double nominal = (*model.frames.otherSide).*number - (*model.frames.ownSide).*number;
  for (const HipFrames& f : model.samples)
    square += std::pow((*f.otherSide).*number - (*f.ownSide).*number - nominal, 2);
  return model.samples.empty() ? 0.0 : std::sqrt(square / static_cast<double>(model.samples.size()));
}

double wantedDifference(const PlanModel& model, double SideNow::*number) {
  if (!model.frames.ownSide || !model.frames.otherSide) return 0.0;
  return clampedDifference((*model.frames.otherSide).*number - (*model.frames.ownSide).*number,
                           sdOfDifference(model, number));
}

/// The pose at which the head's height along the shaft gives the wanted leg length.
RigidTransform poseFor(const PlanModel& model, const StemAlignment& alignment, const Stem& stem,
                       const Head& head, double headHeightMm) {
  RigidTransform world_from_stem = RigidTransform::Identity();
  const Vec3& z = alignment.axis.direction;
  world_from_stem.linear() << alignment.medial, z.cross(alignment.medial), z;
  const Vec3 headFromOrigin = world_from_stem.linear() * headCenterInStem(stem, head);
  const Vec3& shaft = model.frames.shaft.direction;
  const double along =
      (headHeightMm - shaft.dot(alignment.axis.point + headFromOrigin - model.frames.head)) / shaft.dot(z);
  world_from_stem.translation() = alignment.axis.point + along * z;
  return world_from_stem;
}

/// Where the head shall come to lie for a cup, so that the wanted change results.
struct Goal {
  double headHeightMm = 0.0;  ///< along the shaft, above the native head
  double offsetMm = 0.0;      ///< from the shaft axis
};

Goal goalFor(const PlanModel& model, const Vec3& cupCenter) {
  const WantedChange wanted = wantedChange(model);
  const HipFrames& frames = model.frames;
  const Vec3 cupMoved = cupCenter - frames.head;
  return {wanted.legLengthMm + frames.superior().dot(cupMoved),
          wanted.offsetMm - frames.lateral().dot(cupMoved) + frames.nativeOffsetMm};
}

StemSuggestion suggestionFor(const PlanModel& model, const StemAlignment& alignment, const Goal& goal,
                             const Stem& stem, const Head& head) {
  const RigidTransform pose = poseFor(model, alignment, stem, head, goal.headHeightMm);
  const auto clearance = clearanceMm(model.canal, stem, model.canal.canal_from_world * pose);
  const double offset = distanceFrom(model.frames.shaft, pose * headCenterInStem(stem, head));
  return {stem, head, pose, clearance.value_or(-kMostChangeMm), offset - goal.offsetMm};
}

bool fits(const StemSuggestion& suggestion) {
  return suggestion.clearanceMm >= -kMostCutMm;
}

/// The largest size that keeps within the canal; when none does, the smallest. Nothing when the catalogue has
/// no stem with that offset.
std::optional<StemSuggestion> largestFitting(const PlanModel& model, const Catalogue& catalogue,
                                             const StemAlignment& alignment, const Goal& goal,
                                             const Head& head, StemOffset offset) {
  std::optional<StemSuggestion> best;
  for (const Stem& stem : catalogue.stems) {
    if (stem.offset != offset) continue;
    const StemSuggestion next = suggestionFor(model, alignment, goal, stem, head);
    if (!best || fits(next)) best = next;
  }
  return best;
}

/// In squared millimetres: the offset missed, a size given away (about 2 mm of offset each), half a
/// millimetre for every step of neck length. A stem that cuts into the cortex only where all do.
double cost(const StemSuggestion& suggestion, int largestFittingSize) {
  const double cut = std::max(0.0, -kMostCutMm - suggestion.clearanceMm);
  const double smaller = std::max(0, largestFittingSize - suggestion.stem.size);
  return 1000.0 * cut + std::pow(suggestion.offsetErrorMm, 2) + std::pow(2.0 * smaller, 2) +
         0.25 * std::pow(suggestion.head.neckLengthMm / 3.5, 2);
}

}  // namespace

WantedChange wantedChange(const PlanModel& model) {
  return {wantedDifference(model, &SideNow::legLengthMm), wantedDifference(model, &SideNow::offsetMm)};
}

std::optional<StemAlignment> stemAlignment(const PlanModel& model) {
  const auto middle = middleLine(model.canal, kGuideTopMm, kGuideBottomMm);
  if (!middle) return std::nullopt;
  const RigidTransform world_from_canal = model.canal.canal_from_world.inverse();
  StemAlignment alignment;
  alignment.axis.point = world_from_canal * middle->point;
  alignment.axis.direction = world_from_canal.linear() * middle->direction;
  const Vec3& z = alignment.axis.direction;
  const Vec3 neck = model.hip().femoralNeck ? model.hip().femoralNeck->line.direction
                                            : Vec3(model.frames.head - alignment.axis.point);
  alignment.medial = (neck - z.dot(neck) * z).normalized();
  return alignment;
}

StemSuggestion suggestStem(const PlanModel& model, const Catalogue& catalogue, const StemAlignment& alignment,
                           const Vec3& cupCenter, double headDiameterMm) {
  const Goal goal = goalFor(model, cupCenter);
  std::vector<StemSuggestion> choices;
  for (const Head& head : catalogue.heads) {
    if (head.diameterMm != headDiameterMm) continue;
    for (const StemOffset offset : {StemOffset::Standard, StemOffset::High})
      if (const auto choice = largestFitting(model, catalogue, alignment, goal, head, offset))
        choices.push_back(*choice);
  }
  int largest = 0;
  for (const StemSuggestion& choice : choices)
    if (fits(choice)) largest = std::max(largest, choice.stem.size);
  return *std::min_element(choices.begin(), choices.end(),
                           [&](const auto& a, const auto& b) { return cost(a, largest) < cost(b, largest); });
}

}  // namespace coxa
