#include "stages.hpp"

#include "coxa/casefile/contents.hpp"

#include <map>
#include <regex>

namespace coxa::cli {

namespace {

constexpr double kHandPlacedSdMm = 1.0;

const std::map<std::string, std::optional<PointLandmark> HipLandmarks::*>& points() {
  static const std::map<std::string, std::optional<PointLandmark> HipLandmarks::*> table = {
      {"asis", &HipLandmarks::asis},
      {"pubicTubercle", &HipLandmarks::pubicTubercle},
      {"greaterTrochanter", &HipLandmarks::greaterTrochanter},
      {"lesserTrochanter", &HipLandmarks::lesserTrochanter},
      {"medialEpicondyle", &HipLandmarks::medialEpicondyle},
      {"lateralEpicondyle", &HipLandmarks::lateralEpicondyle}};
  return table;
}

const std::map<std::string, std::optional<SphereLandmark> HipLandmarks::*>& spheres() {
  static const std::map<std::string, std::optional<SphereLandmark> HipLandmarks::*> table = {
      {"femoralHead", &HipLandmarks::femoralHead}, {"acetabulum", &HipLandmarks::acetabulum}};
  return table;
}

const Trust& byHand() {
  static const Trust trust{kHandPlacedSdMm, 1.0, true, "placed by hand"};
  return trust;
}

Result<void> correct(LandmarkSet& landmarks, const std::string& correction) {
  static const std::regex form(R"((left|right)\.(\w+)=([-+.\deE]+),([-+.\deE]+),([-+.\deE]+))");
  std::smatch match;
  if (!std::regex_match(correction, match, form))
    return fail(ErrorCode::Usage, "'" + correction + "' is not of the form right.asis=X,Y,Z (LPS mm).");
  HipLandmarks& hip = landmarks.side(match[1] == "left" ? Side::Left : Side::Right);
  const Vec3 position(std::stod(match[3]), std::stod(match[4]), std::stod(match[5]));
  if (const auto point = points().find(match[2]); point != points().end()) {
    hip.*point->second = PointLandmark{position, byHand()};
    return {};
  }
  if (const auto found = spheres().find(match[2]); found != spheres().end()) {
    auto& sphere = hip.*found->second;
    if (!sphere)
      return badInput("The " + std::string(match[2]) +
                      " was not found in the scan, so its centre cannot be moved.");
    sphere->sphere.center = position;
    sphere->trust = byHand();
    return {};
  }
  return fail(ErrorCode::Usage, "There is no landmark '" + std::string(match[2]) + "' to place.");
}

}  // namespace

Result<void> correctLandmarks(Case& target, const std::vector<std::string>& corrections) {
  auto landmarks = readLandmarks(target);
  if (!landmarks) return tl::unexpected(landmarks.error());
  for (const auto& correction : corrections)
    if (auto done = correct(*landmarks, correction); !done) return done;
  return putLandmarks(target, *landmarks);
}

}  // namespace coxa::cli
