#pragma once

#include "structure_model.hpp"

#include <QSortFilterProxyModel>
#include <optional>

namespace coxa {

/// Structures of one group whose name holds the searched text.
class StructureFilter : public QSortFilterProxyModel {
  Q_OBJECT
 public:
  explicit StructureFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(StructureModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setFilterCaseSensitivity(Qt::CaseInsensitive);
    setSortLocaleAware(true);
  }

  void setGroup(std::optional<StructureGroup> group) {
    group_ = group;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    const QModelIndex index = sourceModel()->index(row, StructureModel::Name, parent);
    const bool ofGroup =
        !group_ || index.data(StructureModel::GroupRole).toInt() == static_cast<int>(*group_);
    return ofGroup && QSortFilterProxyModel::filterAcceptsRow(row, parent);
  }

 private:
  std::optional<StructureGroup> group_;
};

}  // namespace coxa
