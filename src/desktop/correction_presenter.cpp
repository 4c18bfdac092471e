#include "correction_presenter.hpp"

#include "case_session.hpp"
#include "correction_session.hpp"
#include "slice_view.hpp"
#include "structure_model.hpp"
#include "workspace.hpp"

#include <cmath>

namespace coxa {
namespace {

Vec3 normalOf(SliceView* view) {
  switch (view->scene().plane()) {
    case BodyPlane::Axial:
      return Vec3::UnitZ();
    case BodyPlane::Coronal:
      return Vec3::UnitY();
    case BodyPlane::Sagittal:
      break;
  }
  return Vec3::UnitX();
}

/// Whether a slice shows something of the box.
bool meets(SliceView* view, const IndexBox& box, const Grid& grid) {
  const Vec3 normal = normalOf(view);
  const Vec3 middle = 0.5 * (box.min + box.max).cast<double>();
  // A voxel more on every side: pictures interpolate.
  const Vec3 half = (0.5 * box.size().cast<double>() + Vec3::Ones()).cwiseProduct(grid.spacing);
  const double reach = (grid.direction.transpose() * normal).cwiseAbs().dot(half);
  return std::abs(view->scene().positionMm() - normal.dot(grid.worldFromIndex(middle))) <= reach;
}

}  // namespace

CorrectionPresenter::CorrectionPresenter(CaseSession* session, CorrectionSession* correction,
                                         StructureModel* structures, Workspace* workspace)
    : QObject(workspace),
      session_(session),
      correction_(correction),
      structures_(structures),
      workspace_(workspace),
      lastUsed_(workspace->slice(BodyPlane::Axial)) {
  for (SliceView* view : workspace->slices()) connectSlice(view);
  connect(correction, &CorrectionSession::settingsChanged, this, &CorrectionPresenter::followTool);
  connect(correction, &CorrectionSession::readyChanged, this, [this] {
    followTool();
    showLabels();
  });
  connect(correction, &CorrectionSession::labelsChanged, this, &CorrectionPresenter::showChange);
  connect(correction, &CorrectionSession::edited, this, [this](const LabelSet& changed) {
    for (std::size_t value = 1; value < changed.size(); ++value)
      if (changed[value]) showVolume(static_cast<std::uint8_t>(value));
  });
}

void CorrectionPresenter::connectSlice(SliceView* view) {
  connect(view, &SliceView::brushed, this, [this, view](const Vec3& from, const Vec3& to) {
    lastUsed_ = view;
    if (correction_->settings().tool != CorrectionTool::Grow)
      correction_->brush(from, to, normalOf(view));
    else if (from == to)
      correction_->growFrom(to);
  });
  connect(view, &SliceView::brushLifted, correction_, &CorrectionSession::endStroke);
}

void CorrectionPresenter::setActive(bool active) {
  active_ = active;
  if (!active) correction_->endStroke();
  followTool();
}

void CorrectionPresenter::fillBetweenSlices() {
  correction_->fillBetweenSlices(normalOf(lastUsed_));
}

void CorrectionPresenter::followTool() {
  const CorrectionSettings& settings = correction_->settings();
  std::optional<double> radius;
  if (active_ && correction_->isReady() && settings.tool != CorrectionTool::Look)
    radius = settings.tool == CorrectionTool::Grow ? settings.grow.radiusMm : settings.brushRadiusMm;
  for (SliceView* view : workspace_->slices()) view->setBrush(radius);
}

void CorrectionPresenter::showLabels() {
  if (!correction_->isReady()) return;
  for (SliceView* view : workspace_->slices()) view->scene().setLabels(correction_->labels());
}

/// Drawing the slices is what takes time: only those that cut the change.
void CorrectionPresenter::showChange(const IndexBox& where) {
  const auto labels = correction_->labels();
  for (SliceView* view : workspace_->slices())
    if (meets(view, where, labels->grid)) view->scene().setLabels(labels);
}

/// Until a save measures it anew, the uncertainty is that of the case.
void CorrectionPresenter::showVolume(std::uint8_t value) {
  const Structure* structure = session_->table().find(value);
  if (structure == nullptr) return;
  const StructureRow* row = structures_->find(value);
  StructureSummary summary =
      row != nullptr ? row->summary : StructureSummary{structure->name, value, {}, 0.0, false};
  summary.volumeMl.value = correction_->volumeMl(value);
  structures_->setSummary(session_->table(), summary);
}

}  // namespace coxa
