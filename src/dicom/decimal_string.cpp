#include "decimal_string.hpp"

#include <array>
#include <charconv>

namespace coxa {

std::string decimalString(double value) {
  if (value == 0.0) return "0";
  std::array<char, 32> buffer{};
  for (int digits = 15; digits > 0; --digits) {
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, digits)
            .ptr;
    if (end - buffer.data() <= 16) return {buffer.data(), end};
  }
  return "0";
}

std::string decimalStrings(std::initializer_list<double> values) {
  std::string joined;
  for (const double value : values) joined += (joined.empty() ? "" : "\\") + decimalString(value);
  return joined;
}

}  // namespace coxa
