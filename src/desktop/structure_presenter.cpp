#include "structure_presenter.hpp"

#include "case_session.hpp"
#include "scene_view.hpp"
#include "slice_view.hpp"
#include "structure_model.hpp"
#include "workspace.hpp"

#include <algorithm>

namespace coxa {
namespace {

constexpr double kSeeThroughOpacity = 0.45;

Rgb rgbOf(const QColor& color) {
  return {static_cast<std::uint8_t>(color.red()), static_cast<std::uint8_t>(color.green()),
          static_cast<std::uint8_t>(color.blue())};
}

}  // namespace

StructurePresenter::StructurePresenter(CaseSession* session, StructureModel* model, Workspace* workspace)
    : QObject(workspace), session_(session), model_(model), workspace_(workspace) {
  connect(session, &CaseSession::segmentationLoaded, this, &StructurePresenter::showSegmentation);
  connect(session, &CaseSession::segmentationReplaced, this, &StructurePresenter::showCorrection);
  connect(session, &CaseSession::surfaceLoaded, this, &StructurePresenter::addSurface);
  connect(session, &CaseSession::closed, this, &StructurePresenter::clear);
  connect(model, &StructureModel::displayChanged, this, &StructurePresenter::updateStructure);
}

void StructurePresenter::showSegmentation() {
  model_->setStructures(session_->table(), session_->segmentation()->summary);
  std::map<std::uint8_t, LabelStyle> styles;
  for (const StructureRow& row : model_->rows())
    styles[row.structure.value] = {rgbOf(row.color), row.visible};
  for (SliceView* view : workspace_->slices()) {
    view->scene().setLabels(session_->segmentation()->labels);
    view->scene().setUncertainty(session_->segmentation()->uncertainty, kUncertaintyMaximum);
    view->scene().setLabelStyles(styles);
  }
  workspace_->sceneView()->scene().setUncertainty(session_->segmentation()->uncertainty, kUncertaintyMaximum);
}

/// The same structures with other numbers: how they look stays as the user has set it.
void StructurePresenter::showCorrection() {
  const LoadedSegmentation& corrected = *session_->segmentation();
  for (const StructureSummary& summary : corrected.summary.structures) {
    const StructureRow* row = model_->find(summary.value);
    const bool same = row != nullptr && row->summary.volumeMl.value == summary.volumeMl.value &&
                      row->summary.uncertainty == summary.uncertainty;
    if (!same) model_->setSummary(session_->table(), summary);
  }
  for (SliceView* view : workspace_->slices())
    view->scene().setUncertainty(corrected.uncertainty, kUncertaintyMaximum);
  workspace_->sceneView()->scene().setUncertainty(corrected.uncertainty, kUncertaintyMaximum);
}

void StructurePresenter::clear() {
  model_->clear();
  for (SliceView* view : workspace_->slices()) {
    view->scene().setLabels(nullptr);
    view->scene().setUncertainty(nullptr, kUncertaintyMaximum);
  }
  workspace_->sceneView()->scene().clearSurfaces();
  workspace_->sceneView()->scene().setUncertainty(nullptr, kUncertaintyMaximum);
}

void StructurePresenter::addSurface(int value) {
  const auto label = static_cast<std::uint8_t>(value);
  const StructureRow* row = model_->find(label);
  if (row == nullptr) return;
  workspace_->sceneView()->scene().setSurface(label, session_->surfaces().at(label), {});
  updateStructure(*row);
}

void StructurePresenter::updateStructure(const StructureRow& row) {
  const std::uint8_t value = row.structure.value;
  for (SliceView* view : workspace_->slices())
    view->scene().setLabelStyle(value, {rgbOf(row.color), row.visible});
  if (session_->surfaces().count(value) == 0) return;
  const bool isMuscle = row.structure.group == StructureGroup::Muscle;
  const bool hidden = (isMuscle && !musclesShown_ && value != lookedAt_) || value == replaced_;
  const bool seeThrough = !isMuscle && seeThrough_ && row.structure.side == seeThrough_;
  const double opacity = seeThrough ? std::min(row.opacity, kSeeThroughOpacity) : row.opacity;
  workspace_->sceneView()->scene().setSurfaceStyle(value,
                                                   {rgbOf(row.color), opacity, row.visible && !hidden});
}

void StructurePresenter::updateSurfaces() {
  for (const StructureRow& row : model_->rows()) updateStructure(row);
}

void StructurePresenter::setMusclesShown(bool shown) {
  if (musclesShown_ == shown) return;
  musclesShown_ = shown;
  updateSurfaces();
}

void StructurePresenter::setSeeThrough(std::optional<Side> side) {
  if (seeThrough_ == side) return;
  seeThrough_ = side;
  updateSurfaces();
}

void StructurePresenter::setLookedAt(std::uint8_t value) {
  if (lookedAt_ == value) return;
  lookedAt_ = value;
  updateSurfaces();
}

void StructurePresenter::setReplaced(std::uint8_t value) {
  if (replaced_ == value) return;
  replaced_ = value;
  updateSurfaces();
}

}  // namespace coxa
