#pragma once

#include "coxa/phantom/hip_replacement.hpp"
#include "coxa/phantom/virtual_patient.hpp"

namespace coxa {

/// A virtual patient after hip replacements. `patient` has the CT with metal artifacts and the labels and
/// landmarks as they are then; implants are background there. All on one grid.
struct PostoperativePatient {
  VirtualPatient patient;
  Volume ctWithoutArtifact;  ///< the same patient, metal and noise, but nothing that metal does to a scan
  LabelMap implants;         ///< 1 cup, 2 liner, 3 head, 4 stem, 5 screws; ten more on the left
};

/// Up to which HU the CT goes: as clinical scanners store it, or as far as 16 bits reach.
enum class HuScale { Clipped12Bit, Extended };

/// Operates the patient that makeVirtualPatient makes of the same model and options. Slices with metal get
/// what a polychromatic scan adds because of it (SimulatedScanner::metalArtifact); all else is the image
/// model of makeVirtualPatient. At most one replacement per side. Same input, same patient, whatever the
/// number of threads. Errors: as makeVirtualPatient; Usage when a slice reaches beyond the simulated scanner.
Result<PostoperativePatient> makePostoperativePatient(const PhantomModel& model,
                                                      const VirtualPatientOptions& options,
                                                      const std::vector<HipReplacement>& replacements,
                                                      HuScale scale, const Job& job);

/// Writes what writeVirtualPatient writes, and truth/implants.nrrd, truth/ct_without_artifact.nrrd and
/// truth/meshes/SIDE-PART.stl. Errors as writeVirtualPatient.
Result<void> writePostoperativePatient(const std::filesystem::path& folder,
                                       const PostoperativePatient& patient,
                                       const std::vector<HipReplacement>& replacements, std::uint64_t seed,
                                       const Job& job);

}  // namespace coxa
