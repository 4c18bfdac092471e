#include "dcmtk_support.hpp"
#include "frames.hpp"

#include "coxa/dicom/segmentation_object.hpp"

#include <dcmtk/dcmiod/cielabutil.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace coxa {

namespace {

namespace fs = std::filesystem;

/// One frame: where it lies and whose segment it is.
struct SegFrame {
  SlicePlacement placement;
  int segment = 0;
};

DicomCode codeIn(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* code = dcm::firstItem(item, sequence);
  if (code == nullptr) return {};
  return {dcm::text(*code, DCM_CodingSchemeDesignator), dcm::text(*code, DCM_CodeValue),
          dcm::text(*code, DCM_CodeMeaning)};
}

std::array<std::uint8_t, 3> colorIn(DcmItem& item) {
  const auto lab = dcm::numbers(item, DCM_RecommendedDisplayCIELabValue, 3);
  if (!lab) return {};
  double l = 0.0, a = 0.0, b = 0.0;
  IODCIELabUtil::dicomlab2Lab(l, a, b, (*lab)[0], (*lab)[1], (*lab)[2]);
  std::array<double, 3> rgb{};
  IODCIELabUtil::lab2Rgb(rgb[0], rgb[1], rgb[2], l, a, b);
  std::array<std::uint8_t, 3> color{};
  for (std::size_t n = 0; n < 3; ++n)
    color[n] = static_cast<std::uint8_t>(std::lround(255.0 * std::clamp(rgb[n], 0.0, 1.0)));
  return color;
}

Result<std::vector<DicomSegment>> segmentsIn(DcmDataset& data, const std::string& name) {
  std::vector<DicomSegment> segments;
  DcmItem* item = nullptr;
  for (long n = 0; data.findAndGetSequenceItem(DCM_SegmentSequence, item, n).good(); ++n) {
    const int number = dcm::integer(*item, DCM_SegmentNumber).value_or(0);
    if (number < 1 || number > 255)
      return badInput(name + " has the segment number " + std::to_string(number) +
                          ". Coxa reads up to 255 segments; export fewer.",
                      "dicom.seg-too-many");
    DicomSegment segment;
    segment.value = static_cast<std::uint8_t>(number);
    segment.name = dcm::utf8(*item, DCM_SegmentLabel);
    segment.category = codeIn(*item, DCM_SegmentedPropertyCategoryCodeSequence);
    segment.type = codeIn(*item, DCM_SegmentedPropertyTypeCodeSequence);
    if (DcmItem* type = dcm::firstItem(*item, DCM_SegmentedPropertyTypeCodeSequence))
      if (const auto modifier = codeIn(*type, DCM_SegmentedPropertyTypeModifierCodeSequence);
          !modifier.value.empty())
        segment.modifier = modifier;
    segment.rgb = colorIn(*item);
    segments.push_back(std::move(segment));
  }
  return segments;
}

int segmentOf(DcmDataset& data, long frame) {
  DcmItem* groups = nullptr;
  for (const auto& [sequence, index] : {std::pair{DCM_PerFrameFunctionalGroupsSequence, frame},
                                        std::pair{DCM_SharedFunctionalGroupsSequence, 0L}})
    if (data.findAndGetSequenceItem(sequence, groups, index).good())
      if (DcmItem* identification = dcm::firstItem(*groups, DCM_SegmentIdentificationSequence))
        return dcm::integer(*identification, DCM_ReferencedSegmentNumber).value_or(0);
  return 0;
}

tl::unexpected<Error> noGrid(const std::string& name, const std::string& why) {
  return badInput(name + " " + why + ", so it makes no volume. Export the segmentation on the CT's slices.",
                  "dicom.seg-geometry");
}

Result<std::vector<SegFrame>> segFrames(DcmDataset& data, const std::string& name) {
  const int count = dcm::integer(data, DCM_NumberOfFrames).value_or(0);
  if (count < 1) return noGrid(name, "holds no frame");
  std::vector<SegFrame> frames;
  for (int n = 0; n < count; ++n) {
    const auto placement = placementOf(data, n);
    if (!placement) return noGrid(name, "does not say where its frames lie");
    frames.push_back({*placement, segmentOf(data, n)});
  }
  return frames;
}

// The distances of the frames along the normal, each once.
std::vector<double> positionsAlong(const std::vector<SegFrame>& frames, const Vec3& normal) {
  std::vector<double> positions;
  positions.reserve(frames.size());
  for (const auto& frame : frames) positions.push_back(normal.dot(frame.placement.position));
  std::sort(positions.begin(), positions.end());
  constexpr double kSameMm = 1e-3;
  positions.erase(
      std::unique(positions.begin(), positions.end(), [](double a, double b) { return b - a < kSameMm; }),
      positions.end());
  return positions;
}

double spacingOf(const std::vector<double>& positions, DcmDataset& data) {
  double least = 0.0;
  for (std::size_t n = 1; n < positions.size(); ++n) {
    const double step = positions[n] - positions[n - 1];
    least = n == 1 ? step : std::min(least, step);
  }
  if (least > 0.0) return least;
  DcmItem* shared = dcm::firstItem(data, DCM_SharedFunctionalGroupsSequence);
  DcmItem* measures = shared ? dcm::firstItem(*shared, DCM_PixelMeasuresSequence) : nullptr;
  if (!measures) return 1.0;
  return dcm::number(*measures, DCM_SpacingBetweenSlices)
      .value_or(dcm::number(*measures, DCM_SliceThickness).value_or(1.0));
}

Result<Grid> gridOf(const std::vector<SegFrame>& frames, DcmDataset& data, const std::string& name) {
  const SlicePlacement& first = frames.front().placement;
  const Vec3 row = first.rowDirection.normalized(), column = first.columnDirection.normalized();
  const Vec3 normal = row.cross(column).normalized();
  Grid grid;
  grid.direction << row, column, normal;
  const auto positions = positionsAlong(frames, normal);
  grid.spacing = {first.spacingMm.x(), first.spacingMm.y(), spacingOf(positions, data)};
  if (!(grid.spacing.array() > 0.0).all()) return noGrid(name, "gives no size of its voxels");
  grid.size = {dcm::integer(data, DCM_Columns).value_or(0), dcm::integer(data, DCM_Rows).value_or(0),
               1 + static_cast<int>(std::lround((positions.back() - positions.front()) / grid.spacing.z()))};
  if ((grid.size.array() < 1).any() || grid.size.z() > 10000) return noGrid(name, "gives an impossible size");
  grid.origin = first.position + (positions.front() - normal.dot(first.position)) * normal;
  return grid;
}

// The slice of a frame; nothing when it does not lie on the grid.
std::optional<int> sliceOf(const SegFrame& frame, const Grid& grid) {
  constexpr double kVoxels = 0.05;
  const Vec3 index = grid.indexFromWorld(frame.placement.position);
  const double k = std::round(index.z());
  if ((index - Vec3(0.0, 0.0, k)).cwiseAbs().maxCoeff() > kVoxels) return std::nullopt;
  if ((frame.placement.rowDirection - grid.direction.col(0)).norm() > 1e-3) return std::nullopt;
  return static_cast<int>(k);
}

Result<void> checkKind(DcmDataset& data, const std::string& name) {
  if (dcm::text(data, DCM_SOPClassUID) != UID_SegmentationStorage)
    return badInput(name + " is no DICOM Segmentation. Choose a file of the modality SEG.",
                    "dicom.seg-not-one");
  if (dcm::text(data, DCM_SegmentationType) != "BINARY")
    return badInput(
        name +
            " is a fractional segmentation: its voxels are shares, no labels. Export it as a binary "
            "one.",
        "dicom.seg-fractional");
  return {};
}

// One bit a pixel, the least significant first, frames one after the other without a gap (PS3.5 8.1.1).
class Bits {
 public:
  explicit Bits(DcmDataset& data) {
    unsigned long count = 0;
    if (data.findAndGetUint8Array(DCM_PixelData, bytes_, &count).good() && bytes_ != nullptr)
      bits_ = 8 * count;
  }
  std::size_t count() const { return bits_; }
  bool at(std::size_t n) const { return ((bytes_[n / 8] >> (n % 8)) & 1U) != 0; }

 private:
  const Uint8* bytes_ = nullptr;
  std::size_t bits_ = 0;
};

Result<std::size_t> fill(LabelMap& labels, const std::vector<SegFrame>& frames, const Bits& bits,
                         const std::set<int>& known, const std::string& name) {
  const std::size_t perFrame = labels.grid.voxelCount() / static_cast<std::size_t>(labels.grid.size.z());
  if (bits.count() < perFrame * frames.size())
    return badInput(name + " is not a whole DICOM file: pixels are missing. Export it again.",
                    "dicom.damaged");
  std::size_t overlapping = 0;
  for (std::size_t f = 0; f < frames.size(); ++f) {
    const auto k = sliceOf(frames[f], labels.grid);
    if (!k) return noGrid(name, "has frames that do not lie on one even grid");
    if (!known.contains(frames[f].segment))
      return badInput(name + " has a frame of a segment it does not describe. Export it again.",
                      "dicom.damaged");
    const auto value = static_cast<std::uint8_t>(frames[f].segment);
    std::uint8_t* slice = labels.slice(*k);
    for (std::size_t n = 0; n < perFrame; ++n) {
      if (!bits.at(f * perFrame + n)) continue;
      overlapping += slice[n] != 0 && slice[n] != value;
      slice[n] = slice[n] == 0 ? value : std::min(slice[n], value);
    }
  }
  return overlapping;
}

}  // namespace

Result<DicomSegmentation> readDicomSegmentation(const fs::path& file,
                                                const std::optional<std::string>& frameOfReference) {
  const std::string name = dcm::shortName(file);
  const auto opened = dcm::open(file);
  if (!opened) return tl::unexpected(opened.error());
  DcmDataset& data = *(*opened)->getDataset();
  if (auto fine = checkKind(data, name); !fine) return tl::unexpected(fine.error());

  DicomSegmentation read;
  read.frameOfReferenceUid = dcm::text(data, DCM_FrameOfReferenceUID);
  if (frameOfReference && *frameOfReference != read.frameOfReferenceUid)
    return badInput(name +
                        " lies in another frame of reference than the CT: it was drawn on another scan. "
                        "Choose the segmentation of this CT.",
                    "dicom.seg-other-frame-of-reference");
  auto segments = segmentsIn(data, name);
  if (!segments) return tl::unexpected(segments.error());
  read.segments = std::move(*segments);
  const auto frames = segFrames(data, name);
  if (!frames) return tl::unexpected(frames.error());
  const auto grid = gridOf(*frames, data, name);
  if (!grid) return tl::unexpected(grid.error());
  std::set<int> known;
  for (const auto& segment : read.segments) known.insert(segment.value);
  read.labels = LabelMap(*grid);
  const auto overlapping = fill(read.labels, *frames, Bits(data), known, name);
  if (!overlapping) return tl::unexpected(overlapping.error());
  if (*overlapping > 0)
    read.notices.push_back(
        {Notice::Severity::Warning,
         "dicom.seg-overlap",
         std::to_string(*overlapping) +
             " voxels belong to several segments; each was given to the one with the lower "
             "number.",
         {file}});
  return read;
}

}  // namespace coxa
