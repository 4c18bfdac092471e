// Reviews and corrects a small case in the real window, with real mouse and key events.
#include "coxa/casefile/review.hpp"

#include "banner.hpp"
#include "case_session.hpp"
#include "correction_session.hpp"
#include "main_window.hpp"
#include "plan_session.hpp"
#include "review_session.hpp"
#include "slice_view.hpp"
#include "small_case.hpp"
#include "structure_model.hpp"
#include "support/temp_folder.hpp"
#include "theme.hpp"
#include "workspace.hpp"

#include "coxa/casefile/contents.hpp"

#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QSettings>
#include <QTabWidget>
#include <QTest>

namespace coxa {
namespace {

constexpr int kPatienceMs = 20000;
constexpr int kReviewTab = 3;

class ReviewTest : public ::testing::Test {
 protected:
  void SetUp() override {
    applyTheme(*qApp);
    QCoreApplication::setOrganizationName(QStringLiteral("CoxaTest"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope,
                       QString::fromStdString((folder_ / "settings").string()));
    qputenv("COXA_CLI", "/bin/true");  // landmarks are another test's
    case_ = test::makeSmallCase(folder_ / "small.coxa");
    openWindow();
  }
  void TearDown() override { qunsetenv("COXA_CLI"); }

  void openWindow() {
    window_ =
        std::make_unique<MainWindow>(StructureTable::loadDefault().value(), loadDefaultCatalogue().value());
    window_->resize(1440, 900);
    window_->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window_.get()));
    window_->activateWindow();  // keys reach only the active window
    ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
    window_->openPath(QString::fromStdString(case_.string()));
    ASSERT_TRUE(waitFor([this] { return correction()->isReady() && review()->current() != 0; }));
    window_->findChild<QTabWidget*>()->setCurrentIndex(kReviewTab);
    femur_ = window_->caseSession()->table().find("femur_right")->value;
    hip_ = window_->caseSession()->table().find("hip_right")->value;
    review()->setCurrent(femur_);
  }
  static bool waitFor(const std::function<bool()>& condition) {
    return QTest::qWaitFor(condition, kPatienceMs);
  }

  CorrectionSession* correction() { return window_->correctionSession(); }
  ReviewSession* review() { return window_->reviewSession(); }
  SliceView* axial() { return window_->workspace()->slice(BodyPlane::Axial); }
  std::uint8_t labelAt(const Vec3& world) { return axial()->scene().labelAt(world); }

  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QTest::keyClick(window_.get(), key, modifiers);
  }
  QPoint at(const Vec3& world) {
    const DisplayPoint p = axial()->scene().displayFromWorld(world);
    return (QPointF(p.x, p.y) / axial()->devicePixelRatioF()).toPoint();
  }
  void drag(const Vec3& from, const Vec3& to) {
    QTest::mousePress(axial(), Qt::LeftButton, Qt::NoModifier, at(from));
    for (int step = 1; step <= 4; ++step) QTest::mouseMove(axial(), at(from + 0.25 * step * (to - from)));
    QTest::mouseRelease(axial(), Qt::LeftButton, Qt::NoModifier, at(to));
  }
  void paintBesideTheShaft() {
    window_->workspace()->showPoint(kBeside);
    press(Qt::Key_B);
    drag(kBeside, kBeside + Vec3(10.0, 0.0, 0.0));
  }
  void save() {
    bool saved = false;
    correction()->save([&] { saved = true; });
    ASSERT_TRUE(waitFor([&] { return saved; })) << window_->banner()->text().toStdString();
  }

  const Vec3 kBeside{-60.0, 40.0, -100.0};  // soft tissue
  TempFolder folder_;
  std::filesystem::path case_;
  std::unique_ptr<MainWindow> window_;
  std::uint8_t femur_ = 0;
  std::uint8_t hip_ = 0;
};

TEST_F(ReviewTest, PaintsWithTheMouseAndUndoesByKey) {
  const double before = correction()->volumeMl(femur_);
  ASSERT_EQ(labelAt(kBeside), 0);
  paintBesideTheShaft();
  EXPECT_EQ(labelAt(kBeside), femur_);
  EXPECT_EQ(labelAt(kBeside + Vec3(10.0, 0.0, 0.0)), femur_);
  EXPECT_EQ(labelAt(kBeside + Vec3(0.0, 0.0, 4.0)), 0) << "a disc stays in its slice";
  EXPECT_EQ(correction()->undoStack()->count(), 1) << "one stroke is one step";
  // A disc swept over 10 mm in one layer of 2 mm.
  const double swept = (kPi * 36.0 + 12.0 * 10.0) * 2.0 / 1000.0;
  EXPECT_NEAR(correction()->volumeMl(femur_) - before, swept, 0.15 * swept);
  EXPECT_NEAR(window_->structures()->find(femur_)->summary.volumeMl.value, correction()->volumeMl(femur_),
              1e-9);
  press(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(labelAt(kBeside), 0);
  EXPECT_DOUBLE_EQ(correction()->volumeMl(femur_), before);
  press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(labelAt(kBeside), femur_);
}

TEST_F(ReviewTest, UndoesThePlanElsewhere) {
  paintBesideTheShaft();
  window_->findChild<QTabWidget*>()->setCurrentIndex(0);
  press(Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(labelAt(kBeside), femur_) << "the plan panel undoes the plan";
  drag(kBeside, kBeside + Vec3(0.0, 10.0, 0.0));
  EXPECT_EQ(correction()->undoStack()->count(), 1) << "no brush outside of the review";
}

TEST_F(ReviewTest, ErasesTheChosenStructureAlone) {
  const Vec3 inHead(test::kHeadX, 0.0, 0.0);
  window_->workspace()->showPoint(inHead);
  ASSERT_EQ(labelAt(inHead), femur_);
  review()->setCurrent(hip_);
  press(Qt::Key_E);
  drag(inHead, inHead);
  EXPECT_EQ(labelAt(inHead), femur_);
  review()->setCurrent(femur_);
  drag(inHead, inHead);
  EXPECT_EQ(labelAt(inHead), 0);
}

TEST_F(ReviewTest, ALockedStructureStays) {
  CorrectionSettings settings = correction()->settings();
  settings.locked.set(femur_);
  correction()->setSettings(settings);
  paintBesideTheShaft();
  EXPECT_EQ(labelAt(kBeside), 0);
  EXPECT_TRUE(window_->banner()->isVisible());
}

TEST_F(ReviewTest, GrowsFromAClick) {
  const Vec3 inHead(test::kHeadX, 0.0, 0.0);
  window_->workspace()->showPoint(inHead);
  const double before = correction()->volumeMl(femur_);
  press(Qt::Key_E);
  drag(inHead, inHead);
  ASSERT_LT(correction()->volumeMl(femur_), before);
  press(Qt::Key_G);
  drag(inHead, inHead);
  ASSERT_TRUE(waitFor([&] { return correction()->undoStack()->count() == 2; }));
  EXPECT_NEAR(correction()->volumeMl(femur_), before, 1e-9) << "the bone is one value of HU";
}

TEST_F(ReviewTest, TheSurfaceFollows) {
  const auto before = window_->caseSession()->surfaces().at(femur_);
  paintBesideTheShaft();
  EXPECT_TRUE(waitFor([&] { return window_->caseSession()->surfaces().at(femur_) != before; }));
}

TEST_F(ReviewTest, CorrectionsAndDecisionsAreInTheCase) {
  review()->setCurrent(hip_);
  press(Qt::Key_X);
  ASSERT_TRUE(waitFor([&] { return review()->entry(hip_)->state == ReviewState::Flagged; }));
  review()->setCurrent(femur_);
  paintBesideTheShaft();
  save();
  EXPECT_EQ(review()->entry(femur_)->state, ReviewState::Corrected);
  EXPECT_FALSE(correction()->hasUnsavedCorrections());
  ASSERT_TRUE(waitFor([&] { return readReview(Case::open(case_).value())->size() == 2; }));

  openWindow();
  EXPECT_EQ(labelAt(kBeside), femur_);
  EXPECT_EQ(review()->entry(femur_)->state, ReviewState::Corrected);
  EXPECT_FALSE(review()->entry(femur_)->outdated);
  EXPECT_EQ(review()->entry(hip_)->state, ReviewState::Flagged);
  EXPECT_FALSE(review()->entry(hip_)->outdated) << "its outline is the one that was flagged";
  const auto& uncertainty = *window_->caseSession()->segmentation()->uncertainty;
  const Eigen::Vector3i voxel = (uncertainty.grid.indexFromWorld(kBeside).array() + 0.5).floor().cast<int>();
  EXPECT_EQ(uncertainty.at(voxel.x(), voxel.y(), voxel.z()), 0.0F);
  EXPECT_FALSE(window_->caseSession()->source().isCurrent(Stage::Landmarks));
}

TEST_F(ReviewTest, AnotherSegmentationOutdatesADecision) {
  press(Qt::Key_C);
  ASSERT_TRUE(waitFor([&] { return review()->entry(femur_)->state == ReviewState::Accepted; }));
  ASSERT_TRUE(waitFor([&] { return Case::open(case_).value().has(Stage::Review); }));
  auto source = Case::open(case_).value();
  const auto table = StructureTable::loadDefault().value();
  const auto labels = readLabels(source).value();
  LabelMap other = labels;
  other.at(1, 1, 1) = femur_;
  const auto summary = readSegmentationSummary(source.file(Stage::Segmentation, "structures.json").value());
  ASSERT_TRUE(putCorrection(source, source.record(Stage::Segmentation)->checksum(),
                            correct(labels, readUncertainty(source).value(), *summary, other, table), table));
  openWindow();
  EXPECT_EQ(review()->entry(femur_)->state, ReviewState::Accepted);
  EXPECT_TRUE(review()->entry(femur_)->outdated);
  EXPECT_EQ(review()->reviewedCount(), 0);
}

TEST_F(ReviewTest, GoesToDoubtfulPlaces) {
  review()->setThreshold(0.04F);  // the small case is evenly doubtful
  ASSERT_TRUE(waitFor([&] { return !review()->places().empty(); }));
  press(Qt::Key_N);
  EXPECT_EQ(review()->place(), 0);
  EXPECT_LT((window_->workspace()->crosshair() - review()->places().front().point).norm(), 1e-6);
  EXPECT_EQ(labelAt(review()->places().front().point), femur_);
}

TEST_F(ReviewTest, RanksByUncertainty) {
  double last = 1e9;
  int found = 0;
  for (const ReviewEntry& entry : review()->entries()) {
    if (!entry.found) continue;
    EXPECT_LE(entry.uncertainty, last);
    last = entry.uncertainty;
    ++found;
  }
  EXPECT_EQ(found, 4);
  EXPECT_TRUE(review()->entries().front().found);
}

TEST_F(ReviewTest, ClosingSavesCorrections) {
  paintBesideTheShaft();
  window_->close();
  ASSERT_TRUE(waitFor([&] { return !window_->isVisible(); }));
  EXPECT_FALSE(Case::open(case_).value().isCurrent(Stage::Landmarks));
}

}  // namespace
}  // namespace coxa
