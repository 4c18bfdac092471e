#pragma once

#include "coxa/physics/scan_geometry.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace coxa {

/// By pixel of a slice: non-zero inside.
using SliceMask = std::vector<std::uint8_t>;

/// Where in a slice metal artifact reduction is judged. The AAPM challenge drew its regions by hand for every
/// case; here they follow from the pictures (see judgedRegions).
struct JudgedRegions {
  SliceMask metal;      ///< the metal's true shape
  SliceMask rim;        ///< the pixels next to it, which metal fills in part or is blurred into: not judged
  SliceMask body;       ///< the patient, gas in it included, without metal and rim
  SliceMask nearMetal;  ///< metal, rim and the body within 20 mm
  SliceMask noise;      ///< a disc of homogeneous tissue that the artifacts affect least
  SliceMask boneEdges;  ///< where soft tissue and bone meet
  SliceMask fatEdges;   ///< where fat and other soft tissue meet
  SliceMask streaks;    ///< the disc with the strongest streaks in the uncorrected slice
  SliceMask target;     ///< of the proton beams
  float metalHu =
      0.0F;  ///< what is brighter near metal counts as metal: the truth's brightest there + 250 HU
};

/// Regions by rule. `truth`: the slice without artifacts; `uncorrected`: with. HU, one grid (mm). `metal`
/// must hold a pixel and so must the body. Noise: disc of 8 mm radius, at least 10 mm from metal, mean within
/// ±150 HU, with the least sum of the truth's standard deviation and the artifacts' RMS. Edges: within 60 mm
/// of metal but not within 3 mm, in the truth smoothed by 1 mm: 5 × 5 pixels that reach from below 120 to
/// above 200 HU (bone), from below -40 to above 10 HU without bone or air (fat). Streaks: disc of 12 mm
/// radius, at least 5 mm from metal. Target: the disc of 25 mm radius around the body's centre.
JudgedRegions judgedRegions(const Slice& truth, const Slice& uncorrected, const SliceMask& metal);

/// What the eight metrics of the AAPM CT-MAR grand challenge measure in one slice, as its scoring program
/// defines them (github.com/xcist/example, AAPM_datachallenge; Haneda et al. 2025, doi:10.1002/mp.70050).
/// What the slice has no feature for (no edge, no place for a disc, no bone) is not measured.
struct ArtifactMeasures {
  double rmsHu = 0.0;           ///< 1. CT number: RMS error in the body without metal
  std::optional<double> noise;  ///< 2. standard deviation in the noise region, over the truth's
  /// 3. 90th percentile of Sobel's gradient at edges over the truth's: mean of bone and fat, as far as found.
  std::optional<double> sharpness;
  std::optional<double> streakHu;  ///< 4. mean of the highest 5 % of errors less that of the lowest 5 %
  double ssim = 1.0;  ///< 5. mean over the body; range 5000 HU, metal and rim set to 100 HU in both
  struct Overlap {
    double volumeChange = 0.0;  ///< |1 - volume / truth's|
    double dice = 1.0;
  };
  std::optional<Overlap> bone;  ///< 6. 150 to 2500 HU in the body without metal
  Overlap metal;                ///< 7. what is brighter than metalHu near metal
  /// 8. Largest difference in water-equivalent thickness along beams from the patient's left and right to the
  /// target's far side, over the longest range. Metal and rim count with the truth's values: beams are not
  /// planned through implants.
  std::optional<double> rangeShift;
};
ArtifactMeasures measureArtifacts(const Slice& hu, const Slice& truth, const JudgedRegions& regions);

/// Each from 0 (as the truth) to 4 (as bad as the uncorrected slice, or worse); none for what was not
/// measured.
struct ArtifactScores {
  double ctNumber = 0.0;
  std::optional<double> noise;
  std::optional<double> sharpness;
  std::optional<double> streaks;
  double structure = 0.0;
  std::optional<double> bone;
  double metal = 0.0;
  std::optional<double> range;

  /// In this order.
  std::array<std::optional<double>, 8> all() const;
  /// Of those that there are.
  double mean() const;
};

/// CT number, streaks, structure and bone: straight from the truth (0) to plain NMAR (2) and on to the
/// uncorrected slice (4). These ends are never tighter than the tightest of the challenge's cases (4 at 60
/// HU, 80 HU, SSIM 0.96, 4 % of bone volume and Dice 0.96), and where plain NMAR is no better than no
/// correction, 2 is halfway. The others have the challenge's fixed ends: noise 4 at twice the truth's;
/// sharpness 1 to 4 at 0.94, 0.85, 0.67, 0.56; range 4 at 2 %; metal, which plain NMAR leaves as it is, 4 at
/// a change in volume of 100 % and at a Dice of 0.6, its most frequent ends.
ArtifactScores scoreArtifacts(const ArtifactMeasures& corrected, const ArtifactMeasures& plainNmar,
                              const ArtifactMeasures& uncorrected);

/// Structural similarity by pixel (Wang et al. 2004): Gaussian weights of sigma 1.5 pixels within 11 × 11,
/// pixels repeated by reflection at the border, constants 0.01 and 0.03.
std::vector<float> structuralSimilarity(const Slice& a, const Slice& b, double range);

/// Proton stopping power relative to water of a CT number: the clinical curve of the Massachusetts General
/// Hospital, as the challenge's scoring program has it.
double protonStoppingPower(double hu);

}  // namespace coxa
