#include "coxa/segmentation/hip_scan.hpp"

#include "working_ct.hpp"

#include "coxa/anatomy/implant_metal.hpp"
#include "coxa/image/resample.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

// Limits from docs/segmentation.md, "What is no hip CT". The limit of an error lies beyond that of a doubt.
constexpr double kLeastLengthMm = 30.0;
constexpr double kLeastNegativeShare = 0.02;
constexpr double kLeastThicknessMm = 90.0;
constexpr double kLeastBoneMl = 30.0;
constexpr double kLeastFatShare = 0.02;
constexpr double kLeastHipMl = 60.0, kLeastFemurMl = 30.0, kLeastGlutealMl = 80.0;
constexpr double kLeastContactMl = 2.0, kWholeContactMl = 6.0, kMostContactMl = 45.0;
constexpr double kMostEntropy = 0.6, kUsualEntropy = 0.5;
constexpr double kLeastHipHu = 100.0, kUsualHipHu = 140.0;

constexpr const char* kWhatToDo = " Choose a CT in which at least one hip joint is whole.";

std::string rounded(double value) {
  return std::to_string(std::lround(value));
}

tl::unexpected<Error> noHipScan(const std::string& why) {
  return badInput("This is no CT of the hips: " + why + kWhatToDo);
}

Notice doubt(const std::string& why) {
  return {
      Notice::Severity::Warning,
      "segmentation.unlike-hip",
      "This may be no usual CT of the hips: " + why + " Look at every outline before you use its numbers.",
      {}};
}

// Columns back to front that hold a part of the mask.
std::size_t columnsOf(const LabelMap& mask) {
  std::size_t columns = 0;
  const Eigen::Vector3i n = mask.grid.size;
  for (int k = 0; k < n.z(); ++k)
    for (int i = 0; i < n.x(); ++i)
      for (int j = 0; j < n.y(); ++j)
        if (mask.at(i, j, k) != 0) {
          ++columns;
          break;
        }
  return columns;
}

bool hasNear(const LabelMap& labels, const Eigen::Vector3i& at, std::uint8_t value) {
  const Eigen::Vector3i reach(2, 2, 1);
  const Eigen::Vector3i low = (at - reach).cwiseMax(0);
  const Eigen::Vector3i high = (at + reach).cwiseMin(labels.grid.size - Eigen::Vector3i::Ones());
  for (int k = low.z(); k <= high.z(); ++k)
    for (int j = low.y(); j <= high.y(); ++j)
      for (int i = low.x(); i <= high.x(); ++i)
        if (labels.at(i, j, k) == value) return true;
  return false;
}

JointMeasures measureJoint(const LabelMap& labels, const StructureTable& table, Side side) {
  const auto valueOf = [&](const char* kind) { return table.find(kind, side)->value; };
  const std::uint8_t hip = valueOf("hip"), femur = valueOf("femur");
  std::array<std::size_t, 256> counts{};
  std::size_t contact = 0;
  const Eigen::Vector3i n = labels.grid.size;
  for (int k = 0; k < n.z(); ++k)
    for (int j = 0; j < n.y(); ++j)
      for (int i = 0; i < n.x(); ++i) {
        ++counts[labels.at(i, j, k)];
        contact += labels.at(i, j, k) == femur && hasNear(labels, {i, j, k}, hip);
      }
  const auto ml = [&](std::size_t voxels) {
    return static_cast<double>(voxels) * labels.grid.voxelVolumeMm3() / 1000.0;
  };
  return {ml(counts[hip]), ml(counts[femur]), ml(contact),
          ml(counts[valueOf("gluteus_maximus")] + counts[valueOf("gluteus_medius")] +
             counts[valueOf("gluteus_minimus")])};
}

Grid measuringGrid(const Volume& ct) {
  return axisAligned(ct.grid, {2.0, 2.0, 3.0});
}

double metalMlOf(const Volume& hu) {
  const auto metal =
      std::count_if(hu.voxels.begin(), hu.voxels.end(), [](std::int16_t value) { return value > kMetalHu; });
  return static_cast<double>(metal) * hu.grid.voxelVolumeMm3() / 1000.0;
}

// Between cup and stem no bone touches bone.
bool isJoint(const JointMeasures& joint, bool implant) {
  const double leastContactMl = implant ? 0.0 : kLeastContactMl;
  return joint.hipMl >= kLeastHipMl && joint.femurMl >= kLeastFemurMl && joint.contactMl >= leastContactMl &&
         joint.contactMl <= kMostContactMl && joint.glutealMl >= kLeastGlutealMl;
}

}  // namespace

bool showsImplant(const Volume& ct) {
  return isImplant(metalMlOf(resampleMean(ct, measuringGrid(ct))));
}

ScanMeasures measureScan(const Volume& ct) {
  ScanMeasures measures;
  measures.lengthMm = ct.grid.size.z() * ct.grid.spacing.z();
  const auto negative =
      std::count_if(ct.voxels.begin(), ct.voxels.end(), [](std::int16_t hu) { return hu < -20; });
  measures.negativeShare = static_cast<double>(negative) / static_cast<double>(ct.voxels.size());

  const Volume coarse = resampleLinear(ct, axisAligned(ct.grid, Vec3::Constant(4.0)));
  const LabelMap body = bodyMask(coarse);
  std::size_t voxels = 0, bone = 0, fat = 0;
  for (std::size_t v = 0; v < body.voxels.size(); ++v) {
    if (body.voxels[v] == 0) continue;
    const int hu = coarse.voxels[v];
    ++voxels;
    bone += hu > 200;
    fat += hu > -150 && hu < -30;
  }
  if (voxels == 0) return measures;
  measures.bodyThicknessMm =
      body.grid.spacing.y() * static_cast<double>(voxels) / static_cast<double>(columnsOf(body));
  measures.boneMl = static_cast<double>(bone) * body.grid.voxelVolumeMm3() / 1000.0;
  measures.fatShare = static_cast<double>(fat) / static_cast<double>(voxels);
  return measures;
}

HipMeasures measureHips(const Volume& ct, const Segmentation& found, const StructureTable& table) {
  const Grid grid = measuringGrid(ct);
  const LabelMap labels = resampleNearest(found.labels, grid);
  const ScalarImage entropy = resampleLinear(found.entropy, grid);
  const Volume hu = resampleMean(ct, grid);

  HipMeasures measures;
  measures.metalMl = metalMlOf(hu);
  std::array<bool, 256> isHip{}, isBone{};
  for (const Side side : {Side::Left, Side::Right}) {
    const std::uint8_t hip = table.find("hip", side)->value, femur = table.find("femur", side)->value;
    isHip[hip] = isBone[hip] = isBone[femur] = true;
    measures.joints[side == Side::Left ? 0 : 1] = measureJoint(labels, table, side);
  }
  double bone = 0.0, hip = 0.0;
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    const std::uint8_t value = labels.voxels[v];
    if (!isBone[value]) continue;
    ++bone;
    measures.boneEntropy += static_cast<double>(entropy.voxels[v]);
    if (!isHip[value]) continue;
    ++hip;
    measures.hipHu += hu.voxels[v];
  }
  if (bone > 0.0) measures.boneEntropy /= bone;
  if (hip > 0.0) measures.hipHu /= hip;
  return measures;
}

Result<void> checkScan(const Volume& ct) {
  const ScanMeasures scan = measureScan(ct);
  if (scan.lengthMm < kLeastLengthMm)
    return noHipScan("it is only " + rounded(scan.lengthMm) + " mm long, an X-ray or a few slices.");
  if (scan.negativeShare < kLeastNegativeShare)
    return badInput(
        "The values are no Hounsfield units: neither fat nor air lies below zero. It may be an MR, an X-ray, "
        "a "
        "picture in grey values, or a CT stored with 1000 or 1024 added. Export the CT series as DICOM, or "
        "apply its rescale slope and intercept.");
  if (scan.bodyThicknessMm < kLeastThicknessMm)
    return noHipScan("it shows no body, or only a part of a limb: the largest thing in it is " +
                     rounded(scan.bodyThicknessMm) + " mm thick.");
  if (scan.boneMl < kLeastBoneMl) return noHipScan("there is no bone in it.");
  if (scan.fatShare < kLeastFatShare)
    return noHipScan("there is no fat around the bone, as in phantoms and heads.");
  return {};
}

Result<std::vector<Notice>> checkHips(const HipMeasures& hips) {
  const bool implant = isImplant(hips.metalMl);
  const auto& [left, right] = hips.joints;
  if (!isJoint(left, implant) && !isJoint(right, implant))
    return noHipScan(
        "on no side a femoral head lies in a socket of a hip bone with gluteal muscles around. The scan may "
        "end "
        "above or below the hip joints, or show another part of the body." +
        std::string(implant ? " Or metal hides it: reduce its artifacts (reduce-metal) unless that is done."
                            : ""));
  if (hips.hipHu < kLeastHipHu)
    return noHipScan("what looks like hip bones has " + rounded(hips.hipHu) +
                     " HU on average, too little for bone.");
  if (hips.boneEntropy > kMostEntropy && !implant)
    return noHipScan(
        "the program is not sure of the hip bones and femora it found, as on other parts of the body.");

  std::vector<Notice> doubts;
  if (std::max(left.contactMl, right.contactMl) < kWholeContactMl && !implant)
    doubts.push_back(doubt("no hip joint is whole in it."));
  if (hips.hipHu < kUsualHipHu)
    doubts.push_back(doubt("the hip bones have only " + rounded(hips.hipHu) + " HU on average."));
  if (hips.boneEntropy > kUsualEntropy)
    doubts.push_back(doubt(
        implant ? "the program is unsure of hip bones and femora beside the metal. Reduce its artifacts "
                  "(reduce-metal) unless that is done."
                : "the program is less sure of hip bones and femora than usual."));
  return doubts;
}

Result<Segmentation> segmentScan(const Volume& ct, const SegmentationOptions& options, const Job& job) {
  if (const auto checked = checkScan(ct); !checked) return tl::unexpected(checked.error());
  auto found = segment(ct, options, job.part(0.01, 0.98));
  if (!found) return found;
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto doubts = checkHips(measureHips(ct, *found, *table));
  if (!doubts) return tl::unexpected(doubts.error());
  auto& notices = found->summary.notices;
  notices.insert(notices.begin(), doubts->begin(), doubts->end());
  return found;
}

}  // namespace coxa
