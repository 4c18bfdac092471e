// The shipped model on the CT it learnt from: these tests show that the way through the program is right and
// say nothing of other patients.

#include "support/shared_data.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"
#include "coxa/image/resample.hpp"
#include "coxa/segmentation/segmenter.hpp"

#include <gtest/gtest.h>

#include <map>

namespace coxa {

namespace {

// Slices from the lesser trochanter to the iliac crest, every second pixel: enough for bones and sides, and
// quick.
Volume reducedPelvis() {
  const auto index = scanFolder(sharedData() / "pelvic-ref" / "ct-002").value();
  const Volume ct = readCt(chooseCtSeries(index).value().series).value().volume;
  Grid grid = ct.grid;
  grid.size = {grid.size.x() / 2, grid.size.y() / 2, 56};
  grid.spacing.x() *= 2.0;
  grid.spacing.y() *= 2.0;
  grid.origin = ct.grid.worldFromIndex(Vec3(0.5, 0.5, 38));
  return resampleLinear(ct, grid);
}

const Volume& pelvis() {
  static const Volume ct = reducedPelvis();
  return ct;
}

Segmentation segmented(const Volume& ct, int samples) {
  SegmentationOptions options;
  options.samples = samples;
  options.device = Device::Cpu;
  auto found = segment(ct, options, Job());
  EXPECT_TRUE(found) << found.error().message;
  return found ? std::move(*found)
               : Segmentation{LabelMap(ct.grid), ScalarImage(ct.grid), ScalarImage(ct.grid), {}, {}};
}

double dice(const LabelMap& a, std::uint8_t valueA, const LabelMap& b, std::uint8_t valueB) {
  std::size_t sum = 0, common = 0;
  for (std::size_t v = 0; v < a.voxels.size(); ++v) {
    const bool inA = a.voxels[v] == valueA, inB = b.voxels[v] == valueB;
    sum += (inA ? 1 : 0) + (inB ? 1 : 0);
    common += inA && inB ? 1 : 0;
  }
  return sum == 0 ? 1.0 : 2.0 * static_cast<double>(common) / static_cast<double>(sum);
}

}  // namespace

TEST(RealCt, FindsTheBonesOfItsTrainingPatientOnTheRightSides) {
  COXA_NEEDS_SHARED_DATA();
  const auto table = StructureTable::loadDefault().value();
  const Segmentation found = segmented(pelvis(), 3);
  // Expert labels, one value for both sides.
  LabelMap expert = resampleNearest(
      readLabelMap(sharedData() / "pelvic-ref" / "labels" / "002" / "label.mhd").value(), pelvis().grid);
  LabelMap merged = found.labels;
  for (auto& voxel : merged.voxels)
    if (voxel != 0 && table.find(voxel)->side == Side::Right) voxel = table.mirrored(voxel);
  EXPECT_GT(dice(merged, table.find("hip_left")->value, expert, 1), 0.85);
  EXPECT_GT(dice(merged, table.find("femur_left")->value, expert, 2), 0.85);
  EXPECT_GT(dice(merged, table.find("gluteus_maximus_left")->value, expert, 5), 0.8);

  // Patient's left is +x.
  std::map<std::string, double> x, count;
  for (int k = 0; k < merged.grid.size.z(); ++k)
    for (int j = 0; j < merged.grid.size.y(); ++j)
      for (int i = 0; i < merged.grid.size.x(); ++i)
        if (const auto value = found.labels.at(i, j, k)) {
          x[table.find(value)->name] += merged.grid.worldFromIndex(Vec3(i, j, k)).x();
          ++count[table.find(value)->name];
        }
  EXPECT_GT(x["femur_left"] / count["femur_left"], x["femur_right"] / count["femur_right"] + 100.0);

  for (const auto& row : found.summary.structures)
    if (row.name == "hip_left") {
      EXPECT_GT(row.volumeMl.sd, 0.0);
      EXPECT_GT(row.uncertainty, 0.0);
      EXPECT_TRUE(row.touchesBorder);  // the crest is above the part
    }
}

TEST(RealCt, AMirroredPatientHasLeftAndRightExchanged) {
  COXA_NEEDS_SHARED_DATA();
  const auto table = StructureTable::loadDefault().value();
  const Segmentation found = segmented(pelvis(), 1);
  const Segmentation mirrored = segmented(mirroredLeftRight(pelvis(), 20.0), 1);
  // The voxels kept their order, so that the same voxel now lies on the other side.
  for (const char* name : {"hip_left", "hip_right", "femur_left", "femur_right", "gluteus_maximus_left"}) {
    const std::uint8_t value = table.find(name)->value;
    EXPECT_GT(dice(found.labels, value, mirrored.labels, table.mirrored(value)), 0.8) << name;
  }
}

TEST(RealCt, TheOrderOfTheVoxelsDoesNotMatter) {
  COXA_NEEDS_SHARED_DATA();
  // The same patient in the same world as a scan feet first and prone would store it: rows and slices
  // reversed.
  const Volume& ct = pelvis();
  Volume other = ct;
  const Eigen::Vector3i n = ct.grid.size;
  other.grid.direction.col(1) *= -1.0;
  other.grid.direction.col(2) *= -1.0;
  other.grid.origin = ct.grid.worldFromIndex(Vec3(0, n.y() - 1, n.z() - 1));
  for (int k = 0; k < n.z(); ++k)
    for (int j = 0; j < n.y(); ++j)
      for (int i = 0; i < n.x(); ++i) other.at(i, j, k) = ct.at(i, n.y() - 1 - j, n.z() - 1 - k);

  const Segmentation a = segmented(ct, 1), b = segmented(other, 1);
  std::size_t different = 0;
  for (int k = 0; k < n.z(); ++k)
    for (int j = 0; j < n.y(); ++j)
      for (int i = 0; i < n.x(); ++i)
        different += a.labels.at(i, j, k) != b.labels.at(i, n.y() - 1 - j, n.z() - 1 - k) ? 1 : 0;
  // Rounding may move single voxels.
  EXPECT_LT(static_cast<double>(different), 1e-4 * static_cast<double>(a.labels.voxels.size()));
}

TEST(RealCt, SaysWhenTheHeaderHasHeadAndFeetExchanged) {
  COXA_NEEDS_SHARED_DATA();
  Volume wrong = pelvis();
  wrong.grid.direction.col(2) *= -1.0;
  SegmentationOptions options;
  options.samples = 1;
  const auto found = segment(wrong, options, Job());
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("orientation"), std::string::npos) << found.error().message;
}

}  // namespace coxa
