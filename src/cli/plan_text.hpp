#pragma once

#include "command.hpp"

#include "coxa/casefile/case.hpp"

#include <string>

namespace coxa::cli {

/// The result of landmarks, plan or motion in sentences.
Result<std::string> stageText(const Case& source, Stage stage);

/// {"report": path} and where the report is; copies it to `output` unless that is empty.
Result<Outcome> describeReport(const Case& source, const std::string& output);

/// All of a run: {"case", "metalReduction" (where there are implants), "segmentation", "landmarks", "plan",
/// "motion", "report"}; the text says what was done about metal, landmarks, plan and motion.
Result<Outcome> describeRun(const Case& source);

}  // namespace coxa::cli
