#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/geometry/mesh.hpp"

#include <filesystem>

namespace coxa {

/// The part of a left femur that the hip atlas lacks, in a frame of its own, mm: origin the head's centre, z
/// proximal along the shaft, x lateral along the transepicondylar axis seen along z, y posterior.
struct DistalFemur {
  /// Signed distance to the surface, negative inside, limited to ±16 mm; from well below the lesser
  /// trochanter to beyond the condyles.
  ScalarImage distanceMm;
  HipLandmarks landmarks;  ///< of the whole bone

  bool empty() const { return distanceMm.empty(); }
};

/// From the closed surface of a whole left femur that lies more or less straight in LPS. Errors BadInput:
/// landmarks are not found on it.
Result<DistalFemur> distalFemurOf(const TriangleMesh& leftFemur);

/// distal_femur.nrrd (bytes: 0.125 mm each, 0 is -16 mm) and distal_femur.json (the keys of landmarks.json)
/// in a folder. Errors BadInput: the place cannot be written, or a file is missing or damaged.
Result<void> writeDistalFemur(const std::filesystem::path& folder, const DistalFemur& femur);
Result<DistalFemur> readDistalFemur(const std::filesystem::path& folder);

}  // namespace coxa
