#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/geometry/types.hpp"
#include "coxa/implants/catalogue.hpp"
#include "coxa/render/slice_scene.hpp"

#include <QMainWindow>
#include <functional>

class QLabel;
class QMenu;
class QSlider;
class QStackedWidget;
class QTabWidget;
class QUndoGroup;

namespace coxa {

class Banner;
class CaseSession;
class CorrectionPresenter;
class CorrectionSession;
class ImplantPresenter;
class MotionSession;
class PlanSession;
class ProgressStrip;
class ReviewActions;
class ReviewSession;
class StageProcess;
class StartPage;
class StructureModel;
class StructurePresenter;
class Workspace;
struct AnalysisRequest;
struct Error;
struct StageOutcome;

/// The one window: views in the middle, structures at the left, plan, motion, case and review at the right.
/// It joins sessions, presenters and panels and runs the long stages; the work itself is theirs.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  MainWindow(StructureTable table, Catalogue catalogue, QWidget* parent = nullptr);
  ~MainWindow() override;

  /// A case is opened; any other folder is taken as a DICOM folder, for which the analysis form comes up.
  void openPath(const QString& path);

  CaseSession* caseSession() const { return case_; }
  PlanSession* planSession() const { return plan_; }
  MotionSession* motionSession() const { return motion_; }
  CorrectionSession* correctionSession() const { return correction_; }
  ReviewSession* reviewSession() const { return review_; }
  Workspace* workspace() const { return workspace_; }
  StructureModel* structures() const { return structures_; }
  Banner* banner() const { return banner_; }

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  enum Tab { PlanTab, MotionTab, CaseTab, ReviewTab };

  // Composition, in main_window_layout.cpp.
  void createCentre();
  void createDocks();
  void createActions();
  void createFileMenu();
  void createViewMenu();
  void createEditMenu();
  void createPlanMenu();
  void createReviewMenu();
  void createHelpMenu();
  void createToolBar();
  void createStatusBar();
  QAction* addAction(QMenu* menu, const QString& name, const QString& iconName, const QString& text,
                     const QKeySequence& shortcut, std::function<void()> onTriggered);

  void connectSessions();
  void chooseDicomFolder();
  void chooseCase();
  /// The plan and the corrections, then `done`.
  void saveAll(std::function<void()> done);
  void followCorrection();
  void openCase(const QString& folder);
  void closeCase();
  void startAnalysis(const QString& dicomFolder);
  /// A preview without uncertainty first, which is shown while the whole job runs.
  void runAnalysis(const AnalysisRequest& request);
  void completeAnalysis(const AnalysisRequest& request);
  /// While the whole job runs on the open case, nothing in it is planned, moved or corrected.
  void setAnalysing(bool analysing);
  bool isPreview() const;
  void makeVirtualPatient();
  void reduceMetalArtifacts();
  void makeReport();
  void openReport();
  void takeScreenshot();
  void showAbout();
  void jumpTo(int labelValue);
  void lookAtHip();
  void showOverlay(SliceOverlay overlay);
  void showTab(int tab);
  void showCase(bool shown);
  void updateRecent();
  void updateTitle();
  /// Runs coxa-cli for `title`; `done` follows when all steps succeed.
  void runStages(const QString& title, const QList<QStringList>& steps, std::function<void()> done);
  void stagesFinished(const StageOutcome& outcome);
  void showError(const Error& error);

  CaseSession* case_;
  PlanSession* plan_;
  MotionSession* motion_;
  CorrectionSession* correction_;
  ReviewSession* review_;
  StructureModel* structures_;
  QUndoGroup* undo_;  ///< of the plan or, while reviewing, of the labels
  StageProcess* stages_;
  std::function<void()> afterStages_;
  bool analysing_ = false;     ///< the whole job follows the preview
  bool landmarksDue_ = false;  ///< the outlines changed while another stage ran
  bool closing_ = false;

  Banner* banner_ = nullptr;
  ProgressStrip* progress_ = nullptr;
  QStackedWidget* pages_ = nullptr;
  StartPage* start_ = nullptr;
  Workspace* workspace_ = nullptr;
  StructurePresenter* structurePresenter_ = nullptr;
  ImplantPresenter* implantPresenter_ = nullptr;
  CorrectionPresenter* correctionPresenter_ = nullptr;
  ReviewActions* reviewActions_ = nullptr;
  QTabWidget* tabs_ = nullptr;
  QList<QDockWidget*> docks_;
  QMenu* recentMenu_ = nullptr;
  QLabel* readOut_ = nullptr;
  QLabel* saveState_ = nullptr;
  QSlider* overlayOpacity_ = nullptr;
  QAction* muscles_ = nullptr;
  QList<QAction*> needCase_;    ///< enabled while a case is open
  QList<QAction*> changeCase_;  ///< of these, those that change it
};

}  // namespace coxa
