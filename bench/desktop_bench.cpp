// Start of the program to the first image of a case, and the longest time the window did not answer until all
// of the case was read. usage: coxa_desktop_bench CASE.coxa [RUNS]     (in an X display, for example
// xvfb-run)
#include "case_session.hpp"
#include "main_window.hpp"
#include "slice_view.hpp"
#include "theme.hpp"
#include "viewport.hpp"
#include "workspace.hpp"

#include <QApplication>
#include <QProcess>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using namespace coxa;

double nowMs() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Says when the axial slice is painted for the first time with a CT.
class FirstImage : public QObject {
 public:
  explicit FirstImage(MainWindow& window) : window_(window) {
    window.workspace()->slice(BodyPlane::Axial)->installEventFilter(this);
  }
  double atMs() const { return atMs_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::Paint && window_.caseSession()->ct() && atMs_ == 0.0)
      QTimer::singleShot(0, this, [this] { atMs_ = nowMs(); });  // after the painting itself
    return QObject::eventFilter(watched, event);
  }

 private:
  MainWindow& window_;
  double atMs_ = 0.0;
};

/// One start, in a process of its own: prints "FIRST_IMAGE_MS LONGEST_PAUSE_MS LOADED_MS".
int runOnce(int argc, char** argv, double startMs) {
  Viewport::prepare();
  QApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("CoxaBench"));
  applyTheme(application);
  MainWindow window(StructureTable::loadDefault().value(), loadDefaultCatalogue().value());
  FirstImage firstImage(window);
  window.show();
  window.openPath(QString::fromLocal8Bit(argv[1]));

  double longest = 0.0;
  double lastBeat = nowMs();
  QTimer heart;
  QObject::connect(&heart, &QTimer::timeout, [&] {
    longest = std::max(longest, nowMs() - lastBeat);
    lastBeat = nowMs();
  });
  heart.start(1);
  QObject::connect(window.caseSession(), &CaseSession::loaded, [&] {
    std::printf("%.0f %.0f %.0f\n", firstImage.atMs() - startMs, longest, nowMs() - startMs);
    QCoreApplication::quit();
  });
  QObject::connect(window.caseSession(), &CaseSession::failed, [](const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    QCoreApplication::exit(3);
  });
  return QApplication::exec();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && QString::fromLatin1(argv[2]) == QLatin1String("--started-at"))
    return runOnce(argc, argv, std::atof(argv[3]));
  if (argc < 2) {
    std::fprintf(stderr, "usage: coxa_desktop_bench CASE.coxa [RUNS]\n");
    return 2;
  }
  const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
  std::vector<double> first;
  std::vector<double> pauses;
  std::vector<double> loaded;
  for (int run = 0; run < runs; ++run) {
    QProcess child;
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QString::fromLocal8Bit(argv[0]),
                {QString::fromLocal8Bit(argv[1]), "--started-at", QString::number(nowMs(), 'f', 3)});
    child.waitForFinished(-1);
    const QList<QByteArray> numbers = child.readAllStandardOutput().simplified().split(' ');
    if (numbers.size() != 3) return 3;
    first.push_back(numbers[0].toDouble());
    pauses.push_back(numbers[1].toDouble());
    loaded.push_back(numbers[2].toDouble());
  }
  std::printf("start to first image: median %.0f ms of %d runs (bar: 2000)\n", median(first), runs);
  std::printf("longest pause of the event loop while loading: median %.0f ms (bar: 100)\n", median(pauses));
  std::printf("start to everything loaded: median %.0f ms\n", median(loaded));
  return 0;
}
