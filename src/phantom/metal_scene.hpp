#pragma once

#include "operation.hpp"
#include "scanner.hpp"

#include "coxa/phantom/postoperative_patient.hpp"
#include "coxa/physics/simulated_scan.hpp"

#include <map>
#include <vector>

namespace coxa {

/// The scanner that shows what metal does to the slices of a CT.
SimulatedScanner metalScanner(const Grid& grid);
/// Errors Usage: a slice reaches beyond that scanner.
Result<void> checkReach(const Grid& grid);

/// Where the scale ends.
float highestHu(HuScale scale);

/// What grows where bone was taken away.
constexpr float kScarHu = 30.0F;

/// Scar where bone was cut away.
void fillCuts(const OperatedBody& body, ScalarImage& hu);

/// An operated body in HU, sharp.
struct Scene {
  ScalarImage tissue;                     ///< liners too: polyethylene throws no artifacts
  ScalarImage withMetal;                  ///< the same with metal at its HU
  std::map<Material, ScalarImage> metal;  ///< the share of every voxel that it fills
};
Scene sceneOf(const OperatedBody& body, const std::vector<HipReplacement>& replacements, ScalarImage hu,
              const SimulatedScanner& scanner);

/// What metal does to every slice that holds some. The scene lies in `box` of the CT's grid, air around it;
/// `noiseHu` is the noise of every slice of the box.
SliceArtifacts artifactsOf(const Scene& scene, const IndexBox& box, const Grid& grid,
                           const SimulatedScanner& scanner, const std::vector<float>& noiseHu,
                           std::uint64_t noiseSeed, const Job& job);

}  // namespace coxa
