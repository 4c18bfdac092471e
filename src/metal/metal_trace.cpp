#include "metal_trace.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

namespace coxa {

namespace {

void bridge(float* view, const float* metalMm, int detectors) {
  for (int d = 0; d < detectors; ++d) {
    if (metalMm[d] <= kTraceMm) continue;
    int end = d;
    while (end < detectors && metalMm[end] > kTraceMm) ++end;
    const float before = d > 0 ? view[d - 1] : end < detectors ? view[end] : 0.0F;
    const float after = end < detectors ? view[end] : before;
    for (int n = d; n < end; ++n)
      view[n] = before + (after - before) * static_cast<float>(n - d + 1) / static_cast<float>(end - d + 1);
    d = end;
  }
}

}  // namespace

Sinogram bridged(const MetalViews& views) {
  Sinogram result = views.projections;
  tbb::parallel_for(0, result.views,
                    [&](int v) { bridge(result.view(v), views.metalMm.view(v), result.detectors); });
  return result;
}

Sinogram bridgedNormalised(const MetalViews& views, const Sinogram& prior) {
  constexpr float kThinnest = 0.1F;  // 5 mm of water
  Sinogram result = views.projections;
  tbb::parallel_for(0, result.views, [&](int v) {
    float* view = result.view(v);
    const float* metalMm = views.metalMm.view(v);
    for (int d = 0; d < result.detectors; ++d)
      view[d] = prior.view(v)[d] > kThinnest ? view[d] / prior.view(v)[d] : 1.0F;
    bridge(view, metalMm, result.detectors);
    for (int d = 0; d < result.detectors; ++d)
      view[d] =
          metalMm[d] > kTraceMm ? view[d] * std::max(prior.view(v)[d], 0.0F) : views.projections.view(v)[d];
  });
  return result;
}

}  // namespace coxa
