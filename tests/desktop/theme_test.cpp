#include "theme.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

constexpr double kReadable = 4.5;  // WCAG 2.1, AA, text

// Worked examples of the WCAG formula: black on white is 21:1, #767676 on white is the lightest grey that
// passes with 4.54:1.
TEST(Contrast, FollowsTheWcagFormula) {
  EXPECT_NEAR(contrastRatio(Qt::black, Qt::white), 21.0, 1e-9);
  EXPECT_NEAR(contrastRatio(QColor(0x76, 0x76, 0x76), Qt::white), 4.54, 0.005);
  EXPECT_NEAR(contrastRatio(Qt::red, Qt::red), 1.0, 1e-9);
}

TEST(Theme, TextIsReadableOnEverySurface) {
  const ThemeColors& c = themeColors();
  for (const QColor& surface : {c.canvas, c.window, c.raised, c.hovered, c.field, c.selection})
    EXPECT_GE(contrastRatio(c.text, surface), kReadable) << surface.name().toStdString();
  for (const QColor& surface : {c.canvas, c.window, c.raised, c.field})
    EXPECT_GE(contrastRatio(c.quietText, surface), kReadable) << surface.name().toStdString();
  EXPECT_GE(contrastRatio(c.onAccent, c.accent), kReadable);
}

TEST(Theme, SignalColoursStandOut) {
  const ThemeColors& c = themeColors();
  for (const QColor& signal : {c.accent, c.good, c.warning, c.error})
    for (const QColor& surface : {c.window, c.raised, c.field})
      EXPECT_GE(contrastRatio(signal, surface), kReadable) << signal.name().toStdString();
}

// Parts of controls need 3:1 against what is beside them (WCAG 1.4.11).
TEST(Theme, FocusIsVisible) {
  const ThemeColors& c = themeColors();
  for (const QColor& surface : {c.window, c.raised, c.field})
    EXPECT_GE(contrastRatio(c.accent, surface), 3.0);
}

}  // namespace
}  // namespace coxa
