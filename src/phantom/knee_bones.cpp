#include "knee_bones.hpp"

#include <cmath>

namespace coxa {

namespace {

// All lengths at the size of the femur that the distal part comes from, epicondyles 81 mm apart.
constexpr double kCartilageMm = 2.5;  // of patella and trochlea together, each side's half
constexpr double kPatellaMm = 22.0, kPatellaHighMm = 21.0;  // half its width and height
constexpr double kPatellaThickMm = 14.0;                    // half, before the trochlea takes its share
constexpr double kPatellaBeforeMm = 10.0;                   // its middle before the trochlea's surface
constexpr double kGapMm = 4.0;                              // cartilage and menisci above the tibia
constexpr double kTibiaHalfMm = 37.0, kTibiaDeepMm = 24.0;  // of the plateau
constexpr double kTendonHalfMm = 13.0, kTendonThickMm = 3.0;
constexpr double kCapsuleMm = 4.0;

double squared(double value) {
  return value * value;
}

}  // namespace

// The middle of the trochlea is where the condyles' surface is reached from the front.
KneeBones::KneeBones(const WholeFemur& femur) : femur_(femur) {
  constexpr double kStepMm = 0.5, kFrontMm = 60.0;
  const Vec3 knee = femur.ownFrom(femur.kneeCenter());
  patella_ = knee - kFrontMm * Vec3::UnitY();
  while (patella_.y() < knee.y() && femur.distanceMm(femur.patientFrom(patella_)) > 0.0)
    patella_.y() += kStepMm;
  patella_.y() -= kPatellaBeforeMm;
}

Vec3 KneeBones::atKnee(const Vec3& p) const {
  const Vec3 r = (p - femur_.kneeCenter()) / femur_.scale();
  return {r.dot(femur_.lateral()), r.dot(femur_.posterior()), (p.z() - femur_.jointLineZ()) / femur_.scale()};
}

double KneeBones::patellaTopZ() const {
  return femur_.patientFrom(patella_ + kPatellaHighMm * Vec3::UnitZ()).z();
}

bool KneeBones::inPatella(const Vec3& own, double toFemurMm) const {
  const Vec3 r = own - patella_;
  // Narrower below: its lower pole is a point.
  const double width = kPatellaMm * (r.z() < 0.0 ? 1.0 + 0.35 * r.z() / kPatellaHighMm : 1.0);
  return toFemurMm > kCartilageMm &&
         squared(r.x() / width) + squared(r.y() / kPatellaThickMm) + squared(r.z() / kPatellaHighMm) < 1.0 &&
         r.y() < kPatellaThickMm - 3.0;
}

bool KneeBones::inLeg(const Vec3& p, double toFemurMm) const {
  constexpr double kEminenceMm = 7.0, kShaftAtMm = 45.0;
  if (toFemurMm < kGapMm || p.z() > 6.0) return false;
  const double below = -p.z();
  // The plateau's edge is rounded, and the bone narrows to the shaft.
  const double narrow = 1.0 - 0.45 * std::min(std::max(below - 6.0, 0.0) / kShaftAtMm, 1.0);
  const double x = p.x() / (kTibiaHalfMm * narrow), y = (p.y() - 4.0) / (kTibiaDeepMm * narrow);
  const bool tibia = std::pow(std::abs(x), 2.6) + std::pow(std::abs(y), 2.6) < 1.0 &&
                     (below > kGapMm || std::abs(p.x()) < kEminenceMm);
  const bool fibula = below > 16.0 && std::hypot(p.x() - 32.0, p.y() - 24.0) < (below < 30.0 ? 10.0 : 8.0);
  return tibia || fibula;
}

// From above the patella, where the muscles end, over it to the tibia's front.
bool KneeBones::inExtensor(const Vec3& own, const Vec3& p) const {
  const Vec3 r = own - patella_;
  if (std::abs(r.x()) > kTendonHalfMm || r.z() > 3.0 * kPatellaHighMm) return false;
  if (r.z() > 0.0) return std::abs(r.y() + 0.2 * kPatellaThickMm) < kTendonThickMm;
  const double towardsTibia = p.y() + kTibiaDeepMm + 2.0;
  return p.z() < 0.0 ? std::abs(towardsTibia) < kTendonThickMm
                     : std::abs(r.y() + 0.5 * kPatellaThickMm) < kTendonThickMm;
}

bool KneeBones::contains(const Vec3& p, double toFemurMm) const {
  return inPatella(femur_.ownFrom(p), toFemurMm / femur_.scale()) ||
         inLeg(atKnee(p), toFemurMm / femur_.scale());
}

bool KneeBones::isSoft(const Vec3& p, double toFemurMm) const {
  constexpr double kCapsuleHighMm = 60.0;
  const Vec3 at = atKnee(p);
  const bool capsule = at.z() < kCapsuleHighMm && toFemurMm < kCapsuleMm * femur_.scale();
  return capsule || inExtensor(femur_.ownFrom(p), at);
}

}  // namespace coxa
