#include "theme.hpp"

#include <QApplication>
#include <QFontMetrics>
#include <QPalette>
#include <QStyleFactory>
#include <QWidget>
#include <algorithm>
#include <cmath>
#include <utility>

namespace coxa {
namespace {

QPalette darkPalette(const ThemeColors& c) {
  QPalette palette;
  palette.setColor(QPalette::Window, c.window);
  palette.setColor(QPalette::WindowText, c.text);
  palette.setColor(QPalette::Base, c.field);
  palette.setColor(QPalette::AlternateBase, c.window);
  palette.setColor(QPalette::Text, c.text);
  palette.setColor(QPalette::PlaceholderText, c.quietText);
  palette.setColor(QPalette::Button, c.raised);
  palette.setColor(QPalette::ButtonText, c.text);
  palette.setColor(QPalette::BrightText, c.error);
  palette.setColor(QPalette::Highlight, c.selection);
  palette.setColor(QPalette::HighlightedText, c.text);
  palette.setColor(QPalette::Link, c.accent);
  palette.setColor(QPalette::LinkVisited, c.accent);
  palette.setColor(QPalette::ToolTipBase, c.raised);
  palette.setColor(QPalette::ToolTipText, c.text);
  palette.setColor(QPalette::Light, c.hovered);
  palette.setColor(QPalette::Midlight, c.raised);
  palette.setColor(QPalette::Mid, c.border);
  palette.setColor(QPalette::Dark, c.field);
  palette.setColor(QPalette::Shadow, c.canvas);
  for (const auto role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
    palette.setColor(QPalette::Disabled, role, c.disabledText);
  return palette;
}

// Lengths are in em, so that they grow with the text. Focus is always visible: a ring in the accent colour.
const char* const kStyleSheet = R"(
QToolTip { color: @text; background: @raised; border: 1px solid @border; padding: 0.2em; }
QMainWindow::separator { background: @canvas; width: 4px; height: 4px; }
QToolBar { background: @window; border: none; spacing: 0.15em; padding: 0.25em; }
QToolBar::separator { background: @border; width: 1px; margin: 0.3em 0.4em; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 0.3em; padding: 0.3em 0.45em; }
QToolButton:hover { background: @raised; }
QToolButton:pressed, QToolButton:checked { background: @selection; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @disabledText; }
QToolButton::menu-indicator { subcontrol-origin: padding; subcontrol-position: right center; right: 0.2em; }
QToolButton[popupMode="2"] { padding-right: 1.2em; }
QPushButton { background: @raised; border: 1px solid @border; border-radius: 0.3em; padding: 0.35em 0.9em; }
QPushButton:hover { background: @hovered; }
QPushButton:pressed, QPushButton:checked { background: @selection; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @disabledText; border-color: @raised; }
QPushButton[primary="true"] { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton[primary="true"]:hover { background: @accentHovered; }
QPushButton[primary="true"]:focus { border-color: @text; }
QPushButton[primary="true"]:disabled { background: @raised; color: @disabledText; border-color: @raised; }
QLineEdit, QAbstractSpinBox, QComboBox { background: @field; border: 1px solid @border; border-radius: 0.3em;
  padding: 0.2em 0.35em; min-height: 1.25em; selection-background-color: @selection; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url(:/coxa/icons/arrow-up.svg); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url(:/coxa/icons/arrow-down.svg); width: 9px; height: 9px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @hovered; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: @accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @disabledText; }
QAbstractItemView { background: @field; border: 1px solid @border; gridline-color: @raised;
  selection-background-color: @selection; selection-color: @text; }
QAbstractItemView:focus { border-color: @accent; }
QHeaderView::section { background: @window; color: @quietText; border: none; border-bottom: 1px solid @border;
  padding: 0.3em 0.4em; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }
QTabBar::tab { background: transparent; color: @quietText; padding: 0.5em 1em; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:focus { color: @accent; }
QDockWidget { titlebar-close-icon: none; color: @quietText; }
QDockWidget::title { background: @window; padding: 0.45em 0.6em; }
QStatusBar { background: @window; color: @quietText; }
QStatusBar::item { border: none; }
QProgressBar { background: @field; border: 1px solid @border; border-radius: 0.3em; text-align: center; }
QProgressBar::chunk { background: @selection; border-radius: 0.25em; }
QSlider::groove:horizontal { background: @border; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal { background: @text; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { background: @accent; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: @disabledText; }
QScrollBar:vertical { background: transparent; width: 0.75em; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 0.75em; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 0.3em; margin: 0.1em; }
QScrollBar::handle:vertical { min-height: 2em; }
QScrollBar::handle:horizontal { min-width: 2em; }
QScrollBar::handle:hover { background: @disabledText; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QCheckBox::indicator { width: 0.9em; height: 0.9em; border: 1px solid @disabledText; border-radius: 0.2em; background: @field; }
QCheckBox::indicator:checked { image: url(:/coxa/icons/check-box.svg); background: @accent; border-color: @accent; }
QCheckBox:focus, QRadioButton:focus { color: @accent; }
QMenu { background: @raised; border: 1px solid @border; padding: 0.25em; }
QMenu::item { padding: 0.35em 1.6em 0.35em 1.6em; border-radius: 0.25em; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @disabledText; }
QMenu::separator { height: 1px; background: @border; margin: 0.25em 0.5em; }
QMenuBar { background: @window; }
QMenuBar::item { padding: 0.3em 0.6em; border-radius: 0.25em; }
QMenuBar::item:selected { background: @raised; }
QGroupBox { border: none; margin-top: 1.7em; padding: 0; font-weight: bold; }
QGroupBox::title { subcontrol-origin: margin; left: 0; padding: 0.25em 0; }
QScrollArea { border: none; background: transparent; }
QLabel[quiet="true"] { color: @quietText; }
#banner { background: @raised; border-left: 0.3em solid @accent; }
#banner[severity="warning"] { border-left-color: @warning; }
#banner[severity="error"] { border-left-color: @error; }
#startPage { background: @canvas; }
#dropArea { border: 2px dashed @border; border-radius: 0.6em; }
#dropArea[dropping="true"] { border-color: @accent; background: @window; }
#card { background: @window; border: 1px solid @border; border-radius: 0.5em; }
)";

QString styleSheet(const ThemeColors& c) {
  // Longer names first: @accentHovered begins with @accent.
  const std::pair<const char*, QColor> colors[] = {
      {"@accentHovered", c.accent.lighter(112)},
      {"@disabledText", c.disabledText},
      {"@quietText", c.quietText},
      {"@selection", c.selection},
      {"@onAccent", c.onAccent},
      {"@hovered", c.hovered},
      {"@warning", c.warning},
      {"@accent", c.accent},
      {"@border", c.border},
      {"@canvas", c.canvas},
      {"@window", c.window},
      {"@raised", c.raised},
      {"@field", c.field},
      {"@error", c.error},
      {"@text", c.text},
  };
  QString sheet = QString::fromLatin1(kStyleSheet);
  for (const auto& [name, color] : colors) sheet.replace(QLatin1String(name), color.name());
  return sheet;
}

double linearLight(int channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double relativeLuminance(const QColor& color) {
  return 0.2126 * linearLight(color.red()) + 0.7152 * linearLight(color.green()) +
         0.0722 * linearLight(color.blue());
}

}  // namespace

const ThemeColors& themeColors() {
  static const ThemeColors colors;
  return colors;
}

void applyTheme(QApplication& application) {
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QApplication::setPalette(darkPalette(themeColors()));
  application.setStyleSheet(styleSheet(themeColors()));
}

double contrastRatio(const QColor& a, const QColor& b) {
  const double la = relativeLuminance(a);
  const double lb = relativeLuminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

int lineHeights(const QWidget* widget, double lines) {
  return static_cast<int>(std::lround(QFontMetrics(widget->font()).height() * lines));
}

void setTextSize(QWidget* widget, double factor) {
  QFont font = widget->font();
  font.setPointSizeF(QApplication::font().pointSizeF() * factor);
  widget->setFont(font);
}

void setHeading(QWidget* widget, double factor) {
  setTextSize(widget, factor);
  QFont font = widget->font();
  font.setBold(true);
  widget->setFont(font);
}

void setQuiet(QWidget* widget) {
  widget->setProperty("quiet", true);
}

}  // namespace coxa
