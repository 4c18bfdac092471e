#include "coxa/anatomy/atlas.hpp"

#include "coxa/image/components.hpp"
#include "coxa/image/registration.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

using Vec3f = Eigen::Vector3f;

constexpr double kTemplateSpacingMm = 2.0;
constexpr double kModeSpacingMm = 10.0;
constexpr double kModeSmoothingMm = 8.0;

LabelMap mirroredPatient(const LabelMap& labels, const StructureTable& table) {
  LabelMap mirror = mirroredLeftRight(labels);
  for (auto& value : mirror.voxels) value = table.mirrored(value);
  return mirror;
}

Vec3 reflected(const Vec3& p) {
  return {-p.x(), p.y(), p.z()};
}

template <class Visit>
void forEachVoxel(const Grid& grid, const Visit& visit) {
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) visit(grid.offset(i, j, k), grid.worldFromIndex(Vec3(i, j, k)));
}

// Points of the template where shapes are compared: the labelled voxels of a coarse grid.
std::vector<Vec3> labelledPoints(const LabelMap& labels, const Grid& grid) {
  const LabelMap coarse = resampleNearest(labels, grid);
  std::vector<Vec3> points;
  forEachVoxel(grid, [&](std::size_t n, const Vec3& p) {
    if (coarse.voxels[n] != 0) points.push_back(p);
  });
  return points;
}

// The rigid motion that brings `from` nearest to `to` in the least-squares sense (Horn 1987, quaternions).
RigidTransform rigidBetween(const std::vector<Vec3>& from, const std::vector<Vec3>& to) {
  Vec3 fromCenter = Vec3::Zero(), toCenter = Vec3::Zero();
  for (std::size_t n = 0; n < from.size(); ++n) {
    fromCenter += from[n] / static_cast<double>(from.size());
    toCenter += to[n] / static_cast<double>(to.size());
  }
  Mat3 s = Mat3::Zero();
  for (std::size_t n = 0; n < from.size(); ++n) s += (from[n] - fromCenter) * (to[n] - toCenter).transpose();
  Eigen::Matrix4d products;
  products << s.trace(), s(1, 2) - s(2, 1), s(2, 0) - s(0, 2), s(0, 1) - s(1, 0),            //
      s(1, 2) - s(2, 1), s(0, 0) - s(1, 1) - s(2, 2), s(0, 1) + s(1, 0), s(2, 0) + s(0, 2),  //
      s(2, 0) - s(0, 2), s(0, 1) + s(1, 0), s(1, 1) - s(0, 0) - s(2, 2), s(1, 2) + s(2, 1),  //
      s(0, 1) - s(1, 0), s(2, 0) + s(0, 2), s(1, 2) + s(2, 1), s(2, 2) - s(0, 0) - s(1, 1);
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix4d> solver(products);
  const Eigen::Vector4d q = solver.eigenvectors().col(3);
  RigidTransform to_from_from(Eigen::Quaterniond(q[0], q[1], q[2], q[3]));
  to_from_from.pretranslate(toCenter - to_from_from.linear() * fromCenter);
  return to_from_from;
}

// Displacements from the template to one shape, after the shape is moved rigidly onto the template.
template <class Map>
VectorImage alignedDisplacements(const Grid& grid, const std::vector<Vec3>& points,
                                 const Map& shape_from_template) {
  std::vector<Vec3> inShape;
  inShape.reserve(points.size());
  for (const Vec3& p : points) inShape.push_back(shape_from_template(p));
  const RigidTransform template_from_shape = rigidBetween(inShape, points);
  VectorImage out(grid, Vec3f::Zero());
  forEachVoxel(grid, [&](std::size_t n, const Vec3& p) {
    out.voxels[n] = (template_from_shape * Vec3(shape_from_template(p)) - p).template cast<float>();
  });
  return out;
}

VectorImage meanOf(const std::vector<VectorImage>& fields) {
  VectorImage mean(fields.front().grid, Vec3f::Zero());
  for (const auto& field : fields)
    for (std::size_t n = 0; n < mean.voxels.size(); ++n)
      mean.voxels[n] += field.voxels[n] / static_cast<float>(fields.size());
  return mean;
}

// Every shape's and mirror shape's displacements on the coarse grid over the template.
std::vector<VectorImage> displacementsOf(const LabelMap& labels, const AtlasShapes& shapes,
                                         const Grid& grid) {
  const std::vector<Vec3> points = labelledPoints(labels, grid);
  std::vector<VectorImage> fields;
  const auto add = [&](const auto& shape_from_template) {
    fields.push_back(alignedDisplacements(grid, points, shape_from_template));
    fields.push_back(alignedDisplacements(grid, points, [&](const Vec3& p) {
      return reflected(shape_from_template(reflected(shapes.mirror_from_template(p))));
    }));
  };
  add([](const Vec3& p) { return p; });
  for (const auto& field : shapes.shape_from_template) add(field);
  for (auto& field : fields) field = smoothed(field, Vec3::Constant(kModeSmoothingMm));
  return fields;
}

// Principal components by the small Gram matrix of the residuals over the labelled points.
std::vector<VectorImage> principalModes(const std::vector<VectorImage>& residuals,
                                        const std::vector<Vec3>& points) {
  const auto count = static_cast<Eigen::Index>(residuals.size());
  std::vector<std::size_t> voxels;
  for (const Vec3& p : points) {
    const Grid& grid = residuals.front().grid;
    const Eigen::Vector3i i = (grid.indexFromWorld(p).array() + 0.5).floor().cast<int>();
    if (grid.contains(i)) voxels.push_back(grid.offset(i.x(), i.y(), i.z()));
  }
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(count, count);
  for (Eigen::Index a = 0; a < count; ++a)
    for (Eigen::Index b = 0; b < count; ++b)
      for (const std::size_t n : voxels)
        gram(a, b) += residuals[static_cast<std::size_t>(a)].voxels[n].dot(
            residuals[static_cast<std::size_t>(b)].voxels[n]);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
  std::vector<VectorImage> modes;
  for (Eigen::Index m = count - 1; m > 0; --m) {
    if (solver.eigenvalues()[m] < 1e-6 * solver.eigenvalues()[count - 1]) break;
    VectorImage mode(residuals.front().grid, Vec3f::Zero());
    for (Eigen::Index s = 0; s < count; ++s) {
      const auto weight =
          static_cast<float>(solver.eigenvectors()(s, m) / std::sqrt(static_cast<double>(count - 1)));
      for (std::size_t n = 0; n < mode.voxels.size(); ++n)
        mode.voxels[n] += weight * residuals[static_cast<std::size_t>(s)].voxels[n];
    }
    modes.push_back(std::move(mode));
  }
  return modes;
}

// The patient without table and air: the largest part above air, its cavities filled slice by slice.
LabelMap bodyMask(const Volume& ct) {
  constexpr std::int16_t kTissueHu = -300;
  LabelMap tissue(ct.grid);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n) tissue.voxels[n] = ct.voxels[n] > kTissueHu ? 1 : 0;
  const LabelMap body = keepLargestComponents(tissue);
  LabelMap filled(ct.grid);
  const std::size_t perSlice = ct.grid.offset(0, 0, 1);
  const Grid slice = [&] {
    Grid g = ct.grid;
    g.size.z() = 1;
    return g;
  }();
  for (int k = 0; k < ct.grid.size.z(); ++k) {
    LabelMap background(slice);
    for (std::size_t n = 0; n < perSlice; ++n) background.voxels[n] = body.slice(k)[n] == 0 ? 1 : 0;
    const Components parts = connectedComponents(background);
    const auto outside = parts.ids.voxels.front();  // the corner is air
    for (std::size_t n = 0; n < perSlice; ++n)
      filled.slice(k)[n] = parts.ids.voxels[n] == outside && outside != 0 ? 0 : 1;
  }
  return keepLargestComponents(filled);  // not what lies between the table and the picture's border
}

LabelMap surroundingsOf(const Volume& ct) {
  constexpr float kFatHu = -45.0F;
  constexpr double kCalmMm = 1.5;
  const LabelMap body = bodyMask(ct);
  ScalarImage hu(ct.grid);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n)
    hu.voxels[n] = static_cast<float>(std::clamp<int>(ct.voxels[n], -150, 150));
  hu = smoothed(hu, Vec3::Constant(kCalmMm));
  LabelMap out(ct.grid);
  for (std::size_t n = 0; n < out.voxels.size(); ++n) {
    const bool gas = ct.voxels[n] < -200;  // within the body: bowel
    if (body.voxels[n] == 0) continue;
    const auto inside = hu.voxels[n] < kFatHu && !gas ? Surroundings::Fat : Surroundings::SoftTissue;
    out.voxels[n] = static_cast<std::uint8_t>(inside);
  }
  return out;
}

// The template's grid: what is labelled, with room for the skin, cut to the scan along the body.
Grid templateGrid(const LabelMap& surroundings) {
  LabelMap mask = surroundings;
  for (auto& v : mask.voxels) v = v != 0 ? 1 : 0;
  const IndexBox box = grown(boundsOf(mask, 1), mask.grid, 10.0);
  return axisAligned(cropped(mask.grid, box), Vec3::Constant(kTemplateSpacingMm));
}

void moveOrigin(HipAtlas& atlas, const Vec3& to) {
  atlas.labels.grid.origin -= to;
  atlas.surroundings.grid.origin -= to;
  for (auto& mode : atlas.modes) mode.grid.origin -= to;
}

}  // namespace

Result<AtlasShapes> findAtlasShapes(const LabelMap& templateLabels, const std::vector<LabelMap>& shapes,
                                    const StructureTable& table, const Job& job) {
  std::vector<LabelMap> fixed = shapes;
  fixed.push_back(mirroredPatient(templateLabels, table));
  std::vector<DisplacementField> fields;
  const double part = 1.0 / static_cast<double>(fixed.size());
  for (const LabelMap& shape : fixed) {
    const double done = part * static_cast<double>(fields.size());
    auto registration = registerLabels(shape, templateLabels, {}, job.part(done, done + part));
    if (!registration) return tl::unexpected(registration.error());
    fields.push_back(std::move(registration->fixed_from_moving));
  }
  AtlasShapes found;
  found.mirror_from_template = std::move(fields.back());
  fields.pop_back();
  found.shape_from_template = std::move(fields);
  return found;
}

Result<HipAtlas> buildAtlas(const LabelMap& templateLabels, const Volume& ct, const AtlasShapes& shapes,
                            const Job& job) {
  const Grid coarse = axisAligned(templateLabels.grid, Vec3::Constant(kModeSpacingMm));
  const std::vector<VectorImage> displacements = displacementsOf(templateLabels, shapes, coarse);
  const DisplacementField mean_from_template{meanOf(displacements)};
  const DisplacementField template_from_mean = inverse(mean_from_template, coarse);
  job.report(0.3, "building the atlas");

  HipAtlas atlas;
  const LabelMap surroundings = surroundingsOf(ct);
  const Grid grid = templateGrid(surroundings);
  atlas.labels = warped(templateLabels, template_from_mean, grid);
  atlas.surroundings = warped(surroundings, template_from_mean, grid);
  if (job.cancelled()) return cancelled();
  job.report(0.6, "building the atlas");

  std::vector<VectorImage> residuals;
  for (VectorImage residual : displacements) {
    for (std::size_t n = 0; n < residual.voxels.size(); ++n)
      residual.voxels[n] -= mean_from_template.offsetsMm.voxels[n];
    VectorImage onMean(coarse, Vec3f::Zero());
    const DisplacementField field{std::move(residual)};
    forEachVoxel(coarse, [&](std::size_t n, const Vec3& p) {
      onMean.voxels[n] = field.offsetAt(template_from_mean(p)).cast<float>();
    });
    residuals.push_back(std::move(onMean));
  }
  atlas.modes = principalModes(residuals, labelledPoints(atlas.labels, coarse));

  auto landmarks = findLandmarks(atlas.labels, {}, job.part(0.8, 1.0));
  if (!landmarks) return tl::unexpected(landmarks.error());
  if (landmarks->left.femoralHead && landmarks->right.femoralHead) {
    moveOrigin(atlas, 0.5 * (landmarks->left.femoralHead->sphere.center +
                             landmarks->right.femoralHead->sphere.center));
    landmarks = findLandmarks(atlas.labels, {}, job.part(0.9, 1.0));
    if (!landmarks) return tl::unexpected(landmarks.error());
  }
  atlas.landmarks = std::move(*landmarks);
  return atlas;
}

VectorImage velocityOf(const HipAtlas& atlas, const std::vector<double>& coefficients) {
  VectorImage velocity(atlas.modes.front().grid, Vec3f::Zero());
  for (std::size_t mode = 0; mode < std::min(coefficients.size(), atlas.modes.size()); ++mode)
    for (std::size_t n = 0; n < velocity.voxels.size(); ++n)
      velocity.voxels[n] += static_cast<float>(coefficients[mode]) * atlas.modes[mode].voxels[n];
  return velocity;
}

}  // namespace coxa
