#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace coxa {

/// "12.5": at most two decimals, no trailing zeros.
std::string mm(double value);
/// "a, b, c and 12 more".
std::string listed(const std::vector<std::string>& words, std::size_t most = 6);
/// The names of files without their folders, listed.
std::string listed(const std::vector<std::filesystem::path>& files, std::size_t most = 6);

}  // namespace coxa
