#include "progress.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kInterval = std::chrono::milliseconds(100);

// True at most once an interval, and whenever the message changes or the end is reached.
class Throttle {
 public:
  bool due(const Progress& progress) {
    const auto now = Clock::now();
    if (progress.message == message_ && now - last_ < kInterval && progress.fraction < 1.0) return false;
    last_ = now;
    message_ = progress.message;
    return true;
  }

 private:
  Clock::time_point last_{};
  std::string message_;
};

std::string duration(double seconds) {
  const long s = std::lround(seconds);
  return s < 60 ? std::to_string(s) + " s" : std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
}

void printJson(const Progress& progress) {
  nlohmann::json line = {{"progress", progress.fraction}, {"message", progress.message}};
  line["secondsLeft"] =
      progress.secondsLeft >= 0 ? nlohmann::json(progress.secondsLeft) : nlohmann::json(nullptr);
  std::cout << line.dump() << std::endl;
}

void printBar(const Progress& progress) {
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(kWidth * progress.fraction);
  std::string line = "\r\033[K[" + std::string(static_cast<std::size_t>(filled), '#') +
                     std::string(static_cast<std::size_t>(kWidth - filled), ' ') + "] " +
                     std::to_string(std::lround(100 * progress.fraction)) + " %  " + progress.message;
  if (progress.secondsLeft >= 1.0) line += "  (" + duration(progress.secondsLeft) + " left)";
  std::cerr << line << (progress.fraction >= 1.0 ? "\n" : "") << std::flush;
}

}  // namespace

std::optional<ProgressStyle> progressStyleFrom(const std::string& text) {
  if (text == "none") return ProgressStyle::None;
  if (text == "bar") return ProgressStyle::Bar;
  if (text == "json") return ProgressStyle::Json;
  return std::nullopt;
}

Job::Listener progressListener(ProgressStyle style) {
  if (style == ProgressStyle::None) return {};
  const auto print = style == ProgressStyle::Bar ? printBar : printJson;
  return [print, throttle = std::make_shared<Throttle>()](const Progress& progress) {
    if (throttle->due(progress)) print(progress);
  };
}

}  // namespace coxa::cli
