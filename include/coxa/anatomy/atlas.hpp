#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/image/displacement.hpp"

#include <filesystem>

namespace coxa {

/// What fills the body between the labelled structures.
enum class Surroundings : std::uint8_t {
  Outside = 0,
  Fat = 1,
  SoftTissue = 2,  ///< bowel, bladder, vessels and muscles that are not in the table
  OtherBone = 3    ///< in no atlas: patella, tibia and fibula of a virtual patient
};

/// A statistical atlas of the region from the lumbar spine to mid-thigh: a template on the mean shape and the
/// main ways in which shapes differ from it. World is LPS with the origin at the middle between the femoral
/// heads' centres.
struct HipAtlas {
  LabelMap labels;                 ///< values of the StructureTable
  LabelMap surroundings;           ///< same grid, values of Surroundings
  LandmarkSet landmarks;           ///< of the template
  std::vector<VectorImage> modes;  ///< stationary velocities of one standard deviation, largest first
};

/// Correspondence of the template with the shapes the atlas is made of.
struct AtlasShapes {
  std::vector<DisplacementField> shape_from_template;  ///< the template itself need not be among them
  DisplacementField mirror_from_template;              ///< to the template reflected at the world plane x = 0
};

/// Registers the template to every shape and to its own mirror image. `shapes` are label maps of other
/// patients. Errors as registerLabels.
Result<AtlasShapes> findAtlasShapes(const LabelMap& templateLabels, const std::vector<LabelMap>& shapes,
                                    const StructureTable& table, const Job& job);

/// The atlas of the template, the other shapes and the mirror images of all: 2·(shapes + 1) shapes give at
/// most one mode fewer. Shapes are aligned rigidly, so pose in the scanner is no mode, but size and the bend
/// of the hips are. The mean and the modes (principal components) are taken of the displacements; a mode is
/// used as a stationary velocity, which equals its displacement to first order and never folds. `ct` on the
/// template's grid gives the skin and what is fat. Errors: as findLandmarks.
Result<HipAtlas> buildAtlas(const LabelMap& templateLabels, const Volume& ct, const AtlasShapes& shapes,
                            const Job& job);

/// The shape at the given mode coefficients, in standard deviations.
VectorImage velocityOf(const HipAtlas& atlas, const std::vector<double>& coefficients);

/// A folder with labels.nrrd, surroundings.nrrd, landmarks.json, modes.nrrd (all modes' components one after
/// the other along k, in hundredths of a mm) and atlas.json. Errors BadInput: the place cannot be written, or
/// a file is missing, damaged or does not fit the others.
Result<void> writeAtlas(const std::filesystem::path& folder, const HipAtlas& atlas);
Result<HipAtlas> readAtlas(const std::filesystem::path& folder);

}  // namespace coxa
