#include "metal_comparison.hpp"

#include "case_session.hpp"
#include "slice_view.hpp"
#include "theme.hpp"
#include "workspace.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>

namespace coxa {

MetalComparison::MetalComparison(CaseSession* session, Workspace* workspace, QWidget* parent)
    : QWidget(parent), session_(session), workspace_(workspace), slider_(new QSlider(Qt::Horizontal, this)) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
  slider_->setRange(0, 100);
  slider_->setFixedWidth(lineHeights(this, 6));
  slider_->setAccessibleName(
      tr("Border between the original CT and the one with metal artifacts reduced, percent"));
  slider_->setToolTip(tr("Left of the border: the original CT. Right of it: metal artifacts reduced."));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(lineHeights(this, 0.5), 0, lineHeights(this, 0.5), 0);
  layout->addWidget(new QLabel(tr("Original"), this));
  layout->addWidget(slider_);
  layout->addWidget(new QLabel(tr("Metal reduced"), this));
  connect(slider_, &QSlider::valueChanged, this, &MetalComparison::moveBorder);
  connect(session, &CaseSession::reducedCtLoaded, this, &MetalComparison::compare);
  connect(session, &CaseSession::closed, this, &MetalComparison::compare);
}

/// The corrected CT alone at first: it is what the outlines were found in.
void MetalComparison::compare() {
  const auto& reduced = session_->reducedCt();
  slider_->setValue(0);
  moveBorder();
  for (SliceView* view : workspace_->slices()) view->scene().setComparison(reduced);
  Q_EMIT availableChanged(reduced != nullptr);
}

void MetalComparison::moveBorder() {
  for (SliceView* view : workspace_->slices()) view->scene().setComparisonBorder(slider_->value() / 100.0);
}

}  // namespace coxa
