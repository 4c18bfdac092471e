#include "coxa/refinement/artifact_training.hpp"

#include "artifact_sampler.hpp"
#include "block_means.hpp"
#include "network_input.hpp"
#include "training_run.hpp"

#include "coxa/image/files.hpp"

#include <algorithm>

namespace coxa {

namespace {

namespace fs = std::filesystem;

struct ArtifactCase {
  std::string name;
  Volume scan, reduced, truth;
  LabelMap metal;
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
  auto metal = readLabelMap(folder / "metal.nrrd");
  if (!metal) return tl::unexpected(metal.error());
  one.metal = std::move(*metal);
  for (const Grid& grid : {one.reduced.grid, one.truth.grid, one.metal.grid})
    if (!sameGrid(one.scan.grid, grid))
      return badInput(
          folder.string() +
          ": ct.nrrd, reduced.nrrd, metal.nrrd and ct_without_artifact.nrrd do not lie on one grid. "
          "Make them anew by coxa-cli operate and reduce-metal.");
  return one;
}

std::vector<float> slicePixels(const Volume& ct, int k) {
  return {ct.slice(k), ct.slice(k) + ct.grid.offset(0, 0, 1)};
}

ArtifactSlice sliceOf(const ArtifactCase& one, int k) {
  const Grid& grid = one.scan.grid;
  const Blocks blocks(grid.size.x(), grid.size.y(), grid.spacing.x());
  const std::vector<std::uint8_t> metal(one.metal.slice(k), one.metal.slice(k) + grid.offset(0, 0, 1));
  const auto means = [&](const Volume& ct) {
    return blockMeans(blocks, slicePixels(ct, k), metal, grid.size.x());
  };
  ArtifactSlice slice{blocks.width,
                      blocks.height,
                      means(one.scan),
                      means(one.reduced),
                      means(one.truth),
                      metalBlocks(blocks, metal, grid.size.x()),
                      {}};
  slice.nearMetal = nearnessOf(slice.metal, slice.width, blocks.pixels * grid.spacing.x());
  return slice;
}

std::vector<int> slicesWithMetal(const LabelMap& metal) {
  std::vector<int> slices;
  for (int k = 0; k < metal.grid.size.z(); ++k) {
    const std::uint8_t* slice = metal.slice(k);
    if (std::any_of(slice, slice + metal.grid.offset(0, 0, 1), [](auto value) { return value != 0; }))
      slices.push_back(k);
  }
  return slices;
}

// Neighbouring slices are much alike: every second one.
void addSlices(const ArtifactCase& one, std::vector<ArtifactSlice>& slices) {
  constexpr std::size_t kEvery = 2;
  const std::vector<int> numbers = slicesWithMetal(one.metal);
  for (std::size_t n = 0; n < numbers.size(); n += kEvery) slices.push_back(sliceOf(one, numbers[n]));
}

}  // namespace

Result<ArtifactTrainingReport> trainArtifactNetwork(const ArtifactTrainingOptions& options, const Job& job) {
  ArtifactTrainingReport report;
  std::vector<ArtifactSlice> slices;
  for (const fs::path& folder : foldersIn(options.dataFolder)) {
    const auto one = readCase(folder);
    if (!one) return tl::unexpected(one.error());
    addSlices(*one, slices);
    report.cases.push_back(one->name);
  }
  if (slices.empty()) return noCases(options);
  const ArtifactSampler sampler(std::move(slices), options.seed, options.batchSize);
  return trainedAndPublished(options, artifactNetworkKind(), sampler, std::move(report), job);
}

}  // namespace coxa
