#include "correction_session.hpp"

#include "case_session.hpp"
#include "label_command.hpp"

#include "coxa/anatomy/surfaces.hpp"
#include "coxa/casefile/review.hpp"

#include <cmath>

namespace coxa {
namespace {

constexpr int kUndoSteps = 500;

struct Prepared {
  std::shared_ptr<LabelMap> labels;
  std::array<std::int64_t, 256> voxels{};
  std::map<std::uint8_t, std::string> outlines;
};

Prepared prepared(const LabelMap& labels) {
  Prepared made{std::make_shared<LabelMap>(labels), {}, outlineChecksums(labels)};
  for (const std::uint8_t label : labels.voxels) ++made.voxels[label];
  return made;
}

/// The grid's axis that runs closest to a direction.
int axisAlong(const Grid& grid, const Vec3& direction) {
  int axis = 0;
  (grid.direction.transpose() * direction).cwiseAbs().maxCoeff(&axis);
  return axis;
}

struct Saved {
  Case source;
  LoadedSegmentation segmentation;
  LabelSet structures;
  std::map<std::uint8_t, std::string> outlines;
};

Result<Saved> write(Case target, const std::string& correctedFrom, CorrectedSegmentation corrected,
                    const StructureTable& table) {
  const auto put = putCorrection(target, correctedFrom, corrected, table);
  if (!put) return tl::unexpected(put.error());
  auto outlines = outlineChecksums(corrected.labels);
  LoadedSegmentation loaded{std::make_shared<const LabelMap>(std::move(corrected.labels)),
                            std::make_shared<const ScalarImage>(std::move(corrected.uncertainty)),
                            std::move(corrected.summary)};
  return Saved{std::move(target), std::move(loaded), corrected.structures, std::move(outlines)};
}

}  // namespace

CorrectionSession::CorrectionSession(CaseSession* session, QObject* parent)
    : QObject(parent), session_(session) {
  undo_.setUndoLimit(kUndoSteps);
  connect(session, &CaseSession::loaded, this, &CorrectionSession::prepare);
  connect(session, &CaseSession::closed, this, &CorrectionSession::reset);
  connect(&undo_, &QUndoStack::cleanChanged, this, &CorrectionSession::savingChanged);
}

void CorrectionSession::reset() {
  ++generation_;
  surfaces_.clear();
  undo_.clear();
  stroke_ = {};
  labels_.reset();
  snapshot_.reset();
  original_.reset();
  outlines_.clear();
  oldSurfaces_.reset();
  afterSave_.clear();
  saving_ = false;
  setBusy(false);
  settings_.locked.reset();
  settings_.tool = CorrectionTool::Look;
  Q_EMIT settingsChanged();
  Q_EMIT readyChanged();
}

/// Only once everything of the case is read: surfaces that came later would be older than the edits.
void CorrectionSession::prepare() {
  if (!session_->segmentation()) return;
  original_ = std::make_shared<const LoadedSegmentation>(*session_->segmentation());
  runInBackground(
      this, [original = original_] { return prepared(*original->labels); },
      [this, generation = generation_](Prepared made) {
        if (generation != generation_) return;
        labels_ = std::move(made.labels);
        voxels_ = made.voxels;
        outlines_ = std::move(made.outlines);
        snapshot_ = original_->labels;
        Q_EMIT readyChanged();
      });
}

std::shared_ptr<const LabelMap> CorrectionSession::snapshot() {
  if (snapshot_ == nullptr && labels_ != nullptr) snapshot_ = std::make_shared<const LabelMap>(*labels_);
  return snapshot_;
}

double CorrectionSession::volumeMl(std::uint8_t value) const {
  return labels_ == nullptr ? 0.0
                            : static_cast<double>(voxels_[value]) * labels_->grid.voxelVolumeMm3() / 1000.0;
}

void CorrectionSession::setSettings(const CorrectionSettings& settings) {
  endStroke();
  settings_ = settings;
  Q_EMIT settingsChanged();
}

void CorrectionSession::toggleLock(std::uint8_t value) {
  CorrectionSettings settings = settings_;
  settings.locked.flip(value);
  setSettings(settings);
}

void CorrectionSession::setStructure(std::uint8_t value) {
  if (structure_ == value) return;
  endStroke();
  structure_ = value;
  Q_EMIT structureChanged();
}

EditScope CorrectionSession::scope() const {
  EditScope scope;
  scope.locked = settings_.locked;
  if (settings_.tool == CorrectionTool::Erase)
    scope.replaceable = LabelSet().set(structure_);
  else if (settings_.onlyOver)
    scope.replaceable = LabelSet().set(*settings_.onlyOver);
  if (settings_.leastUncertainty) {
    scope.uncertainty = original_->uncertainty;
    scope.leastUncertainty = *settings_.leastUncertainty;
  }
  return scope;
}

bool CorrectionSession::canDraw() {
  if (!isReady() || busy_ || structure_ == 0) return false;
  if (!settings_.locked[structure_]) return true;
  Q_EMIT said(tr("The structure is locked. Unlock it in the list to correct it."));
  return false;
}

void CorrectionSession::brush(const Vec3& from, const Vec3& to, const Vec3& normal) {
  if (!canDraw()) return;
  const Brush brush{settings_.brushRadiusMm,
                    settings_.shape == BrushShape::Disc ? std::optional(normal) : std::nullopt};
  const std::uint8_t value = settings_.tool == CorrectionTool::Erase ? std::uint8_t{0} : structure_;
  const LabelChange dab = paint(*labels_, from, to, brush, value, scope());
  if (dab.empty()) return;
  apply(dab, false);
  stroke_ = combined(stroke_, dab);
}

void CorrectionSession::endStroke() {
  if (stroke_.empty()) return;
  finish(std::exchange(stroke_, {}),
         settings_.tool == CorrectionTool::Erase ? tr("erasing") : tr("painting"));
}

void CorrectionSession::growFrom(const Vec3& seed) {
  if (!canDraw()) return;
  compute([ct = session_->ctInUse(), seed, limits = settings_.grow, value = structure_,
           scope = scope()](const LabelMap& labels) { return grow(*ct, labels, seed, limits, value, scope); },
          tr("growing"), tr("Everything in reach is already part of the structure, or may not change."));
}

void CorrectionSession::fillBetweenSlices(const Vec3& normal) {
  if (!canDraw()) return;
  compute(
      [value = structure_, axis = axisAlong(labels_->grid, normal), scope = scope()](const LabelMap& labels)
          -> Result<LabelChange> { return coxa::fillBetweenSlices(labels, value, axis, scope); },
      tr("filling between slices"),
      tr("No slice is missing between those that have the structure. Erase the wrong ones first."));
}

void CorrectionSession::smooth() {
  if (!canDraw()) return;
  compute([value = structure_, sigma = settings_.smoothingMm, scope = scope()](const LabelMap& labels)
              -> Result<LabelChange> { return coxa::smooth(labels, value, sigma, scope); },
          tr("smoothing"), tr("The structure is already as smooth as that."));
}

/// Runs a tool beside the window, on the labels as they are; an undo meanwhile makes its answer void.
void CorrectionSession::compute(std::function<Result<LabelChange>(const LabelMap&)> tool, const QString& text,
                                const QString& ifNothing) {
  endStroke();
  setBusy(true);
  runInBackground(
      this, [tool = std::move(tool), labels = snapshot()] { return std::pair(labels, tool(*labels)); },
      [this, generation = generation_, text, ifNothing](auto answer) {
        if (generation != generation_) return;
        setBusy(false);
        const auto& [labels, change] = answer;
        if (!change) {
          Q_EMIT said(QString::fromStdString(change.error().message));
        } else if (change->empty()) {
          Q_EMIT said(ifNothing);
        } else if (labels == snapshot_) {
          apply(*change, false);
          finish(*change, text);
        }
      });
}

void CorrectionSession::apply(const LabelChange& change, bool back) {
  if (back)
    change.takeBackFrom(*labels_);
  else
    change.applyTo(*labels_);
  for (const LabelRun& run : change.runs()) {
    voxels_[back ? run.after : run.before] -= run.length;
    voxels_[back ? run.before : run.after] += run.length;
  }
  snapshot_.reset();
  Q_EMIT labelsChanged(boundsOf(change, labels_->grid));
}

void CorrectionSession::finish(const LabelChange& change, const QString& text) {
  undo_.push(new LabelCommand(this, change, text));
}

void CorrectionSession::announce(const LabelChange& change) {
  const LabelSet structures = change.labels().reset(0);
  Q_EMIT edited(structures);
  remakeSurfaces(structures);
}

/// Of the changed structures only, in the background; the newest labels win.
void CorrectionSession::remakeSurfaces(const LabelSet& structures) {
  oldSurfaces_ |= structures;
  surfaces_.request(
      [labels = snapshot(), values = oldSurfaces_] {
        Surfaces made;
        for (int value = 1; value < 256; ++value) {
          const auto label = static_cast<std::uint8_t>(value);
          if (values[label])
            made.emplace(label,
                         surfaceOf(*labels, label, {.smoothing = 1.0, .maxTriangles = kDisplayTriangles}));
        }
        return made;
      },
      [this, generation = generation_](Surfaces&& made) {
        if (generation != generation_) return;
        for (auto& [value, surface] : made) {
          oldSurfaces_.reset(value);
          if (surface)
            session_->replaceSurface(value, std::make_shared<const TriangleMesh>(std::move(*surface)));
          else
            Q_EMIT failed(surface.error());
        }
      });
}

void CorrectionSession::setBusy(bool busy) {
  if (busy_ == busy) return;
  busy_ = busy;
  Q_EMIT busyChanged();
}

void CorrectionSession::save(std::function<void()> done) {
  endStroke();
  if (saving_) {
    afterSave_.push_back([this, done = std::move(done)] { save(done); });
    return;
  }
  if (undo_.isClean()) {
    if (done) done();
    return;
  }
  // What is edited from here on is unsaved again.
  saving_ = true;
  undo_.setClean();
  Q_EMIT savingChanged();
  runInBackground(
      this,
      [original = original_, labels = snapshot(), source = session_->source(),
       from = session_->source().record(Stage::Segmentation)->checksum(), table = session_->table()] {
        return write(source, from,
                     correct(*original->labels, *original->uncertainty, original->summary, *labels, table),
                     table);
      },
      [this, generation = generation_, done = std::move(done)](Result<Saved> result) {
        if (generation != generation_) return;
        saving_ = false;
        if (!result) {
          undo_.resetClean();
          afterSave_.clear();
          Q_EMIT savingChanged();
          Q_EMIT failed(result.error());
          return;
        }
        outlines_ = std::move(result->outlines);
        session_->replaceSegmentation(std::move(result->source), std::move(result->segmentation));
        Q_EMIT savingChanged();
        Q_EMIT saved(result->structures);
        if (done) done();
        for (const auto& next : std::exchange(afterSave_, {})) next();
      });
}

}  // namespace coxa
