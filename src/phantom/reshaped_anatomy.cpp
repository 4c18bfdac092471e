#include "reshaped_anatomy.hpp"

#include "carried_landmarks.hpp"

#include "coxa/image/filters.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr std::array<Side, 2> kSides{Side::Left, Side::Right};
constexpr auto kSoftTissue = static_cast<std::uint8_t>(Surroundings::SoftTissue);
constexpr double kLeastGapMm = 1.5;     // of new bone and of worn sockets from a femur
constexpr double kBeyondHeadMm = 20.0;  // how far from the head hip bone and femur may meet

bool changesShape(const HipTraits& hip) {
  return hip.femoralVersionDeg != 0.0 || hip.neckShaftAngleDeg != 0.0 || hip.acetabularVersionDeg != 0.0 ||
         hip.acetabularInclinationDeg != 0.0 || hip.dysplasiaDeg != 0.0 || hip.dislocation != 0.0 ||
         hip.jointSpaceMm || hip.osteophytes != 0;
}

bool changesShape(const ShapeTraits& traits) {
  return traits.pelvicTiltDeg != 0.0 || changesShape(traits.left) || changesShape(traits.right);
}

/// Whose motion soft tissue follows. Values of a label map.
enum class Leader : std::uint8_t { None = 0, Pelvis = 1, LeftFemur = 2, RightFemur = 3 };
constexpr std::array<Leader, 3> kLeaders{Leader::Pelvis, Leader::LeftFemur, Leader::RightFemur};

// Over the atlas, and further down as far as the patient is known.
Grid coarseGrid(const Grid& atlasGrid, double size, double lowestMm) {
  constexpr double kSpacingMm = 4.0;
  Grid grid;
  grid.spacing = Vec3::Constant(kSpacingMm);
  grid.origin = size * atlasGrid.origin;
  for (int axis = 0; axis < 3; ++axis)
    grid.size[axis] =
        static_cast<int>(size * atlasGrid.spacing[axis] * atlasGrid.size[axis] / kSpacingMm) + 1;
  const int further = static_cast<int>(std::ceil((grid.origin.z() - lowestMm) / kSpacingMm));
  grid.origin.z() -= kSpacingMm * further;
  grid.size.z() += further;
  return grid;
}

template <class Use>
void forEachPoint(const Grid& grid, const Use& use) {
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) use(grid.offset(i, j, k), grid.worldFromIndex(Vec3(i, j, k)));
  });
}

Eigen::AlignedBox3d boxOf(const LabelMap& leaders, const std::vector<Leader>& wanted, double marginMm) {
  const Grid& grid = leaders.grid;
  Eigen::AlignedBox3d box;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        if (std::find(wanted.begin(), wanted.end(), static_cast<Leader>(leaders.at(i, j, k))) != wanted.end())
          box.extend(grid.worldFromIndex(Vec3(i, j, k)));
  if (!box.isEmpty()) {
    box.min().array() -= marginMm;
    box.max().array() += marginMm;
  }
  return box;
}

// Points all over a sphere's surface, evenly (Fibonacci).
std::vector<Vec3> pointsOn(const Sphere& sphere) {
  constexpr int kCount = 400;
  std::vector<Vec3> points;
  for (int n = 0; n < kCount; ++n) {
    const double z = 1.0 - (2.0 * n + 1.0) / kCount, azimuth = n * kPi * (3.0 - std::sqrt(5.0));
    const double r = std::sqrt(1.0 - z * z);
    points.push_back(sphere.center + sphere.radiusMm * Vec3(r * std::cos(azimuth), r * std::sin(azimuth), z));
  }
  return points;
}

}  // namespace

ReshapedAnatomy::ReshapedAnatomy(IntactAnatomy intact, const StructureTable& table)
    : intact_(std::move(intact)), landmarks_(intact_.landmarks()) {
  for (const Structure& structure : table.all())
    bones_[structure.value] = structure.group == StructureGroup::Bone;
  for (const Side side : kSides) {
    hip(side).hipBone = table.find("hip", side)->value;
    hip(side).femurBone = table.find("femur", side)->value;
  }
}

Result<ReshapedAnatomy> ReshapedAnatomy::build(const PhantomModel& model, const PatientShape& shape,
                                               const VirtualPatientOptions& options,
                                               const StructureTable& table) {
  const ShapeTraits& traits = options.shape;
  constexpr std::uint64_t kOwnStream = 0x05e09b97e5ULL;
  if (const auto checked = checkTraits(traits); !checked) return tl::unexpected(checked.error());
  auto intactAnatomy = IntactAnatomy::build(model, shape, options.extent, table);
  if (!intactAnatomy) return tl::unexpected(intactAnatomy.error());
  ReshapedAnatomy anatomy(std::move(*intactAnatomy), table);
  if (!changesShape(traits)) return anatomy;
  const LandmarkSet intact = anatomy.landmarks_;
  const auto pelvis = PelvisMotion::build(intact, traits);
  if (!pelvis) return tl::unexpected(pelvis.error());
  anatomy.still_ = false;
  anatomy.pelvis_ = *pelvis;
  Random random(options.seed ^ kOwnStream);
  for (const Side side : kSides) {
    const HipTraits& hip = traits.side(side);
    if (const auto placed = anatomy.placeHip(side, intact.side(side), hip); !placed)
      return tl::unexpected(placed.error());
    anatomy.hip(side).rim = rimOsteophytes(intact.side(side), hip.osteophytes, random);
    anatomy.hip(side).collar = collarOsteophytes(intact.side(side), hip.osteophytes, random);
  }
  anatomy.followBones(model.atlas.labels.grid, shape.size);
  return anatomy;
}

Result<void> ReshapedAnatomy::placeHip(Side side, const HipLandmarks& intact, const HipTraits& traits) {
  Hip& placed = hip(side);
  if (!intact.femoralHead) return badInput("The atlas lacks a femoral head, which traits of the shape need.");
  const auto head = headCenter(intact, side, traits);
  if (!head) return tl::unexpected(head.error());
  const Vec3& center = *head;
  const auto motion = femurMotion(side, intact, traits, center);
  if (!motion) return tl::unexpected(motion.error());
  placed.femur = *motion;
  placed.riseMm = center.z() - intact.femoralHead->sphere.center.z();
  placed.wornMm = traits.jointSpaceMm.value_or(traits.dislocation > 0.0 ? kLeastGapMm : 0.0);
  placed.rimDistanceMm = std::max(placed.wornMm, kLeastGapMm);
  if (placed.wornMm > 0.0 || traits.osteophytes > 0)
    placed.toFemur = DistanceNear(
        center, kBeyondHeadMm + intact.femoralHead->sphere.radiusMm,
        [&](const Vec3& p) { return intact_.labelAt(placed.femur.back(p)) == placed.femurBone; });
  constexpr double kAxisReachMm = 5.0;  // head and neck stay rigid, the neck's base does not
  HipLandmarks& truth = landmarks_.side(side);
  carryPelvis(truth, [this](const Vec3& p) { return pelvis_.moved(p); });
  carryFemur(
      truth, [&placed](const Vec3& p) { return placed.femur.moved(p); }, kAxisReachMm);
  return {};
}

Result<FemurMotion> ReshapedAnatomy::femurMotion(Side side, const HipLandmarks& intact,
                                                 const HipTraits& traits, const Vec3& headCenter) const {
  constexpr double kTorsionMm = 100.0;  // of a femur as long as the distal part's own
  std::optional<TorsionZone> torsion;
  if (const WholeFemur* femur = intact_.femur(side))
    torsion = TorsionZone{femur->junction(), kTorsionMm * femur->scale()};
  return FemurMotion::build(intact, side, traits, headCenter, torsion);
}

// With a joint space the head is first put into the middle of the acetabulum's sphere, and then up until the
// space is left. Where the middle leaves less, it stays there and the bone is worn.
Result<Vec3> ReshapedAnatomy::headCenter(const HipLandmarks& intact, Side side,
                                         const HipTraits& traits) const {
  const Sphere& head = intact.femoralHead->sphere;
  if (traits.dislocation > 0.0) return dislocatedHead(head, side, traits.dislocation);
  if (!traits.jointSpaceMm) return head.center;
  const Vec3 middle = pelvis_.moved(intact.acetabulum->sphere.center);
  const auto femur = femurMotion(side, intact, traits, middle);
  if (!femur) return tl::unexpected(femur.error());
  const double spareMm = roofDistanceMm(side, *femur, middle) - *traits.jointSpaceMm;
  return middle + std::max(0.0, spareMm) * Vec3::UnitZ();
}

// How far a femur can move up before it touches its hip bone near the vertical through the head's centre; 0
// without roof.
double ReshapedAnatomy::roofDistanceMm(Side side, const FemurMotion& femur, const Vec3& headCenter) const {
  constexpr int kReach = 6;  // columns to every side
  constexpr double kApartMm = 2.0, kStepMm = 0.25, kHighestMm = 50.0;
  double least = kHighestMm;
  for (int i = -kReach; i <= kReach; ++i)
    for (int j = -kReach; j <= kReach; ++j) {
      double top = 0.0;
      for (int step = 0; step * kStepMm < top + least; ++step) {
        const double z = step * kStepMm;
        const Vec3 p = headCenter + Vec3(i * kApartMm, j * kApartMm, z);
        if (intact_.labelAt(femur.back(p)) == hip(side).femurBone)
          top = z;
        else if (intact_.labelAt(pelvis_.back(p)) == hip(side).hipBone)
          least = z - top;
      }
    }
  return least < kHighestMm ? least : 0.0;
}

// Up by the dislocation; outwards by 15 mm and forwards by 6 mm as in dislocated hips (BMC Musculoskelet
// Disord 2019;20:530), and further out until at most 15 % of the head's surface lies in the hip bone: then
// the false socket that it wears is about a third of its radius deep.
Vec3 ReshapedAnatomy::dislocatedHead(const Sphere& head, Side side, double dislocation) const {
  constexpr double kOutMm = 15.0, kForwardMm = 6.0, kWholeAt = 0.35, kMostInBone = 0.15;
  constexpr double kStepMm = 1.0;
  constexpr int kMostSteps = 60;
  const double share = std::min(dislocation / kWholeAt, 1.0);
  Sphere moved = head;
  moved.center += Vec3(0.0, -kForwardMm * share, 2.0 * head.radiusMm * dislocation);
  moved.center += kOutMm * share * lateral(side);
  for (int step = 0; step < kMostSteps && shareInHipBone(moved, side) > kMostInBone; ++step)
    moved.center += kStepMm * lateral(side);
  return moved.center;
}

double ReshapedAnatomy::shareInHipBone(const Sphere& head, Side side) const {
  const std::vector<Vec3> points = pointsOn(head);
  const auto inside = std::count_if(points.begin(), points.end(), [&](const Vec3& p) {
    return intact_.labelAt(pelvis_.back(p)) == hip(side).hipBone;
  });
  return static_cast<double>(inside) / static_cast<double>(points.size());
}

// Soft tissue takes every leader's way, weighted by the inverse cube of the distance to it: near a bone it
// goes with that bone, and what lies far from a leader is hardly drawn by it.
void ReshapedAnatomy::followBones(const Grid& atlasGrid, double size) {
  constexpr double kFarMm = 500.0, kSmoothMm = 4.0, kNearMm = 4.0, kMarginMm = 12.0;
  LabelMap leaders(coarseGrid(atlasGrid, size, intact_.box().min().z()));
  for (Hip& each : hips_)
    each.femurBox = {leaders.grid.origin, leaders.grid.worldFromIndex(leaders.grid.size.cast<double>())};
  pelvisBox_ = hips_.front().femurBox;
  forEachPoint(leaders.grid, [&](std::size_t n, const Vec3& p) {
    const std::uint8_t bone = boneAt(p);
    if (bone == 0) return;
    leaders.voxels[n] = static_cast<std::uint8_t>(bone == hip(Side::Left).femurBone    ? Leader::LeftFemur
                                                  : bone == hip(Side::Right).femurBone ? Leader::RightFemur
                                                                                       : Leader::Pelvis);
  });
  hip(Side::Left).femurBox = boxOf(leaders, {Leader::LeftFemur}, kMarginMm);
  hip(Side::Right).femurBox = boxOf(leaders, {Leader::RightFemur}, kMarginMm);
  pelvisBox_ = boxOf(leaders, {Leader::Pelvis}, kMarginMm);

  const IndexBox whole{Eigen::Vector3i::Zero(), leaders.grid.size - Eigen::Vector3i::Ones()};
  VectorImage offsets(leaders.grid, Eigen::Vector3f::Zero());
  ScalarImage weights(leaders.grid);
  for (const Leader leader : kLeaders) {
    const ScalarImage distance = signedDistanceMm(leaders, static_cast<std::uint8_t>(leader), whole, kFarMm);
    forEachPoint(leaders.grid, [&](std::size_t n, const Vec3& p) {
      const Vec3 intact = leader == Leader::Pelvis      ? pelvis_.back(p)
                          : leader == Leader::LeftFemur ? hip(Side::Left).femur.back(p)
                                                        : hip(Side::Right).femur.back(p);
      const double apart = std::max(static_cast<double>(distance.voxels[n]), 0.0) + kNearMm;
      const auto weight = static_cast<float>(1.0 / (apart * apart * apart));
      offsets.voxels[n] += weight * (intact - p).cast<float>();
      weights.voxels[n] += weight;
    });
  }
  for (std::size_t n = 0; n < offsets.voxels.size(); ++n) offsets.voxels[n] /= weights.voxels[n];
  intact_from_moved_ = {smoothed(offsets, Vec3::Constant(kSmoothMm))};
}

std::vector<VesselTube> ReshapedAnatomy::followed(std::vector<VesselTube> tubes) const {
  return still_ ? std::move(tubes) : moved(std::move(tubes), intact_from_moved_);
}

double ReshapedAnatomy::lowestMm() const {
  constexpr double kBentMm = 45.0, kBelowJointLineMm = 30.0;
  if (!intact_.femur(Side::Left))
    return intact_.box().min().z() + std::max({kBentMm, hips_[0].riseMm, hips_[1].riseMm});
  double lowest = intact_.box().max().z();
  for (const KneeLevels& knee : knees())
    lowest = std::min(lowest, static_cast<double>(knee.jointLineZ) - kBelowJointLineMm);
  return lowest;
}

std::vector<KneeLevels> ReshapedAnatomy::knees() const {
  std::vector<KneeLevels> knees;
  for (const Side side : kSides)
    if (const WholeFemur* femur = intact_.femur(side)) {
      const auto heightOf = [&](Vec3 p, double z) {
        p.z() = z;
        return static_cast<float>(hip(side).femur.moved(p).z());
      };
      knees.push_back({hip(side).femurBone, heightOf(femur->junction(), femur->junctionZ()),
                       heightOf(femur->kneeCenter(), femur->jointLineZ()),
                       static_cast<float>(femur->scale())});
    }
  return knees;
}

bool ReshapedAnatomy::movesWithPelvis(std::uint8_t label) const {
  return bones_[label] && label != hips_[0].femurBone && label != hips_[1].femurBone;
}

bool ReshapedAnatomy::worn(const Vec3& p) const {
  return std::any_of(hips_.begin(), hips_.end(),
                     [&](const Hip& each) { return each.wornMm > 0.0 && each.toFemur.at(p) < each.wornMm; });
}

std::uint8_t ReshapedAnatomy::boneAt(const Vec3& p) const {
  for (const Hip& each : hips_)
    if (each.femurBox.contains(p) && intact_.labelAt(each.femur.back(p)) == each.femurBone)
      return each.femurBone;
  if (!pelvisBox_.contains(p)) return newBoneAt(p, p);
  const Vec3 inPelvis = pelvis_.back(p);
  const std::uint8_t label = intact_.labelAt(inPelvis);
  if (movesWithPelvis(label)) return worn(p) ? 0 : label;
  return newBoneAt(p, inPelvis);
}

std::uint8_t ReshapedAnatomy::newBoneAt(const Vec3& p, const Vec3& inPelvis) const {
  for (const Hip& each : hips_) {
    if (each.rim.contains(inPelvis) && each.toFemur.at(p) > each.rimDistanceMm) return each.hipBone;
    if (each.femurBox.contains(p) && each.collar.contains(each.femur.back(p))) return each.femurBone;
  }
  return 0;
}

std::uint8_t ReshapedAnatomy::labelAt(const Vec3& patient) const {
  if (still_) return intact_.labelAt(patient);
  if (const std::uint8_t bone = boneAt(patient)) return bone;
  const std::uint8_t label = intact_.labelAt(intact_from_moved_(patient));
  return bones_[label] ? 0 : label;
}

std::uint8_t ReshapedAnatomy::surroundingsAt(const Vec3& patient) const {
  if (still_) return intact_.surroundingsAt(patient);
  const Vec3 intact = intact_from_moved_(patient);
  return bones_[intact_.labelAt(intact)] ? kSoftTissue : intact_.surroundingsAt(intact);
}

}  // namespace coxa
