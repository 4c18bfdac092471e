#include "coxa/anatomy/landmarks.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace coxa {

namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const Vec3& v) {
  return Json::array({v.x(), v.y(), v.z()});
}
Vec3 vectorFrom(const Json& json) {
  const auto v = json.get<std::array<double, 3>>();
  return {v[0], v[1], v[2]};
}
Vec3 unitFrom(const Json& json) {
  Vec3 v = vectorFrom(json);
  if (std::abs(v.norm() - 1.0) > 1e-3) throw std::runtime_error("a direction is not of unit length");
  return v;
}

// Each kind of landmark: what it adds to its trust.
Json geometryOf(const PointLandmark& point) {
  return {{"position", jsonOf(point.position)}};
}
Json geometryOf(const SphereLandmark& ball) {
  return {{"center", jsonOf(ball.sphere.center)},
          {"radiusMm", ball.sphere.radiusMm},
          {"rmsMm", ball.sphere.rmsMm}};
}
Json geometryOf(const PlaneLandmark& plane) {
  return {{"point", jsonOf(plane.plane.point)},
          {"normal", jsonOf(plane.plane.normal)},
          {"rmsMm", plane.plane.rmsMm}};
}
Json geometryOf(const AxisLandmark& axis) {
  return {{"point", jsonOf(axis.line.point)},
          {"direction", jsonOf(axis.line.direction)},
          {"rmsMm", axis.line.rmsMm}};
}
void readGeometry(const Json& json, PointLandmark& point) {
  point.position = vectorFrom(json.at("position"));
}
void readGeometry(const Json& json, SphereLandmark& ball) {
  ball.sphere = {vectorFrom(json.at("center")), json.at("radiusMm"), json.value("rmsMm", 0.0)};
}
void readGeometry(const Json& json, PlaneLandmark& plane) {
  plane.plane = {vectorFrom(json.at("point")), unitFrom(json.at("normal")), json.value("rmsMm", 0.0)};
}
void readGeometry(const Json& json, AxisLandmark& axis) {
  axis.line = {vectorFrom(json.at("point")), unitFrom(json.at("direction")), json.value("rmsMm", 0.0)};
}

// Calls `visit(key, optional landmark)` for every landmark of a hip.
template <class Hip, class Visit>
void forEachLandmark(Hip& hip, const Visit& visit) {
  visit("asis", hip.asis);
  visit("pubicTubercle", hip.pubicTubercle);
  visit("greaterTrochanter", hip.greaterTrochanter);
  visit("lesserTrochanter", hip.lesserTrochanter);
  visit("medialEpicondyle", hip.medialEpicondyle);
  visit("lateralEpicondyle", hip.lateralEpicondyle);
  visit("femoralHead", hip.femoralHead);
  visit("acetabulum", hip.acetabulum);
  visit("acetabularRim", hip.acetabularRim);
  visit("femoralNeck", hip.femoralNeck);
  visit("femoralShaft", hip.femoralShaft);
}

Json jsonOf(const HipLandmarks& hip) {
  Json json = Json::object();
  forEachLandmark(hip, [&](const char* key, const auto& landmark) {
    if (!landmark) return;
    Json entry = geometryOf(*landmark);
    entry["sdMm"] = landmark->trust.sdMm;
    entry["confidence"] = landmark->trust.confidence;
    entry["corrected"] = landmark->trust.corrected;
    entry["note"] = landmark->trust.note;
    json[key] = entry;
  });
  return json;
}

HipLandmarks hipFrom(const Json& json) {
  HipLandmarks hip;
  forEachLandmark(hip, [&](const char* key, auto& landmark) {
    if (!json.contains(key)) return;
    const Json& entry = json.at(key);
    readGeometry(entry, landmark.emplace());
    landmark->trust = {entry.value("sdMm", 0.0), entry.value("confidence", 1.0),
                       entry.value("corrected", false), entry.value("note", std::string())};
  });
  return hip;
}

Json jsonOf(const std::vector<Notice>& notices) {
  Json json = Json::array();
  for (const auto& notice : notices)
    json.push_back({{"severity", notice.severity == Notice::Severity::Info ? "info" : "warning"},
                    {"code", notice.code},
                    {"message", notice.message}});
  return json;
}

std::vector<Notice> noticesFrom(const Json& json) {
  std::vector<Notice> notices;
  for (const auto& entry : json)
    notices.push_back({entry.at("severity") == "info" ? Notice::Severity::Info : Notice::Severity::Warning,
                       entry.at("code"),
                       entry.at("message"),
                       {}});
  return notices;
}

}  // namespace

std::string toJson(const LandmarkSet& landmarks) {
  const Json json{{"version", 1},
                  {"frame", "LPS mm"},
                  {"left", jsonOf(landmarks.left)},
                  {"right", jsonOf(landmarks.right)},
                  {"notices", jsonOf(landmarks.notices)}};
  return json.dump(2);
}

Result<LandmarkSet> landmarksFromJson(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    LandmarkSet set;
    set.left = hipFrom(json.at("left"));
    set.right = hipFrom(json.at("right"));
    if (json.contains("notices")) set.notices = noticesFrom(json.at("notices"));
    return set;
  } catch (const std::exception& error) {
    return badInput("The landmarks are malformed. Find them again.", error.what());
  }
}

}  // namespace coxa
