#include "phantom_shape_options.hpp"

#include <map>

namespace coxa::cli {

namespace {

template <class Value>
void addPerSide(CLI::App& command, const std::string& option, std::vector<Value>& values,
                const std::string& what) {
  command.add_option(option, values, what + "; one value is for both sides")
      ->delimiter(',')
      ->expected(1, 2)
      ->type_name("RIGHT[,LEFT]");
}

// Calls `use` with each side's hip and value, if there are any.
template <class Value, class Use>
void forEachSide(ShapeTraits& traits, const std::vector<Value>& values, const Use& use) {
  if (values.empty()) return;
  use(traits.right, values.front());
  use(traits.left, values.back());
}

template <class Trait, class Value>
void override(ShapeTraits& traits, Trait HipTraits::*trait, const std::vector<Value>& values) {
  forEachSide(traits, values, [&](HipTraits& hip, Value value) { hip.*trait = value; });
}

}  // namespace

void addPhantomShapeOptions(CLI::App& command, PhantomShapeOptions& options) {
  const std::map<std::string, Sex> sexes{{"female", Sex::Female}, {"male", Sex::Male}};
  command.add_option("--sex", options.sex, "Sets the size, and the means of drawn traits")
      ->transform(CLI::CheckedTransformer(sexes, CLI::ignore_case));
  command.add_option("--size", options.size, "Factor on all lengths");
  command.add_option("--pelvic-tilt", options.pelvicTiltDeg, "Degrees of anterior tilt added; femora stay");
  addPerSide(command, "--femoral-version", options.femoralVersionDeg, "Degrees of femoral version added");
  addPerSide(command, "--neck-shaft-angle", options.neckShaftAngleDeg, "Degrees of neck-shaft angle added");
  addPerSide(command, "--acetabular-version", options.acetabularVersionDeg,
             "Degrees of acetabular anteversion added");
  addPerSide(command, "--acetabular-inclination", options.acetabularInclinationDeg,
             "Degrees of acetabular inclination added");
  addPerSide(command, "--dysplasia", options.dysplasiaDeg,
             "Degrees taken from the lateral centre-edge angle");
  addPerSide(command, "--crowe", options.croweGrade, "Dislocation by Crowe: 0 none, 1 to 4");
  addPerSide(command, "--joint-space", options.jointSpaceMm, "Least width of the joint space in mm");
  addPerSide(command, "--osteophytes", options.osteophytes, "Osteophytes: 0 none to 3 large");
  command.get_option("--crowe")->check(CLI::Range(0, 4));
}

ShapeTraits overridden(ShapeTraits traits, const PhantomShapeOptions& options) {
  traits.sex = options.sex.value_or(traits.sex);
  traits.size = options.size.value_or(traits.size);
  traits.pelvicTiltDeg = options.pelvicTiltDeg.value_or(traits.pelvicTiltDeg);
  override(traits, &HipTraits::femoralVersionDeg, options.femoralVersionDeg);
  override(traits, &HipTraits::neckShaftAngleDeg, options.neckShaftAngleDeg);
  override(traits, &HipTraits::acetabularVersionDeg, options.acetabularVersionDeg);
  override(traits, &HipTraits::acetabularInclinationDeg, options.acetabularInclinationDeg);
  override(traits, &HipTraits::dysplasiaDeg, options.dysplasiaDeg);
  override(traits, &HipTraits::jointSpaceMm, options.jointSpaceMm);
  override(traits, &HipTraits::osteophytes, options.osteophytes);
  forEachSide(traits, options.croweGrade,
              [](HipTraits& hip, int grade) { hip.dislocation = dislocationOf(grade); });
  return traits;
}

}  // namespace coxa::cli
