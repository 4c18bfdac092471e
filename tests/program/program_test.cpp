#include "cli_process.hpp"
#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/image/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

namespace coxa {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

TEST(Program, WrongUsageEndsWithTwo) {
  EXPECT_EQ(run({}).exitCode, 2);
  EXPECT_EQ(run({"plan"}).exitCode, 2);
  EXPECT_EQ(run({"run", "x", "--side", "upper", "--case", "y"}).exitCode, 2);
  EXPECT_EQ(run({"--help"}).exitCode, 0);
}

TEST(Program, BadInputEndsWithThreeAndNamesTheFile) {
  const TempFolder folder;
  const Finished missing =
      run({"import", (folder / "nothing").string(), "--case", (folder / "a.coxa").string()});
  EXPECT_EQ(missing.exitCode, 3);
  EXPECT_THAT(missing.err, HasSubstr("nothing"));
  EXPECT_FALSE(fs::exists(folder / "a.coxa"));
  std::ofstream(folder / "broken.nrrd") << "NRRD0004\ngarbage";
  const Finished broken = run({"inspect", (folder / "broken.nrrd").string()});
  EXPECT_EQ(broken.exitCode, 3);
  EXPECT_THAT(broken.err, HasSubstr("broken.nrrd"));
}

// One virtual patient, and the main job on it; the tests below look at what it left.
class MainJob : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    made_ = run({"phantom", "--seed", "5", "--output", patient(), "--progress", "none"});
    done_ = run({"run", patient() + "/dicom", "--side", "left", "--case", caseFolder(), "--samples", "3",
                 "--json", "--progress", "none"});
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static std::string patient() { return (*folder_ / "patient").string(); }
  static std::string caseFolder() { return (*folder_ / "virtual.coxa").string(); }

  static inline std::unique_ptr<TempFolder> folder_;
  static inline Finished made_;
  static inline Finished done_;
};

TEST_F(MainJob, EndsWellAndPrintsOneJsonDocument) {
  ASSERT_EQ(made_.exitCode, 0) << made_.err;
  ASSERT_EQ(done_.exitCode, 0) << done_.err;
  const json result = json::parse(done_.out);
  EXPECT_EQ(result.at("plan").at("side"), "left");
  EXPECT_TRUE(fs::exists(result.at("report").get<std::string>()));
}

TEST_F(MainJob, FindsTheBonesWhereTheVirtualPatientHasThem) {
  ASSERT_EQ(done_.exitCode, 0) << done_.err;
  const auto opened = Case::open(caseFolder());
  ASSERT_TRUE(opened);
  ASSERT_TRUE(opened->verify());
  const Finished agreement =
      run({"evaluate", "--labels", opened->file(Stage::Segmentation, "labels.nrrd")->string(), "--reference",
           patient() + "/truth/labels.nrrd", "--json"});
  ASSERT_EQ(agreement.exitCode, 0) << agreement.err;
  const json document = json::parse(agreement.out);
  int bones = 0;
  for (const auto& row : document.at("structures")) {
    const std::string structure = row.at("name");
    if (structure != "hip_left" && structure != "hip_right" && structure != "femur_left" &&
        structure != "femur_right")
      continue;
    ++bones;
    EXPECT_GT(row.at("dice").get<double>(), 0.7) << structure;
  }
  EXPECT_EQ(bones, 4);
}

TEST_F(MainJob, PlansInTheLeftHip) {
  ASSERT_EQ(done_.exitCode, 0) << done_.err;
  const json plan = json::parse(done_.out).at("plan");
  const auto truth = landmarksFromJson(readFile(patient() + "/truth/landmarks.json").value());
  ASSERT_TRUE(truth);
  ASSERT_TRUE(truth->left.femoralHead);
  const auto& c = plan.at("cup").at("center");
  const Vec3 cup(c[0].get<double>(), c[1].get<double>(), c[2].get<double>());
  EXPECT_LT((cup - truth->left.femoralHead->sphere.center).norm(), 15.0);
  const json& angles = plan.at("cup").at("orientation").at("radiographic");
  EXPECT_EQ(angles.at("plane"), "FPP");
  EXPECT_NEAR(angles.at("inclinationDeg").get<double>(), 40.0, 10.0);
}

TEST_F(MainJob, TheSameJobAgainGivesTheSamePlan) {
  ASSERT_EQ(done_.exitCode, 0) << done_.err;
  const Finished again = run({"plan", caseFolder(), "--side", "left", "--json", "--progress", "none"});
  ASSERT_EQ(again.exitCode, 0) << again.err;
  EXPECT_EQ(json::parse(again.out), json::parse(done_.out).at("plan"));
}

TEST_F(MainJob, CancelledItEndsWithFourAndKeepsTheCase) {
  ASSERT_EQ(done_.exitCode, 0) << done_.err;
  const auto before = Case::open(caseFolder())->record(Stage::Segmentation)->checksum();
  const Running segmenting({"segment", caseFolder(), "--samples", "200", "--progress", "json"});
  while (segmenting.outSoFar().find("\"progress\"") == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  segmenting.interrupt();
  const Finished stopped = segmenting.wait();
  EXPECT_EQ(stopped.exitCode, 4) << stopped.err;
  const auto after = Case::open(caseFolder());
  ASSERT_TRUE(after);
  EXPECT_EQ(after->record(Stage::Segmentation)->checksum(), before);
  std::istringstream lines(stopped.out);
  for (std::string line; std::getline(lines, line);)
    EXPECT_TRUE(json::parse(line).contains("progress")) << line;
}

}  // namespace
}  // namespace coxa
