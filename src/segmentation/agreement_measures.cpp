#include "agreement_measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace coxa {

namespace {

double meanOf(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Sum of the products of deviations from the means.
double coMoment(const std::vector<double>& x, const std::vector<double>& y) {
  const double mx = meanOf(x), my = meanOf(y);
  double sum = 0.0;
  for (std::size_t n = 0; n < x.size(); ++n) sum += (x[n] - mx) * (y[n] - my);
  return sum;
}

std::vector<std::size_t> ascending(const std::vector<double>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] < scores[b]; });
  return order;
}

}  // namespace

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  return coMoment(x, y) / std::sqrt(coMoment(x, x) * coMoment(y, y));
}

double auroc(const std::vector<double>& scores, const std::vector<bool>& positive) {
  const auto order = ascending(scores);
  double wins = 0.0, negativesBelow = 0.0, positives = 0.0;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    double tiedPositive = 0.0, tiedNegative = 0.0;
    for (; last < order.size() && scores[order[last]] == scores[order[first]]; ++last)
      (positive[order[last]] ? tiedPositive : tiedNegative) += 1.0;
    wins += tiedPositive * (negativesBelow + 0.5 * tiedNegative);
    negativesBelow += tiedNegative;
    positives += tiedPositive;
    first = last;
  }
  return wins / (positives * negativesBelow);
}

double bestThreshold(const std::vector<double>& scores, const std::vector<bool>& positive) {
  const auto order = ascending(scores);
  const auto positives = static_cast<double>(std::count(positive.begin(), positive.end(), true));
  const double negatives = static_cast<double>(positive.size()) - positives;
  double caught = positives, rejected = 0.0, best = -1.0, threshold = 0.0;
  for (std::size_t n = 0; n + 1 < order.size(); ++n) {
    (positive[order[n]] ? caught : rejected) += positive[order[n]] ? -1.0 : 1.0;
    const double low = scores[order[n]], high = scores[order[n + 1]];
    if (low == high) continue;
    const double merit = caught / std::max(1.0, positives) + rejected / std::max(1.0, negatives);
    if (merit > best) {
      best = merit;
      threshold = 0.5 * (low + high);
    }
  }
  return threshold;
}

}  // namespace coxa
