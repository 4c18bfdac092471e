#pragma once

#include "coxa/base/job.hpp"

#include <optional>
#include <string>

namespace coxa::cli {

enum class ProgressStyle { None, Bar, Json };

/// "none", "bar" or "json".
std::optional<ProgressStyle> progressStyleFrom(const std::string& text);

/// A listener that shows progress: a bar on stderr, or one JSON object a line on stdout:
/// {"progress": 0 to 1, "secondsLeft": number or null, "message": text}.
Job::Listener progressListener(ProgressStyle style);

}  // namespace coxa::cli
