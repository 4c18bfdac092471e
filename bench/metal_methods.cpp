#include "metal_methods.hpp"

#include "coxa/base/resources.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <optional>

namespace coxa::metal_bench {

namespace {

constexpr std::size_t kPlain = 2, kNmar = 3, kOurs = 4;
constexpr std::array<const char*, 8> kScores = {"HU",   "noise", "sharp", "streak",
                                                "SSIM", "bone",  "metal", "range"};

/// Mean, standard deviation and number of the values that there are.
struct Statistics {
  double mean = 0.0, deviation = 0.0;
  int count = 0;
};
Statistics statisticsOf(const std::vector<std::optional<double>>& values) {
  Statistics statistics;
  double sum = 0.0, squares = 0.0;
  for (const auto& value : values) {
    if (!value) continue;
    sum += *value;
    squares += *value * *value;
    ++statistics.count;
  }
  if (statistics.count == 0) return statistics;
  const auto count = static_cast<double>(statistics.count);
  statistics.mean = sum / count;
  if (statistics.count > 1)
    statistics.deviation = std::sqrt(std::max(squares - sum * sum / count, 0.0) / (count - 1.0));
  return statistics;
}

template <class Value>
Statistics over(const std::vector<Comparison>& slices, const Value& value) {
  std::vector<std::optional<double>> values;
  values.reserve(slices.size());
  for (const Comparison& slice : slices) values.push_back(value(slice));
  return statisticsOf(values);
}

double lessPercent(const Comparison& slice, std::size_t method) {
  return 100.0 * (1.0 - slice.measures[method].rmsHu / slice.measures[0].rmsHu);
}
double psnrGain(const Comparison& slice, std::size_t method) {
  return 20.0 * std::log10(slice.measures[0].rmsHu / slice.measures[method].rmsHu);
}

/// What a column of the tables shows of a slice under a method.
struct Column {
  const char* name;
  std::function<std::optional<double>(const Comparison&, std::size_t)> value;
};

std::vector<Column> columns() {
  std::vector<Column> all;
  for (std::size_t n = 0; n < kScores.size(); ++n)
    all.push_back({kScores[n], [n](const Comparison& c, std::size_t m) { return c.scores[m].all()[n]; }});
  all.push_back({"mean", [](const Comparison& c, std::size_t m) { return c.scores[m].mean(); }});
  all.push_back({"RMSE", [](const Comparison& c, std::size_t m) { return c.measures[m].rmsHu; }});
  all.push_back({"less %", [](const Comparison& c, std::size_t m) { return lessPercent(c, m); }});
  all.push_back({"PSNR dB", [](const Comparison& c, std::size_t m) { return psnrGain(c, m); }});
  return all;
}

void printHeader() {
  std::printf("  %-12s", "");
  for (const Column& column : columns()) std::printf(" %12s", column.name);
  std::printf("\n");
}

}  // namespace

namespace {

template <class Network>
Network loaded(const char* variable, const char* model) {
  const char* set = std::getenv(variable);
  auto network = Network::load(set ? set : modelPath(model), Device::Cpu);
  if (network) return std::move(*network);
  std::fprintf(stderr, "%s\n", network.error().message.c_str());
  std::exit(3);
}

}  // namespace

Reductions::Reductions(const SliceGrid& grid)
    : reducer(grid),
      metal(loaded<MetalNetwork>("COXA_METAL_MASK_MODEL", "metal-mask-ct")),
      network(loaded<ArtifactNetwork>("COXA_METAL_MODEL", "metal-ct")) {}

namespace {

// The network speaks of means over some 2 mm: of 2 x 2 pixels here.
double shareWithinOneSd(const RefinedSlice& refined, const Slice& truth) {
  double within = 0.0, count = 0.0;
  const auto width = static_cast<std::size_t>(truth.grid.width);
  for (int j = 0; j + 1 < truth.grid.height; j += 2)
    for (int i = 0; i + 1 < truth.grid.width; i += 2) {
      const std::size_t first = static_cast<std::size_t>(j) * width + static_cast<std::size_t>(i);
      float error = 0.0F, sd = 0.0F;
      bool known = true;
      for (const std::size_t n : {first, first + 1, first + width, first + width + 1}) {
        error += 0.25F * (refined.hu.pixels[n] - truth.pixels[n]);
        sd += 0.25F * refined.sdHu[n];
        known = known && refined.sdHu[n] > 0.0F;
      }
      if (!known) continue;
      ++count;
      within += std::abs(error) <= sd ? 1.0 : 0.0;
    }
  return count > 0.0 ? within / count : 0.0;
}

}  // namespace

Comparison compared(const Reductions& reductions, const Slice& scan, const Slice& truth,
                    const SliceMask& found, const SliceMask& metal) {
  const SliceReducer& reducer = reductions.reducer;
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
  const SliceMask withoutStreaks = reductions.metal.metalOf(scan, found);
  const Slice reduced = reducer.reduced(scan, withoutStreaks, MetalMethod::Nmar);
  const RefinedSlice ours = reductions.network.refined(scan, reduced, withoutStreaks);
  comparison.processorSeconds = static_cast<double>(std::clock() - busy) / CLOCKS_PER_SEC;
  comparison.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const Slice nmar = reducer.reduced(scan, found, MetalMethod::Nmar);
  judge(kNmar, nmar);
  judge(kOurs, ours.hu);
  comparison.budget = errorBudget(scan, nmar, ours, truth, regions);
  comparison.withinOneSd = shareWithinOneSd(ours, truth);
  for (std::size_t method = 0; method < kMethods.size(); ++method)
    comparison.scores[method] =
        scoreArtifacts(comparison.measures[method], comparison.measures[kPlain], comparison.measures[0]);
  return comparison;
}

void printMeans(const char* title, const std::vector<Comparison>& slices) {
  if (slices.empty()) return;
  std::printf("%s, %zu slices (%.2f s a slice, processor %.2f s)\n", title, slices.size(),
              over(slices, [](const Comparison& c) { return c.seconds; }).mean,
              over(slices, [](const Comparison& c) { return c.processorSeconds; }).mean);
  printHeader();
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    std::printf("  %-12s", kMethods[m]);
    for (const Column& column : columns())
      std::printf(" %12.2f", over(slices, [&](const Comparison& c) { return column.value(c, m); }).mean);
    std::printf("\n");
  }
  std::printf("  errors within one sd of the network: %.0f %%\n",
              100.0 * over(slices, [](const Comparison& c) { return c.withinOneSd; }).mean);
  std::printf("  %-12s", "n");
  for (const Column& column : columns())
    std::printf(" %12d", over(slices, [&](const Comparison& c) { return column.value(c, kOurs); }).count);
  std::printf("\n");
  std::vector<ErrorBudget> budgets;
  budgets.reserve(slices.size());
  for (const Comparison& slice : slices) budgets.push_back(slice.budget);
  printBudget(title, budgets);
}

void printOverPatients(const std::vector<std::vector<Comparison>>& patients) {
  if (patients.empty()) return;
  std::printf("mean (SD) of %zu patients' means\n", patients.size());
  printHeader();
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    std::printf("  %-12s", kMethods[m]);
    for (const Column& column : columns()) {
      std::vector<std::optional<double>> means;
      for (const auto& slices : patients) {
        const Statistics one = over(slices, [&](const Comparison& c) { return column.value(c, m); });
        means.push_back(one.count > 0 ? std::optional(one.mean) : std::nullopt);
      }
      const Statistics all = statisticsOf(means);
      std::printf(" %6.2f (%.2f)", all.mean, all.deviation);
    }
    std::printf("\n");
  }
  std::fflush(stdout);
}

}  // namespace coxa::metal_bench
