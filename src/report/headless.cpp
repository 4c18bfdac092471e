#include "headless.hpp"

#include <QGuiApplication>

namespace coxa {

bool ensureFonts() {
  if (qobject_cast<QGuiApplication*>(QCoreApplication::instance()) != nullptr) return true;
  if (QCoreApplication::instance() != nullptr) return false;
  // Never destroyed: Qt allows one application object per process, and the program may write more reports.
  static int count = 3;
  static char program[] = "coxa";
  static char option[] = "-platform";
  static char platform[] = "offscreen";
  static char* arguments[] = {program, option, platform, nullptr};
  new QGuiApplication(count, arguments);
  return true;
}

}  // namespace coxa
