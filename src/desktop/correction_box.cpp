#include "correction_box.hpp"

#include "correction_session.hpp"
#include "number_spin.hpp"
#include "review_actions.hpp"
#include "review_session.hpp"
#include "theme.hpp"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace coxa {
namespace {

constexpr int kAnything = -1;  // in the list of what may be painted over

QFormLayout* fieldForm(QWidget* parent) {
  auto* form = new QFormLayout(parent);
  form->setContentsMargins(0, 0, 0, 0);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  return form;
}

QHBoxLayout* fieldRow(QWidget* parent) {
  auto* layout = new QHBoxLayout(parent);
  layout->setContentsMargins(0, 0, 0, 0);
  return layout;
}

}  // namespace

CorrectionBox::CorrectionBox(ReviewSession* review, CorrectionSession* correction, ReviewActions* actions,
                             QWidget* parent)
    : QGroupBox(tr("Correct"), parent),
      review_(review),
      correction_(correction),
      toolPages_(new QStackedWidget(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(toolRow(actions));
  toolPages_->addWidget(brushPage());
  toolPages_->addWidget(growPage());
  toolPages_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  layout->addWidget(toolPages_);
  layout->addWidget(scopeForm());
  layout->addWidget(wholeRow(actions));
  layout->addWidget(saveRow(actions));
  connect(correction, &CorrectionSession::settingsChanged, this, &CorrectionBox::showSettings);
  connect(correction, &CorrectionSession::savingChanged, this, &CorrectionBox::showSaving);
  connect(review, &ReviewSession::entriesChanged, this, &CorrectionBox::fillOver);
  fillOver();
  showSettings();
  showSaving();
}

void CorrectionBox::change(const std::function<void(CorrectionSettings&)>& edit) {
  CorrectionSettings settings = correction_->settings();
  edit(settings);
  correction_->setSettings(settings);
}

QWidget* CorrectionBox::toolRow(ReviewActions* actions) {
  auto* row = new QWidget(this);
  auto* layout = fieldRow(row);
  for (QAction* action : actions->tools) {
    auto* button = new QToolButton(row);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text().remove(QLatin1Char('&')));
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    layout->addWidget(button, 1);
  }
  return row;
}

NumberSpin* CorrectionBox::spin(const QString& accessibleName, double minimum, double maximum, double step,
                                int decimals, const QString& suffix,
                                std::function<void(CorrectionSettings&, double)> set) {
  auto* field = new NumberSpin(accessibleName, minimum, maximum, step, decimals, suffix, this);
  connect(field, &NumberSpin::edited, this, [this, set = std::move(set)](double value) {
    change([&](CorrectionSettings& settings) { set(settings, value); });
  });
  return field;
}

QWidget* CorrectionBox::brushPage() {
  auto* page = new QWidget(this);
  auto* form = fieldForm(page);
  shape_ = new QComboBox(page);
  shape_->setAccessibleName(tr("Shape of the brush"));
  shape_->addItem(tr("Disc in the slice"), static_cast<int>(BrushShape::Disc));
  shape_->addItem(tr("Ball in space"), static_cast<int>(BrushShape::Ball));
  connect(shape_, &QComboBox::currentIndexChanged, this, [this] {
    change(
        [this](auto& settings) { settings.shape = static_cast<BrushShape>(shape_->currentData().toInt()); });
  });
  radius_ = spin(tr("Radius of the brush, mm"), 0.5, 50.0, 0.5, 1, tr(" mm"),
                 [](auto& settings, double value) { settings.brushRadiusMm = value; });
  radius_->setToolTip(tr("[ and ] make the brush smaller and larger"));
  auto* fields = new QWidget(page);
  auto* row = fieldRow(fields);
  row->addWidget(shape_, 1);
  row->addWidget(radius_);
  form->addRow(tr("Brush"), fields);
  return page;
}

QWidget* CorrectionBox::growPage() {
  auto* page = new QWidget(this);
  auto* form = fieldForm(page);
  lowHu_ = spin(tr("Least HU"), -1024, 32767, 10, 0, {},
                [](auto& settings, double value) { settings.grow.lowHu = static_cast<int>(value); });
  highHu_ = spin(tr("Greatest HU"), -1024, 32767, 10, 0, {},
                 [](auto& settings, double value) { settings.grow.highHu = static_cast<int>(value); });
  growRadius_ = spin(tr("Radius about the click, mm"), 1.0, 200.0, 1.0, 1, tr(" mm"),
                     [](auto& settings, double value) { settings.grow.radiusMm = value; });
  auto* fields = new QWidget(page);
  auto* row = fieldRow(fields);
  row->addWidget(lowHu_, 1);
  row->addWidget(new QLabel(tr("to"), fields));
  row->addWidget(highHu_, 1);
  row->addWidget(growRadius_, 1);
  form->addRow(tr("HU"), fields);
  return page;
}

QWidget* CorrectionBox::scopeForm() {
  auto* page = new QWidget(this);
  auto* form = fieldForm(page);
  over_ = new QComboBox(page);
  over_->setAccessibleName(tr("What may be painted over"));
  over_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  connect(over_, &QComboBox::currentIndexChanged, this, [this] {
    const int value = over_->currentData().toInt();
    change([value](CorrectionSettings& settings) {
      settings.onlyOver = value == kAnything ? std::nullopt : std::optional(static_cast<std::uint8_t>(value));
    });
  });
  form->addRow(tr("Only over"), over_);
  onlyDoubtful_ = new QCheckBox(tr("Only doubtful voxels"), page);
  onlyDoubtful_->setToolTip(tr("Nothing changes where the uncertainty is below the limit above."));
  connect(onlyDoubtful_, &QCheckBox::toggled, this, [this](bool only) {
    change([&](CorrectionSettings& settings) {
      settings.leastUncertainty = only ? std::optional(review_->threshold()) : std::nullopt;
    });
  });
  connect(review_, &ReviewSession::placesChanged, this, [this] {
    if (onlyDoubtful_->isChecked() && correction_->settings().leastUncertainty != review_->threshold())
      change([this](CorrectionSettings& settings) { settings.leastUncertainty = review_->threshold(); });
  });
  form->addRow(QString(), onlyDoubtful_);
  return page;
}

QWidget* CorrectionBox::wholeRow(ReviewActions* actions) {
  auto* row = new QWidget(this);
  auto* layout = fieldRow(row);
  for (QAction* action : {actions->fill, actions->smooth}) {
    auto* button = new QToolButton(row);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text().remove(QLatin1Char('&')));
    layout->addWidget(button);
  }
  smoothing_ = spin(tr("Size of the bumps that smoothing takes off, mm"), 0.5, 10.0, 0.5, 1, tr(" mm"),
                    [](auto& settings, double value) { settings.smoothingMm = value; });
  layout->addWidget(smoothing_, 1);
  return row;
}

QWidget* CorrectionBox::saveRow(ReviewActions* actions) {
  auto* row = new QWidget(this);
  auto* layout = fieldRow(row);
  state_ = new QLabel(row);
  setQuiet(state_);
  auto* save = new QPushButton(tr("Save corrections"), row);
  save->setProperty("primary", true);
  save->setToolTip(actions->save->toolTip());
  connect(save, &QPushButton::clicked, actions->save, &QAction::trigger);
  connect(actions->save, &QAction::enabledChanged, save, &QPushButton::setEnabled);
  save->setEnabled(actions->save->isEnabled());
  layout->addWidget(state_, 1);
  layout->addWidget(save);
  return row;
}

void CorrectionBox::fillOver() {
  const QSignalBlocker quiet(over_);
  const QVariant chosen = over_->currentData();
  over_->clear();
  over_->addItem(tr("Anything not locked"), kAnything);
  over_->addItem(tr("Background"), 0);
  for (const ReviewEntry& entry : review_->entries())
    if (entry.found) over_->addItem(entry.name, entry.value);
  over_->setCurrentIndex(std::max(0, over_->findData(chosen)));
}

void CorrectionBox::showSettings() {
  const CorrectionSettings& settings = correction_->settings();
  toolPages_->setCurrentIndex(settings.tool == CorrectionTool::Grow ? 1 : 0);
  const QSignalBlocker quietShape(shape_);
  shape_->setCurrentIndex(shape_->findData(static_cast<int>(settings.shape)));
  radius_->display(settings.brushRadiusMm);
  lowHu_->display(settings.grow.lowHu);
  highHu_->display(settings.grow.highHu);
  growRadius_->display(settings.grow.radiusMm);
  smoothing_->display(settings.smoothingMm);
}

void CorrectionBox::showSaving() {
  const bool clean = correction_->undoStack()->isClean();
  const bool saving = correction_->hasUnsavedCorrections() && clean;
  state_->setText(saving ? tr("Saving…") : clean ? QString() : tr("Not saved yet"));
}

}  // namespace coxa
