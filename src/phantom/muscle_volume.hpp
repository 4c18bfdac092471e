#pragma once

#include "body.hpp"

#include "coxa/phantom/tissue_traits.hpp"

namespace coxa {

/// Gives every muscle its volume. One that shrinks loses what lies nearest to its surface, except where it
/// lies on bone, and fat takes the place. One that grows takes what lies nearest to it, within 10 mm and
/// connected: fat and other soft tissue, no structure, no vessel, not the outer 3 mm of the body.
void resizeMuscles(Body& body, const TissueTraits& traits, const StructureTable& table);

}  // namespace coxa
