#include "coxa/report/slice_picture.hpp"

#include "headless.hpp"
#include "qt_picture.hpp"

#include "coxa/geometry/slice.hpp"
#include "coxa/image/sampling.hpp"

#include <tbb/parallel_for.h>

#include <QPainter>
#include <algorithm>

namespace coxa {

namespace {

/// Directions of a slice's picture in LPS, and the letters at its edges: left, right, top, bottom.
struct SliceAxes {
  Vec3 right;
  Vec3 down;
  std::array<const char*, 4> letters;
};

SliceAxes axesOf(BodyPlane plane) {
  switch (plane) {
    case BodyPlane::Axial:
      return {Vec3::UnitX(), Vec3::UnitY(), {"R", "L", "A", "P"}};
    case BodyPlane::Coronal:
      return {Vec3::UnitX(), -Vec3::UnitZ(), {"R", "L", "S", "I"}};
    default:
      return {Vec3::UnitY(), -Vec3::UnitZ(), {"A", "P", "S", "I"}};
  }
}

/// Trilinear HU at a position in voxels; air outside.
double valueAt(const Volume& volume, const Vec3& index) {
  constexpr double kAir = -1024.0;
  return insideImage(volume.grid, index) ? sampleClamped<double>(volume, index) : kAir;
}

std::uint8_t labelAt(const LabelMap& labels, const Vec3& world) {
  const Eigen::Vector3i index = labels.grid.indexFromWorld(world).array().round().cast<int>();
  return labels.grid.contains(index) ? labels.at(index.x(), index.y(), index.z()) : 0;
}

/// From picture points to the world and back; pixel (0, 0) covers [0, 1)².
class SlicePlacement {
 public:
  explicit SlicePlacement(const SlicePictureView& view)
      : axes(axesOf(view.plane)),
        width(std::max(1, static_cast<int>(std::lround(view.widthMm * view.pixelsPerMm)))),
        height(std::max(1, static_cast<int>(std::lround(view.heightMm * view.pixelsPerMm)))),
        center_(view.center),
        pixelsPerMm_(view.pixelsPerMm) {}

  SliceAxes axes;
  int width;
  int height;

  Vec3 world(double x, double y) const {
    return center_ + axes.right * ((x - width / 2.0) / pixelsPerMm_) +
           axes.down * ((y - height / 2.0) / pixelsPerMm_);
  }
  QPointF pixel(const Vec3& world) const {
    const Vec3 d = world - center_;
    return {width / 2.0 + d.dot(axes.right) * pixelsPerMm_, height / 2.0 + d.dot(axes.down) * pixelsPerMm_};
  }
  Plane plane() const { return {center_, axes.right.cross(axes.down), 0.0}; }

 private:
  Vec3 center_;
  double pixelsPerMm_;
};

Picture pixels(const Volume& volume, const LabelMap& labels, const std::map<std::uint8_t, Rgb>& colours,
               const SlicePlacement& place, const SlicePictureView& view) {
  std::array<const Rgb*, 256> colour{};
  for (const auto& [value, rgb] : colours) colour[value] = &rgb;
  Picture picture(place.width, place.height);
  tbb::parallel_for(0, place.height, [&](int y) {
    std::uint8_t* out = picture.pixel(0, y);
    for (int x = 0; x < place.width; ++x, out += 4) {
      const Vec3 world = place.world(x + 0.5, y + 0.5);
      const double hu = valueAt(volume, volume.grid.indexFromWorld(world));
      const double grey = std::clamp((hu - view.windowCenterHu) / view.windowWidthHu + 0.5, 0.0, 1.0) * 255.0;
      const Rgb* paint = labels.empty() ? nullptr : colour[labelAt(labels, world)];
      for (std::size_t c = 0; c < 3; ++c) {
        const double value = paint != nullptr ? grey + view.labelOpacity * ((*paint)[c] - grey) : grey;
        out[c] = static_cast<std::uint8_t>(std::lround(value));
      }
    }
  });
  return picture;
}

void drawOutlines(QPainter& painter, const std::vector<SliceOutline>& outlines, const SlicePlacement& place) {
  for (const SliceOutline& outline : outlines) {
    painter.setPen(QPen(QColor(outline.rgb[0], outline.rgb[1], outline.rgb[2]),
                        std::max(1.5, place.height / 350.0), Qt::SolidLine, Qt::RoundCap));
    for (const auto& [from, to] : sliceOf(*outline.mesh, place.plane()))
      painter.drawLine(place.pixel(from), place.pixel(to));
  }
}

void drawText(QPainter& painter, const QRectF& where, int alignment, const QString& text) {
  painter.setPen(QColor(0, 0, 0, 190));
  painter.drawText(where.translated(1.5, 1.5), alignment, text);
  painter.setPen(QColor(240, 240, 240));
  painter.drawText(where, alignment, text);
}

/// Orientation letters at the edges and a scale bar of a round length in the lower right corner.
void drawMarks(QPainter& painter, const SlicePlacement& place, const SlicePictureView& view) {
  QFont font = reportFont();
  font.setPixelSize(std::max(10, place.height / 24));
  painter.setFont(font);
  const double margin = place.height / 60.0;
  const QRectF area(margin, margin, place.width - 2.0 * margin, place.height - 2.0 * margin);
  const std::array<int, 4> where = {Qt::AlignLeft | Qt::AlignVCenter, Qt::AlignRight | Qt::AlignVCenter,
                                    Qt::AlignTop | Qt::AlignHCenter, Qt::AlignBottom | Qt::AlignHCenter};
  for (std::size_t i = 0; i < 4; ++i)
    drawText(painter, area, where[i], QString::fromLatin1(place.axes.letters[i]));

  const double barMm = view.widthMm >= 150.0 ? 50.0 : view.widthMm >= 60.0 ? 20.0 : 5.0;
  const double bar = barMm * view.pixelsPerMm;
  const double y = area.bottom() - margin;
  painter.setPen(QPen(QColor(240, 240, 240), std::max(2.0, place.height / 200.0)));
  painter.drawLine(QPointF(area.right() - bar, y), QPointF(area.right(), y));
  font.setPixelSize(std::max(9, place.height / 32));
  painter.setFont(font);
  drawText(painter, QRectF(area.right() - bar, y - 2.5 * font.pixelSize(), bar, 2.0 * font.pixelSize()),
           Qt::AlignHCenter | Qt::AlignBottom, QString::number(barMm) + " mm");
}

}  // namespace

Picture slicePicture(const Volume& volume, const LabelMap& labels, const std::map<std::uint8_t, Rgb>& colours,
                     const std::vector<SliceOutline>& outlines, const SlicePictureView& view) {
  const SlicePlacement place(view);
  QImage image = viewOf(pixels(volume, labels, colours, place, view)).copy();
  const bool fonts = ensureFonts();
  QPainter painter(&image);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  drawOutlines(painter, outlines, place);
  if (fonts) drawMarks(painter, place, view);
  painter.end();
  return pictureOf(image);
}

}  // namespace coxa
