#pragma once

#include "background.hpp"

#include "coxa/casefile/case.hpp"
#include "coxa/editing/correction.hpp"
#include "coxa/editing/tools.hpp"
#include "coxa/geometry/mesh.hpp"

#include <QObject>
#include <QUndoStack>
#include <array>
#include <memory>
#include <optional>

namespace coxa {

class CaseSession;
struct LoadedSegmentation;

enum class CorrectionTool { Look, Paint, Erase, Grow };
enum class BrushShape { Disc, Ball };

/// What the tools do.
struct CorrectionSettings {
  CorrectionTool tool = CorrectionTool::Look;
  BrushShape shape = BrushShape::Disc;
  double brushRadiusMm = 6.0;
  GrowLimits grow;
  double smoothingMm = 1.5;
  std::optional<std::uint8_t> onlyOver;  ///< painting takes voxels from this label alone, 0 the background
  LabelSet locked;
  std::optional<float> leastUncertainty;  ///< only voxels at least as uncertain change
};

/// The labels of the open case while they are corrected: a copy that tools change, with undo, until it is
/// saved into the case as its segmentation.
class CorrectionSession : public QObject {
  Q_OBJECT
 public:
  explicit CorrectionSession(CaseSession* session, QObject* parent = nullptr);

  bool isReady() const { return labels_ != nullptr; }
  /// A tool computes; no other begins meanwhile.
  bool isBusy() const { return busy_; }
  /// The labels as corrected; they change with every edit.
  std::shared_ptr<const LabelMap> labels() const { return labels_; }
  /// A copy that stays as it is.
  std::shared_ptr<const LabelMap> snapshot();
  /// Of the outlines in the case (see outlineChecksums).
  const std::map<std::uint8_t, std::string>& savedOutlines() const { return outlines_; }
  double volumeMl(std::uint8_t value) const;

  const CorrectionSettings& settings() const { return settings_; }
  void setSettings(const CorrectionSettings& settings);
  void toggleLock(std::uint8_t value);
  std::uint8_t structure() const { return structure_; }
  void setStructure(std::uint8_t value);  ///< the one the tools draw

  /// Paint and Erase, step by step of one stroke; `normal` (world) is that of the slice.
  void brush(const Vec3& from, const Vec3& to, const Vec3& normal);
  void endStroke();
  void growFrom(const Vec3& seed);
  /// Across the slices with that normal (world).
  void fillBetweenSlices(const Vec3& normal);
  void smooth();
  QUndoStack* undoStack() { return &undo_; }

  bool hasUnsavedCorrections() const { return !undo_.isClean() || saving_; }
  /// Writes the labels into the case and calls `done` when they are there.
  void save(std::function<void()> done = {});

 Q_SIGNALS:
  void readyChanged();
  void settingsChanged();
  void structureChanged();
  void labelsChanged(const coxa::IndexBox& where);  ///< also within a stroke
  void edited(const coxa::LabelSet& structures);    ///< by a whole edit, undo or redo
  void busyChanged();
  void savingChanged();                          ///< what is unsaved, or a save has begun or ended
  void saved(const coxa::LabelSet& structures);  ///< they differ from what the case was opened with
  void said(const QString& what);                ///< why a tool changed nothing
  void failed(const coxa::Error& error);

 private:
  friend class LabelCommand;
  using Surfaces = std::map<std::uint8_t, Result<TriangleMesh>>;

  void reset();
  void prepare();
  EditScope scope() const;
  bool canDraw();
  void apply(const LabelChange& change, bool back);
  void finish(const LabelChange& change, const QString& text);
  void announce(const LabelChange& change);
  void compute(std::function<Result<LabelChange>(const LabelMap&)> tool, const QString& text,
               const QString& ifNothing);
  void remakeSurfaces(const LabelSet& structures);
  void setBusy(bool busy);

  CaseSession* session_;
  std::shared_ptr<const LoadedSegmentation> original_;  ///< what the case was opened with
  std::shared_ptr<LabelMap> labels_;
  std::shared_ptr<const LabelMap> snapshot_;  ///< null while older than the labels
  std::array<std::int64_t, 256> voxels_{};
  std::map<std::uint8_t, std::string> outlines_;
  CorrectionSettings settings_;
  std::uint8_t structure_ = 0;
  LabelChange stroke_;
  QUndoStack undo_;
  LabelSet oldSurfaces_;
  LatestOnly<Surfaces> surfaces_{this};
  std::vector<std::function<void()>> afterSave_;
  int generation_ = 0;
  bool busy_ = false;
  bool saving_ = false;
};

}  // namespace coxa
