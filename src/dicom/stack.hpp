#pragma once

#include "frames.hpp"

#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/image/grid.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace coxa {

/// The slices of one series that lie parallel, in order along the normal. Nothing here touches a file.
struct SliceRow {
  std::vector<Frame> frames;        ///< ascending along row x column
  std::vector<double> positionsMm;  ///< along the normal, one per frame
  Vec3 normal = Vec3::UnitZ();
  std::vector<Notice> notices;  ///< what was passed over
};

/// Passes over localizers, pictures that are no CT slices and the odd slice in another plane, each with a
/// notice. Errors BadInput: not a CT, no geometry, several orientations, matrices, pixel sizes or frames of
/// reference.
Result<SliceRow> parallelSlices(std::vector<Frame> frames);

/// Neighbours in the row (indices i, i + 1) that lie at the same place: within 1 % of the usual step.
std::vector<std::size_t> doubledSlices(const SliceRow& row);
/// "z = 12.5 mm", or the distance along the normal where that is no body axis.
std::string positionText(const SliceRow& row, double positionMm);

/// One slice of the volume: frame `below`, or a blend of two frames.
struct SliceSource {
  std::size_t below = 0;
  std::size_t above = 0;
  double weightAbove = 0.0;
};

/// How a volume is made from a row of slices without doubles.
struct StackPlan {
  Grid grid;                         ///< of the slices as they are stacked, before the tilt is taken out
  std::vector<SliceSource> sources;  ///< one per slice of the grid
  Eigen::Vector2d driftPixels = Eigen::Vector2d::Zero();  ///< sideways per slice (tilted gantry); zero: none
  std::vector<Notice> notices;
};

/// Finds the spacing, the missing slices and the tilt. Gaps up to 10 mm are filled between their neighbours,
/// uneven slices put on even steps, each with a notice. Errors BadInput: fewer than two slices, wider gaps,
/// slices shifted sideways without a rule.
Result<StackPlan> planStack(const SliceRow& row);

}  // namespace coxa
