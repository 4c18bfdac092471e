#pragma once

#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// What one pixel of a radiograph measures, and where.
struct XRayScale {
  enum class Kind {
    None,        ///< the file gives no size: nothing can be measured until somebody calibrates
    Detector,    ///< size on the detector; objects nearer to the tube look larger by an unknown factor
    Magnified,   ///< size on the detector with the magnification of the patient estimated by the device
    Calibrated,  ///< size in the patient: by a fiducial or the known geometry
    Unverified   ///< a size is given and the file does not say where it holds
  };
  Kind kind = Kind::None;
  Eigen::Vector2d spacingMm = Eigen::Vector2d::Zero();  ///< x between columns, y between rows; as in the file
  double magnification = 1.0;                           ///< of the patient on the detector, Magnified only
  std::string explanation;                              ///< a sentence for the user

  /// Pixel size in the patient's plane. Nothing unless the kind is Magnified or Calibrated.
  std::optional<Eigen::Vector2d> patientSpacingMm() const;
};

/// A radiograph. `pixels` row by row, first row on top, after the modality's rescale; larger is brighter.
struct XRayImage {
  int columns = 0;
  int rows = 0;
  std::vector<float> pixels;
  float windowCenter = 0.0F;  ///< the file's first window, else the range of the pixels
  float windowWidth = 1.0F;
  bool inverted = false;  ///< the file was MONOCHROME1 (or its presentation inverse): pixels were turned over
  XRayScale scale;
  std::string modality;         ///< "DX", "CR", "OT", …
  std::string viewPosition;     ///< "AP", "PA", "LL", … or empty
  std::string laterality;       ///< "L", "R", "B" or empty
  std::string leftEdgePatient;  ///< patient direction at the left edge ("R", "L", …) or empty
  std::vector<Notice> notices;
};

/// Reads a digital or computed radiograph or a secondary capture (first frame; colour becomes luminance).
/// Errors BadInput: not a DICOM file, damaged, or not a projection image.
Result<XRayImage> readXRay(const std::filesystem::path& file);

}  // namespace coxa
