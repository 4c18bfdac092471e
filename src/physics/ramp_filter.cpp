#include "ramp_filter.hpp"

#include "coxa/geometry/types.hpp"

#include <cmath>

namespace coxa {

namespace {

// `relative`: frequency over the Nyquist frequency, 0 to 1.
double windowAt(FilterWindow window, double relative) {
  switch (window) {
    case FilterWindow::Ramp:
      return 1.0;
    case FilterWindow::SheppLogan:
      return relative == 0.0 ? 1.0 : std::sin(0.5 * kPi * relative) / (0.5 * kPi * relative);
    case FilterWindow::Hann:
      return 0.5 + 0.5 * std::cos(kPi * relative);
  }
  return 1.0;
}

// The kernel is even and zero at even distances except 0. In double precision, because its terms cancel near
// frequency 0, which is what decides over the mean value.
template <class OddTap>
std::vector<float> responseOf(int length, double centerTap, const OddTap& oddTap, FilterWindow window) {
  const auto n = static_cast<std::size_t>(length);
  std::vector<double> cosine(n);
  for (std::size_t m = 0; m < n; ++m) cosine[m] = std::cos(2.0 * kPi * static_cast<double>(m) / length);
  std::vector<double> taps(n / 2, 0.0);
  for (std::size_t m = 1; m < n / 2; m += 2) taps[m] = 2.0 * oddTap(static_cast<double>(m));
  std::vector<float> response(n / 2 + 1);
  for (std::size_t k = 0; k <= n / 2; ++k) {
    double sum = centerTap;
    for (std::size_t m = 1; m < n / 2; m += 2) sum += taps[m] * cosine[(k * m) % n];
    response[k] = static_cast<float>(sum * windowAt(window, 2.0 * static_cast<double>(k) / length));
  }
  return response;
}

}  // namespace

std::vector<float> parallelRampResponse(int length, double stepMm, FilterWindow window) {
  return responseOf(
      length, 0.25 / (stepMm * stepMm), [&](double m) { return -1.0 / std::pow(kPi * m * stepMm, 2); },
      window);
}

std::vector<float> equiangularRampResponse(int length, double stepRad, FilterWindow window) {
  // Two rays of a fan are less than half a turn apart; beyond is padding without signal.
  const auto tap = [&](double m) {
    return m * stepRad < 0.95 * kPi ? -0.5 / std::pow(kPi * std::sin(m * stepRad), 2) : 0.0;
  };
  return responseOf(length, 0.125 / (stepRad * stepRad), tap, window);
}

}  // namespace coxa
