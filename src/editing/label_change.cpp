#include "coxa/editing/label_change.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace coxa {

namespace {

constexpr std::size_t kLongestRun = std::numeric_limits<std::uint16_t>::max();

/// Walks through the runs of a change in pieces of any length.
class Cursor {
 public:
  explicit Cursor(const std::vector<LabelRun>& runs) : run_(runs.begin()), end_(runs.end()) {}

  bool atEnd() const { return run_ == end_; }
  const LabelRun& run() const { return *run_; }
  std::size_t start() const {
    return atEnd() ? std::numeric_limits<std::size_t>::max() : run_->start + std::size_t{used_};
  }
  std::size_t left() const { return atEnd() ? 0 : std::size_t{run_->length} - used_; }
  void advance(std::size_t voxels) {
    used_ += voxels;
    if (used_ < run_->length) return;
    ++run_;
    used_ = 0;
  }

 private:
  std::vector<LabelRun>::const_iterator run_;
  std::vector<LabelRun>::const_iterator end_;
  std::size_t used_ = 0;
};

void fill(LabelMap& labels, const LabelRun& run, std::uint8_t value) {
  std::fill_n(labels.voxels.begin() + static_cast<std::ptrdiff_t>(run.start), run.length, value);
}

}  // namespace

void LabelChange::add(std::size_t start, std::size_t length, std::uint8_t before, std::uint8_t after) {
  if (before == after) return;
  while (length > 0) {
    LabelRun* last = runs_.empty() ? nullptr : &runs_.back();
    const bool goesOn = last != nullptr && last->start + std::size_t{last->length} == start &&
                        last->before == before && last->after == after && last->length < kLongestRun;
    if (!goesOn) {
      runs_.push_back({static_cast<std::uint32_t>(start), 0, before, after});
      last = &runs_.back();
    }
    const std::size_t taken = std::min(length, kLongestRun - last->length);
    last->length = static_cast<std::uint16_t>(last->length + taken);
    start += taken;
    length -= taken;
  }
}

void LabelChange::applyTo(LabelMap& labels) const {
  for (const LabelRun& run : runs_) fill(labels, run, run.after);
}

void LabelChange::takeBackFrom(LabelMap& labels) const {
  for (const LabelRun& run : runs_) fill(labels, run, run.before);
}

std::size_t LabelChange::voxelCount() const {
  return std::accumulate(runs_.begin(), runs_.end(), std::size_t{0},
                         [](std::size_t sum, const LabelRun& run) { return sum + run.length; });
}

LabelSet LabelChange::labels() const {
  LabelSet all;
  for (const LabelRun& run : runs_) all.set(run.before).set(run.after);
  return all;
}

LabelChange combined(const LabelChange& first, const LabelChange& second) {
  LabelChange both;
  Cursor a(first.runs());
  Cursor b(second.runs());
  while (!a.atEnd() || !b.atEnd()) {
    if (a.start() < b.start()) {
      const std::size_t length = std::min(a.left(), b.start() - a.start());
      both.add(a.start(), length, a.run().before, a.run().after);
      a.advance(length);
    } else if (b.start() < a.start()) {
      const std::size_t length = std::min(b.left(), a.start() - b.start());
      both.add(b.start(), length, b.run().before, b.run().after);
      b.advance(length);
    } else {
      const std::size_t length = std::min(a.left(), b.left());
      both.add(a.start(), length, a.run().before, b.run().after);
      a.advance(length);
      b.advance(length);
    }
  }
  return both;
}

IndexBox boundsOf(const LabelChange& change, const Grid& grid) {
  const auto indexOf = [&](std::size_t offset) {
    const auto row = static_cast<std::size_t>(grid.size.x());
    const auto slice = row * static_cast<std::size_t>(grid.size.y());
    return Eigen::Vector3i(static_cast<int>(offset % row), static_cast<int>(offset % slice / row),
                           static_cast<int>(offset / slice));
  };
  IndexBox box{grid.size, -Eigen::Vector3i::Ones()};
  for (const LabelRun& run : change.runs()) {
    Eigen::Vector3i first = indexOf(run.start);
    Eigen::Vector3i last = indexOf(run.start + std::size_t{run.length} - 1);
    // A run that goes on in the next row or slice covers all of the axis.
    if (first.tail<2>() != last.tail<2>()) {
      first.x() = 0;
      last.x() = grid.size.x() - 1;
    }
    if (first.z() != last.z()) {
      first.y() = 0;
      last.y() = grid.size.y() - 1;
    }
    box.min = box.min.cwiseMin(first);
    box.max = box.max.cwiseMax(last);
  }
  return box;
}

}  // namespace coxa
