// Suggested plans on segmented bones of eight adults (VSDFullBody), both sides: how long, and are they
// plausible? usage: coxa_planning_bench DATA_FOLDER
#include "coxa/base/files.hpp"
#include "coxa/planning/suggest.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

namespace {

using namespace coxa;
namespace fs = std::filesystem;

TriangleMesh readPly(const fs::path& path) {
  const std::string bytes = readFile(path).value();
  const std::size_t data = bytes.find("end_header\n") + 11;
  const auto count = [&](const std::string& element) {
    return std::stoul(bytes.substr(bytes.find("element " + element) + 9 + element.size()));
  };
  TriangleMesh mesh;
  mesh.vertices.resize(count("vertex"));
  std::memcpy(static_cast<void*>(mesh.vertices.data()), bytes.data() + data, mesh.vertices.size() * 12);
  mesh.triangles.resize(count("face"));
  const char* face = bytes.data() + data + mesh.vertices.size() * 12;
  for (auto& triangle : mesh.triangles) {
    std::memcpy(triangle.data(), face + 1, 12);
    face += 13;
  }
  if (volumeMm3(mesh) < 0)
    for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

double secondsOf(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void print(const fs::path& subject, const LandmarkSet& landmarks, const Plan& plan, const PlanMeasures& m,
           double suggestS, double measureMs) {
  const HipLandmarks& hip = landmarks.side(plan.hip.side);
  const auto value = [](const std::optional<Measured>& number) { return number ? number->value : -99.0; };
  std::printf(
      "%-5s %-5s %5.1f %5.1f | %3.0f %5.1f %5.1f %5.1f | %2d %-4s %2.0f%+4.1f %6.1f±%-4.1f %5.1f %5.1f %5.2f "
      "| "
      "%5.1f±%-3.1f %5.1f±%-3.1f %5.1f %5.1f | %5.2f %5.1f",
      subject.filename().c_str(), name(plan.hip.side), 2.0 * hip.femoralHead->sphere.radiusMm,
      2.0 * hip.acetabulum->sphere.radiusMm, plan.hip.cup.outerDiameterMm, m.coveragePercent.value,
      value(m.medialWallMm), m.anteriorOverhangMm.value, plan.hip.stem.size,
      plan.hip.stem.offset == StemOffset::High ? "high" : "std", plan.hip.head.diameterMm,
      plan.hip.head.neckLengthMm, m.stemVersionDeg->value, m.stemVersionDeg->sd, value(m.stemVarusDeg),
      value(m.canalFillPercent), value(m.canalClearanceMm), m.legLengthChangeMm->value,
      m.legLengthChangeMm->sd, m.offsetChangeMm->value, m.offsetChangeMm->sd,
      value(m.legLengthAgainstOtherSideMm), value(m.offsetAgainstOtherSideMm), suggestS, measureMs);
  for (const Notice& notice : plan.notices)
    if (notice.code != "planning.canal-assumed") std::printf(" %s", notice.code.c_str());
  std::printf("\n");
}

void planSubject(const fs::path& folder, const Catalogue& catalogue) {
  const BoneMeshes bones{readPly(folder / "Hip_L.ply"), readPly(folder / "Hip_R.ply"),
                         readPly(folder / "Femur_L.ply"), readPly(folder / "Femur_R.ply"), 1.0};
  const auto landmarks = findLandmarks(bones, Job());
  if (!landmarks) {
    std::printf("%s: %s\n", folder.filename().c_str(), landmarks.error().message.c_str());
    return;
  }
  for (const Side side : {Side::Left, Side::Right}) {
    const bool left = side == Side::Left;
    const PlanningInput input{side, *landmarks, left ? bones.hipLeft : bones.hipRight,
                              left ? bones.femurLeft : bones.femurRight, nullptr};
    Result<Plan> plan = internalError("not planned");
    const double suggestS = secondsOf([&] { plan = suggestPlan(input, catalogue, Job()); });
    if (!plan) {
      std::printf("%s %s: %s\n", folder.filename().c_str(), name(side), plan.error().message.c_str());
      continue;
    }
    const PlanContext context = PlanContext::build(input, Job()).value();
    constexpr int kRepeats = 20;
    PlanMeasures measures;
    const double measureS = secondsOf([&] {
      for (int i = 0; i < kRepeats; ++i) measures = measure(*plan, context);
    });
    print(folder, *landmarks, *plan, measures, suggestS, 1000.0 * measureS / kRepeats);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const fs::path data = argc > 1 ? argv[1] : "../shared/data";
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue || !fs::exists(data / "vsd-bones")) {
    std::printf("usage: coxa_planning_bench DATA_FOLDER (with vsd-bones)\n");
    return 2;
  }
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(data / "vsd-bones")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  std::printf(
      "subject side  head socket | cup cover%% wall overh | stem head  version    varus fill%% gap | "
      "leg change offset change, against other | suggest s, measure ms\n");
  for (const fs::path& folder : folders) planSubject(folder, *catalogue);
  return 0;
}
