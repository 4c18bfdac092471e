// What a case's commands do about implants, driven as a user drives them.
#include "cli_process.hpp"
#include "desktop/small_case.hpp"
#include "support/temp_folder.hpp"

#include "coxa/casefile/contents.hpp"
#include "coxa/image/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace coxa {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

// 256 × 256 × 100 mm: a body of muscle, and a rod of metal along its axis from slice 5 to 14.
Volume bodyWithRod(double radiusMm) {
  Grid grid;
  grid.size = {64, 64, 20};
  grid.spacing = {4.0, 4.0, 5.0};
  grid.origin = {-126.0, -126.0, 0.0};
  Volume ct(grid, -1000);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
        const double r = std::hypot(p.x(), p.y());
        if (r < 110.0) ct.at(i, j, k) = 50;
        if (r < radiusMm && k >= 5 && k < 15) ct.at(i, j, k) = 3071;
      }
  return ct;
}

class CaseWithMetal : public testing::Test {
 protected:
  fs::path folder() const { return folder_ / "made.coxa"; }
  Finished of(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {command, folder(), "--json", "--progress", "none"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(std::move(arguments));
  }
  void import(double radiusMm) {
    auto made = Case::openOrCreate(folder(), "P").value();
    ASSERT_TRUE(putImport(made, bodyWithRod(radiusMm), {}));
  }
  Case made() const { return Case::open(folder()).value(); }

  TempFolder folder_;
};

// A rod of 15 mm has 35 ml, one of 5 mm (four voxels) 3.2 ml.
TEST_F(CaseWithMetal, IfImplantsReducesAnImplantsArtifactsOnce) {
  import(15.0);
  const Finished done = of("reduce-metal", {"--if-implants"});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  EXPECT_EQ(json::parse(done.out).at("slices").size(), 10U);
  const Volume before = readCt(made()).value(), after = readReducedCt(made()).value();
  for (const int k : {0, 4, 15, 19})
    EXPECT_TRUE(std::equal(before.slice(k), before.slice(k) + 64 * 64, after.slice(k))) << k;
  ASSERT_EQ(of("reduce-metal", {"--if-implants"}).exitCode, 0);
  EXPECT_EQ(made().record(Stage::MetalReduction)->folder, "metal-reduction-1");
}

TEST_F(CaseWithMetal, IfImplantsLeavesClipsAlone) {
  import(5.0);
  const Finished done = of("reduce-metal", {"--if-implants"});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  EXPECT_THAT(json::parse(done.out).at("slices"), IsEmpty());
  EXPECT_FALSE(made().has(Stage::MetalReduction));
  EXPECT_EQ(of("reduce-metal", {"--if-implants", "--method", "li"}).exitCode, 2);
}

// Without bone and fat the segmentation refuses the scan, but what comes before it is done by then.
TEST_F(CaseWithMetal, ARunReducesMetalBeforeItSegments) {
  import(15.0);
  const Finished refused = of("run", {"--side", "left", "--case", folder()});
  EXPECT_EQ(refused.exitCode, 3);
  EXPECT_THAT(refused.err, HasSubstr("no CT of the hips"));
  EXPECT_TRUE(made().isCurrent(Stage::MetalReduction));
}

TEST_F(CaseWithMetal, ARunWithoutImplantsReducesNothing) {
  import(5.0);
  EXPECT_EQ(of("run", {"--side", "left", "--case", folder()}).exitCode, 3);
  EXPECT_FALSE(made().has(Stage::MetalReduction));
}

// The canal of the drawn femora has a radius of 8 mm in the imported CT and of 11 mm in the corrected one.
class CaseWithTwoCts : public CaseWithMetal {
 protected:
  void SetUp() override { test::makeSmallCase(folder()); }
  void putCorrected() const {
    Case target = made();
    Volume ct = readCt(target).value();
    const Grid& grid = ct.grid;
    for (int k = 0; k < grid.size.z(); ++k)
      for (int j = 0; j < grid.size.y(); ++j)
        for (int i = 0; i < grid.size.x(); ++i) {
          const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
          if (p.z() < -50.0 && std::hypot(std::abs(p.x()) - 128.0, p.y() - 5.0) < 11.0) ct.at(i, j, k) = 20;
        }
    ASSERT_TRUE(putReducedCt(target, ct, LabelMap(grid), {}, R"({"notices": []})", {}));
  }
  double canalFillPercent() const {
    const Finished done = of("plan", {"--side", "right"});
    EXPECT_EQ(done.exitCode, 0) << done.err;
    return json::parse(done.out).at("stem").at("canalFillPercent").get<double>();
  }
  std::string reportText() const {
    const Finished done = of("report", {"--output", (folder_ / "report.pdf").string()});
    EXPECT_EQ(done.exitCode, 0) << done.err;
    std::string text;
    FILE* pipe = ::popen(("pdftotext -layout " + (folder_ / "report.pdf").string() + " -").c_str(), "r");
    for (int c = 0; pipe != nullptr && (c = std::fgetc(pipe)) != EOF;) text.push_back(static_cast<char>(c));
    if (pipe != nullptr) ::pclose(pipe);
    return text;
  }
};

TEST_F(CaseWithTwoCts, ThePlanMeasuresInTheCorrectedOne) {
  const double imported = canalFillPercent();
  putCorrected();
  EXPECT_LT(canalFillPercent(), 0.95 * imported);
}

TEST_F(CaseWithTwoCts, TheReportSaysWhichItShows) {
  if (::access("/usr/bin/pdftotext", X_OK) != 0) GTEST_SKIP() << "needs poppler-utils";
  EXPECT_THAT(reportText(), ContainsRegex("CT shown and measured +as imported"));
  putCorrected();
  EXPECT_THAT(reportText(), ContainsRegex("CT shown and measured +with metal artifacts reduced"));
}

}  // namespace
}  // namespace coxa
