#pragma once

#include "frames.hpp"

#include <optional>
#include <string>

namespace coxa {

/// The compressed bytes of one frame: all fragments of a single frame, one fragment each of several frames.
/// Nothing when the fragments do not match the frames, or cannot be read.
std::optional<std::string> compressedFrame(DcmDataset& data, const Frame& frame);

}  // namespace coxa
