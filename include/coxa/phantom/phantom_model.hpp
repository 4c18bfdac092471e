#pragma once

#include "coxa/anatomy/atlas.hpp"
#include "coxa/base/job.hpp"
#include "coxa/phantom/distal_femur.hpp"
#include "coxa/phantom/tissue_model.hpp"
#include "coxa/phantom/vessel_course.hpp"

#include <filesystem>
#include <vector>

namespace coxa {

/// What virtual patients are made from: shapes and tissues.
struct PhantomModel {
  HipAtlas atlas;
  TissueModel tissues;
  std::vector<VesselCourse> vessels;  ///< may be empty
  DistalFemur distalFemur{};          ///< may be empty
};

/// Builds it from one labelled CT (the template; same grid) and label maps of other patients, all in the
/// table's values. Minutes of work. Errors as findAtlasShapes and buildAtlas.
Result<PhantomModel> buildPhantomModel(const Volume& ct, const LabelMap& labels,
                                       const std::vector<LabelMap>& otherPatients,
                                       const StructureTable& table, const Job& job);

/// The atlas' files, tissues.json and sha256, the checksums of all of them, in one folder. Vessels and the
/// distal femur are not written: they have other sources, and their checksums are added to sha256.
Result<void> writePhantomModel(const std::filesystem::path& folder, const PhantomModel& model);
/// Errors BadInput: the folder is incomplete, or a file is not the one whose checksum stands in sha256.
Result<PhantomModel> readPhantomModel(const std::filesystem::path& folder);

}  // namespace coxa
