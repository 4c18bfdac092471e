#include "coxa/dicom/ct_writer.hpp"

#include "dcmtk_support.hpp"
#include "decimal_string.hpp"
#include "uids.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <mutex>

namespace coxa {
namespace {

namespace fs = std::filesystem;

std::string ageString(int years) {
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%03dY", std::clamp(years, 0, 999));
  return buffer.data();
}

/// What is the same in every slice, and the UIDs.
class SliceWriter {
 public:
  SliceWriter(const Volume& volume, const CtSeriesInfo& info) : volume_(volume), info_(info) {
    const auto [least, most] = std::minmax_element(volume.voxels.begin(), volume.voxels.end());
    least_ = *least;
    most_ = *most;
  }

  OFCondition write(const fs::path& file, int k) const {
    DcmFileFormat format;
    DcmDataset& data = *format.getDataset();
    putPatientAndStudy(data);
    putSeriesAndEquipment(data);
    putPlane(data, k);
    putPixels(data, k);
    return format.saveFile(OFFilename(file.c_str()), EXS_LittleEndianExplicit);
  }

 private:
  static void put(DcmItem& data, const DcmTagKey& tag, const std::string& value) {
    data.putAndInsertString(tag, value.c_str());
  }

  void putPatientAndStudy(DcmDataset& data) const {
    put(data, DCM_SpecificCharacterSet, "ISO_IR 192");
    put(data, DCM_PatientName, info_.patientName.forDicomFile());
    put(data, DCM_PatientID, info_.patientId);
    put(data, DCM_PatientBirthDate, "");
    put(data, DCM_PatientSex, info_.sex);
    if (info_.ageYears >= 0) put(data, DCM_PatientAge, ageString(info_.ageYears));
    put(data, DCM_StudyInstanceUID, uidFor(info_.seed, "study"));
    put(data, DCM_StudyDate, info_.date);
    put(data, DCM_StudyTime, info_.time);
    put(data, DCM_ReferringPhysicianName, "");
    put(data, DCM_StudyID, "1");
    put(data, DCM_AccessionNumber, "");
    if (!info_.studyDescription.empty()) put(data, DCM_StudyDescription, info_.studyDescription);
  }

  void putSeriesAndEquipment(DcmDataset& data) const {
    put(data, DCM_Modality, "CT");
    put(data, DCM_SeriesInstanceUID, uidFor(info_.seed, "series " + std::to_string(info_.seriesNumber)));
    put(data, DCM_SeriesNumber, std::to_string(info_.seriesNumber));
    if (!info_.seriesDescription.empty()) put(data, DCM_SeriesDescription, info_.seriesDescription);
    put(data, DCM_PatientPosition, info_.patientPosition);
    put(data, DCM_FrameOfReferenceUID, uidFor(info_.seed, "frame of reference"));
    put(data, DCM_PositionReferenceIndicator, "");
    put(data, DCM_Manufacturer, info_.manufacturer);
    put(data, DCM_KVP, decimalString(info_.tubeVoltageKv));
    if (!info_.kernel.empty()) put(data, DCM_ConvolutionKernel, info_.kernel);
  }

  void putPlane(DcmDataset& data, int k) const {
    const Grid& grid = volume_.grid;
    const Vec3 position = grid.worldFromIndex({0.0, 0.0, static_cast<double>(k)});
    const Vec3 row = grid.direction.col(0);
    const Vec3 column = grid.direction.col(1);
    const double thickness = info_.sliceThicknessMm > 0.0 ? info_.sliceThicknessMm : grid.spacing.z();
    put(data, DCM_SOPClassUID, UID_CTImageStorage);
    put(data, DCM_SOPInstanceUID,
        uidFor(info_.seed, "series " + std::to_string(info_.seriesNumber) + " image " + std::to_string(k)));
    put(data, DCM_ImageType, "ORIGINAL\\PRIMARY\\AXIAL");
    put(data, DCM_InstanceNumber, std::to_string(k + 1));
    put(data, DCM_AcquisitionNumber, "1");
    put(data, DCM_ContentDate, info_.date);
    put(data, DCM_ContentTime, info_.time);
    put(data, DCM_ImagePositionPatient, decimalStrings({position.x(), position.y(), position.z()}));
    put(data, DCM_ImageOrientationPatient,
        decimalStrings({row.x(), row.y(), row.z(), column.x(), column.y(), column.z()}));
    put(data, DCM_PixelSpacing, decimalStrings({grid.spacing.y(), grid.spacing.x()}));
    put(data, DCM_SliceThickness, decimalString(thickness));
    put(data, DCM_SpacingBetweenSlices, decimalString(grid.spacing.z()));
    put(data, DCM_SliceLocation, decimalString(position.dot(row.cross(column))));
  }

  void putPixels(DcmDataset& data, int k) const {
    const Grid& grid = volume_.grid;
    data.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    put(data, DCM_PhotometricInterpretation, "MONOCHROME2");
    data.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(grid.size.y()));
    data.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(grid.size.x()));
    data.putAndInsertUint16(DCM_BitsAllocated, 16);
    data.putAndInsertUint16(DCM_BitsStored, 16);
    data.putAndInsertUint16(DCM_HighBit, 15);
    data.putAndInsertUint16(DCM_PixelRepresentation, 1);
    put(data, DCM_RescaleIntercept, "0");
    put(data, DCM_RescaleSlope, "1");
    put(data, DCM_RescaleType, "HU");
    put(data, DCM_WindowCenter, "40");
    put(data, DCM_WindowWidth, "400");
    const auto least = static_cast<Sint16>(least_);
    const auto most = static_cast<Sint16>(most_);
    data.putAndInsertSint16(DCM_SmallestPixelValueInSeries, least);
    data.putAndInsertSint16(DCM_LargestPixelValueInSeries, most);
    const auto count = static_cast<unsigned long>(grid.size.x()) * static_cast<unsigned long>(grid.size.y());
    data.putAndInsertUint16Array(DCM_PixelData, reinterpret_cast<const Uint16*>(volume_.slice(k)), count);
  }

  const Volume& volume_;
  const CtSeriesInfo& info_;
  std::int16_t least_ = 0;
  std::int16_t most_ = 0;
};

Result<void> check(const fs::path& folder, const Volume& volume) {
  const Eigen::Vector3i& size = volume.grid.size;
  if ((size.array() <= 0).any() || volume.voxels.size() != volume.grid.voxelCount())
    return fail(ErrorCode::Usage, "A volume without voxels cannot be written as DICOM.");
  if (size.x() > 65535 || size.y() > 65535)
    return fail(ErrorCode::Usage, "DICOM slices have at most 65535 rows and columns.");
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !(fs::is_directory(folder, ignored) && fs::is_empty(folder, ignored)))
    return fail(ErrorCode::Usage,
                folder.string() + " exists already and is not an empty folder; choose another.");
  return {};
}

fs::path sliceName(int k) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d.dcm", k + 1);
  return buffer.data();
}

Result<void> writeSlices(const fs::path& folder, const Volume& volume, const CtSeriesInfo& info,
                         const Job& job) {
  const SliceWriter writer(volume, info);
  const int count = volume.grid.size.z();
  std::atomic<int> written = 0;
  std::mutex mutex;
  std::string fault;
  tbb::parallel_for(0, count, [&](int k) {
    if (job.cancelled()) return;
    const OFCondition status = writer.write(folder / sliceName(k), k);
    if (status.bad()) {
      const std::lock_guard lock(mutex);
      fault = status.text();
      return;
    }
    job.report(static_cast<double>(++written) / count, "Writing DICOM");
  });
  if (job.cancelled()) return cancelled();
  if (!fault.empty())
    return badInput("The DICOM files could not be written to " + folder.string() +
                        "; check the free space and the permission to write.",
                    "dicom.not-written: " + fault);
  return {};
}

}  // namespace

Result<void> writeCtSeries(const fs::path& folder, const Volume& volume, const CtSeriesInfo& info,
                           const Job& job) {
  if (auto ready = dcm::prepare(); !ready) return ready;
  if (auto fine = check(folder, volume); !fine) return fine;
  const fs::path target = fs::absolute(folder).lexically_normal();
  const fs::path place = target.has_filename() ? target : target.parent_path();
  const fs::path partial = place.parent_path() / ("." + place.filename().string() + ".partial");
  std::error_code error;
  fs::remove_all(partial, error);
  fs::create_directories(partial, error);
  if (error) return badInput("The folder " + place.string() + " cannot be made: " + error.message() + ".");
  auto done = writeSlices(partial, volume, info, job);
  if (done) {
    fs::rename(partial, place, error);
    if (error) done = badInput("The folder " + place.string() + " cannot be made: " + error.message() + ".");
  }
  if (!done) fs::remove_all(partial, error);
  return done;
}

}  // namespace coxa
