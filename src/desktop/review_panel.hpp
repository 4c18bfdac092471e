#pragma once

#include <QIcon>
#include <QWidget>
#include <cstdint>

class QLabel;
class QTableWidget;

namespace coxa {

class CorrectionSession;
class NumberSpin;
class ReviewActions;
class ReviewSession;
struct ReviewEntry;

/// The review: structures from the most uncertain down with what was decided about each, the doubtful places
/// of the chosen one, and the tools to correct it.
class ReviewPanel : public QWidget {
  Q_OBJECT
 public:
  ReviewPanel(ReviewSession* review, CorrectionSession* correction, ReviewActions* actions,
              QWidget* parent = nullptr);

 private:
  QTableWidget* newTable();
  QWidget* decisionRow(ReviewActions* actions);
  QWidget* placeRow(ReviewActions* actions);
  void showEntries();
  void showRow(int row, const ReviewEntry& entry);
  void showDice(int row, const ReviewEntry& entry);
  void showState(int row, const ReviewEntry& entry);
  void showCurrent();
  void showPlaces();
  QIcon stateIcon(const ReviewEntry& entry) const;
  void showLock(int row);
  std::uint8_t valueAt(int row) const;  ///< label value of that structure

  ReviewSession* review_;
  CorrectionSession* correction_;
  // Drawing an icon takes longer than a table of them.
  QIcon accepted_;
  QIcon corrected_;
  QIcon flagged_;
  QIcon doubtful_;
  QIcon outdated_;
  QIcon locked_;
  QIcon unlocked_;
  QLabel* progress_;
  QTableWidget* table_;
  QLabel* place_;
  NumberSpin* threshold_;
};

}  // namespace coxa
