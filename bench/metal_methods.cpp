#include "metal_methods.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace coxa::metal_bench {

namespace {

constexpr std::size_t kPlain = 2, kOurs = 3;

template <class Value>
double meanOf(const std::vector<Comparison>& slices, const Value& value) {
  double sum = 0.0;
  for (const Comparison& slice : slices) sum += value(slice);
  return sum / static_cast<double>(slices.size());
}

}  // namespace

Comparison compared(const SliceReducer& reducer, const Slice& scan, const Slice& truth,
                    const SliceMask& found, const SliceMask& metal) {
  Comparison comparison;
  const JudgedRegions regions = judgedRegions(truth, scan, metal);
  const auto judge = [&](std::size_t method, const Slice& slice) {
    comparison.measures[method] = measureArtifacts(slice, truth, regions);
  };
  judge(0, scan);
  judge(1, reducer.reduced(scan, found, MetalMethod::LinearInterpolation));
  judge(kPlain, reducer.reduced(scan, found, MetalMethod::PlainNmar));
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t busy = std::clock();
  const Slice ours = reducer.reduced(scan, found, MetalMethod::Nmar);
  comparison.processorSeconds = static_cast<double>(std::clock() - busy) / CLOCKS_PER_SEC;
  comparison.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  judge(kOurs, ours);
  for (std::size_t method = 0; method < kMethods.size(); ++method)
    comparison.scores[method] =
        scoreArtifacts(comparison.measures[method], comparison.measures[kPlain], comparison.measures[0]);
  return comparison;
}

void printMeans(const char* title, const std::vector<Comparison>& slices) {
  if (slices.empty()) return;
  std::printf("%s, %zu slices (%.2f s a slice, processor %.2f s)\n", title, slices.size(),
              meanOf(slices, [](const Comparison& c) { return c.seconds; }),
              meanOf(slices, [](const Comparison& c) { return c.processorSeconds; }));
  std::printf("  %-12s %6s %6s %6s %6s %6s %6s %6s %6s %6s  %6s %6s %8s\n", "", "HU", "noise", "sharp",
              "streak", "SSIM", "bone", "metal", "range", "mean", "RMSE", "less", "PSNR");
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    std::printf("  %-12s", kMethods[m]);
    for (const auto score : {&ArtifactScores::ctNumber, &ArtifactScores::noise, &ArtifactScores::sharpness,
                             &ArtifactScores::streaks, &ArtifactScores::structure, &ArtifactScores::bone,
                             &ArtifactScores::metal, &ArtifactScores::range})
      std::printf(" %6.2f", meanOf(slices, [&](const Comparison& c) { return c.scores[m].*score; }));
    std::printf(" %6.2f", meanOf(slices, [&](const Comparison& c) { return c.scores[m].mean(); }));
    std::printf("  %6.1f %4.0f %% %+5.1f dB\n",
                meanOf(slices, [&](const Comparison& c) { return c.measures[m].rmsHu; }),
                meanOf(slices,
                       [&](const Comparison& c) {
                         return 100.0 * (1.0 - c.measures[m].rmsHu / c.measures[0].rmsHu);
                       }),
                meanOf(slices, [&](const Comparison& c) {
                  return 20.0 * std::log10(c.measures[0].rmsHu / c.measures[m].rmsHu);
                }));
  }
  std::printf(
      "  %-12s %4s   noise ratio %.2f, sharpness %.2f, streak %.0f HU (uncorrected %.0f), SSIM %.4f, bone "
      "volume %.3f Dice "
      "%.3f, metal volume %.3f Dice %.3f, range %.2f %%\n",
      "Coxa", "", meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].noise; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].sharpness; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].streakHu; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[0].streakHu; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].ssim; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].boneVolume; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].boneDice; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].metalVolume; }),
      meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].metalDice; }),
      100.0 * meanOf(slices, [](const Comparison& c) { return c.measures[kOurs].rangeShift; }));
  std::fflush(stdout);
}

}  // namespace coxa::metal_bench
