#pragma once

#include "coxa/learning/runtime.hpp"
#include "coxa/metal/reduction.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace coxa {

/// A slice after the network, and how sure that is of it.
struct RefinedSlice {
  Slice hu;
  std::vector<float> sdHu;  ///< by pixel, of the mean over some 2 mm; 0 where nothing was corrected
};

/// A CT after the network. `sdHu` lies on its grid.
struct RefinedReduction {
  Volume ct;
  ScalarImage sdHu;
};

/// A network that corrects what NMAR leaves of metal artifacts. It was trained on operated scans whose truth
/// is known (trainArtifactNetwork). It sees means over blocks of some 2 mm and gives a distribution of each
/// one's correction: its mean is added, its standard deviation is the uncertainty of the HU over that size.
/// The slice's finest detail, noise too, stays.
class ArtifactNetwork {
 public:
  /// `folder` holds model.json and weights.pt. Errors BadInput: they are missing, changed, or of another kind
  /// of network.
  static Result<ArtifactNetwork> load(const std::filesystem::path& folder, Device device);
  ArtifactNetwork(ArtifactNetwork&&) noexcept;
  ~ArtifactNetwork();

  /// `scan` and `reduced` in HU on one grid, `metal` non-zero on metal by pixel. Metal, air and slices
  /// without metal stay as they are.
  RefinedSlice refined(const Slice& scan, const Slice& reduced, const std::vector<std::uint8_t>& metal) const;

  /// Every slice of the reduction that holds implants. `scan` is the CT before it. Error Cancelled.
  Result<RefinedReduction> refined(const Volume& scan, const MetalReduction& reduction, const Job& job) const;

 private:
  struct Parts;
  explicit ArtifactNetwork(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace coxa
