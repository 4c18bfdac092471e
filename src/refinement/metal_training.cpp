#include "coxa/refinement/metal_training.hpp"

#include "metal_sampler.hpp"
#include "training_run.hpp"

#include "coxa/image/files.hpp"
#include "coxa/metal/metal_mask.hpp"

#include <algorithm>

namespace coxa {

namespace {

namespace fs = std::filesystem;

struct MetalCase {
  Volume scan, truth;
  LabelMap implants;
};

Result<MetalCase> readCase(const fs::path& folder) {
  auto scan = readVolume(folder / "ct.nrrd");
  if (!scan) return tl::unexpected(scan.error());
  auto truth = readVolume(folder / "ct_without_artifact.nrrd");
  if (!truth) return tl::unexpected(truth.error());
  auto implants = readLabelMap(folder / "implants.nrrd");
  if (!implants) return tl::unexpected(implants.error());
  if (!sameGrid(scan->grid, truth->grid) || !sameGrid(scan->grid, implants->grid))
    return badInput(folder.string() +
                    ": ct.nrrd, ct_without_artifact.nrrd and implants.nrrd do not lie on one grid. Make them "
                    "anew by coxa-cli operate.");
  return MetalCase{std::move(*scan), std::move(*truth), std::move(*implants)};
}

// Implants by their last digit: 2 is the liner, of polyethylene.
bool isMetal(std::uint8_t implant, std::int16_t truthHu) {
  constexpr std::int16_t kMetalHu = 2500;
  return (implant % 10 != 0 && implant % 10 != 2) || truthHu >= kMetalHu;
}

MetalSlice sliceOf(const MetalCase& one, const LabelMap& bright, int k) {
  const Grid& grid = one.scan.grid;
  MetalSlice slice{Slice({grid.size.x(), grid.size.y(), grid.spacing.x(), grid.spacing.y(), 0.0, 0.0}),
                   {bright.slice(k), bright.slice(k) + grid.offset(0, 0, 1)},
                   {}};
  std::copy_n(one.scan.slice(k), slice.scan.pixels.size(), slice.scan.pixels.begin());
  for (std::size_t n = 0; n < slice.bright.size(); ++n)
    slice.metal.push_back(isMetal(one.implants.slice(k)[n], one.truth.slice(k)[n]) ? 1 : 0);
  return slice;
}

}  // namespace

Result<ArtifactTrainingReport> trainMetalNetwork(const ArtifactTrainingOptions& options, const Job& job) {
  ArtifactTrainingReport report;
  std::vector<MetalSlice> slices;
  for (const fs::path& folder : foldersIn(options.dataFolder)) {
    const auto one = readCase(folder);
    if (!one) return tl::unexpected(one.error());
    const auto found = findMetal(one->scan);
    if (!found) return tl::unexpected(found.error());
    for (const int k : found->slices) slices.push_back(sliceOf(*one, found->implants, k));
    report.cases.push_back(folder.filename().string());
  }
  if (slices.empty()) return noCases(options);
  const MetalSampler sampler(std::move(slices), options.seed, options.batchSize);
  return trainedAndPublished(options, metalNetworkKind(), sampler, std::move(report), job);
}

}  // namespace coxa
