#include "coxa/metal/reduction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

constexpr double kAxialCosine =
    0.9;  // gantry tilts reach 30°; the artifacts lie in the slices then as well, nearly
constexpr int kFewestPixels = 32;

Result<void> check(const Volume& ct) {
  if (std::abs(ct.grid.direction.col(2).z()) < kAxialCosine)
    return badInput(
        "The slices are not axial. Metal artifacts lie in the planes that the scanner turned in; give the "
        "axial "
        "series.");
  if (ct.grid.size.x() < kFewestPixels || ct.grid.size.y() < kFewestPixels)
    return badInput("The slices have fewer than 32 pixels a side: too few to reduce metal artifacts in.");
  return {};
}

void reduceSlice(const SliceReducer& reducer, const SliceGrid& grid, const MetalFindings& found, int k,
                 MetalMethod method, Volume& ct) {
  Slice hu(grid);
  std::copy_n(ct.slice(k), hu.pixels.size(), hu.pixels.begin());
  const std::uint8_t* metal = found.implants.slice(k);
  const Slice reduced = reducer.reduced(hu, {metal, metal + hu.pixels.size()}, method);
  constexpr float kLowest = std::numeric_limits<std::int16_t>::min();
  constexpr float kHighest = std::numeric_limits<std::int16_t>::max();
  for (std::size_t n = 0; n < reduced.pixels.size(); ++n)
    ct.slice(k)[n] = static_cast<std::int16_t>(std::lround(std::clamp(reduced.pixels[n], kLowest, kHighest)));
}

}  // namespace

Result<MetalReduction> reduceMetal(const Volume& ct, MetalMethod method, const MetalOptions& options,
                                   const Job& job) {
  if (const auto fine = check(ct); !fine) return tl::unexpected(fine.error());
  job.report(0.0, "Looking for metal");
  auto found = findMetal(ct, options);
  if (!found) return tl::unexpected(found.error());
  return reduceMetal(ct, std::move(*found), method, job.part(0.1, 1.0));
}

Result<MetalReduction> reduceMetal(const Volume& ct, MetalFindings found, MetalMethod method,
                                   const Job& job) {
  if (const auto fine = check(ct); !fine) return tl::unexpected(fine.error());
  MetalReduction reduction{ct, std::move(found), {}};
  reduction.notices = reduction.found.notices;
  if (reduction.found.slices.empty()) return reduction;
  const SliceGrid grid{
      ct.grid.size.x(), ct.grid.size.y(), ct.grid.spacing.x(), ct.grid.spacing.y(), 0.0, 0.0};
  const SliceReducer reducer(grid);
  for (std::size_t n = 0; n < reduction.found.slices.size(); ++n) {
    if (job.cancelled()) return cancelled();
    job.report(static_cast<double>(n) / static_cast<double>(reduction.found.slices.size()),
               "Reducing metal artifacts");
    reduceSlice(reducer, grid, reduction.found, reduction.found.slices[n], method, reduction.ct);
  }
  job.report(1.0, "Metal artifacts reduced");
  return reduction;
}

}  // namespace coxa
