#pragma once

#include "virtual_surgery.hpp"

#include "coxa/phantom/postoperative_patient.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace coxa::cli {

/// How a hip is replaced on paper, as the command line says it.
struct SurgeryArguments {
  std::string sides;
  VirtualSurgeryOptions options;
  bool extendedScale = false;

  HuScale scale() const { return extendedScale ? HuScale::Extended : HuScale::Clipped12Bit; }
};

/// Adds the option for the sides under the name `sidesOption`, materials, screws and the HU scale.
void addSurgeryOptions(CLI::App& command, const std::string& sidesOption, SurgeryArguments& arguments);

/// Nothing where no side was named.
std::optional<VirtualSurgeryOptions> surgeryOf(const SurgeryArguments& arguments);

}  // namespace coxa::cli
