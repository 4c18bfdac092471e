#include "structure_panel.hpp"

#include "icons.hpp"
#include "structure_filter.hpp"
#include "theme.hpp"

#include <QColorDialog>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

namespace coxa {
namespace {

/// Underlines the number with a bar as long as its share of the largest, so that doubtful structures stand
/// out.
class UncertaintyDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    const double fraction = index.data(StructureModel::FractionRole).toDouble();
    const int length = static_cast<int>(std::lround(fraction * (option.rect.width() - 8)));
    const int thickness = std::max(2, option.fontMetrics.height() / 8);
    painter->fillRect(option.rect.right() - 3 - length, option.rect.bottom() - thickness, length, thickness,
                      themeColors().warning);
  }
};

QTableView* newTable(QAbstractItemModel* model, QWidget* parent) {
  auto* table = new QTableView(parent);
  table->setModel(model);
  table->setSortingEnabled(true);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table->setTabKeyNavigation(false);
  table->setShowGrid(false);
  table->setWordWrap(false);
  table->setTextElideMode(Qt::ElideMiddle);  // the side stands at the end of the name
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(lineHeights(table, 1.6));
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table->horizontalHeader()->setSectionResizeMode(StructureModel::Name, QHeaderView::Stretch);
  table->horizontalHeader()->setHighlightSections(false);
  table->setItemDelegateForColumn(StructureModel::Uncertainty, new UncertaintyDelegate(table));
  table->setIconSize(QSize(lineHeights(table, 0.9), lineHeights(table, 0.9)));
  return table;
}

}  // namespace

StructurePanel::StructurePanel(StructureModel* model, QWidget* parent)
    : QWidget(parent), model_(model), filter_(new StructureFilter(this)) {
  filter_->setSourceModel(model);
  setMinimumWidth(lineHeights(this, 36));  // the three gluteal muscles can be told apart
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(filterRow());
  table_ = newTable(filter_, this);
  table_->setAccessibleName(tr("Structures"));
  table_->setAccessibleDescription(tr("Space shows or hides, Enter jumps to the structure."));
  table_->sortByColumn(StructureModel::Name, Qt::AscendingOrder);
  table_->installEventFilter(this);
  layout->addWidget(table_, 1);
  layout->addWidget(displayRow());

  connect(table_, &QTableView::doubleClicked, this, &StructurePanel::jumpTo);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &StructurePanel::updateDisplayRow);
  connect(model, &QAbstractItemModel::modelReset, this, &StructurePanel::updateDisplayRow);
  updateDisplayRow();
}

QWidget* StructurePanel::filterRow() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);

  group_ = new QComboBox(row);
  group_->setAccessibleName(tr("Group of structures"));
  group_->addItem(tr("All"));
  group_->addItem(tr("Bones"), static_cast<int>(StructureGroup::Bone));
  group_->addItem(tr("Muscles"), static_cast<int>(StructureGroup::Muscle));
  group_->addItem(tr("Vessels"), static_cast<int>(StructureGroup::Vessel));
  group_->addItem(tr("Implants"), static_cast<int>(StructureGroup::Implant));
  connect(group_, &QComboBox::currentIndexChanged, this, [this] {
    const QVariant group = group_->currentData();
    filter_->setGroup(group.isValid() ? std::optional(static_cast<StructureGroup>(group.toInt()))
                                      : std::nullopt);
  });
  layout->addWidget(group_);

  search_ = new QLineEdit(row);
  search_->setAccessibleName(tr("Search structures"));
  search_->setPlaceholderText(tr("Search"));
  search_->setClearButtonEnabled(true);
  connect(search_, &QLineEdit::textChanged, filter_, &QSortFilterProxyModel::setFilterFixedString);
  layout->addWidget(search_, 1);

  const auto addVisibilityButton = [&](const QString& iconName, const QString& text, bool visible) {
    auto* button = new QToolButton(row);
    button->setIcon(icon(iconName));
    button->setAccessibleName(text);
    button->setToolTip(text);
    connect(button, &QToolButton::clicked, this, [this, visible] { showAll(visible); });
    layout->addWidget(button);
  };
  addVisibilityButton(QStringLiteral("eye"), tr("Show all in the list"), true);
  addVisibilityButton(QStringLiteral("eye-off"), tr("Hide all in the list"), false);
  return row;
}

QWidget* StructurePanel::displayRow() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* caption = new QLabel(tr("&Opacity"), row);
  opacity_ = new QSlider(Qt::Horizontal, row);
  opacity_->setRange(5, 100);
  opacity_->setPageStep(10);
  opacity_->setAccessibleName(tr("Opacity of the selected structures, percent"));
  opacity_->setToolTip(opacity_->accessibleName());
  caption->setBuddy(opacity_);
  connect(opacity_, &QSlider::valueChanged, this,
          [this](int percent) { forSelected([&](int r) { model_->setOpacity(r, percent / 100.0); }); });
  color_ = new QPushButton(tr("Colour…"), row);
  color_->setAccessibleName(tr("Colour of the selected structures"));
  connect(color_, &QPushButton::clicked, this, &StructurePanel::chooseColor);
  layout->addWidget(caption);
  layout->addWidget(opacity_, 1);
  layout->addWidget(color_);
  return row;
}

bool StructurePanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == table_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
      jumpTo(table_->currentIndex());
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void StructurePanel::jumpTo(const QModelIndex& index) {
  if (!index.isValid()) return;
  const int row = filter_->mapToSource(index).row();
  Q_EMIT jumpRequested(model_->rows()[static_cast<std::size_t>(row)].structure.value);
}

void StructurePanel::showAll(bool visible) {
  for (int row = 0; row < filter_->rowCount(); ++row)
    model_->setVisible(filter_->mapToSource(filter_->index(row, 0)).row(), visible);
}

template <class Action>
void StructurePanel::forSelected(Action action) {
  for (const QModelIndex& index : table_->selectionModel()->selectedRows())
    action(filter_->mapToSource(index).row());
}

void StructurePanel::updateDisplayRow() {
  const bool any = table_->selectionModel()->hasSelection();
  opacity_->setEnabled(any);
  color_->setEnabled(any);
  if (!any) return;
  const QSignalBlocker quiet(opacity_);
  const int first = filter_->mapToSource(table_->selectionModel()->selectedRows().first()).row();
  opacity_->setValue(static_cast<int>(std::lround(model_->rows()[std::size_t(first)].opacity * 100.0)));
}

void StructurePanel::chooseColor() {
  auto* dialog = new QColorDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QColorDialog::colorSelected, this,
          [this](const QColor& color) { forSelected([&](int row) { model_->setColor(row, color); }); });
  dialog->open();
}

}  // namespace coxa
