#pragma once

#include <exception>
#include <string>

namespace coxa {

/// LibTorch's messages carry a stack trace after their first line.
inline std::string firstLine(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace coxa
