// A labelled scan is operated on paper, and what comes out teaches the network of reduce-metal.
#include "cli_process.hpp"
#include "support/temp_folder.hpp"

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/image/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace coxa {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

class OperatedScanFiles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    made_ = run({"phantom", "--seed", "5", "--output", patient(), "--pixel-spacing", "2.4", "--slice-spacing",
                 "4", "--matrix", "192"});
    operated_ = run({"operate", "--ct", patient() + "/dicom", "--labels", patient() + "/truth/labels.nrrd",
                     "--side", "left", "--output", operated(), "--json"});
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static std::string patient() { return (*folder_ / "patient").string(); }
  static std::string operated() { return (*folder_ / "cases" / "one").string(); }

  static inline std::unique_ptr<TempFolder> folder_;
  static inline Finished made_, operated_;
};

TEST_F(OperatedScanFiles, HaveTheImplantOnTheSideThatWasAskedFor) {
  ASSERT_EQ(made_.exitCode, 0) << made_.err;
  ASSERT_EQ(operated_.exitCode, 0) << operated_.err;
  EXPECT_EQ(json::parse(operated_.out).at("output"), operated());
  const LabelMap implants = readLabelMap(fs::path(operated()) / "implants.nrrd").value();
  // Values of the left are 11 to 15.
  EXPECT_GT(std::count_if(implants.voxels.begin(), implants.voxels.end(), [](auto v) { return v > 10; }),
            500);
  EXPECT_EQ(
      std::count_if(implants.voxels.begin(), implants.voxels.end(), [](auto v) { return v > 0 && v < 11; }),
      0);
  const Volume ct = readVolume(fs::path(operated()) / "ct.nrrd").value();
  EXPECT_EQ(*std::max_element(ct.voxels.begin(), ct.voxels.end()), 3071);
}

TEST_F(OperatedScanFiles, TeachTheNetworksOfReduceMetal) {
  ASSERT_EQ(operated_.exitCode, 0) << operated_.err;
  const Finished reduced = run({"reduce-metal", operated() + "/ct.nrrd", "--method", "nmar", "--output",
                                operated() + "/reduced.nrrd", "--metal", operated() + "/metal.nrrd"});
  ASSERT_EQ(reduced.exitCode, 0) << reduced.err;
  for (const std::string command : {"train-metal", "train-metal-mask"}) {
    const fs::path model = *folder_ / ("model of " + command);
    const Finished trained = run({command, "--data", (*folder_ / "cases").string(), "--model", model.string(),
                                  "--work", (*folder_ / ("work of " + command)).string(), "--steps", "2",
                                  "--batch", "1", "--filters", "4", "--device", "cpu", "--json"});
    ASSERT_EQ(trained.exitCode, 0) << trained.err;
    EXPECT_EQ(json::parse(trained.out).at("cases"), json::array({"one"}));
    EXPECT_TRUE(fs::exists(model / "weights.pt"));
  }
}

// Spheres fitted to what is left of a replaced hip would be found beside it, without a word.
TEST_F(OperatedScanFiles, HaveNoLandmarksOfTheReplacedHip) {
  ASSERT_EQ(operated_.exitCode, 0) << operated_.err;
  const fs::path folder = *folder_ / "operated.coxa";
  auto operatedCase = Case::create(folder, "P-00abcd");
  ASSERT_TRUE(operatedCase);
  ASSERT_TRUE(putImport(*operatedCase, readVolume(fs::path(operated()) / "ct.nrrd").value(), {}));
  ASSERT_TRUE(
      operatedCase->put(Stage::Segmentation, {{"model", "truth"}}, [](const fs::path& into) -> Result<void> {
        const LabelMap labels = readLabelMap(fs::path(operated()) / "labels.nrrd").value();
        return writeImage(into / "labels.nrrd", labels).and_then([&] {
          return writeImage(into / "uncertainty.nrrd", ScalarImage(labels.grid));
        });
      }));
  const Finished found = run({"landmarks", folder.string(), "--json"});
  ASSERT_EQ(found.exitCode, 0) << found.err;
  const LandmarkSet landmarks = landmarksFromJson(found.out).value();
  EXPECT_FALSE(landmarks.left.femoralHead);
  EXPECT_FALSE(landmarks.left.acetabulum);
  EXPECT_TRUE(landmarks.left.asis);
  EXPECT_TRUE(landmarks.right.femoralHead);
  EXPECT_THAT(landmarks.notices, testing::Contains(testing::Field(&Notice::code, "landmarks.replaced-hip")));
}

TEST_F(OperatedScanFiles, LabelsOfAnotherGridAreRefused) {
  const Finished refused = run({"operate", "--ct", patient() + "/dicom", "--labels",
                                std::string(COXA_SOURCE_DIR) + "/models/hip-atlas/labels.nrrd", "--side",
                                "left", "--output", (*folder_ / "never").string()});
  EXPECT_EQ(refused.exitCode, 3);
  EXPECT_THAT(refused.err, HasSubstr("labels.nrrd"));
  EXPECT_FALSE(fs::exists(*folder_ / "never"));
}

}  // namespace
}  // namespace coxa
