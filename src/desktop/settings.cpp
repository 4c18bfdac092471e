#include "settings.hpp"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace coxa {
namespace {

constexpr auto kRecent = "recentCases";
constexpr auto kGeometry = "windowGeometry";
constexpr qsizetype kRecentKept = 10;

}  // namespace

QStringList Settings::recentCases() {
  QStringList existing;
  for (const QString& folder : QSettings().value(kRecent).toStringList())
    if (QFileInfo::exists(QDir(folder).filePath(QStringLiteral("case.json")))) existing << folder;
  return existing;
}

void Settings::addRecentCase(const QString& folder) {
  const QString path = QFileInfo(folder).absoluteFilePath();
  QStringList recent = QSettings().value(kRecent).toStringList();
  recent.removeAll(path);
  recent.prepend(path);
  QSettings().setValue(kRecent, recent.mid(0, kRecentKept));
}

void Settings::removeRecentCase(const QString& folder) {
  QStringList recent = QSettings().value(kRecent).toStringList();
  recent.removeAll(QFileInfo(folder).absoluteFilePath());
  QSettings().setValue(kRecent, recent);
}

QByteArray Settings::windowGeometry() {
  return QSettings().value(kGeometry).toByteArray();
}

void Settings::setWindowGeometry(const QByteArray& geometry) {
  QSettings().setValue(kGeometry, geometry);
}

}  // namespace coxa
