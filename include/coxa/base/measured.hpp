#pragma once

namespace coxa {

/// A number with its uncertainty: `sd` is one standard deviation in the unit of `value`.
struct Measured {
  double value = 0.0;
  double sd = 0.0;
};

}  // namespace coxa
