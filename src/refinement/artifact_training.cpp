#include "coxa/refinement/artifact_training.hpp"

#include "artifact_sampler.hpp"
#include "block_means.hpp"
#include "network_input.hpp"
#include "training_run.hpp"

#include "coxa/image/files.hpp"
#include "coxa/metal/metal_mask.hpp"

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

std::vector<float> slicePixels(const Volume& ct, int k) {
  return {ct.slice(k), ct.slice(k) + ct.grid.offset(0, 0, 1)};
}

ArtifactSlice sliceOf(const ArtifactCase& one, const LabelMap& implants, int k) {
  const Grid& grid = one.scan.grid;
  const Blocks blocks(grid.size.x(), grid.size.y(), grid.spacing.x());
  const std::vector<std::uint8_t> metal(implants.slice(k), implants.slice(k) + grid.offset(0, 0, 1));
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

// Neighbouring slices are much alike: every second one.
Result<void> addSlices(const ArtifactCase& one, std::vector<ArtifactSlice>& slices) {
  constexpr std::size_t kEvery = 2;
  const auto found = findMetal(one.scan);
  if (!found) return tl::unexpected(found.error());
  for (std::size_t n = 0; n < found->slices.size(); n += kEvery)
    slices.push_back(sliceOf(one, found->implants, found->slices[n]));
  return {};
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
  if (slices.empty()) return noCases(options);
  const ArtifactSampler sampler(std::move(slices), options.seed, options.batchSize);
  return trainedAndPublished(options, artifactNetworkKind(), sampler, std::move(report), job);
}

}  // namespace coxa
