#include "coxa/segmentation/dice_model.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

using Row = Eigen::Matrix<double, 1, 7>;

Row rowOf(const DiceEvidence& evidence) {
  constexpr double kLeastMl = 0.01;  // one voxel
  Row row;
  row << 1.0, evidence.agreement, evidence.entropy, std::sqrt(evidence.variance),
      std::log(std::max(evidence.volumeMl, kLeastMl)), evidence.sides.difference, evidence.sides.shortfall;
  return row;
}

Row slopesOf(const DiceModel& model) {
  Row slopes;
  slopes << model.intercept, model.agreementSlope, model.entropySlope, model.spreadSlope, model.volumeSlope,
      model.differenceSlope, model.shortfallSlope;
  return slopes;
}

}  // namespace

SideComparison compareSides(double here, double there) {
  constexpr double kHighest = 2.0;
  if (here <= 0.0 || there <= 0.0) return {};
  const double ratio = std::log(there / here);
  return {std::min(std::abs(ratio), kHighest), std::clamp(ratio, 0.0, kHighest)};
}

double DiceModel::expected(const DiceEvidence& evidence) const {
  return slopesOf(*this).dot(rowOf(evidence));
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
          slopes[5],
          slopes[6],
          std::sqrt(squares / std::max<double>(1.0, static_cast<double>(count - Row::ColsAtCompileTime)))};
}

}  // namespace coxa
