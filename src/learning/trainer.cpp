#include "coxa/learning/trainer.hpp"

#include "first_line.hpp"
#include "mixed_precision.hpp"
#include "unet.hpp"

#include "coxa/base/files.hpp"

#include <torch/optim/adamw.h>
#include <torch/serialize.h>

#include <chrono>
#include <deque>
#include <fstream>
#include <future>
#include <numeric>
#include <sstream>

namespace coxa {

namespace {

using torch::Tensor;

double learningRateAt(const TrainerOptions& options, std::uint64_t step) {
  constexpr double kWarmUpSteps = 100.0;
  constexpr double kPi = 3.14159265358979;
  const double s = static_cast<double>(step);
  const double progress = std::min(1.0, s / static_cast<double>(options.steps));
  return options.learningRate * std::min(1.0, (s + 1.0) / kWarmUpSteps) * 0.5 *
         (1.0 + std::cos(kPi * progress));
}

// Mean cross-entropy over the counted pixels plus one minus the mean soft Dice of the classes present,
// weighted. The Dice alone looks after rare classes: class weights in the cross-entropy would pull borders
// into the background.
Tensor lossOf(const Tensor& scores, const Tensor& targets, double diceWeight) {
  const Tensor counted = targets.ne(kIgnoredClass);
  const Tensor counts = counted.to(torch::kFloat);
  const Tensor target = targets.masked_fill(counted.logical_not(), 0);
  const Tensor logProbability = torch::log_softmax(scores, 1);
  const Tensor logOfTarget = logProbability.gather(1, target.unsqueeze(1)).squeeze(1);

  const Tensor flat = target.flatten();
  const auto perClass = [&](const Tensor& values) {
    return torch::zeros({scores.size(1)}, scores.options()).index_add(0, flat, values.flatten());
  };
  Tensor crossEntropy = -(logOfTarget * counts).sum() / counts.sum().clamp_min(1.0);
  if (diceWeight == 0.0) return crossEntropy;
  const Tensor pixels = perClass(counts);
  const Tensor present = pixels.gt(0.0).to(torch::kFloat);

  const Tensor predicted = (logProbability.exp() * counts.unsqueeze(1)).sum({0, 2, 3});
  const Tensor common = perClass(logOfTarget.exp() * counts);
  const Tensor dice = (2.0 * common + 1.0) / (predicted + pixels + 1.0);
  return crossEntropy + diceWeight * (1.0 - (dice * present).sum() / present.sum().clamp_min(1.0));
}

// Everything a training is: restored, it goes on as if it had never stopped.
class TrainingState {
 public:
  TrainingState(const TrainerOptions& options, torch::Device device)
      : shape(options.shape),
        network(shape),
        averaged(shape),
        optimizer((network->to(device), averaged->to(device), network->parameters()),
                  torch::optim::AdamWOptions(options.learningRate).weight_decay(options.weightDecay)) {
    mixIntoAverage(1.0);
  }

  NetworkShape shape;
  UNet network;
  UNet averaged;
  torch::optim::AdamW optimizer;
  std::uint64_t step = 0;

  void setLearningRate(double rate) {
    for (auto& group : optimizer.param_groups())
      static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
  }

  void average(double decay) {
    // Early on the average follows quickly, else it would remember the random start.
    const double s = static_cast<double>(step);
    mixIntoAverage(1.0 - std::min(decay, (1.0 + s) / (10.0 + s)));
  }

  Result<void> save(const std::filesystem::path& file) {
    torch::serialize::OutputArchive archive, networkPart, averagedPart, optimizerPart;
    network->save(networkPart);
    averaged->save(averagedPart);
    optimizer.save(optimizerPart);
    archive.write("network", networkPart);
    archive.write("averaged", averagedPart);
    archive.write("optimizer", optimizerPart);
    archive.write("step", torch::tensor(static_cast<std::int64_t>(step)));
    return write(file, archive);
  }

  Result<void> saveWeights(const std::filesystem::path& file) {
    // From the CPU, so that any machine can read them, and in half precision, which takes half the space.
    UNet stored(shape);
    mix(stored, averaged, 1.0);
    stored->to(torch::kCPU, torch::kHalf);
    torch::serialize::OutputArchive archive;
    stored->save(archive);
    return write(file, archive);
  }

  Result<void> start(const std::filesystem::path& weights) {
    try {
      torch::serialize::InputArchive archive;
      archive.load_from(weights.string(), network->parameters().front().device());
      loadWeights(network, archive);
      mixIntoAverage(1.0);
    } catch (const std::exception& error) {
      return badInput(weights.string() + " does not hold the weights of this network.", firstLine(error));
    }
    return {};
  }

  Result<void> load(const std::filesystem::path& file) {
    try {
      torch::serialize::InputArchive archive, part;
      archive.load_from(file.string(), network->parameters().front().device());
      archive.read("network", part);
      loadWeights(network, part);
      archive.read("averaged", part);
      loadWeights(averaged, part);
      archive.read("optimizer", part);
      optimizer.load(part);
      Tensor stored;
      archive.read("step", stored);
      step = static_cast<std::uint64_t>(stored.item<std::int64_t>());
    } catch (const std::exception& error) {
      return badInput(
          file.string() +
              " is not a checkpoint of this network. Choose another work folder or remove the file.",
          firstLine(error));
    }
    return {};
  }

 private:
  void mixIntoAverage(double share) { mix(averaged, network, share); }

  static void mix(UNet& to, UNet& from, double share) {
    torch::NoGradGuard noGrad;
    const auto all = [share](std::vector<Tensor> mixed, std::vector<Tensor> added) {
      for (std::size_t i = 0; i < mixed.size(); ++i) {
        if (mixed[i].is_floating_point())
          mixed[i].lerp_(added[i].to(mixed[i].device()), share);
        else
          mixed[i].copy_(added[i]);
      }
    };
    all(to->parameters(), from->parameters());
    all(to->buffers(), from->buffers());
  }

  static Result<void> write(const std::filesystem::path& file, torch::serialize::OutputArchive& archive) {
    std::ostringstream bytes;
    archive.save_to(bytes);
    return writeFileAtomically(file, bytes.str());
  }
};

double trainStep(TrainingState& state, const TrainerOptions& options, TrainingBatch batch,
                 torch::Device device) {
  SliceBatch& slices = batch.images;
  const Tensor images =
      torch::from_blob(slices.values.data(), {slices.count, slices.channels, slices.height, slices.width})
          .to(device)
          .contiguous(device.is_cuda() ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous);
  const Tensor targets =
      torch::from_blob(batch.targets.data(), {slices.count, slices.height, slices.width}, torch::kUInt8)
          .to(device, torch::kLong);
  Random random{options.seed, state.step, 1};
  state.setLearningRate(learningRateAt(options, state.step));
  state.optimizer.zero_grad();
  Tensor loss;
  {
    // The range of bfloat16 is that of float: gradients need no scaling.
    const MixedPrecision mixed(device, torch::kBFloat16);
    const Tensor scores =
        state.network->forward(images, state.network->drawMasks(slices.count, random)).to(torch::kFloat);
    loss = lossOf(scores, targets, options.diceWeight);
  }
  loss.backward();
  state.optimizer.step();
  ++state.step;
  state.average(options.averaging);
  return loss.item<double>();
}

class LossLog {
 public:
  explicit LossLog(const std::filesystem::path& file) {
    if (!file.empty()) csv_.open(file, std::ios::app);
  }
  void add(std::uint64_t step, double loss, double rate) {
    recent_.push_back(loss);
    if (recent_.size() > 100) recent_.pop_front();
    if (csv_.is_open() && step % 20 == 0)
      csv_ << step << ',' << mean() << ',' << rate << ',' << seconds() << std::endl;
  }
  double mean() const {
    if (recent_.empty()) return 0.0;
    return std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
  }

 private:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  std::ofstream csv_;
  std::deque<double> recent_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Batches of the coming steps, prepared by threads of their own.
class BatchesAhead {
 public:
  BatchesAhead(const BatchSource& source, const TrainerOptions& options, std::uint64_t step)
      : source_(source), options_(options), next_(step) {
    for (int n = 0; n < options.batchesAhead; ++n) prepare();
  }
  TrainingBatch take() {
    TrainingBatch batch = ready_.front().get();
    ready_.pop_front();
    prepare();
    return batch;
  }

 private:
  void prepare() {
    if (next_ >= options_.steps) return;
    // By reference: a source may hold all patients, and std::async would copy it.
    ready_.push_back(std::async(std::launch::async, [this, step = next_] { return source_(step); }));
    ++next_;
  }
  const BatchSource& source_;
  const TrainerOptions& options_;
  std::uint64_t next_;
  std::deque<std::future<TrainingBatch>> ready_;
};

Result<void> saveCheckpoint(TrainingState& state, const TrainerOptions& options) {
  if (auto saved = state.save(options.checkpoint); !saved) return saved;
  return state.saveWeights(options.weights);
}

Result<TrainerReport> run(TrainingState& state, const TrainerOptions& options, const BatchSource& batches,
                          torch::Device device, const Job& job) {
  TrainerReport report;
  report.resumedFromStep = state.step;
  LossLog log(options.log);
  BatchesAhead ahead(batches, options, state.step);
  while (state.step < options.steps) {
    log.add(state.step + 1, trainStep(state, options, ahead.take(), device),
            learningRateAt(options, state.step));
    job.report(static_cast<double>(state.step) / static_cast<double>(options.steps),
               "Training, step " + std::to_string(state.step) + ", loss " + std::to_string(log.mean()));
    const bool stop = job.cancelled();
    if (stop || state.step % options.stepsPerCheckpoint == 0)
      if (auto saved = saveCheckpoint(state, options); !saved) return tl::unexpected(saved.error());
    if (stop) return cancelled();
  }
  report.loss = log.mean();
  if (auto saved = saveCheckpoint(state, options); !saved) return tl::unexpected(saved.error());
  return report;
}

}  // namespace

Result<TrainerReport> trainNetwork(const TrainerOptions& options, const BatchSource& batches,
                                   const Job& job) {
  try {
    const torch::Device device = torchDevice(options.device);
    torch::manual_seed(options.seed);
    if (device.is_cuda()) at::globalContext().setBenchmarkCuDNN(true);  // every batch has the same shape
    TrainingState state(options, device);
    const bool resumed = std::filesystem::exists(options.checkpoint);
    const Result<void> loaded = resumed                 ? state.load(options.checkpoint)
                                : options.start.empty() ? Result<void>()
                                                        : state.start(options.start);
    if (!loaded) return tl::unexpected(loaded.error());
    state.network->train();
    return run(state, options, batches, device, job);
  } catch (const std::exception& error) {
    return internalError("Training stopped with an error.", firstLine(error));
  }
}

}  // namespace coxa
