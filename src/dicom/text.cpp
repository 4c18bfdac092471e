#include "text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace coxa {

std::string mm(double value) {
  std::array<char, 64> buffer{};
  const double rounded = std::nearbyint(value * 100.0) / 100.0 + 0.0;  // no "-0"
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), rounded).ptr;
  return {buffer.data(), end};
}

std::string listed(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  const std::size_t shown = words.size() > most ? most : words.size();
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + words[i];
  if (shown < words.size()) text += " and " + std::to_string(words.size() - shown) + " more";
  return text;
}

std::string listed(const std::vector<std::filesystem::path>& files, std::size_t most) {
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const auto& file : files) names.push_back(file.filename().string());
  return listed(names, most);
}

}  // namespace coxa
