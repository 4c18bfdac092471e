#include "coxa/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace coxa {

namespace {
spdlog::logger& logger() {
  // stdout belongs to results and progress.
  static const auto stderrLogger = spdlog::stderr_color_mt("coxa");
  return *stderrLogger;
}
}  // namespace

void logInfo(std::string_view message) {
  logger().info("{}", message);
}
void logWarning(std::string_view message) {
  logger().warn("{}", message);
}
void logError(std::string_view message) {
  logger().error("{}", message);
}

}  // namespace coxa
