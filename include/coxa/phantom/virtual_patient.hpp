#pragma once

#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/shape_traits.hpp"
#include "coxa/phantom/tissue_traits.hpp"
#include "coxa/phantom/tissue_truth.hpp"

#include <filesystem>

namespace coxa {

/// Where a scan ends below: where the atlas does, or past the knees.
enum class ScanExtent { MidThigh, Knee };

struct VirtualPatientOptions {
  std::uint64_t seed = 1;
  Vec3 spacingMm{0.9, 0.9, 3.0};
  int matrix = 512;  ///< pixels per row and column
  ShapeTraits shape{};
  TissueTraits tissue{};
  ScanExtent extent = ScanExtent::MidThigh;
};

/// A CT with known truth. `labels` lies on the CT's grid. The landmarks are the atlas' own, carried through
/// the patient's deformation and traits: points exactly, spheres, planes and axes by a fit to points carried
/// along.
struct VirtualPatient {
  Volume ct;
  LabelMap labels;
  LandmarkSet landmarks;
  LabelMap vessels;  ///< the same grid, values of the StructureTable; empty where none is drawn
  std::vector<StructureTruth> structures;
};

/// The same seed gives the same patient, whatever the number of threads. The shape is the atlas' with random
/// modes, a further smooth random diffeomorphism (about 3 mm) and a random size, and the traits on top. HU
/// come from the tissue model by depth below the surface, with texture; then partial volume, the
/// reconstruction's blur and correlated noise. Errors: Usage when the matrix or spacing is not positive, a
/// trait is beyond its limits or of no structure, or vessels or knees are wanted of a model without them;
/// BadInput when the atlas lacks landmarks that traits or knees need; Cancelled.
Result<VirtualPatient> makeVirtualPatient(const PhantomModel& model, const VirtualPatientOptions& options,
                                          const Job& job);

/// Writes `folder`/dicom/*.dcm, truth/labels.nrrd, truth/landmarks.json, truth/densities.json
/// and, where vessels are drawn, truth/vessels.nrrd. Errors as writeCtSeries.
Result<void> writeVirtualPatient(const std::filesystem::path& folder, const VirtualPatient& patient,
                                 std::uint64_t seed, const Job& job);

}  // namespace coxa
