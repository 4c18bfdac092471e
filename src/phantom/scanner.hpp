#pragma once

#include "body.hpp"
#include "random.hpp"

#include "coxa/dicom/ct_writer.hpp"
#include "coxa/phantom/virtual_patient.hpp"
#include "coxa/physics/scan_geometry.hpp"

#include <map>
#include <optional>

namespace coxa {

/// Errors Usage: a matrix or spacing that no scan has, traits that no patient has, or vessels of a model that
/// has none.
Result<void> checkOptions(const VirtualPatientOptions& options, const PhantomModel& model,
                          const StructureTable& table);

/// Where clinical scanners clip.
constexpr float kMost12BitHu = 3071.0F;

/// Partial volume and the reconstruction kernel.
void blur(ScalarImage& hu);
/// The noise's standard deviation in HU by slice: more across the pelvis, where more X-rays are lost.
std::vector<float> noiseHuBySlice(const Grid& grid, Random& random);
/// Correlated noise of these standard deviations.
void addNoise(ScalarImage& hu, const std::vector<float>& noiseHu, Random& random);

/// The patient's back: the largest y of the body.
double backOf(const Body& body);

/// HU of the body, blurred and noisy, in a box of the CT's grid.
struct ScannedBody {
  const ScalarImage& hu;
  IndexBox box;
  std::optional<double> backY;  ///< where the table lies; nothing: no table
};

/// What a scan shows beyond the body: HU to add to whole slices, by slice number.
using SliceArtifacts = std::map<int, Slice>;

/// The CT with the table, if any, behind the body, limited to -1024..`mostHu`.
Volume scanOf(const ScannedBody& body, const SliceArtifacts& artifacts, float mostHu, const Grid& grid);

/// The labels of a part of the grid, background elsewhere; an empty part stays empty.
LabelMap placed(const LabelMap& part, const IndexBox& box, const Grid& grid);

/// What stands in the headers of a virtual patient's CT.
CtSeriesInfo seriesInfo(std::uint64_t seed);

}  // namespace coxa
