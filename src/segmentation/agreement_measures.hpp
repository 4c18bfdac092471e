#pragma once

#include <vector>

namespace coxa {

double pearson(const std::vector<double>& x, const std::vector<double>& y);

/// Probability that a positive has a higher score than a negative, ties half (Mann-Whitney). NaN where one
/// kind is missing.
double auroc(const std::vector<double>& scores, const std::vector<bool>& positive);

/// The threshold t for which "score > t" has the largest sensitivity + specificity; halfway between scores.
double bestThreshold(const std::vector<double>& scores, const std::vector<bool>& positive);

}  // namespace coxa
