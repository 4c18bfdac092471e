#include "family_file.hpp"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

namespace coxa {

namespace {

using Json = nlohmann::json;

/// Reads the fields of one object and remembers the first that is wrong, so that a family reads as a list.
class Fields {
 public:
  Fields(const Json& object, std::string where, std::optional<Error>& error)
      : object_(object), where_(std::move(where)), error_(error) {}

  std::string text(const char* key) {
    const Json* value = find(key);
    if (value && value->is_string() && !value->get_ref<const std::string&>().empty())
      return value->get<std::string>();
    wrong(key, "a text that is not empty");
    return {};
  }

  double number(const char* key, double least, double most) {
    const Json* value = find(key);
    if (value && value->is_number() && value->get<double>() >= least && value->get<double>() <= most)
      return value->get<double>();
    wrong(key, range(least, most));
    return least;
  }

  std::vector<double> numbers(const char* key, double least, double most) {
    const Json* value = find(key);
    std::vector<double> numbers;
    if (value && value->is_array() && !value->empty())
      for (const Json& item : *value) {
        if (!item.is_number() || item.get<double>() < least || item.get<double>() > most) break;
        if (!numbers.empty() && item.get<double>() <= numbers.back()) break;
        numbers.push_back(item.get<double>());
      }
    if (numbers.empty() || numbers.size() != value->size())
      wrong(key, "an ascending list, each " + range(least, most));
    return numbers;
  }

  std::vector<Fields> objects(const char* key) {
    const Json* value = find(key);
    std::vector<Fields> objects;
    if (!value || !value->is_array() || value->empty()) {
      wrong(key, "a list of objects");
      return objects;
    }
    for (std::size_t i = 0; i < value->size(); ++i)
      objects.emplace_back((*value)[i], where_ + key + "[" + std::to_string(i) + "].", error_);
    return objects;
  }

  void wrong(const char* key, const std::string& expected) {
    if (!error_)
      error_ = Error{ErrorCode::BadInput, "field \"" + where_ + key + "\" must be " + expected, {}};
  }

 private:
  static std::string range(double least, double most) {
    return "a number from " + plainNumber(least) + " to " + plainNumber(most);
  }
  const Json* find(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  const Json& object_;
  std::string where_;
  std::optional<Error>& error_;
};

std::string millimetres(double value) {
  return plainNumber(value) + " mm";
}

void addCups(CatalogueFiles& files, Fields& fields) {
  const std::string family = fields.text("family"), name = fields.text("name");
  const double wall = fields.number("wallMm", 1.0, 10.0);
  for (const double diameter : fields.numbers("outerDiametersMm", 30.0, 90.0)) {
    files.products.cups.push_back(
        {family + "-" + plainNumber(diameter), name + " " + millimetres(diameter), diameter, wall});
    files.cupFamilies.push_back(family);
  }
}

void addLinerFamily(CatalogueFiles& files, Fields& fields) {
  files.linerFamilies.push_back({fields.text("family"), fields.text("name"), fields.text("cupFamily"),
                                 fields.numbers("headDiametersMm", 20.0, 60.0),
                                 fields.number("minimalThicknessMm", 1.0, 20.0)});
}

std::string withSign(double value) {
  return value < 0.0 ? plainNumber(value) : "+" + plainNumber(value);
}

void addHeads(CatalogueFiles& files, Fields& fields) {
  const std::string family = fields.text("family"), name = fields.text("name");
  const std::vector<double> lengths = fields.numbers("neckLengthsMm", -10.0, 20.0);
  for (const double diameter : fields.numbers("diametersMm", 20.0, 60.0))
    for (const double length : lengths)
      files.products.heads.push_back({family + "-" + plainNumber(diameter) + withSign(length),
                                      name + " " + millimetres(diameter) + " " + withSign(length), diameter,
                                      length});
}

StemOffset offsetKind(Fields& variant) {
  const std::string kind = variant.text("offset");
  if (kind != "standard" && kind != "high") variant.wrong("offset", "\"standard\" or \"high\"");
  return kind == "high" ? StemOffset::High : StemOffset::Standard;
}

/// What the sizes of a family share, or one of its offsets changes.
Stem stemVariant(Fields& family, Fields& variant) {
  Stem stem;
  stem.family = family.text("family");
  stem.name = family.text("name");
  stem.taper = family.text("taper");
  stem.neckDiameterMm = family.number("neckDiameterMm", 5.0, 20.0);
  stem.flareMm = family.number("flareMm", 5.0, 100.0);
  stem.offset = offsetKind(variant);
  stem.neckShaftAngleDeg = variant.number("neckShaftAngleDeg", 110.0, 150.0);
  stem.neckLengthMm = variant.number("addedNeckLengthMm", -20.0, 20.0);
  return stem;
}

Stem stemOfSize(Stem stem, Fields& row) {
  stem.size = static_cast<int>(std::lround(row.number("size", 0.0, 99.0)));
  stem.neckLengthMm += row.number("neckLengthMm", 15.0, 80.0);
  stem.neckBaseMm = row.number("neckBaseMm", 0.0, 40.0);
  stem.lengthMm = row.number("lengthMm", 30.0, 300.0);
  stem.distalDiameterMm = row.number("distalDiameterMm", 3.0, 30.0);
  const double radius = 0.5 * stem.distalDiameterMm;
  stem.proximalMedialMm = row.number("proximalMedialMm", radius, 50.0);
  stem.proximalLateralMm = row.number("proximalLateralMm", radius, 50.0);
  stem.proximalDepthMm = row.number("proximalDepthMm", stem.distalDiameterMm, 60.0);
  stem.id = stem.family + "-" + std::to_string(stem.size) + "-" + name(stem.offset);
  stem.name += " " + std::to_string(stem.size) + ", " + name(stem.offset) + " offset";
  return stem;
}

void addStems(CatalogueFiles& files, Fields& fields) {
  for (Fields& row : fields.objects("sizes"))
    for (Fields& variant : fields.objects("offsets"))
      files.products.stems.push_back(stemOfSize(stemVariant(fields, variant), row));
}

}  // namespace

std::string plainNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

Result<void> addFamily(CatalogueFiles& files, const std::string& text, const std::string& fileName) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return badInput(fileName + ": is not valid JSON; correct or remove the file");
  std::optional<Error> error;
  Fields fields(json, "", error);
  const std::string kind = fields.text("kind");
  if (kind == "cup")
    addCups(files, fields);
  else if (kind == "liner")
    addLinerFamily(files, fields);
  else if (kind == "head")
    addHeads(files, fields);
  else if (kind == "stem")
    addStems(files, fields);
  else
    fields.wrong("kind", "\"cup\", \"liner\", \"head\" or \"stem\"");
  if (error) return badInput(fileName + ": " + error->message + "; correct it");
  return {};
}

}  // namespace coxa
