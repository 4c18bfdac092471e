#pragma once

#include "coxa/base/measured.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/geometry/types.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// Pieces that the JSON documents of this room share. Keys keep the order in which they are put.
using Json = nlohmann::ordered_json;

inline Json jsonOf(const Vec3& v) {
  return {v.x(), v.y(), v.z()};
}

/// Rows of the rotation, then the translation: a 4×4 matrix without its constant last row.
inline Json jsonOf(const RigidTransform& transform) {
  Json rows = Json::array();
  for (int row = 0; row < 3; ++row)
    rows.push_back({transform(row, 0), transform(row, 1), transform(row, 2), transform(row, 3)});
  return rows;
}

/// The value, and its standard deviation under the key with `Sd` added.
inline void put(Json& object, const std::string& key, const Measured& number) {
  object[key] = number.value;
  object[key + "Sd"] = number.sd;
}

inline void put(Json& object, const std::string& key, const std::optional<Measured>& number) {
  if (number) put(object, key, *number);
}

inline Json noticesJson(const std::vector<Notice>& notices) {
  Json list = Json::array();
  for (const Notice& notice : notices)
    list.push_back({{"code", notice.code},
                    {"severity", notice.severity == Notice::Severity::Info ? "info" : "warning"},
                    {"message", notice.message}});
  return list;
}

}  // namespace coxa
