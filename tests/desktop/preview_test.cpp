// The analysis as the window runs it: a preview first, then the whole job, with a stand-in for coxa-cli.
#include "analysis_form.hpp"
#include "banner.hpp"
#include "case_session.hpp"
#include "main_window.hpp"
#include "progress_strip.hpp"
#include "small_case.hpp"
#include "support/temp_folder.hpp"
#include "theme.hpp"

#include "coxa/base/files.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QFile>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTest>
#include <fstream>

namespace coxa {
namespace {

constexpr int kPatienceMs = 60000;

class PreviewTest : public ::testing::Test {
 protected:
  void SetUp() override {
    applyTheme(*qApp);
    QCoreApplication::setOrganizationName(QStringLiteral("CoxaTest"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, path("settings"));
    makeCaseOf(1, "preview.coxa");
    makeCaseOf(20, "whole.coxa");
    std::filesystem::create_directory(folder_ / "dicom");
    writeProgram();
    qputenv("COXA_CLI", path("coxa-cli").toLocal8Bit());
    window_ =
        std::make_unique<MainWindow>(StructureTable::loadDefault().value(), loadDefaultCatalogue().value());
    window_->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window_.get()));
  }
  void TearDown() override {
    window_.reset();
    qunsetenv("COXA_CLI");
  }

  QString path(const char* name) const { return QString::fromStdString((folder_ / name).string()); }

  void makeCaseOf(int samples, const char* name) {
    auto made = Case::open(test::makeSmallCase(folder_ / name)).value();
    const auto file = made.file(Stage::Segmentation, "structures.json").value();
    auto summary = readSegmentationSummary(file).value();
    summary.provenance.samples = samples;
    ASSERT_TRUE(made.put(Stage::Segmentation, {{"model", "drawn"}}, [&](const std::filesystem::path& into) {
      for (const char* each : {"labels.nrrd", "uncertainty.nrrd"})
        std::filesystem::copy_file(file.parent_path() / each, into / each);
      return writeSegmentationSummary(into / "structures.json", summary);
    }));
  }

  /// Copies a prepared case at "import" and another at "run", for which it waits until the test says so.
  void writeProgram() {
    std::ofstream(folder_ / "coxa-cli") << R"(#!/bin/sh
cd ")" << folder_.path().string() << R"("
echo "$*" >> called
case "$3" in
  import) cp -r preview.coxa made.coxa ;;
  segment) echo '{"progress": 1, "secondsLeft": 0, "message": "Segmented"}' ;;
  run) echo '{"progress": 0.1, "secondsLeft": 60, "message": "Finding bones and muscles"}'
       while [ ! -e go ]; do sleep 0.05; done
       rm -rf made.coxa && cp -r whole.coxa made.coxa ;;
esac
)";
    QFile::setPermissions(path("coxa-cli"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  }

  void analyse() {
    window_->openPath(path("dicom"));
    auto* form = window_->findChild<AnalysisForm*>();
    ASSERT_NE(form, nullptr);
    Q_EMIT form->requested({path("dicom"), QStringLiteral("1.2.3"), Side::Left, path("made.coxa")});
    form->close();
  }
  bool waitForSamples(int samples) {
    return QTest::qWaitFor(
        [&] {
          const auto& found = window_->caseSession()->segmentation();
          return found && !window_->caseSession()->isLoading() &&
                 found->summary.provenance.samples == samples;
        },
        kPatienceMs);
  }
  bool planIsOpen() const {
    const auto* tabs = window_->findChild<QTabWidget*>();
    return tabs->widget(0)->isEnabled() && tabs->widget(3)->isEnabled();
  }

  TempFolder folder_;
  std::unique_ptr<MainWindow> window_;
};

TEST_F(PreviewTest, IsShownUntilTheWholeJobTakesItsPlace) {
  analyse();
  ASSERT_TRUE(waitForSamples(1)) << window_->banner()->text().toStdString();
  EXPECT_TRUE(window_->banner()->text().contains("without uncertainty"));
  EXPECT_TRUE(window_->windowTitle().contains("preview"));
  EXPECT_FALSE(planIsOpen());
  EXPECT_TRUE(window_->findChild<ProgressStrip*>()->isVisible());

  std::ofstream(folder_ / "go") << "";
  ASSERT_TRUE(waitForSamples(20)) << window_->banner()->text().toStdString();
  EXPECT_FALSE(window_->windowTitle().contains("preview"));
  EXPECT_TRUE(planIsOpen());
  EXPECT_FALSE(window_->findChild<ProgressStrip*>()->isVisible());
  const std::string made = (folder_ / "made.coxa").string();
  EXPECT_EQ(readFile(folder_ / "called").value(),
            "--progress json import " + (folder_ / "dicom").string() + " --case " + made +
                " --series 1.2.3\n--progress json reduce-metal " + made +
                " --if-implants\n--progress json segment " + made + " --samples 1\n--progress json run " +
                made + " --side left --case " + made + "\n");
}

TEST_F(PreviewTest, StaysWhenTheWholeJobIsCancelled) {
  analyse();
  ASSERT_TRUE(waitForSamples(1)) << window_->banner()->text().toStdString();
  auto* strip = window_->findChild<ProgressStrip*>();
  ASSERT_TRUE(QTest::qWaitFor([&] { return strip->isVisible(); }, kPatienceMs));
  strip->findChild<QPushButton*>()->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return !strip->isVisible(); }, kPatienceMs));
  EXPECT_TRUE(window_->banner()->text().contains("Cancelled"));
  ASSERT_TRUE(waitForSamples(1));
  EXPECT_TRUE(window_->windowTitle().contains("preview"));
  EXPECT_TRUE(planIsOpen());
}

}  // namespace
}  // namespace coxa
