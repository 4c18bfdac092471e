#pragma once

#include "command.hpp"

#include "coxa/phantom/shape_traits.hpp"

#include <optional>
#include <vector>

namespace coxa::cli {

/// Traits given on the command line; what is not given is not set. Lists have one value for both hips, or the
/// right's and the left's.
struct PhantomShapeOptions {
  std::optional<Sex> sex;
  std::optional<double> size;
  std::optional<double> pelvicTiltDeg;
  std::vector<double> femoralVersionDeg;
  std::vector<double> neckShaftAngleDeg;
  std::vector<double> acetabularVersionDeg;
  std::vector<double> acetabularInclinationDeg;
  std::vector<double> dysplasiaDeg;
  std::vector<int> croweGrade;
  std::vector<double> jointSpaceMm;
  std::vector<int> osteophytes;
};

/// The options --sex, --size, --pelvic-tilt, … of a command.
void addPhantomShapeOptions(CLI::App& command, PhantomShapeOptions& options);

/// The traits with those that the command line gives in their place.
ShapeTraits overridden(ShapeTraits traits, const PhantomShapeOptions& options);

}  // namespace coxa::cli
