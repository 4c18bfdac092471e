#include "degradation.hpp"

#include "coxa/image/resample.hpp"
#include "coxa/learning/random.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kAirHu = -1024.0, kMostHu = 3071.0;

std::int16_t clippedHu(double hu) {
  return static_cast<std::int16_t>(std::lround(std::clamp(hu, kAirHu, kMostHu)));
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
    case Degradation::CutOff:
      return "cut-off";
  }
  return "";
}

DegradedCase degraded(const Volume& ct, const LabelMap& labels, Degradation degradation,
                      const std::vector<bool>& isMuscle, std::uint64_t seed) {
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
