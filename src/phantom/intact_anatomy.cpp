#include "intact_anatomy.hpp"

#include "coxa/anatomy/surfaces.hpp"

#include <tbb/parallel_for.h>

namespace coxa {

namespace {

// The atlas' last slices are bent, so legs are attached above them.
constexpr double kJunctionMm = 50.0;
constexpr double kBelowJointLineMm = 90.0;  // how far legs go on

// One femur of the patient above the junction, by voxels finer than the atlas' own.
TriangleMesh fineSurface(const CarriedTemplate& anatomy, std::uint8_t value, const HipLandmarks& hip,
                         double junctionZ) {
  constexpr double kSpacingMm = 1.25, kMarginMm = 45.0;
  Eigen::AlignedBox3d box;
  for (const Vec3& p : {hip.femoralHead->sphere.center, hip.greaterTrochanter->position,
                        hip.lesserTrochanter->position, hip.femoralShaft->line.point})
    box.extend(p);
  Grid grid;
  grid.spacing = Vec3::Constant(kSpacingMm);
  grid.origin = box.min() - Vec3::Constant(kMarginMm);
  grid.origin.z() = junctionZ;
  const Vec3 reach = box.max() + Vec3::Constant(kMarginMm) - grid.origin;
  grid.size = (reach / kSpacingMm).array().ceil().cast<int>() + 1;
  LabelMap femur(grid);
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        femur.at(i, j, k) = anatomy.labelAt(grid.worldFromIndex(Vec3(i, j, k))) == value ? 1 : 0;
  });
  return surfaceOf(femur, 1).value_or(TriangleMesh{});
}

bool complete(const HipLandmarks& hip) {
  return hip.femoralHead && hip.femoralNeck && hip.femoralShaft && hip.greaterTrochanter &&
         hip.lesserTrochanter;
}

// The axes of neck and shaft that the patient's own femora have. Carried ones keep the error that they have
// in the coarse template, 2 to 4 degrees of version.
Result<LandmarkSet> withOwnAxes(LandmarkSet carriedSet, const CarriedTemplate& anatomy,
                                const StructureTable& table, double junctionZ) {
  if (!complete(carriedSet.left) || !complete(carriedSet.right))
    return badInput("The atlas lacks landmarks of the femora, which a scan to the knee needs.");
  BoneMeshes bones;
  bones.femurLeft = fineSurface(anatomy, table.find("femur", Side::Left)->value, carriedSet.left, junctionZ);
  bones.femurRight =
      fineSurface(anatomy, table.find("femur", Side::Right)->value, carriedSet.right, junctionZ);
  const auto found = findLandmarks(bones, Job());
  if (!found) return tl::unexpected(found.error());
  for (const Side side : {Side::Left, Side::Right}) {
    HipLandmarks& truth = carriedSet.side(side);
    const HipLandmarks& own = found->side(side);
    if (!own.femoralNeck || !own.femoralShaft) continue;
    const Trust measured{0.0, 1.0, false, "truth: measured on the patient's own femur"};
    truth.femoralNeck = AxisLandmark{own.femoralNeck->line, measured};
    truth.femoralShaft = AxisLandmark{own.femoralShaft->line, measured};
  }
  return carriedSet;
}

}  // namespace

IntactAnatomy::IntactAnatomy(const PhantomModel& model, const PatientShape& shape)
    : template_(model.atlas, shape), landmarks_(carried(model.atlas.landmarks, shape)) {
  const Grid& grid = model.atlas.labels.grid;
  box_ = {shape.size * grid.origin, shape.size * grid.worldFromIndex(grid.size.cast<double>())};
}

Result<IntactAnatomy> IntactAnatomy::build(const PhantomModel& model, const PatientShape& shape,
                                           ScanExtent extent, const StructureTable& table) {
  IntactAnatomy anatomy(model, shape);
  if (extent == ScanExtent::MidThigh) return anatomy;
  anatomy.junctionZ_ = anatomy.box_.min().z() + kJunctionMm;
  auto truth = withOwnAxes(anatomy.landmarks_, anatomy.template_, table, anatomy.junctionZ_);
  if (!truth) return tl::unexpected(truth.error());
  LandmarkSet& landmarks = anatomy.landmarks_ = std::move(*truth);
  for (const Side side : {Side::Left, Side::Right}) {
    const std::uint8_t value = table.find("femur", side)->value;
    auto femur =
        WholeFemur::build(model.distalFemur, anatomy.template_, value, side, landmarks, anatomy.junctionZ_);
    if (!femur) return tl::unexpected(femur.error());
    landmarks.side(side) = femur->withKnee(landmarks.side(side));
    anatomy.thighs_.emplace_back(std::move(*femur), anatomy.template_, side, value, table);
    anatomy.box_.extend(Vec3(anatomy.box_.min().x(), anatomy.box_.min().y(),
                             anatomy.thighs_.back().femur().jointLineZ() - kBelowJointLineMm));
  }
  return anatomy;
}

const WholeFemur* IntactAnatomy::femur(Side side) const {
  return thighs_.empty() ? nullptr : &thighs_[side == Side::Left ? 0 : 1].femur();
}

const Thigh* IntactAnatomy::thighAt(const Vec3& patient) const {
  if (thighs_.empty() || patient.z() >= junctionZ_) return nullptr;
  return &thighs_[patient.x() > 0.0 ? 0 : 1];
}

std::uint8_t IntactAnatomy::labelAt(const Vec3& patient) const {
  const Thigh* thigh = thighAt(patient);
  return thigh ? thigh->labelAt(patient) : template_.labelAt(patient);
}

std::uint8_t IntactAnatomy::surroundingsAt(const Vec3& patient) const {
  const Thigh* thigh = thighAt(patient);
  return thigh ? thigh->surroundingsAt(patient) : template_.surroundingsAt(patient);
}

}  // namespace coxa
