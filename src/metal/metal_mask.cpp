#include "coxa/metal/metal_mask.hpp"

#include "padding.hpp"

#include "coxa/image/components.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace coxa {

namespace {

constexpr int kClippedHu = 3071;  // the end of a 12-bit scale that begins at -1024
constexpr int kTissueHu = -300;
constexpr double kSurroundingsMm = 20.0;
constexpr double kInsideShare = 0.7;
constexpr double kMostMl = 2000.0;
constexpr int kNoiseParts = 200;

std::string ml(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 10.0 ? "%.2f ml" : "%.0f ml", value);
  return text;
}

LabelMap above(const Volume& ct, double thresholdHu) {
  LabelMap mask(ct.grid);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n) mask.voxels[n] = ct.voxels[n] >= thresholdHu ? 1 : 0;
  return mask;
}

double usedThreshold(const Volume& ct, double askedHu) {
  std::vector<std::int16_t> bright;
  for (const auto value : ct.voxels)
    if (value >= askedHu) bright.push_back(value);
  if (bright.empty()) return askedHu;
  const auto high =
      bright.begin() + static_cast<std::ptrdiff_t>(0.95 * static_cast<double>(bright.size() - 1));
  std::nth_element(bright.begin(), high, bright.end());
  return std::max(askedHu, 0.25 * *high);
}

/// The share of tissue around a place of a slice, from sums over rectangles.
class TissueShare {
 public:
  TissueShare(const Volume& ct, int k) : width_(ct.grid.size.x()), height_(ct.grid.size.y()) {
    sums_.assign(static_cast<std::size_t>(width_ + 1) * static_cast<std::size_t>(height_ + 1), 0);
    for (int j = 0; j < height_; ++j)
      for (int i = 0, row = 0; i < width_; ++i) {
        row += ct.at(i, j, k) > kTissueHu ? 1 : 0;
        sums_[index(i + 1, j + 1)] = sums_[index(i + 1, j)] + row;
      }
  }
  double around(int i, int j, int radiusX, int radiusY) const {
    const int x0 = std::max(i - radiusX, 0), x1 = std::min(i + radiusX + 1, width_);
    const int y0 = std::max(j - radiusY, 0), y1 = std::min(j + radiusY + 1, height_);
    const int inside =
        sums_[index(x1, y1)] - sums_[index(x0, y1)] - sums_[index(x1, y0)] + sums_[index(x0, y0)];
    return static_cast<double>(inside) / ((x1 - x0) * (y1 - y0));
  }

 private:
  std::size_t index(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(width_ + 1) + static_cast<std::size_t>(i);
  }
  int width_, height_;
  std::vector<int> sums_;
};

struct PartFacts {
  double tissueShare = 0.0;  ///< mean around its voxels
  bool atBorder = false;
};

// The reconstructed field ends at the picture's border or where padding begins.
bool fieldEndsBeside(const Grid& grid, const std::vector<std::uint8_t>& padding, int i, int j) {
  for (const auto& [di, dj] : {std::pair{-2, 0}, std::pair{2, 0}, std::pair{0, -2}, std::pair{0, 2}}) {
    const Eigen::Vector3i beside(i + di, j + dj, 0);
    if (!grid.contains(beside) || padding[grid.offset(beside.x(), beside.y(), 0)] != 0) return true;
  }
  return false;
}

std::vector<PartFacts> factsOf(const Volume& ct, const Components& parts, std::size_t count) {
  std::vector<PartFacts> facts(count + 1);
  const int radiusX = static_cast<int>(std::lround(kSurroundingsMm / ct.grid.spacing.x()));
  const int radiusY = static_cast<int>(std::lround(kSurroundingsMm / ct.grid.spacing.y()));
  for (int k = 0; k < ct.grid.size.z(); ++k) {
    const auto* ids = parts.ids.slice(k);
    const std::size_t pixels = ct.grid.offset(0, 0, 1);
    if (std::none_of(ids, ids + pixels, [&](auto id) { return id != 0 && id <= count; })) continue;
    const TissueShare share(ct, k);
    const auto padding = paddingOf(ct.slice(k), ct.grid.size.x(), ct.grid.size.y());
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i) {
        const auto id = parts.ids.at(i, j, k);
        if (id == 0 || id > count) continue;
        facts[id].tissueShare += share.around(i, j, radiusX, radiusY);
        facts[id].atBorder = facts[id].atBorder || fieldEndsBeside(ct.grid, padding, i, j);
      }
  }
  for (std::size_t id = 1; id <= count; ++id)
    facts[id].tissueShare /= static_cast<double>(parts.voxelCounts[id - 1]);
  return facts;
}

void sayWhatWasFound(MetalFindings& found, bool cut) {
  const auto say = [&](Notice::Severity severity, const char* code, const std::string& message) {
    found.notices.push_back({severity, code, message, {}});
  };
  if (found.implantParts == 0)
    say(Notice::Severity::Info, "metal.none", "No implant was found: the scan stays as it is.");
  if (found.smallParts > kNoiseParts)
    say(Notice::Severity::Warning, "metal.noise",
        std::to_string(found.smallParts) +
            " specks are as bright as metal and look like noise; they were left alone.");
  else if (found.smallParts > 0)
    say(Notice::Severity::Info, "metal.markers",
        std::to_string(found.smallParts) + " small bright parts (" + ml(found.smallMl) +
            ", markers, clips or dense calcification) were left alone.");
  if (found.outsideMl > 0.0)
    say(Notice::Severity::Warning, "metal.outside-body",
        ml(found.outsideMl) +
            " of metal lies on or outside the skin (leads, belt, table); its artifacts were not reduced.");
  if (cut)
    say(Notice::Severity::Warning, "metal.cut-by-field-of-view",
        "The field of view cuts metal. Artifacts of the part that is not in the picture remain.");
  if (found.implantParts > 0 && found.brightestHu <= kClippedHu)
    say(Notice::Severity::Info, "metal.clipped",
        "The scale ends at " + std::to_string(static_cast<int>(found.brightestHu)) +
            " HU: the metal's own values are not in the scan. An export with the extended scale shows more.");
}

}  // namespace

Result<MetalFindings> findMetal(const Volume& ct, const MetalOptions& options) {
  MetalFindings found;
  found.thresholdHu = usedThreshold(ct, options.thresholdHu);
  found.brightestHu = ct.voxels.empty() ? 0.0 : *std::max_element(ct.voxels.begin(), ct.voxels.end());
  const LabelMap mask = above(ct, found.thresholdHu);
  const double voxelMl = 1e-3 * ct.grid.voxelVolumeMm3();
  const auto bright = static_cast<double>(std::count(mask.voxels.begin(), mask.voxels.end(), 1));
  if (bright * voxelMl > kMostMl)
    return badInput(
        "The scan has " + ml(bright * voxelMl) + " above " +
        std::to_string(static_cast<int>(found.thresholdHu)) +
        " HU, more than any implant: its values are no Hounsfield units. Check the rescale slope and "
        "intercept of the export.");
  const Components parts = connectedComponents(mask);
  std::size_t large = 0;
  while (large < parts.voxelCounts.size() &&
         static_cast<double>(parts.voxelCounts[large]) * voxelMl >= options.smallestImplantMl)
    ++large;
  for (std::size_t n = large; n < parts.voxelCounts.size(); ++n, ++found.smallParts)
    found.smallMl += static_cast<double>(parts.voxelCounts[n]) * voxelMl;
  const std::vector<PartFacts> facts = factsOf(ct, parts, large);
  bool cut = false;
  for (std::size_t id = 1; id <= large; ++id) {
    const double volume = static_cast<double>(parts.voxelCounts[id - 1]) * voxelMl;
    const bool within = facts[id].tissueShare >= kInsideShare;
    (within ? found.implantMl : found.outsideMl) += volume;
    found.implantParts += within ? 1 : 0;
    cut = cut || facts[id].atBorder;
  }
  found.implants = LabelMap(ct.grid);
  for (int k = 0; k < ct.grid.size.z(); ++k) {
    bool any = false;
    for (std::size_t n = ct.grid.offset(0, 0, k); n < ct.grid.offset(0, 0, k + 1); ++n) {
      const auto id = parts.ids.voxels[n];
      if (id == 0 || id > large || facts[id].tissueShare < kInsideShare) continue;
      found.implants.voxels[n] = 1;
      any = true;
    }
    if (any) found.slices.push_back(k);
  }
  sayWhatWasFound(found, cut);
  return found;
}

}  // namespace coxa
