// Implants recognised in scans whose truth is known. `coxa_implants_bench N`: N drawn hips (parametric solids
// in a plain body, blurred, noisy, without streaks), clipped at 3071 HU and on a scale that shows the metal.
// `coxa_implants_bench DIR…`: folders of `coxa-cli phantom` after virtual surgery (dicom/, truth/).
// `coxa_implants_bench --strangers DIR…`: the same, looked for among components that none of them has: cups
// 1 mm wider and stems of another shape; none should be named, and hemispheres and axes are measured. Prints
// one row per hip and the summary that docs/implants.md quotes.

#include "metal/implant_phantom.hpp"

#include "coxa/base/files.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/metal/metal_mask.hpp"
#include "coxa/planning/implant_measures.hpp"
#include "coxa/planning/plan_file.hpp"
#include "coxa/refinement/metal_network.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace coxa;

namespace {

double betweenDeg(const Vec3& a, const Vec3& b) {
  return degFromRad(std::atan2(a.cross(b).norm(), a.dot(b)));
}

/// Errors of one found hip against the truth.
struct Errors {
  double cupMm = 0, cupDeg = 0, headMm = 0, stemDeg = 0, versionDeg = 0, varusDeg = 0;
  double inclinationDeg = 0, anteversionDeg = 0;  ///< radiographic, functional pelvic plane
  std::vector<double> z;                          ///< errors over their standard deviations
  bool cupSize = false, stemSize = false, head = false;
  bool cupNamed = false, stemNamed = false;
};

/// Error over standard deviation of the cup's centre along the scanner's axes, of its axis in two planes, of
/// the stem's axis in two planes and of its turn about it.
void addZ(const FoundHip& found, const PosedHip& truth, Errors& e) {
  const auto add = [&](const Vec3& error, const Mat3& covariance, const Vec3& along) {
    e.z.push_back(std::abs(error.dot(along)) / std::sqrt(along.dot(covariance * along)));
  };
  const Vec3 center = found.cup->center() - truth.cupCenter();
  for (int axis = 0; axis < 3; ++axis) add(center, found.cup->centerCovariance, Vec3::Unit(axis));
  const Vec3 tilt = truth.cupAxis().cross(found.cup->axis());
  for (const int plane : {0, 1})
    add(tilt, found.cup->turnCovariance, truth.world_from_cup.linear().col(plane));
  const Eigen::AngleAxisd turn(found.stem->world_from_stem.linear() *
                               truth.world_from_stem.linear().transpose());
  for (int axis = 0; axis < 3; ++axis)
    add(turn.angle() * turn.axis(), found.stem->turnCovariance, truth.world_from_stem.linear().col(axis));
}

Errors errorsOf(const FoundHip& found, const PosedHip& truth) {
  Errors e;
  e.cupMm = (found.cup->center() - truth.cupCenter()).norm();
  e.cupDeg = betweenDeg(found.cup->axis(), truth.cupAxis());
  e.headMm = (found.head->center - truth.headCenter()).norm();
  const Mat3 stem_from_found =
      truth.world_from_stem.linear().transpose() * found.stem->world_from_stem.linear();
  e.stemDeg = degFromRad(std::acos(std::clamp(stem_from_found(2, 2), -1.0, 1.0)));
  e.versionDeg = degFromRad(std::atan2(stem_from_found(1, 0), stem_from_found(0, 0)));
  e.varusDeg = degFromRad(std::atan2(stem_from_found(0, 2), stem_from_found(2, 2)));
  addZ(found, truth, e);
  e.cupSize = found.cup->product && found.cup->product->id == truth.cup.id;
  e.stemSize = found.stem->product && found.stem->product->id == truth.stem.id;
  e.cupNamed = found.cup->product.has_value();
  e.stemNamed = found.stem->product.has_value();
  e.head = found.head->product && found.head->product->id == truth.head.id;
  return e;
}

void print(const FoundHip& hip, const PosedHip& truth, const Errors& e) {
  const Vec3 shift = hip.cup->center() - truth.cupCenter();
  std::printf(
      "  inclination %+.2f° anteversion %+.2f°  cup centre left %+.2f back %+.2f up %+.2f mm  "
      "diameter %+.2f mm\n",
      e.inclinationDeg, e.anteversionDeg, shift.x(), shift.y(), shift.z(),
      hip.cup->outerDiameterMm.value - truth.cup.outerDiameterMm);
  std::printf("  z  cup centre %.1f %.1f %.1f  axis %.1f %.1f  stem axis %.1f %.1f  version %.1f\n", e.z[0],
              e.z[1], e.z[2], e.z[3], e.z[4], e.z[5], e.z[6], e.z[7]);
  std::printf(
      "  %-5s %-5s cup %4.0f->%-4s %.2f mm %.2f° r%.2f | head %s %.2f mm | stem %s->%s axis %.2f° version "
      "%+.2f° varus %+.2f° r%.2f\n",
      name(truth.side), hip.side == truth.side ? "ok" : "WRONG", truth.cup.outerDiameterMm,
      e.cupSize ? "ok" : (hip.cup->product ? hip.cup->product->id.substr(19).c_str() : "none"), e.cupMm,
      e.cupDeg, hip.cup->residualMm,
      e.head ? "ok" : (hip.head->product ? hip.head->product->id.c_str() : "none"), e.headMm,
      truth.stem.id.substr(18).c_str(),
      e.stemSize ? "ok" : (hip.stem->product ? hip.stem->product->id.substr(18).c_str() : "none"), e.stemDeg,
      e.versionDeg, e.varusDeg, hip.stem->residualMm);
}

template <class Number>
void summary(const char* what, const std::vector<Errors>& all, const Number& number) {
  std::vector<double> sizes;
  sizes.reserve(all.size());
  for (const Errors& e : all) sizes.push_back(std::abs(number(e)));
  std::sort(sizes.begin(), sizes.end());
  double sum = 0;
  for (const double size : sizes) sum += size;
  std::printf("%-14s mean %.2f  median %.2f  worst %.2f\n", what, sum / static_cast<double>(sizes.size()),
              sizes[sizes.size() / 2], sizes.back());
}

template <class Truth>
void count(const char* what, const std::vector<Errors>& all, const Truth& right) {
  std::printf("%-14s %td of %zu\n", what, std::count_if(all.begin(), all.end(), right), all.size());
}

void summaries(const std::vector<Errors>& all) {
  if (all.empty()) return;
  summary("cup centre mm", all, [](const Errors& e) { return e.cupMm; });
  summary("cup axis deg", all, [](const Errors& e) { return e.cupDeg; });
  summary("inclination", all, [](const Errors& e) { return e.inclinationDeg; });
  summary("anteversion", all, [](const Errors& e) { return e.anteversionDeg; });
  summary("head mm", all, [](const Errors& e) { return e.headMm; });
  summary("version deg", all, [](const Errors& e) { return e.versionDeg; });
  summary("varus deg", all, [](const Errors& e) { return e.varusDeg; });
  std::size_t measures = 0, withinOne = 0, withinTwo = 0;
  for (const Errors& e : all)
    for (const double z : e.z) {
      ++measures;
      withinOne += z <= 1.0 ? 1U : 0U;
      withinTwo += z <= 2.0 ? 1U : 0U;
    }
  std::printf("within 1 sd    %zu, within 2 sd %zu of %zu errors\n", withinOne, withinTwo, measures);
  count("cup named", all, [](const Errors& e) { return e.cupNamed; });
  count("stem named", all, [](const Errors& e) { return e.stemNamed; });
  count("cup size", all, [](const Errors& e) { return e.cupSize; });
  count("head, neck", all, [](const Errors& e) { return e.head; });
  count("stem, offset", all, [](const Errors& e) { return e.stemSize; });
}

void drawn(int number, const Catalogue& catalogue, double highestHu) {
  std::printf("%d drawn hips, scale to %.0f HU\n", number, highestHu);
  std::vector<Errors> all;
  double seconds = 0;
  for (int n = 0; n < number; ++n) {
    const PosedHip truth =
        drawnHip(1000U + static_cast<unsigned>(n), n % 2 == 0 ? Side::Right : Side::Left, catalogue);
    ImplantScanOptions options;
    options.highestHu = highestHu;
    const Volume ct = scanOf(solidsOf(truth, options), -210.0, 80.0, static_cast<unsigned>(n), options);
    const auto start = std::chrono::steady_clock::now();
    const auto found = findImplants(ct, catalogue, {}, Job());
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!found || found->hips.size() != 1 || !found->hips[0].cup || !found->hips[0].head ||
        !found->hips[0].stem) {
      std::printf("  %s: not found\n", name(truth.side));
      continue;
    }
    all.push_back(errorsOf(found->hips[0], truth));
    print(found->hips[0], truth, all.back());
  }
  summaries(all);
  std::printf("found          %zu of %d, %.1f s each\n\n", all.size(), number, seconds / number);
}

Result<Volume> readDicom(const std::filesystem::path& folder) {
  const auto index = scanFolder(folder, Job());
  if (!index) return tl::unexpected(index.error());
  const auto choice = chooseCtSeries(*index, std::nullopt);
  if (!choice) return tl::unexpected(choice.error());
  auto ct = readCt(choice->series, Job());
  if (!ct) return tl::unexpected(ct.error());
  return std::move(ct->volume);
}

void addAngles(const FoundHip& hip, const LandmarkSet& landmarks, const nlohmann::json& truth, Errors& e) {
  for (const MeasuredCupAngles& angles : measureImplants(hip, &landmarks).cupAngles) {
    if (angles.plane != PelvicPlane::Functional || angles.definition != CupDefinition::Radiographic) continue;
    const auto& wanted = truth.at("cup").at("orientation").at("radiographic");
    e.inclinationDeg = angles.inclinationDeg.value - wanted.at("inclinationDeg").get<double>();
    e.anteversionDeg = angles.anteversionDeg.value - wanted.at("anteversionDeg").get<double>();
  }
}

struct Operated {
  std::vector<Errors> errors;
  int hips = 0;
};

// As coxa-cli implants finds them.
Result<FoundImplants> foundIn(const Volume& ct, const Catalogue& catalogue) {
  auto metal = findMetal(ct);
  const auto network = MetalNetwork::load(modelPath("metal-mask-ct"), Device::Auto);
  if (!metal) return tl::unexpected(metal.error());
  if (!network) return tl::unexpected(network.error());
  auto told = network->withoutStreaks(ct, std::move(*metal), Job());
  if (!told) return tl::unexpected(told.error());
  return findImplants(ct, std::move(*told), catalogue, {}, Job());
}

/// What another maker might sell: cups between this catalogue's sizes, stems that widen over a longer way and
/// are flatter.
Catalogue strangersTo(Catalogue catalogue) {
  constexpr double kWiderMm = 1.0, kFlareFactor = 1.4, kDepthFactor = 0.85;
  for (Cup& cup : catalogue.cups) {
    cup.id += "-wider";
    cup.outerDiameterMm += kWiderMm;
  }
  for (Stem& stem : catalogue.stems) {
    stem.id += "-other";
    stem.flareMm *= kFlareFactor;
    stem.proximalDepthMm *= kDepthFactor;
  }
  return catalogue;
}

void operatedPatient(const std::filesystem::path& folder, const Catalogue& catalogue,
                     const Catalogue& searched, Operated& all) {
  std::printf("%s\n", folder.filename().c_str());
  auto ct = readDicom(folder / "dicom");
  const auto text = readFile(folder / "truth" / "implant.json"),
             marks = readFile(folder / "truth" / "landmarks.json");
  if (!ct || !text || !marks) {
    std::printf("  unreadable: %s\n", (!ct     ? ct.error()
                                       : !text ? text.error()
                                               : marks.error())
                                          .message.c_str());
    return;
  }
  const auto landmarks = landmarksFromJson(*marks);
  const auto found = foundIn(*ct, searched);
  const nlohmann::json truth = nlohmann::json::parse(*text);
  for (const nlohmann::json& side : truth.at("sides")) {
    ++all.hips;
    const auto plan = planFromJson(side.dump(), catalogue);
    const FoundHip* hip = nullptr;
    if (found && plan)
      for (const FoundHip& each : found->hips)
        if (each.side == plan->hip.side) hip = &each;
    if (hip == nullptr || !hip->cup || !hip->head || !hip->stem) {
      std::printf("  %s: not found\n", side.at("side").get<std::string>().c_str());
      continue;
    }
    all.errors.push_back(errorsOf(*hip, plan->hip));
    if (landmarks) addAngles(*hip, *landmarks, side, all.errors.back());
    print(*hip, plan->hip, all.errors.back());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue || argc < 2) return 1;
  if (const int number = std::atoi(argv[1]); number > 0) {
    drawn(number, *catalogue, 3071.0);
    drawn(number, *catalogue, 32000.0);
    return 0;
  }
  const bool strangers = std::string(argv[1]) == "--strangers";
  const Catalogue searched = strangers ? strangersTo(*catalogue) : *catalogue;
  Operated all;
  for (int n = strangers ? 2 : 1; n < argc; ++n) operatedPatient(argv[n], *catalogue, searched, all);
  summaries(all.errors);
  std::printf("found          %zu of %d\n", all.errors.size(), all.hips);
  return 0;
}
