#include "coxa/refinement/artifact_training.hpp"

#include "artifact_model.hpp"
#include "artifact_sampler.hpp"
#include "network_input.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"
#include "coxa/metal/metal_mask.hpp"

#include <algorithm>

namespace coxa {

namespace {

namespace fs = std::filesystem;

/// A case's three CTs.
struct ArtifactCase {
  std::string name;
  Volume scan, reduced, truth;
};

Result<ArtifactCase> readCase(const fs::path& folder) {
  ArtifactCase one;
  one.name = folder.filename().string();
  for (const auto& [file, volume] : {std::pair{"ct.nrrd", &one.scan}, std::pair{"reduced.nrrd", &one.reduced},
                                     std::pair{"ct_without_artifact.nrrd", &one.truth}}) {
    auto read = readVolume(folder / file);
    if (!read) return tl::unexpected(read.error());
    *volume = std::move(*read);
  }
  if (!sameGrid(one.scan.grid, one.reduced.grid) || !sameGrid(one.scan.grid, one.truth.grid))
    return badInput(folder.string() +
                    ": ct.nrrd, reduced.nrrd and ct_without_artifact.nrrd do not lie on one grid. Make them "
                    "anew by coxa-cli operate and reduce-metal.");
  return one;
}

struct Box {
  int left = 0, top = 0, width = 0, height = 0;
};

Box bodyBox(const Volume& reduced) {
  const Grid& grid = reduced.grid;
  int left = grid.size.x(), right = -1, top = grid.size.y(), bottom = -1;
  for (int k = 0; k < grid.size.z(); k += 4)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        if (!correctable(reduced.at(i, j, k), false)) continue;
        left = std::min(left, i);
        right = std::max(right, i);
        top = std::min(top, j);
        bottom = std::max(bottom, j);
      }
  return {left, top, std::max(0, right - left + 1), std::max(0, bottom - top + 1)};
}

template <class T>
std::vector<T> part(const T* slice, int rowLength, const Box& box) {
  std::vector<T> pixels;
  pixels.reserve(static_cast<std::size_t>(box.width) * static_cast<std::size_t>(box.height));
  for (int j = 0; j < box.height; ++j) {
    const T* row = slice + static_cast<std::ptrdiff_t>(box.top + j) * rowLength + box.left;
    pixels.insert(pixels.end(), row, row + box.width);
  }
  return pixels;
}

// Neighbouring slices are much alike: every second one.
Result<void> addSlices(const ArtifactCase& one, std::vector<ArtifactSlice>& slices) {
  constexpr std::size_t kEvery = 2;
  const auto found = findMetal(one.scan);
  if (!found) return tl::unexpected(found.error());
  const Box box = bodyBox(one.reduced);
  const int rowLength = one.scan.grid.size.x();
  for (std::size_t n = 0; n < found->slices.size(); n += kEvery) {
    const int k = found->slices[n];
    ArtifactSlice slice{box.width,
                        box.height,
                        part(one.scan.slice(k), rowLength, box),
                        part(one.reduced.slice(k), rowLength, box),
                        part(one.truth.slice(k), rowLength, box),
                        part(found->implants.slice(k), rowLength, box),
                        {}};
    slice.nearMetal = nearnessOf(slice.metal, slice.width, one.scan.grid.spacing.x());
    slices.push_back(std::move(slice));
  }
  return {};
}

TrainerOptions trainerOptions(const ArtifactTrainingOptions& options, const NetworkShape& shape) {
  TrainerOptions trainer;
  trainer.shape = shape;
  trainer.steps = options.steps;
  trainer.seed = options.seed;
  trainer.learningRate = options.learningRate;
  trainer.diceWeight = 0.0;  // bins are no structures
  trainer.batchesAhead = options.batchesAhead;
  trainer.checkpoint = options.workFolder / "checkpoint.pt";
  trainer.log = options.workFolder / "log.csv";
  trainer.weights = options.workFolder / "weights.pt";
  trainer.device = options.device;
  return trainer;
}

std::vector<fs::path> foldersIn(const fs::path& data) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(data, error))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

Result<void> publish(const ArtifactTrainingOptions& options, const NetworkShape& shape) {
  const auto weights = readFile(options.workFolder / "weights.pt");
  if (!weights) return tl::unexpected(weights.error());
  return writeFileAtomically(options.modelFolder / "weights.pt", *weights).and_then([&] {
    return writeArtifactModel(options.modelFolder, {shape, sha256(*weights)});
  });
}

}  // namespace

Result<ArtifactTrainingReport> trainArtifactNetwork(const ArtifactTrainingOptions& options, const Job& job) {
  ArtifactTrainingReport report;
  std::vector<ArtifactSlice> slices;
  for (const fs::path& folder : foldersIn(options.dataFolder)) {
    const auto one = readCase(folder);
    if (!one) return tl::unexpected(one.error());
    if (const auto added = addSlices(*one, slices); !added) return tl::unexpected(added.error());
    report.cases.push_back(one->name);
  }
  if (slices.empty())
    return badInput(options.dataFolder.string() +
                    " holds no case with implants. Make some by coxa-cli operate and reduce-metal.");
  std::error_code ignored;
  fs::create_directories(options.modelFolder, ignored);
  fs::create_directories(options.workFolder, ignored);
  const NetworkShape shape = artifactNetworkShape(options.filters);
  const ArtifactSampler sampler(std::move(slices), options.seed, options.batchSize);
  const auto trained = trainNetwork(trainerOptions(options, shape), sampler, job);
  if (!trained) return tl::unexpected(trained.error());
  if (const auto done = publish(options, shape); !done) return tl::unexpected(done.error());
  report.resumedFromStep = trained->resumedFromStep;
  report.loss = trained->loss;
  return report;
}

}  // namespace coxa
