// What the main window is made of: pages, docks, actions, menus and bars.
#include "banner.hpp"
#include "case_panel.hpp"
#include "case_session.hpp"
#include "correction_presenter.hpp"
#include "correction_session.hpp"
#include "icons.hpp"
#include "implant_presenter.hpp"
#include "main_window.hpp"
#include "metal_comparison.hpp"
#include "motion_panel.hpp"
#include "motion_session.hpp"
#include "plan_panel.hpp"
#include "plan_session.hpp"
#include "progress_strip.hpp"
#include "review_actions.hpp"
#include "review_panel.hpp"
#include "review_session.hpp"
#include "scene_view.hpp"
#include "start_page.hpp"
#include "structure_panel.hpp"
#include "structure_presenter.hpp"
#include "theme.hpp"
#include "workspace.hpp"

#include <QActionGroup>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QMenuBar>
#include <QSlider>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QUndoGroup>
#include <QVBoxLayout>

namespace coxa {
namespace {

struct WindowPreset {
  const char* name;
  WindowLevel windowLevel;
};

// Usual windows of the reading room.
const WindowPreset kWindowPresets[] = {
    {QT_TRANSLATE_NOOP("coxa::MainWindow", "Bone"), {1800.0, 400.0}},
    {QT_TRANSLATE_NOOP("coxa::MainWindow", "Soft tissue"), {400.0, 40.0}},
    {QT_TRANSLATE_NOOP("coxa::MainWindow", "Muscle"), {250.0, 50.0}},
    {QT_TRANSLATE_NOOP("coxa::MainWindow", "Metal"), {6000.0, 1500.0}},
};

}  // namespace

void MainWindow::createCentre() {
  auto* centre = new QWidget(this);
  auto* layout = new QVBoxLayout(centre);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  banner_ = new Banner(centre);
  progress_ = new ProgressStrip(centre);
  pages_ = new QStackedWidget(centre);
  start_ = new StartPage(pages_);
  workspace_ = new Workspace(case_, pages_);
  pages_->addWidget(start_);
  pages_->addWidget(workspace_);
  layout->addWidget(progress_);
  layout->addWidget(banner_);
  layout->addWidget(pages_, 1);
  setCentralWidget(centre);

  structurePresenter_ = new StructurePresenter(case_, structures_, workspace_);
  implantPresenter_ = new ImplantPresenter(case_, plan_, motion_, structurePresenter_, workspace_);
  correctionPresenter_ = new CorrectionPresenter(case_, correction_, structures_, workspace_);
  reviewActions_ = new ReviewActions(review_, correction_, correctionPresenter_, this);
  connect(start_, &StartPage::openDicomRequested, this, &MainWindow::chooseDicomFolder);
  connect(start_, &StartPage::openCaseRequested, this, &MainWindow::chooseCase);
  connect(start_, &StartPage::recentRequested, this, &MainWindow::openPath);
  connect(start_, &StartPage::virtualPatientRequested, this, &MainWindow::makeVirtualPatient);
}

void MainWindow::createDocks() {
  const auto addDock = [this](Qt::DockWidgetArea area, const QString& title, QWidget* content) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(title);
    dock->setFeatures(QDockWidget::DockWidgetMovable);
    dock->setWidget(content);
    addDockWidget(area, dock);
    docks_ << dock;
  };
  auto* structures = new StructurePanel(structures_, this);
  connect(structures, &StructurePanel::jumpRequested, this, &MainWindow::jumpTo);
  addDock(Qt::LeftDockWidgetArea, tr("Structures"), structures);

  tabs_ = new QTabWidget(this);
  tabs_->setDocumentMode(true);
  tabs_->addTab(new PlanPanel(plan_, tabs_), tr("Plan"));
  tabs_->addTab(new MotionPanel(motion_, tabs_), tr("Motion"));
  tabs_->addTab(new CasePanel(case_, tabs_), tr("Case"));
  tabs_->addTab(new ReviewPanel(review_, correction_, reviewActions_, tabs_), tr("Review"));
  tabs_->tabBar()->setAccessibleName(tr("Plan, motion, case or review"));
  connect(tabs_, &QTabWidget::currentChanged, this, &MainWindow::showTab);
  addDock(Qt::RightDockWidgetArea, tr("Hip"), tabs_);
  docks_.last()->setTitleBarWidget(new QWidget(docks_.last()));  // the tabs say enough
}

QAction* MainWindow::addAction(QMenu* menu, const QString& name, const QString& iconName, const QString& text,
                               const QKeySequence& shortcut, std::function<void()> onTriggered) {
  auto* action = menu->addAction(text);
  action->setObjectName(name);
  action->setShortcut(shortcut);
  if (!iconName.isEmpty()) action->setIcon(icon(iconName));
  if (onTriggered) connect(action, &QAction::triggered, this, std::move(onTriggered));
  return action;
}

void MainWindow::createActions() {
  createFileMenu();
  createViewMenu();
  createEditMenu();
  createPlanMenu();
  createReviewMenu();
  createHelpMenu();
  createToolBar();
  createStatusBar();
}

void MainWindow::createFileMenu() {
  auto* menu = menuBar()->addMenu(tr("&File"));
  addAction(menu, "openDicom", "open-dicom", tr("Open &DICOM folder…"), QKeySequence::Open,
            [this] { chooseDicomFolder(); });
  addAction(menu, "openCase", "open-case", tr("Open &case…"), tr("Ctrl+Shift+O"), [this] { chooseCase(); });
  recentMenu_ = menu->addMenu(icon(QStringLiteral("recent")), tr("&Recent cases"));
  addAction(menu, "virtualPatient", "patient", tr("Make a &virtual patient"), {},
            [this] { makeVirtualPatient(); });
  menu->addSeparator();
  needCase_ << addAction(menu, "reduceMetal", "", tr("Reduce &metal artifacts"), {},
                         [this] { reduceMetalArtifacts(); });
  needCase_ << addAction(menu, "report", "report", tr("Make the r&eport"), QKeySequence::Print,
                         [this] { makeReport(); });
  addAction(menu, "screenshot", "camera", tr("&Save a picture of the window…"), tr("Ctrl+Shift+S"),
            [this] { takeScreenshot(); });
  menu->addSeparator();
  needCase_ << addAction(menu, "close", "", tr("C&lose the case"), QKeySequence::Close,
                         [this] { closeCase(); });
  addAction(menu, "quit", "", tr("&Quit"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::createViewMenu() {
  auto* menu = menuBar()->addMenu(tr("&View"));
  auto* overlays = menu->addMenu(icon(QStringLiteral("layers")), tr("&Overlay"));
  auto* overlayGroup = new QActionGroup(this);
  const auto addOverlay = [&](const QString& text, const QKeySequence& key, SliceOverlay overlay) {
    auto* action = addAction(overlays, {}, {}, text, key, [this, overlay] { showOverlay(overlay); });
    action->setCheckable(true);
    action->setChecked(overlay == SliceOverlay::Labels);
    overlayGroup->addAction(action);
    needCase_ << action;
  };
  addOverlay(tr("&None"), tr("Ctrl+1"), SliceOverlay::None);
  addOverlay(tr("&Structures"), tr("Ctrl+2"), SliceOverlay::Labels);
  addOverlay(tr("&Uncertainty"), tr("Ctrl+3"), SliceOverlay::Uncertainty);

  auto* windows = menu->addMenu(icon(QStringLiteral("window-level")), tr("&Window"));
  int key = 1;
  for (const WindowPreset& preset : kWindowPresets)
    needCase_ << addAction(windows, {}, {}, tr(preset.name), QKeySequence(tr("Alt+%1").arg(key++)),
                           [this, &preset] { workspace_->setWindowLevel(preset.windowLevel); });

  auto* views = menu->addMenu(icon(QStringLiteral("views")), tr("&3-D view from"));
  const std::pair<QString, StandardView> standardViews[] = {
      {tr("&Anterior"), StandardView::Anterior}, {tr("&Posterior"), StandardView::Posterior},
      {tr("&Left"), StandardView::Left},         {tr("&Right"), StandardView::Right},
      {tr("&Superior"), StandardView::Superior}, {tr("&Inferior"), StandardView::Inferior}};
  for (const auto& [text, view] : standardViews)
    needCase_ << addAction(views, {}, {}, text, {},
                           [this, v = view] { workspace_->sceneView()->scene().setView(v); });

  muscles_ = addAction(menu, "muscles", "muscle", tr("&Muscles in 3-D"), tr("Ctrl+M"), {});
  muscles_->setCheckable(true);
  muscles_->setChecked(true);
  connect(muscles_, &QAction::toggled, structurePresenter_, &StructurePresenter::setMusclesShown);
  needCase_ << muscles_;
  menu->addSeparator();
  needCase_ << addAction(menu, "allViews", "grid", tr("Show &all views"), tr("Ctrl+0"),
                         [this] { workspace_->maximize(nullptr); });
  const std::pair<QString, int> tabs[] = {{tr("Go to &plan"), PlanTab},
                                          {tr("Go to m&otion"), MotionTab},
                                          {tr("Go to &case"), CaseTab},
                                          {tr("Go to &review"), ReviewTab}};
  for (const auto& [text, tab] : tabs)
    needCase_ << addAction(menu, {}, {}, text, QKeySequence(Qt::Key_F2 + tab), [this, t = tab] {
      tabs_->setCurrentIndex(t);
      tabs_->currentWidget()->setFocus();
    });
}

void MainWindow::createEditMenu() {
  auto* menu = menuBar()->addMenu(tr("&Edit"));
  const auto addStackAction = [&](QAction* action, const QString& iconName, const QKeySequence& shortcut) {
    action->setIcon(icon(iconName));
    action->setShortcut(shortcut);
    menu->addAction(action);
  };
  addStackAction(undo_->createUndoAction(this, tr("&Undo")), QStringLiteral("undo"), QKeySequence::Undo);
  addStackAction(undo_->createRedoAction(this, tr("&Redo")), QStringLiteral("redo"), QKeySequence::Redo);
}

void MainWindow::createReviewMenu() {
  reviewActions_->addTo(menuBar()->addMenu(tr("&Review")));
}

void MainWindow::createPlanMenu() {
  auto* menu = menuBar()->addMenu(tr("&Plan"));
  for (const Side side : {Side::Right, Side::Left})
    changeCase_ << addAction(
        menu, {}, "suggest",
        side == Side::Left ? tr("Suggest a plan for the &left hip") : tr("Suggest a plan for the &right hip"),
        {}, [this, side] { plan_->suggest(side); });
  needCase_ << changeCase_;
}

void MainWindow::createHelpMenu() {
  auto* menu = menuBar()->addMenu(tr("&Help"));
  addAction(menu, "about", "info", tr("&About Coxa"), {}, [this] { showAbout(); });
}

void MainWindow::createToolBar() {
  auto* bar = addToolBar(tr("Tools"));
  bar->setMovable(false);
  bar->setIconSize(QSize(lineHeights(this, 1.3), lineHeights(this, 1.3)));
  bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  const auto addExisting = [&](const char* name, const QString& shortText) {
    auto* action = findChild<QAction*>(QString::fromLatin1(name));
    action->setIconText(shortText);
    bar->addAction(action);
  };
  const auto addMenuButton = [&](QMenu* menu, const QString& text) {
    auto* button = new QToolButton(bar);
    button->setMenu(menu);
    button->setIcon(menu->icon());
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setPopupMode(QToolButton::InstantPopup);
    bar->addWidget(button);
  };
  addExisting("openDicom", tr("DICOM"));
  addExisting("openCase", tr("Case"));
  bar->addSeparator();
  for (auto* action : menuBar()->actions()[1]->menu()->actions())
    if (action->menu() != nullptr) addMenuButton(action->menu(), action->text().remove(QLatin1Char('&')));
  overlayOpacity_ = new QSlider(Qt::Horizontal, bar);
  overlayOpacity_->setRange(0, 100);
  overlayOpacity_->setValue(40);
  overlayOpacity_->setFixedWidth(lineHeights(this, 5));
  overlayOpacity_->setAccessibleName(tr("Opacity of the overlay, percent"));
  overlayOpacity_->setToolTip(overlayOpacity_->accessibleName());
  connect(overlayOpacity_, &QSlider::valueChanged, this,
          [this](int percent) { workspace_->setOverlayOpacity(percent / 100.0); });
  overlayOpacity_->setEnabled(false);
  bar->addWidget(overlayOpacity_);
  addExisting("muscles", tr("Muscles"));
  auto* comparison = new MetalComparison(case_, workspace_, bar);
  auto* comparisonAction = bar->addWidget(comparison);
  comparisonAction->setVisible(false);
  connect(comparison, &MetalComparison::availableChanged, comparisonAction, &QAction::setVisible);
  auto* space = new QWidget(bar);
  space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  bar->addWidget(space);
  addExisting("screenshot", tr("Picture"));
  addExisting("report", tr("Report"));
  for (auto* button : bar->findChildren<QToolButton*>()) {
    button->setFocusPolicy(Qt::TabFocus);
    if (button->accessibleName().isEmpty()) button->setAccessibleName(button->text());
  }
}

void MainWindow::createStatusBar() {
  readOut_ = new QLabel(this);
  readOut_->setAccessibleName(tr("Value under the pointer"));
  saveState_ = new QLabel(this);
  saveState_->setAccessibleName(tr("State of the plan"));
  statusBar()->addWidget(readOut_, 1);
  statusBar()->addPermanentWidget(saveState_);
  statusBar()->setSizeGripEnabled(false);
  connect(workspace_, &Workspace::readOut, readOut_, &QLabel::setText);
}

void MainWindow::showOverlay(SliceOverlay overlay) {
  workspace_->setOverlay(overlay);
  workspace_->sceneView()->scene().setColoring(
      overlay == SliceOverlay::Uncertainty ? SurfaceColoring::Uncertainty : SurfaceColoring::Structure);
}

}  // namespace coxa
