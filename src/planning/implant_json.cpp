#include "json_parts.hpp"

#include "coxa/planning/implant_measures.hpp"

#include <cmath>

namespace coxa {

namespace {

constexpr const char* kSchema = "coxa.implants/1";

template <class Angles>
Json anglesJson(const Angles& angles, const char* plane) {
  Json one = {{"plane", plane}};
  put(one, "inclinationDeg", angles.inclinationDeg);
  put(one, "anteversionDeg", angles.anteversionDeg);
  return one;
}

void putOrientations(Json& cup, const ImplantMeasures& measures) {
  for (const MeasuredCupAngles& angles : measures.cupAngles) {
    const bool app = angles.plane == PelvicPlane::Anterior;
    cup[app ? "orientationAnteriorPlane" : "orientation"][name(angles.definition)] =
        anglesJson(angles, name(angles.plane));
  }
  for (const TableCupAngles& angles : measures.tableCupAngles)
    cup["orientationTable"][name(angles.definition)] = anglesJson(angles, "table");
}

/// A product of the catalogue, the user's own component, or neither.
template <class Found>
Json productJson(const Found& found) {
  if (found.product) return {{"product", found.product->id}, {"name", found.product->name}};
  if (found.own) return {{"product", nullptr}, {"name", found.own->name}, {"ownMesh", true}};
  return {{"product", nullptr}};
}

/// Of a position: all axes together.
double sdOf(const Mat3& covariance) {
  return std::sqrt(covariance.trace());
}

/// Of a direction: the larger of the two turns that change it.
double directionSdDeg(const Mat3& turnCovariance, const Vec3& direction) {
  const Vec3 u = direction.unitOrthogonal(), v = direction.cross(u);
  return degFromRad(std::sqrt(std::max(u.dot(turnCovariance * u), v.dot(turnCovariance * v))));
}

Json cupJson(const FoundCup& found, const ImplantMeasures& measures) {
  Json cup = productJson(found);
  cup["outerDiameterMm"] = found.product ? found.product->outerDiameterMm
                           : found.own   ? 2.0 * found.own->outsideRadiusMm
                                         : found.outerDiameterMm.value;
  put(cup, "seenDiameterMm", found.outerDiameterMm);
  cup["center"] = jsonOf(found.center());
  cup["centerSd"] = sdOf(found.centerCovariance);
  cup["axis"] = jsonOf(found.axis());
  cup["axisDegSd"] = directionSdDeg(found.turnCovariance, found.axis());
  putOrientations(cup, measures);
  cup["residualMm"] = found.residualMm;
  cup["worldFromCup"] = jsonOf(found.world_from_cup);
  return cup;
}

Json headJson(const FoundHead& found, bool neckLengthKnown) {
  Json head = productJson(found);
  head["diameterMm"] = found.product ? found.product->diameterMm
                       : found.own   ? found.own->diameterMm
                                     : found.diameterMm.value;
  put(head, "seenDiameterMm", found.diameterMm);
  if (found.product && neckLengthKnown)
    head["neckLengthMm"] = found.product->neckLengthMm;
  else if (!found.own)
    head["product"] = nullptr, head.erase("name");
  head["center"] = jsonOf(found.center);
  head["centerSd"] = sdOf(found.centerCovariance);
  head["residualMm"] = found.residualMm;
  return head;
}

Json stemJson(const FoundStem& found, const ImplantMeasures& measures) {
  Json stem = productJson(found);
  if (found.product) {
    stem["size"] = found.product->size;
    stem["offset"] = name(found.product->offset);
    stem["neckShaftAngleDeg"] = found.product->neckShaftAngleDeg;
  }
  stem["origin"] = jsonOf(found.world_from_stem.translation());
  stem["axis"] = jsonOf(found.axis());
  stem["axisDegSd"] = directionSdDeg(found.turnCovariance, found.axis());
  stem["medial"] = jsonOf(found.medial());
  put(stem, "versionDeg", measures.stemVersionDeg);
  put(stem, "varusDeg", measures.stemVarusDeg);
  if (!measures.femurRotation.empty()) stem["femurRotation"] = measures.femurRotation;
  put(stem, "versionTableDeg", measures.tableStemVersionDeg);
  put(stem, "varusTableDeg", measures.tableStemVarusDeg);
  stem["residualMm"] = found.residualMm;
  stem["tipInScan"] = found.tipInScan;
  stem["worldFromStem"] = jsonOf(found.world_from_stem);
  return stem;
}

Json hipJson(const FoundHip& found, const LandmarkSet* landmarks) {
  const ImplantMeasures measures = measureImplants(found, landmarks);
  Json hip = {{"side", name(found.side)}};
  if (found.cup) hip["cup"] = cupJson(*found.cup, measures);
  if (found.liner)
    hip["liner"] = {{"product", found.liner->id},
                    {"name", found.liner->name},
                    {"thicknessMm", found.liner->thicknessMm()}};
  if (found.head) hip["head"] = headJson(*found.head, found.stem && found.stem->product);
  if (found.stem) hip["stem"] = stemJson(*found.stem, measures);
  hip["screwsMl"] = found.screwsMl;
  hip["notices"] = noticesJson(found.notices);
  return hip;
}

}  // namespace

std::string toJson(const FoundImplants& found, const LandmarkSet* landmarks) {
  Json hips = Json::array();
  for (const FoundHip& hip : found.hips) hips.push_back(hipJson(hip, landmarks));
  const Json json = {{"schema", kSchema},
                     {"thresholdHu", found.metal.thresholdHu},
                     {"implantMl", found.metal.implantMl},
                     {"hips", hips},
                     {"notices", noticesJson(found.notices)}};
  return json.dump(2);
}

}  // namespace coxa
