#include "metal_text.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {

nlohmann::json sdOrNull(const ReducedScan& reduced) {
  return reduced.sdHu.empty() ? nlohmann::json() : nlohmann::json(meanSdHu(reduced.sdHu));
}

}  // namespace

std::string metalJson(const ReducedScan& reduced, ReductionMethod method) {
  const MetalReduction& reduction = reduced.reduction;
  const MetalFindings& found = reduction.found;
  nlohmann::json notices = nlohmann::json::array();
  for (const Notice& notice : reduction.notices)
    notices.push_back({{"severity", notice.severity == Notice::Severity::Warning ? "warning" : "info"},
                       {"code", notice.code},
                       {"message", notice.message}});
  const nlohmann::json document = {{"method", name(method)},        {"thresholdHu", found.thresholdHu},
                                   {"slices", found.slices},        {"implantParts", found.implantParts},
                                   {"implantMl", found.implantMl},  {"smallParts", found.smallParts},
                                   {"smallMl", found.smallMl},      {"outsideMl", found.outsideMl},
                                   {"meanSdHu", sdOrNull(reduced)}, {"notices", notices}};
  return document.dump(2);
}

Notice reducedNotice(const MetalFindings& found) {
  char text[200];
  std::snprintf(
      text, sizeof text,
      "Metal artifacts were reduced in %zu slices (%.1f ml of metal above %.0f HU); the imported CT is kept.",
      found.slices.size(), found.implantMl, found.thresholdHu);
  return {Notice::Severity::Info, "metal.reduced", text, {}};
}

}  // namespace coxa::cli
