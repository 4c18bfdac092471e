#include "pages.hpp"

#include "qt_picture.hpp"
#include "report_text.hpp"

#include <QTextLayout>
#include <algorithm>

namespace coxa {

namespace {

constexpr double kMargin = 18.0;
constexpr double kPageWidth = 210.0;
constexpr double kPageHeight = 297.0;
constexpr double kFooter = 10.0;
constexpr double kGutter = 5.0;
constexpr double kCellPadding = 1.1;
constexpr double kCellInset = 1.8;
constexpr double kTilePadding = 2.5;
constexpr double kTileValuePoints = 13.0;
constexpr qsizetype kLongestText = 1200;  // a single cell must fit on a page

}  // namespace

Pages::Pages(QPdfWriter& writer, QString footer, int count)
    : writer_(writer), painter_(&writer), footer_(std::move(footer)), count_(count), y_(kMargin) {
  this->footer();
}

Pages::~Pages() = default;

double Pages::left() const {
  return kMargin;
}
double Pages::width() const {
  return kPageWidth - 2.0 * kMargin;
}
double Pages::bottom() const {
  return kPageHeight - kMargin - kFooter;
}
double Pages::pixels(double mm) const {
  return mm * writer_.resolution() / 25.4;
}
QRectF Pages::pixels(double x, double y, double w, double h) const {
  return {pixels(x), pixels(y), pixels(w), pixels(h)};
}

Pages::Layout Pages::laidOut(const QString& text, const TextStyle& style, double widthMm) const {
  QFont font = reportFont();
  font.setPointSizeF(style.points);
  font.setBold(style.bold);
  QString shown = text.size() > kLongestText ? text.left(kLongestText) + QChar(0x2026) : text;
  shown.replace('\n', QChar::LineSeparator);
  auto layout = std::make_unique<QTextLayout>(shown, font, const_cast<QPdfWriter*>(&writer_));
  QTextOption option(style.alignment);
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  layout->setTextOption(option);
  layout->beginLayout();
  double y = 0.0;
  for (QTextLine line = layout->createLine(); line.isValid(); line = layout->createLine()) {
    line.setLineWidth(pixels(widthMm));
    line.setPosition({0.0, y});
    y += 1.12 * line.height();
  }
  layout->endLayout();
  return layout;
}

double Pages::height(const QTextLayout& layout) const {
  if (layout.lineCount() == 0) return 0.0;
  const QTextLine last = layout.lineAt(layout.lineCount() - 1);
  return (last.y() + last.height()) * 25.4 / writer_.resolution();
}

void Pages::draw(const QTextLayout& layout, double x, double y, const QColor& colour) {
  painter_.setPen(colour);
  layout.draw(&painter_, {pixels(x), pixels(y)});
}

double Pages::put(const QString& text, const TextStyle& style, double x, double y, double widthMm) {
  const Layout layout = laidOut(text, style, widthMm);
  draw(*layout, x, y, style.colour);
  return height(*layout);
}

void Pages::footer() {
  const double y = kPageHeight - kMargin - 4.0;
  painter_.fillRect(pixels(left(), y - 1.5, width(), 0.2), ink::kRule);
  put(footer_, {7.5, false, ink::kQuiet, Qt::AlignLeft}, left(), y, 0.75 * width());
  put(ReportText::tr("Page %1 of %2").arg(page_).arg(count_), {7.5, false, ink::kQuiet, Qt::AlignRight},
      left() + 0.75 * width(), y, 0.25 * width());
}

void Pages::newPage() {
  writer_.newPage();
  ++page_;
  y_ = kMargin;
  footer();
}

void Pages::reserve(double mm) {
  if (y_ + mm > bottom()) newPage();
}

void Pages::gap(double mm) {
  y_ = std::min(y_ + mm, bottom());
}

void Pages::title(const QString& text, const QString& beside) {
  const double half = 0.5 * width();
  const double a = put(text, {19.0, true, ink::kText, Qt::AlignLeft}, left(), y_, half);
  const double b = put(beside, {9.0, false, ink::kQuiet, Qt::AlignRight}, left() + half, y_ + 1.0, half);
  y_ += std::max(a, b) + 2.5;
  painter_.fillRect(pixels(left(), y_, width(), 0.6), ink::kAccent);
  y_ += 4.0;
}

void Pages::heading(const QString& text) {
  reserve(30.0);
  y_ += put(text, {12.0, true, ink::kAccent, Qt::AlignLeft}, left(), y_, width()) + 2.0;
}

void Pages::paragraph(const QString& text, const TextStyle& style) {
  const Layout layout = laidOut(text, style, width());
  reserve(height(*layout));
  draw(*layout, left(), y_, style.colour);
  y_ += height(*layout) + 1.5;
}

void Pages::bullets(const std::vector<TableCell>& items) {
  constexpr double kIndent = 4.0;
  for (const TableCell& item : items) {
    const TextStyle style{9.0, item.bold, item.colour, Qt::AlignLeft};
    const Layout layout = laidOut(item.text, style, width() - kIndent);
    reserve(height(*layout));
    painter_.fillRect(pixels(left(), y_ + 0.6, 1.0, height(*layout) - 1.0), item.colour);
    draw(*layout, left() + kIndent, y_, style.colour);
    y_ += height(*layout) + 2.0;
  }
}

double Pages::fittingPoints(const QString& text, double widthMm, double points) const {
  constexpr double kLeast = 9.0;
  while (points > kLeast &&
         laidOut(text, {points, true, ink::kText, Qt::AlignLeft}, widthMm)->lineCount() > 1)
    points -= 0.5;
  return points;
}

double Pages::tileHeight(const Tile& tile, double widthMm, double valuePoints) const {
  double sum = height(*laidOut(tile.label, {8.0, false, ink::kQuiet, Qt::AlignLeft}, widthMm)) +
               height(*laidOut(tile.value, {valuePoints, true, ink::kText, Qt::AlignLeft}, widthMm)) + 0.8;
  if (!tile.meaning.isEmpty())
    sum += height(*laidOut(tile.meaning, {7.5, false, ink::kQuiet, Qt::AlignLeft}, widthMm)) + 0.6;
  return sum;
}

void Pages::drawTile(const Tile& tile, double x, double widthMm, double heightMm, double valuePoints) {
  painter_.fillRect(pixels(x, y_, widthMm, heightMm), ink::kPanel);
  const double inner = widthMm - 2.0 * kTilePadding;
  double y = y_ + 2.0;
  y += put(tile.label, {8.0, false, ink::kQuiet, Qt::AlignLeft}, x + kTilePadding, y, inner) + 0.8;
  y += put(tile.value, {valuePoints, true, ink::kText, Qt::AlignLeft}, x + kTilePadding, y, inner) + 0.6;
  put(tile.meaning, {7.5, false, ink::kQuiet, Qt::AlignLeft}, x + kTilePadding, y, inner);
}

void Pages::tiles(const std::vector<Tile>& tiles, int perRow) {
  const double each = (width() - (perRow - 1) * 3.0) / perRow;
  const auto step = static_cast<std::size_t>(perRow);
  for (std::size_t first = 0; first < tiles.size(); first += step) {
    const std::size_t last = std::min(tiles.size(), first + step);
    const double inner = each - 2.0 * kTilePadding;
    // One size in a row, so that the smaller is not taken for the less important.
    double valuePoints = kTileValuePoints;
    for (std::size_t i = first; i < last; ++i)
      valuePoints = std::min(valuePoints, fittingPoints(tiles[i].value, inner, kTileValuePoints));
    double tallest = 0.0;
    for (std::size_t i = first; i < last; ++i)
      tallest = std::max(tallest, tileHeight(tiles[i], inner, valuePoints) + 4.0);
    reserve(tallest);
    for (std::size_t i = first; i < last; ++i)
      drawTile(tiles[i], left() + static_cast<double>(i - first) * (each + 3.0), each, tallest, valuePoints);
    y_ += tallest + 3.0;
  }
}

double Pages::rowHeight(const std::vector<TableColumn>& columns, const std::vector<TableCell>& cells,
                        const TextStyle& style) const {
  double shares = 0.0;
  for (const TableColumn& column : columns) shares += column.share;
  double tallest = 0.0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double cell = columns[i].share / shares * width() - 2.0 * kCellInset;
    tallest = std::max(
        tallest, height(*laidOut(
                     cells[i].text,
                     {style.points, style.bold || cells[i].bold, style.colour, columns[i].alignment}, cell)));
  }
  return tallest + 2.0 * kCellPadding;
}

void Pages::tableRow(const std::vector<TableColumn>& columns, const std::vector<TableCell>& cells,
                     const TextStyle& style) {
  double shares = 0.0;
  for (const TableColumn& column : columns) shares += column.share;
  double x = left();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double cell = columns[i].share / shares * width();
    put(cells[i].text, {style.points, style.bold || cells[i].bold, cells[i].colour, columns[i].alignment},
        x + kCellInset, y_ + kCellPadding, cell - 2.0 * kCellInset);
    x += cell;
  }
  y_ += rowHeight(columns, cells, style);
  painter_.fillRect(pixels(left(), y_ - 0.1, width(), 0.15), ink::kRule);
}

void Pages::tableHead(const Table& table, bool continued) {
  const QString title = continued ? ReportText::tr("%1 (continued)").arg(table.title) : table.title;
  y_ += put(title, {12.0, true, ink::kAccent, Qt::AlignLeft}, left(), y_, width()) + 1.5;
  const bool untitled = std::all_of(table.columns.begin(), table.columns.end(),
                                    [](const TableColumn& column) { return column.title.isEmpty(); });
  if (untitled) return;
  std::vector<TableCell> cells;
  for (const TableColumn& column : table.columns) cells.push_back({column.title, ink::kQuiet, true});
  const TextStyle style{8.0, true, ink::kQuiet, Qt::AlignLeft};
  painter_.fillRect(pixels(left(), y_, width(), rowHeight(table.columns, cells, style)), ink::kPanel);
  tableRow(table.columns, cells, style);
}

void Pages::table(const Table& table) {
  if (table.rows.empty()) return;
  constexpr double kHead = 16.0;
  const TextStyle style{8.5, false, ink::kText, Qt::AlignLeft};
  reserve(kHead + rowHeight(table.columns, table.rows.front(), style) + 8.0);
  tableHead(table, false);
  for (const auto& row : table.rows) {
    if (y_ + rowHeight(table.columns, row, style) > bottom()) {
      newPage();
      tableHead(table, true);
    }
    tableRow(table.columns, row, style);
  }
  y_ += kGutter;
}

void Pages::pictures(const std::vector<PictureWithCaption>& pictures) {
  constexpr std::size_t kPerRow = 2;
  constexpr double kTallest = 75.0;
  const double each = (width() - kGutter) / kPerRow;
  const TextStyle style{8.0, false, ink::kQuiet, Qt::AlignLeft};
  for (std::size_t first = 0; first < pictures.size(); first += kPerRow) {
    const std::size_t last = std::min(pictures.size(), first + kPerRow);
    double picture = 0.0;
    double caption = 0.0;
    const auto scaleOf = [&](const QImage& image) {
      return std::min(each / std::max(1, image.width()), kTallest / std::max(1, image.height()));
    };
    for (std::size_t i = first; i < last; ++i) {
      picture = std::max(picture, pictures[i].image.height() * scaleOf(pictures[i].image));
      caption = std::max(caption, height(*laidOut(pictures[i].caption, style, each)));
    }
    reserve(picture + caption + 1.5);
    for (std::size_t i = first; i < last; ++i) {
      const QImage& image = pictures[i].image;
      const double x = left() + static_cast<double>(i - first) * (each + kGutter);
      const double scale = scaleOf(image);
      painter_.drawImage(pixels(x, y_, image.width() * scale, image.height() * scale), image);
      put(pictures[i].caption, style, x, y_ + picture + 1.0, each);
    }
    y_ += picture + caption + 1.0 + kGutter;
  }
}

}  // namespace coxa
