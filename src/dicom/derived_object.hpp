#pragma once

#include "dcmtk_support.hpp"

#include "coxa/dicom/derived_object.hpp"
#include "coxa/image/grid.hpp"

#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmiod/iodmacro.h>

namespace coxa {

/// What the writers of segmentations and parametric maps share. DCMTK's classes for the two have no common
/// base that shows these parts.

CodeSequenceMacro codeOf(const DicomCode& code);
FGPixelMeasures pixelMeasures(const Grid& grid);
FGPlaneOrientationPatient planeOrientation(const Grid& grid);
FGPlanePosPatient planePosition(const Grid& grid, int k);
ContentIdentificationMacro contentIdentification(const std::string& label, const std::string& description);

/// The files of the source; empty without one. Error BadInput: one cannot be read.
using SourceFiles = std::vector<std::unique_ptr<DcmFileFormat>>;
Result<SourceFiles> sourceFiles(const DerivedObjectInfo& info);

/// Patient, study and frame of reference: the source's, or the pseudonym and new UIDs.
template <class Object>
OFCondition placeInHierarchy(Object& object, const DerivedObjectInfo& info, const SourceFiles& sources);
/// UIDs for what has no source.
std::string studyUidOf(const DerivedObjectInfo& info);
std::string frameOfReferenceUidOf(const DerivedObjectInfo& info);

/// Fills in what DCMTK leaves open (UIDs that follow from `content`, references to the source's images) and
/// writes the file in one step.
Result<void> saveDerived(const std::filesystem::path& file, DcmFileFormat& format,
                         const DerivedObjectInfo& info, const SourceFiles& sources,
                         const std::string& content);

template <class Object>
OFCondition placeInHierarchy(Object& object, const DerivedObjectInfo& info, const SourceFiles& sources) {
  OFCondition done = object.getSeries().setSeriesNumber(std::to_string(info.seriesNumber).c_str());
  if (done.good()) done = object.getSeries().setSeriesDescription(info.description.c_str());
  if (done.bad()) return done;
  if (!sources.empty())
    return object.importHierarchy(*sources.front()->getDataset(), OFTrue, OFTrue, OFTrue, OFFalse, OFTrue);
  object.getPatient().setPatientID(info.pseudonym.c_str());
  object.getPatient().setPatientName(info.pseudonym.c_str());
  object.getStudy().setStudyInstanceUID(studyUidOf(info).c_str());
  object.getFrameOfReference().setFrameOfReferenceUID(frameOfReferenceUidOf(info).c_str());
  return done;
}

}  // namespace coxa
