#pragma once

#include <QFrame>

class QHBoxLayout;
class QScrollBar;
class QToolButton;

namespace coxa {

class SliceView;

/// A view with its title and a button that gives it the whole workspace. A slice also has a
/// scroll bar.
class Pane : public QFrame {
  Q_OBJECT
 public:
  /// `color` marks the pane, so that the eye finds its plane again.
  Pane(const QString& title, const QColor& color, QWidget* view, QWidget* parent = nullptr);

  /// Lets the scroll bar follow and move the slice.
  void addScrollBar(SliceView* slice);
  /// After the slice moved by other means.
  void showPosition();
  QWidget* view() const { return view_; }
  void setMaximized(bool maximized);

 Q_SIGNALS:
  void maximizeRequested();
  void scrolledTo(double positionMm);

 private:
  QWidget* view_;
  SliceView* slice_ = nullptr;
  QHBoxLayout* content_;
  QScrollBar* bar_ = nullptr;
  QToolButton* maximize_;
};

}  // namespace coxa
