#pragma once

#include <QByteArray>
#include <QStringList>

namespace coxa {

/// What the program remembers between starts: paths of recent cases and the window's shape. No patient data.
/// A path is kept only for a case, whose name the user chose; never for a DICOM folder.
class Settings {
 public:
  static QStringList recentCases();  ///< newest first, only those that still exist
  static void addRecentCase(const QString& folder);
  static void removeRecentCase(const QString& folder);

  static QByteArray windowGeometry();
  static void setWindowGeometry(const QByteArray& geometry);
};

}  // namespace coxa
