#include "analysis_form.hpp"
#include "banner.hpp"
#include "case_session.hpp"
#include "main_window.hpp"
#include "motion_session.hpp"
#include "plan_session.hpp"
#include "progress_strip.hpp"
#include "stage_process.hpp"

#include <QDesktopServices>
#include <QDir>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTabWidget>
#include <QUrl>
#include <utility>

// What the window has the command line do on the case, and what follows it.

namespace coxa {
namespace {

QString casesFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

bool hasHandPlaced(const LandmarkSet& landmarks) {
  for (const Side side : {Side::Left, Side::Right}) {
    const HipLandmarks& hip = landmarks.side(side);
    const auto corrected = [](const auto& landmark) { return landmark && landmark->trust.corrected; };
    if (corrected(hip.asis) || corrected(hip.pubicTubercle) || corrected(hip.greaterTrochanter) ||
        corrected(hip.lesserTrochanter) || corrected(hip.medialEpicondyle) ||
        corrected(hip.lateralEpicondyle) || corrected(hip.femoralHead) || corrected(hip.acetabulum))
      return true;
  }
  return false;
}

}  // namespace

/// Landmarks come from the outlines, the plan's numbers from both: found anew, unless that would throw away
/// what someone placed by hand.
void MainWindow::followCorrection() {
  if (!case_->landmarks()) return;
  if (hasHandPlaced(*case_->landmarks())) {
    banner_->showMessage(Banner::Severity::Warning,
                         tr("Landmarks and plan are of the outlines before the correction."),
                         tr("Some landmarks were placed by hand, so they were kept. To find all anew, run "
                            "coxa-cli landmarks on the case."));
    return;
  }
  landmarksDue_ = stages_->isRunning();
  if (landmarksDue_) return;
  const QString folder = QString::fromStdString(case_->source().folder().string());
  runStages(tr("Landmarks"), {{QStringLiteral("landmarks"), folder}}, [this, folder] {
    if (case_->isOpen() && QString::fromStdString(case_->source().folder().string()) == folder)
      case_->reloadLandmarks();
  });
}

void MainWindow::startAnalysis(const QString& dicomFolder) {
  if (stages_->isRunning()) {
    banner_->showMessage(Banner::Severity::Info, tr("An analysis is running."),
                         tr("Wait until it is done, or cancel it."));
    return;
  }
  auto* form = new AnalysisForm(dicomFolder, casesFolder(), this);
  connect(form, &AnalysisForm::requested, this, &MainWindow::runAnalysis);
  form->open();
}

void MainWindow::runAnalysis(const AnalysisRequest& request) {
  const QList<QStringList> steps = {
      {QStringLiteral("import"), request.dicomFolder, QStringLiteral("--case"), request.caseFolder,
       QStringLiteral("--series"), request.seriesUid},
      {QStringLiteral("reduce-metal"), request.caseFolder, QStringLiteral("--if-implants")},
      {QStringLiteral("segment"), request.caseFolder, QStringLiteral("--samples"), QStringLiteral("1")}};
  runStages(tr("Preview"), steps, [this, request] {
    openCase(request.caseFolder);
    completeAnalysis(request);
  });
}

void MainWindow::completeAnalysis(const AnalysisRequest& request) {
  const QStringList step = {QStringLiteral("run"),    request.caseFolder,
                            QStringLiteral("--side"), QString::fromLatin1(name(request.side)),
                            QStringLiteral("--case"), request.caseFolder};
  runStages(tr("Analysis"), {step}, [this, folder = request.caseFolder] { openCase(folder); });
  setAnalysing(true);
  banner_->showMessage(
      Banner::Severity::Info, tr("Preview, without uncertainty."),
      tr("The full segmentation is being computed and takes its place. Plan, motion and review "
         "wait for it."));
}

void MainWindow::setAnalysing(bool analysing) {
  analysing_ = analysing;
  for (const int tab : {PlanTab, MotionTab, ReviewTab}) tabs_->widget(tab)->setEnabled(!analysing);
  for (QAction* action : changeCase_) action->setEnabled(!analysing && case_->isOpen());
  showTab(tabs_->currentIndex());
}

void MainWindow::makeVirtualPatient() {
  const quint32 seed = QRandomGenerator::global()->bounded(1U, 100000U);
  const QString folder = QDir(casesFolder()).filePath(QStringLiteral("virtual-patient-%1").arg(seed));
  const QStringList step = {QStringLiteral("phantom"), QStringLiteral("--seed"), QString::number(seed),
                            QStringLiteral("--output"), folder};
  runStages(tr("Virtual patient"), {step},
            [this, folder] { startAnalysis(QDir(folder).filePath(QStringLiteral("dicom"))); });
}

void MainWindow::reduceMetalArtifacts() {
  const QString folder = QString::fromStdString(case_->source().folder().string());
  saveAll([this, folder] {
    runStages(tr("Metal artifacts"), {{QStringLiteral("reduce-metal"), folder}}, [this, folder] {
      const auto done = Case::open(folder.toStdString());
      if (done && !done->has(Stage::MetalReduction))
        banner_->showMessage(Banner::Severity::Info, tr("No implant was found in this CT."),
                             tr("It stays as it is."));
      else
        openCase(folder);
    });
  });
}

void MainWindow::makeReport() {
  const QString folder = QString::fromStdString(case_->source().folder().string());
  const QString profile = QString::fromStdString(motion_->profile().name);
  saveAll([this, folder, profile] {
    QList<QStringList> steps;
    if (plan_->plan())
      steps << QStringList{QStringLiteral("motion"), folder, QStringLiteral("--profile"), profile};
    steps << QStringList{QStringLiteral("report"), folder};
    runStages(tr("Report"), steps, [this] { openReport(); });
  });
}

void MainWindow::openReport() {
  auto source = Case::open(case_->source().folder());
  const auto file = source ? source->file(Stage::Report, "report.pdf") : tl::unexpected(source.error());
  if (!file) {
    showError(file.error());
    return;
  }
  const QString path = QString::fromStdString(file->string());
  if (!QDesktopServices::openUrl(QUrl::fromLocalFile(path)))
    banner_->showMessage(Banner::Severity::Info,
                         tr("The report is ready: %1").arg(QDir::toNativeSeparators(path)),
                         tr("No program for PDF files was found; open it with one of your choice."));
}

void MainWindow::runStages(const QString& title, const QList<QStringList>& steps,
                           std::function<void()> done) {
  if (stages_->isRunning()) return;
  banner_->hide();
  afterStages_ = std::move(done);
  progress_->begin(title);
  stages_->start(steps);
}

void MainWindow::stagesFinished(const StageOutcome& outcome) {
  progress_->end();
  // A job that did not end may have left newer results than the preview.
  if (analysing_ && outcome.kind != StageOutcome::Kind::Done) case_->reload();
  setAnalysing(false);
  const auto done = std::exchange(afterStages_, {});
  switch (outcome.kind) {
    case StageOutcome::Kind::Done:
      done();
      break;
    case StageOutcome::Kind::Cancelled:
      banner_->showMessage(Banner::Severity::Info, outcome.what);
      break;
    case StageOutcome::Kind::Failed:
      banner_->showMessage(Banner::Severity::Error, outcome.what, outcome.advice, outcome.detail);
      break;
  }
  if (std::exchange(landmarksDue_, false) && case_->isOpen()) followCorrection();
}

}  // namespace coxa
