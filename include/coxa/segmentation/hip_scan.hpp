#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/segmentation/segmenter.hpp"

#include <array>

namespace coxa {

/// What a volume holds, measured without a network on a 4 mm grid.
struct ScanMeasures {
  double lengthMm = 0.0;         ///< along the third axis of the grid
  double negativeShare = 0.0;    ///< of all voxels: below -20 HU, where fat and air are
  double bodyThicknessMm = 0.0;  ///< mean depth of the largest part above -300 HU, back to front
  double boneMl = 0.0;           ///< of it above 200 HU
  double fatShare = 0.0;         ///< of it between -150 and -30 HU
};
ScanMeasures measureScan(const Volume& ct);

/// One side of what was found.
struct JointMeasures {
  double hipMl = 0.0;      ///< of the hip bone
  double femurMl = 0.0;    ///< of the femur
  double contactMl = 0.0;  ///< of the femur within 4 mm of the hip bone: 10 to 27 where the joint is whole
  double glutealMl = 0.0;  ///< of gluteus maximus, medius and minimus
};

/// What was found, measured on a grid of 2 × 2 × 3 mm.
struct HipMeasures {
  std::array<JointMeasures, 2> joints;  ///< left and right
  double boneEntropy = 0.0;             ///< mean over hip bones and femora, in nats
  double hipHu = 0.0;                   ///< mean CT number of the hip bones
  double metalMl = 0.0;                 ///< above kMetalHu in the whole scan
};
HipMeasures measureHips(const Volume& ct, const Segmentation& found, const StructureTable& table);

/// Whether a CT shows an implant's metal (isImplant() of HipMeasures::metalMl), thus no clips, markers or
/// dense calcification.
bool showsImplant(const Volume& ct);

/// Whether a volume can be a CT with a hip joint, before any network sees it. Errors BadInput with what is
/// wrong and what to do: a single image, values that are no Hounsfield units (MR, X-rays, grey values, 1024
/// added), no body (table, noise, a limb), no bone, no fat (phantoms).
Result<void> checkScan(const Volume& ct);

/// Whether what was found can be a hip. Errors BadInput: no femur beside a hip bone under gluteal muscles,
/// bones less dense than bone, or a network that is unsure of what it calls hip bone and femur, as on other
/// parts of the body; with an implant's metal in the scan that is only a doubt. Notices
/// ("segmentation.unlike-hip", warnings) where it is doubtful.
Result<std::vector<Notice>> checkHips(const HipMeasures& measures);

/// segment() for a scan of unknown content: both checks around it, doubts among the summary's notices.
/// Errors: theirs and segment()'s.
Result<Segmentation> segmentScan(const Volume& ct, const SegmentationOptions& options, const Job& job);

}  // namespace coxa
