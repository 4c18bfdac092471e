#pragma once

#include <string>
#include <vector>

namespace coxa::metal_bench {

/// Scores Coxa's metal artifact reduction on the implants' slices of every patient folder (a dozen of each,
/// evenly spread), by patient and over all. The exit code of the program.
int benchPatients(const std::vector<std::string>& folders);

}  // namespace coxa::metal_bench
