#include "plan_panel.hpp"

#include "format.hpp"
#include "icons.hpp"
#include "number_spin.hpp"
#include "plan_numbers.hpp"
#include "plan_session.hpp"
#include "theme.hpp"

#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <set>

namespace coxa {
namespace {

QWidget* scrolling(QWidget* content) {
  auto* area = new QScrollArea;
  area->setWidgetResizable(true);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setFocusPolicy(Qt::NoFocus);
  area->setWidget(content);
  area->setMinimumWidth(content->minimumSizeHint().width() + area->verticalScrollBar()->sizeHint().width());
  return area;
}

QFormLayout* formIn(QGroupBox* box) {
  auto* form = new QFormLayout(box);
  form->setContentsMargins(0, 0, 0, 0);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  return form;
}

/// A field with a quiet text beside it that says how sure the number is and what it refers to.
QWidget* withNote(QWidget* field, QLabel* note) {
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(field, 1);
  layout->addWidget(note, 1);
  setQuiet(note);
  return row;
}

/// Of the usual abbreviations RI, RA, OI, OA, AI, AA (Murray 1993).
QString definitionLetter(CupDefinition definition) {
  return definitionText(definition).left(1).toUpper();
}

/// "± 1.1° (RI, FPP)"
QString spreadText(const Measured& measured, const QString& abbreviation, PelvicPlane plane) {
  return PlanPanel::tr("± %1° (%2, %3)").arg(numberText(measured.sd, 1), abbreviation, planeText(plane));
}

void selectData(QComboBox* box, const QVariant& data) {
  const QSignalBlocker quiet(box);
  box->setCurrentIndex(box->findData(data));
}

}  // namespace

PlanPanel::PlanPanel(PlanSession* plan, QWidget* parent)
    : QWidget(parent), plan_(plan), pages_(new QStackedWidget(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(actionRow());
  pages_->addWidget(emptyPage());
  pages_->addWidget(scrolling(planPage()));
  layout->addWidget(pages_, 1);
  fillChoices();
  connect(plan, &PlanSession::planChanged, this, &PlanPanel::showPlan);
  connect(plan, &PlanSession::busyChanged, this, &PlanPanel::showPlan);
  connect(plan, &PlanSession::measured, this, &PlanPanel::showSpreads);
  showPlan();
}

QWidget* PlanPanel::actionRow() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  sides_ = new QButtonGroup(this);
  for (const Side side : {Side::Right, Side::Left}) {  // as the patient faces the surgeon
    auto* button = new QPushButton(sideText(side), row);
    button->setCheckable(true);
    button->setAccessibleName(side == Side::Left ? tr("Plan the left hip") : tr("Plan the right hip"));
    sides_->addButton(button, static_cast<int>(side));
    layout->addWidget(button);
  }
  connect(sides_, &QButtonGroup::idClicked, this, [this](int id) { chooseSide(static_cast<Side>(id)); });
  layout->addStretch(1);

  const auto addTool = [&](const QString& iconName, const QString& text, auto onClick) {
    auto* button = new QToolButton(row);
    button->setIcon(icon(iconName));
    button->setToolTip(text);
    button->setAccessibleName(text);
    connect(button, &QToolButton::clicked, this, onClick);
    layout->addWidget(button);
    return button;
  };
  QUndoStack* undo = plan_->undoStack();
  auto* undoButton = addTool("undo", tr("Undo the last change of the plan"), [undo] { undo->undo(); });
  auto* redoButton = addTool("redo", tr("Redo the change of the plan"), [undo] { undo->redo(); });
  undoButton->setEnabled(false);
  redoButton->setEnabled(false);
  connect(undo, &QUndoStack::canUndoChanged, undoButton, &QWidget::setEnabled);
  connect(undo, &QUndoStack::canRedoChanged, redoButton, &QWidget::setEnabled);

  suggest_ = new QPushButton(icon(QStringLiteral("suggest")), tr("Suggest"), row);
  suggest_->setToolTip(tr("Suggest size, position and angles anew"));
  suggest_->setAccessibleName(suggest_->toolTip());
  connect(suggest_, &QPushButton::clicked, this, [this] {
    if (sides_->checkedId() >= 0) plan_->suggest(static_cast<Side>(sides_->checkedId()));
  });
  layout->addWidget(suggest_);
  return row;
}

QWidget* PlanPanel::emptyPage() {
  emptyText_ = new QLabel(this);
  emptyText_->setWordWrap(true);
  emptyText_->setAlignment(Qt::AlignCenter);
  setQuiet(emptyText_);
  return emptyText_;
}

QWidget* PlanPanel::planPage() {
  auto* page = new QWidget(this);
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(0, 0, lineHeights(page, 0.5), 0);
  numbers_ = new PlanNumbers(page);
  layout->addWidget(numbers_);
  layout->addWidget(cupSection());
  layout->addWidget(anglesSection());
  layout->addWidget(stemSection());
  layout->addWidget(headSection());
  layout->addStretch(1);
  return page;
}

NumberSpin* PlanPanel::spin(const QString& name, double range, double step, const QString& suffix) {
  auto* field = new NumberSpin(name, -range, range, step, 1, suffix, this);
  connect(field, &QAbstractSpinBox::editingFinished, plan_, &PlanSession::endGesture);
  return field;
}

QWidget* PlanPanel::cupSection() {
  auto* box = new QGroupBox(tr("Cup"), this);
  auto* form = formIn(box);
  const auto& cups = plan_->catalogue().cups;
  cupSize_ = new NumberSpin(tr("Cup outer diameter, millimetres"), cups.front().outerDiameterMm,
                            cups.back().outerDiameterMm, 2.0, 0, tr(" mm"), this);
  connect(cupSize_, &NumberSpin::edited, plan_, &PlanSession::setCupSize);
  connect(cupSize_, &QAbstractSpinBox::editingFinished, plan_, &PlanSession::endGesture);
  form->addRow(tr("&Size"), cupSize_);

  lateral_ = spin(tr("Cup centre towards lateral, millimetres"), 60.0, 0.5, tr(" mm"));
  anterior_ = spin(tr("Cup centre towards anterior, millimetres"), 60.0, 0.5, tr(" mm"));
  superior_ = spin(tr("Cup centre towards superior, millimetres"), 60.0, 0.5, tr(" mm"));
  form->addRow(tr("&Lateral"), lateral_);
  form->addRow(tr("&Anterior"), anterior_);
  form->addRow(tr("Su&perior"), superior_);
  const auto edits = [this](NumberSpin* field, double AnatomicalOffset::*direction) {
    field->setToolTip(tr("Of the cup's centre against the centre of the acetabulum; negative the other way"));
    connect(field, &NumberSpin::edited, this, [this, direction](double value) {
      AnatomicalOffset offset = plan_->cupOffset();
      offset.*direction = value;
      plan_->setCupOffset(offset);
    });
  };
  edits(lateral_, &AnatomicalOffset::lateralMm);
  edits(anterior_, &AnatomicalOffset::anteriorMm);
  edits(superior_, &AnatomicalOffset::superiorMm);
  return box;
}

QWidget* PlanPanel::anglesSection() {
  auto* box = new QGroupBox(tr("Cup angles"), this);
  auto* form = formIn(box);
  definition_ = new QComboBox(box);
  definition_->setAccessibleName(tr("Definition of the cup angles"));
  for (const auto definition :
       {CupDefinition::Radiographic, CupDefinition::Operative, CupDefinition::Anatomic})
    definition_->addItem(definitionText(definition), static_cast<int>(definition));
  plane_ = new QComboBox(box);
  plane_->setAccessibleName(tr("Plane of the cup angles"));
  plane_->addItem(tr("FPP"), static_cast<int>(PelvicPlane::Functional));
  plane_->addItem(tr("APP"), static_cast<int>(PelvicPlane::Anterior));
  plane_->setItemData(0, tr("Functional pelvic plane: as lying in the scanner"), Qt::ToolTipRole);
  plane_->setItemData(1, tr("Anterior pelvic plane: both ASIS and pubic tubercles"), Qt::ToolTipRole);
  connect(definition_, &QComboBox::currentIndexChanged, this, &PlanPanel::showAngles);
  connect(plane_, &QComboBox::currentIndexChanged, this, &PlanPanel::showAngles);
  auto* meaning = new QWidget(box);
  auto* meaningLayout = new QHBoxLayout(meaning);
  meaningLayout->setContentsMargins(0, 0, 0, 0);
  meaningLayout->addWidget(definition_, 2);
  meaningLayout->addWidget(plane_, 1);
  form->addRow(tr("&Meaning"), meaning);

  inclination_ = spin(tr("Cup inclination, degrees"), 90.0, 1.0, tr("°"));
  anteversion_ = spin(tr("Cup anteversion, degrees"), 90.0, 1.0, tr("°"));
  inclinationSd_ = new QLabel(box);
  anteversionSd_ = new QLabel(box);
  form->addRow(tr("&Inclination"), withNote(inclination_, inclinationSd_));
  form->addRow(tr("Anteversi&on"), withNote(anteversion_, anteversionSd_));
  const auto edits = [this](NumberSpin* field, double CupAngles::*angle) {
    connect(field, &NumberSpin::edited, this, [this, angle](double value) {
      auto angles = plan_->cupAngles(definition(), plane());
      if (!angles) return;
      (*angles).*angle = value;
      plan_->setCupAngles(*angles);
    });
  };
  edits(inclination_, &CupAngles::inclinationDeg);
  edits(anteversion_, &CupAngles::anteversionDeg);
  return box;
}

QWidget* PlanPanel::stemSection() {
  auto* box = new QGroupBox(tr("Stem"), this);
  auto* form = formIn(box);
  stemSize_ = new NumberSpin(tr("Stem size"), 0.0, 99.0, 1.0, 0, {}, this);
  stemOffset_ = new QComboBox(box);
  stemOffset_->setAccessibleName(tr("Stem offset"));
  stemOffset_->addItem(tr("standard offset"), static_cast<int>(StemOffset::Standard));
  stemOffset_->addItem(tr("high offset"), static_cast<int>(StemOffset::High));
  const auto change = [this] {
    plan_->setStem(static_cast<int>(stemSize_->value()),
                   static_cast<StemOffset>(stemOffset_->currentData().toInt()));
  };
  connect(stemSize_, &NumberSpin::edited, this, change);
  connect(stemOffset_, &QComboBox::currentIndexChanged, this, change);
  auto* stem = new QWidget(box);
  auto* stemLayout = new QHBoxLayout(stem);
  stemLayout->setContentsMargins(0, 0, 0, 0);
  stemLayout->addWidget(stemSize_, 1);
  stemLayout->addWidget(stemOffset_, 2);
  form->addRow(tr("Si&ze"), stem);

  stemDepth_ = spin(tr("Stem depth, millimetres"), 60.0, 0.5, tr(" mm"));
  stemDepth_->setToolTip(tr("Along the stem against where the plan began; positive deeper"));
  connect(stemDepth_, &NumberSpin::edited, plan_, &PlanSession::setStemDepth);
  form->addRow(tr("&Depth"), stemDepth_);
  stemVersion_ = spin(tr("Stem version, degrees"), 90.0, 1.0, tr("°"));
  stemVersion_->setToolTip(tr("Of the neck in the femur frame; positive anteverted"));
  stemVersionSd_ = new QLabel(box);
  connect(stemVersion_, &NumberSpin::edited, plan_, &PlanSession::setStemVersion);
  form->addRow(tr("&Version"), withNote(stemVersion_, stemVersionSd_));
  return box;
}

QWidget* PlanPanel::headSection() {
  auto* box = new QGroupBox(tr("Head"), this);
  auto* form = formIn(box);
  headDiameter_ = new QComboBox(box);
  headDiameter_->setAccessibleName(tr("Head diameter, millimetres"));
  neckLength_ = new QComboBox(box);
  neckLength_->setAccessibleName(tr("Neck length, millimetres"));
  const auto change = [this] {
    plan_->setHead(headDiameter_->currentData().toDouble(), neckLength_->currentData().toDouble());
  };
  connect(headDiameter_, &QComboBox::currentIndexChanged, this, change);
  connect(neckLength_, &QComboBox::currentIndexChanged, this, change);
  form->addRow(tr("Diame&ter"), headDiameter_);
  form->addRow(tr("&Neck"), neckLength_);
  return box;
}

void PlanPanel::fillChoices() {
  const QSignalBlocker quietDiameter(headDiameter_);
  const QSignalBlocker quietNeck(neckLength_);
  std::set<double> diameters;
  std::set<double> lengths;
  for (const Head& head : plan_->catalogue().heads) {
    diameters.insert(head.diameterMm);
    lengths.insert(head.neckLengthMm);
  }
  for (const double diameter : diameters)
    headDiameter_->addItem(tr("%1 mm").arg(numberText(diameter, 0)), diameter);
  for (const double length : lengths) neckLength_->addItem(tr("%1 mm").arg(signedText(length, 1)), length);
}

void PlanPanel::chooseSide(Side side) {
  if (!plan_->plan() || plan_->plan()->hip.side != side) plan_->suggest(side);
}

void PlanPanel::showPlan() {
  const bool ready = plan_->canPlan() && !plan_->isBusy();
  suggest_->setEnabled(ready && sides_->checkedId() >= 0);
  for (auto* button : sides_->buttons()) button->setEnabled(ready);
  if (!plan_->plan()) {
    emptyText_->setText(plan_->isBusy()    ? tr("Preparing the bones…")
                        : plan_->canPlan() ? tr("No plan yet.\nChoose the side to plan.")
                                           : tr("A plan needs the bones and landmarks of an analysed case."));
    pages_->setCurrentIndex(0);
    return;
  }
  const PosedHip& hip = plan_->plan()->hip;
  sides_->button(static_cast<int>(hip.side))->setChecked(true);
  suggest_->setEnabled(ready);
  cupSize_->display(hip.cup.outerDiameterMm);
  const AnatomicalOffset offset = plan_->cupOffset();
  lateral_->display(offset.lateralMm);
  anterior_->display(offset.anteriorMm);
  superior_->display(offset.superiorMm);
  stemSize_->display(hip.stem.size);
  selectData(stemOffset_, static_cast<int>(hip.stem.offset));
  stemDepth_->display(plan_->stemDepth());
  selectData(headDiameter_, hip.head.diameterMm);
  selectData(neckLength_, hip.head.neckLengthMm);
  showAngles();
  pages_->setCurrentIndex(1);
}

void PlanPanel::showAngles() {
  if (const auto angles = plan_->cupAngles(definition(), plane())) {
    inclination_->display(angles->inclinationDeg);
    anteversion_->display(angles->anteversionDeg);
  }
  showSpreads();
}

void PlanPanel::showSpreads() {
  const auto& measures = plan_->measures();
  if (!measures) return;
  numbers_->display(*measures);
  if (const auto* angles = measures->angles(definition(), plane())) {
    const QString letter = definitionLetter(definition());
    inclinationSd_->setText(spreadText(angles->inclinationDeg, letter + tr("I"), plane()));
    anteversionSd_->setText(spreadText(angles->anteversionDeg, letter + tr("A"), plane()));
  }
  if (measures->stemVersionDeg) {
    stemVersion_->display(measures->stemVersionDeg->value);
    stemVersionSd_->setText(tr("± %1°").arg(numberText(measures->stemVersionDeg->sd, 1)));
  }
}

CupDefinition PlanPanel::definition() const {
  return static_cast<CupDefinition>(definition_->currentData().toInt());
}

PelvicPlane PlanPanel::plane() const {
  return static_cast<PelvicPlane>(plane_->currentData().toInt());
}

}  // namespace coxa
