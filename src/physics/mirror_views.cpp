#include "mirror_views.hpp"

namespace coxa {

namespace {

struct PlacedView {
  int view = 0;
  bool reversed = false;
};

// The source at R·(-sin b, cos b), moved: x and y exchanged it is at 270° - b, left and right mirrored at -b,
// top and bottom at 180° - b; every one of these turns the order of the detectors.
PlacedView movedView(const FanBeam& beam, const Symmetry& symmetry, int view) {
  const int all = beam.views;
  PlacedView placed{view, false};
  const auto turn = [&](int from) { placed = {((from - placed.view) % all + all) % all, !placed.reversed}; };
  if (symmetry.exchange) turn(3 * all / 4);
  if (symmetry.mirrorX) turn(all);
  if (symmetry.mirrorY) turn(all / 2);
  return placed;
}

// The normal angle a, moved, is 90° - a, 180° - a or 360° - a; half a turn more turns the order of the
// detectors.
PlacedView movedView(const ParallelBeam& beam, const Symmetry& symmetry, int view) {
  const int half = beam.views;
  int angle = view;
  if (symmetry.exchange) angle = half / 2 - angle;
  if (symmetry.mirrorX) angle = half - angle;
  if (symmetry.mirrorY) angle = 2 * half - angle;
  angle = (angle % (2 * half) + 2 * half) % (2 * half);
  return {angle % half, angle >= half};
}

bool turnsInto(const ParallelBeam& beam) {
  return beam.arcDeg == 180.0 && beam.views % 2 == 0;
}

bool turnsInto(const FanBeam& beam) {
  return beam.views % 4 == 0;
}

std::vector<Symmetry> symmetriesOf(const Beam& beam, const SliceGrid& grid) {
  const bool centred = grid.centerXMm == 0.0 && grid.centerYMm == 0.0;
  const bool square = grid.width == grid.height && grid.spacingXMm == grid.spacingYMm;
  if (!centred || !std::visit([](const auto& b) { return turnsInto(b); }, beam)) return {{}};
  const bool fan = std::holds_alternative<FanBeam>(beam);
  if (!fan && !square) return {{}};
  std::vector<Symmetry> symmetries;
  for (const bool exchange : {false, true})
    for (const bool mirrorY : {false, true})
      for (const bool mirrorX : {false, true})
        if ((square || !exchange) && (fan || !mirrorY)) symmetries.push_back({exchange, mirrorX, mirrorY});
  return symmetries;
}

// A half turn of the slice leaves every parallel view in place and turns the order of its detectors.
void addHalfTurns(MirrorPlan& plan) {
  plan.halfTurn = true;
  for (std::size_t lane = 0; lane < 4; ++lane) {
    const Symmetry& own = plan.lanes[lane];
    plan.lanes.push_back({own.exchange, !own.mirrorX, !own.mirrorY});
    for (MirrorViews& group : plan.groups) {
      group.views[lane + 4] = group.views[lane];
      group.reversed[lane + 4] = !group.reversed[lane];
    }
  }
}

}  // namespace

MirrorPlan mirrorPlan(const Beam& beam, const SliceGrid& grid) {
  MirrorPlan plan{symmetriesOf(beam, grid), {}, false};
  std::vector<bool> taken(static_cast<std::size_t>(viewCount(beam)), false);
  for (int v = 0; v < viewCount(beam); ++v) {
    if (taken[static_cast<std::size_t>(v)]) continue;
    MirrorViews group;
    for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane) {
      const PlacedView placed =
          std::visit([&](const auto& b) { return movedView(b, plan.lanes[lane], v); }, beam);
      const auto view = static_cast<std::size_t>(placed.view);
      group.views[lane] = taken[view] ? -1 : placed.view;
      group.reversed[lane] = placed.reversed;
      taken[view] = true;
    }
    plan.groups.push_back(group);
  }
  if (std::holds_alternative<ParallelBeam>(beam) && plan.laneCount() == 4 && grid.height % 2 == 0)
    addHalfTurns(plan);
  return plan;
}

PixelIndex moved(const Symmetry& symmetry, int i, int j, const SliceGrid& grid) {
  PixelIndex pixel = symmetry.exchange ? PixelIndex{j, i} : PixelIndex{i, j};
  if (symmetry.mirrorX) pixel.i = grid.width - 1 - pixel.i;
  if (symmetry.mirrorY) pixel.j = grid.height - 1 - pixel.j;
  return pixel;
}

PixelIndex movedBack(const Symmetry& symmetry, int i, int j, const SliceGrid& grid) {
  PixelIndex pixel{i, j};
  if (symmetry.mirrorX) pixel.i = grid.width - 1 - pixel.i;
  if (symmetry.mirrorY) pixel.j = grid.height - 1 - pixel.j;
  return symmetry.exchange ? PixelIndex{pixel.j, pixel.i} : pixel;
}

}  // namespace coxa
