#include "whole_femur.hpp"

#include "turns.hpp"

#include "coxa/image/sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr double kBlendMm = 70.0;      // along which one section becomes the other
constexpr double kSlopeOverMm = 30.0;  // of the atlas' shaft above the junction
constexpr double kMiddleStepMm = 4.0;  // of the distal femur's middle line
constexpr double kMetaphysisMm =
    -335.0;  // own height below which the section's middle is no shaft's any more

// Beyond the image the distance to it comes on top.
double trilinear(const ScalarImage& image, const Vec3& p) {
  const Vec3 index = image.grid.indexFromWorld(p);
  const Vec3 last = image.grid.size.cast<double>() - Vec3::Ones();
  const Vec3 in = index.cwiseMax(0.0).cwiseMin(last);
  return sampleClamped<double>(image, in) + (index - in).cwiseProduct(image.grid.spacing).norm();
}

// Root mean square distance of landmarks all over the proximal femur from their middle.
double sizeOf(const HipLandmarks& hip) {
  const std::array<Vec3, 4> points{hip.femoralHead->sphere.center, hip.greaterTrochanter->position,
                                   hip.lesserTrochanter->position, hip.femoralShaft->line.point};
  Vec3 middle = Vec3::Zero();
  for (const Vec3& p : points) middle += p / static_cast<double>(points.size());
  double squares = 0.0;
  for (const Vec3& p : points) squares += (p - middle).squaredNorm();
  return std::sqrt(squares / static_cast<double>(points.size()));
}

// Centroid of the bone's section at a height of its own frame.
Vec3 middleOf(const DistalFemur& femur, double height) {
  const Grid& grid = femur.distanceMm.grid;
  const int k = std::clamp(static_cast<int>(std::lround((height - grid.origin.z()) / grid.spacing.z())), 0,
                           grid.size.z() - 1);
  Vec3 sum = Vec3::Zero();
  double count = 0.0;
  for (int j = 0; j < grid.size.y(); ++j)
    for (int i = 0; i < grid.size.x(); ++i) {
      // A pixel at the border counts by its share inside.
      const double share =
          std::clamp(0.5 - static_cast<double>(femur.distanceMm.at(i, j, k)) / grid.spacing.x(), 0.0, 1.0);
      sum += share * grid.worldFromIndex(Vec3(i, j, k));
      count += share;
    }
  Vec3 middle = sum / count;
  middle.z() = height;
  return middle;
}

// Signed angle of the neck before the transverse axis, seen along z of the distal femur's own frame.
double ownVersionRad(const DistalFemur& femur) {
  const Vec3& neck = femur.landmarks.femoralNeck->line.direction;
  return std::atan2(-neck.y(), -neck.x());
}

// Lateral, posterior and proximal as columns; a reflection for a right femur.
Mat3 patientAxes(const HipLandmarks& intact, Side side, double versionRad) {
  const Vec3 proximal = intact.femoralShaft->line.direction.normalized();
  const Vec3& neck = intact.femoralNeck->line.direction;
  const double sense = side == Side::Left ? 1.0 : -1.0;
  const Vec3 inwards = (neck - neck.dot(proximal) * proximal).normalized();
  const Vec3 medial = Eigen::AngleAxisd(-sense * versionRad, proximal) * inwards;
  Mat3 axes;
  axes << -medial, -sense * proximal.cross(medial), proximal;
  return axes;
}

}  // namespace

Result<WholeFemur> WholeFemur::build(const DistalFemur& distal, const CarriedTemplate& proximal,
                                     std::uint8_t value, Side side, const LandmarkSet& intact,
                                     double junctionZ) {
  constexpr double kHalfMm = 45.0;
  const auto sectionAt = [&](double z) {
    const Line& shaft = intact.side(side).femoralShaft->line;
    const Vec3 near = shaft.point + (z - shaft.point.z()) / shaft.direction.z() * shaft.direction;
    LabelMap slice = axialSlice(proximal, near, kHalfMm);
    for (auto& label : slice.voxels) label = label == value ? 1 : 0;
    return PlaneField(slice);
  };
  WholeFemur femur(distal, sectionAt(junctionZ));
  const PlaneField above = sectionAt(junctionZ + kSlopeOverMm);
  if (!femur.section_.anywhere() || !above.anywhere())
    return badInput("The atlas' femora end too high for a scan to the knee.");
  femur.junction_ = femur.section_.centroid();
  femur.slope_ = (above.centroid() - femur.junction_) / kSlopeOverMm;
  femur.place(intact, side);
  femur.findMiddle();
  return femur;
}

// Both femora get the mean of their sizes, so that the legs are equally long.
void WholeFemur::place(const LandmarkSet& intact, Side side) {
  scale_ = 0.5 * (sizeOf(intact.left) + sizeOf(intact.right)) / sizeOf(distal_->landmarks);
  const HipLandmarks& hip = intact.side(side);
  const Mat3 axes = patientAxes(hip, side, ownVersionRad(*distal_));
  const double height = axes.col(2).dot(junction_ - hip.femoralHead->sphere.center) / scale_;
  patient_from_own_.linear() = scale_ * axes;
  patient_from_own_.translation() = junction_ - scale_ * axes * middleOf(*distal_, height);
  own_from_patient_ = patient_from_own_.inverse();
  const auto axial = [](const Vec3& v) { return Vec3(v.x(), v.y(), 0.0).normalized(); };
  lateral_ = axial(axes.col(0));
  posterior_ = axial(axes.col(1));
}

void WholeFemur::findMiddle() {
  for (double own = ownFrom(junction_).z(); own > kMetaphysisMm; own -= kMiddleStepMm)
    middle_.push_back(patientFrom(middleOf(*distal_, own)));
  middle_.push_back(kneeCenter());
  const Grid& grid = distal_->distanceMm.grid;
  jointLineZ_ = junction_.z();
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        if (distal_->distanceMm.at(i, j, k) < 0.0F)
          jointLineZ_ = std::min(jointLineZ_, patientFrom(grid.worldFromIndex(Vec3(i, j, k))).z());
}

Vec3 WholeFemur::kneeCenter() const {
  const HipLandmarks& own = distal_->landmarks;
  return patientFrom(0.5 * (own.medialEpicondyle->position + own.lateralEpicondyle->position));
}

double WholeFemur::shareOfDistal(double z) const {
  return 1.0 - smoothFall(junction_.z() - z, 0.0, kBlendMm * scale_);
}

double WholeFemur::distanceMm(const Vec3& p) const {
  const double share = shareOfDistal(p.z());
  const double distal = scale_ * trilinear(distal_->distanceMm, ownFrom(p));
  if (share >= 1.0) return distal;
  const Vec3 slid = p - (p.z() - junction_.z()) * slope_;
  return (1.0 - share) * section_.at(slid.x(), slid.y()) + share * distal;
}

Vec3 WholeFemur::middleAt(double z) const {
  const auto below = std::find_if(middle_.begin(), middle_.end(), [&](const Vec3& m) { return m.z() < z; });
  Vec3 distal = below == middle_.end() ? middle_.back() : *below;
  if (below != middle_.end() && below != middle_.begin()) {
    const Vec3& above = *(below - 1);
    distal += (z - below->z()) / (above.z() - below->z()) * (above - *below);
  }
  const double share = shareOfDistal(z);
  Vec3 middle = (1.0 - share) * onShaft(z) + share * distal;
  middle.z() = z;
  return middle;
}

HipLandmarks WholeFemur::withKnee(HipLandmarks intact) const {
  const Trust truth{0.0, 1.0, false, "truth: carried from the distal femur"};
  const HipLandmarks& own = distal_->landmarks;
  intact.medialEpicondyle = PointLandmark{patientFrom(own.medialEpicondyle->position), truth};
  intact.lateralEpicondyle = PointLandmark{patientFrom(own.lateralEpicondyle->position), truth};
  return intact;
}

}  // namespace coxa
