// Implants recognised in scans whose truth is known. `coxa_implants_bench N`: N drawn hips (parametric solids
// in a plain body, blurred, noisy, without streaks), clipped at 3071 HU and on a scale that shows the metal.
// Prints one row per hip and the summary that docs/implants.md quotes.

#include "metal/implant_phantom.hpp"

#include "coxa/metal/found_implants.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
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
  bool cupSize = false, stemSize = false, head = false;
};

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
  e.cupSize = found.cup->product && found.cup->product->id == truth.cup.id;
  e.stemSize = found.stem->product && found.stem->product->id == truth.stem.id;
  e.head = found.head->product && found.head->product->id == truth.head.id;
  return e;
}

void print(const FoundHip& hip, const PosedHip& truth, const Errors& e) {
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
  summary("head mm", all, [](const Errors& e) { return e.headMm; });
  summary("version deg", all, [](const Errors& e) { return e.versionDeg; });
  summary("varus deg", all, [](const Errors& e) { return e.varusDeg; });
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

}  // namespace

int main(int argc, char** argv) {
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue || argc < 2) return 1;
  drawn(std::atoi(argv[1]), *catalogue, 3071.0);
  drawn(std::atoi(argv[1]), *catalogue, 32000.0);
  return 0;
}
