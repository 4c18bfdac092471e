// How long the window does not answer while a case is corrected: a stroke, undo, smoothing, and saving until
// landmarks and plan have followed. Changes the case: give it a copy.
// usage: coxa_review_bench COPY.coxa     (in an X display, for example xvfb-run)
#include "case_session.hpp"
#include "correction_session.hpp"
#include "main_window.hpp"
#include "plan_session.hpp"
#include "review_session.hpp"
#include "theme.hpp"
#include "viewport.hpp"
#include "workspace.hpp"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTabWidget>
#include <QTimer>
#include <cstdio>
#include <functional>

namespace {

using namespace coxa;

/// Runs the event loop until `done` holds, or ten minutes have passed, and prints its longest pause.
bool measure(const char* what, const std::function<void()>& begin, const std::function<bool()>& done) {
  QElapsedTimer all, beat;
  qint64 longest = 0;
  QEventLoop loop;
  QTimer heart;
  QObject::connect(&heart, &QTimer::timeout, [&] {
    longest = std::max(longest, beat.restart());
    if (done() || all.elapsed() > 600000) loop.quit();
  });
  all.start();
  beat.start();
  heart.start(1);
  begin();
  loop.exec();
  std::printf("%-40s longest pause %4lld ms (bar: 100), %6lld ms in all\n", what,
              static_cast<long long>(longest), static_cast<long long>(all.elapsed()));
  return done();
}

}  // namespace

int main(int argc, char** argv) {
  Viewport::prepare();
  QApplication application(argc, argv);
  if (argc != 2) {
    std::fprintf(stderr, "usage: coxa_review_bench COPY.coxa\n");
    return 2;
  }
  QCoreApplication::setOrganizationName(QStringLiteral("CoxaBench"));
  applyTheme(application);
  MainWindow window(StructureTable::loadDefault().value(), loadDefaultCatalogue().value());
  window.resize(1600, 1000);
  window.show();
  CorrectionSession* correction = window.correctionSession();
  ReviewSession* review = window.reviewSession();
  const auto settled = [&] {
    return correction->isReady() && review->current() != 0 && !review->isSearching();
  };
  if (!measure(
          "open", [&] { window.openPath(QString::fromLocal8Bit(argv[1])); }, settled))
    return 3;
  window.findChild<QTabWidget*>()->setCurrentIndex(3);
  const auto femur = window.caseSession()->table().find("femur_right")->value;
  review->setCurrent(femur);
  CorrectionSettings settings = correction->settings();
  settings.tool = CorrectionTool::Paint;
  settings.shape = BrushShape::Ball;
  settings.brushRadiusMm = 12.0;
  correction->setSettings(settings);
  measure(
      "choose a structure", [] {}, settled);

  const Vec3 start = window.workspace()->crosshair();
  int dabs = 0;
  QTimer hand;
  QObject::connect(&hand, &QTimer::timeout, [&] {
    correction->brush(start + Vec3(dabs, 0.0, 0.0), start + Vec3(dabs + 1.0, 0.0, 0.0), Vec3::UnitZ());
    if (++dabs == 40) {
      hand.stop();
      correction->endStroke();
    }
  });
  auto surface = window.caseSession()->surfaces().at(femur);
  const auto surfaceFollowed = [&] { return window.caseSession()->surfaces().at(femur) != surface; };
  measure(
      "a stroke of 40 dabs, and its surface", [&] { hand.start(16); }, surfaceFollowed);
  surface = window.caseSession()->surfaces().at(femur);
  measure(
      "undo, and its surface", [&] { correction->undoStack()->undo(); }, surfaceFollowed);
  measure(
      "smooth", [&] { correction->smooth(); }, [&] { return !correction->isBusy(); });
  bool saved = false;
  measure(
      "save", [&] { correction->save([&] { saved = true; }); }, [&] { return saved; });
  bool followed = false;
  QObject::connect(window.planSession(), &PlanSession::measured, [&] { followed = true; });
  if (window.planSession()->plan())
    measure(
        "landmarks and plan follow", [] {}, [&] { return followed; });
  return 0;
}
