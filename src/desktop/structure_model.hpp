#pragma once

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/anatomy/structures.hpp"

#include <QAbstractTableModel>
#include <QColor>
#include <QIcon>
#include <vector>

namespace coxa {

/// One structure of the case and how the window draws it.
struct StructureRow {
  Structure structure;
  StructureSummary summary;
  QColor color;
  double opacity = 1.0;
  bool visible = true;
};

/// The structures of the open case: what the segmentation found, and visibility, opacity and colour, which
/// the views follow.
class StructureModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Name, Volume, Uncertainty, ExpectedDice, ColumnCount };
  enum Role {
    SortRole = Qt::UserRole,  ///< a number or a text to sort by
    GroupRole,                ///< StructureGroup as int
    FractionRole              ///< Uncertainty only: 0 to 1 of the largest in the case
  };

  explicit StructureModel(QObject* parent = nullptr);

  void setStructures(const StructureTable& table, const SegmentationSummary& summary);
  void clear();
  /// Replaces what is known of one structure, which keeps its looks; adds one that was absent.
  void setSummary(const StructureTable& table, const StructureSummary& summary);

  const std::vector<StructureRow>& rows() const { return rows_; }
  const StructureRow* find(std::uint8_t value) const;
  /// What the expected Dice means, for a tool tip; the same wherever it is shown.
  static QString expectedDiceTip();
  /// "0.91 ± 0.08", or a dash where nothing is known.
  static QString expectedDiceText(const std::optional<Measured>& dice);
  /// Row number of a label value, -1 where it is absent.
  int rowOf(std::uint8_t value) const;
  void setVisible(int row, bool visible);
  void setOpacity(int row, double opacity);
  void setColor(int row, const QColor& color);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 Q_SIGNALS:
  /// Visibility, opacity or colour of one structure changed.
  void displayChanged(const coxa::StructureRow& row);

 private:
  QVariant text(const StructureRow& row, int column) const;
  QVariant toolTip(const StructureRow& row) const;
  QVariant sortValue(const StructureRow& row, int column) const;
  void changed(int row);

  std::vector<StructureRow> rows_;
  QIcon doubtful_;
  double largestUncertainty_ = 0.0;
};

}  // namespace coxa
