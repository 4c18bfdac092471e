#pragma once

namespace coxa {

/// Fonts need a QGuiApplication. Makes one for the offscreen platform where the program has none, for the
/// rest of the process. False when the program has an application without GUI, which cannot be replaced.
bool ensureFonts();

}  // namespace coxa
