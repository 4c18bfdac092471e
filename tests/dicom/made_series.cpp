#include "made_series.hpp"

#include "coxa/dicom/scan.hpp"

#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dcrlerp.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <dcmtk/dcmjpls/djrparam.h>
#include <dcmtk/oflog/oflog.h>
#include <gdcmImageChangeTransferSyntax.h>
#include <gdcmImageReader.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace {

void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error("the test's DICOM file could not be made: " + what);
}

void registerEncoders() {
  static const bool once = [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
    DJEncoderRegistration::registerCodecs();
    DJLSEncoderRegistration::registerCodecs();
    DcmRLEEncoderRegistration::registerCodecs();
    return true;
  }();
  (void)once;
}

std::string numbers(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.10g", value);
    text += (text.empty() ? "" : "\\") + std::string(digits.data());
  }
  return text;
}

void putHeader(DcmDataset& data, const MadeSlice& slice, int number) {
  const auto put = [&](const DcmTagKey& tag, const std::string& value) {
    require(data.putAndInsertString(tag, value.c_str()).good(), value);
  };
  put(DCM_SOPClassUID, UID_CTImageStorage);
  put(DCM_SOPInstanceUID, "1.2.3.4." + std::to_string(number + 1));
  put(DCM_StudyInstanceUID, "1.2.3.1");
  put(DCM_SeriesInstanceUID, "1.2.3.2");
  put(DCM_FrameOfReferenceUID, "1.2.3.3");
  put(DCM_Modality, "CT");
  put(DCM_ImageType, "ORIGINAL\\PRIMARY\\AXIAL");
  put(DCM_SeriesNumber, "4");
  put(DCM_InstanceNumber, std::to_string(number + 1));
  put(DCM_PatientID, "4711");
  put(DCM_PatientName, "Doe^Jane");
  put(DCM_ImagePositionPatient, numbers({slice.position.x(), slice.position.y(), slice.position.z()}));
  put(DCM_ImageOrientationPatient, numbers({slice.row.x(), slice.row.y(), slice.row.z(), slice.column.x(),
                                            slice.column.y(), slice.column.z()}));
  put(DCM_PixelSpacing, "0.8\\0.7");
  put(DCM_RescaleSlope, slice.slope);
  put(DCM_RescaleIntercept, slice.intercept);
  put(DCM_RescaleType, "HU");
}

void putPixels(DcmDataset& data, const MadeSlice& slice, int number) {
  data.putAndInsertUint16(DCM_SamplesPerPixel, 1);
  data.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
  data.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(slice.rows));
  data.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(slice.columns));
  data.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(slice.bitsAllocated));
  data.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(slice.bitsStored));
  data.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(slice.bitsStored - 1));
  data.putAndInsertUint16(DCM_PixelRepresentation, slice.isSigned ? 1 : 0);
  std::vector<int> stored = slice.stored;
  if (stored.empty())
    for (int j = 0; j < slice.rows; ++j)
      for (int i = 0; i < slice.columns; ++i) stored.push_back(madeValue(i, j, number));
  const unsigned mask = (1U << static_cast<unsigned>(slice.bitsStored)) - 1U;
  std::vector<Uint16> words;
  std::vector<Uint8> bytes;
  for (const int value : stored) {
    words.push_back(static_cast<Uint16>(static_cast<unsigned>(value) & mask));
    bytes.push_back(static_cast<Uint8>(words.back()));
  }
  const OFCondition put = slice.bitsAllocated == 8
                              ? data.putAndInsertUint8Array(DCM_PixelData, bytes.data(), bytes.size())
                              : data.putAndInsertUint16Array(DCM_PixelData, words.data(), words.size());
  require(put.good(), put.text());
}

/// GDCM compresses the pixels of an uncompressed file; DCMTK puts them in their place, so that the header
/// stays as it is (GDCM would rewrite it).
void recodeAsJpeg2000(const std::filesystem::path& path) {
  gdcm::ImageReader reader;
  reader.SetFileName(path.c_str());
  require(reader.Read(), "GDCM reads it");
  gdcm::ImageChangeTransferSyntax change;
  change.SetTransferSyntax(gdcm::TransferSyntax::JPEG2000Lossless);
  change.SetInput(reader.GetImage());
  require(change.Change(), "GDCM compresses it");
  const gdcm::SequenceOfFragments& frames = *change.GetOutput().GetDataElement().GetSequenceOfFragments();
  DcmFileFormat file;
  require(file.loadFile(path.c_str()).good() && file.loadAllDataIntoMemory().good(), "DCMTK reads it");
  auto* sequence = new DcmPixelSequence(DCM_PixelSequenceTag);
  sequence->insert(new DcmPixelItem(DCM_PixelItemTag));
  DcmOffsetList offsets;
  for (unsigned n = 0; n < frames.GetNumberOfFragments(); ++n) {
    std::string bytes(frames.GetFragment(n).GetByteValue()->GetLength(), '\0');
    frames.GetFragment(n).GetByteValue()->GetBuffer(bytes.data(), bytes.size());
    sequence->storeCompressedFrame(offsets, reinterpret_cast<Uint8*>(bytes.data()),
                                   static_cast<Uint32>(bytes.size()), 0);
  }
  auto* pixels = new DcmPixelData(DCM_PixelData);
  pixels->putOriginalRepresentation(EXS_JPEG2000LosslessOnly, nullptr, sequence);
  require(file.getDataset()->insert(pixels, OFTrue).good(), "DCMTK takes it");
  require(file.saveFile(path.c_str(), EXS_JPEG2000LosslessOnly).good(), "DCMTK writes it");
}

}  // namespace

int madeValue(int column, int row, int slice) {
  return (100 * column + 17 * row * row + 311 * slice + (column * row * 7 + slice) % 5) % 2000;
}

std::vector<MadeSlice> madeSlices(int count, double stepMm) {
  std::vector<MadeSlice> slices(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) slices[static_cast<std::size_t>(k)].position = {-10.5, 20.25, k * stepMm};
  return slices;
}

void writeSlice(const std::filesystem::path& file, const MadeSlice& slice, int number,
                E_TransferSyntax syntax) {
  registerEncoders();
  DcmFileFormat format;
  DcmDataset& data = *format.getDataset();
  putHeader(data, slice, number);
  putPixels(data, slice, number);
  if (slice.change) slice.change(data);
  const bool byGdcm = syntax == EXS_JPEG2000LosslessOnly;
  const E_TransferSyntax target = byGdcm ? EXS_LittleEndianExplicit : syntax;
  const DJ_RPLossless jpeg(target == EXS_JPEGProcess14 ? 1 + number % 7 : 1, 0);  // every predictor in turn
  const DJLSRepresentationParameter jpegLs(0, OFTrue);
  const DcmRLERepresentationParameter rle;
  const DcmRepresentationParameter* parameter = nullptr;
  if (target == EXS_JPEGProcess14 || target == EXS_JPEGProcess14SV1) parameter = &jpeg;
  if (target == EXS_JPEGLSLossless) parameter = &jpegLs;
  if (target == EXS_RLELossless) parameter = &rle;
  const OFCondition chosen = data.chooseRepresentation(target, parameter);
  require(chosen.good(), chosen.text());
  const OFCondition saved = format.saveFile(OFFilename(file.c_str()), target);
  require(saved.good(), saved.text());
  if (byGdcm) recodeAsJpeg2000(file);
}

void writeSlices(const std::filesystem::path& folder, const std::vector<MadeSlice>& slices,
                 E_TransferSyntax syntax) {
  std::filesystem::create_directories(folder);
  for (std::size_t k = 0; k < slices.size(); ++k) {
    const std::string name = slices[k].name.empty() ? "s" + std::to_string(100 + k) + ".dcm" : slices[k].name;
    std::filesystem::create_directories((folder / name).parent_path());
    writeSlice(folder / name, slices[k], static_cast<int>(k), syntax);
  }
}

coxa::Result<coxa::CtImage> readFolder(const std::filesystem::path& folder) {
  const auto index = coxa::scanFolder(folder);
  if (!index) return tl::unexpected(index.error());
  const auto choice = coxa::chooseCtSeries(*index);
  if (!choice) return tl::unexpected(choice.error());
  return coxa::readCt(choice->series);
}

const coxa::Notice* noticeOf(const coxa::CtImage& ct, const std::string& code) {
  for (const coxa::Notice& notice : ct.notices)
    if (notice.code == code) return &notice;
  return nullptr;
}

bool hasCode(const coxa::Error& error, const std::string& code) {
  return error.detail == code || error.detail.rfind(code + ":", 0) == 0;
}
