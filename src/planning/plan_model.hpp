#pragma once

#include "canal.hpp"
#include "hip_frames.hpp"
#include "right_hip.hpp"
#include "socket.hpp"

#include "coxa/planning/context.hpp"

namespace coxa {

/// All of a patient that planning computes with, as a right hip.
struct PlanModel {
  Side side = Side::Right;       ///< the true one
  LandmarkSet landmarksAsGiven;  ///< in the world
  LandmarkSet landmarks;         ///< as a right hip
  HipFrames frames;
  std::vector<HipFrames> samples;  ///< of the uncertain landmarks
  BoneMask pelvis;
  Canal canal;
  std::vector<Notice> notices;

  const HipLandmarks& hip() const { return landmarks.right; }
  Vec3 medial() const { return -frames.lateral(); }
};

CupPlacement placementOf(const PosedHip& rightHip);

}  // namespace coxa
