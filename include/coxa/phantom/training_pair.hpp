#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/image/registration.hpp"

namespace coxa {

/// A CT and the labels on its grid, as training wants them.
struct TrainingPair {
  Volume ct;
  LabelMap labels;
};

/// Makes a CT for a label map that has none: the labelled CT of another patient is warped onto it and, where
/// it then disagrees with the label (fat in a muscle, muscle in a bone), redrawn from what that CT shows at
/// the same depth of the same structure, with noise of the same size. `other_from_here` comes from
/// registering the labels. Holes of the spine that the other patient's labels fill are filled in the labels
/// too. The pair is cropped to the slices that both scans cover. Same input and seed, same pair. Errors
/// BadInput: the scans share no slice.
Result<TrainingPair> makeTrainingPair(const LabelMap& labels, const Volume& otherCt,
                                      const LabelMap& otherLabels, const DisplacementField& other_from_here,
                                      const StructureTable& table, unsigned seed);

}  // namespace coxa
