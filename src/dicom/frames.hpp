#pragma once

#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// How the stored values of a frame lie in memory (DICOM PS3.5 chapter 8).
struct PixelLayout {
  int rows = 0;
  int columns = 0;
  int samplesPerPixel = 1;
  int bitsAllocated = 16;
  int bitsStored = 16;
  int highBit = 15;
  bool isSigned = false;

  std::size_t pixelCount() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  }
  std::size_t frameBytes() const {
    return pixelCount() * static_cast<std::size_t>(samplesPerPixel) *
           static_cast<std::size_t>(bitsAllocated / 8);
  }
};

/// Where a slice lies in the patient.
struct SlicePlacement {
  Vec3 position = Vec3::Zero();  ///< centre of the first pixel, LPS mm
  Vec3 rowDirection = Vec3::UnitX();
  Vec3 columnDirection = Vec3::UnitY();
  Eigen::Vector2d spacingMm = Eigen::Vector2d::Ones();  ///< x between columns, y between rows
  Eigen::Vector3i decimals =
      Eigen::Vector3i::Zero();  ///< digits after the point the position is written with
};

/// One frame of a file: of a classic slice the only one.
struct Frame {
  std::filesystem::path file;
  int index = 0;  ///< in the file, from 0
  int count = 1;  ///< frames in the file
  std::string sopClassUid;
  std::string modality;
  std::string frameOfReferenceUid;
  std::string transferSyntaxUid;
  std::string frameType;  ///< third value of the image type: "AXIAL", "LOCALIZER", …
  std::optional<SlicePlacement> placement;
  PixelLayout pixels;
  std::optional<double> slope;
  std::optional<double> intercept;
  std::string rescaleType;
  std::optional<int> padding;       ///< PixelPaddingValue as it is written
  std::optional<int> paddingLimit;  ///< PixelPaddingRangeLimit
  bool lossy = false;
};

/// "0001.dcm", of a multi-frame file "0001.dcm (frame 7)".
std::string frameName(const Frame& frame);

/// What the header says of every frame: a classic image has one; an enhanced one has its functional groups
/// per frame, or shared. Error BadInput naming the file: no pixel layout, or one that is contradictory.
Result<std::vector<Frame>> framesOf(DcmDataset& data, const std::filesystem::path& file);

/// Where the frame `index` lies, if the header says so.
std::optional<SlicePlacement> placementOf(DcmDataset& data, int index);

std::string transferSyntaxUidOf(DcmDataset& data);

}  // namespace coxa
