#pragma once

#include <filesystem>

namespace coxa::test {

/// A case with two plain hips of spheres, cylinders and boxes (segmented, with landmarks, without a plan),
/// small enough to read in a moment and complete enough to plan.
std::filesystem::path makeSmallCase(const std::filesystem::path& folder);

/// Where the right femoral head lies in it, LPS mm.
constexpr double kHeadX = -85.0;
constexpr double kHeadRadiusMm = 24.0;

}  // namespace coxa::test
