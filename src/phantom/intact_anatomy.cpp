#include "intact_anatomy.hpp"

#include "carried_landmarks.hpp"

namespace coxa {

namespace {

// The atlas' last slices are bent, so legs are attached above them.
constexpr double kJunctionMm = 50.0;
constexpr double kBelowJointLineMm = 90.0;  // how far legs go on

// Truth by the definitions of docs/landmarks.md: the shaft's axis along 70 mm, the neck's through its own
// middle and the head's centre.
HipLandmarks withAxes(HipLandmarks carriedHip, const HipLandmarks& atlas, const PatientShape& shape) {
  constexpr double kShaftReachMm = 35.0;
  HipLandmarks shaft;
  shaft.femoralShaft = atlas.femoralShaft;
  carryFemur(
      shaft, [&](const Vec3& p) { return shape.patientFromTemplate(p); }, kShaftReachMm);
  carriedHip.femoralShaft = shaft.femoralShaft;
  followCorrections(carriedHip);
  return carriedHip;
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
  for (const Side side : {Side::Left, Side::Right}) {
    HipLandmarks& truth = anatomy.landmarks_.side(side);
    truth = withAxes(truth, model.atlas.landmarks.side(side), shape);
    const std::uint8_t value = table.find("femur", side)->value;
    auto femur =
        WholeFemur::build(model.distalFemur, anatomy.template_, value, side, truth, anatomy.junctionZ_);
    if (!femur) return tl::unexpected(femur.error());
    truth = femur->withKnee(truth);
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
