#include "coxa/implants/meshes.hpp"

#include <cmath>
#include <functional>

namespace coxa {

namespace {

// 128 sides keep a circle of 18 mm radius true within 0.006 mm: far below what a collision check resolves.
constexpr int kSides = 128;
constexpr int kMeridianSteps = 32;
constexpr int kStemLevels = 48;
constexpr int kTipLevels = 12;

/// Points of one closed ring, counter-clockwise seen from +z.
using Ring = std::vector<Vec3>;

Ring ellipse(double centerX, double halfX, double halfY, double z) {
  Ring ring;
  for (int i = 0; i < kSides; ++i) {
    const double angle = 2.0 * kPi * i / kSides;
    ring.push_back({centerX + halfX * std::cos(angle), halfY * std::sin(angle), z});
  }
  return ring;
}

/// Grows a closed surface of revolution-like rings between two poles. The rings are passed from the first
/// pole to the last so that the outside lies on the right hand, looking from +z along the rings' direction of
/// travel downwards (a sphere: from the top pole to the bottom pole).
class RingSurface {
 public:
  explicit RingSurface(const Vec3& firstPole) { add(firstPole); }

  void ring(const Ring& points) {
    const std::uint32_t start = count();
    for (const Vec3& p : points) add(p);
    for (std::uint32_t i = 0; i < kSides; ++i) {
      const std::uint32_t next = (i + 1) % kSides;
      if (start == 1) {
        mesh_.triangles.push_back({0, start + i, start + next});
        continue;
      }
      const std::uint32_t above = start - kSides;
      mesh_.triangles.push_back({above + i, start + i, start + next});
      mesh_.triangles.push_back({above + i, start + next, above + next});
    }
  }

  TriangleMesh closed(const Vec3& lastPole) {
    const std::uint32_t above = count() - kSides, pole = count();
    add(lastPole);
    for (std::uint32_t i = 0; i < kSides; ++i)
      mesh_.triangles.push_back({above + i, pole, above + (i + 1) % kSides});
    return std::move(mesh_);
  }

 private:
  std::uint32_t count() const { return static_cast<std::uint32_t>(mesh_.vertices.size()); }
  void add(const Vec3& p) { mesh_.vertices.push_back(p.cast<float>()); }

  TriangleMesh mesh_;
};

Ring circle(double radius, double z) {
  return ellipse(0.0, radius, radius, z);
}

/// The half shell between two radii below z = 0: from the pole of the inner surface over the rim to the outer
/// pole.
TriangleMesh hemisphericalShell(double innerRadius, double outerRadius) {
  RingSurface surface({0.0, 0.0, -innerRadius});
  for (int i = 1; i <= kMeridianSteps; ++i) {
    const double angle = 0.5 * kPi * i / kMeridianSteps;
    surface.ring(
        circle(innerRadius * std::sin(angle), i == kMeridianSteps ? 0.0 : -innerRadius * std::cos(angle)));
  }
  for (int i = kMeridianSteps; i >= 1; --i) {
    const double angle = 0.5 * kPi * i / kMeridianSteps;
    surface.ring(
        circle(outerRadius * std::sin(angle), i == kMeridianSteps ? 0.0 : -outerRadius * std::cos(angle)));
  }
  return surface.closed({0.0, 0.0, -outerRadius});
}

/// Extent of the body on one side of the axis: flared at the proximal end, straight below.
double flared(double proximal, double distal, double depthMm, double flareMm) {
  return distal + (proximal - distal) * std::exp2(-depthMm / flareMm);
}

/// 1 above the tip; the tip itself is half an ellipsoid as long as the distal radius.
double tipScale(const Stem& stem, double depthMm) {
  const double radius = 0.5 * stem.distalDiameterMm;
  const double intoTip = depthMm - (stem.lengthMm - radius);
  if (intoTip <= 0.0) return 1.0;
  return std::sqrt(std::max(0.0, 1.0 - std::pow(intoTip / radius, 2)));
}

/// Levels of the body's rings: even along the body, dense at the tip.
std::vector<double> stemDepths(const Stem& stem) {
  const double tip = 0.5 * stem.distalDiameterMm, straight = stem.lengthMm - tip;
  std::vector<double> depths;
  for (int i = 0; i <= kStemLevels; ++i) depths.push_back(straight * i / kStemLevels);
  for (int i = 1; i < kTipLevels; ++i)
    depths.push_back(straight + tip * std::sin(0.5 * kPi * i / kTipLevels));
  return depths;
}

}  // namespace

TriangleMesh cupMesh(const Cup& cup) {
  return hemisphericalShell(0.5 * cup.innerDiameterMm(), 0.5 * cup.outerDiameterMm);
}

TriangleMesh linerMesh(const Liner& liner) {
  return hemisphericalShell(0.5 * liner.headDiameterMm, 0.5 * liner.outerDiameterMm);
}

TriangleMesh headMesh(const Head& head) {
  const double radius = 0.5 * head.diameterMm;
  RingSurface surface({0.0, 0.0, radius});
  for (int i = 1; i < 2 * kMeridianSteps; ++i) {
    const double angle = 0.5 * kPi * i / kMeridianSteps;
    surface.ring(circle(radius * std::sin(angle), radius * std::cos(angle)));
  }
  return surface.closed({0.0, 0.0, -radius});
}

TriangleMesh stemBodyMesh(const Stem& stem) {
  const double top = stemSection(stem, 0.0).centerMm;
  RingSurface surface({top, 0.0, 0.0});
  for (const double depth : stemDepths(stem)) {
    const StemSection s = stemSection(stem, depth);
    surface.ring(ellipse(s.centerMm, s.halfWidthMm, s.halfDepthMm, -depth));
  }
  return surface.closed({stemSection(stem, stem.lengthMm).centerMm, 0.0, -stem.lengthMm});
}

TriangleMesh stemNeckMesh(const Stem& stem, const Head& head) {
  const double length = stem.neckLengthMm + head.neckLengthMm;
  RingSurface surface({0.0, 0.0, length});
  surface.ring(circle(0.5 * stem.neckDiameterMm, length));
  surface.ring(circle(0.5 * stem.neckDiameterMm, 0.0));
  RigidTransform stem_from_neck = RigidTransform::Identity();
  const Vec3 z = neckAxisInStem(stem), y = Vec3::UnitY();
  stem_from_neck.linear() << y.cross(z), y, z;
  stem_from_neck.translation() = Vec3(stem.neckBaseMm, 0.0, 0.0);
  return transformed(surface.closed(Vec3::Zero()), stem_from_neck);
}

Vec3 neckAxisInStem(const Stem& stem) {
  const double angle = radFromDeg(180.0 - stem.neckShaftAngleDeg);
  return {std::sin(angle), 0.0, std::cos(angle)};
}

Vec3 headCenterInStem(const Stem& stem, const Head& head) {
  return Vec3(stem.neckBaseMm, 0.0, 0.0) + (stem.neckLengthMm + head.neckLengthMm) * neckAxisInStem(stem);
}

double stemOffsetMm(const Stem& stem, const Head& head) {
  return headCenterInStem(stem, head).x();
}

StemSection stemSection(const Stem& stem, double depthMm) {
  if (depthMm < 0.0 || depthMm > stem.lengthMm) return {};
  const double radius = 0.5 * stem.distalDiameterMm, scale = tipScale(stem, depthMm);
  const double medial = flared(stem.proximalMedialMm, radius, depthMm, stem.flareMm);
  const double lateral = flared(stem.proximalLateralMm, radius, depthMm, stem.flareMm);
  const double halfDepth = flared(0.5 * stem.proximalDepthMm, radius, depthMm, stem.flareMm);
  return {0.5 * (medial - lateral), 0.5 * (medial + lateral) * scale, halfDepth * scale};
}

}  // namespace coxa
