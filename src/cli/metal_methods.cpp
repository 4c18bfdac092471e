#include "metal_methods.hpp"

#include "coxa/base/resources.hpp"
#include "coxa/refinement/artifact_network.hpp"
#include "coxa/refinement/metal_network.hpp"

namespace coxa::cli {

namespace {

Result<MetalReduction> reducedByNmar(const Volume& ct, const MetalOptions& options, const Job& job) {
  auto found = metalIn(ct, options, job.part(0.0, 0.15));
  if (!found) return tl::unexpected(found.error());
  return reduceMetal(ct, std::move(*found), MetalMethod::Nmar, job.part(0.15, 1.0));
}

Result<ReducedScan> corrected(const Volume& ct, MetalReduction reduction, const Job& job) {
  ReducedScan reduced{std::move(reduction), {}};
  if (reduced.reduction.found.slices.empty()) return reduced;
  const auto network = ArtifactNetwork::load(modelPath("metal-ct"), Device::Auto);
  if (!network) return tl::unexpected(network.error());
  auto refined = network->refined(ct, reduced.reduction, job);
  if (!refined) return tl::unexpected(refined.error());
  reduced.reduction.ct = std::move(refined->ct);
  reduced.sdHu = std::move(refined->sdHu);
  return reduced;
}

}  // namespace

const char* name(ReductionMethod method) {
  switch (method) {
    case ReductionMethod::Network:
      return "network";
    case ReductionMethod::Nmar:
      return "nmar";
    case ReductionMethod::PlainNmar:
      return "plain-nmar";
    case ReductionMethod::LinearInterpolation:
      return "li";
  }
  return "";
}

Result<MetalFindings> metalIn(const Volume& ct, const MetalOptions& options, const Job& job) {
  auto found = findMetal(ct, options);
  if (!found || found->slices.empty()) return found;
  const auto network = MetalNetwork::load(modelPath("metal-mask-ct"), Device::Auto);
  if (!network) return tl::unexpected(network.error());
  return network->withoutStreaks(ct, std::move(*found), job);
}

Result<ReducedScan> reducedBy(ReductionMethod method, const Volume& ct, const MetalOptions& options,
                              const Job& job) {
  const bool corrects = method == ReductionMethod::Network;
  auto reduction = corrects || method == ReductionMethod::Nmar
                       ? reducedByNmar(ct, options, job.part(0.0, corrects ? 0.7 : 1.0))
                       : reduceMetal(ct,
                                     method == ReductionMethod::PlainNmar ? MetalMethod::PlainNmar
                                                                          : MetalMethod::LinearInterpolation,
                                     options, job);
  if (!reduction) return tl::unexpected(reduction.error());
  if (corrects) return corrected(ct, std::move(*reduction), job.part(0.7, 1.0));
  return ReducedScan{std::move(*reduction), {}};
}

double meanSdHu(const ScalarImage& sdHu) {
  double sum = 0.0, count = 0.0;
  for (const float sd : sdHu.voxels) {
    if (sd <= 0.0F) continue;
    sum += sd;
    ++count;
  }
  return count > 0.0 ? sum / count : 0.0;
}

}  // namespace coxa::cli
