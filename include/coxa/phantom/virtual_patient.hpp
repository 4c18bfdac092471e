#pragma once

#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/shape_traits.hpp"

#include <filesystem>

namespace coxa {

struct VirtualPatientOptions {
  std::uint64_t seed = 1;
  Vec3 spacingMm{0.9, 0.9, 3.0};
  int matrix = 512;  ///< pixels per row and column
  ShapeTraits shape = {};
};

/// A CT with known truth. `labels` lies on the CT's grid. The landmarks are the atlas' own, carried through
/// the patient's deformation and traits: points exactly, spheres, planes and axes by a fit to points carried
/// along.
struct VirtualPatient {
  Volume ct;
  LabelMap labels;
  LandmarkSet landmarks;
};

/// The same seed gives the same patient, whatever the number of threads. The shape is the atlas' with random
/// modes, a further smooth random diffeomorphism (about 3 mm) and a random size, and the traits on top. HU
/// come from the tissue model by depth below the surface, with texture; then partial volume, the
/// reconstruction's blur and correlated noise. Errors: Usage when the matrix or spacing is not positive or a
/// trait beyond its limits; BadInput when the atlas lacks landmarks that traits need; Cancelled.
Result<VirtualPatient> makeVirtualPatient(const PhantomModel& model, const VirtualPatientOptions& options,
                                          const Job& job);

/// Writes `folder`/dicom/*.dcm, truth/labels.nrrd and truth/landmarks.json. Errors as writeCtSeries.
Result<void> writeVirtualPatient(const std::filesystem::path& folder, const VirtualPatient& patient,
                                 std::uint64_t seed, const Job& job);

}  // namespace coxa
