#include "implant_phantom.hpp"

#include "coxa/geometry/cup_angles.hpp"
#include "coxa/image/filters.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace coxa {

namespace {

constexpr double kJointXMm = 90.0;

/// World directions of a side: lateral, anterior, superior as columns.
Mat3 worldFromHipFrame(Side side) {
  Mat3 directions;
  directions << lateral(side), Vec3(0, -1, 0), Vec3(0, 0, 1);
  return directions;
}

RigidTransform drawnStem(std::mt19937_64& random, Side side, const Stem& stem, const Head& head,
                         const Vec3& joint) {
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const double version = radFromDeg(30.0 * uniform(random));
  const double varus = radFromDeg(8.0 * uniform(random) - 4.0),
               flexion = radFromDeg(8.0 * uniform(random) - 4.0);
  const Vec3 proximal = Vec3(-std::tan(varus), std::tan(flexion), 1.0).normalized();  // hip frame
  const Vec3 neck(-std::cos(version), std::sin(version), 0.0);
  const Mat3 world_from_hip = worldFromHipFrame(side);
  const Vec3 z = world_from_hip * proximal;
  const Vec3 x = world_from_hip * (neck - neck.dot(proximal) * proximal).normalized();
  RigidTransform pose = RigidTransform::Identity();
  pose.linear() << x, z.cross(x), z;
  pose.translation() = joint - pose.linear() * headCenterInStem(stem, head);
  return pose;
}

template <class T>
const T& any(const std::vector<T>& all, std::mt19937_64& random) {
  return all[std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(random)];
}

bool inStem(const Stem& stem, const Head& head, const Vec3& p) {
  const StemSection s = stemSection(stem, -p.z());
  if (s.halfWidthMm > 0.0 && std::hypot((p.x() - s.centerMm) / s.halfWidthMm, p.y() / s.halfDepthMm) <= 1.0)
    return true;
  const Vec3 d = p - Vec3(stem.neckBaseMm, 0, 0), axis = neckAxisInStem(stem);
  const double along = d.dot(axis);
  return along >= 0.0 && along <= stem.neckLengthMm + head.neckLengthMm &&
         (d - along * axis).norm() <= 0.5 * stem.neckDiameterMm;
}

Eigen::AlignedBox3d around(const Vec3& center, double radius) {
  return {center - Vec3::Constant(radius), center + Vec3::Constant(radius)};
}

Grid gridOf(double fromZ, double toZ, const ImplantScanOptions& options) {
  Grid grid;
  const Vec3 extent(360.0, 260.0, toZ - fromZ);
  grid.spacing = options.spacingMm;
  grid.size = extent.cwiseQuotient(grid.spacing).array().round().cast<int>();
  grid.origin = Vec3(-0.5 * extent.x(), -0.5 * extent.y(), fromZ);
  return grid;
}

void add(ScalarImage& image, const Solid& solid) {
  const Grid& grid = image.grid;
  const Vec3 half = 0.5 * grid.spacing;
  const Eigen::Vector3i last = grid.size - Eigen::Vector3i::Ones();
  const Eigen::Vector3i from = grid.indexFromWorld(solid.box.min()).array().floor().cast<int>().max(0);
  const Eigen::Vector3i to =
      grid.indexFromWorld(solid.box.max()).array().ceil().cast<int>().min(last.array());
  for (int k = from.z(); k <= to.z(); ++k)
    for (int j = from.y(); j <= to.y(); ++j)
      for (int i = from.x(); i <= to.x(); ++i) {
        const Vec3 center = grid.worldFromIndex(Vec3(i, j, k));
        int corners = 0;
        for (int c = 0; c < 8; ++c)
          corners += solid.contains(center +
                                    half.cwiseProduct(Vec3(c & 1 ? 1 : -1, c & 2 ? 1 : -1, c & 4 ? 1 : -1)));
        double share = solid.contains(center) ? 1.0 : 0.0;
        if (corners != static_cast<int>(8 * share)) {
          int inside = 0;
          for (int s = 0; s < 36; ++s)
            inside += solid.contains(
                center + half.cwiseProduct(Vec3((s % 3 - 1) * 2.0 / 3.0, (s / 3 % 3 - 1) * 2.0 / 3.0,
                                                (s / 9 - 1.5) * 0.5)));
          share = inside / 36.0;
        }
        float& value = image.at(i, j, k);
        value = static_cast<float>(value * (1.0 - share) + solid.hu * share);
      }
}

}  // namespace

PosedHip drawnHip(unsigned seed, Side side, const Catalogue& catalogue) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  PosedHip hip;
  hip.side = side;
  hip.cup = any(catalogue.cups, random);
  hip.head = *headFor(catalogue, any(headDiametersFor(catalogue, hip.cup), random),
                      3.5 * static_cast<int>(4 * uniform(random)) - 3.5);
  hip.liner = *linerFor(catalogue, hip.cup, hip.head.diameterMm);
  hip.stem = any(catalogue.stems, random);
  const Vec3 joint =
      kJointXMm * lateral(side) + 3.0 * Vec3(uniform(random), uniform(random), uniform(random));
  const CupAngles angles{CupDefinition::Radiographic, PelvicPlane::Functional, 30.0 + 20.0 * uniform(random),
                         5.0 + 25.0 * uniform(random)};
  const Vec3 axis = worldFromHipFrame(side) * cupAxisFrom(angles);
  hip.world_from_cup.linear() = Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), axis).toRotationMatrix();
  hip.world_from_cup.translation() = joint;
  hip.world_from_stem = drawnStem(random, side, hip.stem, hip.head, joint);
  return hip;
}

Solid sphere(const Vec3& center, double radiusMm, double hu) {
  return {around(center, radiusMm), [=](const Vec3& p) { return (p - center).norm() <= radiusMm; }, hu};
}

Solid rod(const Vec3& from, const Vec3& to, double radiusMm, double hu) {
  const Vec3 axis = (to - from).normalized();
  const double length = (to - from).norm();
  Eigen::AlignedBox3d box(from.cwiseMin(to) - Vec3::Constant(radiusMm),
                          from.cwiseMax(to) + Vec3::Constant(radiusMm));
  return {box,
          [=](const Vec3& p) {
            const double along = (p - from).dot(axis);
            return along >= 0.0 && along <= length && (p - from - along * axis).norm() <= radiusMm;
          },
          hu};
}

std::vector<Solid> solidsOf(const PosedHip& hip, const ImplantScanOptions& options) {
  const Vec3 cup = hip.cupCenter(), axis = hip.cupAxis();
  const double outer = 0.5 * hip.cup.outerDiameterMm, inner = 0.5 * hip.cup.innerDiameterMm();
  const RigidTransform stem_from_world = hip.world_from_stem.inverse();
  const Vec3 tip = hip.world_from_stem * Vec3(0, 0, -hip.stem.lengthMm - 30.0);
  std::vector<Solid> solids;
  solids.push_back(sphere(cup - 8.0 * axis, outer + 12.0, 500.0));                  // bone around the shell
  solids.push_back(rod(hip.world_from_stem * Vec3(0, 0, -10), tip, 15.0, 1100.0));  // cortex
  if (options.screws)
    for (const double turn : {-0.35, 0.3}) {
      const Vec3 outwards = (-axis + turn * axis.unitOrthogonal() + Vec3(0, 0, 0.3)).normalized();
      solids.push_back(
          rod(cup + (outer - 3.0) * outwards, cup + (outer + 24.0) * outwards, 3.0, options.titaniumHu));
    }
  solids.push_back({around(cup, outer),
                    [=](const Vec3& p) {
                      const Vec3 d = p - cup;
                      return d.dot(axis) <= 0.0 && d.norm() <= outer && d.norm() >= inner;
                    },
                    options.titaniumHu});
  const Eigen::AlignedBox3d stemBox = bounds(
      transformed(joined(stemBodyMesh(hip.stem), stemNeckMesh(hip.stem, hip.head)), hip.world_from_stem));
  const Stem stem = hip.stem;
  const Head head = hip.head;
  solids.push_back(
      {stemBox, [=](const Vec3& p) { return inStem(stem, head, stem_from_world * p); }, options.titaniumHu});
  solids.push_back(sphere(hip.headCenter(), 0.5 * head.diameterMm, options.cobaltHu));
  return solids;
}

Volume scanOf(const std::vector<Solid>& solids, double fromZ, double toZ, unsigned seed,
              const ImplantScanOptions& options) {
  ScalarImage image(gridOf(fromZ, toZ, options), -1000.0F);
  const Grid& grid = image.grid;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
        if (std::hypot(p.x() / 170.0, p.y() / 120.0) <= 1.0) image.at(i, j, k) = 40.0F;
      }
  for (const Solid& solid : solids) add(image, solid);
  image = smoothed(image, {options.blurMm, options.blurMm, 0.0});
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0.0, options.noiseHu);
  Volume ct(grid);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n)
    ct.voxels[n] = static_cast<std::int16_t>(
        std::lround(std::clamp(image.voxels[n] + noise(random), -1024.0, options.highestHu)));
  return ct;
}

}  // namespace coxa
