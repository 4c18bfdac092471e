#pragma once

#include "bone_surface.hpp"

#include "coxa/anatomy/landmarks.hpp"

#include <string>
#include <vector>

namespace coxa {

/// Why something was not found. `code` is the end of the notice's code, `message` follows "Right hip: ".
struct Missing {
  std::string code;
  std::string message;
  Notice::Severity severity = Notice::Severity::Warning;
};

/// What was found on a right hip (a left one comes mirrored): lateral is -x, posterior +y,
/// superior +z.
struct RightHip {
  HipLandmarks landmarks;
  std::vector<Missing> missing;
};

/// Head sphere, neck and shaft axes, trochanters.
void findProximalFemur(const BoneSurface& femur, double resolutionMm, RightHip& hip);
/// Epicondyles, where the knee is in the scan. Needs the head and the shaft axis.
void findEpicondyles(const BoneSurface& femur, double resolutionMm, RightHip& hip);
/// Sphere of the lunate surface and plane of the rim. Needs the head.
void findAcetabulum(const BoneSurface& hipBone, double resolutionMm, RightHip& hip);

/// ASIS and pubic tubercles of both sides in world coordinates; either bone may be empty.
void findPelvicPoints(const BoneSurface& hipLeft, const BoneSurface& hipRight, double resolutionMm,
                      LandmarkSet& landmarks);

/// Trust in a landmark found with a method whose own error, measured against experts, is `methodSdMm`, on a
/// scan of this resolution (a position rounded to voxels has resolution/√12). A fit that leaves more than
/// 0.6 mm (`fitRmsMm`) makes it less sure.
Trust trustIn(double methodSdMm, double resolutionMm, double fitRmsMm = 0.0, std::string note = {});

}  // namespace coxa
