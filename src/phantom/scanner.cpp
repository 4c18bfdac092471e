#include "scanner.hpp"

#include "coxa/image/filters.hpp"
#include "coxa/phantom/noise.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

std::vector<float> behindBody(const Grid& grid, const std::optional<double>& backY) {
  constexpr float kAirHu = -1000.0F;
  std::vector<float> hu;
  for (int j = 0; j < grid.size.y(); ++j)
    for (int i = 0; i < grid.size.x(); ++i) {
      const Vec3 p = grid.worldFromIndex(Vec3(i, j, 0));
      hu.push_back(backY ? tableHu(p.x() - grid.center().x(), p.y(), *backY) : kAirHu);
    }
  return hu;
}

// Where the body's part shows air, what lies behind it (the table) shows through, with the noise.
float overTable(float hu, float behind) {
  return hu + (hu < -900.0F ? behind + 1000.0F : 0.0F);
}

}  // namespace

Result<void> checkOptions(const VirtualPatientOptions& options, const PhantomModel& model,
                          const StructureTable& table) {
  if (options.matrix < 2 || options.spacingMm.minCoeff() <= 0.0)
    return fail(ErrorCode::Usage,
                "A virtual patient's CT needs a matrix of at least 2 and spacings above 0.");
  if (options.tissue.vessels && model.vessels.empty())
    return fail(ErrorCode::Usage, "This atlas has no vessels. Take another atlas or draw none.");
  if (options.extent == ScanExtent::Knee && model.distalFemur.empty())
    return fail(ErrorCode::Usage,
                "This atlas has no distal femur. Take another atlas or let the scan end at mid-thigh.");
  return checkTissueTraits(options.tissue, table);
}

void blur(ScalarImage& hu) {
  hu = smoothed(hu, Vec3(0.5, 0.5, 0.25 * hu.grid.spacing.z()));
}

std::vector<float> noiseHuBySlice(const Grid& grid, Random& random) {
  const double least = random.uniform(5.0, 8.0);
  std::vector<float> noiseHu;
  for (int k = 0; k < grid.size.z(); ++k) {
    const double z = grid.worldFromIndex(Vec3(0, 0, k)).z() / 120.0;
    noiseHu.push_back(static_cast<float>(least * (1.0 + 0.5 * std::exp(-z * z))));
  }
  return noiseHu;
}

void addNoise(ScalarImage& hu, const std::vector<float>& noiseHu, Random& random) {
  const ScalarImage noise = correlatedNoise(hu.grid, Vec3(0.9, 0.9, 0.0), random.seed());
  for (int k = 0; k < hu.grid.size.z(); ++k)
    for (std::size_t n = hu.grid.offset(0, 0, k); n < hu.grid.offset(0, 0, k + 1); ++n)
      hu.voxels[n] += noiseHu[static_cast<std::size_t>(k)] * noise.voxels[n];
}

double backOf(const Body& body) {
  const Grid& grid = body.labels.grid;
  for (int j = grid.size.y() - 1; j >= 0; --j)
    for (int k = 0; k < grid.size.z(); ++k)
      for (int i = 0; i < grid.size.x(); ++i)
        if (body.surroundings.at(i, j, k) != 0) return grid.worldFromIndex(Vec3(i, j, k)).y();
  return grid.worldFromIndex(Vec3(0, grid.size.y() - 1, 0)).y();
}

Volume scanOf(const ScannedBody& body, const SliceArtifacts& artifacts, float mostHu, const Grid& grid) {
  const std::vector<float> behind = behindBody(grid, body.backY);
  const Grid& part = body.hu.grid;
  Volume ct(grid);
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    std::vector<float> hu = behind;
    if (const int from = k - body.box.min.z(); from >= 0 && from < part.size.z())
      for (int j = 0; j < part.size.y(); ++j)
        for (int i = 0; i < part.size.x(); ++i) {
          float& value = hu[grid.offset(i + body.box.min.x(), j + body.box.min.y(), 0)];
          value = overTable(body.hu.at(i, j, from), value);
        }
    if (const auto artifact = artifacts.find(k); artifact != artifacts.end())
      for (std::size_t n = 0; n < hu.size(); ++n) hu[n] += artifact->second.pixels[n];
    std::transform(hu.begin(), hu.end(), ct.slice(k), [&](float value) {
      return static_cast<std::int16_t>(std::lround(std::clamp(value, -1024.0F, mostHu)));
    });
  });
  return ct;
}

LabelMap placed(const LabelMap& part, const IndexBox& box, const Grid& grid) {
  if (part.empty()) return {};
  LabelMap whole(grid);
  for (int k = 0; k < part.grid.size.z(); ++k)
    for (int j = 0; j < part.grid.size.y(); ++j)
      std::copy_n(part.slice(k) + part.grid.offset(0, j, 0), part.grid.size.x(),
                  whole.slice(k + box.min.z()) + grid.offset(box.min.x(), box.min.y() + j, 0));
  return whole;
}

CtSeriesInfo seriesInfo(std::uint64_t seed) {
  CtSeriesInfo info;
  info.patientName = PersonName("Virtual^Patient " + std::to_string(seed));
  info.patientId = "VIRTUAL-" + std::to_string(seed);
  info.studyDescription = "Virtual patient";
  info.seriesDescription = "Simulated CT";
  info.kernel = "SIMULATED";
  info.seed = seed;
  return info;
}

}  // namespace coxa
