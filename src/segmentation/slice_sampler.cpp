#include "slice_sampler.hpp"

#include "appearance.hpp"
#include "pixel_points.hpp"
#include "shapes.hpp"
#include "working_ct.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace coxa {

namespace {

// The offset at a continuous index, trilinear; beyond the border the border's goes on.
Eigen::Vector3f sampleOffset(const VectorImage& field, const Eigen::Vector3f& index) {
  const Eigen::Vector3i n = field.grid.size;
  const auto clamped = [&](int axis) {
    return std::clamp(index[axis], 0.0F, static_cast<float>(n[axis]) - 1.001F);
  };
  const float x = clamped(0), y = clamped(1), z = clamped(2);
  const int i = static_cast<int>(x), j = static_cast<int>(y), k = static_cast<int>(z);
  const float u = x - static_cast<float>(i), v = y - static_cast<float>(j), w = z - static_cast<float>(k);
  const auto along = [&](int b, int c) -> Eigen::Vector3f {
    const Eigen::Vector3f* a = field.voxels.data() + field.grid.offset(i, j + b, k + c);
    return a[0] + u * (a[1] - a[0]);
  };
  const Eigen::Vector3f low = along(0, 0) + v * (along(1, 0) - along(0, 0));
  const Eigen::Vector3f high = along(0, 1) + v * (along(1, 1) - along(0, 1));
  return low + w * (high - low);
}

// A circle beyond which the scanner saw nothing, now and then.
class FieldOfView {
 public:
  FieldOfView(Random& random, int width, int height, double pixelMm) {
    if (!random.chance(0.12)) return;
    const double radius = random.uniform(120.0, 220.0) / pixelMm;
    const double x = 0.5 * width + random.uniform(-40.0, 40.0) / pixelMm;
    const double y = 0.5 * height + random.uniform(-40.0, 40.0) / pixelMm;
    for (int row = 0; row < height; ++row)
      for (int column = 0; column < width; ++column)
        if (std::hypot(column - x, row - y) >= radius)
          hidden_.push_back(static_cast<std::size_t>(row * width + column));
  }
  void hide(std::span<float> hu, std::span<std::uint8_t> kinds) const {
    for (const std::size_t p : hidden_) {
      hu[p] = -1024.0F;
      kinds[p] = 0;
    }
  }

 private:
  std::vector<std::size_t> hidden_;
};

double pickSlice(const TrainingPatient& patient, Random& random) {
  const double any = random.uniform(patient.zLow, patient.zHigh);
  if (random.chance(0.5)) return any;
  const auto& slices = patient.slicesOfKind[1 + random.index(patient.slicesOfKind.size() - 1)];
  return slices.empty() ? any : slices[random.index(slices.size())] + random.uniform(-1.5, 1.5);
}

}  // namespace

TrainingPatient trainingPatient(const TrainingCase& source, const ModelConfig& config,
                                const StructureTable& table, std::uint64_t seed) {
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
  patient.shapes = drawnShapes(source.ways, seed);
  patient.weight = source.weight;
  return patient;
}

SliceSampler::SliceSampler(std::vector<TrainingPatient> patients, ModelConfig config, std::uint64_t seed,
                           int batchSize)
    : patients_(std::move(patients)), config_(std::move(config)), seed_(seed), batchSize_(batchSize) {
  for (std::size_t n = 0; n < patients_.size(); ++n)
    turns_.insert(turns_.end(), static_cast<std::size_t>(patients_[n].weight), n);
}

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

// World points of the pixels of the middle slice, in the patient's own shape.
std::vector<Eigen::Vector3f> SliceSampler::drawPoints(Random& random, const TrainingPatient& patient,
                                                      const SliceWarp& warp) const {
  const Vec3 shift(random.uniform(-18.0, 18.0), random.uniform(-14.0, 14.0), 0.0);
  const Vec3 center(patient.center.x() + shift.x(), patient.center.y() + shift.y(),
                    pickSlice(patient, random));
  const std::size_t shapes = patient.shapes.size();
  const std::size_t shape = random.chance(0.25) || shapes == 0 ? shapes : random.index(shapes);
  const VectorImage* field = shape == shapes ? nullptr : &patient.shapes[shape].offsetsMm;
  const Grid grid = field == nullptr ? Grid() : field->grid;
  const Eigen::Matrix3f toIndex = indexFromWorldMatrix(grid);
  const Eigen::Vector3f start = grid.indexFromWorld(Vec3::Zero()).cast<float>();
  const auto offset = [&](const Eigen::Vector3f& p) -> Eigen::Vector3f {
    if (field == nullptr) return Eigen::Vector3f::Zero();
    return sampleOffset(*field, toIndex * p + start);
  };
  // Where the other shape has what lies at the centre here.
  constexpr int kIterations = 6;
  Eigen::Vector3f origin = center.cast<float>();
  for (int n = 0; n < kIterations; ++n) origin = center.cast<float>() - offset(origin);

  std::vector<Eigen::Vector3f> points;
  points.reserve(static_cast<std::size_t>(kWidth) * kHeight);
  for (int row = 0; row < kHeight; ++row)
    for (int column = 0; column < kWidth; ++column) {
      const Eigen::Vector3f there = origin + warp.at(column, row);
      points.push_back(there + offset(there));
    }
  return points;
}

void SliceSampler::draw(Random random, float* image, std::uint8_t* target) const {
  const TrainingPatient& patient = patients_[turns_[random.index(turns_.size())]];
  const SliceWarp warp(random, kWidth, kHeight, config_.spacingMm.x());
  const Appearance appearance(random, config_, kWidth, kHeight);
  const FieldOfView view(random, kWidth, kHeight, config_.spacingMm.x());
  const Volume& ct = random.chance(0.3) ? patient.whole : patient.body;
  // Thick slices are the mean of two that lie this far on either side.
  const float thickMm = random.chance(0.2) ? static_cast<float>(random.uniform(1.0, 3.0)) : 0.0F;
  const auto points = drawPoints(random, patient, warp);
  const PixelPoints inCt(ct.grid, points), inKinds(patient.kinds.grid, points);
  const Eigen::Matrix3f ctIndex = indexFromWorldMatrix(ct.grid);
  const Eigen::Matrix3f kindIndex = indexFromWorldMatrix(patient.kinds.grid);
  const Eigen::Vector3f above = ctIndex.col(2) * thickMm;

  constexpr std::size_t kPixels = static_cast<std::size_t>(kWidth) * kHeight;
  std::vector<std::uint8_t> kinds(kPixels);
  std::vector<float> below(kPixels);
  for (std::size_t channel = 0; channel < config_.sliceOffsetsMm.size(); ++channel) {
    const Eigen::Vector3f across = warp.across(config_.sliceOffsetsMm[channel]);
    const std::span<float> hu(image + channel * kPixels, kPixels);
    sampleHu(ct, inCt, ctIndex * across + above, hu);
    if (thickMm > 0.0F) {
      sampleHu(ct, inCt, ctIndex * across - above, below);
      for (std::size_t p = 0; p < kPixels; ++p) hu[p] = 0.5F * (hu[p] + below[p]);
    }
    sampleLabels(patient.kinds, inKinds, kindIndex * across, kIgnoredClass, kinds);
    view.hide(hu, kinds);
    if (config_.sliceOffsetsMm[channel] == 0.0) std::copy(kinds.begin(), kinds.end(), target);
    std::replace(kinds.begin(), kinds.end(), kIgnoredClass, std::uint8_t{0});
    appearance.apply(hu, kinds, channel);
  }
}

}  // namespace coxa
