#pragma once

#include "coxa/image/image.hpp"

namespace coxa {

/// Where a CT shows an implant (showsImplant): 1 where its metal is, its blurred rim included; else 0. Metal
/// is no bone, though it looks like the cortex of one once its streaks are gone.
LabelMap implantVoxels(const Volume& ct);

/// What is metal on the nearest place of `implant` becomes background.
void clearImplant(LabelMap& labels, const LabelMap& implant);

}  // namespace coxa
