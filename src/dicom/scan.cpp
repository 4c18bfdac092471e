#include "coxa/dicom/scan.hpp"

#include "dcmtk_support.hpp"
#include "frames.hpp"
#include "text.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <fstream>
#include <map>

namespace coxa {
namespace {

namespace fs = std::filesystem;

/// What one file contributes.
struct FileEntry {
  enum class Kind { Foreign, Damaged, Dicom };
  Kind kind = Kind::Foreign;
  std::string patientId;
  PersonName patientName;
  std::string studyDescription;
  SeriesInfo series;  ///< as if the file were the whole series
  bool isImage = false;
};

/// A DICOM file has "DICM" behind a preamble; without it, it begins with a tag of group 2 or 8.
bool looksLikeDicom(const fs::path& path) {
  std::array<char, 132> head{};
  std::ifstream in(path, std::ios::binary);
  in.read(head.data(), head.size());
  if (in.gcount() == static_cast<std::streamsize>(head.size()) &&
      std::string_view(head.data() + 128, 4) == "DICM")
    return true;
  const std::string_view start(head.data(),
                               static_cast<std::size_t>(std::min<std::streamsize>(in.gcount(), 4)));
  return start.size() == 4 && (start[0] == 2 || start[0] == 8) && start[1] == 0 && start[3] == 0;
}

SlicePlane planeOf(const SlicePlacement& placement) {
  const Vec3 normal = placement.rowDirection.cross(placement.columnDirection).normalized();
  Eigen::Index axis = 0;
  const double cosine = normal.cwiseAbs().maxCoeff(&axis);
  if (!(cosine >= std::cos(radFromDeg(30.0)))) return SlicePlane::Oblique;
  constexpr std::array planes{SlicePlane::Sagittal, SlicePlane::Coronal, SlicePlane::Axial};
  return planes[static_cast<std::size_t>(axis)];
}

SeriesInfo seriesOf(DcmDataset& data, const fs::path& path) {
  SeriesInfo series;
  series.uid = dcm::text(data, DCM_SeriesInstanceUID);
  series.studyUid = dcm::text(data, DCM_StudyInstanceUID);
  series.modality = dcm::text(data, DCM_Modality);
  series.description = dcm::utf8(data, DCM_SeriesDescription);
  series.number = dcm::integer(data, DCM_SeriesNumber).value_or(0);
  series.rows = dcm::integer(data, DCM_Rows).value_or(0);
  series.columns = dcm::integer(data, DCM_Columns).value_or(0);
  series.imageCount = series.rows > 0 ? std::max(1, dcm::integer(data, DCM_NumberOfFrames).value_or(1)) : 0;
  series.transferSyntaxUid = transferSyntaxUidOf(data);
  series.sopClassUid = dcm::text(data, DCM_SOPClassUID);
  series.kernel = dcm::text(data, DCM_ConvolutionKernel);
  series.sliceThicknessMm = dcm::number(data, DCM_SliceThickness).value_or(0.0);
  const std::string type = dcm::allText(data, DCM_ImageType);
  series.localizersOnly = type.find("LOCALIZER") != std::string::npos;
  series.derived = type.rfind("DERIVED", 0) == 0;
  if (const auto placement = placementOf(data, 0)) series.plane = planeOf(*placement);
  series.files = {path};
  return series;
}

FileEntry read(const fs::path& path) {
  FileEntry entry;
  if (!looksLikeDicom(path)) return entry;
  auto file = dcm::open(path, DCM_PixelData);
  DcmDataset* data = file ? (*file)->getDataset() : nullptr;
  if (!data || !data->tagExistsWithValue(DCM_SOPInstanceUID) ||
      !data->tagExistsWithValue(DCM_SeriesInstanceUID)) {
    // A DICOMDIR is whole DICOM and belongs to no series.
    const bool directory =
        file && (*file)->getMetaInfo()->card() > 0 &&
        dcm::text(*(*file)->getMetaInfo(), DCM_MediaStorageSOPClassUID) == UID_MediaStorageDirectoryStorage;
    entry.kind = directory ? FileEntry::Kind::Foreign : FileEntry::Kind::Damaged;
    return entry;
  }
  entry.kind = FileEntry::Kind::Dicom;
  entry.patientId = dcm::utf8(*data, DCM_PatientID);
  entry.patientName = PersonName(dcm::utf8(*data, DCM_PatientName));
  entry.studyDescription = dcm::utf8(*data, DCM_StudyDescription);
  entry.series = seriesOf(*data, path);
  return entry;
}

Result<std::vector<fs::path>> filesUnder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_regular_file(folder, error)) return std::vector{folder};
  if (!fs::is_directory(folder, error))
    return badInput("There is no folder " + folder.string() + ". Give the folder that holds the DICOM files.",
                    "dicom.no-folder");
  std::vector<fs::path> files;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error))
    if (walk->is_regular_file(error)) files.push_back(walk->path());
  if (error)
    return badInput("The folder " + folder.string() + " cannot be read: " + error.message() + ".",
                    "dicom.no-folder");
  std::sort(files.begin(), files.end());
  return files;
}

void merge(SeriesInfo& series, const SeriesInfo& file) {
  if (file.imageCount > 0 && series.imageCount == 0) {
    series.rows = file.rows;
    series.columns = file.columns;
  }
  // The slices decide what the series is; a scout among them does not make it mixed.
  const bool scoutAfterSlices = file.localizersOnly && !series.localizersOnly;
  const bool slicesAfterScout = series.localizersOnly && !file.localizersOnly;
  if (slicesAfterScout) {
    series.plane = file.plane;
    series.rows = file.rows;
    series.columns = file.columns;
    series.sopClassUid = file.sopClassUid;
    series.derived = file.derived;
  } else if (!scoutAfterSlices && series.plane != file.plane) {
    series.plane = SlicePlane::Mixed;
  }
  series.localizersOnly = series.localizersOnly && file.localizersOnly;
  series.imageCount += file.imageCount;
  series.files.insert(series.files.end(), file.files.begin(), file.files.end());
}

PatientInfo& patientFor(DicomIndex& index, const FileEntry& entry,
                        std::map<std::string, std::size_t>& known) {
  const std::string key =
      entry.patientId.empty() ? "name " + entry.patientName.forDicomFile() : "id " + entry.patientId;
  const auto [place, isNew] = known.emplace(key, index.patients.size());
  if (isNew)
    index.patients.push_back({entry.patientName, pseudonymFor(entry.patientId, entry.patientName), {}});
  return index.patients[place->second];
}

template <class Item>
Item* byUid(std::vector<Item>& items, const std::string& uid) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.uid == uid; });
  return found == items.end() ? nullptr : &*found;
}

void add(PatientInfo& patient, const FileEntry& entry) {
  StudyInfo* study = byUid(patient.studies, entry.series.studyUid);
  if (!study)
    study = &patient.studies.emplace_back(StudyInfo{entry.series.studyUid, entry.studyDescription, {}});
  if (SeriesInfo* series = byUid(study->series, entry.series.uid))
    merge(*series, entry.series);
  else
    study->series.push_back(entry.series);
}

DicomIndex indexOf(const std::vector<fs::path>& files, const std::vector<FileEntry>& entries) {
  DicomIndex index;
  std::map<std::string, std::size_t> known;
  std::vector<fs::path> damaged;
  for (std::size_t i = 0; i < files.size(); ++i) switch (entries[i].kind) {
      case FileEntry::Kind::Foreign:
        ++index.foreignFiles;
        break;
      case FileEntry::Kind::Damaged:
        damaged.push_back(files[i]);
        break;
      case FileEntry::Kind::Dicom:
        ++index.dicomFiles;
        add(patientFor(index, entries[i], known), entries[i]);
    }
  for (PatientInfo& patient : index.patients)
    for (StudyInfo& study : patient.studies)
      std::sort(study.series.begin(), study.series.end(), [](const SeriesInfo& a, const SeriesInfo& b) {
        return std::tie(a.number, a.uid) < std::tie(b.number, b.uid);
      });
  if (!damaged.empty())
    index.notices.push_back({Notice::Severity::Warning, "dicom.unreadable",
                             listed(damaged) +
                                 ": truncated or damaged, belongs to no series. Export it again if it is "
                                 "one of the CT slices.",
                             damaged});
  return index;
}

}  // namespace

const char* name(SlicePlane plane) {
  switch (plane) {
    case SlicePlane::Axial:
      return "axial";
    case SlicePlane::Coronal:
      return "coronal";
    case SlicePlane::Sagittal:
      return "sagittal";
    case SlicePlane::Oblique:
      return "oblique";
    case SlicePlane::Mixed:
      return "mixed";
    case SlicePlane::Unknown:
      break;
  }
  return "unknown";
}

Result<DicomIndex> scanFolder(const fs::path& folder, const Job& job) {
  if (auto ready = dcm::prepare(); !ready) return tl::unexpected(ready.error());
  const auto files = filesUnder(folder);
  if (!files) return tl::unexpected(files.error());
  std::vector<FileEntry> entries(files->size());
  std::atomic<std::size_t> done = 0;
  tbb::parallel_for(std::size_t{0}, files->size(), [&](std::size_t i) {
    if (job.cancelled()) return;
    entries[i] = read((*files)[i]);
    job.report(static_cast<double>(++done) / static_cast<double>(files->size()), "Looking for DICOM files");
  });
  if (job.cancelled()) return cancelled();
  DicomIndex index = indexOf(*files, entries);
  if (index.dicomFiles == 0)
    return badInput("The folder " + folder.string() + " holds no readable DICOM file (" +
                        std::to_string(files->size()) +
                        " files looked at). Give the folder of the CT export.",
                    "dicom.no-files");
  return index;
}

}  // namespace coxa
