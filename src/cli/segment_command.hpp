#pragma once

#include "command.hpp"

#include "coxa/segmentation/segmenter.hpp"

#include <memory>

namespace coxa::cli {

/// Options every command that segments has: --model, --samples, --seed, --device.
std::shared_ptr<SegmentationOptions> addSegmentationOptions(CLI::App& command);

/// --device, for all that runs networks.
void addDeviceOption(CLI::App& command, Device& device);

}  // namespace coxa::cli
