#pragma once

#include <string>
#include <vector>

namespace coxa::metal_bench {

/// Scans one slice with and without a piece of titanium and corrects it: arguments HU.f32 METAL.f32 (shares 0
/// to 1) SIZE SPACING_MM FOLDER; raw squares. Writes truth.f32, scan.f32, li.f32, plain.f32 and nmar.f32 into
/// the folder and prints the scores. The exit code of the program.
int benchSlice(const std::vector<std::string>& arguments);

}  // namespace coxa::metal_bench
