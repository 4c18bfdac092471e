// Seconds of the segmentation's Monte-Carlo samples, the share of the cores' peak that the arithmetic
// reaches, and the same network as a plain loop of whole passes in PyTorch beside it (segmentation_peer.py,
// python3-torch).
//   coxa_segmentation_bench [CT [REFERENCE]] [--model DIR] [--samples N] [--every N] [--rounds N]
// CT: volume file or DICOM folder; REFERENCE: label map with the experts' values of Pelvic-Reference-Data.
// Without them CT 002 of the shared data. Every N-th slice of the body is taken (6). Both sides run in turns
// on the same slices, so that their ratio holds on a busy machine too; seconds by themselves do on an idle
// one only, CPU seconds nearly everywhere. --rounds 0: without PyTorch.

#include "model_config.hpp"
#include "working_ct.hpp"

#include "coxa/base/resources.hpp"
#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"
#include "coxa/learning/predictor.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace coxa;
namespace fs = std::filesystem;
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

double cpuSecondsSince(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// Multiply-adds in registers on all cores.
struct Peak {
  double gflops = 0.0;              ///< by the clock
  double gflopsPerCpuSecond = 0.0;  ///< of one core
};

Peak measuredPeak() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<float> results(cores);
  const auto start = Clock::now();
  const std::clock_t cpu = std::clock();
  std::vector<std::thread> threads;
  for (unsigned core = 0; core < cores; ++core)
    threads.emplace_back([&, core] { results[core] = multiplyAdds(); });
  for (auto& thread : threads) thread.join();
  if (results[0] < 0.0F) std::puts("");  // keeps the loop from being optimised away
  const double gflop = static_cast<double>(cores) * kChains * 8.0 * 2.0 * kRounds * 1e-9;
  return {gflop / secondsSince(start), gflop / cpuSecondsSince(cpu)};
}

struct Arguments {
  std::string ct, reference;
  fs::path model = modelPath("hip-ct");
  int samples = 20, every = 6, rounds = 2;
};

Arguments parsed(int argc, char** argv) {
  Arguments arguments;
  std::vector<std::string> files;
  for (int n = 1; n < argc; ++n) {
    const std::string text = argv[n];
    int* number = text == "--samples"  ? &arguments.samples
                  : text == "--every"  ? &arguments.every
                  : text == "--rounds" ? &arguments.rounds
                                       : nullptr;
    if (number != nullptr && n + 1 < argc)
      *number = std::max(0, std::atoi(argv[++n]));
    else if (text == "--model" && n + 1 < argc)
      arguments.model = argv[++n];
    else
      files.push_back(text);
  }
  arguments.samples = std::max(1, arguments.samples);
  arguments.every = std::max(1, arguments.every);
  const char* data = std::getenv("COXA_DATA");
  const fs::path shared = fs::path(data != nullptr ? data : COXA_SOURCE_DIR "/../shared/data") / "pelvic-ref";
  if (files.empty() && fs::exists(shared / "ct-002"))
    files = {(shared / "ct-002").string(), (shared / "labels" / "002" / "label.mhd").string()};
  if (!files.empty()) arguments.ct = files[0];
  if (files.size() > 1) arguments.reference = files[1];
  return arguments;
}

Result<Volume> readAnyCt(const fs::path& path) {
  if (!fs::is_directory(path)) return readVolume(path);
  const auto index = scanFolder(path);
  if (!index) return tl::unexpected(index.error());
  const auto choice = chooseCtSeries(*index);
  if (!choice) return tl::unexpected(choice.error());
  auto read = coxa::readCt(choice->series);
  if (!read) return tl::unexpected(read.error());
  return std::move(read->volume);
}

/// Some slices as the network sees them: those of the body, its size rounded up.
struct Slices {
  Grid grid;               ///< of the input, all slices of the body
  std::vector<int> taken;  ///< their numbers
  int channels = 0;
  std::vector<float> values;  ///< [taken, channels, height, width]

  std::size_t pixels() const { return grid.offset(0, 0, 1); }
  std::size_t perSlice() const { return static_cast<std::size_t>(channels) * pixels(); }
};

Slices slicesOf(const WorkingCt& working, const ModelConfig& config, int every) {
  Slices slices;
  slices.grid = cropped(working.ct.grid, working.body);
  const int multiple = config.network.multiple();
  for (int axis = 0; axis < 2; ++axis)
    slices.grid.size[axis] = (slices.grid.size[axis] + multiple - 1) / multiple * multiple;
  slices.channels = static_cast<int>(config.sliceOffsetsMm.size());
  const Volume input = resampleLinear(working.ct, slices.grid);
  const double range = config.windowHighHu - config.windowLowHu;
  for (int slice = 0; slice < slices.grid.size.z(); slice += every) {
    slices.taken.push_back(slice);
    for (const double offset : config.sliceOffsetsMm) {
      const int k = slice + static_cast<int>(std::lround(offset / config.spacingMm.z()));
      const std::int16_t* hu = input.slice(std::clamp(k, 0, slices.grid.size.z() - 1));
      for (std::size_t p = 0; p < slices.pixels(); ++p)
        slices.values.push_back(
            static_cast<float>(std::clamp(2.0 * (hu[p] - config.windowLowHu) / range - 1.0, -1.0, 1.0)));
    }
  }
  return slices;
}

struct Prediction {
  double seconds = 0.0;
  double cpuSeconds = 0.0;      ///< of all threads: what a busy machine does not stretch
  std::vector<float> mean;      ///< [slice, class, pixel]
  std::vector<float> variance;  ///< [slice, pixel]
};

Prediction ours(const Slices& slices, const Predictor& predictor, const Sampling& sampling) {
  constexpr std::size_t kBatch = 16;
  Prediction all;
  const auto start = Clock::now();
  const std::clock_t cpu = std::clock();
  for (std::size_t first = 0; first < slices.taken.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, slices.taken.size() - first);
    SliceBatch batch{
        static_cast<int>(count), slices.channels, slices.grid.size.y(), slices.grid.size.x(), {}};
    const float* values = slices.values.data() + first * slices.perSlice();
    batch.values.assign(values, values + count * slices.perSlice());
    const auto part = predictor.predict(batch, sampling, Job()).value();
    all.mean.insert(all.mean.end(), part.mean.begin(), part.mean.end());
    all.variance.insert(all.variance.end(), part.variance.begin(), part.variance.end());
  }
  all.seconds = secondsSince(start);
  all.cpuSeconds = cpuSecondsSince(cpu);
  return all;
}

struct Peer {
  Prediction prediction;
  double gemmGflops = 0.0;
};

std::vector<float> floatsIn(std::ifstream& file, std::size_t count) {
  std::vector<float> values(count);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(float)));
  return values;
}

// Nothing without python3-torch.
std::optional<Peer> peer(const Slices& slices, const fs::path& weights, const ModelConfig& config,
                         const Sampling& sampling, const fs::path& folder, const std::string& environment) {
  const std::string input = (folder / "input.bin").string(), output = (folder / "output.bin").string();
  std::ofstream(input, std::ios::binary)
      .write(reinterpret_cast<const char*>(slices.values.data()),
             static_cast<std::streamsize>(slices.values.size() * sizeof(float)));
  const std::string command =
      environment + " /usr/bin/python3 " COXA_SOURCE_DIR "/bench/segmentation_peer.py " + weights.string() +
      " " + input + " " + std::to_string(slices.taken.size()) + " " + std::to_string(slices.grid.size.y()) +
      " " + std::to_string(slices.grid.size.x()) + " " + std::to_string(sampling.samples) + " " +
      std::to_string(config.network.dropout) + " " + std::to_string(sampling.temperature) + " " + output;
  FILE* pipe = ::popen(command.c_str(), "r");
  Peer result;
  const bool read =
      pipe != nullptr && std::fscanf(pipe, "seconds %lf cpu %lf gemm %lf", &result.prediction.seconds,
                                     &result.prediction.cpuSeconds, &result.gemmGflops) == 3;
  if (pipe == nullptr || ::pclose(pipe) != 0 || !read) return std::nullopt;
  std::ifstream file(output, std::ios::binary);
  const std::size_t pixels = slices.taken.size() * slices.pixels();
  result.prediction.mean = floatsIn(file, pixels * config.kinds.size());
  result.prediction.variance = floatsIn(file, pixels);
  return result;
}

std::vector<std::uint8_t> kindsOf(const Prediction& prediction, const Slices& slices, std::size_t classes) {
  std::vector<std::uint8_t> kinds;
  for (std::size_t s = 0; s < slices.taken.size(); ++s)
    for (std::size_t p = 0; p < slices.pixels(); ++p) {
      const auto at = [&](std::size_t c) { return prediction.mean[(s * classes + c) * slices.pixels() + p]; };
      std::size_t best = 0;
      for (std::size_t c = 1; c < classes; ++c)
        if (at(c) > at(best)) best = c;
      kinds.push_back(static_cast<std::uint8_t>(best));
    }
  return kinds;
}

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sx += x[i];
    sy += y[i];
    sxx += x[i] * x[i];
    syy += y[i] * y[i];
    sxy += x[i] * y[i];
  }
  return (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}

// Mean Dice over the kinds, and its correlation with the structure-wise variance (PSV), on these slices.
void printQuality(const char* who, const Prediction& prediction, const Slices& slices,
                  const std::vector<std::uint8_t>& reference, std::size_t classes) {
  const auto kinds = kindsOf(prediction, slices, classes);
  std::vector<double> found(classes), expected(classes), common(classes), variance(classes), dice, psv;
  for (std::size_t v = 0; v < kinds.size(); ++v) {
    ++found[kinds[v]];
    if (reference[v] < classes) ++expected[reference[v]];
    if (kinds[v] == reference[v]) ++common[kinds[v]];
    variance[kinds[v]] += static_cast<double>(prediction.variance[v]);
  }
  double sum = 0.0;
  for (std::size_t c = 1; c < classes; ++c) {
    if (expected[c] == 0.0 || found[c] == 0.0) continue;
    dice.push_back(2.0 * common[c] / (found[c] + expected[c]));
    psv.push_back(variance[c] / found[c]);
    sum += dice.back();
  }
  std::printf("%-8s mean Dice %.3f, r(PSV, Dice) %.2f over %zu kinds\n", who,
              sum / static_cast<double>(dice.size()), pearson(psv, dice), dice.size());
}

std::vector<std::uint8_t> referenceOn(const Slices& slices, const LabelMap& labels) {
  const LabelMap on = resampleNearest(labels, slices.grid);
  std::vector<std::uint8_t> values;
  for (const int slice : slices.taken)
    values.insert(values.end(), on.slice(slice), on.slice(slice) + slices.pixels());
  return values;
}

void compareWithPeer(const Arguments& arguments, const Slices& slices, const ModelConfig& config,
                     const Predictor& predictor, const Sampling& sampling) {
  char folder[] = "/tmp/coxa-bench-XXXXXX";
  if (::mkdtemp(folder) == nullptr) return;
  // As PyTorch comes, and with its memory kept as ours is (tuneAllocator).
  const std::pair<const char*, const char*> settings[] = {
      {"PyTorch", ""},
      {"PyTorch, memory kept",
       "MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=-1 MALLOC_TOP_PAD_=268435456 MALLOC_ARENA_MAX=1"}};
  Prediction mine;
  std::optional<Peer> theirs;
  for (const auto& [name, environment] : settings) {
    for (int round = 0; round < arguments.rounds; ++round) {
      mine = ours(slices, predictor, sampling);
      theirs = peer(slices, arguments.model / "weights.pt", config, sampling, folder, environment);
      if (!theirs) break;
      std::printf("%-21s %6.2f s (CPU %6.2f s), Coxa %6.2f s (CPU %6.2f s): %.1f times as fast (CPU %.1f)\n",
                  name, theirs->prediction.seconds, theirs->prediction.cpuSeconds, mine.seconds,
                  mine.cpuSeconds, theirs->prediction.seconds / mine.seconds,
                  theirs->prediction.cpuSeconds / mine.cpuSeconds);
    }
    if (!theirs) std::puts("python3-torch is not here: no peer");
    if (!theirs) break;
  }
  if (theirs && !arguments.reference.empty()) {
    const auto labels = readLabelMap(arguments.reference);
    if (!labels) std::fprintf(stderr, "%s\n", labels.error().message.c_str());
    if (labels) {
      const auto reference = referenceOn(slices, *labels);
      printQuality("Coxa", mine, slices, reference, config.kinds.size());
      printQuality("PyTorch", theirs->prediction, slices, reference, config.kinds.size());
    }
  }
  if (theirs) std::printf("torch.mm reaches %.0f GFLOP/s\n", theirs->gemmGflops);
  fs::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parsed(argc, argv);
  if (arguments.ct.empty()) {
    std::puts("skipped: no CT given and no shared data");
    return 0;
  }
  const auto ct = readAnyCt(arguments.ct);
  const auto config = readModelConfig(arguments.model);
  if (!ct || !config) {
    std::fprintf(stderr, "%s\n", (ct ? config.error() : ct.error()).message.c_str());
    return 3;
  }
  const auto predictor =
      Predictor::load(arguments.model / "weights.pt", config->network, Device::Cpu).value();

  auto start = Clock::now();
  const WorkingCt working = workingCt(*ct, *config);
  std::printf("preparing %.2f s\n", secondsSince(start));
  const Slices slices = slicesOf(working, *config, arguments.every);
  const Sampling sampling{arguments.samples, 1, config->calibration ? config->calibration->temperature : 1.0};
  const int height = slices.grid.size.y(), width = slices.grid.size.x();
  const auto count = static_cast<double>(slices.taken.size());
  const Peak peak = measuredPeak();
  const Prediction mine = ours(slices, predictor, sampling);
  const double gflop = 1e-9 * count *
                       (predictor.encoderFlops(height, width) * (arguments.samples > 1 ? 2 : 1) +
                        arguments.samples * predictor.sampleFlops(height, width));
  std::printf("%.0f slices of %d x %d (every %d of %d), samples %d: %.2f s, CPU %.2f s\n", count, width,
              height, arguments.every, slices.grid.size.z(), arguments.samples, mine.seconds,
              mine.cpuSeconds);
  std::printf("per slice: encoder %.2f GFLOP per mirror image, each sample %.2f GFLOP; in all %.0f GFLOP\n",
              predictor.encoderFlops(height, width) * 1e-9, predictor.sampleFlops(height, width) * 1e-9,
              gflop);
  std::printf("multiply-adds in registers: %.0f GFLOP/s, so at least %.2f s: share reached %.0f %%\n",
              peak.gflops, gflop / peak.gflops, 100.0 * gflop / peak.gflops / mine.seconds);
  std::printf("per CPU second: %.0f GFLOP, so at least %.2f CPU s: share reached %.0f %%\n",
              peak.gflopsPerCpuSecond, gflop / peak.gflopsPerCpuSecond,
              100.0 * gflop / peak.gflopsPerCpuSecond / mine.cpuSeconds);
  if (arguments.rounds > 0) compareWithPeer(arguments, slices, *config, predictor, sampling);
  return 0;
}
