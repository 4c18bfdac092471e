#pragma once

#include "coxa/geometry/types.hpp"

namespace coxa {

/// 1 up to `full`, 0 from `none` on, smooth between.
double smoothFall(double value, double full, double none);

/// A rotation about an axis through `center` that is whole near it and fades with distance. A point keeps its
/// distance, so the map never folds, keeps volume, and its inverse is the rotation back.
struct FadingTurn {
  enum class From { Center, Axis };  ///< what the distance is taken from
  Vec3 center = Vec3::Zero();
  Eigen::AngleAxisd turn = Eigen::AngleAxisd::Identity();
  From from = From::Center;
  double fullMm = 0.0;
  double noneMm = 1.0;

  Vec3 moved(const Vec3& p) const { return turned(p, 1.0); }
  Vec3 back(const Vec3& p) const { return turned(p, -1.0); }

 private:
  Vec3 turned(const Vec3& p, double sense) const;
};

/// A rotation about an axis whose angle grows from none at `start` to all of it `overMm` further along the
/// axis. Heights along the axis stay, so the inverse is the rotation back.
struct Torsion {
  Vec3 start = Vec3::Zero();
  Eigen::AngleAxisd turn = Eigen::AngleAxisd::Identity();
  double overMm = 1.0;

  Vec3 moved(const Vec3& p) const { return turned(p, 1.0); }
  Vec3 back(const Vec3& p) const { return turned(p, -1.0); }

 private:
  Vec3 turned(const Vec3& p, double sense) const;
};

/// A rotation about an axis through `apex` that is whole within a cone about `toward` and fades with the
/// angle from it, and with distance from the apex. It does not fold while 1.5 · angle < noneRad - fullRad;
/// the inverse is found by iteration to a millionth of a radian.
struct ConeTurn {
  Vec3 apex = Vec3::Zero();
  Vec3 toward = Vec3::UnitX();
  Eigen::AngleAxisd turn = Eigen::AngleAxisd::Identity();
  double fullRad = 0.0;
  double noneRad = 1.0;
  double fullMm = 1e6;
  double noneMm = 2e6;

  Vec3 moved(const Vec3& p) const;
  Vec3 back(const Vec3& p) const;

 private:
  double shareAt(const Vec3& fromApex) const;
};

}  // namespace coxa
