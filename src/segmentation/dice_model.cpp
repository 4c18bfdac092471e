#include "dice_model.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

using Row = Eigen::Matrix<double, 1, 5>;

Row rowOf(const DiceEvidence& evidence) {
  return Row(1.0, evidence.agreement, evidence.entropy, evidence.sides.difference, evidence.sides.shortfall);
}

}  // namespace

SideComparison compareSides(double here, double there) {
  constexpr double kHighest = 2.0;
  if (here <= 0.0 || there <= 0.0) return {};
  const double ratio = std::log(there / here);
  return {std::min(std::abs(ratio), kHighest), std::clamp(ratio, 0.0, kHighest)};
}

double DiceModel::expected(const DiceEvidence& evidence) const {
  return intercept + agreementSlope * evidence.agreement + entropySlope * evidence.entropy +
         differenceSlope * evidence.sides.difference + shortfallSlope * evidence.sides.shortfall;
}

DiceModel fitDiceModel(const std::vector<DiceEvidence>& evidence, const std::vector<double>& dice) {
  const auto count = static_cast<Eigen::Index>(evidence.size());
  Eigen::MatrixXd rows(count, Row::ColsAtCompileTime);
  for (Eigen::Index n = 0; n < count; ++n) rows.row(n) = rowOf(evidence[static_cast<std::size_t>(n)]);
  const Eigen::Map<const Eigen::VectorXd> wanted(dice.data(), count);
  const Eigen::VectorXd slopes = rows.completeOrthogonalDecomposition().solve(wanted);
  const double squares = (rows * slopes - wanted).squaredNorm();
  return {slopes[0],
          slopes[1],
          slopes[2],
          slopes[3],
          slopes[4],
          std::sqrt(squares / std::max<double>(1.0, static_cast<double>(count - Row::ColsAtCompileTime)))};
}

}  // namespace coxa
