#pragma once

#include <QColor>
#include <QString>
#include <vector>

class QApplication;
class QWidget;

namespace coxa {

/// The colours of the window: a calm dark theme in which pictures stand out and every text keeps a contrast
/// of at least 4.5:1 (WCAG 2.1 AA) on the surfaces it is drawn on.
struct ThemeColors {
  QColor canvas{0x0e, 0x11, 0x15};   ///< behind pictures
  QColor window{0x1a, 0x1e, 0x24};   ///< panels
  QColor raised{0x25, 0x2b, 0x33};   ///< buttons, headers, the banner
  QColor hovered{0x30, 0x38, 0x42};  ///< a raised surface under the pointer
  QColor field{0x12, 0x16, 0x1a};    ///< inputs and tables
  QColor border{0x3d, 0x47, 0x53};
  QColor text{0xe8, 0xec, 0xf0};
  QColor quietText{0xa9, 0xb4, 0xc0};  ///< captions and units
  QColor disabledText{0x76, 0x82, 0x8f};
  QColor accent{0x7a, 0xb8, 0xec};     ///< focus, links, the chosen one
  QColor onAccent{0x0b, 0x16, 0x20};   ///< text on accent
  QColor selection{0x26, 0x4a, 0x69};  ///< behind selected rows
  QColor good{0x8a, 0xd1, 0x9b};
  QColor warning{0xf2, 0xc1, 0x5e};
  QColor error{0xf5, 0x97, 0x8e};
};

const ThemeColors& themeColors();

/// Fusion style, palette and stylesheet for the whole application.
void applyTheme(QApplication& application);

/// Contrast ratio of two opaque colours after WCAG 2.1, from 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);

/// Lengths follow the text: `lines` times the widget's line height, in device-independent pixels.
int lineHeights(const QWidget* widget, double lines);

/// Makes the widget's font `factor` times as large as the application's, and bold if wanted.
void setTextSize(QWidget* widget, double factor);
void setHeading(QWidget* widget, double factor = 1.15);
/// Draws a label in the quiet colour of captions and units.
void setQuiet(QWidget* widget);

}  // namespace coxa
