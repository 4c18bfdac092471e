#include "implant_shares.hpp"

#include <tbb/parallel_for.h>

#include <cmath>

namespace coxa {

namespace {

/// The parts of a reduced hip as solids.
class Solids {
 public:
  explicit Solids(const HipReplacement& replacement)
      : hip_(reduced(replacement.hip)),
        screws_(replacement.screws),
        cup_from_world_(hip_.world_from_cup.inverse()),
        stem_from_world_(hip_.world_from_stem.inverse()),
        neckAxis_(neckAxisInStem(hip_.stem)) {}

  ImplantPart partAt(const Vec3& world) const {
    const Vec3 p = cup_from_world_ * world;
    const double radius = p.norm();
    if (radius <= 0.5 * hip_.head.diameterMm) return ImplantPart::Head;
    if (p.z() <= 0.0 && radius <= 0.5 * hip_.cup.outerDiameterMm) {
      if (radius >= 0.5 * hip_.cup.innerDiameterMm()) return ImplantPart::Cup;
      if (radius <= 0.5 * hip_.liner.outerDiameterMm) return ImplantPart::Liner;
    }
    if (inStem(stem_from_world_ * world)) return ImplantPart::Stem;
    for (const AcetabularScrew& screw : screws_)
      if (inScrew(screw, world)) return ImplantPart::Screw;
    return ImplantPart::None;
  }

  /// False where no part is within `marginMm`.
  bool mayBeNear(const Vec3& world, double marginMm) const {
    if ((world - hip_.cupCenter()).norm() <= 0.5 * hip_.cup.outerDiameterMm + marginMm) return true;
    const Vec3 s = stem_from_world_ * world;
    const double reach =
        std::max({hip_.stem.proximalMedialMm, hip_.stem.proximalLateralMm, hip_.stem.proximalDepthMm}) +
        marginMm;
    if (s.z() <= marginMm && std::hypot(s.x(), s.y()) <= reach) return true;
    if (s.z() >= -marginMm - hip_.stem.neckDiameterMm &&
        std::abs(s.y()) <= hip_.stem.neckDiameterMm + marginMm)
      return true;
    for (const AcetabularScrew& screw : screws_)
      if (inScrew({screw.head, screw.tip, screw.diameterMm + 2.0 * marginMm}, world, marginMm)) return true;
    return false;
  }

  Eigen::AlignedBox3d box() const {
    Eigen::AlignedBox3d box;
    const Vec3 reach = Vec3::Constant(0.5 * hip_.cup.outerDiameterMm);
    box.extend(hip_.cupCenter() - reach);
    box.extend(hip_.cupCenter() + reach);
    const Stem& stem = hip_.stem;
    for (const double x : {-stem.proximalLateralMm, stem.proximalMedialMm})
      for (const double y : {-stem.proximalDepthMm, stem.proximalDepthMm})
        for (const double z : {-stem.lengthMm, stem.neckDiameterMm})
          box.extend(hip_.world_from_stem * Vec3(x, y, z));
    for (const AcetabularScrew& screw : screws_) {
      box.extend(screw.tip - Vec3::Constant(screw.diameterMm));
      box.extend(screw.tip + Vec3::Constant(screw.diameterMm));
    }
    return box;
  }

 private:
  bool inStem(const Vec3& p) const {
    if (const StemSection section = stemSection(hip_.stem, -p.z()); section.halfWidthMm > 0.0)
      if (std::hypot((p.x() - section.centerMm) / section.halfWidthMm, p.y() / section.halfDepthMm) <= 1.0)
        return true;
    const Vec3 fromBase = p - Vec3(hip_.stem.neckBaseMm, 0.0, 0.0);
    const double along = fromBase.dot(neckAxis_);
    return along >= 0.0 && along <= hip_.stem.neckLengthMm + hip_.head.neckLengthMm &&
           (fromBase - along * neckAxis_).norm() <= 0.5 * hip_.stem.neckDiameterMm;
  }

  static bool inScrew(const AcetabularScrew& screw, const Vec3& world, double marginMm = 0.0) {
    const Vec3 axis = (screw.tip - screw.head).normalized(), p = world - screw.head;
    const double along = p.dot(axis);
    return along >= -marginMm && along <= (screw.tip - screw.head).norm() + marginMm &&
           (p - along * axis).norm() <= 0.5 * screw.diameterMm;
  }

  PosedHip hip_;
  std::vector<AcetabularScrew> screws_;
  RigidTransform cup_from_world_, stem_from_world_;
  Vec3 neckAxis_;
};

IndexBox boxOn(const Grid& grid, const Eigen::AlignedBox3d& world) {
  IndexBox box{grid.size, -Eigen::Vector3i::Ones()};
  for (int corner = 0; corner < 8; ++corner) {
    const Vec3 index =
        grid.indexFromWorld(world.corner(static_cast<Eigen::AlignedBox3d::CornerType>(corner)));
    box.min = box.min.cwiseMin(index.array().floor().cast<int>().matrix());
    box.max = box.max.cwiseMax(index.array().ceil().cast<int>().matrix());
  }
  box.min = box.min.cwiseMax(Eigen::Vector3i::Zero());
  box.max = box.max.cwiseMin(grid.size - Eigen::Vector3i::Ones());
  return box;
}

constexpr int kAlongRow = 4, kAlongColumn = 4, kAlongStack = 6;

// Counts of the voxel's sample points by part.
std::array<int, kImplantParts.size() + 1> countsIn(const Grid& grid, const Eigen::Vector3i& voxel,
                                                   const Solids& solids) {
  std::array<int, kImplantParts.size() + 1> counts{};
  for (int c = 0; c < kAlongStack; ++c)
    for (int b = 0; b < kAlongColumn; ++b)
      for (int a = 0; a < kAlongRow; ++a) {
        const Vec3 within((a + 0.5) / kAlongRow, (b + 0.5) / kAlongColumn, (c + 0.5) / kAlongStack);
        const Vec3 p = grid.worldFromIndex(voxel.cast<double>() + within - Vec3::Constant(0.5));
        ++counts[static_cast<std::size_t>(solids.partAt(p))];
      }
  return counts;
}

}  // namespace

std::uint8_t implantValue(ImplantPart part, Side side) {
  constexpr int kLeft = 10;
  if (part == ImplantPart::None) return 0;
  return static_cast<std::uint8_t>(static_cast<int>(part) + (side == Side::Left ? kLeft : 0));
}

Material materialOf(ImplantPart part, const HipMaterials& materials) {
  switch (part) {
    case ImplantPart::Cup:
      return materials.cup;
    case ImplantPart::Head:
      return materials.head;
    case ImplantPart::Stem:
      return materials.stem;
    case ImplantPart::Screw:
      return Material::Titanium;
    default:
      return Material::Polyethylene;
  }
}

float ImplantShares::total(std::size_t n) const {
  float sum = 0.0F;
  for (const ScalarImage& share : shares) sum += share.voxels[n];
  return sum;
}

ImplantPart ImplantShares::most(std::size_t n) const {
  if (total(n) < 0.5F) return ImplantPart::None;
  std::size_t best = 0;
  for (std::size_t part = 1; part < shares.size(); ++part)
    if (shares[part].voxels[n] > shares[best].voxels[n]) best = part;
  return kImplantParts[best];
}

ImplantShares sharesOn(const Grid& grid, const HipReplacement& replacement) {
  const Solids solids(replacement);
  ImplantShares result;
  result.box = boxOn(grid, solids.box());
  const Grid part = cropped(grid, result.box);
  for (ScalarImage& share : result.shares) share = ScalarImage(part);
  const double reach = 0.5 * grid.spacing.norm();
  tbb::parallel_for(0, part.size.z(), [&](int k) {
    for (int j = 0; j < part.size.y(); ++j)
      for (int i = 0; i < part.size.x(); ++i) {
        const Eigen::Vector3i voxel(i, j, k);
        if (!solids.mayBeNear(part.worldFromIndex(voxel.cast<double>()), reach)) continue;
        const auto counts = countsIn(part, voxel, solids);
        for (std::size_t n = 0; n < kImplantParts.size(); ++n)
          result.shares[n].at(i, j, k) =
              static_cast<float>(counts[n + 1]) / (kAlongRow * kAlongColumn * kAlongStack);
      }
  });
  return result;
}

}  // namespace coxa
