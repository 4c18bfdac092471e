#pragma once

#include "command.hpp"
#include "metal_methods.hpp"

#include "coxa/casefile/case.hpp"
#include "coxa/geometry/types.hpp"
#include "coxa/segmentation/segmenter.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coxa::cli {

/// The stages of the pipeline on a case: each reads what earlier stages left and puts its own result.
/// Errors: those of the rooms they call.
Result<Case> importStage(const std::filesystem::path& input, const std::optional<std::string>& series,
                         const std::filesystem::path& caseFolder, const Job& job);
/// Puts the CT with metal artifacts reduced beside the imported one; a case without implants stays as it is.
/// The JSON says what was found and done.
Result<std::string> reduceMetalStage(Case& target, ReductionMethod method, const MetalOptions& options,
                                     const Job& job);
/// The same by default method where the CT shows an implant (showsImplant) and the case has no corrected CT
/// of it yet: what comes before a segmentation that nobody looks after.
Result<void> reduceImplantMetalStage(Case& target, const Job& job);
/// Of the case's CT in use (readCtInUse), as the plan and the report.
Result<void> segmentStage(Case& target, const SegmentationOptions& options, const Job& job);
Result<void> landmarkStage(Case& target, const Job& job);
/// Places landmarks by hand. Each correction is SIDE.NAME=X,Y,Z, NAME a point of landmarks.json or the centre
/// of femoralHead or acetabulum. Error Usage: not of that form.
Result<void> correctLandmarks(Case& target, const std::vector<std::string>& corrections);
Result<void> planStage(Case& target, Side side, const Job& job);
Result<void> motionStage(Case& target, const std::string& profile, const Job& job);
Result<void> reportStage(Case& target, const Job& job);

}  // namespace coxa::cli
