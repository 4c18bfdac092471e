#pragma once

#include <string>
#include <vector>

namespace coxa::metal_bench {

/// Scores Coxa's metal artifact reduction on some of the implants' slices of every patient folder, evenly
/// spread, by patient and over all. The exit code of the program.
int benchPatients(std::size_t slicesPerPatient, const std::vector<std::string>& folders);

}  // namespace coxa::metal_bench
