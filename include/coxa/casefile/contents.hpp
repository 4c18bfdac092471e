#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/casefile/case.hpp"
#include "coxa/image/image.hpp"

#include <map>
#include <string>
#include <vector>

namespace coxa {

/// What the import knows of the scan. `facts`: acquisition facts by DICOM keyword, without anything that
/// names a patient.
struct ImportRecord {
  std::map<std::string, std::string> facts;
  std::vector<Notice> notices;
};

/// Files of the stages, each in its folder:
/// import: ct.nrrd, import.json. metal-reduction: ct.nrrd, metal.nrrd, metal-reduction.json, by network also
/// uncertainty.nrrd. segmentation:
/// labels.nrrd, uncertainty.nrrd, entropy.nrrd, sample-NN.nrrd, structures.json. landmarks: landmarks.json.
/// plan: plan.json. motion: motion.json. report: report.pdf. Readers fail with BadInput when the stage is
/// missing.
Result<void> putImport(Case& target, const Volume& ct, const ImportRecord& record);
Result<Volume> readCt(const Case& source);
Result<ImportRecord> readImportRecord(const Case& source);

/// The CT with metal artifacts reduced, beside the imported one that stays as it is. `metal`: 1 where metal
/// is. `sdHu`: standard deviation of the corrected HU; may be empty. `json`: what was found and done, with
/// "notices".
Result<void> putReducedCt(Case& target, const Volume& ct, const LabelMap& metal, const ScalarImage& sdHu,
                          const std::string& json, const std::map<std::string, std::string>& parameters);
Result<Volume> readReducedCt(const Case& source);
/// Which CT is worked on: MetalReduction where the case has one of its present CT, else Import.
Stage ctStageInUse(const Case& source);
/// That CT: what is segmented, planned in and shown.
Result<Volume> readCtInUse(const Case& source);
/// What the metal reduction has to say; nothing where none is in use.
Result<std::vector<Notice>> readMetalNotices(const Case& source);

/// The segmentation itself is put by its own room's writer into the folder (see StructureSummary).
Result<LabelMap> readLabels(const Case& source);
Result<ScalarImage> readUncertainty(const Case& source);
/// Errors BadInput also after a correction by hand, which knows no entropy.
Result<ScalarImage> readEntropy(const Case& source);
/// Labels of the first Monte-Carlo samples, on the network's grid, at most `most`; none where the
/// segmentation kept none.
Result<std::vector<LabelMap>> readSamples(const Case& source, std::size_t most);

Result<void> putLandmarks(Case& target, const LandmarkSet& landmarks);
Result<LandmarkSet> readLandmarks(const Case& source);

/// JSON results of plan and motion; their rooms turn them into types.
Result<void> putJson(Case& target, Stage stage, const std::string& json,
                     const std::map<std::string, std::string>& parameters = {});
Result<std::string> readJson(const Case& source, Stage stage);

}  // namespace coxa
