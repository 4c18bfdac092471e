#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/base/job.hpp"
#include "coxa/casefile/case.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/geometry/mesh.hpp"

#include <QObject>
#include <QThreadPool>
#include <map>
#include <memory>
#include <optional>

namespace coxa {

/// Enough for the eye, few enough to be drawn without a graphics card.
constexpr std::size_t kDisplayTriangles = 12000;

struct LoadedSegmentation {
  std::shared_ptr<const LabelMap> labels;
  std::shared_ptr<const ScalarImage> uncertainty;
  SegmentationSummary summary;
};

/// The open case as the window needs it. Reads in the background, most visible things first, and says what
/// has arrived; the panels know only this and never wait.
class CaseSession : public QObject {
  Q_OBJECT
 public:
  explicit CaseSession(StructureTable table, QObject* parent = nullptr);
  ~CaseSession() override;

  /// Closes what is open and starts reading; an unreadable case reports `failed`.
  void open(const QString& folder);
  void close();
  /// Reads the open case anew: another process has written into it.
  void reload();
  /// The segmentation was corrected and stands in `source`; what is shown of it is not read again.
  void replaceSegmentation(Case source, LoadedSegmentation segmentation);
  void replaceSurface(std::uint8_t labelValue, std::shared_ptr<const TriangleMesh> surface);
  /// Another process has found the landmarks anew.
  void reloadLandmarks();

  bool isOpen() const { return source_.has_value(); }
  bool isLoading() const { return pending_ > 0; }
  const Case& source() const { return *source_; }  ///< only while open
  const ImportRecord& importRecord() const { return import_; }
  const StructureTable& table() const { return table_; }
  const std::shared_ptr<const Volume>& ct() const { return ct_; }
  /// With metal artifacts reduced; null where the case has none of its present CT.
  const std::shared_ptr<const Volume>& reducedCt() const { return reducedCt_; }
  /// The one to measure in, as readCtInUse().
  const std::shared_ptr<const Volume>& ctInUse() const { return reducedCt_ ? reducedCt_ : ct_; }
  const std::vector<Notice>& metalNotices() const { return metalNotices_; }
  const std::optional<LoadedSegmentation>& segmentation() const { return segmentation_; }
  const std::optional<LandmarkSet>& landmarks() const { return landmarks_; }
  /// Display surfaces by label value, as they come.
  const std::map<std::uint8_t, std::shared_ptr<const TriangleMesh>>& surfaces() const { return surfaces_; }
  /// The JSON of a stage of this case; "" where the case has none.
  std::string stageJson(Stage stage) const;

 Q_SIGNALS:
  void opened();  ///< the manifest is read
  void ctLoaded();
  void reducedCtLoaded();
  void segmentationLoaded();
  void landmarksLoaded();
  void surfaceLoaded(int labelValue);
  void loaded();  ///< everything the case has is there
  void segmentationReplaced();
  void resultsChanged();  ///< the manifest is another
  void closed();
  void failed(const coxa::Error& error);

 private:
  template <class Work, class Done>
  void load(Work work, Done done);
  void loadCt();
  void loadReducedCt();
  void loadSegmentation();
  void loadLandmarks();
  void loadSurfaces();

  StructureTable table_;
  std::optional<Case> source_;
  ImportRecord import_;
  std::map<Stage, std::string> json_;
  std::vector<Notice> metalNotices_;
  std::shared_ptr<const Volume> ct_;
  std::shared_ptr<const Volume> reducedCt_;
  std::optional<LoadedSegmentation> segmentation_;
  std::optional<LandmarkSet> landmarks_;
  std::map<std::uint8_t, std::shared_ptr<const TriangleMesh>> surfaces_;
  Job job_;             ///< cancels what is still read when the case is closed
  int generation_ = 0;  ///< results of an earlier case are dropped
  int pending_ = 0;
  QThreadPool pool_;  ///< its own, so that reading never delays what answers the user
};

}  // namespace coxa
