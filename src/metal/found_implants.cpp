#include "coxa/metal/found_implants.hpp"

#include "component_fits.hpp"
#include "metal_surface.hpp"

#include "coxa/image/resample.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdio>

namespace coxa {

namespace {

constexpr double kScrewReachMm = 80.0;  // from the joint
constexpr double kBehindShellMm = 1.0;  // a screw is metal farther out than this
constexpr double kOtherMetalMl = 1.0;   // less is not worth a word
constexpr double kBesideHipMm = 90.0;   // metal farther to the side belongs to no hip
constexpr double kSureSideMm = 5.0;
constexpr double kSureAxisDeg = 1.5;
constexpr double kElongated = 3.0;  // ratio of the two longest principal extents

std::string ml(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ml", value);
  return text;
}

void say(std::vector<Notice>& notices, Notice::Severity severity, const char* code,
         const std::string& message) {
  notices.push_back({severity, code, message, {}});
}

/// Calls `visit` with the centre of every implant voxel.
template <class Visit>
void forEachMetalVoxel(const LabelMap& metal, const Visit& visit) {
  const IndexBox box = boundsOf(metal, 1);
  for (int k = box.min.z(); k <= box.max.z(); ++k)
    for (int j = box.min.y(); j <= box.max.y(); ++j)
      for (int i = box.min.x(); i <= box.max.x(); ++i)
        if (metal.at(i, j, k) != 0) visit(Eigen::Vector3i(i, j, k), metal.grid.worldFromIndex(Vec3(i, j, k)));
}

/// Positive: the patient's right (LPS x grows to the left). What the implant itself tells: a neck points
/// medially, a shell opens laterally.
double rightness(const FoundHip& hip) {
  if (hip.stem && hip.head) return (hip.head->center - hip.stem->world_from_stem.translation()).x();
  if (hip.cup) return -20.0 * hip.cup->axis().x();
  return 0.0;
}

void tellSide(FoundHip& hip, double jointX, double middleX) {
  const double own = rightness(hip);
  const double place = middleX - jointX;
  hip.side = (std::abs(own) > kSureSideMm ? own : place) > 0.0 ? Side::Right : Side::Left;
  if (std::abs(own) <= kSureSideMm)
    say(hip.notices, Notice::Severity::Warning, "implants.side-unsure",
        std::string("The implant does not show its side; its place in the picture says ") + name(hip.side) +
            ".");
}

void completeFromCatalogue(FoundHip& hip, const Catalogue& catalogue) {
  if (hip.stem && hip.stem->product && hip.head && hip.head->product) {
    const Vec3 inStem = hip.stem->world_from_stem.inverse() * hip.head->center;
    const Stem& stem = *hip.stem->product;
    const double along = neckAxisInStem(stem).dot(inStem - Vec3(stem.neckBaseMm, 0, 0));
    hip.head->product = *headFor(catalogue, hip.head->product->diameterMm, along - stem.neckLengthMm);
  }
  if (hip.cup && hip.cup->product && hip.head && hip.head->product)
    if (const Liner* liner = linerFor(catalogue, *hip.cup->product, hip.head->product->diameterMm))
      hip.liner = *liner;
}

/// Of the opening axis, in the worse of two planes.
double axisSdDeg(const FoundCup& cup) {
  const Eigen::Matrix<double, 3, 2> across = cup.world_from_cup.linear().leftCols<2>();
  const Eigen::Matrix2d tilt = across.transpose() * cup.turnCovariance * across;
  return degFromRad(std::sqrt(Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d>(tilt).eigenvalues()[1]));
}

void sayWhatIsMissing(FoundHip& hip) {
  const auto warn = [&](const char* code, const std::string& message) {
    say(hip.notices, Notice::Severity::Warning, code, message);
  };
  if (!hip.cup)
    warn("implants.no-shell",
         "A head but no metal shell was found: hemiarthroplasty, a polyethylene cup, or artifacts hide it.");
  else if (!hip.cup->product && !hip.cup->own && !hip.cup->hidden)
    warn("implants.unknown-cup",
         "No cup of the catalogue fits: given is the hemisphere that fits best; its opening plane is where "
         "the "
         "metal ends.");
  if (hip.cup && (hip.cup->hidden || axisSdDeg(*hip.cup) > kSureAxisDeg))
    warn("implants.cup-unsure",
         "Streaks hide much of the shell: neither its angles nor its size can be relied on. Thinner slices "
         "or a "
         "scan with metal artifact reduction show more.");
  if (!hip.stem)
    warn("implants.no-stem", hip.head ? "A head but no stem was found: the scan may end above it."
                                      : "A shell but neither head nor stem was found.");
  else if (!hip.stem->product && !hip.stem->own)
    warn("implants.unknown-stem",
         "No stem of the catalogue fits: given are the axis of the metal and the head.");
  if (hip.stem && !hip.stem->tipInScan)
    warn("implants.tip-not-in-scan",
         "The stem's tip is not in the scan: its size rests on the part that is, and may be wrong.");
}

TriangleMesh meshOf(const FoundCup& found) {
  if (found.own) return found.own->mesh;
  Cup cup;
  cup.outerDiameterMm = found.outerDiameterMm.value;
  cup.wallMm = 0.5 * (found.outerDiameterMm.value - found.innerDiameterMm);
  return cupMesh(found.product.value_or(cup));
}

TriangleMesh meshOf(const FoundHead& found) {
  if (found.own) return found.own->mesh;
  Head head;
  head.diameterMm = found.diameterMm.value;
  return headMesh(found.product.value_or(head));
}

FoundHip hipAt(const HipMetal& metal, const Joint& joint, const KnownComponents& known) {
  FoundHip hip;
  hip.cup = fitCup(metal, joint, known);
  hip.head = fitHead(metal, joint, known);
  if (hip.head) hip.stem = fitStem(metal, femoralSurface(metal, joint, hip.cup), *hip.head, known);
  completeFromCatalogue(hip, known.catalogue);
  sayWhatIsMissing(hip);
  return hip;
}

/// The part of the surface nearest to that joint (in x) of them.
SurfacePoints ownSurface(const SurfacePoints& all, const std::vector<Joint>& joints, std::size_t own) {
  SurfacePoints part;
  for (std::size_t n = 0; n < all.points.size(); ++n) {
    const auto nearest = std::min_element(joints.begin(), joints.end(), [&](const Joint& a, const Joint& b) {
      return std::abs(a.center.x() - all.points[n].x()) < std::abs(b.center.x() - all.points[n].x());
    });
    if (static_cast<std::size_t>(nearest - joints.begin()) != own) continue;
    part.points.push_back(all.points[n]);
    part.normals.push_back(all.normals[n]);
  }
  return part;
}

/// Whether metal near that joint (in x) reaches the scan's first or last slice or its field's side.
bool reachesEnd(const LabelMap& metal, double jointX) {
  bool reaches = false;
  const Eigen::Vector3i last = metal.grid.size - Eigen::Vector3i::Ones();
  forEachMetalVoxel(metal, [&](const Eigen::Vector3i& v, const Vec3& p) {
    const bool atEnd = (v.array() == 0).any() || (v.array() == last.array()).any();
    reaches = reaches || (atEnd && std::abs(p.x() - jointX) < kBesideHipMm);
  });
  return reaches;
}

/// The CT with tissue where it is as bright as metal and no implant is.
Volume withImplantsAlone(Volume ct, const MetalFindings& metal) {
  constexpr std::int16_t kTissueHu = 600;
  for (std::size_t n = 0; n < ct.voxels.size(); ++n)
    if (ct.voxels[n] > metal.thresholdHu && metal.implants.voxels[n] == 0) ct.voxels[n] = kTissueHu;
  return ct;
}

void weighScrews(const LabelMap& metal, FoundHip& hip) {
  const double voxelMl = 1e-3 * metal.grid.voxelVolumeMm3();
  forEachMetalVoxel(metal, [&](const Eigen::Vector3i&, const Vec3& p) {
    if (hip.isScrew(p)) hip.screwsMl += voxelMl;
  });
}

bool isElongated(const LabelMap& metal) {
  std::vector<Vec3> voxels;
  forEachMetalVoxel(metal, [&](const Eigen::Vector3i&, const Vec3& p) { voxels.push_back(p); });
  Vec3 mean = Vec3::Zero();
  for (const Vec3& p : voxels) mean += p / static_cast<double>(voxels.size());
  Mat3 spread = Mat3::Zero();
  for (const Vec3& p : voxels) spread += (p - mean) * (p - mean).transpose();
  const Vec3 extents = Eigen::SelfAdjointEigenSolver<Mat3>(spread).eigenvalues().cwiseMax(0.0).cwiseSqrt();
  return extents[2] > kElongated * extents[1];
}

void sayWhyNoHip(FoundImplants& found) {
  if (found.metal.implantParts == 0) return;  // findMetal said what there is
  say(found.notices, Notice::Severity::Warning, "implants.not-a-hip",
      ml(found.metal.implantMl) + " of metal, but neither the sphere of a head nor a shell: " +
          (isElongated(found.metal.implants) ? "it is elongated like a nail, a plate or screws. "
                                             : "it is no hip replacement that shows its head. ") +
          "No hip implant is reported.");
}

void sayOtherMetal(FoundImplants& found, const std::vector<Joint>& joints) {
  const double voxelMl = 1e-3 * found.metal.implants.grid.voxelVolumeMm3();
  double otherMl = 0.0;
  forEachMetalVoxel(found.metal.implants, [&](const Eigen::Vector3i&, const Vec3& p) {
    if (std::none_of(joints.begin(), joints.end(),
                     [&](const Joint& j) { return std::abs(j.center.x() - p.x()) < kBesideHipMm; }))
      otherMl += voxelMl;
  });
  if (otherMl > kOtherMetalMl)
    say(found.notices, Notice::Severity::Warning, "implants.other-metal",
        ml(otherMl) + " of other metal lie beside the hip replacement and were not looked into.");
}

}  // namespace

std::vector<TriangleMesh> FoundStem::parts() const {
  if (product) return {stemBodyMesh(*product), stemNeckMesh(*product, Head{})};
  if (own) return {own->mesh};
  return {};
}

bool FoundHip::isScrew(const Vec3& p) const {
  if (!cup) return false;
  const Vec3 d = p - cup->center();
  const double outside = 0.5 * cup->outerDiameterMm.value + kBehindShellMm;
  return d.dot(cup->axis()) < 0.0 && d.norm() > outside && d.norm() < kScrewReachMm;
}

std::vector<TriangleMesh> FoundHip::surfaces() const {
  std::vector<TriangleMesh> world;
  if (cup) world.push_back(transformed(meshOf(*cup), cup->world_from_cup));
  if (head) {
    const RigidTransform world_from_head(Eigen::Translation3d(head->center));
    world.push_back(transformed(meshOf(*head), world_from_head));
  }
  if (stem)
    for (const TriangleMesh& part : stem->parts()) world.push_back(transformed(part, stem->world_from_stem));
  return world;
}

std::optional<PosedHip> FoundHip::posed() const {
  if (!cup || !cup->product || !head || !head->product || !stem || !stem->product || !liner)
    return std::nullopt;
  return PosedHip{side,
                  *cup->product,
                  *liner,
                  *head->product,
                  *stem->product,
                  cup->world_from_cup,
                  stem->world_from_stem};
}

Result<FoundImplants> findImplants(const Volume& ct, const Catalogue& catalogue, const ImplantSearch& search,
                                   const Job& job) {
  auto metal = findMetal(ct, search.metal);
  if (!metal) return tl::unexpected(metal.error());
  return findImplants(ct, std::move(*metal), catalogue, search, job);
}

Result<FoundImplants> findImplants(const Volume& scan, MetalFindings metal, const Catalogue& catalogue,
                                   const ImplantSearch& search, const Job& job) {
  FoundImplants found;
  found.notices = metal.notices;
  found.metal = std::move(metal);
  job.report(0.2, "Looking for joints");
  if (job.cancelled()) return cancelled();
  const Volume ct = withImplantsAlone(scan, found.metal);
  const MetalSurface surface = metalSurface(ct, found.metal, found.metal.thresholdHu);
  const double brightHu =
      surface.clipped ? 0.5 * (found.metal.thresholdHu + found.metal.brightestHu) : found.metal.thresholdHu;
  const MetalSurface bright = metalSurface(ct, found.metal, brightHu);
  std::vector<Joint> joints = findJoints(surface.points);
  std::sort(joints.begin(), joints.end(),
            [](const Joint& a, const Joint& b) { return a.center.x() < b.center.x(); });
  if (joints.empty()) {
    sayWhyNoHip(found);
    return found;
  }
  for (std::size_t n = 0; n < joints.size(); ++n) {
    job.report(0.3 + 0.6 * static_cast<double>(n) / static_cast<double>(joints.size()), "Fitting components");
    if (job.cancelled()) return cancelled();
    const double x = joints[n].center.x();
    const HipMetal own{&ct,
                       ownSurface(surface.points, joints, n),
                       ownSurface(bright.points, joints, n),
                       surface.clipped,
                       found.metal.brightestHu,
                       ct.grid.direction.col(2),
                       reachesEnd(found.metal.implants, x)};
    FoundHip hip = hipAt(own, joints[n], {catalogue, search.own});
    tellSide(hip, x,
             joints.size() == 2 ? 0.5 * (joints[0].center + joints[1].center).x() : ct.grid.center().x());
    weighScrews(found.metal.implants, hip);
    found.hips.push_back(std::move(hip));
  }
  if (found.hips.size() == 2 && found.hips[0].side == found.hips[1].side) {
    found.hips[0].side = Side::Right;
    found.hips[1].side = Side::Left;
    say(found.notices, Notice::Severity::Warning, "implants.side-unsure",
        "Two hip replacements that both look like the same side: they are named by their place.");
  }
  sayOtherMetal(found, joints);
  return found;
}

}  // namespace coxa
