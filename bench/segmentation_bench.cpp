// Seconds per slice and sample of the segmentation, and the share of the cores' peak that its arithmetic
// reaches.
//   coxa_segmentation_bench CT_FILE [SAMPLES] [PEAK_GFLOPS]
// The peak is what fused multiply-adds on registers (8 floats) reach on all cores in the same run, unless
// given. The figures mean something on an idle machine only.

#include "probabilities.hpp"

#include "coxa/base/resources.hpp"
#include "coxa/image/files.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

using Lanes = float __attribute__((vector_size(32)));
constexpr int kChains = 12;
constexpr std::size_t kRounds = 100'000'000;

// Independent chains of fused multiply-adds in registers, enough to fill the pipelines.
float multiplyAdds() {
  Lanes values[kChains];
  for (int c = 0; c < kChains; ++c) values[c] = Lanes{} + static_cast<float>(c);
  for (std::size_t round = 0; round < kRounds; ++round)
#pragma GCC unroll 12
    for (int c = 0; c < kChains; ++c) values[c] = values[c] * 0.9999F + 1e-4F;
  Lanes sum{};
  for (const Lanes& value : values) sum += value;
  return sum[0];
}

double measuredPeakGflops() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<float> results(cores);
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (unsigned core = 0; core < cores; ++core)
    threads.emplace_back([&, core] { results[core] = multiplyAdds(); });
  for (auto& thread : threads) thread.join();
  const double seconds = secondsSince(start);
  if (results[0] < 0.0F) std::puts("");  // keeps the loop from being optimised away
  return static_cast<double>(cores) * kChains * 8.0 * 2.0 * kRounds / seconds * 1e-9;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace coxa;
  tuneAllocator();
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s CT_FILE [SAMPLES] [PEAK_GFLOPS]\n", argv[0]);
    return 2;
  }
  const int samples = argc > 2 ? std::atoi(argv[2]) : 20;
  const double peak = argc > 3 ? std::atof(argv[3]) : measuredPeakGflops();
  const auto ct = readVolume(argv[1]);
  const auto config = readModelConfig(modelPath("hip-ct"));
  if (!ct || !config) {
    std::fprintf(stderr, "%s\n", (ct ? config.error() : ct.error()).message.c_str());
    return 3;
  }
  const auto predictor =
      Predictor::load(modelPath("hip-ct") / "weights.pt", config->network, Device::Cpu).value();

  auto start = Clock::now();
  const WorkingCt working = workingCt(*ct, *config);
  const double preparing = secondsSince(start);
  start = Clock::now();
  const auto found = predictVolume(working, *config, predictor, {samples, 1}, Job()).value();
  const double predicting = secondsSince(start);

  const Eigen::Vector3i n = found.grid.size;
  const double flops =
      n.z() * (predictor.encoderFlops(n.y(), n.x()) + samples * predictor.sampleFlops(n.y(), n.x()));
  std::printf("slices %d of %d x %d, samples %d\n", n.z(), n.x(), n.y(), samples);
  std::printf("preparing %.2f s, predicting %.2f s\n", preparing, predicting);
  std::printf("%.2f ms per slice and sample\n", 1e3 * predicting / n.z() / samples);
  std::printf("per slice: encoder %.2f GFLOP, each sample %.2f GFLOP\n",
              predictor.encoderFlops(n.y(), n.x()) * 1e-9, predictor.sampleFlops(n.y(), n.x()) * 1e-9);
  std::printf("%.0f GFLOP/s, %.0f %% of the peak of %.0f GFLOP/s\n", flops / predicting * 1e-9,
              100.0 * flops / predicting * 1e-9 / peak, peak);
}
