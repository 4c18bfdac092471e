#pragma once

#include "coxa/report/picture.hpp"

#include <QFont>
#include <QImage>
#include <QString>

namespace coxa {

/// A view of the picture's pixels; lives as long as `picture`.
QImage viewOf(const Picture& picture);
Picture pictureOf(const QImage& image);
/// The typeface of pictures and reports, with Japanese.
QFont reportFont();

}  // namespace coxa
