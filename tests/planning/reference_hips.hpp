#pragma once

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/image/files.hpp"
#include "coxa/planning/context.hpp"

namespace coxa {

/// Bones, landmarks and CT of patient 002 of the reference data (expert labels: 1 hip bones, 2 femora, both
/// sides alike).
struct ReferenceHips {
  LabelMap labels;  ///< values of the StructureTable: 1, 2 hip bones, 3, 4 femora, left first
  Volume ct;
  BoneMeshes bones;
  LandmarkSet landmarks;

  PlanningInput input(Side side) const {
    const bool left = side == Side::Left;
    return {side, landmarks, left ? bones.hipLeft : bones.hipRight, left ? bones.femurLeft : bones.femurRight,
            &ct};
  }
};

Result<ReferenceHips> readReferenceHips(const std::filesystem::path& data);

}  // namespace coxa
