#pragma once

#include "coxa/base/job.hpp"
#include "coxa/dicom/derived_object.hpp"
#include "coxa/image/image.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace coxa {

/// One segment of a DICOM Segmentation and its value in the label map.
struct DicomSegment {
  std::uint8_t value = 0;
  std::string name;
  DicomCode category;
  DicomCode type;
  std::optional<DicomCode> modifier;  ///< the side of a paired structure
  std::array<std::uint8_t, 3> rgb{};  ///< written and read as CIELab of DICOM, so the last digit may differ
};

/// Writes the label map as DICOM Segmentation (BINARY, explicit little endian), one frame per segment and
/// slice where it is. Values without a segment are left out; segments without a voxel too. Errors: Usage for
/// a map without segments; BadInput when a source file cannot be read or the place cannot be written;
/// Cancelled.
Result<void> writeDicomSegmentation(const std::filesystem::path& file, const LabelMap& labels,
                                    const std::vector<DicomSegment>& segments, const DerivedObjectInfo& info,
                                    const Job& job = {});

struct DicomSegmentation {
  LabelMap labels;                     ///< the segments' numbers, on the grid of the frames
  std::vector<DicomSegment> segments;  ///< by number
  std::string frameOfReferenceUid;
  std::vector<Notice> notices;
};

/// Reads a binary DICOM Segmentation. The grid reaches from the first to the last slice that has a frame.
/// Where segments overlap the one with the lower number stays, with a notice. `frameOfReference`: the one it
/// must lie in. Errors BadInput (codes "dicom.seg-…"): not a segmentation, damaged, fractional, more than 255
/// segments, frames that make no grid, another frame of reference.
Result<DicomSegmentation> readDicomSegmentation(const std::filesystem::path& file,
                                                const std::optional<std::string>& frameOfReference = {});

}  // namespace coxa
