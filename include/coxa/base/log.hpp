#pragma once

#include <string_view>

namespace coxa {

/// Messages for whoever looks into a failure, on stderr. Never patient names, identifiers or dates.
void logInfo(std::string_view message);
void logWarning(std::string_view message);
void logError(std::string_view message);

}  // namespace coxa
