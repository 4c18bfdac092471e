#include "coxa/metal/scores.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace coxa {

namespace {

constexpr double kSsimRangeHu = 5000.0;
constexpr float kSsimMetalHu = 100.0F;
constexpr float kBoneHu = 150.0F;
constexpr float kBoneEndHu = 2500.0F;

// scipy's: 1 2 1 across, 1 0 -1 along; the border's pixels repeat.
float sobel(const Slice& slice, int i, int j) {
  const auto at = [&](int x, int y) {
    return slice.at(std::clamp(x, 0, slice.grid.width - 1), std::clamp(y, 0, slice.grid.height - 1));
  };
  float x = 0.0F, y = 0.0F;
  for (const int n : {-1, 0, 1}) {
    const float weight = n == 0 ? 2.0F : 1.0F;
    x += weight * (at(i + 1, j + n) - at(i - 1, j + n));
    y += weight * (at(i + n, j + 1) - at(i + n, j - 1));
  }
  return std::hypot(x, y);
}

// Linear between the two nearest, as numpy's.
double percentile(std::vector<float> values, double share) {
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), values.begin() + low, values.end());
  const double at = values[static_cast<std::size_t>(low)];
  if (low + 1 == static_cast<std::ptrdiff_t>(values.size())) return at;
  const double next = *std::min_element(values.begin() + low + 1, values.end());
  return at + (place - static_cast<double>(low)) * (next - at);
}

double edgeGradient(const Slice& slice, const SliceMask& edges) {
  std::vector<float> gradients;
  for (int j = 0; j < slice.grid.height; ++j)
    for (int i = 0; i < slice.grid.width; ++i)
      if (edges[static_cast<std::size_t>(j * slice.grid.width + i)] != 0)
        gradients.push_back(sobel(slice, i, j));
  return gradients.empty() ? 0.0 : percentile(std::move(gradients), 0.9);
}

using Overlap = ArtifactMeasures::Overlap;

bool isEmpty(const SliceMask& mask) {
  return std::all_of(mask.begin(), mask.end(), [](auto inside) { return inside == 0; });
}

// Over the kinds of edges that the slice has.
std::optional<double> sharpnessOf(const Slice& hu, const Slice& truth, const JudgedRegions& regions) {
  double sum = 0.0;
  int kinds = 0;
  for (const SliceMask* edges : {&regions.boneEdges, &regions.fatEdges}) {
    const double wanted = edgeGradient(truth, *edges);
    if (wanted <= 0.0) continue;
    sum += edgeGradient(hu, *edges) / wanted;
    ++kinds;
  }
  if (kinds == 0) return std::nullopt;
  return sum / kinds;
}

double rmsError(const Slice& hu, const Slice& truth, const SliceMask& where) {
  double squares = 0.0, count = 0.0;
  for (std::size_t n = 0; n < where.size(); ++n) {
    if (where[n] == 0) continue;
    squares += std::pow(hu.pixels[n] - truth.pixels[n], 2);
    ++count;
  }
  return count > 0.0 ? std::sqrt(squares / count) : 0.0;
}

double deviation(const Slice& hu, const SliceMask& where) {
  double sum = 0.0, squares = 0.0, count = 0.0;
  for (std::size_t n = 0; n < where.size(); ++n) {
    if (where[n] == 0) continue;
    sum += hu.pixels[n];
    squares += std::pow(hu.pixels[n], 2);
    ++count;
  }
  return count > 0.0 ? std::sqrt(std::max(squares / count - std::pow(sum / count, 2), 0.0)) : 0.0;
}

std::optional<double> noiseOf(const Slice& hu, const Slice& truth, const SliceMask& where) {
  if (isEmpty(where)) return std::nullopt;
  constexpr double kLeastHu = 1.0;  // below is rounding
  return std::max(deviation(hu, where), kLeastHu) / std::max(deviation(truth, where), kLeastHu);
}

std::optional<double> streakAmplitude(const Slice& hu, const Slice& truth, const SliceMask& where) {
  std::vector<float> errors;
  for (std::size_t n = 0; n < where.size(); ++n)
    if (where[n] != 0) errors.push_back(hu.pixels[n] - truth.pixels[n]);
  const std::size_t tail = errors.size() / 20;
  if (tail == 0) return std::nullopt;
  std::sort(errors.begin(), errors.end());
  double difference = 0.0;
  for (std::size_t n = 0; n < tail; ++n) difference += errors[errors.size() - 1 - n] - errors[n];
  return difference / static_cast<double>(tail);
}

double meanSsim(Slice hu, Slice truth, const JudgedRegions& regions) {
  for (std::size_t n = 0; n < regions.metal.size(); ++n)
    if (regions.metal[n] != 0 || regions.rim[n] != 0) hu.pixels[n] = truth.pixels[n] = kSsimMetalHu;
  const std::vector<float> map = structuralSimilarity(truth, hu, kSsimRangeHu);
  double sum = 0.0, count = 0.0;
  for (std::size_t n = 0; n < map.size(); ++n) {
    if (regions.body[n] == 0) continue;
    sum += map[n];
    ++count;
  }
  return count > 0.0 ? sum / count : 1.0;
}

template <class Found, class Wanted>
std::optional<Overlap> overlapOf(const SliceMask& where, const Found& isFound, const Wanted& isWanted) {
  double found = 0.0, wanted = 0.0, both = 0.0;
  for (std::size_t n = 0; n < where.size(); ++n) {
    if (where[n] == 0) continue;
    found += isFound(n) ? 1.0 : 0.0;
    wanted += isWanted(n) ? 1.0 : 0.0;
    both += isFound(n) && isWanted(n) ? 1.0 : 0.0;
  }
  if (wanted == 0.0) return std::nullopt;
  return Overlap{std::abs(1.0 - found / wanted), 2.0 * both / (found + wanted)};
}

// Water-equivalent mm of one row from its end to the far side of the target.
double rangeAlong(const Slice& hu, const Slice& truth, const JudgedRegions& regions, int j, int from,
                  int to) {
  double range = 0.0;
  for (int i = from; i != to; i += from < to ? 1 : -1) {
    const auto n = static_cast<std::size_t>(j * hu.grid.width + i);
    const bool covered = regions.metal[n] != 0 || regions.rim[n] != 0;
    if (!covered && regions.body[n] == 0) continue;
    range += hu.grid.spacingXMm * protonStoppingPower(covered ? truth.pixels[n] : hu.pixels[n]);
  }
  return range;
}

std::optional<double> rangeShiftOf(const Slice& hu, const Slice& truth, const JudgedRegions& regions) {
  const int width = hu.grid.width;
  double largest = 0.0, longest = 0.0;
  for (int j = 0; j < hu.grid.height; ++j) {
    const auto row = regions.target.begin() + static_cast<std::ptrdiff_t>(j) * width;
    const auto first = std::find_if(row, row + width, [](auto m) { return m != 0; });
    if (first == row + width) continue;
    const int left = static_cast<int>(first - row);
    int right = left;
    while (right < width && row[right] != 0) ++right;
    for (const auto& [from, to] : {std::pair{0, right}, std::pair{width - 1, left - 1}}) {
      const double wanted = rangeAlong(truth, truth, regions, j, from, to);
      largest = std::max(largest, std::abs(rangeAlong(hu, truth, regions, j, from, to) - wanted));
      longest = std::max(longest, wanted);
    }
  }
  if (longest <= 0.0) return std::nullopt;
  return largest / longest;
}

// Along rows or columns, 11 pixels, pixels repeated by reflection.
std::vector<float> blurred(const std::vector<float>& values, int count, int lines, std::ptrdiff_t step,
                           std::ptrdiff_t lineStep) {
  constexpr int kReach = 5;
  std::array<double, 2 * kReach + 1> weights{};
  double sum = 0.0;
  for (int n = -kReach; n <= kReach; ++n)
    sum += weights[static_cast<std::size_t>(n + kReach)] = std::exp(-n * n / 4.5);
  std::vector<float> result(values.size());
  for (int line = 0; line < lines; ++line)
    for (int i = 0; i < count; ++i) {
      double value = 0.0;
      for (int n = -kReach; n <= kReach; ++n) {
        int at = i + n;
        if (at < 0) at = -1 - at;
        if (at >= count) at = 2 * count - 1 - at;
        value += weights[static_cast<std::size_t>(n + kReach)] *
                 values[static_cast<std::size_t>(line * lineStep + at * step)];
      }
      result[static_cast<std::size_t>(line * lineStep + i * step)] = static_cast<float>(value / sum);
    }
  return result;
}

std::vector<float> localMean(const std::vector<float>& values, const SliceGrid& grid) {
  return blurred(blurred(values, grid.width, grid.height, 1, grid.width), grid.height, grid.width, grid.width,
                 1);
}

std::vector<float> product(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> result(a.size());
  std::transform(a.begin(), a.end(), b.begin(), result.begin(), std::multiplies<>());
  return result;
}

// From 0 at the truth to 2 at plain NMAR's error and to 4 at no correction's, none tighter than `tightest`.
double scoreOf(double error, double plainNmar, double uncorrected, double tightest) {
  const double four = std::max(uncorrected, tightest);
  double two = std::max(plainNmar, 0.5 * tightest);
  if (two >= four) two = 0.5 * four;
  const double score = error <= two ? 2.0 * error / two : 2.0 + 2.0 * (error - two) / (four - two);
  return std::clamp(score, 0.0, 4.0);
}

double sharpnessScore(double sharpness) {
  constexpr std::array<double, 5> kEnds = {1.0, 0.94, 0.85, 0.67, 0.56};
  if (sharpness >= kEnds.front()) return 0.0;
  for (std::size_t n = 1; n < kEnds.size(); ++n)
    if (sharpness >= kEnds[n])
      return static_cast<double>(n) - (sharpness - kEnds[n]) / (kEnds[n - 1] - kEnds[n]);
  return 4.0;
}

double fixedScore(double error, double four) {
  return std::clamp(4.0 * error / four, 0.0, 4.0);
}

}  // namespace

std::vector<float> structuralSimilarity(const Slice& a, const Slice& b, double range) {
  const double c1 = std::pow(0.01 * range, 2), c2 = std::pow(0.03 * range, 2);
  const std::vector<float> meanA = localMean(a.pixels, a.grid), meanB = localMean(b.pixels, b.grid);
  const std::vector<float> aa = localMean(product(a.pixels, a.pixels), a.grid);
  const std::vector<float> bb = localMean(product(b.pixels, b.pixels), a.grid);
  const std::vector<float> ab = localMean(product(a.pixels, b.pixels), a.grid);
  std::vector<float> map(aa.size());
  for (std::size_t n = 0; n < map.size(); ++n) {
    const double ma = meanA[n], mb = meanB[n];
    const double similar = (2.0 * ma * mb + c1) * (2.0 * (ab[n] - ma * mb) + c2);
    map[n] =
        static_cast<float>(similar / ((ma * ma + mb * mb + c1) * (aa[n] - ma * ma + bb[n] - mb * mb + c2)));
  }
  return map;
}

double protonStoppingPower(double hu) {
  struct Point {
    double hu, power;
  };
  static constexpr std::array<Point, 10> kCurve = {{{-1000, 0.0},
                                                    {-200, 0.788},
                                                    {-120, 0.897},
                                                    {-20, 1.003},
                                                    {50, 1.038},
                                                    {100, 1.084},
                                                    {140, 1.097},
                                                    {2990, 2.732},
                                                    {2995, 3.2},
                                                    {999960, 3.2}}};
  if (hu <= kCurve.front().hu) return 0.0;
  for (std::size_t n = 1; n < kCurve.size(); ++n)
    if (hu <= kCurve[n].hu) {
      const Point &a = kCurve[n - 1], &b = kCurve[n];
      return a.power + (b.power - a.power) * (hu - a.hu) / (b.hu - a.hu);
    }
  return kCurve.back().power;
}

ArtifactMeasures measureArtifacts(const Slice& hu, const Slice& truth, const JudgedRegions& regions) {
  const auto isBone = [](float value) { return value >= kBoneHu && value < kBoneEndHu; };
  const std::optional<Overlap> bone = overlapOf(
      regions.body, [&](std::size_t n) { return isBone(hu.pixels[n]); },
      [&](std::size_t n) { return isBone(truth.pixels[n]); });
  const std::optional<Overlap> metal = overlapOf(
      regions.nearMetal, [&](std::size_t n) { return hu.pixels[n] > regions.metalHu; },
      [&](std::size_t n) { return regions.metal[n] != 0; });
  ArtifactMeasures measures;
  measures.rmsHu = rmsError(hu, truth, regions.body);
  measures.noise = noiseOf(hu, truth, regions.noise);
  measures.sharpness = sharpnessOf(hu, truth, regions);
  measures.streakHu = streakAmplitude(hu, truth, regions.streaks);
  measures.ssim = meanSsim(hu, truth, regions);
  measures.bone = bone;
  measures.metal = metal.value_or(Overlap{});
  measures.rangeShift = rangeShiftOf(hu, truth, regions);
  return measures;
}

std::array<std::optional<double>, 8> ArtifactScores::all() const {
  return {ctNumber, noise, sharpness, streaks, structure, bone, metal, range};
}

double ArtifactScores::mean() const {
  double sum = 0.0;
  int count = 0;
  for (const auto& score : all()) {
    sum += score.value_or(0.0);
    count += score.has_value() ? 1 : 0;
  }
  return sum / count;
}

ArtifactScores scoreArtifacts(const ArtifactMeasures& corrected, const ArtifactMeasures& plainNmar,
                              const ArtifactMeasures& uncorrected) {
  const auto relative = [&](const auto& error, double tightest) {
    return scoreOf(error(corrected), error(plainNmar), error(uncorrected), tightest);
  };
  ArtifactScores scores;
  scores.ctNumber = relative([](const ArtifactMeasures& m) { return m.rmsHu; }, 60.0);
  if (corrected.noise) scores.noise = fixedScore(*corrected.noise - 1.0, 1.0);
  if (corrected.sharpness) scores.sharpness = sharpnessScore(*corrected.sharpness);
  if (corrected.streakHu)
    scores.streaks = relative([](const ArtifactMeasures& m) { return m.streakHu.value(); }, 80.0);
  scores.structure = relative([](const ArtifactMeasures& m) { return 1.0 - m.ssim; }, 0.04);
  if (corrected.bone)
    scores.bone =
        0.5 * (relative([](const ArtifactMeasures& m) { return m.bone.value().volumeChange; }, 0.04) +
               relative([](const ArtifactMeasures& m) { return 1.0 - m.bone.value().dice; }, 0.04));
  scores.metal =
      0.5 * (fixedScore(corrected.metal.volumeChange, 1.0) + fixedScore(1.0 - corrected.metal.dice, 0.4));
  if (corrected.rangeShift) scores.range = fixedScore(*corrected.rangeShift, 0.02);
  return scores;
}

}  // namespace coxa
