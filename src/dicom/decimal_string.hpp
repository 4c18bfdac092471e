#pragma once

#include <initializer_list>
#include <string>

namespace coxa {

/// A decimal string of DICOM (at most 16 characters), as precise as it can be.
std::string decimalString(double value);
/// Several, separated by backslashes.
std::string decimalStrings(std::initializer_list<double> values);

}  // namespace coxa
