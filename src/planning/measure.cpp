#include "plan_model.hpp"
#include "stem_angles.hpp"

#include "coxa/planning/suggest.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace coxa {

namespace {

using OfFrames = std::function<double(const HipFrames&)>;

/// The number for the given landmarks, and its spread over the samples of the uncertain ones.
Measured measured(const PlanModel& model, const OfFrames& number) {
  const double value = number(model.frames);
  double square = 0.0;
  for (const HipFrames& sample : model.samples) square += std::pow(number(sample) - value, 2);
  return {value, model.samples.empty() ? 0.0 : std::sqrt(square / static_cast<double>(model.samples.size()))};
}

double probability(const PlanModel& model, const std::function<bool(const HipFrames&)>& kept) {
  if (model.samples.empty()) return kept(model.frames) ? 1.0 : 0.0;
  return static_cast<double>(std::count_if(model.samples.begin(), model.samples.end(), kept)) /
         static_cast<double>(model.samples.size());
}

CupAngles anglesIn(const HipFrames& frames, const Vec3& axis, CupDefinition definition, PelvicPlane plane) {
  const RigidTransform& pelvis_from_world =
      plane == PelvicPlane::Anterior ? *frames.app_from_world : frames.fpp_from_world;
  return cupAnglesFrom(pelvis_from_world.linear() * axis, definition, plane);
}

void measureCupAngles(const PlanModel& model, const PosedHip& hip, PlanMeasures& measures) {
  for (const PelvicPlane plane : {PelvicPlane::Functional, PelvicPlane::Anterior}) {
    if (plane == PelvicPlane::Anterior && !model.frames.app_from_world) continue;
    for (const auto definition :
         {CupDefinition::Radiographic, CupDefinition::Operative, CupDefinition::Anatomic}) {
      const auto in = [&](const HipFrames& f) { return anglesIn(f, hip.cupAxis(), definition, plane); };
      measures.cupAngles.push_back(
          {definition, plane, measured(model, [&](const HipFrames& f) { return in(f).inclinationDeg; }),
           measured(model, [&](const HipFrames& f) { return in(f).anteversionDeg; })});
    }
  }
}

double legLengthChange(const HipFrames& frames, const PosedHip& hip) {
  return -frames.superior().dot(hip.cupCenter() - frames.head) +
         frames.shaft.direction.dot(hip.headCenter() - frames.head);
}

double offsetChange(const HipFrames& frames, const PosedHip& hip) {
  return frames.lateral().dot(hip.cupCenter() - frames.head) + distanceFrom(frames.shaft, hip.headCenter()) -
         frames.nativeOffsetMm;
}

void measureChange(const PlanModel& model, const PosedHip& hip, PlanMeasures& measures) {
  const auto leg = [&](const HipFrames& f) { return legLengthChange(f, hip); };
  const auto offset = [&](const HipFrames& f) { return offsetChange(f, hip); };
  measures.legLengthChangeMm = measured(model, leg);
  measures.offsetChangeMm = measured(model, offset);
  if (model.frames.otherSide && model.frames.ownSide) {
    measures.legLengthAgainstOtherSideMm = measured(model, [&](const HipFrames& f) {
      return f.ownSide->legLengthMm + leg(f) - f.otherSide->legLengthMm;
    });
    measures.offsetAgainstOtherSideMm = measured(
        model, [&](const HipFrames& f) { return f.ownSide->offsetMm + offset(f) - f.otherSide->offsetMm; });
  }
}

/// A number of cup and pelvis; its sd is that of the surface, carried over by moving the cup that far along
/// each axis (linear propagation).
Measured measuredAtSocket(const CupPlacement& cup, double surfaceSdMm,
                          const std::function<double(const CupPlacement&)>& number) {
  double variance = 0.0;
  for (int axis = 0; axis < 3; ++axis) {
    CupPlacement before = cup, behind = cup;
    before.center[axis] += surfaceSdMm;
    behind.center[axis] -= surfaceSdMm;
    variance += std::pow(0.5 * (number(before) - number(behind)), 2);
  }
  return {number(cup), std::sqrt(variance)};
}

void measureSocket(const PlanModel& model, const PosedHip& hip, PlanMeasures& measures) {
  const CupPlacement cup = placementOf(hip);
  const double sd = model.hip().acetabulum->trust.sdMm;
  measures.coveragePercent =
      measuredAtSocket(cup, sd, [&](const CupPlacement& c) { return coveragePercent(model.pelvis, c); });
  measures.anteriorOverhangMm = measuredAtSocket(cup, sd, [&](const CupPlacement& c) {
    return anteriorOverhangMm(model.pelvis, c, model.frames.anterior());
  });
  if (const auto wall = medialWallMm(model.pelvis, cup, model.medial()))
    measures.medialWallMm = Measured{*wall, sd};
}

void measureStem(const PlanModel& model, const PosedHip& hip, PlanMeasures& measures) {
  const Mat3 world_from_stem = hip.world_from_stem.linear();
  measures.stemVersionDeg = measured(
      model, [&](const HipFrames& f) { return versionDeg(f.femur_from_world.linear(), world_from_stem); });
  measures.stemVarusDeg = measured(
      model, [&](const HipFrames& f) { return varusDeg(f.femur_from_world.linear(), world_from_stem); });
  const RigidTransform canal_from_stem = model.canal.canal_from_world * hip.world_from_stem;
  if (const auto gap = clearanceMm(model.canal, hip.stem, canal_from_stem))
    measures.canalClearanceMm = Measured{*gap, model.canal.wallSdMm};
  if (const auto fill = fillPercent(model.canal, hip.stem, canal_from_stem)) {
    // d(w/W) = w/W · dW/W, W two walls that err alike.
    const double width = hip.stem.distalDiameterMm * 100.0 / *fill;
    measures.canalFillPercent = Measured{*fill, *fill * 2.0 * model.canal.wallSdMm / width};
  }
}

/// Lewinnek 1978: RI 40±10°, RA 15±10°, in the anterior pelvic plane. The value is how far the orientation is
/// within the zone, negative outside.
ZoneStatement lewinnek(const PlanModel& model, const PosedHip& hip) {
  const auto margin = [&](const HipFrames& f) {
    const auto a = anglesIn(f, hip.cupAxis(), CupDefinition::Radiographic, PelvicPlane::Anterior);
    return 10.0 - std::max(std::abs(a.inclinationDeg - 40.0), std::abs(a.anteversionDeg - 15.0));
  };
  return {"lewinnek", "Lewinnek: radiographic inclination 40±10°, anteversion 15±10° (APP)",
          measured(model, margin), probability(model, [&](const HipFrames& f) { return margin(f) >= 0.0; })};
}

/// Widmer 2004: RA + 0.7 · stem anteversion = 37.3°; kept within 5°.
ZoneStatement widmer(const PlanModel& model, const PosedHip& hip) {
  const auto sum = [&](const HipFrames& f) {
    const auto a = anglesIn(f, hip.cupAxis(), CupDefinition::Radiographic, PelvicPlane::Functional);
    return a.anteversionDeg + 0.7 * versionDeg(f.femur_from_world.linear(), hip.world_from_stem.linear());
  };
  return {"widmer", "Widmer: radiographic anteversion + 0.7 · stem anteversion = 37.3±5° (FPP)",
          measured(model, sum),
          probability(model, [&](const HipFrames& f) { return std::abs(sum(f) - 37.3) <= 5.0; })};
}

}  // namespace

const MeasuredCupAngles* PlanMeasures::angles(CupDefinition definition, PelvicPlane plane) const {
  for (const MeasuredCupAngles& each : cupAngles)
    if (each.definition == definition && each.plane == plane) return &each;
  return nullptr;
}

PlanMeasures measure(const Plan& plan, const PlanContext& context) {
  const PlanModel& model = context.model();
  const PosedHip hip = asRight(plan.hip);
  PlanMeasures measures;
  measureCupAngles(model, hip, measures);
  measureChange(model, hip, measures);
  measureSocket(model, hip, measures);
  measureStem(model, hip, measures);
  if (model.frames.app_from_world) measures.zones.push_back(lewinnek(model, hip));
  measures.zones.push_back(widmer(model, hip));
  return measures;
}

}  // namespace coxa
