#include "muscle_volume.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

namespace coxa {

namespace {

constexpr double kFarMm = 40.0, kSmoothMm = 1.0;  // smoothed, so that few distances are equal
constexpr double kGrowthMm = 10.0, kSkinMm = 3.0;

/// A muscle in its part of the body.
class Muscle {
 public:
  Muscle(Body& body, std::uint8_t value, const std::array<bool, 256>& bones)
      : body_(body),
        value_(value),
        bones_(bones),
        box_(grown(boundsOf(body.labels, value), body.labels.grid, kGrowthMm + 5.0)) {}

  bool absent() const { return box_.empty(); }

  void shrink(double volume) {
    const ScalarImage distance = distanceTo(
        [&](std::size_t n) { return body_.labels.voxels[n] == value_ || bones_[body_.labels.voxels[n]]; });
    std::vector<std::pair<float, std::size_t>> outermost;
    forEachVoxel([&](std::size_t here, std::size_t n) {
      if (body_.labels.voxels[n] == value_) outermost.emplace_back(-distance.voxels[here], n);
    });
    std::sort(outermost.begin(), outermost.end());
    outermost.resize(
        static_cast<std::size_t>(std::lround((1.0 - volume) * static_cast<double>(outermost.size()))));
    for (const auto& [depth, n] : outermost) {
      body_.labels.voxels[n] = 0;
      body_.surroundings.voxels[n] = static_cast<std::uint8_t>(Surroundings::Fat);
    }
  }

  void grow(double volume) {
    const ScalarImage distance = distanceTo([&](std::size_t n) { return body_.labels.voxels[n] == value_; });
    const ScalarImage inBody = distanceTo(
        [&](std::size_t n) { return body_.labels.voxels[n] == 0 && body_.surroundings.voxels[n] == 0; });
    std::size_t count = 0;
    std::priority_queue<Next, std::vector<Next>, std::greater<>> front;
    Image<std::uint8_t> reached(distance.grid);
    const auto reach = [&](const Eigen::Vector3i& at) {
      forEachNeighbour(at, [&](const Eigen::Vector3i& next) {
        const std::size_t here = distance.grid.offset(next.x(), next.y(), next.z()), n = whole(next);
        const bool free = isFree(body_, n) && (body_.vessels.empty() || body_.vessels.voxels[n] == 0) &&
                          distance.voxels[here] < kGrowthMm && inBody.voxels[here] > kSkinMm;
        if (!free || reached.voxels[here]) return;
        reached.voxels[here] = 1;
        front.push({distance.voxels[here], here, next});
      });
    };
    forEachIndex([&](const Eigen::Vector3i& at) {
      if (body_.labels.voxels[whole(at)] != value_) return;
      ++count;
      reach(at);
    });
    auto wanted = std::lround((volume - 1.0) * static_cast<double>(count));
    for (; wanted > 0 && !front.empty(); --wanted) {
      const Next next = front.top();
      front.pop();
      body_.labels.voxels[whole(next.at)] = value_;
      reach(next.at);
    }
  }

 private:
  /// A voxel that the muscle may take next; nearer ones first.
  struct Next {
    float distanceMm = 0.0F;
    std::size_t here = 0;
    Eigen::Vector3i at;
    bool operator>(const Next& other) const {
      return std::tie(distanceMm, here) > std::tie(other.distanceMm, other.here);
    }
  };

  template <class Inside>
  ScalarImage distanceTo(const Inside& inside) const {
    LabelMap mask(cropped(body_.labels.grid, box_));
    forEachVoxel([&](std::size_t here, std::size_t n) { mask.voxels[here] = inside(n) ? 1 : 0; });
    const IndexBox all{Eigen::Vector3i::Zero(), mask.grid.size - Eigen::Vector3i::Ones()};
    return smoothed(signedDistanceMm(mask, 1, all, kFarMm), Vec3::Constant(kSmoothMm));
  }

  std::size_t whole(const Eigen::Vector3i& at) const {
    const Eigen::Vector3i n = at + box_.min;
    return body_.labels.grid.offset(n.x(), n.y(), n.z());
  }

  template <class Use>
  void forEachIndex(const Use& use) const {
    const Eigen::Vector3i size = box_.size();
    for (int k = 0; k < size.z(); ++k)
      for (int j = 0; j < size.y(); ++j)
        for (int i = 0; i < size.x(); ++i) use(Eigen::Vector3i(i, j, k));
  }

  template <class Use>
  void forEachVoxel(const Use& use) const {
    std::size_t here = 0;
    forEachIndex([&](const Eigen::Vector3i& at) { use(here++, whole(at)); });
  }

  template <class Use>
  void forEachNeighbour(const Eigen::Vector3i& at, const Use& use) const {
    for (int axis = 0; axis < 3; ++axis)
      for (const int step : {-1, 1}) {
        Eigen::Vector3i next = at;
        next[axis] += step;
        if (next[axis] >= 0 && next[axis] < box_.size()[axis]) use(next);
      }
  }

  Body& body_;
  std::uint8_t value_;
  const std::array<bool, 256>& bones_;
  IndexBox box_;
};

}  // namespace

void resizeMuscles(Body& body, const TissueTraits& traits, const StructureTable& table) {
  std::array<bool, 256> bones{};
  for (const Structure& structure : table.all())
    bones[structure.value] = structure.group == StructureGroup::Bone;
  const auto forEachMuscle = [&](const auto& resize) {
    for (const Structure& structure : table.all()) {
      if (structure.group != StructureGroup::Muscle) continue;
      const double volume = traits.muscle(structure.name).volume;
      if (volume == 1.0) continue;
      if (Muscle muscle(body, structure.value, bones); !muscle.absent()) resize(muscle, volume);
    }
  };
  forEachMuscle([](Muscle& muscle, double volume) {
    if (volume < 1.0) muscle.shrink(volume);
  });
  forEachMuscle([](Muscle& muscle, double volume) {
    if (volume > 1.0) muscle.grow(volume);
  });
}

}  // namespace coxa
