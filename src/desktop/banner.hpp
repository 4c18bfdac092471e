#pragma once

#include "coxa/base/result.hpp"

#include <QFrame>

class QLabel;
class QToolButton;

namespace coxa {

/// A strip above the views that says what happened and what to do. It stays until it is closed or a newer
/// message takes its place; it never takes the focus.
class Banner : public QFrame {
  Q_OBJECT
 public:
  enum class Severity { Info, Warning, Error };

  explicit Banner(QWidget* parent = nullptr);

  /// `what`: what happened. `advice`: what to do, may be empty. `detail` is offered as a tool tip.
  void showMessage(Severity severity, const QString& what, const QString& advice = {},
                   const QString& detail = {});
  void showError(const Error& error);
  QString text() const;  ///< what is shown, for assistive tools and tests

 private:
  QLabel* icon_;
  QLabel* what_;
  QLabel* advice_;
  QToolButton* close_;
};

}  // namespace coxa
