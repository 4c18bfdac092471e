#include "review_panel.hpp"

#include "correction_box.hpp"
#include "correction_session.hpp"
#include "format.hpp"
#include "icons.hpp"
#include "number_spin.hpp"
#include "review_actions.hpp"
#include "review_session.hpp"
#include "structure_model.hpp"
#include "theme.hpp"

#include <QAction>
#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace coxa {
namespace {

enum ReviewColumn { NameColumn, UncertaintyColumn, DiceColumn, StateColumn, LockColumn, ReviewColumnCount };

constexpr double kMm3PerMl = 1000.0;

/// A cell that sorts by a number, whatever its text.
class NumberItem : public QTableWidgetItem {
 public:
  NumberItem(const QString& text, double number) : QTableWidgetItem(text), number_(number) {
    setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  }
  bool operator<(const QTableWidgetItem& other) const override {
    return number_ < static_cast<const NumberItem&>(other).number_;
  }

 private:
  double number_;
};

QString stateText(ReviewState state) {
  switch (state) {
    case ReviewState::NotReviewed:
      return ReviewPanel::tr("not reviewed");
    case ReviewState::Accepted:
      return ReviewPanel::tr("accepted");
    case ReviewState::Corrected:
      return ReviewPanel::tr("corrected");
    case ReviewState::Flagged:
      return ReviewPanel::tr("flagged");
  }
  return {};
}

QString stateTip(const ReviewEntry& entry) {
  if (entry.state == ReviewState::NotReviewed) return {};
  const auto time = QDateTime::fromString(entry.timeUtc, Qt::ISODate).toLocalTime();
  const QString when =
      ReviewPanel::tr("%1 on %2").arg(stateText(entry.state), QLocale().toString(time, QLocale::ShortFormat));
  return entry.outdated
             ? when + QLatin1Char('\n') + ReviewPanel::tr("The outline has changed since: look again.")
             : when;
}

QToolButton* buttonFor(QAction* action, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setDefaultAction(action);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(action->text().remove(QLatin1Char('&')));
  return button;
}

/// Without a text, which a default action would bring along.
QToolButton* arrowFor(QAction* action, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setIcon(action->icon());
  button->setToolTip(action->toolTip());
  button->setAccessibleName(action->text().remove(QLatin1Char('&')));
  button->setFocusPolicy(Qt::TabFocus);
  button->setEnabled(action->isEnabled());
  QObject::connect(button, &QToolButton::clicked, action, &QAction::trigger);
  QObject::connect(action, &QAction::enabledChanged, button, &QToolButton::setEnabled);
  return button;
}

QHBoxLayout* buttonRow(QWidget* parent) {
  auto* layout = new QHBoxLayout(parent);
  layout->setContentsMargins(0, 0, 0, 0);
  return layout;
}

}  // namespace

ReviewPanel::ReviewPanel(ReviewSession* review, CorrectionSession* correction, ReviewActions* actions,
                         QWidget* parent)
    : QWidget(parent),
      review_(review),
      correction_(correction),
      accepted_(icon(QStringLiteral("check"), themeColors().good)),
      corrected_(icon(QStringLiteral("brush"), themeColors().good)),
      flagged_(icon(QStringLiteral("flag"), themeColors().warning)),
      doubtful_(icon(QStringLiteral("warning"), themeColors().warning)),
      outdated_(icon(QStringLiteral("recent"), themeColors().warning)),
      locked_(icon(QStringLiteral("lock"), themeColors().accent)),
      unlocked_(icon(QStringLiteral("lock"), themeColors().disabledText)),
      progress_(new QLabel(this)),
      table_(newTable()),
      place_(new QLabel(this)) {
  setQuiet(progress_);
  setMinimumWidth(lineHeights(this, 34));  // the three gluteal muscles can be told apart
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(progress_);
  layout->addWidget(table_, 1);
  layout->addWidget(decisionRow(actions));
  layout->addWidget(placeRow(actions));
  layout->addWidget(new CorrectionBox(review, correction, actions, this));
  connect(review, &ReviewSession::entriesChanged, this, &ReviewPanel::showEntries);
  connect(review, &ReviewSession::currentChanged, this, &ReviewPanel::showCurrent);
  connect(review, &ReviewSession::placesChanged, this, &ReviewPanel::showPlaces);
  connect(correction, &CorrectionSession::settingsChanged, this, [this] {
    for (int row = 0; row < table_->rowCount(); ++row) showLock(row);
  });
  showEntries();
  showPlaces();
}

QTableWidget* ReviewPanel::newTable() {
  auto* table = new QTableWidget(0, ReviewColumnCount, this);
  table->setAccessibleName(tr("Structures to review, most uncertain first"));
  table->setHorizontalHeaderLabels({tr("Structure"), tr("Uncert."), tr("Dice"), QString(), QString()});
  table->horizontalHeaderItem(StateColumn)->setIcon(icon(QStringLiteral("check")));
  table->horizontalHeaderItem(StateColumn)->setToolTip(tr("State of the review"));
  table->horizontalHeaderItem(LockColumn)->setIcon(icon(QStringLiteral("lock")));
  table->horizontalHeaderItem(LockColumn)->setToolTip(tr("Locked structures never change."));
  table->horizontalHeaderItem(DiceColumn)->setToolTip(StructureModel::expectedDiceTip());
  table->sortByColumn(UncertaintyColumn, Qt::DescendingOrder);
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setSelectionMode(QAbstractItemView::SingleSelection);
  table->setTabKeyNavigation(false);
  table->setShowGrid(false);
  table->setWordWrap(false);
  table->setTextElideMode(Qt::ElideMiddle);
  table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(lineHeights(table, 1.6));
  table->horizontalHeader()->setHighlightSections(false);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table->horizontalHeader()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
  connect(table, &QTableWidget::itemSelectionChanged, this, [this] {
    if (table_->currentRow() >= 0) review_->setCurrent(valueAt(table_->currentRow()));
  });
  connect(table, &QTableWidget::cellClicked, this, [this](int row, int column) {
    if (column == LockColumn) correction_->toggleLock(valueAt(row));
  });
  return table;
}

QWidget* ReviewPanel::decisionRow(ReviewActions* actions) {
  auto* row = new QWidget(this);
  auto* layout = buttonRow(row);
  layout->addWidget(buttonFor(actions->accept, row));
  layout->addWidget(buttonFor(actions->flag, row));
  layout->addWidget(buttonFor(actions->reopen, row));
  layout->addStretch(1);
  return row;
}

QWidget* ReviewPanel::placeRow(ReviewActions* actions) {
  auto* row = new QWidget(this);
  auto* layout = buttonRow(row);
  auto* caption = new QLabel(tr("Doubtful &from"), row);
  threshold_ =
      new NumberSpin(tr("Uncertainty from which on a voxel is doubtful"), 0.01, 0.5, 0.01, 2, {}, row);
  threshold_->display(review_->threshold());
  caption->setBuddy(threshold_);
  connect(threshold_, &NumberSpin::edited, this,
          [this](double value) { review_->setThreshold(static_cast<float>(value)); });
  layout->addWidget(caption);
  layout->addWidget(threshold_);
  layout->addWidget(place_, 1);
  layout->addWidget(arrowFor(actions->previousPlace, row));
  layout->addWidget(arrowFor(actions->nextPlace, row));
  place_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  return row;
}

void ReviewPanel::showEntries() {
  const auto& entries = review_->entries();
  {
    const QSignalBlocker quiet(table_);
    table_->setSortingEnabled(false);  // rows would move while they are filled
    table_->setRowCount(static_cast<int>(entries.size()));
    for (int row = 0; row < table_->rowCount(); ++row) showRow(row, entries[static_cast<std::size_t>(row)]);
    table_->setSortingEnabled(true);
  }
  const auto found =
      std::count_if(entries.begin(), entries.end(), [](const auto& entry) { return entry.found; });
  progress_->setText(found == 0
                         ? tr("Nothing to review: the case has no segmentation.")
                         : tr("%1 of %2 structures reviewed").arg(review_->reviewedCount()).arg(found));
  showCurrent();
}

void ReviewPanel::showRow(int row, const ReviewEntry& entry) {
  const auto put = [&](int column, QTableWidgetItem* item) {
    item->setForeground(entry.found ? themeColors().text : themeColors().disabledText);
    table_->setItem(row, column, item);
    return item;
  };
  auto* name = put(NameColumn, new QTableWidgetItem(entry.name));
  name->setData(Qt::UserRole, entry.value);
  name->setToolTip(entry.found ? entry.name
                               : tr("%1: not found in the scan; painting adds it").arg(entry.name));
  put(UncertaintyColumn, entry.found ? new NumberItem(numberText(entry.uncertainty, 3), entry.uncertainty)
                                     : new NumberItem(QStringLiteral("–"), -1.0));
  showDice(row, entry);
  showState(row, entry);
  table_->setItem(row, LockColumn, new QTableWidgetItem);
  showLock(row);
}

void ReviewPanel::showDice(int row, const ReviewEntry& entry) {
  constexpr double kLast = 2.0;  // what is not known stands behind every Dice
  auto* dice = new NumberItem(StructureModel::expectedDiceText(entry.expectedDice),
                              entry.expectedDice ? entry.expectedDice->value : kLast);
  dice->setForeground(entry.expectedDice ? themeColors().text : themeColors().disabledText);
  if (entry.doubtful) {
    dice->setIcon(doubtful_);
    dice->setToolTip(tr("Doubtful: probably wrong in part. Look before you use its numbers."));
    dice->setData(Qt::AccessibleTextRole, tr("%1, doubtful").arg(dice->text()));
  }
  table_->setItem(row, DiceColumn, dice);
}

// An icon alone: its words would leave no room for the structure's name.
void ReviewPanel::showState(int row, const ReviewEntry& entry) {
  auto* state = new NumberItem({}, static_cast<double>(entry.state));
  state->setIcon(stateIcon(entry));
  state->setToolTip(stateTip(entry));
  const bool asked = entry.found || entry.state != ReviewState::NotReviewed;
  state->setData(Qt::AccessibleTextRole, !asked           ? tr("not found")
                                         : entry.outdated ? tr("%1, outdated").arg(stateText(entry.state))
                                                          : stateText(entry.state));
  table_->setItem(row, StateColumn, state);
}

QIcon ReviewPanel::stateIcon(const ReviewEntry& entry) const {
  if (entry.outdated) return outdated_;
  switch (entry.state) {
    case ReviewState::NotReviewed:
      return {};
    case ReviewState::Accepted:
      return accepted_;
    case ReviewState::Corrected:
      return corrected_;
    case ReviewState::Flagged:
      return flagged_;
  }
  return {};
}

void ReviewPanel::showLock(int row) {
  const bool locked = correction_->settings().locked[valueAt(row)];
  auto* lock = table_->item(row, LockColumn);
  lock->setIcon(locked ? locked_ : unlocked_);
  lock->setData(Qt::AccessibleTextRole, locked ? tr("locked") : tr("not locked"));
  lock->setToolTip(locked ? tr("Locked: no correction changes it (K)") : tr("Not locked (K locks it)"));
}

std::uint8_t ReviewPanel::valueAt(int row) const {
  return static_cast<std::uint8_t>(table_->item(row, NameColumn)->data(Qt::UserRole).toInt());
}

void ReviewPanel::showCurrent() {
  const QSignalBlocker quiet(table_);
  for (int row = 0; row < table_->rowCount(); ++row)
    if (table_->item(row, NameColumn)->data(Qt::UserRole).toInt() == review_->current())
      table_->selectRow(row);
}

void ReviewPanel::showPlaces() {
  const auto& places = review_->places();
  const int place = review_->place();
  if (review_->isSearching())
    place_->setText(tr("looking…"));
  else if (places.empty())
    place_->setText(tr("no doubtful place"));
  else if (place < 0)
    place_->setText(tr("%1 to look at").arg(places.size()));
  else
    place_->setText(tr("%1 of %2, %3 ml")
                        .arg(place + 1)
                        .arg(places.size())
                        .arg(numberText(places[static_cast<std::size_t>(place)].volumeMm3 / kMm3PerMl, 1)));
}

}  // namespace coxa
