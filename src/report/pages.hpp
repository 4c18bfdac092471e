#pragma once

#include "coxa/report/picture.hpp"

#include <QColor>
#include <QFont>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QString>
#include <memory>
#include <vector>

class QTextLayout;

namespace coxa {

struct TextStyle {
  double points = 9.0;
  bool bold = false;
  QColor colour = QColor(0x1b, 0x24, 0x30);
  Qt::Alignment alignment = Qt::AlignLeft;
};

namespace ink {
inline const QColor kText(0x1b, 0x24, 0x30);
inline const QColor kQuiet(0x5c, 0x67, 0x73);
inline const QColor kAccent(0x0b, 0x5f, 0x6b);
inline const QColor kWarning(0xa3, 0x40, 0x00);
inline const QColor kRule(0xd0, 0xd7, 0xde);
inline const QColor kPanel(0xf2, 0xf5, 0xf7);
}  // namespace ink

struct TableCell {
  QString text;
  QColor colour = ink::kText;
  bool bold = false;
};

struct TableColumn {
  QString title;
  double share = 1.0;  ///< of the width, against the other columns
  Qt::Alignment alignment = Qt::AlignLeft;
};

struct Table {
  QString title;
  std::vector<TableColumn> columns;
  std::vector<std::vector<TableCell>> rows;
};

/// A number or word that matters, large, with what it is above and what it means below.
struct Tile {
  QString label;
  QString value;
  QString meaning;
};

struct PictureWithCaption {
  QImage image;
  QString caption;
};

/// A4 pages filled from top to bottom. Nothing is drawn outside the margins: text wraps, tables break between
/// rows and repeat their head. All lengths in mm.
class Pages {
 public:
  /// `footer` stands at the foot of each page beside "page of `count`".
  Pages(QPdfWriter& writer, QString footer, int count);
  ~Pages();

  void title(const QString& text, const QString& beside);
  void heading(const QString& text);
  void paragraph(const QString& text, const TextStyle& style = {});
  void bullets(const std::vector<TableCell>& items);
  void tiles(const std::vector<Tile>& tiles, int perRow);
  void table(const Table& table);
  void pictures(const std::vector<PictureWithCaption>& pictures);
  void gap(double mm);

  int pageNumber() const { return page_; }

 private:
  using Layout = std::unique_ptr<QTextLayout>;

  double left() const;
  double width() const;
  double bottom() const;
  double pixels(double mm) const;
  QRectF pixels(double x, double y, double w, double h) const;

  Layout laidOut(const QString& text, const TextStyle& style, double widthMm) const;
  double height(const QTextLayout& layout) const;
  void draw(const QTextLayout& layout, double x, double y, const QColor& colour);
  double put(const QString& text, const TextStyle& style, double x, double y, double widthMm);

  void footer();
  void newPage();
  /// Starts a new page when `mm` do not fit any more.
  void reserve(double mm);
  double rowHeight(const std::vector<TableColumn>& columns, const std::vector<TableCell>& cells,
                   const TextStyle& style) const;
  void tableRow(const std::vector<TableColumn>& columns, const std::vector<TableCell>& cells,
                const TextStyle& style);
  void tableHead(const Table& table, bool continued);
  /// The size at which a value stays on one line, as long as it is readable.
  double fittingPoints(const QString& text, double widthMm, double points) const;
  double tileHeight(const Tile& tile, double widthMm, double valuePoints) const;
  void drawTile(const Tile& tile, double x, double widthMm, double heightMm, double valuePoints);

  QPdfWriter& writer_;
  QPainter painter_;
  QString footer_;
  int count_;
  int page_ = 1;
  double y_;
};

}  // namespace coxa
