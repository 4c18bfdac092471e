#include "derived_object.hpp"

#include "decimal_string.hpp"
#include "uids.hpp"

#include "coxa/base/files.hpp"

#include <memory>

namespace coxa {

namespace {

namespace fs = std::filesystem;

std::string text(double value) {
  return decimalString(value);
}

// Only the references: what else stands in the source's files is the patient's.
void referTo(DcmDataset& data, const SourceFiles& sources) {
  DcmItem* series = nullptr;
  if (data.findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, series, 0).bad()) return;
  series->putAndInsertString(DCM_SeriesInstanceUID,
                             dcm::text(*sources.front()->getDataset(), DCM_SeriesInstanceUID).c_str());
  for (const auto& source : sources) {
    DcmItem* image = nullptr;
    if (series->findOrCreateSequenceItem(DCM_ReferencedInstanceSequence, image, -2).bad()) return;  // append
    for (const auto& [target, from] : {std::pair{DCM_ReferencedSOPClassUID, DCM_SOPClassUID},
                                       std::pair{DCM_ReferencedSOPInstanceUID, DCM_SOPInstanceUID}})
      image->putAndInsertString(target, dcm::text(*source->getDataset(), from).c_str());
  }
}

void putWhenEmpty(DcmDataset& data, const DcmTagKey& tag, const OFString& value) {
  if (!data.tagExistsWithValue(tag)) data.putAndInsertOFStringArray(tag, value);
}

}  // namespace

CodeSequenceMacro codeOf(const DicomCode& code) {
  return {code.value.c_str(), code.scheme.c_str(), code.meaning.c_str()};
}

FGPixelMeasures pixelMeasures(const Grid& grid) {
  FGPixelMeasures measures;
  measures.setPixelSpacing(decimalStrings({grid.spacing.y(), grid.spacing.x()}).c_str());
  measures.setSliceThickness(text(grid.spacing.z()).c_str());
  measures.setSpacingBetweenSlices(text(grid.spacing.z()).c_str());
  return measures;
}

FGPlaneOrientationPatient planeOrientation(const Grid& grid) {
  const Vec3 row = grid.direction.col(0), column = grid.direction.col(1);
  FGPlaneOrientationPatient orientation;
  orientation.setImageOrientationPatient(text(row.x()).c_str(), text(row.y()).c_str(), text(row.z()).c_str(),
                                         text(column.x()).c_str(), text(column.y()).c_str(),
                                         text(column.z()).c_str());
  return orientation;
}

FGPlanePosPatient planePosition(const Grid& grid, int k) {
  const Vec3 origin = grid.worldFromIndex({0.0, 0.0, static_cast<double>(k)});
  FGPlanePosPatient position;
  position.setImagePositionPatient(text(origin.x()).c_str(), text(origin.y()).c_str(),
                                   text(origin.z()).c_str());
  return position;
}

ContentIdentificationMacro contentIdentification(const std::string& label, const std::string& description) {
  ContentIdentificationMacro identification;
  identification.setInstanceNumber("1");
  identification.setContentLabel(label.c_str());
  identification.setContentDescription(description.c_str());
  identification.setContentCreatorName("Coxa");
  return identification;
}

Result<SourceFiles> sourceFiles(const DerivedObjectInfo& info) {
  SourceFiles files;
  if (!info.source) return files;
  for (const auto& path : info.source->files) {
    auto file = dcm::open(path, DCM_PixelData);
    if (!file) return tl::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  return files;
}

std::string studyUidOf(const DerivedObjectInfo& info) {
  return uidFor(0, "study of " + info.identity);
}

std::string frameOfReferenceUidOf(const DerivedObjectInfo& info) {
  return uidFor(0, "frame of reference of " + info.identity);
}

Result<std::string> frameOfReferenceUid(const SeriesInfo& series) {
  if (series.files.empty()) return badInput("The series has no files. Choose another series.");
  const auto file = dcm::open(series.files.front(), DCM_PixelData);
  if (!file) return tl::unexpected(file.error());
  auto uid = dcm::text(*(*file)->getDataset(), DCM_FrameOfReferenceUID);
  if (uid.empty())
    return badInput(dcm::shortName(series.files.front()) +
                        " names no frame of reference, so results cannot be placed on it. Export the "
                        "original series.",
                    "dicom.no-geometry");
  return uid;
}

Result<void> saveDerived(const fs::path& file, DcmFileFormat& format, const DerivedObjectInfo& info,
                         const SourceFiles& sources, const std::string& content) {
  DcmDataset& data = *format.getDataset();
  const std::string key = sha256(content) + info.description;
  data.putAndInsertString(DCM_SOPInstanceUID, uidFor(0, "object " + key).c_str());
  data.putAndInsertString(DCM_SeriesInstanceUID, uidFor(0, "series of object " + key).c_str());
  if (!sources.empty()) referTo(data, sources);
  OFString date, time;
  DcmDate::getCurrentDate(date);
  DcmTime::getCurrentTime(time);
  putWhenEmpty(data, DCM_ContentDate, date);
  putWhenEmpty(data, DCM_ContentTime, time);
  return writeFileAtomically(file, [&](const fs::path& temporary) -> Result<void> {
    const OFCondition saved = format.saveFile(OFFilename(temporary.c_str()), EXS_LittleEndianExplicit);
    if (saved.good()) return {};
    return badInput("Cannot write " + file.string() + ". Check the free space and the permission to write.",
                    std::string("dicom.not-written: ") + saved.text());
  });
}

}  // namespace coxa
