// What correcting brings, with a simulated expert who looks at voxels in some order and sets them to the
// reference: mean Dice against the share of voxels looked at, in order of uncertainty and in random order;
// and the time
// and memory of one dab of the brush.
// usage: coxa_correction_bench LABELS UNCERTAINTY REFERENCE [SEED]
// The reference has the table's values, or those of the expert labels of Pelvic-Reference-Data (no sides).
#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/editing/correction.hpp"
#include "coxa/editing/tools.hpp"
#include "coxa/image/files.hpp"
#include "coxa/render/slice_scene.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <vector>

namespace {

using namespace coxa;

constexpr double kShares[] = {0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0};

template <class T>
T orExit(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(3);
}

/// Dice per label, kept up while single voxels change.
class Agreement {
 public:
  Agreement(const LabelMap& labels, const LabelMap& reference, const std::array<bool, 256>& judged)
      : judged_(judged) {
    for (std::size_t n = 0; n < labels.voxels.size(); ++n) {
      ++found_[labels.voxels[n]];
      ++expected_[reference.voxels[n]];
      if (labels.voxels[n] == reference.voxels[n]) ++common_[labels.voxels[n]];
    }
  }
  void correct(std::uint8_t from, std::uint8_t to) {
    if (from == to) return;
    --found_[from];
    ++found_[to];
    ++common_[to];
  }
  double meanDice() const {
    double sum = 0.0;
    int count = 0;
    for (std::size_t value = 1; value < 256; ++value) {
      if (!judged_[value]) continue;
      sum += 2.0 * common_[value] / (found_[value] + expected_[value]);
      ++count;
    }
    return sum / count;
  }

 private:
  std::array<bool, 256> judged_;
  std::array<double, 256> found_{}, expected_{}, common_{};
};

/// Structures both maps have.
std::array<bool, 256> inBoth(const LabelMap& a, const LabelMap& b) {
  std::array<bool, 256> inA{}, inB{};
  for (const auto label : a.voxels) inA[label] = true;
  for (const auto label : b.voxels) inB[label] = true;
  std::array<bool, 256> both{};
  for (std::size_t value = 1; value < 256; ++value) both[value] = inA[value] && inB[value];
  return both;
}

std::vector<double> curve(const LabelMap& labels, const LabelMap& reference,
                          const std::array<bool, 256>& judged, const std::vector<std::uint32_t>& order) {
  Agreement agreement(labels, reference, judged);
  std::vector<double> dice;
  std::size_t done = 0;
  for (const double share : kShares) {
    const auto until = static_cast<std::size_t>(share * static_cast<double>(order.size()));
    for (; done < until; ++done) agreement.correct(labels.voxels[order[done]], reference.voxels[order[done]]);
    dice.push_back(agreement.meanDice());
  }
  return dice;
}

double msSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// The three slices of the window through the middle of the scan.
std::vector<SliceScene> slicesOf(const std::shared_ptr<const LabelMap>& labels, const StructureTable& table) {
  const auto ct = std::make_shared<const Volume>(labels->grid, std::int16_t{40});
  std::vector<SliceScene> slices;
  for (const BodyPlane plane : {BodyPlane::Axial, BodyPlane::Coronal, BodyPlane::Sagittal}) {
    SliceScene& slice = slices.emplace_back(plane);
    slice.setSize(600, 450, 1.0);
    slice.setVolume(ct);
    slice.setLabels(labels);
    for (const Structure& structure : table.all())
      slice.setLabelStyle(structure.value, {structure.rgb, true});
    slice.setOverlay(SliceOverlay::Labels);
    slice.picture();
  }
  return slices;
}

void timeDabs(const LabelMap& map, const StructureTable& table) {
  const auto labels = std::make_shared<LabelMap>(map);
  auto slices = slicesOf(labels, table);
  const Vec3 center = map.grid.center();
  for (const double radius : {6.0, 12.0, 24.0}) {
    std::vector<double> painting;
    std::vector<double> whole;
    LabelChange dab;
    for (int run = 0; run < 15; ++run) {
      const auto start = std::chrono::steady_clock::now();
      dab = paint(*labels, center, center, {radius, {}}, 3, {});
      dab.applyTo(*labels);
      painting.push_back(msSince(start));
      for (SliceScene& slice : slices) {
        slice.setLabels(labels);
        slice.picture();
      }
      whole.push_back(msSince(start));
      dab.takeBackFrom(*labels);
    }
    std::printf(
        "a ball of %2.0f mm: %.2f ms, with three slices of 600 x 450 drawn %.0f ms (median of 15; bar: 50); "
        "%zu voxels, %zu bytes of undo\n",
        radius, median(painting), median(whole), dab.voxelCount(), dab.bytes());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: coxa_correction_bench LABELS UNCERTAINTY REFERENCE [SEED]\n");
    return 2;
  }
  const LabelMap labels = orExit(readLabelMap(argv[1]));
  const ScalarImage uncertainty = orExit(readScalarImage(argv[2]));
  LabelMap reference = orExit(readLabelMap(argv[3]));
  const auto table = orExit(StructureTable::loadDefault());
  const auto greatest = *std::max_element(reference.voxels.begin(), reference.voxels.end());
  if (greatest <= 28) reference = orExit(withSides(reference, table));
  if (!sameGrid(labels.grid, reference.grid) || !sameGrid(labels.grid, uncertainty.grid)) {
    std::fprintf(stderr, "The three images lie on different grids.\n");
    return 3;
  }
  // The reference has no labels beyond its structures: where it is background, only labels it knows count.
  const std::array<bool, 256> judged = inBoth(labels, reference);
  LabelMap known = labels;
  for (auto& label : known.voxels)
    if (!judged[label]) label = 0;
  std::vector<std::uint32_t> byDoubt;
  for (std::uint32_t n = 0; n < known.voxels.size(); ++n)
    if (known.voxels[n] != 0 || reference.voxels[n] != 0 || uncertainty.voxels[n] > 0.001F)
      byDoubt.push_back(n);
  std::vector<std::uint32_t> random = byDoubt;
  std::mt19937 generator(argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 1U);
  std::shuffle(random.begin(), random.end(), generator);
  std::stable_sort(byDoubt.begin(), byDoubt.end(), [&](std::uint32_t a, std::uint32_t b) {
    return uncertainty.voxels[a] > uncertainty.voxels[b];
  });
  const auto doubt = curve(known, reference, judged, byDoubt);
  const auto chance = curve(known, reference, judged, random);
  std::printf("%zu voxels to look at, %d structures\n", byDoubt.size(),
              static_cast<int>(std::count(judged.begin(), judged.end(), true)));
  std::printf("looked at   Dice by uncertainty   Dice at random\n");
  for (std::size_t n = 0; n < doubt.size(); ++n)
    std::printf("%8.1f %%   %19.4f   %14.4f\n", 100.0 * kShares[n], doubt[n], chance[n]);
  timeDabs(labels, table);
  return 0;
}
