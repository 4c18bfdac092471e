#include "coxa/anatomy/surfaces.hpp"

#include "coxa/image/resample.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <vtkCellArray.h>
#include <vtkDiscreteFlyingEdges3D.h>
#include <vtkIdList.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkQuadricDecimation.h>
#include <vtkSmartPointer.h>
#include <vtkWindowedSincPolyDataFilter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <mutex>

namespace coxa {

namespace {

using Extents = std::array<IndexBox, 256>;

IndexBox emptyBox(const Grid& grid) {
  return {grid.size, -Eigen::Vector3i::Ones()};
}

void include(IndexBox& box, const Eigen::Vector3i& index) {
  box.min = box.min.cwiseMin(index);
  box.max = box.max.cwiseMax(index);
}

// The boxes of all labels in one pass over the voxels.
Extents extentsOf(const LabelMap& labels) {
  Extents none;
  none.fill(emptyBox(labels.grid));
  const auto scan = [&](const tbb::blocked_range<int>& slices, Extents boxes) {
    for (int k = slices.begin(); k != slices.end(); ++k)
      for (int j = 0; j < labels.grid.size.y(); ++j) {
        const std::uint8_t* row = labels.slice(k) + labels.grid.offset(0, j, 0);
        for (int i = 0; i < labels.grid.size.x(); ++i)
          if (row[i]) include(boxes[row[i]], {i, j, k});
      }
    return boxes;
  };
  const auto merge = [](Extents a, const Extents& b) {
    for (std::size_t value = 0; value < a.size(); ++value) {
      a[value].min = a[value].min.cwiseMin(b[value].min);
      a[value].max = a[value].max.cwiseMax(b[value].max);
    }
    return a;
  };
  return tbb::parallel_reduce(tbb::blocked_range<int>(0, labels.grid.size.z()), none, scan, merge);
}

// The label alone, one empty voxel around it, so that its surface closes where the scan cuts it. Each voxel
// stands for `step` voxels of the labels and is inside when half of them are.
struct PaddedMask {
  vtkNew<vtkImageData> image;
  Vec3 firstIndex = Vec3::Zero();  // of the mask's first voxel, in the labels' grid
};
void fillMask(const LabelMap& labels, std::uint8_t value, const IndexBox& box, const Eigen::Vector3i& step,
              PaddedMask& mask) {
  Grid padded;
  padded.size =
      (box.size() + step - Eigen::Vector3i::Ones()).cwiseQuotient(step) + Eigen::Vector3i::Constant(2);
  padded.spacing = labels.grid.spacing.cwiseProduct(step.cast<double>());
  mask.firstIndex =
      box.min.cast<double>() + 0.5 * (step - Eigen::Vector3i::Ones()).cast<double>() - step.cast<double>();
  mask.image->SetDimensions(padded.size.x(), padded.size.y(), padded.size.z());
  mask.image->SetSpacing(padded.spacing.data());
  mask.image->AllocateScalars(VTK_UNSIGNED_CHAR, 1);
  auto* counts = static_cast<unsigned char*>(mask.image->GetScalarPointer());
  std::fill(counts, counts + padded.voxelCount(), static_cast<unsigned char>(0));
  for (int k = box.min.z(); k <= box.max.z(); ++k)
    for (int j = box.min.y(); j <= box.max.y(); ++j) {
      const std::uint8_t* from = labels.voxels.data() + labels.grid.offset(box.min.x(), j, k);
      unsigned char* to =
          counts + padded.offset(1, (j - box.min.y()) / step.y() + 1, (k - box.min.z()) / step.z() + 1);
      for (int i = 0; i < box.size().x(); ++i)
        if (from[i] == value) ++to[i / step.x()];
    }
  const int half = (step.prod() + 1) / 2;
  for (auto* count = counts; count != counts + padded.voxelCount(); ++count) *count = *count >= half ? 1 : 0;
}

TriangleMesh meshFrom(vtkPolyData* surface) {
  TriangleMesh mesh;
  mesh.vertices.resize(static_cast<std::size_t>(surface->GetNumberOfPoints()));
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v) {
    Vec3 p;
    surface->GetPoint(static_cast<vtkIdType>(v), p.data());
    mesh.vertices[v] = p.cast<float>();
  }
  mesh.triangles.reserve(static_cast<std::size_t>(surface->GetNumberOfPolys()));
  vtkNew<vtkIdList> corners;
  auto* cells = surface->GetPolys();
  for (cells->InitTraversal(); cells->GetNextCell(corners);)
    mesh.triangles.push_back({static_cast<std::uint32_t>(corners->GetId(0)),
                              static_cast<std::uint32_t>(corners->GetId(1)),
                              static_cast<std::uint32_t>(corners->GetId(2))});
  return mesh;
}

// The pass band falls tenfold per unit of smoothing; at 1 it removes waves shorter than about 14 edges.
double passBand(double smoothing) {
  return 0.5 * std::pow(10.0, -smoothing);
}

vtkSmartPointer<vtkPolyData> stepped(const PaddedMask& mask) {
  vtkNew<vtkDiscreteFlyingEdges3D> edges;
  edges->SetInputData(mask.image);
  edges->SetValue(0, 1.0);
  edges->ComputeNormalsOff();
  edges->ComputeGradientsOff();
  edges->ComputeScalarsOff();
  edges->Update();
  return edges->GetOutput();
}

TriangleMesh smoothed(vtkPolyData* surface, double smoothing) {
  if (smoothing <= 0.0) return meshFrom(surface);
  vtkNew<vtkWindowedSincPolyDataFilter> smoother;
  smoother->SetInputData(surface);
  smoother->SetNumberOfIterations(30);
  smoother->SetPassBand(passBand(smoothing));
  smoother->BoundarySmoothingOff();
  smoother->FeatureEdgeSmoothingOff();
  smoother->NonManifoldSmoothingOn();
  smoother->NormalizeCoordinatesOn();
  smoother->Update();
  return meshFrom(smoother->GetOutput());
}

vtkNew<vtkPolyData> polyDataFrom(const TriangleMesh& mesh) {
  vtkNew<vtkPoints> points;
  points->SetNumberOfPoints(static_cast<vtkIdType>(mesh.vertices.size()));
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
    points->SetPoint(static_cast<vtkIdType>(v), mesh.vertices[v].data());
  vtkNew<vtkCellArray> cells;
  for (const auto& t : mesh.triangles) {
    const vtkIdType corners[3] = {t[0], t[1], t[2]};
    cells->InsertNextCell(3, corners);
  }
  vtkNew<vtkPolyData> surface;
  surface->SetPoints(points);
  surface->SetPolys(cells);
  return surface;
}

TriangleMesh decimated(const TriangleMesh& mesh, std::size_t maxTriangles) {
  if (maxTriangles == 0 || mesh.triangles.size() <= maxTriangles) return mesh;
  vtkNew<vtkQuadricDecimation> decimation;
  const auto surface = polyDataFrom(mesh);
  decimation->SetInputData(surface);
  decimation->SetTargetReduction(1.0 - static_cast<double>(maxTriangles) /
                                           static_cast<double>(mesh.triangles.size()));
  decimation->VolumePreservationOn();
  decimation->Update();
  return meshFrom(decimation->GetOutput());
}

void turnOutside(TriangleMesh& mesh) {
  if (volumeMm3(mesh) < 0.0)
    for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
}

// Smoothing shrinks: moves the surface along its normals until it encloses `targetMm3` again.
void restoreVolume(TriangleMesh& mesh, double targetMm3) {
  for (int i = 0; i < 5; ++i) {
    const double lacking = targetMm3 - volumeMm3(mesh);
    if (std::abs(lacking) < 1e-4 * targetMm3) return;
    const auto offsetMm = static_cast<float>(lacking / areaMm2(mesh));
    const auto normals = vertexNormals(mesh);
    for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
      if (normals[v].allFinite()) mesh.vertices[v] += offsetMm * normals[v];
  }
}

// From the padded mask's own millimetres to the world.
void moveToWorld(TriangleMesh& mesh, const Grid& grid, const PaddedMask& mask) {
  const Vec3 corner = grid.worldFromIndex(mask.firstIndex);
  for (auto& vertex : mesh.vertices) vertex = (corner + grid.direction * vertex.cast<double>()).cast<float>();
  turnOutside(mesh);
}

double labelledMm3(const LabelMap& labels, std::uint8_t value, const IndexBox& box) {
  std::ptrdiff_t voxels = 0;
  for (int k = box.min.z(); k <= box.max.z(); ++k)
    for (int j = box.min.y(); j <= box.max.y(); ++j) {
      const std::uint8_t* row = labels.voxels.data() + labels.grid.offset(box.min.x(), j, k);
      voxels += std::count(row, row + box.size().x(), value);
    }
  return static_cast<double>(voxels) * labels.grid.voxelVolumeMm3();
}

// A display copy of a surface with far more triangles than it may keep starts from fine axes at half
// resolution: decimation is what takes time.
constexpr std::size_t kManyTimes = 4;
constexpr double kFineMm = 1.25;

Eigen::Vector3i coarserStep(const Grid& grid) {
  return (grid.spacing.array() < kFineMm).select(Eigen::Array3i::Constant(2), Eigen::Array3i::Constant(1));
}

TriangleMesh surfaceIn(const LabelMap& labels, std::uint8_t value, const IndexBox& box,
                       const SurfaceOptions& options) {
  PaddedMask mask;
  fillMask(labels, value, box, Eigen::Vector3i::Ones(), mask);
  auto surface = stepped(mask);
  const auto triangles = static_cast<std::size_t>(surface->GetNumberOfPolys());
  if (options.maxTriangles > 0 && triangles > kManyTimes * options.maxTriangles) {
    fillMask(labels, value, box, coarserStep(labels.grid), mask);
    surface = stepped(mask);
  }
  TriangleMesh mesh = smoothed(surface, options.smoothing);
  turnOutside(mesh);
  if (options.smoothing > 0.0) restoreVolume(mesh, labelledMm3(labels, value, box));
  mesh = decimated(mesh, options.maxTriangles);
  moveToWorld(mesh, labels.grid, mask);
  return mesh;
}

tl::unexpected<Error> surfaceFailed(const std::exception& error) {
  return internalError("The surface of a structure could not be made.", error.what());
}

}  // namespace

Result<TriangleMesh> surfaceOf(const LabelMap& labels, std::uint8_t value, const SurfaceOptions& options) {
  const IndexBox box = boundsOf(labels, value);
  if (value == 0 || box.empty()) return TriangleMesh{};
  try {
    return surfaceIn(labels, value, box, options);
  } catch (const std::exception& error) {
    return surfaceFailed(error);
  }
}

Result<std::map<std::uint8_t, TriangleMesh>> surfacesOf(const LabelMap& labels, const SurfaceOptions& options,
                                                        const Job& job) {
  const Extents boxes = extentsOf(labels);
  std::vector<std::uint8_t> present;
  for (int value = 1; value < 256; ++value)
    if (!boxes[static_cast<std::size_t>(value)].empty()) present.push_back(static_cast<std::uint8_t>(value));
  std::map<std::uint8_t, TriangleMesh> surfaces;
  std::mutex finished;
  try {
    tbb::parallel_for(std::size_t{0}, present.size(), [&](std::size_t i) {
      if (job.cancelled()) return;
      TriangleMesh mesh = surfaceIn(labels, present[i], boxes[present[i]], options);
      const std::lock_guard lock(finished);
      surfaces.emplace(present[i], std::move(mesh));
      job.report(static_cast<double>(surfaces.size()) / static_cast<double>(present.size()), "Surfaces");
    });
  } catch (const std::exception& error) {
    return surfaceFailed(error);
  }
  if (job.cancelled()) return cancelled();
  return surfaces;
}

}  // namespace coxa
