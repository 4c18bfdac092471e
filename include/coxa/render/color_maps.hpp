#pragma once

#include "coxa/image/picture.hpp"

#include <vector>

namespace coxa {

/// A perceptually uniform map from 0..1 to colours: CIE lightness rises steadily from dark to bright, so that
/// it also reads in grey and with any colour blindness.
class ColorMap {
 public:
  /// Blue to yellow, nearly the same for normal and red-green-blind eyes (Nuñez, Anderton and Renslow 2018,
  /// PLoS ONE 13:e0199239; CC0 as shipped with matplotlib). The map for uncertainty.
  static const ColorMap& cividis();
  /// Violet, green, yellow (van der Walt and Smith 2015; CC0).
  static const ColorMap& viridis();

  /// The colour at `t`, clamped to [0, 1].
  Rgb at(double t) const;

 private:
  explicit ColorMap(std::vector<Rgb> controlPoints) : controlPoints_(std::move(controlPoints)) {}
  std::vector<Rgb> controlPoints_;  ///< evenly spaced over [0, 1]
};

/// CIE 1976 lightness L* (0 to 100, white point D65) of an sRGB colour.
double cieLightness(Rgb color);

}  // namespace coxa
