#pragma once

#include "body.hpp"

#include "coxa/phantom/tissue_traits.hpp"

namespace coxa {

/// The share of every voxel that is fat among a muscle's fascicles: bands along the fascicles, whose mean
/// over each muscle is the share asked for. Fascicles run towards a point beyond the muscle's insertion where
/// landmarks show it, along the muscle's longest axis elsewhere. Empty when no muscle has any.
ScalarImage intramuscularFat(const Body& body, const TissueTraits& traits, const LandmarkSet& landmarks,
                             const StructureTable& table, std::uint64_t seed);

}  // namespace coxa
