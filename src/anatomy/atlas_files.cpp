#include "coxa/anatomy/atlas.hpp"
#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace coxa {

namespace fs = std::filesystem;

namespace {

constexpr float kUnitMm = 0.01F;

// One int16 volume: mode 1 x, mode 1 y, mode 1 z, mode 2 x, … along k.
Volume packed(const std::vector<VectorImage>& modes) {
  Grid grid = modes.front().grid;
  const std::size_t perComponent = grid.voxelCount();
  grid.size.z() *= 3 * static_cast<int>(modes.size());
  Volume out(grid);
  for (std::size_t mode = 0; mode < modes.size(); ++mode)
    for (int axis = 0; axis < 3; ++axis)
      for (std::size_t n = 0; n < perComponent; ++n)
        out.voxels[(3 * mode + static_cast<std::size_t>(axis)) * perComponent + n] =
            static_cast<std::int16_t>(std::lround(modes[mode].voxels[n][axis] / kUnitMm));
  return out;
}

std::vector<VectorImage> unpacked(const Volume& volume, int count) {
  Grid grid = volume.grid;
  grid.size.z() /= 3 * count;
  const std::size_t perComponent = grid.voxelCount();
  std::vector<VectorImage> modes(static_cast<std::size_t>(count), VectorImage(grid, Eigen::Vector3f::Zero()));
  for (std::size_t mode = 0; mode < modes.size(); ++mode)
    for (int axis = 0; axis < 3; ++axis)
      for (std::size_t n = 0; n < perComponent; ++n)
        modes[mode].voxels[n][axis] =
            kUnitMm * volume.voxels[(3 * mode + static_cast<std::size_t>(axis)) * perComponent + n];
  return modes;
}

Result<int> modeCount(const fs::path& file) {
  const auto text = readFile(file);
  if (!text) return tl::unexpected(text.error());
  try {
    return nlohmann::json::parse(*text).at("modes").get<int>();
  } catch (const std::exception& error) {
    return badInput(file.string() + " is no atlas description. Install Coxa again.", error.what());
  }
}

}  // namespace

Result<void> writeAtlas(const fs::path& folder, const HipAtlas& atlas) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return badInput("Cannot make the folder " + folder.string() + ".", error.message());
  if (auto done = writeImage(folder / "labels.nrrd", atlas.labels); !done) return done;
  if (auto done = writeImage(folder / "surroundings.nrrd", atlas.surroundings); !done) return done;
  if (auto done = writeFileAtomically(folder / "landmarks.json", toJson(atlas.landmarks)); !done) return done;
  if (!atlas.modes.empty())
    if (auto done = writeImage(folder / "modes.nrrd", packed(atlas.modes)); !done) return done;
  const nlohmann::ordered_json description = {
      {"version", 1}, {"modes", atlas.modes.size()}, {"modeUnitMm", 0.01}};
  return writeFileAtomically(folder / "atlas.json", description.dump(1) + "\n");
}

Result<HipAtlas> readAtlas(const fs::path& folder) {
  const auto count = modeCount(folder / "atlas.json");
  if (!count) return tl::unexpected(count.error());
  auto labels = readLabelMap(folder / "labels.nrrd");
  if (!labels) return tl::unexpected(labels.error());
  auto surroundings = readLabelMap(folder / "surroundings.nrrd");
  if (!surroundings) return tl::unexpected(surroundings.error());
  const auto json = readFile(folder / "landmarks.json");
  if (!json) return tl::unexpected(json.error());
  auto landmarks = landmarksFromJson(*json);
  if (!landmarks) return tl::unexpected(landmarks.error());
  HipAtlas atlas{std::move(*labels), std::move(*surroundings), std::move(*landmarks), {}};
  if (!sameGrid(atlas.labels.grid, atlas.surroundings.grid))
    return badInput("The atlas in " + folder.string() + " does not fit together. Install Coxa again.");
  if (*count == 0) return atlas;
  const auto modes = readVolume(folder / "modes.nrrd");
  if (!modes) return tl::unexpected(modes.error());
  if (modes->grid.size.z() % (3 * *count) != 0)
    return badInput("The atlas in " + folder.string() + " does not fit together. Install Coxa again.");
  atlas.modes = unpacked(*modes, *count);
  return atlas;
}

}  // namespace coxa
