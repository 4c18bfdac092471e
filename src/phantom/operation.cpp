#include "operation.hpp"

#include "coxa/image/filters.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

namespace coxa {

namespace {

constexpr auto kSoftTissue = static_cast<std::uint8_t>(Surroundings::SoftTissue);

/// One replacement with what the operation asks of it voxel by voxel.
struct Operation {
  const HipReplacement& replacement;
  std::uint8_t femur = 0;
  std::uint8_t hipBone = 0;
  Vec3 shift;                        ///< of the femur
  RigidTransform stem_from_scanned;  ///< the femur where it was scanned

  Operation(const HipReplacement& each, const StructureTable& table)
      : replacement(each),
        femur(table.find("femur", each.hip.side)->value),
        hipBone(table.find("hip", each.hip.side)->value),
        shift(each.hip.reduction()),
        stem_from_scanned(each.hip.world_from_stem.inverse()) {}

  /// The saddle cut: across the neck at its base, upright along the stem's lateral side.
  bool resected(const Vec3& scanned) const {
    const Stem& stem = replacement.hip.stem;
    const Vec3 p = stem_from_scanned * scanned;
    return p.x() > -stem.proximalLateralMm &&
           neckAxisInStem(stem).dot(p - Vec3(stem.neckBaseMm, 0.0, 0.0)) > 0.0;
  }
  bool reamed(const Vec3& world) const {
    const PosedHip& hip = replacement.hip;
    return (world - hip.cupCenter()).norm() <= 0.5 * hip.cup.outerDiameterMm;
  }
};

std::vector<Operation> operationsOf(const std::vector<HipReplacement>& replacements,
                                    const StructureTable& table) {
  std::vector<Operation> operations;
  operations.reserve(replacements.size());
  for (const HipReplacement& each : replacements) operations.emplace_back(each, table);
  return operations;
}

std::array<bool, 256> bonesOf(const StructureTable& table) {
  std::array<bool, 256> bones{};
  for (const Structure& structure : table.all())
    bones[structure.value] = structure.group == StructureGroup::Bone;
  return bones;
}

Grid coarseGridOver(const Grid& grid) {
  constexpr double kSpacingMm = 4.0;
  Grid coarse = grid;
  coarse.spacing = Vec3::Constant(kSpacingMm);
  for (int axis = 0; axis < 3; ++axis)
    coarse.size[axis] =
        static_cast<int>(std::ceil((grid.size[axis] - 1) * grid.spacing[axis] / kSpacingMm)) + 1;
  return coarse;
}

// 1 in the resected femur, 0 at what stays, smooth between.
ScalarImage shareOfShift(const LabelMap& labels, const Operation& operation,
                         const std::array<bool, 256>& bones) {
  constexpr std::uint8_t kStays = 1, kMoves = 2;
  constexpr double kFarMm = 500.0, kSmoothMm = 4.0;
  constexpr float kEven = 0.1F;
  const Grid& grid = labels.grid;
  const Vec3 middle = grid.center(), outwards = lateral(operation.replacement.hip.side);
  LabelMap roles(grid);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
        const std::uint8_t label = labels.at(i, j, k);
        if (label == operation.femur)
          roles.at(i, j, k) = operation.resected(p) ? 0 : kMoves;
        else if (outwards.dot(p - middle) < 0.0 || (bones[label] && !operation.reamed(p)))
          roles.at(i, j, k) = kStays;
      }
  const IndexBox whole{Eigen::Vector3i::Zero(), grid.size - Eigen::Vector3i::Ones()};
  ScalarImage share = signedDistanceMm(roles, kStays, whole, kFarMm);
  const ScalarImage toFemur = signedDistanceMm(roles, kMoves, whole, kFarMm);
  for (std::size_t n = 0; n < share.voxels.size(); ++n) {
    const float stays = std::max(share.voxels[n], 0.0F), moves = std::max(toFemur.voxels[n], 0.0F);
    const float raw = stays > 0.0F ? stays / (stays + moves) : 0.0F;
    share.voxels[n] = std::clamp((raw - kEven) / (1.0F - 2.0F * kEven), 0.0F, 1.0F);
  }
  return smoothed(share, Vec3::Constant(kSmoothMm));
}

DisplacementField softTissueMotion(const Grid& grid, const Anatomy& anatomy,
                                   const std::vector<Operation>& operations,
                                   const std::array<bool, 256>& bones) {
  LabelMap labels(coarseGridOver(grid));
  tbb::parallel_for(0, labels.grid.size.z(), [&](int k) {
    for (int j = 0; j < labels.grid.size.y(); ++j)
      for (int i = 0; i < labels.grid.size.x(); ++i)
        labels.at(i, j, k) = anatomy.labelAt(labels.grid.worldFromIndex(Vec3(i, j, k)));
  });
  DisplacementField field{VectorImage(labels.grid, Eigen::Vector3f::Zero())};
  for (const Operation& operation : operations) {
    const ScalarImage share = shareOfShift(labels, operation, bones);
    for (std::size_t n = 0; n < share.voxels.size(); ++n)
      field.offsetsMm.voxels[n] -= share.voxels[n] * operation.shift.cast<float>();
  }
  return field;
}

void cutBones(const std::vector<Operation>& operations, LabelMap& labels) {
  const Grid& grid = labels.grid;
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        std::uint8_t& label = labels.at(i, j, k);
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
        for (const Operation& operation : operations)
          if ((label == operation.hipBone && operation.reamed(p)) ||
              (label == operation.femur && operation.resected(p - operation.shift)))
            label = 0;
      }
  });
}

void putImplants(const ImplantShares& shares, Side side, OperatedBody& body) {
  const Grid& part = shares.shares.front().grid;
  for (int k = 0; k < part.size.z(); ++k)
    for (int j = 0; j < part.size.y(); ++j)
      for (int i = 0; i < part.size.x(); ++i) {
        const ImplantPart most = shares.most(part.offset(i, j, k));
        if (most == ImplantPart::None) continue;
        const Eigen::Vector3i at = shares.box.min + Eigen::Vector3i(i, j, k);
        body.labels.at(at.x(), at.y(), at.z()) = 0;
        body.implants.at(at.x(), at.y(), at.z()) = implantValue(most, side);
      }
}

}  // namespace

struct MovedAnatomy::Parts {
  const Anatomy& anatomy;
  std::vector<Operation> operations;
  std::array<bool, 256> bones;
  DisplacementField scanned_from_operated;
};

MovedAnatomy::MovedAnatomy(const Grid& grid, const Anatomy& anatomy,
                           const std::vector<HipReplacement>& replacements, const StructureTable& table) {
  auto operations = operationsOf(replacements, table);
  const auto bones = bonesOf(table);
  DisplacementField field = softTissueMotion(grid, anatomy, operations, bones);
  parts_ = std::make_unique<Parts>(Parts{anatomy, std::move(operations), bones, std::move(field)});
}

MovedAnatomy::~MovedAnatomy() = default;

const DisplacementField& MovedAnatomy::scannedFromOperated() const {
  return parts_->scanned_from_operated;
}

MovedTissue MovedAnatomy::at(const Vec3& p) const {
  const auto& [anatomy, operations, bones, scanned_from_operated] = *parts_;
  const std::uint8_t there = anatomy.labelAt(p);
  bool femurLeft = false;
  for (const Operation& operation : operations) {
    femurLeft = femurLeft || there == operation.femur;
    const Vec3 scanned = p - operation.shift;
    if (anatomy.labelAt(scanned) == operation.femur &&
        !(there == operation.hipBone && operation.resected(scanned)))
      return {operation.femur, kSoftTissue, scanned};
  }
  if (bones[there] && !femurLeft) return {there, kSoftTissue, p};
  const Vec3 scanned = scanned_from_operated(p);
  const std::uint8_t label = anatomy.labelAt(scanned);
  if (bones[label]) return {0, kSoftTissue, std::nullopt};
  return {label, anatomy.surroundingsAt(scanned), scanned};
}

Body MovedAnatomy::bodyOn(const Grid& grid) const {
  Body body{LabelMap(grid), LabelMap(grid), {}};
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const MovedTissue tissue = at(grid.worldFromIndex(Vec3(i, j, k)));
        body.labels.at(i, j, k) = tissue.label;
        body.surroundings.at(i, j, k) = tissue.surroundings;
      }
  });
  return body;
}

OperatedBody operated(Body whole, const std::vector<HipReplacement>& replacements,
                      const StructureTable& table) {
  const Grid grid = whole.labels.grid;
  OperatedBody result{std::move(whole), LabelMap(), LabelMap(grid), {}};
  result.labels = result.whole.labels;
  cutBones(operationsOf(replacements, table), result.labels);
  for (const HipReplacement& each : replacements) {
    result.shares.push_back(sharesOn(grid, each));
    putImplants(result.shares.back(), each.hip.side, result);
  }
  return result;
}

}  // namespace coxa
