#pragma once

#include "model_config.hpp"
#include "warp.hpp"

#include "coxa/image/displacement.hpp"
#include "coxa/image/image.hpp"
#include "coxa/learning/random.hpp"
#include "coxa/learning/trainer.hpp"
#include "coxa/segmentation/training.hpp"

namespace coxa {

/// A case as training samples it.
struct TrainingPatient {
  Volume body;     ///< on the working grid, -1024 outside the body
  Volume whole;    ///< the same with the table
  LabelMap kinds;  ///< class indices, on the labels' own grid
  Vec3 center;     ///< of the body's bounds, world
  double zLow = 0.0;
  double zHigh = 0.0;
  std::vector<std::vector<double>> slicesOfKind;  ///< z of the label slices that hold each class
  /// Other shapes of this patient, each as the way from there to here: offsets in mm on a coarse grid.
  std::vector<DisplacementField> shapes;
  int weight = 1;  ///< how often it is seen compared with others
};

/// The shapes are drawn by `seed`.
TrainingPatient trainingPatient(const TrainingCase& source, const ModelConfig& config,
                                const StructureTable& table, std::uint64_t seed);

/// Draws augmented slices: new position, shape and appearance every time, each a function of seed, step and
/// place in the batch. Half of the slices are chosen for a class drawn uniformly, so that rare structures are
/// seen; three in four of a patient with other shapes show one of them.
class SliceSampler {
 public:
  SliceSampler(std::vector<TrainingPatient> patients, ModelConfig config, std::uint64_t seed, int batchSize);

  TrainingBatch operator()(std::uint64_t step) const;

  static constexpr int kWidth = 208;  ///< pixels of a slice: wide enough for a large body at 2 mm
  static constexpr int kHeight = 144;

 private:
  void draw(Random random, float* image, std::uint8_t* target) const;
  std::vector<Eigen::Vector3f> drawPoints(Random& random, const TrainingPatient& patient,
                                          const SliceWarp& warp) const;

  std::vector<TrainingPatient> patients_;
  std::vector<std::size_t> turns_;  ///< every patient as often as it weighs
  ModelConfig config_;
  std::uint64_t seed_;
  int batchSize_;
};

}  // namespace coxa
