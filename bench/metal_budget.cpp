#include "metal_budget.hpp"

#include "coxa/image/filters.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace coxa::metal_bench {

namespace {

constexpr float kBrightHu = 1000.0F;

std::vector<float> distanceMm(const SliceGrid& slice, const SliceMask& metal) {
  Grid grid;
  grid.size = {slice.width, slice.height, 1};
  grid.spacing = {slice.spacingXMm, slice.spacingYMm, 1.0};
  LabelMap map(grid);
  map.voxels = metal;
  const IndexBox all{Eigen::Vector3i::Zero(), Eigen::Vector3i(slice.width - 1, slice.height - 1, 0)};
  return signedDistanceMm(map, 1, all, kBandEndsMm[3] + 1.0).voxels;
}

std::size_t bandOf(double mm) {
  std::size_t band = 0;
  while (band + 1 < kBandEndsMm.size() && mm >= kBandEndsMm[band]) ++band;
  return band;
}

double quantile(std::vector<float> values, double share) {
  if (values.empty()) return 0.0;
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

// The network speaks of means over some 2 mm: of 2 x 2 pixels here.
void addBlock(const RefinedSlice& refined, const Slice& truth, std::size_t first, BandErrors& band) {
  const auto width = static_cast<std::size_t>(truth.grid.width);
  float error = 0.0F, sd = 0.0F;
  for (const std::size_t n : {first, first + 1, first + width, first + width + 1}) {
    if (refined.sdHu[n] <= 0.0F) return;
    error += 0.25F * (refined.hu.pixels[n] - truth.pixels[n]);
    sd += 0.25F * refined.sdHu[n];
  }
  ++band.blocks;
  band.blocksWithinSd += std::abs(error) <= sd ? 1.0 : 0.0;
  band.ratios.push_back(std::abs(error) / sd);
}

}  // namespace

ErrorBudget errorBudget(const Slice& scan, const Slice& nmar, const RefinedSlice& refined, const Slice& truth,
                        const JudgedRegions& regions) {
  ErrorBudget budget;
  const std::vector<float> distance = distanceMm(truth.grid, regions.metal);
  const auto width = static_cast<std::size_t>(truth.grid.width);
  for (std::size_t n = 0; n < distance.size(); ++n) {
    if (regions.body[n] == 0) continue;
    BandErrors& band = budget[bandOf(distance[n])];
    const auto square = [&](const Slice& hu) { return std::pow(hu.pixels[n] - truth.pixels[n], 2); };
    ++band.pixels;
    band.squaresBefore += square(scan);
    band.squaresNmar += square(nmar);
    band.squares += square(refined.hu);
    band.sum += refined.hu.pixels[n] - truth.pixels[n];
    if (truth.pixels[n] > kBrightHu) band.brightSquares += square(refined.hu);
    if (n / width % 2 == 0 && n % width % 2 == 0 && n + width + 1 < distance.size())
      addBlock(refined, truth, n, band);
  }
  return budget;
}

void printBudget(const char* title, const std::vector<ErrorBudget>& slices) {
  ErrorBudget sum;
  double all = 0.0;
  for (const ErrorBudget& slice : slices)
    for (std::size_t b = 0; b < sum.size(); ++b) {
      sum[b].pixels += slice[b].pixels;
      sum[b].squaresBefore += slice[b].squaresBefore;
      sum[b].squaresNmar += slice[b].squaresNmar;
      sum[b].squares += slice[b].squares;
      sum[b].sum += slice[b].sum;
      sum[b].brightSquares += slice[b].brightSquares;
      sum[b].blocks += slice[b].blocks;
      sum[b].blocksWithinSd += slice[b].blocksWithinSd;
      sum[b].ratios.insert(sum[b].ratios.end(), slice[b].ratios.begin(), slice[b].ratios.end());
      all += slice[b].squares;
    }
  std::printf("%s: errors by distance from metal\n  %-9s %8s %8s %8s %8s %9s %8s %8s %9s %9s\n", title,
              "mm up to", "pixels", "before", "NMAR", "Coxa HU", "mean HU", "share %", "bright %", "in sd %",
              "68 % sd");
  for (std::size_t b = 0; b < sum.size(); ++b) {
    const BandErrors& band = sum[b];
    const auto rms = [&](double squares) { return std::sqrt(squares / band.pixels); };
    std::printf("  %-9.0f %8.0f %8.1f %8.1f %8.1f %9.1f %8.1f %8.1f %9.0f %9.2f\n", kBandEndsMm[b],
                band.pixels, rms(band.squaresBefore), rms(band.squaresNmar), rms(band.squares),
                band.sum / band.pixels, 100.0 * band.squares / all, 100.0 * band.brightSquares / all,
                100.0 * band.blocksWithinSd / band.blocks, quantile(band.ratios, 0.683));
  }
  std::fflush(stdout);
}

}  // namespace coxa::metal_bench
