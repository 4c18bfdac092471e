#include "coxa/motion/range_of_motion.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace coxa {

namespace {

using Json = nlohmann::ordered_json;

template <class Enum>
Enum fromName(const std::string& text, std::initializer_list<Enum> values) {
  for (const Enum value : values)
    if (text == name(value)) return value;
  throw std::runtime_error("unknown value \"" + text + "\"");
}

Json jsonOf(const JointAngles& angles) {
  return {{"flexionDeg", angles.flexionDeg},
          {"adductionDeg", angles.adductionDeg},
          {"internalRotationDeg", angles.internalRotationDeg}};
}

JointAngles anglesFrom(const Json& json) {
  return {json.at("flexionDeg"), json.at("adductionDeg"), json.at("internalRotationDeg")};
}

Json jsonOf(const Contact& contact) {
  return {{"pelvisBody", contact.pelvisBody},
          {"femurBody", contact.femurBody},
          {"kind", name(contact.kind)},
          {"point", {contact.point.x(), contact.point.y(), contact.point.z()}}};
}

Contact contactFrom(const Json& json) {
  const Json& point = json.at("point");
  return {json.at("pelvisBody"), json.at("femurBody"),
          fromName(json.at("kind").get<std::string>(),
                   {ContactKind::ImplantImplant, ContactKind::ImplantBone, ContactKind::BoneBone}),
          Vec3(point.at(0).get<double>(), point.at(1).get<double>(), point.at(2).get<double>())};
}

Json jsonOf(const FirstContact& first) {
  Json json = jsonOf(first.contact);
  json["angles"] = jsonOf(first.angles);
  json["leg"] = first.leg;
  json["degrees"] = first.degrees;
  json["sdDeg"] = first.sdDeg;
  return json;
}

FirstContact firstContactFrom(const Json& json) {
  return {contactFrom(json), anglesFrom(json.at("angles")), json.at("leg"), json.at("degrees"),
          json.at("sdDeg")};
}

Json jsonOf(const MotionRow& row) {
  return {{"direction", row.direction},
          {"reachedDeg", row.reachedDeg.value},
          {"sdDeg", row.reachedDeg.sd},
          {"requiredDeg", row.requiredDeg ? Json(*row.requiredDeg) : Json()},
          {"verdict", name(row.verdict)},
          {"startReached", row.startReached},
          {"contact", row.contact ? jsonOf(*row.contact) : Json()}};
}

MotionRow rowFrom(const Json& json) {
  MotionRow row;
  row.direction = json.at("direction");
  row.reachedDeg = {json.at("reachedDeg"), json.at("sdDeg")};
  if (!json.at("requiredDeg").is_null()) row.requiredDeg = json.at("requiredDeg").get<double>();
  row.verdict = fromName(json.at("verdict").get<std::string>(),
                         {Verdict::Met, Verdict::NotMet, Verdict::Unknown, Verdict::NotAsked});
  row.startReached = json.at("startReached");
  if (!json.at("contact").is_null()) row.contact = firstContactFrom(json.at("contact"));
  return row;
}

Json jsonOf(const Notice& notice) {
  return {{"severity", notice.severity == Notice::Severity::Info ? "info" : "warning"},
          {"code", notice.code},
          {"message", notice.message}};
}

Notice noticeFrom(const Json& json) {
  const auto severity = json.at("severity") == "info" ? Notice::Severity::Info : Notice::Severity::Warning;
  return {severity, json.at("code"), json.at("message"), {}};
}

template <class T>
Json jsonList(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(jsonOf(item));
  return list;
}

MotionResult resultFrom(const Json& json) {
  MotionResult result;
  result.side = fromName(json.at("side").get<std::string>(), {Side::Left, Side::Right});
  result.profile = json.at("profile");
  result.pose = anglesFrom(json.at("pose"));
  for (const Json& row : json.at("directions")) result.rows.push_back(rowFrom(row));
  for (const Json& contact : json.at("overlapsAtNeutral"))
    result.overlapsAtNeutral.push_back(contactFrom(contact));
  for (const Json& notice : json.at("notices")) result.notices.push_back(noticeFrom(notice));
  return result;
}

}  // namespace

std::string toJson(const MotionResult& result) {
  const Json json = {{"side", name(result.side)},
                     {"profile", result.profile},
                     {"pose", jsonOf(result.pose)},
                     {"directions", jsonList(result.rows)},
                     {"overlapsAtNeutral", jsonList(result.overlapsAtNeutral)},
                     {"notices", jsonList(result.notices)}};
  return json.dump(2);
}

Result<MotionResult> motionFromJson(const std::string& json) {
  try {
    return resultFrom(Json::parse(json));
  } catch (const std::exception& error) {
    return badInput("This is not a range of motion written by this program; compute it again.", error.what());
  }
}

}  // namespace coxa
