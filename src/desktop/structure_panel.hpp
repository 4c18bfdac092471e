#pragma once

#include <QWidget>
#include <cstdint>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QTableView;

namespace coxa {

class StructureFilter;
class StructureModel;

/// The list of structures: filter by group and name, sort by a click on a column, show and hide, set opacity
/// and colour, and jump to one by double click or Enter.
class StructurePanel : public QWidget {
  Q_OBJECT
 public:
  explicit StructurePanel(StructureModel* model, QWidget* parent = nullptr);

 Q_SIGNALS:
  void jumpRequested(std::uint8_t value);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* filterRow();
  QWidget* displayRow();
  void jumpTo(const QModelIndex& index);
  void showAll(bool visible);
  void updateDisplayRow();
  void chooseColor();
  template <class Action>
  void forSelected(Action action);

  StructureModel* model_;
  StructureFilter* filter_;
  QComboBox* group_;
  QLineEdit* search_;
  QTableView* table_;
  QSlider* opacity_;
  QPushButton* color_;
};

}  // namespace coxa
