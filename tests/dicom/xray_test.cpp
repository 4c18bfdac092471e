#include "made_series.hpp"
#include "support/temp_folder.hpp"

#include "coxa/dicom/xray_reader.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

/// A DX of 8 x 6 pixels with 12 bits; `change` has the last word on the header.
Result<XRayImage> readMade(const std::function<void(DcmDataset&)>& change) {
  const TempFolder folder;
  MadeSlice slice;
  slice.bitsStored = 12;
  slice.isSigned = false;
  slice.slope = "1";
  slice.intercept = "0";
  slice.change = [&](DcmDataset& data) {
    data.putAndInsertString(DCM_SOPClassUID, UID_DigitalXRayImageStorageForPresentation);
    data.putAndInsertString(DCM_Modality, "DX");
    for (const DcmTagKey& tag : {DCM_PixelSpacing, DCM_ImagePositionPatient, DCM_ImageOrientationPatient})
      data.findAndDeleteElement(tag);
    change(data);
  };
  writeSlice(folder / "x.dcm", slice, 0);
  return readXRay(folder / "x.dcm");
}

auto put(const DcmTagKey& tag, const std::string& value) {
  return [=](DcmDataset& data) { data.putAndInsertString(tag, value.c_str()); };
}

TEST(XRay, Monochrome2IsTakenAsItIs) {
  const auto image = readMade([](DcmDataset& data) {
    data.putAndInsertString(DCM_WindowCenter, "800");
    data.putAndInsertString(DCM_WindowWidth, "1500");
  });
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_FALSE(image->inverted);
  ASSERT_EQ(image->pixels.size(), 48U);
  EXPECT_EQ(image->pixels[8 * 3 + 5], static_cast<float>(madeValue(5, 3, 0)));
  EXPECT_EQ(image->windowCenter, 800.0F);
  EXPECT_EQ(image->windowWidth, 1500.0F);
}

TEST(XRay, Monochrome1IsTurnedOverWithItsWindow) {
  const auto image = readMade([](DcmDataset& data) {
    data.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME1");
    data.putAndInsertString(DCM_WindowCenter, "800");
    data.putAndInsertString(DCM_WindowWidth, "1500");
  });
  ASSERT_TRUE(image);
  EXPECT_TRUE(image->inverted);
  EXPECT_EQ(image->pixels[8 * 3 + 5], static_cast<float>(4095 - madeValue(5, 3, 0)));
  EXPECT_EQ(image->windowCenter, 4095.0F - 800.0F);
  EXPECT_EQ(image->windowWidth, 1500.0F);
}

TEST(XRay, ABrightnessThatMeansAirIsSaid) {
  const auto sign = [](int value, const char* photometric) {
    return readMade([=](DcmDataset& data) {
      data.putAndInsertSint16(DCM_PixelIntensityRelationshipSign, static_cast<Sint16>(value));
      data.putAndInsertString(DCM_PhotometricInterpretation, photometric);
    });
  };
  EXPECT_TRUE(sign(-1, "MONOCHROME2")->notices.empty());
  EXPECT_TRUE(sign(1, "MONOCHROME1")->notices.empty());
  ASSERT_FALSE(sign(1, "MONOCHROME2")->notices.empty());
  EXPECT_EQ(sign(1, "MONOCHROME2")->notices.front().code, "dicom.bright-is-air");
}

TEST(XRay, WithoutAPixelSizeHasNoScale) {
  const auto image = readMade([](DcmDataset&) {});
  ASSERT_TRUE(image);
  EXPECT_EQ(image->scale.kind, XRayScale::Kind::None);
  EXPECT_FALSE(image->scale.patientSpacingMm());
  EXPECT_NE(image->scale.explanation.find("No scale"), std::string::npos);
}

TEST(XRay, TheDetectorsPixelSizeIsNotThePatients) {
  const auto image = readMade(put(DCM_ImagerPixelSpacing, "0.2\\0.1"));
  ASSERT_TRUE(image);
  EXPECT_EQ(image->scale.kind, XRayScale::Kind::Detector);
  EXPECT_EQ(image->scale.spacingMm, Eigen::Vector2d(0.1, 0.2));
  EXPECT_FALSE(image->scale.patientSpacingMm());
}

TEST(XRay, AStatedOrMeasuredMagnificationScalesThePatient) {
  const auto stated = readMade([](DcmDataset& data) {
    data.putAndInsertString(DCM_ImagerPixelSpacing, "0.2\\0.2");
    data.putAndInsertString(DCM_EstimatedRadiographicMagnificationFactor, "1.25");
  });
  EXPECT_EQ(stated->scale.kind, XRayScale::Kind::Magnified);
  EXPECT_NEAR(stated->scale.patientSpacingMm()->x(), 0.16, 1e-9);
  const auto distances = readMade([](DcmDataset& data) {
    data.putAndInsertString(DCM_ImagerPixelSpacing, "0.2\\0.2");
    data.putAndInsertString(DCM_DistanceSourceToDetector, "1150");
    data.putAndInsertString(DCM_DistanceSourceToPatient, "1000");
  });
  EXPECT_NEAR(distances->scale.magnification, 1.15, 1e-9);
}

TEST(XRay, PixelSpacingMeansWhatItsCalibrationSays) {
  const auto kind = [](const std::string& spacing, const std::string& imager, const std::string& type) {
    return readMade([=](DcmDataset& data) {
             data.putAndInsertString(DCM_PixelSpacing, spacing.c_str());
             if (!imager.empty()) data.putAndInsertString(DCM_ImagerPixelSpacing, imager.c_str());
             if (!type.empty()) data.putAndInsertString(DCM_PixelSpacingCalibrationType, type.c_str());
           })
        ->scale.kind;
  };
  EXPECT_EQ(kind("0.16\\0.16", "0.2\\0.2", "FIDUCIAL"), XRayScale::Kind::Calibrated);
  EXPECT_EQ(kind("0.16\\0.16", "", "GEOMETRY"), XRayScale::Kind::Calibrated);
  EXPECT_EQ(kind("0.2\\0.2", "0.2\\0.2", ""), XRayScale::Kind::Detector);
  EXPECT_EQ(kind("0.16\\0.16", "0.2\\0.2", ""), XRayScale::Kind::Unverified);
  EXPECT_EQ(kind("0.16\\0.16", "", ""), XRayScale::Kind::Unverified);
}

TEST(XRay, ColourOfASecondaryCaptureBecomesGrey) {
  const auto image = readMade([](DcmDataset& data) {
    data.putAndInsertString(DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
    data.putAndInsertString(DCM_Modality, "OT");
    data.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
    data.putAndInsertUint16(DCM_SamplesPerPixel, 3);
    data.putAndInsertUint16(DCM_PlanarConfiguration, 0);
    data.putAndInsertUint16(DCM_BitsAllocated, 8);
    data.putAndInsertUint16(DCM_BitsStored, 8);
    data.putAndInsertUint16(DCM_HighBit, 7);
    std::vector<Uint8> rgb(48 * 3, 0);
    rgb[3 * 7] = 200;      // red
    rgb[3 * 8 + 1] = 100;  // green
    data.putAndInsertUint8Array(DCM_PixelData, rgb.data(), rgb.size());
  });
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_NEAR(image->pixels[7], 59.8F, 0.01F);
  EXPECT_NEAR(image->pixels[8], 58.7F, 0.01F);
  EXPECT_EQ(image->pixels[9], 0.0F);
}

TEST(XRay, ACtIsRefused) {
  const TempFolder folder;
  writeSlice(folder / "ct.dcm", madeSlices(1).front(), 0);
  const auto image = readXRay(folder / "ct.dcm");
  ASSERT_FALSE(image);
  EXPECT_TRUE(hasCode(image.error(), "dicom.not-xray"));
  EXPECT_NE(image.error().message.find("ct.dcm"), std::string::npos);
}

TEST(XRay, TheEdgesOfThePatientAreNamed) {
  const auto image = readMade(put(DCM_PatientOrientation, "L\\F"));
  EXPECT_EQ(image->leftEdgePatient, "R");
}

}  // namespace
}  // namespace coxa
