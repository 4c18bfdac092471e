#pragma once

#include "coxa/anatomy/frames.hpp"
#include "coxa/implants/catalogue.hpp"
#include "coxa/phantom/hip_replacement.hpp"
#include "coxa/phantom/virtual_patient.hpp"

namespace coxa {

// One coarse virtual patient and both of its hips replaced, for several tests.
inline const PhantomModel& model() {
  static const PhantomModel read =
      readPhantomModel(std::filesystem::path(COXA_SOURCE_DIR) / "models" / "hip-atlas").value();
  return read;
}

inline const StructureTable& table() {
  static const StructureTable read = StructureTable::loadDefault().value();
  return read;
}

inline std::uint8_t valueOf(const char* kind, Side side) {
  return table().find(kind, side)->value;
}

inline std::uint8_t onSide(std::uint8_t value, Side side) {
  return static_cast<std::uint8_t>(value + (side == Side::Left ? 10 : 0));
}

inline VirtualPatientOptions coarse() {
  return {7, Vec3(2.4, 2.4, 4.0), 192};
}

inline const VirtualPatient& before() {
  static const VirtualPatient patient = makeVirtualPatient(model(), coarse(), Job()).value();
  return patient;
}

// A hip as a careless planner would place it: the cup where the socket is, the stem along the shaft at the
// height of the native head.
inline PosedHip plannedHip(Side side) {
  static const Catalogue catalogue = loadDefaultCatalogue().value();
  const HipLandmarks& landmarks = before().landmarks.side(side);
  PosedHip hip;
  hip.side = side;
  hip.cup = *nearestCup(catalogue, 2.0 * landmarks.acetabulum->sphere.radiusMm + 2.0);
  hip.head = *headFor(catalogue, headDiametersFor(catalogue, hip.cup).back(), 0.0);
  hip.liner = *linerFor(catalogue, hip.cup, hip.head.diameterMm);
  hip.stem = *stemFor(catalogue, catalogue.stems.front().family, 4, StemOffset::Standard);
  const Vec3 axis = cupAxisInWorld({CupDefinition::Radiographic, PelvicPlane::Functional, 40.0, 15.0},
                                   before().landmarks, side)
                        .value();
  hip.world_from_cup.linear() = Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), axis).toRotationMatrix();
  hip.world_from_cup.translation() = landmarks.acetabulum->sphere.center;
  const Line shaft = landmarks.femoralShaft->line;
  const Vec3 toHead = landmarks.femoralHead->sphere.center - shaft.point;
  const double height = toHead.dot(shaft.direction);
  const Vec3 medial = (toHead - height * shaft.direction).normalized();
  hip.world_from_stem.linear() << medial, shaft.direction.cross(medial), shaft.direction;
  hip.world_from_stem.translation() =
      shaft.point + (height - headCenterInStem(hip.stem, hip.head).z()) * shaft.direction;
  return hip;
}

inline HipReplacement replacementOf(Side side) {
  HipReplacement replacement;
  replacement.hip =
      carriedOut(plannedHip(side), before().landmarks, {}, side == Side::Left ? 11 : 12).value();
  replacement.screws = acetabularScrews(replacement.hip, 2, before().labels, table(), 3);
  return replacement;
}

inline const std::vector<HipReplacement>& replacements() {
  static const std::vector<HipReplacement> both = {replacementOf(Side::Right), replacementOf(Side::Left)};
  return both;
}

}  // namespace coxa
