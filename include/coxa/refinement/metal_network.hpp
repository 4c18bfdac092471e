#pragma once

#include "coxa/base/job.hpp"
#include "coxa/learning/runtime.hpp"
#include "coxa/metal/metal_mask.hpp"
#include "coxa/physics/scan_geometry.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace coxa {

/// A network that tells metal from streaks as bright as it: on 12-bit scales both end at 3071 HU, and
/// between a head and its shell, or beside a thick stem, no threshold parts them. It knows the shapes of
/// heads, shells, stems and screws from operated scans (trainMetalNetwork) and works in the plane of a slice.
class MetalNetwork {
 public:
  /// `folder` holds model.json and weights.pt. Errors BadInput: they are missing, changed, or of another kind
  /// of network.
  static Result<MetalNetwork> load(const std::filesystem::path& folder, Device device);
  MetalNetwork(MetalNetwork&&) noexcept;
  ~MetalNetwork();

  /// By pixel, non-zero for what is metal of the `bright` (non-zero: as bright as metal). `scan` in HU,
  /// pixels in mm. Where less than half would be left, all stays: that is metal of a kind that it has not
  /// seen.
  std::vector<std::uint8_t> metalOf(const Slice& scan, const std::vector<std::uint8_t>& bright) const;

  /// The findings with streaks taken from the implants of every slice; volumes and counts stay as they were
  /// found. On scales that go beyond 12 bits nothing changes: there the threshold follows the metal. Error
  /// Cancelled.
  Result<MetalFindings> withoutStreaks(const Volume& scan, MetalFindings found, const Job& job) const;

 private:
  struct Parts;
  explicit MetalNetwork(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace coxa
