#pragma once

#include "coxa/base/measured.hpp"
#include "coxa/geometry/cup_angles.hpp"

#include <QString>

namespace coxa {

/// Numbers in the user's locale, always with the given count of decimals; the minus sign is a real one.
QString numberText(double value, int decimals);
/// With a sign: "+3.2", "−1.0", "0.0".
QString signedText(double value, int decimals);
/// "12.3 ± 0.4"; without an uncertainty just the value.
QString measuredText(const Measured& measured, int decimals);
QString signedMeasuredText(const Measured& measured, int decimals);

QString sideText(Side side);                       ///< "Left"
QString definitionText(CupDefinition definition);  ///< "radiographic"
QString planeText(PelvicPlane plane);              ///< "APP"

}  // namespace coxa
