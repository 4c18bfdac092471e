#pragma once

#include "coxa/motion/hip_joint.hpp"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QSlider;
class QStackedWidget;
class QTableWidget;

namespace coxa {

class MotionSession;
class NumberSpin;
struct Contact;
struct MotionRow;

/// Moves the planned hip with sliders, says what touches, and lists how far it goes against what is required.
/// Knows only the MotionSession.
class MotionPanel : public QWidget {
  Q_OBJECT
 public:
  explicit MotionPanel(MotionSession* motion, QWidget* parent = nullptr);

 private:
  struct AngleControl {
    QSlider* slider = nullptr;
    NumberSpin* spin = nullptr;
    double JointAngles::*angle = nullptr;
  };

  QWidget* motionPage();
  QWidget* contactLine();
  QWidget* profileRow();
  AngleControl addAngle(QFormLayout* form, const QString& caption, const QString& accessibleName, int minimum,
                        int maximum, double JointAngles::*angle);
  void showResult();
  void showRow(int row, const MotionRow& result);
  void showPose();
  void goToContact(int row);

  MotionSession* motion_;
  QStackedWidget* pages_;
  QLabel* emptyText_;
  std::vector<AngleControl> angles_;
  QLabel* contactIcon_ = nullptr;
  QLabel* contactText_ = nullptr;
  QComboBox* profile_ = nullptr;
  QLabel* state_ = nullptr;
  QTableWidget* table_ = nullptr;
};

}  // namespace coxa
