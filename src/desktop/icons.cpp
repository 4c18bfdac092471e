#include "icons.hpp"

#include "theme.hpp"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

// The resources stand in a static library, which the linker would drop without this call.
static void initResources() {
  Q_INIT_RESOURCE(desktop);
}

namespace coxa {
namespace {

QByteArray source(const QString& name) {
  initResources();
  QFile file(QStringLiteral(":/coxa/icons/%1.svg").arg(name));
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QPixmap drawn(const QByteArray& svg, const QColor& color, int size) {
  QSvgRenderer renderer(QByteArray(svg).replace("currentColor", color.name().toLatin1()));
  QPixmap pixmap(size, size);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  renderer.render(&painter);
  return pixmap;
}

}  // namespace

QIcon icon(const QString& name) {
  return icon(name, themeColors().text);
}

QIcon icon(const QString& name, const QColor& color) {
  const QByteArray svg = source(name);
  QIcon icon;
  for (const int size : {16, 20, 24, 32, 40, 48, 64, 96}) {
    icon.addPixmap(drawn(svg, color, size), QIcon::Normal);
    icon.addPixmap(drawn(svg, themeColors().disabledText, size), QIcon::Disabled);
  }
  return icon;
}

}  // namespace coxa
