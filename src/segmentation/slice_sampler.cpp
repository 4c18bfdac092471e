#include "slice_sampler.hpp"

#include "appearance.hpp"
#include "warp.hpp"
#include "working_ct.hpp"

#include <algorithm>
#include <array>

namespace coxa {

namespace {

// Voxel index of a world point, as a float matrix: this runs for every pixel.
struct IndexMap {
  Eigen::Matrix3f matrix;
  Eigen::Vector3f offset;

  explicit IndexMap(const Grid& grid)
      : matrix((grid.spacing.cwiseInverse().asDiagonal() * grid.direction.transpose()).cast<float>()),
        offset(grid.indexFromWorld(Vec3::Zero()).cast<float>()) {}
  Eigen::Vector3f operator()(const Eigen::Vector3f& world) const { return matrix * world + offset; }
};

float sampleLinear(const Volume& volume, const Eigen::Vector3f& p) {
  const Eigen::Vector3i n = volume.grid.size;
  if (p.x() < 0 || p.y() < 0 || p.x() >= static_cast<float>(n.x() - 1) ||
      p.y() >= static_cast<float>(n.y() - 1))
    return -1024.0F;
  const float z = std::clamp(p.z(), 0.0F, static_cast<float>(n.z() - 1));
  const int i = static_cast<int>(p.x()), j = static_cast<int>(p.y()), k = static_cast<int>(z);
  const float x = p.x() - static_cast<float>(i), y = p.y() - static_cast<float>(j),
              t = z - static_cast<float>(k);
  const auto plane = [&](int slice) {
    const std::int16_t* a = volume.voxels.data() + volume.grid.offset(i, j, slice);
    const std::int16_t* b = a + n.x();
    const float low = static_cast<float>(a[0]) + x * static_cast<float>(a[1] - a[0]);
    const float high = static_cast<float>(b[0]) + x * static_cast<float>(b[1] - b[0]);
    return low + y * (high - low);
  };
  const float here = plane(k);
  return t == 0.0F ? here : here + t * (plane(k + 1) - here);
}

// The class at the nearest voxel; beyond the first and the last slice nothing is known.
std::uint8_t sampleKind(const LabelMap& kinds, const Eigen::Vector3f& p) {
  const Eigen::Vector3i n = (p.array() + 0.5F).floor().cast<int>();
  if (n.z() < 0 || n.z() >= kinds.grid.size.z()) return kIgnoredClass;
  return kinds.grid.contains(n) ? kinds.at(n.x(), n.y(), n.z()) : std::uint8_t{0};
}

// A circle beyond which the scanner saw nothing, now and then.
struct FieldOfView {
  double radiusMm = 1e9;
  double x = 0.0, y = 0.0;

  explicit FieldOfView(Random& random) {
    if (!random.chance(0.12)) return;
    radiusMm = random.uniform(120.0, 220.0);
    x = random.uniform(-40.0, 40.0);
    y = random.uniform(-40.0, 40.0);
  }
  bool sees(double atX, double atY) const { return std::hypot(atX - x, atY - y) < radiusMm; }
};

double pickSlice(const TrainingPatient& patient, Random& random) {
  const double any = random.uniform(patient.zLow, patient.zHigh);
  if (random.chance(0.5)) return any;
  const auto& slices = patient.slicesOfKind[1 + random.index(patient.slicesOfKind.size() - 1)];
  return slices.empty() ? any : slices[random.index(slices.size())] + random.uniform(-1.5, 1.5);
}

}  // namespace

TrainingPatient trainingPatient(const TrainingCase& source, const ModelConfig& config,
                                const StructureTable& table) {
  WorkingCt working = workingCt(source.ct, config);
  TrainingPatient patient;
  const Grid& grid = working.ct.grid;
  patient.center = grid.worldFromIndex(0.5 * (working.body.min + working.body.max).cast<double>());
  patient.body = std::move(working.ct);
  patient.whole = std::move(working.whole);

  std::vector<std::uint8_t> classOf(256, 0);
  classOf[kUnknownValue] = kIgnoredClass;
  for (const auto& structure : table.all()) {
    const auto found = std::find(config.kinds.begin(), config.kinds.end(), structure.kind);
    if (found != config.kinds.end())
      classOf[structure.value] = static_cast<std::uint8_t>(found - config.kinds.begin());
  }
  patient.kinds = source.labels;
  for (auto& voxel : patient.kinds.voxels) voxel = classOf[voxel];

  patient.slicesOfKind.resize(config.kinds.size());
  for (int k = 0; k < patient.kinds.grid.size.z(); ++k) {
    const double z =
        patient.kinds.grid
            .worldFromIndex(0.5 * patient.kinds.grid.size.cast<double>().cwiseProduct(Vec3(1, 1, 0)) +
                            Vec3(0, 0, k))
            .z();
    std::array<bool, 256> seen{};
    const std::uint8_t* slice = patient.kinds.slice(k);
    for (std::size_t p = 0; p < patient.kinds.grid.offset(0, 0, 1); ++p) seen[slice[p]] = true;
    for (std::size_t kind = 1; kind < config.kinds.size(); ++kind)
      if (seen[kind]) patient.slicesOfKind[kind].push_back(z);
  }
  patient.zLow = grid.worldFromIndex(Vec3::Zero()).z();
  patient.zHigh = grid.worldFromIndex(Vec3(0, 0, grid.size.z() - 1)).z();
  return patient;
}

SliceSampler::SliceSampler(std::vector<TrainingPatient> patients, ModelConfig config, std::uint64_t seed,
                           int batchSize)
    : patients_(std::move(patients)), config_(std::move(config)), seed_(seed), batchSize_(batchSize) {}

TrainingBatch SliceSampler::operator()(std::uint64_t step) const {
  TrainingBatch batch;
  const std::size_t pixels = static_cast<std::size_t>(kWidth) * kHeight;
  const std::size_t channels = config_.sliceOffsetsMm.size();
  const auto count = static_cast<std::size_t>(batchSize_);
  batch.images = {batchSize_, static_cast<int>(channels), kHeight, kWidth,
                  std::vector<float>(count * channels * pixels)};
  batch.targets.resize(count * pixels);
  for (std::size_t item = 0; item < count; ++item)
    draw(Random{seed_, step, item, 2}, batch.images.values.data() + item * channels * pixels,
         batch.targets.data() + item * pixels);
  return batch;
}

void SliceSampler::draw(Random random, float* image, std::uint8_t* target) const {
  const TrainingPatient& patient = patients_[random.index(patients_.size())];
  const SliceWarp warp(random, kWidth, kHeight, config_.spacingMm.x());
  const Appearance appearance(random, config_, kWidth, kHeight);
  const FieldOfView view(random);
  const Volume& ct = random.chance(0.3) ? patient.whole : patient.body;
  // Thick slices are the mean of two that lie this far on either side.
  const float thickMm = random.chance(0.2) ? static_cast<float>(random.uniform(1.0, 3.0)) : 0.0F;
  const Vec3 shift(random.uniform(-18.0, 18.0), random.uniform(-14.0, 14.0), 0.0);
  const Vec3 center(patient.center.x() + shift.x(), patient.center.y() + shift.y(),
                    pickSlice(patient, random));
  const Eigen::Vector3f origin = center.cast<float>();
  const IndexMap ctIndex(ct.grid), kindIndex(patient.kinds.grid);
  const Eigen::Vector3f above = ctIndex.matrix.col(2) * thickMm;

  constexpr std::size_t kPixels = static_cast<std::size_t>(kWidth) * kHeight;
  std::vector<std::uint8_t> kinds(kPixels);
  for (std::size_t channel = 0; channel < config_.sliceOffsetsMm.size(); ++channel) {
    const double offset = config_.sliceOffsetsMm[channel];
    float* hu = image + channel * kPixels;
    for (int row = 0; row < kHeight; ++row)
      for (int column = 0; column < kWidth; ++column) {
        const std::size_t p = static_cast<std::size_t>(row) * kWidth + static_cast<std::size_t>(column);
        const Eigen::Vector3f world = origin + warp.at(column, row, offset);
        const Eigen::Vector3f index = ctIndex(world);
        const bool seen = view.sees(static_cast<double>(world.x()) - center.x(),
                                    static_cast<double>(world.y()) - center.y());
        const std::uint8_t kind = sampleKind(patient.kinds, kindIndex(world));
        kinds[p] = kind == kIgnoredClass || !seen ? std::uint8_t{0} : kind;
        if (offset == 0.0) target[p] = seen ? kind : std::uint8_t{0};
        if (!seen)
          hu[p] = -1024.0F;
        else if (thickMm > 0.0F)
          hu[p] = 0.5F * (sampleLinear(ct, index - above) + sampleLinear(ct, index + above));
        else
          hu[p] = sampleLinear(ct, index);
      }
    appearance.apply({hu, kPixels}, kinds, channel);
  }
}

}  // namespace coxa
