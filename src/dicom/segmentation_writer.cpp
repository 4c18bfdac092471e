#include "derived_object.hpp"
#include "uids.hpp"

#include "coxa/dicom/segmentation_object.hpp"
#include "coxa/image/resample.hpp"

#include <dcmtk/dcmiod/cielabutil.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>

#include <cmath>

namespace coxa {

namespace {

OFCondition setColor(DcmSegment& segment, const std::array<std::uint8_t, 3>& rgb) {
  double l = 0.0, a = 0.0, b = 0.0;
  IODCIELabUtil::rgb2DicomLab(l, a, b, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
  return segment.setRecommendedDisplayCIELabValue(static_cast<Uint16>(std::lround(l)),
                                                  static_cast<Uint16>(std::lround(a)),
                                                  static_cast<Uint16>(std::lround(b)));
}

OFCondition addSegment(::DcmSegmentation& object, const DicomSegment& from, const std::string& algorithm,
                       Uint16& number) {
  DcmSegment* made = nullptr;
  OFCondition done = DcmSegment::create(made, from.name.c_str(), codeOf(from.category), codeOf(from.type),
                                        DcmSegTypes::SAT_AUTOMATIC, algorithm.c_str());
  if (done.bad()) return done;
  if (from.modifier)
    made->getSegmentedPropertyTypeModifierCode().push_back(new CodeSequenceMacro(codeOf(*from.modifier)));
  if (done = setColor(*made, from.rgb); done.bad()) return done;
  return object.addSegment(made, number);  // which owns it from now on
}

// Fills `pixels` with where the value is in slice k; false where it is not.
bool maskOf(const LabelMap& labels, int k, std::uint8_t value, std::vector<Uint8>& pixels) {
  const std::uint8_t* slice = labels.slice(k);
  bool found = false;
  for (std::size_t n = 0; n < pixels.size(); ++n) {
    pixels[n] = slice[n] == value ? 1 : 0;
    found = found || pixels[n] != 0;
  }
  return found;
}

// One bit a pixel, frames one after the other without a gap (PS3.5 8.1.1). DCMTK 3.6.7 misplaces frames that
// do not end at a byte, so its pixels are replaced by these.
class PackedBits {
 public:
  void append(const std::vector<Uint8>& pixels) {
    bytes_.resize((count_ + pixels.size() + 15) / 16 * 2);
    for (const Uint8 pixel : pixels) {
      if (pixel != 0) bytes_[count_ / 8] = static_cast<Uint8>(bytes_[count_ / 8] | (1U << (count_ % 8)));
      ++count_;
    }
  }
  OFCondition putInto(DcmDataset& data) const {
    return data.putAndInsertUint8Array(DCM_PixelData, bytes_.data(),
                                       static_cast<unsigned long>(bytes_.size()));
  }

 private:
  std::vector<Uint8> bytes_;
  std::size_t count_ = 0;
};

OFCondition addFrames(::DcmSegmentation& object, const LabelMap& labels, std::uint8_t value,
                      const IndexBox& box, Uint16 number, PackedBits& bits) {
  std::vector<Uint8> pixels(static_cast<std::size_t>(labels.grid.size.x()) *
                            static_cast<std::size_t>(labels.grid.size.y()));
  for (int k = box.min.z(); k <= box.max.z(); ++k) {
    if (!maskOf(labels, k, value, pixels)) continue;
    bits.append(pixels);
    FGPlanePosPatient position = planePosition(labels.grid, k);
    FGFrameContent content;
    content.setStackID("1");
    content.setInStackPositionNumber(static_cast<Uint32>(k + 1));
    content.setDimensionIndexValues(number, 0);
    content.setDimensionIndexValues(static_cast<Uint32>(k + 1), 1);
    OFVector<FGBase*> groups;
    groups.push_back(&position);
    groups.push_back(&content);
    if (const OFCondition added = object.addFrame(pixels.data(), number, groups); added.bad()) return added;
  }
  return EC_Normal;
}

OFCondition describe(::DcmSegmentation& object, const Grid& grid) {
  const std::string dimensions = uidFor(0, "dimensions: segment, position");
  auto& module = object.getDimensions();
  module.addDimensionIndex(DCM_ReferencedSegmentNumber, dimensions.c_str(), DCM_SegmentIdentificationSequence,
                           "ReferencedSegmentNumber");
  module.addDimensionIndex(DCM_ImagePositionPatient, dimensions.c_str(), DCM_PlanePositionSequence,
                           "ImagePositionPatient");
  OFCondition done = object.addForAllFrames(pixelMeasures(grid));
  if (done.good()) done = object.addForAllFrames(planeOrientation(grid));
  return done;
}

Error notMade(const OFCondition& why) {
  return {ErrorCode::Internal, "The DICOM Segmentation could not be made. Please report this.", why.text()};
}

std::string contentOf(const LabelMap& labels) {
  return {reinterpret_cast<const char*>(labels.voxels.data()), labels.voxels.size()};
}

}  // namespace

Result<void> writeDicomSegmentation(const std::filesystem::path& file, const LabelMap& labels,
                                    const std::vector<DicomSegment>& segments, const DerivedObjectInfo& info,
                                    const Job& job) {
  if (auto ready = dcm::prepare(); !ready) return ready;
  const auto boxes = boundsOfValues(labels);
  std::vector<DicomSegment> present;
  for (const auto& segment : segments)
    if (!boxes[segment.value].empty()) present.push_back(segment);
  if (present.empty())
    return fail(ErrorCode::Usage,
                "A label map without structures cannot be written as a DICOM Segmentation.");
  const auto sources = sourceFiles(info);
  if (!sources) return tl::unexpected(sources.error());

  ::DcmSegmentation* made = nullptr;
  OFCondition done = ::DcmSegmentation::createBinarySegmentation(
      made, static_cast<Uint16>(labels.grid.size.y()), static_cast<Uint16>(labels.grid.size.x()),
      {"Coxa", "coxa-cli", "0", info.version.c_str()},
      contentIdentification("SEGMENTATION", info.description));
  const std::unique_ptr<::DcmSegmentation> object(made);
  if (done.bad()) return tl::unexpected(notMade(done));
  // Every frame is made alike here; DCMTK's checks of them grow with the square of their number.
  object->setCheckDimensionsOnWrite(OFFalse);
  done = describe(*object, labels.grid);
  if (done.good()) done = placeInHierarchy(*object, info, *sources);
  PackedBits bits;
  for (std::size_t n = 0; n < present.size() && done.good(); ++n) {
    if (job.cancelled()) return cancelled();
    job.report(0.6 * static_cast<double>(n) / static_cast<double>(present.size()),
               "Writing " + present[n].name);
    Uint16 number = 0;
    done = addSegment(*object, present[n], info.algorithm, number);
    if (done.good())
      done = addFrames(*object, labels, present[n].value, boxes[present[n].value], number, bits);
  }
  DcmFileFormat format;
  if (done.good()) done = object->writeDataset(*format.getDataset());
  if (done.good()) done = bits.putInto(*format.getDataset());
  if (done.bad()) return tl::unexpected(notMade(done));
  return saveDerived(file, format, info, *sources, contentOf(labels));
}

}  // namespace coxa
