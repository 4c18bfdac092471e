// Opens the real window on a case, puts it into a few telling states and saves a picture of each.
// Of a case with a corrected CT: the start page, and metal artifacts before and after.
// usage: coxa_tour CASE.coxa OUTPUT_FOLDER
#include "banner.hpp"
#include "case_session.hpp"
#include "correction_session.hpp"
#include "main_window.hpp"
#include "metal_comparison.hpp"
#include "motion_session.hpp"
#include "plan_session.hpp"
#include "review_session.hpp"
#include "slice_view.hpp"
#include "structure_model.hpp"
#include "theme.hpp"
#include "viewport.hpp"
#include "workspace.hpp"

#include "coxa/image/files.hpp"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QSlider>
#include <QTabWidget>
#include <QTest>
#include <QTextStream>

namespace {

using namespace coxa;

constexpr int kPatienceMs = 300000;
constexpr int kSettleMs = 1500;  // for the last frame of every view

class Tour {
 public:
  Tour(MainWindow& window, const QString& folder) : window_(window), folder_(folder) {}

  bool run(const QString& caseFolder) {
    save("start");
    window_.openPath(caseFolder);
    if (!wait([this] { return window_.caseSession()->isOpen() && !window_.caseSession()->isLoading(); }))
      return false;
    return window_.caseSession()->reducedCt() ? metal() : planned();
  }

 private:
  bool planned() {
    if (!window_.planSession()->plan()) window_.planSession()->suggest(Side::Right);
    if (!wait([this] { return window_.planSession()->measures().has_value(); })) return false;
    if (!wait([this] { return window_.motionSession()->result().has_value(); })) return false;
    anatomy();
    plan();
    motion();
    return review();
  }

  /// The border runs through the implant where it is thickest.
  bool metal() {
    const auto file = window_.caseSession()->source().file(Stage::MetalReduction, "metal.nrrd");
    const auto mask = file.and_then(readLabelMap);
    if (!mask) return false;
    window_.resize(1300, 820);
    showTab(2);
    trigger("Soft tissue");
    trigger("None");
    auto* axial = window_.workspace()->slice(BodyPlane::Axial);
    QTest::mouseDClick(axial, Qt::LeftButton, {}, axial->rect().center());
    window_.workspace()->showPoint(thickest(*mask));
    QTest::qWait(kSettleMs);
    const DisplayPoint at = axial->scene().displayFromWorld(window_.workspace()->crosshair());
    axial->scene().zoom(1.6, at);
    const double share = at.x / (axial->devicePixelRatioF() * axial->width());
    window_.findChild<MetalComparison*>()->slider()->setValue(static_cast<int>(100.0 * share));
    save("metal-slider");
    return true;
  }

  /// Middle of the metal in the slice that has most of it.
  static Vec3 thickest(const LabelMap& metal) {
    std::vector<Vec3> most;
    for (int k = 0; k < metal.grid.size.z(); ++k) {
      std::vector<Vec3> places;
      for (int j = 0; j < metal.grid.size.y(); ++j)
        for (int i = 0; i < metal.grid.size.x(); ++i)
          if (metal.at(i, j, k) != 0) places.push_back(metal.grid.worldFromIndex(Vec3(i, j, k)));
      if (places.size() > most.size()) most = std::move(places);
    }
    Vec3 middle = Vec3::Zero();
    for (const Vec3& p : most) middle += p / static_cast<double>(most.size());
    return middle;
  }

  void anatomy() {
    showTab(2);
    trigger("Soft tissue");
    window_.findChild<QAction*>("muscles")->setChecked(true);
    save("anatomy");
    trigger("Uncertainty");
    save("uncertainty");
    trigger("Structures");
    window_.findChild<QAction*>("muscles")->setChecked(false);
  }

  void plan() {
    showTab(0);
    trigger("Bone");
    trigger("None");
    save("plan");
  }

  /// Where the first direction that something limits ends.
  void motion() {
    showTab(1);
    for (const MotionRow& row : window_.motionSession()->result()->rows) {
      if (!row.contact) continue;
      window_.motionSession()->showContact(*row.contact);
      break;
    }
    save("motion");
  }

  /// The most doubtful place of the most uncertain structure, with a brush over it.
  bool review() {
    showTab(3);
    trigger("Muscle");
    trigger("Structures");
    if (!wait([this] { return !window_.reviewSession()->isSearching(); })) return false;
    window_.reviewSession()->step(1);
    CorrectionSettings settings = window_.correctionSession()->settings();
    settings.tool = CorrectionTool::Paint;
    window_.correctionSession()->setSettings(settings);
    auto* axial = window_.workspace()->slice(BodyPlane::Axial);
    const DisplayPoint at = axial->scene().displayFromWorld(window_.workspace()->crosshair());
    QTest::mouseMove(axial, (QPointF(at.x, at.y) / axial->devicePixelRatioF()).toPoint());
    save("review");
    return true;
  }

  void showTab(int tab) { window_.findChild<QTabWidget*>()->setCurrentIndex(tab); }

  void trigger(const QString& text) {
    for (auto* action : window_.findChildren<QAction*>())
      if (action->text().remove(QLatin1Char('&')) == text) action->trigger();
  }

  bool wait(const std::function<bool()>& condition) {
    if (QTest::qWaitFor(condition, kPatienceMs)) return true;
    QTextStream(stderr) << "The window did not get ready: " << window_.banner()->text() << Qt::endl;
    return false;
  }

  void save(const QString& name) {
    QTest::qWait(kSettleMs);
    window_.grab().save(QDir(folder_).filePath(name + QStringLiteral(".png")));
  }

  MainWindow& window_;
  QString folder_;
};

}  // namespace

int main(int argc, char** argv) {
  Viewport::prepare();
  QApplication application(argc, argv);
  if (argc != 3) {
    QTextStream(stderr) << "usage: coxa_tour CASE.coxa OUTPUT_FOLDER" << Qt::endl;
    return 2;
  }
  QCoreApplication::setOrganizationName(QStringLiteral("CoxaTour"));
  QSettings().clear();
  applyTheme(application);
  MainWindow window(StructureTable::loadDefault().value(), loadDefaultCatalogue().value());
  window.resize(1600, 1000);
  window.show();
  return Tour(window, QString::fromLocal8Bit(argv[2])).run(QString::fromLocal8Bit(argv[1])) ? 0 : 1;
}
