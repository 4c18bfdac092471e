#pragma once

#include <vector>

namespace coxa {

/// Straight line y = intercept + slope · x by least squares, and the spread around it.
struct LineOfBestFit {
  double intercept = 0.0;
  double slope = 0.0;
  double sd = 0.0;
};
LineOfBestFit lineOfBestFit(const std::vector<double>& x, const std::vector<double>& y);

double pearson(const std::vector<double>& x, const std::vector<double>& y);

/// Probability that a positive has a higher score than a negative, ties half (Mann-Whitney). NaN where one
/// kind is missing.
double auroc(const std::vector<double>& scores, const std::vector<bool>& positive);

/// The threshold t for which "score > t" has the largest sensitivity + specificity; halfway between scores.
double bestThreshold(const std::vector<double>& scores, const std::vector<bool>& positive);

}  // namespace coxa
