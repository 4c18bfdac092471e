#include "frames.hpp"

#include "dcmtk_support.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

/// The functional groups of one frame; of a classic image the data set itself stands for every group.
class Groups {
 public:
  Groups(DcmDataset& data, int index) : data_(&data) {
    shared_ = dcm::firstItem(data, DCM_SharedFunctionalGroupsSequence);
    DcmItem* item = nullptr;
    if (data.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, item, index).good()) frame_ = item;
  }

  DcmItem& find(const DcmTagKey& sequence) const {
    for (DcmItem* groups : {frame_, shared_})
      if (groups)
        if (DcmItem* item = dcm::firstItem(*groups, sequence)) return *item;
    return *data_;
  }

 private:
  DcmItem* data_;
  DcmItem* shared_ = nullptr;
  DcmItem* frame_ = nullptr;
};

/// Digits after the point of the number `index` of an attribute; many when it is written with an exponent.
int decimalsOf(DcmItem& item, const DcmTagKey& tag, int index) {
  OFString number;
  if (item.findAndGetOFString(tag, number, static_cast<unsigned long>(index)).bad()) return 0;
  if (number.find_first_of("eE") != OFString_npos) return 16;
  const std::size_t point = number.find('.');
  const std::size_t last = number.find_last_not_of(' ');
  return point == OFString_npos || last < point ? 0 : static_cast<int>(last - point);
}

std::optional<SlicePlacement> placementIn(const Groups& groups) {
  DcmItem& plane = groups.find(DCM_PlanePositionSequence);
  const auto position = dcm::numbers(plane, DCM_ImagePositionPatient, 3);
  const auto axes = dcm::numbers(groups.find(DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient, 6);
  const auto spacing = dcm::numbers(groups.find(DCM_PixelMeasuresSequence), DCM_PixelSpacing, 2);
  if (!position || !axes || !spacing) return std::nullopt;
  SlicePlacement placement;
  placement.position = {(*position)[0], (*position)[1], (*position)[2]};
  placement.rowDirection = {(*axes)[0], (*axes)[1], (*axes)[2]};
  placement.columnDirection = {(*axes)[3], (*axes)[4], (*axes)[5]};
  placement.spacingMm = {(*spacing)[1], (*spacing)[0]};  // DICOM names the distance of the rows first
  for (int i = 0; i < 3; ++i) placement.decimals[i] = decimalsOf(plane, DCM_ImagePositionPatient, i);
  return placement;
}

std::string frameTypeIn(const Groups& groups) {
  DcmItem& item = groups.find(DCM_CTImageFrameTypeSequence);
  OFString type;
  if (item.findAndGetOFString(DCM_FrameType, type, 2).bad()) item.findAndGetOFString(DCM_ImageType, type, 2);
  return {type.data(), type.size()};
}

Result<PixelLayout> layoutOf(DcmDataset& data, const std::filesystem::path& file) {
  PixelLayout layout;
  layout.rows = dcm::integer(data, DCM_Rows).value_or(0);
  layout.columns = dcm::integer(data, DCM_Columns).value_or(0);
  layout.samplesPerPixel = dcm::integer(data, DCM_SamplesPerPixel).value_or(1);
  layout.bitsAllocated = dcm::integer(data, DCM_BitsAllocated).value_or(0);
  layout.bitsStored = dcm::integer(data, DCM_BitsStored).value_or(layout.bitsAllocated);
  layout.highBit = dcm::integer(data, DCM_HighBit).value_or(layout.bitsStored - 1);
  layout.isSigned = dcm::integer(data, DCM_PixelRepresentation).value_or(0) == 1;
  if (layout.rows < 1 || layout.columns < 1)
    return badInput(dcm::shortName(file) + " holds no image: it gives no rows and columns.", "dicom.damaged");
  const bool bytes = layout.bitsAllocated == 8 || layout.bitsAllocated == 16;
  if (!bytes || layout.bitsStored < 1 || layout.bitsStored > layout.bitsAllocated ||
      layout.highBit >= layout.bitsAllocated || layout.highBit + 1 < layout.bitsStored)
    return badInput(dcm::shortName(file) + " stores its pixels in " + std::to_string(layout.bitsStored) +
                        " of " + std::to_string(layout.bitsAllocated) +
                        " bits, which Coxa does not read (8 to 16 bits). Export the series again.",
                    "dicom.unsupported-pixels");
  return layout;
}

}  // namespace

std::string frameName(const Frame& frame) {
  const std::string file = dcm::shortName(frame.file);
  return frame.count > 1 ? file + " (frame " + std::to_string(frame.index + 1) + ")" : file;
}

std::string transferSyntaxUidOf(DcmDataset& data) {
  return DcmXfer(data.getOriginalXfer()).getXferID();
}

std::optional<SlicePlacement> placementOf(DcmDataset& data, int index) {
  return placementIn(Groups(data, index));
}

Result<std::vector<Frame>> framesOf(DcmDataset& data, const std::filesystem::path& file) {
  const auto layout = layoutOf(data, file);
  if (!layout) return tl::unexpected(layout.error());
  Frame common;
  common.file = file;
  common.count = std::max(1, dcm::integer(data, DCM_NumberOfFrames).value_or(1));
  common.sopClassUid = dcm::text(data, DCM_SOPClassUID);
  common.modality = dcm::text(data, DCM_Modality);
  common.frameOfReferenceUid = dcm::text(data, DCM_FrameOfReferenceUID);
  common.transferSyntaxUid = transferSyntaxUidOf(data);
  common.pixels = *layout;
  common.padding = dcm::integer(data, DCM_PixelPaddingValue);
  common.paddingLimit = dcm::integer(data, DCM_PixelPaddingRangeLimit);
  common.lossy =
      dcm::text(data, DCM_LossyImageCompression) == "01" || DcmXfer(data.getOriginalXfer()).isLossy();
  std::vector<Frame> frames(static_cast<std::size_t>(common.count), common);
  for (int i = 0; i < common.count; ++i) {
    const Groups groups(data, i);
    DcmItem& rescale = groups.find(DCM_PixelValueTransformationSequence);
    Frame& frame = frames[static_cast<std::size_t>(i)];
    frame.index = i;
    frame.placement = placementIn(groups);
    frame.frameType = frameTypeIn(groups);
    frame.slope = dcm::number(rescale, DCM_RescaleSlope);
    frame.intercept = dcm::number(rescale, DCM_RescaleIntercept);
    frame.rescaleType = dcm::text(rescale, DCM_RescaleType);
  }
  return frames;
}

}  // namespace coxa
