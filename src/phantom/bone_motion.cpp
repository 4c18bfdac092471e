#include "bone_motion.hpp"

#include "coxa/anatomy/frames.hpp"

namespace coxa {

namespace {

constexpr std::array<Side, 2> kSides{Side::Left, Side::Right};

Vec3 perpendicular(const Vec3& v, const Vec3& unit) {
  return v - v.dot(unit) * unit;
}

Error missing(const std::string& what) {
  return {ErrorCode::BadInput,
          "The atlas lacks " + what + ", which traits of the shape need. Take an atlas that has them.",
          {}};
}

/// The directions of one hip in the anterior pelvic plane's frame, as world vectors.
struct HipAxes {
  Vec3 lateral;
  Vec3 anterior;
  Vec3 superior;
};

HipAxes hipAxes(const RigidTransform& app_from_world, Side side) {
  const Mat3 world_from_app = app_from_world.linear().transpose();
  return {(side == Side::Left ? -1.0 : 1.0) * world_from_app.col(0), world_from_app.col(1),
          world_from_app.col(2)};
}

// The rim's highest point, seen from the centre of the acetabulum's sphere.
Vec3 towardsRoofEdge(const Sphere& socket, const Plane& rim, const Vec3& superior) {
  const double depth = rim.signedDistance(socket.center);
  const double radius = std::sqrt(std::max(socket.radiusMm * socket.radiusMm - depth * depth, 1.0));
  const Vec3 up = perpendicular(superior, rim.normal).normalized();
  return (radius * up - depth * rim.normal).normalized();
}

// The sphere's radius is that of the lunate surface; the rim lies within 1.5 of it, and at 2.8 of it the
// iliac spines and the tubercles are not yet reached.
constexpr double kSocketFull = 1.5, kSocketNone = 2.8;

ConeTurn roofTurn(const HipLandmarks& hip, const HipAxes& axes, double dysplasiaDeg) {
  const Sphere& socket = hip.acetabulum->sphere;
  ConeTurn turn;
  turn.apex = socket.center;
  turn.toward = towardsRoofEdge(socket, hip.acetabularRim->plane, axes.superior);
  turn.turn = Eigen::AngleAxisd(radFromDeg(dysplasiaDeg), axes.lateral.cross(axes.superior).normalized());
  turn.fullRad = radFromDeg(25.0);
  turn.noneRad = radFromDeg(110.0);
  turn.fullMm = kSocketFull * socket.radiusMm;
  turn.noneMm = kSocketNone * socket.radiusMm;
  return turn;
}

// Anatomic anteversion is the azimuth about the superior axis, anatomic inclination the polar angle from its
// opposite: so one turn about each changes one of them alone.
FadingTurn socketTurn(const HipLandmarks& hip, const HipAxes& axes, const HipTraits& traits) {
  const Sphere& socket = hip.acetabulum->sphere;
  const Vec3 outwards = perpendicular(hip.acetabularRim->plane.normal, axes.superior).normalized();
  const Vec3 forwards = axes.lateral.cross(axes.anterior).dot(axes.superior) * axes.superior;
  const Eigen::AngleAxisd inclination(radFromDeg(traits.acetabularInclinationDeg),
                                      outwards.cross(axes.superior));
  const Eigen::AngleAxisd version(radFromDeg(traits.acetabularVersionDeg), forwards.normalized());
  FadingTurn turn;
  turn.center = socket.center;
  turn.turn = Eigen::AngleAxisd(version * inclination);
  turn.fullMm = kSocketFull * socket.radiusMm;
  turn.noneMm = kSocketNone * socket.radiusMm;
  return turn;
}

FadingTurn tiltTurn(const LandmarkSet& intact, double tiltDeg) {
  const Vec3 &left = intact.left.acetabulum->sphere.center, &right = intact.right.acetabulum->sphere.center;
  const double apart = (left - right).norm();
  FadingTurn turn;
  turn.center = 0.5 * (left + right);
  turn.from = FadingTurn::From::Axis;
  turn.turn = Eigen::AngleAxisd(radFromDeg(tiltDeg), (left - right).normalized());
  turn.fullMm = 0.85 * apart;  // hip bones and sacrum
  turn.noneMm = 1.5 * apart;   // the upper lumbar spine
  return turn;
}

}  // namespace

Result<PelvisMotion> PelvisMotion::build(const LandmarkSet& intact, const ShapeTraits& traits) {
  const auto app_from_world = pelvisFromWorld(intact, PelvicPlane::Anterior);
  if (!app_from_world) return tl::unexpected(missing("landmarks of the anterior pelvic plane"));
  PelvisMotion motion;
  for (const Side side : kSides)
    if (!intact.side(side).acetabulum || !intact.side(side).acetabularRim)
      return tl::unexpected(missing("an acetabulum or its rim"));
  for (std::size_t n = 0; n < kSides.size(); ++n) {
    const HipLandmarks& hip = intact.side(kSides[n]);
    const HipTraits& of = traits.side(kSides[n]);
    const HipAxes axes = hipAxes(*app_from_world, kSides[n]);
    motion.roofs_[n] = roofTurn(hip, axes, of.dysplasiaDeg);
    motion.sockets_[n] = socketTurn(hip, axes, of);
  }
  motion.tilt_ = tiltTurn(intact, traits.pelvicTiltDeg);
  return motion;
}

Vec3 PelvisMotion::moved(const Vec3& intact) const {
  Vec3 p = intact;
  for (const ConeTurn& roof : roofs_) p = roof.moved(p);
  for (const FadingTurn& socket : sockets_) p = socket.moved(p);
  return tilt_.moved(p);
}

Vec3 PelvisMotion::back(const Vec3& moved) const {
  Vec3 p = tilt_.back(moved);
  for (const FadingTurn& socket : sockets_) p = socket.back(p);
  for (const ConeTurn& roof : roofs_) p = roof.back(p);
  return p;
}

namespace {

// The neck turns about its base, the point of its axis nearest to the shaft's, so that head and neck stay
// rigid. Nothing moves from 75° off the neck on, which is the whole shaft; the tip of the greater trochanter,
// at about 63°, turns by a fifth.
ConeTurn neckBend(const Line& neck, const Line& shaft, double neckShaftAngleDeg) {
  const Vec3 across = neck.direction.cross(shaft.direction).normalized();
  const Vec3 fromShaft = across.cross(shaft.direction);
  const double toBase = fromShaft.dot(shaft.point - neck.point) / fromShaft.dot(neck.direction);
  ConeTurn turn;
  turn.apex = neck.point + toBase * neck.direction;
  turn.toward = neck.direction;
  turn.turn = Eigen::AngleAxisd(radFromDeg(neckShaftAngleDeg), across);
  turn.fullRad = radFromDeg(34.0);
  turn.noneRad = radFromDeg(75.0);
  return turn;
}

}  // namespace

Result<FemurMotion> FemurMotion::build(const HipLandmarks& intact, Side side, const HipTraits& traits,
                                       const Vec3& headCenter, const std::optional<TorsionZone>& torsion) {
  if (!intact.femoralHead || !intact.femoralNeck || !intact.femoralShaft)
    return tl::unexpected(missing("a femur's head, neck or shaft"));
  const Line &neck = intact.femoralNeck->line, &shaft = intact.femoralShaft->line;
  FemurMotion motion;
  motion.bend_ = neckBend(neck, shaft, traits.neckShaftAngleDeg);
  // Seen from above, a left neck turns forwards against the sense in which a right one does.
  const double sense = side == Side::Left ? 1.0 : -1.0;
  const Eigen::AngleAxisd version(sense * radFromDeg(traits.femoralVersionDeg), shaft.direction);
  // Both turns have parallel axes, so that what lies below the zone is only moved.
  if (torsion)
    motion.torsion_ = {torsion->start, Eigen::AngleAxisd(version.angle(), -version.axis()),
                       torsion->lengthMm};
  motion.moved_from_bent_ = Eigen::Translation3d(headCenter) * version *
                            Eigen::Translation3d(-motion.bend_.moved(intact.femoralHead->sphere.center));
  motion.bent_from_moved_ = motion.moved_from_bent_.inverse();
  return motion;
}

}  // namespace coxa
