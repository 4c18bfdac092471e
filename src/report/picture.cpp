#include "coxa/report/picture.hpp"

#include "qt_picture.hpp"

#include "coxa/base/files.hpp"

#include <QBuffer>
#include <algorithm>

namespace coxa {

QImage viewOf(const Picture& picture) {
  return {picture.rgba.data(), picture.width, picture.height, 4 * picture.width, QImage::Format_RGBA8888};
}

Picture pictureOf(const QImage& image) {
  const QImage rgba = image.convertToFormat(QImage::Format_RGBA8888);
  Picture picture(rgba.width(), rgba.height());
  for (int y = 0; y < rgba.height(); ++y)
    std::copy_n(rgba.constScanLine(y), 4 * rgba.width(), picture.pixel(0, y));
  return picture;
}

QFont reportFont() {
  QFont font;
  font.setFamilies({"Noto Sans", "DejaVu Sans", "Noto Sans CJK JP"});
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

Result<void> writePng(const std::filesystem::path& path, const Picture& picture) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (!viewOf(picture).save(&buffer, "PNG")) return internalError("The picture could not be encoded as PNG.");
  return writeFileAtomically(path,
                             std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

Result<Picture> readPicture(const std::filesystem::path& path) {
  const auto bytes = readFile(path);
  if (!bytes) return tl::unexpected(bytes.error());
  const QImage image =
      QImage::fromData(QByteArray::fromRawData(bytes->data(), static_cast<qsizetype>(bytes->size())));
  if (image.isNull())
    return badInput(path.string() + " is not a picture that can be read; give a PNG or JPEG.");
  return pictureOf(image);
}

}  // namespace coxa
