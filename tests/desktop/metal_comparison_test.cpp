// Before and after metal artifact reduction in the real window.
#include "metal_comparison.hpp"

#include "banner.hpp"
#include "case_session.hpp"
#include "main_window.hpp"
#include "slice_view.hpp"
#include "small_case.hpp"
#include "support/temp_folder.hpp"
#include "theme.hpp"
#include "workspace.hpp"

#include "coxa/casefile/contents.hpp"

#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QSlider>
#include <QTest>
#include <fstream>

namespace coxa {
namespace {

constexpr int kPatienceMs = 60000;
const Vec3 kInFemur(test::kHeadX, 0.0, 0.0);

/// The small case, its femoral heads 300 HU darker in the corrected CT.
std::filesystem::path makeReducedCase(const std::filesystem::path& folder) {
  auto made = Case::open(test::makeSmallCase(folder)).value();
  Volume ct = readCt(made).value();
  for (auto& voxel : ct.voxels) voxel = static_cast<std::int16_t>(voxel > 500 ? voxel - 300 : voxel);
  const char* json = R"({"notices": [{"severity": "info", "code": "metal.reduced", "message": "Reduced."}]})";
  EXPECT_TRUE(putReducedCt(made, ct, LabelMap(ct.grid), {}, json, {{"method", "nmar"}}));
  return folder;
}

class MetalComparisonTest : public ::testing::Test {
 protected:
  void SetUp() override {
    applyTheme(*qApp);
    window_ =
        std::make_unique<MainWindow>(StructureTable::loadDefault().value(), loadDefaultCatalogue().value());
    window_->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window_.get()));
    comparison_ = window_->findChild<MetalComparison*>();
    ASSERT_NE(comparison_, nullptr);
  }
  void open(const std::filesystem::path& folder) {
    window_->openPath(QString::fromStdString(folder.string()));
    ASSERT_TRUE(QTest::qWaitFor(
        [this] { return window_->caseSession()->isOpen() && !window_->caseSession()->isLoading(); },
        kPatienceMs));
  }
  double huAt(BodyPlane plane) { return window_->workspace()->slice(plane)->scene().huAt(kInFemur).value(); }

  TempFolder folder_;
  std::unique_ptr<MainWindow> window_;
  MetalComparison* comparison_ = nullptr;
};

TEST_F(MetalComparisonTest, OneSliderMovesTheBorderInAllSlices) {
  open(makeReducedCase(folder_ / "reduced.coxa"));
  EXPECT_TRUE(comparison_->isVisible());
  window_->workspace()->showPoint(kInFemur);
  for (const BodyPlane plane : {BodyPlane::Axial, BodyPlane::Coronal, BodyPlane::Sagittal})
    EXPECT_EQ(huAt(plane), 600.0) << "the corrected CT alone at first";
  comparison_->slider()->setValue(100);
  for (const BodyPlane plane : {BodyPlane::Axial, BodyPlane::Coronal, BodyPlane::Sagittal})
    EXPECT_EQ(huAt(plane), 900.0);
  // The right hip lies left of the middle of the axial slice: there the original shows.
  comparison_->slider()->setValue(50);
  EXPECT_EQ(huAt(BodyPlane::Axial), 900.0);
  const auto other = window_->workspace()->slice(BodyPlane::Axial)->scene().huAt({-test::kHeadX, 0.0, 0.0});
  EXPECT_EQ(other.value(), 600.0);
  comparison_->slider()->setFocus();
  QTest::keyClick(comparison_->slider(), Qt::Key_Right);
  EXPECT_EQ(comparison_->slider()->value(), 51);
}

TEST_F(MetalComparisonTest, IsOnlyThereWithACorrectedCt) {
  open(makeReducedCase(folder_ / "reduced.coxa"));
  open(test::makeSmallCase(folder_ / "plain.coxa"));
  EXPECT_FALSE(comparison_->isVisible());
  EXPECT_EQ(huAt(BodyPlane::Axial), 900.0);
}

TEST_F(MetalComparisonTest, WhatIsMeasuredIsTheCorrectedCtFromTheBeginning) {
  bool thereBefore = false;
  QObject::connect(window_->caseSession(), &CaseSession::segmentationLoaded, window_.get(),
                   [&] { thereBefore = window_->caseSession()->reducedCt() != nullptr; });
  open(makeReducedCase(folder_ / "reduced.coxa"));
  EXPECT_TRUE(thereBefore);
  EXPECT_EQ(window_->caseSession()->ctInUse(), window_->caseSession()->reducedCt());
}

TEST_F(MetalComparisonTest, ACorrectedCtOfAnEarlierImportIsNotShown) {
  auto made = Case::open(makeReducedCase(folder_ / "reduced.coxa")).value();
  Volume other = readCt(made).value();
  other.voxels.front() = 7;
  ASSERT_TRUE(putImport(made, other, {}));
  open(folder_ / "reduced.coxa");
  EXPECT_FALSE(comparison_->isVisible());
  EXPECT_EQ(window_->caseSession()->ctInUse(), window_->caseSession()->ct());
  EXPECT_EQ(huAt(BodyPlane::Axial), 900.0);
}

/// A program in the place of coxa-cli that keeps what it was called with.
std::filesystem::path fakeProgram(const std::filesystem::path& folder) {
  const std::filesystem::path program = folder / "program";
  std::ofstream(program) << "#!/bin/sh\necho \"$@\" > '" << (folder / "called").string() << "'\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  return program;
}

TEST_F(MetalComparisonTest, TheMenuRunsTheStageAndSaysWhenThereIsNoImplant) {
  qputenv("COXA_CLI", QByteArray::fromStdString(fakeProgram(folder_.path()).string()));
  window_ =
      std::make_unique<MainWindow>(StructureTable::loadDefault().value(), loadDefaultCatalogue().value());
  window_->show();
  open(test::makeSmallCase(folder_ / "plain.coxa"));
  window_->findChild<QAction*>(QStringLiteral("reduceMetal"))->trigger();
  ASSERT_TRUE(QTest::qWaitFor([this] { return window_->banner()->isVisible(); }, kPatienceMs));
  EXPECT_TRUE(window_->banner()->text().contains(QStringLiteral("No implant")))
      << window_->banner()->text().toStdString();
  std::ifstream called(folder_ / "called");
  const std::string words((std::istreambuf_iterator<char>(called)), {});
  EXPECT_NE(words.find("reduce-metal " + (folder_ / "plain.coxa").string()), std::string::npos) << words;
  qunsetenv("COXA_CLI");
}

}  // namespace
}  // namespace coxa
