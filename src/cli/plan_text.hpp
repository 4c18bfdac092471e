#pragma once

#include "command.hpp"

#include "coxa/casefile/case.hpp"

#include <string>

namespace coxa::cli {

/// The result of landmarks, plan or motion in sentences.
Result<std::string> stageText(const Case& source, Stage stage);

/// {"report": path} and where the report is; copies it to `output` unless that is empty.
Result<Outcome> describeReport(const Case& source, const std::string& output);

/// All of a run: {"case", "segmentation", "landmarks", "plan", "motion", "report"}; the text is the plan's
/// and the motion's.
Result<Outcome> describeRun(const Case& source);

}  // namespace coxa::cli
