#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/image/image.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace coxa {

/// What CT shows at one height of a structure: mean and standard deviation in HU by depth below the surface.
/// Element n is for depths from n to n + 1 mm; beyond the last the last goes on.
struct TissueProfile {
  std::vector<float> meanHu;
  std::vector<float> sdHu;

  float meanAt(float depthMm) const;
  float sdAt(float depthMm) const;
};

/// Profiles by kind ("femur", "gluteus_maximus"), from the structure's lower end to its upper end in slabs of
/// equal height: so the canal of the femur's shaft is told from the spongy bone of its head.
struct TissueModel {
  std::map<std::string, std::vector<TissueProfile>> profiles;
};

/// Lower and upper end of every label along the world's z.
struct HeightRange {
  float lowMm = 0.0F;
  float highMm = 0.0F;
  /// 0 at the lower end, 1 at the upper.
  float fractionOf(float zMm) const;
};
std::array<HeightRange, 256> heightRanges(const LabelMap& labels);

/// The profile at a height of a structure.
const TissueProfile& profileAt(const std::vector<TissueProfile>& slabs, float heightFraction);

/// Measures the profiles on a CT and its labels (same grid). Both sides count together. Sub-surface voxels of
/// bones that CT shows as metal (above 2500 HU) do not count.
TissueModel measureTissues(const Volume& ct, const LabelMap& labels, const StructureTable& table);

/// JSON: {"profiles": {"femur": [{"meanHu": […], "sdHu": […]}, …], …}}.
std::string toJson(const TissueModel& model);
Result<TissueModel> tissueModelFromJson(const std::string& json);

/// Depth below the surface of its own structure for every voxel with a label, 0 outside, up to `limitMm`.
ScalarImage depthsMm(const LabelMap& labels, double limitMm);

}  // namespace coxa
