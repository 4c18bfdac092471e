#include "reference_hips.hpp"

#include "coxa/anatomy/surfaces.hpp"

namespace coxa {

namespace {

/// Both sides of the expert labels told apart at the middle of the femora.
LabelMap sidedBones(const LabelMap& expert) {
  double sum = 0.0;
  std::size_t count = 0;
  const auto everyVoxel = [&](auto&& visit) {
    for (int k = 0; k < expert.grid.size.z(); ++k)
      for (int j = 0; j < expert.grid.size.y(); ++j)
        for (int i = 0; i < expert.grid.size.x(); ++i)
          visit(expert.grid.offset(i, j, k), expert.grid.worldFromIndex(Vec3(i, j, k)).x());
  };
  everyVoxel([&](std::size_t voxel, double x) {
    if (expert.voxels[voxel] != 2) return;
    sum += x;
    ++count;
  });
  LabelMap sided(expert.grid);
  everyVoxel([&](std::size_t voxel, double x) {
    const int bone = expert.voxels[voxel];
    if (bone != 1 && bone != 2) return;
    const bool left = x > sum / static_cast<double>(count);
    sided.voxels[voxel] = static_cast<std::uint8_t>(2 * bone - (left ? 1 : 0));
  });
  return sided;
}

}  // namespace

Result<ReferenceHips> readReferenceHips(const std::filesystem::path& data) {
  const auto expert = readLabelMap(data / "pelvic-ref" / "labels" / "002" / "label.mhd");
  if (!expert) return tl::unexpected(expert.error());
  const auto index = scanFolder(data / "pelvic-ref" / "ct-002");
  if (!index) return tl::unexpected(index.error());
  const auto series = chooseCtSeries(*index);
  if (!series) return tl::unexpected(series.error());
  auto ct = readCt(series->series);
  if (!ct) return tl::unexpected(ct.error());
  ReferenceHips hips{sidedBones(*expert), std::move(ct->volume), {}, {}};
  TriangleMesh* meshes[] = {&hips.bones.hipLeft, &hips.bones.hipRight, &hips.bones.femurLeft,
                            &hips.bones.femurRight};
  for (std::uint8_t value = 1; value <= 4; ++value) {
    auto surface = surfaceOf(hips.labels, value);
    if (!surface) return tl::unexpected(surface.error());
    *meshes[value - 1] = std::move(*surface);
  }
  hips.bones.resolutionMm = 3.0;
  auto landmarks = findLandmarks(hips.bones, Job());
  if (!landmarks) return tl::unexpected(landmarks.error());
  hips.landmarks = std::move(*landmarks);
  return hips;
}

}  // namespace coxa
