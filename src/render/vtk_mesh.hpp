#pragma once

#include "coxa/geometry/mesh.hpp"
#include "coxa/image/image.hpp"

#include <vtkSmartPointer.h>

class vtkMatrix4x4;
class vtkPolyData;

namespace coxa {

vtkSmartPointer<vtkPolyData> polyDataOf(const TriangleMesh& mesh);  ///< with vertex normals
/// A few thousand triangles that look like the mesh while it moves; the mesh itself when it has no more.
vtkSmartPointer<vtkPolyData> coarsened(vtkPolyData* mesh);
/// Colours the vertices by the image's value there (cividis; `maximum` is bright, 0 and outside dark).
void colorByUncertainty(vtkPolyData* mesh, const ScalarImage& uncertainty, double maximum);
vtkSmartPointer<vtkMatrix4x4> matrixOf(const RigidTransform& transform);

}  // namespace coxa
