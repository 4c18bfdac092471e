#include "vtk_mesh.hpp"

#include "coxa/render/color_maps.hpp"

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkQuadricClustering.h>
#include <vtkTypeInt32Array.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

/// Trilinear value at a world point; 0 outside.
double valueAt(const ScalarImage& image, const Vec3& world) {
  const Vec3 index = image.grid.indexFromWorld(world);
  const Vec3 last = (image.grid.size.cast<double>() - Vec3::Ones()).eval();
  if ((index.array() < -0.5).any() || (index.array() > last.array() + 0.5).any()) return 0.0;
  const Vec3 inside = index.cwiseMax(0.0).cwiseMin(last);
  const Eigen::Vector3i low = inside.cast<int>();
  const Eigen::Vector3i high =
      (low + Eigen::Vector3i::Ones()).cwiseMin(image.grid.size - Eigen::Vector3i::Ones());
  const Vec3 w = inside - low.cast<double>();
  double sum = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    double weight = 1.0;
    Eigen::Vector3i at;
    for (int axis = 0; axis < 3; ++axis) {
      const bool up = (corner >> axis & 1) != 0;
      at[axis] = up ? high[axis] : low[axis];
      weight *= up ? w[axis] : 1.0 - w[axis];
    }
    sum += weight * static_cast<double>(image.at(at.x(), at.y(), at.z()));
  }
  return sum;
}

}  // namespace

vtkSmartPointer<vtkPolyData> polyDataOf(const TriangleMesh& mesh) {
  vtkNew<vtkFloatArray> coordinates, normals;
  coordinates->SetNumberOfComponents(3);
  coordinates->SetNumberOfTuples(static_cast<vtkIdType>(mesh.vertices.size()));
  normals->SetNumberOfComponents(3);
  normals->SetNumberOfTuples(static_cast<vtkIdType>(mesh.vertices.size()));
  const std::vector<Eigen::Vector3f> vertexNormal = vertexNormals(mesh);
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
    coordinates->SetTypedTuple(static_cast<vtkIdType>(i), mesh.vertices[i].data());
    normals->SetTypedTuple(static_cast<vtkIdType>(i), vertexNormal[i].data());
  }
  vtkNew<vtkPoints> points;
  points->SetData(coordinates);
  vtkNew<vtkTypeInt32Array> corners;
  corners->SetNumberOfValues(3 * static_cast<vtkIdType>(mesh.triangles.size()));
  vtkIdType next = 0;
  for (const TriangleMesh::Triangle& triangle : mesh.triangles)
    for (const std::uint32_t vertex : triangle) corners->SetValue(next++, static_cast<vtkTypeInt32>(vertex));
  vtkNew<vtkCellArray> triangles;
  triangles->SetData(3, corners);
  auto data = vtkSmartPointer<vtkPolyData>::New();
  data->SetPoints(points);
  data->SetPolys(triangles);
  data->GetPointData()->SetNormals(normals);
  return data;
}

vtkSmartPointer<vtkPolyData> coarsened(vtkPolyData* mesh) {
  constexpr vtkIdType kCoarseTriangles = 3000;
  constexpr double kCellsPerTriangle = 0.4;  // a closed surface meets about this share of 2.5 n^2 cells
  if (mesh->GetNumberOfPolys() <= kCoarseTriangles) return mesh;
  const Vec3 sizes = [&] {
    double b[6];
    mesh->GetBounds(b);
    return Vec3(b[1] - b[0], b[3] - b[2], b[5] - b[4]);
  }();
  // Cells as large as gives about the wanted number on the surface of the bounding box.
  const double area = 2.0 * (sizes.x() * sizes.y() + sizes.y() * sizes.z() + sizes.z() * sizes.x());
  const double cell = std::sqrt(area / (kCoarseTriangles * kCellsPerTriangle));
  const auto divisions = [&](double size) { return std::max(2, static_cast<int>(std::ceil(size / cell))); };
  // Without normals: on thin muscles the two sides meet in one vertex, and only flat triangles look right.
  vtkNew<vtkPolyData> positions;
  positions->SetPoints(mesh->GetPoints());
  positions->SetPolys(mesh->GetPolys());
  vtkNew<vtkQuadricClustering> cluster;
  cluster->SetInputData(positions);
  cluster->AutoAdjustNumberOfDivisionsOff();
  cluster->SetNumberOfDivisions(divisions(sizes.x()), divisions(sizes.y()), divisions(sizes.z()));
  cluster->Update();
  return cluster->GetOutput();
}

void colorByUncertainty(vtkPolyData* mesh, const ScalarImage& uncertainty, double maximum) {
  const vtkIdType count = mesh->GetNumberOfPoints();
  vtkNew<vtkUnsignedCharArray> colors;
  colors->SetNumberOfComponents(3);
  colors->SetNumberOfTuples(count);
  const ColorMap& map = ColorMap::cividis();
  for (vtkIdType i = 0; i < count; ++i) {
    Vec3 point;
    mesh->GetPoint(i, point.data());
    const Rgb color = map.at(valueAt(uncertainty, point) / std::max(maximum, 1e-12));
    colors->SetTypedTuple(i, color.data());
  }
  mesh->GetPointData()->SetScalars(colors);
}

vtkSmartPointer<vtkMatrix4x4> matrixOf(const RigidTransform& transform) {
  auto matrix = vtkSmartPointer<vtkMatrix4x4>::New();
  for (int row = 0; row < 4; ++row)
    for (int column = 0; column < 4; ++column) matrix->SetElement(row, column, transform(row, column));
  return matrix;
}

}  // namespace coxa
