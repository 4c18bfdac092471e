#pragma once

#include "coxa/base/job.hpp"
#include "coxa/casefile/case.hpp"
#include "coxa/report/report.hpp"

namespace coxa::cli {

/// Everything the report says of a case: what is missing in the case is missing in the report, and said
/// there.
Result<ReportContent> reportContent(const Case& source, const Job& job);

}  // namespace coxa::cli
