#include "structure_model.hpp"

#include "format.hpp"
#include "icons.hpp"
#include "theme.hpp"

#include <QPainter>
#include <QPixmap>
#include <algorithm>

namespace coxa {
namespace {

constexpr double kMuscleOpacity = 0.35;  // bones and implants stay visible through the muscles

QString displayName(const Structure& structure) {
  return QString::fromStdString(structure.english);
}

QIcon swatch(const QColor& color) {
  QPixmap pixmap(32, 32);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(color);
  painter.setPen(Qt::NoPen);
  painter.drawRoundedRect(QRectF(3, 3, 26, 26), 6, 6);
  return QIcon(pixmap);
}

StructureRow rowFor(const Structure& structure, const StructureSummary& summary) {
  const QColor color(structure.rgb[0], structure.rgb[1], structure.rgb[2]);
  const double opacity = structure.group == StructureGroup::Muscle ? kMuscleOpacity : 1.0;
  return {structure, summary, color, opacity, true};
}

}  // namespace

StructureModel::StructureModel(QObject* parent)
    : QAbstractTableModel(parent), doubtful_(icon(QStringLiteral("warning"), themeColors().warning)) {}

QString StructureModel::expectedDiceTip() {
  return tr(
      "Expected Dice: the overlap with an expert's outline to expect, 0 to 1, with one standard deviation.\n"
      "It comes from how far the samples agree, as calibrated on cases with known outlines.\n"
      "A triangle: doubtful, probably wrong in part (Dice below 0.7). Look before you use its numbers.\n"
      "A dash: not known, as in a preview, without calibration or after a correction by hand.");
}

QString StructureModel::expectedDiceText(const std::optional<Measured>& dice) {
  return dice ? measuredText(*dice, 2) : QStringLiteral("–");
}

void StructureModel::setStructures(const StructureTable& table, const SegmentationSummary& summary) {
  beginResetModel();
  rows_.clear();
  largestUncertainty_ = 0.0;
  for (const StructureSummary& found : summary.structures) {
    const Structure* structure = table.find(found.value);
    if (structure == nullptr) continue;
    rows_.push_back(rowFor(*structure, found));
    largestUncertainty_ = std::max(largestUncertainty_, found.uncertainty);
  }
  endResetModel();
}

void StructureModel::clear() {
  beginResetModel();
  rows_.clear();
  endResetModel();
}

void StructureModel::setSummary(const StructureTable& table, const StructureSummary& summary) {
  const int row = rowOf(summary.value);
  if (row >= 0) {
    rows_[static_cast<std::size_t>(row)].summary = summary;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    return;
  }
  const Structure* structure = table.find(summary.value);
  if (structure == nullptr) return;
  beginInsertRows({}, rowCount(), rowCount());
  rows_.push_back(rowFor(*structure, summary));
  endInsertRows();
  Q_EMIT displayChanged(rows_.back());
}

int StructureModel::rowOf(std::uint8_t value) const {
  const auto it =
      std::find_if(rows_.begin(), rows_.end(), [&](const auto& row) { return row.structure.value == value; });
  return it == rows_.end() ? -1 : static_cast<int>(it - rows_.begin());
}

const StructureRow* StructureModel::find(std::uint8_t value) const {
  const int row = rowOf(value);
  return row < 0 ? nullptr : &rows_[static_cast<std::size_t>(row)];
}

void StructureModel::setVisible(int row, bool visible) {
  auto& structure = rows_.at(static_cast<std::size_t>(row));
  if (structure.visible == visible) return;
  structure.visible = visible;
  changed(row);
}

void StructureModel::setOpacity(int row, double opacity) {
  auto& structure = rows_.at(static_cast<std::size_t>(row));
  if (structure.opacity == opacity) return;
  structure.opacity = opacity;
  changed(row);
}

void StructureModel::setColor(int row, const QColor& color) {
  auto& structure = rows_.at(static_cast<std::size_t>(row));
  if (structure.color == color) return;
  structure.color = color;
  changed(row);
}

void StructureModel::changed(int row) {
  Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
  Q_EMIT displayChanged(rows_[static_cast<std::size_t>(row)]);
}

int StructureModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int StructureModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant StructureModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const StructureRow& row = rows_[static_cast<std::size_t>(index.row())];
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return text(row, column);
    case Qt::DecorationRole:
      if (column == Name) return swatch(row.color);
      return column == ExpectedDice && row.summary.doubtful ? QVariant(doubtful_) : QVariant();
    case Qt::AccessibleTextRole:
      return column == ExpectedDice && row.summary.doubtful
                 ? QVariant(tr("%1, doubtful").arg(text(row, column).toString()))
                 : text(row, column);
    case Qt::CheckStateRole:
      return column == Name ? QVariant(row.visible ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::TextAlignmentRole:
      return QVariant(column == Name ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole:
      return toolTip(row);
    case SortRole:
      return sortValue(row, column);
    case GroupRole:
      return static_cast<int>(row.structure.group);
    case FractionRole:
      return column == Uncertainty && largestUncertainty_ > 0.0
                 ? QVariant(row.summary.uncertainty / largestUncertainty_)
                 : QVariant();
    default:
      return {};
  }
}

QVariant StructureModel::text(const StructureRow& row, int column) const {
  switch (column) {
    case Name:
      return displayName(row.structure);
    case Volume:
      return row.summary.touchesBorder ? tr("> %1").arg(measuredText(row.summary.volumeMl, 0))
                                       : measuredText(row.summary.volumeMl, 0);
    case ExpectedDice:
      return expectedDiceText(row.summary.expectedDice);
    default:
      return numberText(row.summary.uncertainty, 3);
  }
}

QVariant StructureModel::toolTip(const StructureRow& row) const {
  QString tip = tr("%1: %2 ml, uncertainty %3")
                    .arg(displayName(row.structure), measuredText(row.summary.volumeMl, 1),
                         numberText(row.summary.uncertainty, 4));
  if (row.summary.expectedDice)
    tip += QLatin1Char('\n') + tr("Expected Dice %1").arg(expectedDiceText(row.summary.expectedDice));
  if (row.summary.doubtful)
    tip += QLatin1Char('\n') + tr("Doubtful: probably wrong in part. Look before you use its numbers.");
  if (row.summary.touchesBorder) tip += QLatin1Char('\n') + tr("Cut off by the edge of the scan.");
  return tip;
}

QVariant StructureModel::sortValue(const StructureRow& row, int column) const {
  switch (column) {
    case Name:
      return displayName(row.structure);
    case Volume:
      return row.summary.volumeMl.value;
    case ExpectedDice: {
      constexpr double kLast = 2.0;  // what is not known stands behind every Dice
      return row.summary.expectedDice ? row.summary.expectedDice->value : kLast;
    }
    default:
      return row.summary.uncertainty;
  }
}

bool StructureModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::CheckStateRole || index.column() != Name) return false;
  setVisible(index.row(), value.toInt() == Qt::Checked);
  return true;
}

QVariant StructureModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(section == Name ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && section == Volume)
    return tr(
        "Volume with one standard deviation over the samples; > where the scan cuts the structure off.");
  if (role == Qt::ToolTipRole && section == Uncertainty)
    return tr(
        "Predictive structure-wise variance: the mean of the uncertainty map over the structure.\n"
        "The higher, the more the outline needs a look.");
  if (role == Qt::ToolTipRole && section == ExpectedDice) return expectedDiceTip();
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name:
      return tr("Structure");
    case Volume:
      return tr("ml");
    case ExpectedDice:
      return tr("Dice");
    default:
      return tr("Uncert.");
  }
}

Qt::ItemFlags StructureModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
  if (index.column() == Name) flags |= Qt::ItemIsUserCheckable;
  return flags;
}

}  // namespace coxa
