#include "main_window.hpp"
#include "theme.hpp"
#include "viewport.hpp"

#include "coxa/base/log.hpp"
#include "coxa/base/resources.hpp"

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>

namespace {

/// Nothing can be done without the program's own files.
int failStart(const coxa::Error& error) {
  coxa::logError(error.message + " " + error.detail);
  QMessageBox::critical(nullptr, QApplication::translate("main", "Coxa"),
                        QString::fromStdString(error.message) + QLatin1Char('\n') +
                            QApplication::translate("main", "Install Coxa again."));
  return 5;
}

}  // namespace

int main(int argc, char** argv) {
  coxa::Viewport::prepare();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("Coxa"));
  QApplication::setOrganizationName(QStringLiteral("Coxa"));
  QApplication::setApplicationVersion(QString::fromLatin1(coxa::version()));
  coxa::applyTheme(application);

  QCommandLineParser parser;
  parser.setApplicationDescription(QApplication::translate(
      "main", "Planning of total hip arthroplasty from CT. Research software, not a medical device."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(
      QStringLiteral("path"),
      QApplication::translate("main", "A case (NAME.coxa) or a folder of DICOM files."),
      QStringLiteral("[CASE.coxa | DICOM_DIR]"));
  parser.process(application);

  auto table = coxa::StructureTable::loadDefault();
  if (!table) return failStart(table.error());
  auto catalogue = coxa::loadDefaultCatalogue();
  if (!catalogue) return failStart(catalogue.error());
  coxa::MainWindow window(std::move(*table), std::move(*catalogue));
  window.show();
  if (const QStringList paths = parser.positionalArguments(); !paths.isEmpty())
    window.openPath(paths.first());
  return QApplication::exec();
}
