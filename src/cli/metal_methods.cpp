#include "metal_methods.hpp"

#include "coxa/base/resources.hpp"
#include "coxa/refinement/artifact_network.hpp"

namespace coxa::cli {

namespace {

MetalMethod stepsOf(ReductionMethod method) {
  switch (method) {
    case ReductionMethod::LinearInterpolation:
      return MetalMethod::LinearInterpolation;
    case ReductionMethod::PlainNmar:
      return MetalMethod::PlainNmar;
    case ReductionMethod::Network:
    case ReductionMethod::Nmar:
      break;
  }
  return MetalMethod::Nmar;
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

Result<ReducedScan> reducedBy(ReductionMethod method, const Volume& ct, const MetalOptions& options,
                              const Job& job) {
  const double steps = method == ReductionMethod::Network ? 0.7 : 1.0;
  auto reduction = reduceMetal(ct, stepsOf(method), options, job.part(0.0, steps));
  if (!reduction) return tl::unexpected(reduction.error());
  ReducedScan reduced{std::move(*reduction), {}};
  if (method != ReductionMethod::Network || reduced.reduction.found.slices.empty()) return reduced;
  const auto network = ArtifactNetwork::load(modelPath("metal-ct"), Device::Auto);
  if (!network) return tl::unexpected(network.error());
  auto refined = network->refined(ct, reduced.reduction, job.part(steps, 1.0));
  if (!refined) return tl::unexpected(refined.error());
  reduced.reduction.ct = std::move(refined->ct);
  reduced.sdHu = std::move(refined->sdHu);
  return reduced;
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
