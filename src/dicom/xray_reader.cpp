#include "coxa/dicom/xray_reader.hpp"

#include "dcmtk_support.hpp"
#include "frames.hpp"
#include "pixels.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace coxa {
namespace {

namespace fs = std::filesystem;

constexpr double kSameSpacing = 1e-3;  // relative

std::optional<Eigen::Vector2d> spacingIn(DcmDataset& data, const DcmTagKey& tag) {
  const auto values = dcm::numbers(data, tag, 2);
  if (!values || (*values)[0] <= 0.0 || (*values)[1] <= 0.0) return std::nullopt;
  return Eigen::Vector2d((*values)[1], (*values)[0]);  // DICOM names the distance of the rows first
}

/// How much larger the patient is on the detector, by the device: stated, or from the distances.
std::optional<double> magnificationIn(DcmDataset& data) {
  if (const auto stated = dcm::number(data, DCM_EstimatedRadiographicMagnificationFactor);
      stated && *stated >= 1.0)
    return stated;
  const auto detector = dcm::number(data, DCM_DistanceSourceToDetector);
  const auto patient = dcm::number(data, DCM_DistanceSourceToPatient);
  if (detector && patient && *patient > 0.0 && *detector >= *patient) return *detector / *patient;
  return std::nullopt;
}

XRayScale detectorScale(DcmDataset& data, const Eigen::Vector2d& spacing) {
  XRayScale scale{
      XRayScale::Kind::Detector, spacing, 1.0,
      "The pixel size holds on the detector; the patient is magnified by an unknown factor. Calibrate with "
      "an object of known size."};
  if (const auto magnification = magnificationIn(data)) {
    scale.kind = XRayScale::Kind::Magnified;
    scale.magnification = *magnification;
    scale.explanation = "The pixel size is the detector's divided by a magnification of " +
                        mm(*magnification) + " that the device estimated.";
  }
  return scale;
}

/// PS3.3 10.7.1.3: what PixelSpacing of a projection means depends on its neighbours.
XRayScale scaleOf(DcmDataset& data) {
  auto imager = spacingIn(data, DCM_ImagerPixelSpacing);
  const auto pixel = spacingIn(data, DCM_PixelSpacing);
  const std::string calibration = dcm::text(data, DCM_PixelSpacingCalibrationType);
  if (pixel && (calibration == "FIDUCIAL" || calibration == "GEOMETRY"))
    return {XRayScale::Kind::Calibrated, *pixel, 1.0,
            calibration == "FIDUCIAL"
                ? "The pixel size was calibrated with an object of known size."
                : "The pixel size was corrected for the known geometry of the exposure."};
  if (imager && (!pixel || (*pixel - *imager).norm() < kSameSpacing * imager->norm()))
    return detectorScale(data, *imager);
  if (pixel)
    return {XRayScale::Kind::Unverified, *pixel, 1.0,
            "The file gives a pixel size and does not say whether it holds on the detector or in the "
            "patient. Calibrate "
            "before measuring."};
  if (const auto scanned = spacingIn(data, DCM_NominalScannedPixelSpacing))
    return {XRayScale::Kind::Unverified, *scanned, 1.0,
            "The pixel size is that of a scanned film; its magnification is not known. Calibrate before "
            "measuring."};
  return {XRayScale::Kind::None, Eigen::Vector2d::Zero(), 1.0,
          "No scale: the file gives no pixel size. Calibrate with an object of known size before measuring."};
}

bool isProjection(const std::string& sopClass, const std::string& modality) {
  constexpr std::array storages{UID_DigitalXRayImageStorageForPresentation,
                                UID_DigitalXRayImageStorageForProcessing,
                                UID_ComputedRadiographyImageStorage,
                                UID_SecondaryCaptureImageStorage,
                                UID_MultiframeGrayscaleByteSecondaryCaptureImageStorage,
                                UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
                                UID_MultiframeTrueColorSecondaryCaptureImageStorage,
                                UID_XRayRadiofluoroscopicImageStorage};
  return modality == "DX" || modality == "CR" || modality == "RG" ||
         std::any_of(storages.begin(), storages.end(),
                     [&](const char* storage) { return sopClass == storage; });
}

float valueAt(const std::vector<std::byte>& bytes, const PixelLayout& layout, const StoredBits& bits,
              std::size_t index) {
  if (layout.bitsAllocated == 8)
    return static_cast<float>(bits.value(static_cast<std::uint32_t>(bytes[index])));
  std::uint16_t word = 0;
  std::memcpy(&word, bytes.data() + 2 * index, sizeof word);
  return static_cast<float>(bits.value(word));
}

/// Grey values; colour becomes the luminance of ITU-R BT.601.
std::vector<float> greyValues(const std::vector<std::byte>& bytes, const PixelLayout& layout,
                              bool colourByPlane) {
  const StoredBits bits(layout);
  const std::size_t count = layout.pixelCount();
  std::vector<float> grey(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (layout.samplesPerPixel == 1) {
      grey[i] = valueAt(bytes, layout, bits, i);
      continue;
    }
    constexpr std::array<float, 3> weights{0.299F, 0.587F, 0.114F};
    for (std::size_t c = 0; c < 3; ++c)
      grey[i] += weights[c] * valueAt(bytes, layout, bits, colourByPlane ? c * count + i : 3 * i + c);
  }
  return grey;
}

/// Least and greatest value the layout can hold, which MONOCHROME1 is turned over between.
std::pair<float, float> rangeOf(const PixelLayout& layout) {
  const float span = std::ldexp(1.0F, layout.bitsStored);
  const float least = layout.isSigned ? -span / 2.0F : 0.0F;
  return {least, least + span - 1.0F};
}

struct Linear {
  float slope = 1.0F;
  float intercept = 0.0F;
  float operator()(float value) const { return slope * value + intercept; }
};

void setWindow(DcmDataset& data, const Linear& display, XRayImage& image) {
  const auto center = dcm::number(data, DCM_WindowCenter);
  const auto width = dcm::number(data, DCM_WindowWidth);
  if (center && width && *width >= 1.0) {
    image.windowCenter = display(static_cast<float>(*center));
    image.windowWidth = static_cast<float>(*width);
    return;
  }
  const auto [least, most] = std::minmax_element(image.pixels.begin(), image.pixels.end());
  image.windowCenter = 0.5F * (*least + *most);
  image.windowWidth = std::max(1.0F, *most - *least);
}

/// Brighter must mean denser. The device may say that its values rise with the X-rays that came through.
void checkSense(DcmDataset& data, XRayImage& image) {
  const auto sign = dcm::integer(data, DCM_PixelIntensityRelationshipSign);
  const bool brightIsDense = !sign || (*sign < 0) != image.inverted;
  if (!brightIsDense)
    image.notices.push_back(
        {Notice::Severity::Warning,
         "dicom.bright-is-air",
         "By its header, bright in this image means that many X-rays came through, so bone is dark. "
         "Turn the image over if it looks so.",
         {}});
}

Result<Frame> projectionFrame(DcmDataset& data, const fs::path& file) {
  auto frames = framesOf(data, file);
  if (!frames) return tl::unexpected(frames.error());
  Frame frame = std::move(frames->front());
  if (!isProjection(frame.sopClassUid, frame.modality))
    return badInput(frameName(frame) + " is no radiograph but has the modality " +
                        (frame.modality.empty() ? "(none)" : frame.modality) +
                        ". Choose a DX, CR or captured image.",
                    "dicom.not-xray");
  if (frame.pixels.samplesPerPixel != 1 && frame.pixels.samplesPerPixel != 3)
    return badInput(frameName(frame) + " has " + std::to_string(frame.pixels.samplesPerPixel) +
                        " values per pixel, which Coxa does not read. Export it in grey.",
                    "dicom.unsupported-pixels");
  return frame;
}

void describe(DcmDataset& data, XRayImage& image) {
  image.modality = dcm::text(data, DCM_Modality);
  image.viewPosition = dcm::text(data, DCM_ViewPosition);
  image.laterality = dcm::text(data, DCM_ImageLaterality);
  if (image.laterality.empty()) image.laterality = dcm::text(data, DCM_Laterality);
  // PatientOrientation names the directions to the right edge and to the bottom.
  const std::string right = dcm::text(data, DCM_PatientOrientation);
  if (right == "L") image.leftEdgePatient = "R";
  if (right == "R") image.leftEdgePatient = "L";
  if (right == "A") image.leftEdgePatient = "P";
  if (right == "P") image.leftEdgePatient = "A";
}

}  // namespace

std::optional<Eigen::Vector2d> XRayScale::patientSpacingMm() const {
  if (kind == Kind::Calibrated) return spacingMm;
  if (kind == Kind::Magnified) return Eigen::Vector2d(spacingMm / magnification);
  return std::nullopt;
}

Result<XRayImage> readXRay(const fs::path& file) {
  const auto opened = dcm::open(file);
  if (!opened) return tl::unexpected(opened.error());
  DcmDataset& data = *(*opened)->getDataset();
  const auto frame = projectionFrame(data, file);
  if (!frame) return tl::unexpected(frame.error());
  std::vector<std::byte> bytes((frame->pixels.frameBytes() + 1) / 2 * 2);
  if (auto decoded = decodeFrame(data, *frame, bytes); !decoded) return tl::unexpected(decoded.error());

  XRayImage image;
  image.columns = frame->pixels.columns;
  image.rows = frame->pixels.rows;
  image.inverted = dcm::text(data, DCM_PhotometricInterpretation) == "MONOCHROME1" ||
                   dcm::text(data, DCM_PresentationLUTShape) == "INVERSE";
  const Linear rescale{static_cast<float>(frame->slope.value_or(1.0)),
                       static_cast<float>(frame->intercept.value_or(0.0))};
  const auto [least, most] = rangeOf(frame->pixels);
  const Linear display = image.inverted ? Linear{-1.0F, rescale(least) + rescale(most)} : Linear{};
  image.pixels =
      greyValues(bytes, frame->pixels, dcm::integer(data, DCM_PlanarConfiguration).value_or(0) == 1);
  for (float& pixel : image.pixels) pixel = display(rescale(pixel));
  setWindow(data, display, image);
  image.scale = scaleOf(data);
  describe(data, image);
  checkSense(data, image);
  if (frame->lossy)
    image.notices.push_back({Notice::Severity::Warning,
                             "dicom.lossy",
                             "The image was compressed with loss at some time; edges are not exact.",
                             {}});
  if (frame->count > 1)
    image.notices.push_back(
        {Notice::Severity::Warning,
         "dicom.first-frame",
         "The file holds " + std::to_string(frame->count) + " images; the first is shown.",
         {file}});
  return image;
}

}  // namespace coxa
