#include "stack.hpp"

#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coxa {
namespace {

constexpr double kEvenShare = 0.01;  // of the step: spacing that differs by less is even
constexpr double kCoarsestRoundingMm =
    0.1;  // positions rounded more than this cannot be told from uneven ones
constexpr double kWidestFilledGapMm = 10.0;
constexpr double kDriftPixels = 0.25;  // sideways drift below this over the whole stack is left alone

/// How far rounding of the written positions may move a slice along the normal, mm.
double roundingOf(const SliceRow& row) {
  Eigen::Vector3i decimals = Eigen::Vector3i::Zero();
  for (const Frame& frame : row.frames) decimals = decimals.cwiseMax(frame.placement->decimals);
  double rounding = 0.0;
  for (int i = 0; i < 3; ++i)
    rounding += std::abs(row.normal(i)) * 0.5 * std::min(kCoarsestRoundingMm, std::pow(10.0, -decimals(i)));
  return rounding;
}

std::vector<double> stepsOf(const SliceRow& row) {
  std::vector<double> steps;
  for (std::size_t i = 0; i + 1 < row.positionsMm.size(); ++i)
    steps.push_back(row.positionsMm[i + 1] - row.positionsMm[i]);
  return steps;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The slice numbers on an even grid, and its step.
struct EvenSteps {
  std::vector<int> index;
  double stepMm = 1.0;
};

EvenSteps fitEvenSteps(const SliceRow& row, const std::vector<double>& steps) {
  const double usual = median(steps);
  EvenSteps even;
  even.index.push_back(0);
  for (const double step : steps)
    even.index.push_back(even.index.back() + std::max(1, static_cast<int>(std::lround(step / usual))));
  even.stepMm = (row.positionsMm.back() - row.positionsMm.front()) / even.index.back();
  return even;
}

/// The slices (by the one below) after which the spacing is uneven; every slice must also lie near its place
/// on the even grid, so that many small deviations do not add up unseen.
std::vector<std::size_t> unevenSteps(const SliceRow& row, const std::vector<double>& steps,
                                     const EvenSteps& even) {
  const double rounding = roundingOf(row);
  const double tolerance = kEvenShare * even.stepMm;
  std::vector<std::size_t> uneven;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double expected = (even.index[i + 1] - even.index[i]) * even.stepMm;
    const double place = row.positionsMm.front() + even.index[i + 1] * even.stepMm;
    if (std::abs(steps[i] - expected) > tolerance + 2.0 * rounding ||
        std::abs(row.positionsMm[i + 1] - place) > tolerance + 2.0 * rounding)
      uneven.push_back(i);
  }
  return uneven;
}

std::vector<std::filesystem::path> filesAround(const SliceRow& row, const std::vector<std::size_t>& below) {
  std::vector<std::filesystem::path> files;
  for (const std::size_t i : below)
    for (const std::size_t k : {i, i + 1})
      if (files.empty() || files.back() != row.frames[k].file) files.push_back(row.frames[k].file);
  return files;
}

tl::unexpected<Error> tooWide(const SliceRow& row, std::size_t below, double gapMm, const char* code) {
  return badInput("Between " + frameName(row.frames[below]) + " (" +
                      positionText(row, row.positionsMm[below]) + ") and " +
                      frameName(row.frames[below + 1]) + " (" +
                      positionText(row, row.positionsMm[below + 1]) + ") there are " + mm(gapMm) +
                      " mm without a slice, too much to fill in. Export the missing slices too.",
                  code);
}

Result<void> checkGaps(const SliceRow& row, const std::vector<double>& steps, double stepMm,
                       const char* code) {
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i] > kWidestFilledGapMm && steps[i] > 1.5 * stepMm) return tooWide(row, i, steps[i], code);
  return {};
}

/// Slices where they were measured; between them the missing ones, interpolated.
Result<void> planEven(const SliceRow& row, const std::vector<double>& steps, const EvenSteps& even,
                      StackPlan& plan) {
  if (auto fine = checkGaps(row, steps, even.stepMm, "dicom.missing-slices"); !fine) return fine;
  std::vector<std::string> missing;
  std::vector<std::size_t> gaps;
  plan.sources.push_back({0, 0, 0.0});
  for (std::size_t i = 0; i + 1 < even.index.size(); ++i) {
    const int count = even.index[i + 1] - even.index[i];
    for (int n = 1; n < count; ++n) {
      plan.sources.push_back({i, i + 1, static_cast<double>(n) / count});
      missing.push_back(positionText(row, row.positionsMm[i] + n * even.stepMm));
    }
    if (count > 1) gaps.push_back(i);
    plan.sources.push_back({i + 1, i + 1, 0.0});
  }
  plan.grid.spacing.z() = even.stepMm;
  if (!missing.empty())
    plan.notices.push_back({Notice::Severity::Warning, "dicom.missing-slices",
                            std::to_string(missing.size()) + " of " + std::to_string(plan.sources.size()) +
                                " slices are missing and were filled in between their neighbours: " +
                                listed(missing) + ". Export the series again if they exist.",
                            filesAround(row, gaps)});
  return {};
}

/// Even steps of the usual size through slices that lie unevenly, interpolated at their true places.
Result<void> planUneven(const SliceRow& row, const std::vector<double>& steps,
                        const std::vector<std::size_t>& uneven, StackPlan& plan) {
  const double step = median(steps);
  if (auto fine = checkGaps(row, steps, step, "dicom.uneven-spacing"); !fine) return fine;
  const double first = row.positionsMm.front();
  const int count = static_cast<int>(std::floor((row.positionsMm.back() - first) / step + 1e-6)) + 1;
  std::size_t below = 0;
  for (int k = 0; k < count; ++k) {
    const double wanted = first + k * step;
    while (below + 2 < row.positionsMm.size() && row.positionsMm[below + 1] <= wanted) ++below;
    const double weight = std::clamp((wanted - row.positionsMm[below]) / steps[below], 0.0, 1.0);
    if (weight < kEvenShare)
      plan.sources.push_back({below, below, 0.0});
    else if (weight > 1.0 - kEvenShare)
      plan.sources.push_back({below + 1, below + 1, 0.0});
    else
      plan.sources.push_back({below, below + 1, weight});
  }
  plan.grid.spacing.z() = step;
  std::vector<std::string> places;
  for (const std::size_t i : uneven)
    places.push_back(mm(steps[i]) + " mm after " + positionText(row, row.positionsMm[i]));
  plan.notices.push_back({Notice::Severity::Warning, "dicom.uneven-spacing",
                          "The slices lie unevenly (usually " + mm(step) + " mm apart, but " +
                              listed(places) + "); they were interpolated to even steps of " + mm(step) +
                              " mm.",
                          filesAround(row, uneven)});
  return {};
}

/// Sideways drift of the slices, mm along rows and columns per mm along the normal. A tilted gantry makes it
/// a straight line.
Result<void> planTilt(const SliceRow& row, StackPlan& plan) {
  const Frame& first = row.frames.front();
  const double length = row.positionsMm.back() - row.positionsMm.front();
  const auto sideways = [&](std::size_t i) -> Eigen::Vector2d {
    const Vec3 moved = row.frames[i].placement->position - first.placement->position;
    return {plan.grid.direction.col(0).dot(moved), plan.grid.direction.col(1).dot(moved)};
  };
  const Eigen::Vector2d drift = sideways(row.frames.size() - 1) / length;
  const double tolerance = kDriftPixels * plan.grid.spacing.head<2>().minCoeff();
  for (std::size_t i = 0; i < row.frames.size(); ++i) {
    const Eigen::Vector2d expected = drift * (row.positionsMm[i] - row.positionsMm.front());
    if ((sideways(i) - expected).norm() > tolerance)
      return badInput("The slice " + frameName(row.frames[i]) + " (" + positionText(row, row.positionsMm[i]) +
                          ") is shifted sideways against the others by " +
                          mm((sideways(i) - expected).norm()) +
                          " mm. The series mixes two acquisitions; export each as a series of its own.",
                      "dicom.shifted-slices");
  }
  if (drift.norm() * length <= tolerance) return {};
  plan.driftPixels = (drift * plan.grid.spacing.z()).cwiseQuotient(plan.grid.spacing.head<2>());
  plan.notices.push_back({Notice::Severity::Warning,
                          "dicom.gantry-tilt",
                          "The gantry was tilted by " + mm(degFromRad(std::atan(drift.norm()))) +
                              "\u00B0; the slices were resampled to a volume with right angles.",
                          {}});
  return {};
}

Grid gridOf(const SliceRow& row) {
  const SlicePlacement& first = *row.frames.front().placement;
  Grid grid;
  grid.origin = first.position;
  // Rounded axes are made orthonormal again, the row direction kept.
  const Vec3 x = first.rowDirection.normalized();
  const Vec3 y = row.normal.cross(x).normalized();
  grid.direction << x, y, row.normal;
  grid.spacing.head<2>() = first.spacingMm;
  grid.size.head<2>() << row.frames.front().pixels.columns, row.frames.front().pixels.rows;
  return grid;
}

}  // namespace

Result<StackPlan> planStack(const SliceRow& row) {
  if (row.frames.size() < 2)
    return badInput("This series has only one CT slice; a volume needs at least two. Choose another series.",
                    "dicom.too-few-slices");
  StackPlan plan;
  plan.grid = gridOf(row);
  const std::vector<double> steps = stepsOf(row);
  const EvenSteps even = fitEvenSteps(row, steps);
  const auto uneven = unevenSteps(row, steps, even);
  auto planned = uneven.empty() ? planEven(row, steps, even, plan) : planUneven(row, steps, uneven, plan);
  if (!planned) return tl::unexpected(planned.error());
  plan.grid.size.z() = static_cast<int>(plan.sources.size());
  if (auto fine = planTilt(row, plan); !fine) return tl::unexpected(fine.error());
  return plan;
}

}  // namespace coxa
