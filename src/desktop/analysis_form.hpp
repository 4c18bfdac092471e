#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"

#include <QDialog>
#include <optional>

class QButtonGroup;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace coxa {

struct DicomIndex;

/// What an analysis needs to know.
struct AnalysisRequest {
  QString dicomFolder;
  QString seriesUid;
  Side side = Side::Right;
  QString caseFolder;  ///< NAME.coxa
};

/// The small panel before an analysis: whose scan it is, which series, which side, and where the case goes.
/// It reads the headers in the background. The patient's name is on the screen and nowhere else.
class AnalysisForm : public QDialog {
  Q_OBJECT
 public:
  AnalysisForm(const QString& dicomFolder, const QString& casesFolder, QWidget* parent);
  ~AnalysisForm() override;

 Q_SIGNALS:
  void requested(const coxa::AnalysisRequest& request);

 private:
  QWidget* sideRow();
  QWidget* placeRow();
  void showIndex(const Result<DicomIndex>& index);
  void choosePlace();
  void updateStart();
  QString caseFolder() const;
  void submit();

  QString dicomFolder_;
  QString casesFolder_;
  Job job_;
  QLabel* patient_;
  QLabel* message_;
  QComboBox* series_;
  QButtonGroup* sides_;
  QLineEdit* name_;
  QLabel* place_;
  QPushButton* start_;
};

}  // namespace coxa
