#include "coxa/report/report.hpp"

#include "headless.hpp"
#include "sections.hpp"

#include "coxa/base/files.hpp"

#include <QBuffer>
#include <QPageSize>

namespace coxa {

namespace {

/// The PDF with "of `count`" on its pages; `pages` gets how many it has.
QByteArray pdfOf(const ReportContent& content, int count, int& pages) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setPageSize(QPageSize(QPageSize::A4));
  writer.setPageMargins(QMarginsF(0.0, 0.0, 0.0, 0.0));
  writer.setResolution(600);
  writer.setTitle(QString::fromStdString(content.pseudonym));
  writer.setCreator("Coxa " + QString::fromStdString(content.programVersion));
  {
    Pages sheet(writer, footerOf(content), count);
    compose(content, sheet);
    pages = sheet.pageNumber();
  }
  return bytes;
}

}  // namespace

Result<void> writeReport(const ReportContent& content, const std::filesystem::path& path) {
  if (!ensureFonts()) return internalError("The report needs an application with fonts.");
  int pages = 0;
  pdfOf(content, 0, pages);  // only to count
  const QByteArray bytes = pdfOf(content, pages, pages);
  return writeFileAtomically(path,
                             std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

}  // namespace coxa
