#pragma once

#include <QIcon>

namespace coxa {

/// A line icon of resources/desktop/icons (`name` without ".svg") in the colour of the theme's text, dimmed
/// where disabled.
QIcon icon(const QString& name);
QIcon icon(const QString& name, const QColor& color);

}  // namespace coxa
