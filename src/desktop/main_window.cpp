#include "main_window.hpp"

#include "banner.hpp"
#include "case_session.hpp"
#include "correction_presenter.hpp"
#include "correction_session.hpp"
#include "implant_presenter.hpp"
#include "motion_session.hpp"
#include "plan_session.hpp"
#include "progress_strip.hpp"
#include "review_actions.hpp"
#include "review_session.hpp"
#include "scene_view.hpp"
#include "settings.hpp"
#include "stage_process.hpp"
#include "start_page.hpp"
#include "structure_model.hpp"
#include "structure_presenter.hpp"
#include "workspace.hpp"

#include "coxa/base/resources.hpp"

#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSlider>
#include <QStackedWidget>
#include <QTabWidget>
#include <QUndoGroup>
#include <QUrl>

namespace coxa {
namespace {

constexpr double kHipZoom = 1.8;  // of one hip against the whole anatomy

bool isCase(const QString& path) {
  return QFileInfo::exists(QDir(path).filePath(QStringLiteral("case.json")));
}

QString droppedFolder(const QMimeData* data) {
  const QList<QUrl> urls = data->urls();
  if (urls.size() != 1 || !urls.first().isLocalFile()) return {};
  const QFileInfo dropped(urls.first().toLocalFile());
  return dropped.isDir() ? dropped.absoluteFilePath() : QString();
}

}  // namespace

MainWindow::MainWindow(StructureTable table, Catalogue catalogue, QWidget* parent)
    : QMainWindow(parent),
      case_(new CaseSession(std::move(table), this)),
      plan_(new PlanSession(case_, std::move(catalogue), this)),
      motion_(new MotionSession(plan_, this)),
      correction_(new CorrectionSession(case_, this)),
      review_(new ReviewSession(case_, correction_, this)),
      structures_(new StructureModel(this)),
      undo_(new QUndoGroup(this)),
      stages_(new StageProcess(findCoxaCli(), this)) {
  setAcceptDrops(true);
  for (QUndoStack* stack : {plan_->undoStack(), correction_->undoStack()}) undo_->addStack(stack);
  undo_->setActiveStack(plan_->undoStack());
  createCentre();
  createDocks();
  createActions();
  connectSessions();
  updateRecent();
  showCase(false);
  showOverlay(SliceOverlay::Labels);
  if (!restoreGeometry(Settings::windowGeometry())) resize(1440, 900);
}

MainWindow::~MainWindow() = default;

void MainWindow::connectSessions() {
  connect(case_, &CaseSession::opened, this, [this] {
    showCase(true);
    Settings::addRecentCase(QString::fromStdString(case_->source().folder().string()));
    updateRecent();
  });
  connect(case_, &CaseSession::closed, this, [this] { showCase(false); });
  connect(case_, &CaseSession::failed, this, &MainWindow::showError);
  connect(plan_, &PlanSession::failed, this, &MainWindow::showError);
  connect(motion_, &MotionSession::failed, this, &MainWindow::showError);
  connect(correction_, &CorrectionSession::failed, this, &MainWindow::showError);
  connect(correction_, &CorrectionSession::said, this,
          [this](const QString& what) { banner_->showMessage(Banner::Severity::Info, what); });
  connect(correction_, &CorrectionSession::saved, this, &MainWindow::followCorrection);
  connect(review_, &ReviewSession::failed, this, &MainWindow::showError);
  connect(review_, &ReviewSession::currentChanged, this, [this] { showTab(tabs_->currentIndex()); });
  connect(review_, &ReviewSession::placeChosen, workspace_, &Workspace::showPoint);
  connect(plan_, &PlanSession::planChanged, this, [this] { showTab(tabs_->currentIndex()); });
  connect(plan_, &PlanSession::planStarted, this, [this] {
    muscles_->setChecked(false);
    lookAtHip();
  });
  connect(plan_, &PlanSession::savedChanged, this, [this](bool unsaved) {
    saveState_->setText(!plan_->plan() ? QString() : unsaved ? tr("Plan changed") : tr("Plan saved"));
  });
  connect(case_, &CaseSession::segmentationLoaded, this, &MainWindow::updateTitle);
  connect(case_, &CaseSession::loaded, this, &MainWindow::lookAtHip);
  connect(stages_, &StageProcess::progressed, progress_, &ProgressStrip::report);
  connect(stages_, &StageProcess::finished, this, &MainWindow::stagesFinished);
  connect(progress_, &ProgressStrip::cancelRequested, stages_, &StageProcess::cancel);
}

void MainWindow::openPath(const QString& path) {
  const QFileInfo info(path);
  if (!info.exists()) {
    Settings::removeRecentCase(path);
    updateRecent();
    banner_->showMessage(Banner::Severity::Error,
                         tr("There is no folder %1.").arg(QDir::toNativeSeparators(path)),
                         tr("Check that the disk is connected and the folder was not moved."));
    return;
  }
  if (isCase(path) || info.suffix() == QLatin1String("coxa"))
    openCase(path);
  else
    startAnalysis(path);
}

void MainWindow::chooseDicomFolder() {
  auto* dialog = new QFileDialog(this, tr("Open a folder of DICOM files"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::startAnalysis);
  dialog->open();
}

void MainWindow::chooseCase() {
  auto* dialog = new QFileDialog(this, tr("Open a case (a folder NAME.coxa)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openPath);
  dialog->open();
}

void MainWindow::openCase(const QString& folder) {
  banner_->hide();
  saveAll([this, folder] { case_->open(folder); });
}

void MainWindow::closeCase() {
  saveAll([this] { case_->close(); });
}

void MainWindow::saveAll(std::function<void()> done) {
  plan_->save([this, done = std::move(done)] { correction_->save(done); });
}

bool MainWindow::isPreview() const {
  return case_->segmentation() && case_->segmentation()->summary.provenance.samples == 1;
}

void MainWindow::takeScreenshot() {
  const QPixmap picture = grab();
  auto* dialog = new QFileDialog(this, tr("Save the picture"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setNameFilter(tr("PNG pictures (*.png)"));
  dialog->setDefaultSuffix(QStringLiteral("png"));
  dialog->selectFile(QStringLiteral("coxa.png"));
  connect(dialog, &QFileDialog::fileSelected, this, [this, picture](const QString& file) {
    if (!picture.save(file))
      banner_->showMessage(Banner::Severity::Error,
                           tr("The picture could not be written to %1.").arg(QDir::toNativeSeparators(file)),
                           tr("Choose a folder you may write to."));
  });
  dialog->open();
}

void MainWindow::showAbout() {
  auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About Coxa"),
                              tr("<h3>Coxa %1</h3><p>Planning of total hip arthroplasty from CT.</p>"
                                 "<p><b>Research software, not a medical device.</b> Do not use it to treat "
                                 "patients.</p><p>Apache License 2.0. Built on Qt, VTK, ITK and DCMTK.</p>")
                                  .arg(QString::fromLatin1(version())),
                              QMessageBox::Ok, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

void MainWindow::jumpTo(int labelValue) {
  const auto it = case_->surfaces().find(static_cast<std::uint8_t>(labelValue));
  if (it != case_->surfaces().end() && !it->second->empty()) workspace_->showPoint(centroid(*it->second));
}

/// The planned hip in the middle of every view; without a plan, the whole anatomy.
void MainWindow::lookAtHip() {
  AnatomyScene& scene = workspace_->sceneView()->scene();
  scene.fit();
  if (!plan_->plan() || !case_->landmarks()) return;
  const auto& acetabulum = case_->landmarks()->side(plan_->plan()->hip.side).acetabulum;
  if (!acetabulum) return;
  workspace_->showPoint(acetabulum->sphere.center);
  scene.zoom(kHipZoom);
}

/// What the 3-D view shows follows what the surgeon works on: the whole anatomy, bones that let the implants
/// show through, or the moving hip.
void MainWindow::showTab(int tab) {
  const bool planned = plan_->plan().has_value();
  const bool seeThrough = tab == PlanTab && planned;
  structurePresenter_->setSeeThrough(seeThrough ? std::optional(plan_->plan()->hip.side) : std::nullopt);
  implantPresenter_->setMoving(tab == MotionTab && planned);
  const bool reviewing = tab == ReviewTab && case_->isOpen() && !analysing_;
  undo_->setActiveStack(reviewing ? correction_->undoStack() : plan_->undoStack());
  correctionPresenter_->setActive(reviewing);
  structurePresenter_->setLookedAt(reviewing ? review_->current() : std::uint8_t{0});
  reviewActions_->setActive(reviewing);
}

void MainWindow::showCase(bool shown) {
  pages_->setCurrentWidget(shown ? static_cast<QWidget*>(workspace_) : start_);
  for (QDockWidget* dock : docks_) dock->setVisible(shown);
  for (QAction* action : needCase_) action->setEnabled(shown);
  for (QAction* action : changeCase_) action->setEnabled(shown && !analysing_);
  overlayOpacity_->setEnabled(shown);
  readOut_->clear();
  showTab(tabs_->currentIndex());
  updateTitle();
}

void MainWindow::updateTitle() {
  if (!case_->isOpen()) {
    setWindowTitle(tr("Coxa"));
    return;
  }
  const QString name = QString::fromStdString(case_->source().name());
  setWindowTitle(isPreview() ? tr("%1 (preview, without uncertainty) – Coxa").arg(name)
                             : tr("%1 – Coxa").arg(name));
}

void MainWindow::updateRecent() {
  const QStringList recent = Settings::recentCases();
  start_->setRecentCases(recent);
  recentMenu_->clear();
  recentMenu_->setEnabled(!recent.isEmpty());
  for (const QString& folder : recent)
    recentMenu_->addAction(QFileInfo(folder).completeBaseName(), this, [this, folder] { openPath(folder); });
}

void MainWindow::showError(const Error& error) {
  banner_->showError(error);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (droppedFolder(event->mimeData()).isEmpty()) return;
  event->acceptProposedAction();
  start_->setDropping(true);
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) {
  start_->setDropping(false);
}

void MainWindow::dropEvent(QDropEvent* event) {
  start_->setDropping(false);
  event->acceptProposedAction();
  openPath(droppedFolder(event->mimeData()));
}

void MainWindow::closeEvent(QCloseEvent* event) {
  Settings::setWindowGeometry(saveGeometry());
  if ((!plan_->hasUnsavedEdits() && !correction_->hasUnsavedCorrections()) || closing_) {
    QMainWindow::closeEvent(event);
    return;
  }
  // Closes once everything is in the case; where that failed, the next attempt closes without it.
  closing_ = true;
  event->ignore();
  saveAll([this] { close(); });
}

}  // namespace coxa
