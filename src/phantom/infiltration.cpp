#include "infiltration.hpp"

#include "random.hpp"

#include <tbb/parallel_for.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <map>

namespace coxa {

namespace {

constexpr double kAcrossMm = 7.0, kAlongMm = 40.0;  // size of a bundle of fascicles

// Smooth noise of a point from values at the corners of its unit cell (Perlin's fade), -1 to 1.
double latticeNoise(const Vec3& p, std::uint64_t seed) {
  const Vec3 cell = p.array().floor();
  const Vec3 f = p - cell;
  const Vec3 fade = f.array().cube() * (f.array() * (f.array() * 6.0 - 15.0) + 10.0);
  double sum = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    const Eigen::Vector3i at(corner & 1, (corner >> 1) & 1, corner >> 2);
    std::uint64_t hash = seed;
    double weight = 1.0;
    for (int axis = 0; axis < 3; ++axis) {
      hash = hashed(hash ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(cell[axis]) + at[axis]));
      weight *= at[axis] ? fade[axis] : 1.0 - fade[axis];
    }
    sum += weight * (static_cast<double>(hash >> 11) * 0x1.0p-52 - 1.0);
  }
  return sum;
}

/// Which way a muscle's fascicles run, as a space in which bundles have unit size.
class Fascicles {
 public:
  static Fascicles towards(const Vec3& apex, const Vec3& center) {
    Fascicles fascicles;
    fascicles.origin_ = apex;
    fascicles.radiusMm_ = (center - apex).norm();
    return fascicles;
  }
  static Fascicles along(const Vec3& direction) {
    Fascicles fascicles;
    fascicles.direction_ = direction;
    return fascicles;
  }

  Vec3 bundleSpace(const Vec3& world) const {
    if (radiusMm_ > 0.0) {
      const Vec3 arm = world - origin_;
      const double length = std::max(arm.norm(), 1.0);
      return arm / length * (radiusMm_ / kAcrossMm + length / kAlongMm);
    }
    const Vec3 lengthwise = direction_.dot(world) * direction_;
    return (world - lengthwise) / kAcrossMm + lengthwise / kAlongMm;
  }

 private:
  Vec3 origin_ = Vec3::Zero();
  double radiusMm_ = 0.0;  // from where they meet to the muscle's middle; 0: they are parallel
  Vec3 direction_ = Vec3::UnitZ();
};

std::optional<Vec3> insertionOf(const Structure& muscle, const LandmarkSet& landmarks) {
  static const std::map<std::string, std::optional<PointLandmark> HipLandmarks::*> insertions = {
      {"gluteus_medius", &HipLandmarks::greaterTrochanter},
      {"gluteus_minimus", &HipLandmarks::greaterTrochanter},
      {"piriformis", &HipLandmarks::greaterTrochanter},
      {"obturator_internus", &HipLandmarks::greaterTrochanter},
      {"obturator_externus", &HipLandmarks::greaterTrochanter},
      {"gluteus_maximus", &HipLandmarks::lesserTrochanter},
      {"iliacus", &HipLandmarks::lesserTrochanter},
      {"psoas_major", &HipLandmarks::lesserTrochanter}};
  const auto found = insertions.find(muscle.kind);
  if (found == insertions.end() || !muscle.side) return std::nullopt;
  const auto& landmark = landmarks.side(*muscle.side).*found->second;
  return landmark ? std::optional(landmark->position) : std::nullopt;
}

struct Voxels {
  std::vector<std::size_t> offsets;
  std::vector<Vec3> places;
};

std::map<std::uint8_t, Voxels> voxelsOf(const LabelMap& labels, const std::array<bool, 256>& wanted) {
  std::map<std::uint8_t, Voxels> voxels;
  const Grid& grid = labels.grid;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const std::uint8_t label = labels.at(i, j, k);
        if (!wanted[label]) continue;
        voxels[label].offsets.push_back(grid.offset(i, j, k));
        voxels[label].places.push_back(grid.worldFromIndex(Vec3(i, j, k)));
      }
  return voxels;
}

Fascicles fasciclesOf(const Structure& muscle, const std::vector<Vec3>& places,
                      const LandmarkSet& landmarks) {
  Vec3 center = Vec3::Zero();
  for (const Vec3& p : places) center += p;
  center /= static_cast<double>(places.size());
  // They meet beyond the insertion, for tendons have breadth.
  if (const auto insertion = insertionOf(muscle, landmarks))
    return Fascicles::towards(*insertion + 0.5 * (*insertion - center), center);
  Mat3 spread = Mat3::Zero();
  for (const Vec3& p : places) spread += (p - center) * (p - center).transpose();
  return Fascicles::along(Eigen::SelfAdjointEigenSolver<Mat3>(spread).eigenvectors().col(2));
}

// How far each voxel is from the sheets between bundles, in no unit: the zeros of a smooth noise are sheets,
// and a coarse noise lets fat gather in some parts of the muscle.
std::vector<float> remoteness(const Voxels& voxels, const Fascicles& fascicles, std::uint64_t seed) {
  constexpr double kPartMm = 14.0, kUneven = 0.2, kBranching = 0.5;
  std::vector<float> remote(voxels.places.size());
  tbb::parallel_for(std::size_t{0}, remote.size(), [&](std::size_t n) {
    const Vec3 p = fascicles.bundleSpace(voxels.places[n]);
    const double sheets = latticeNoise(p, seed) + kBranching * latticeNoise(2.1 * p, seed + 1);
    const double part = latticeNoise(voxels.places[n] / kPartMm, seed + 2);
    remote[n] = static_cast<float>(std::abs(sheets) + kUneven * part);
  });
  return remote;
}

float fatAt(float remote, float limit) {
  constexpr float kSharpness = 4.0F;
  return std::clamp((limit - remote) * kSharpness + 0.5F, 0.0F, 1.0F);
}

// The limit within which all is fat, so that the mean is the share.
float limitFor(const std::vector<float>& remote, double share) {
  float low = -1.0F, high = 2.0F;
  for (int n = 0; n < 24; ++n) {
    const float limit = 0.5F * (low + high);
    double sum = 0.0;
    for (const float each : remote) sum += fatAt(each, limit);
    (sum < share * static_cast<double>(remote.size()) ? low : high) = limit;
  }
  return 0.5F * (low + high);
}

}  // namespace

ScalarImage intramuscularFat(const Body& body, const TissueTraits& traits, const LandmarkSet& landmarks,
                             const StructureTable& table, std::uint64_t seed) {
  std::array<bool, 256> wanted{};
  for (const auto& [name, muscle] : traits.muscles)
    if (const Structure* structure = table.find(name)) wanted[structure->value] = muscle.fatShare > 0.0;
  if (std::none_of(wanted.begin(), wanted.end(), [](bool each) { return each; })) return {};
  ScalarImage fat(body.labels.grid);
  for (const auto& [value, voxels] : voxelsOf(body.labels, wanted)) {
    const Structure& muscle = *table.find(value);
    const auto remote =
        remoteness(voxels, fasciclesOf(muscle, voxels.places, landmarks), hashed(seed + value));
    const float limit = limitFor(remote, traits.muscle(muscle.name).fatShare);
    for (std::size_t n = 0; n < remote.size(); ++n) fat.voxels[voxels.offsets[n]] = fatAt(remote[n], limit);
  }
  return fat;
}

}  // namespace coxa
