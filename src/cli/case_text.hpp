#pragma once

#include "command.hpp"

#include "coxa/casefile/case.hpp"

namespace coxa::cli {

/// What is in a case: {"case", "pseudonym", "stages": [{"name", "current", "createdUtc", "folder"}],
/// "notices": […]}.
Result<Outcome> describeCase(const Case& source);

}  // namespace coxa::cli
