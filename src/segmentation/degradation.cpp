#include "degradation.hpp"

#include "coxa/image/resample.hpp"
#include "coxa/learning/random.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kAirHu = -1024.0, kMetalHu = 3071.0;

std::int16_t clippedHu(double hu) {
  return static_cast<std::int16_t>(std::lround(std::clamp(hu, kAirHu, kMetalHu)));
}

// Applies hu(slice's random numbers, i, j, k, old) to every voxel.
template <class Hu>
void redraw(Volume& ct, std::uint64_t seed, const Hu& hu) {
  tbb::parallel_for(0, ct.grid.size.z(), [&](int k) {
    Random random{seed, static_cast<std::uint64_t>(k)};
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i)
        ct.at(i, j, k) = clippedHu(hu(random, i, j, k, static_cast<double>(ct.at(i, j, k))));
  });
}

Volume meanOverSlices(const Volume& ct, double thicknessMm) {
  const int reach =
      std::max(1, static_cast<int>(std::lround(0.5 * (thicknessMm / ct.grid.spacing.z() - 1.0))));
  Volume mean = ct;
  tbb::parallel_for(0, ct.grid.size.z(), [&](int k) {
    const int first = std::max(0, k - reach), last = std::min(ct.grid.size.z() - 1, k + reach);
    for (std::size_t p = 0; p < ct.grid.offset(0, 0, 1); ++p) {
      int sum = 0;
      for (int slice = first; slice <= last; ++slice) sum += ct.slice(slice)[p];
      mean.slice(k)[p] = static_cast<std::int16_t>(sum / (last - first + 1));
    }
  });
  return mean;
}

// Centre of the uppermost 45 mm of a structure: of a femur, its head.
Vec3 upperEnd(const LabelMap& labels, std::uint8_t value) {
  constexpr double kHeightMm = 45.0;
  double top = -1e9;
  Vec3 sum = Vec3::Zero();
  double count = 0.0;
  for (const bool finding : {true, false})
    for (int k = 0; k < labels.grid.size.z(); ++k)
      for (int j = 0; j < labels.grid.size.y(); ++j)
        for (int i = 0; i < labels.grid.size.x(); ++i) {
          if (labels.at(i, j, k) != value) continue;
          const Vec3 p = labels.grid.worldFromIndex(Vec3(i, j, k));
          if (finding) {
            top = std::max(top, p.z());
          } else if (p.z() > top - kHeightMm) {
            sum += p;
            ++count;
          }
        }
  return count > 0.0 ? Vec3(sum / count) : labels.grid.center();
}

void addMetal(Volume& ct, const Vec3& head, std::uint64_t seed) {
  constexpr double kHeadRadiusMm = 16.0, kStemRadiusMm = 7.0, kStemMm = 130.0;
  constexpr double kStreakHu = 450.0, kFallMm = 60.0;
  constexpr double kStreaks = 9.0;  // bright and dark rays around the metal
  redraw(ct, seed, [&](Random&, int i, int j, int k, double hu) {
    const Vec3 d = ct.grid.worldFromIndex(Vec3(i, j, k)) - head;
    const double across = std::hypot(d.x(), d.y());
    const bool stem = d.z() < 0.0 && d.z() > -kStemMm && across < kStemRadiusMm;
    if (d.norm() < kHeadRadiusMm || stem) return kMetalHu;
    if (d.z() > kHeadRadiusMm || d.z() < -kStemMm || hu < -500.0) return hu;
    const double phase = 0.15 * d.z();
    return hu +
           kStreakHu * std::cos(kStreaks * std::atan2(d.y(), d.x()) + phase) * std::exp(-across / kFallMm);
  });
}

}  // namespace

const char* name(Degradation degradation) {
  switch (degradation) {
    case Degradation::None:
      return "none";
    case Degradation::Noise:
      return "noise";
    case Degradation::ThickSlices:
      return "thick-slices";
    case Degradation::Atrophy:
      return "atrophy";
    case Degradation::Metal:
      return "metal";
    case Degradation::CutOff:
      return "cut-off";
  }
  return "";
}

DegradedCase degraded(const Volume& ct, const LabelMap& labels, Degradation degradation,
                      const std::vector<bool>& isMuscle, std::uint8_t femurValue, std::uint64_t seed) {
  DegradedCase made{ct, labels};
  switch (degradation) {
    case Degradation::None:
      break;
    case Degradation::Noise:
      redraw(made.ct, seed,
             [](Random& random, int, int, int, double hu) { return hu + random.normal(80.0); });
      break;
    case Degradation::ThickSlices:
      made.ct = meanOverSlices(ct, 9.0);
      break;
    case Degradation::Atrophy:
      redraw(made.ct, seed, [&](Random&, int i, int j, int k, double hu) {
        if (!isMuscle[labels.at(i, j, k)]) return hu;
        const Vec3 p = ct.grid.worldFromIndex(Vec3(i, j, k));
        const double patches = std::sin(0.6 * p.x()) * std::sin(0.5 * p.y() + 0.1 * p.z());
        const double fat = 0.45 + 0.3 * patches;
        return (1.0 - fat) * hu - 95.0 * fat;
      });
      break;
    case Degradation::Metal:
      addMetal(made.ct, upperEnd(labels, femurValue), seed);
      break;
    case Degradation::CutOff: {
      constexpr double kRadiusMm = 130.0;
      LabelMap labelled = labels;
      for (auto& voxel : labelled.voxels) voxel = voxel != 0 ? 1 : 0;
      const IndexBox box = boundsOf(labelled, 1);
      const Vec3 middle = labels.grid.worldFromIndex(0.5 * (box.min + box.max).cast<double>());
      redraw(made.ct, seed, [&](Random&, int i, int j, int k, double hu) {
        const Vec3 d = labels.grid.worldFromIndex(Vec3(i, j, k)) - middle;
        if (std::hypot(d.x(), d.y()) < kRadiusMm) return hu;
        made.labels.at(i, j, k) = 0;
        return kAirHu;
      });
      break;
    }
  }
  return made;
}

}  // namespace coxa
