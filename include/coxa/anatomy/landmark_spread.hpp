#pragma once

#include "coxa/anatomy/landmarks.hpp"

#include <vector>

namespace coxa {

/// Carries the segmentation's uncertainty into the landmarks: what the same search finds on each Monte-Carlo
/// sample of the labels. A landmark's sd over the samples (root of half the mean squared distance between two
/// samples; an axis is compared at its point and 60 mm on, the rim's plane around a circle of 25 mm) is
/// added in quadrature to its own, and its confidence falls by e per 10 mm of it and by the share of samples
/// that lack it. Landmarks corrected by hand stay as they are; fewer than two samples change nothing.
void addSpread(LandmarkSet& landmarks, const std::vector<LandmarkSet>& samples);

}  // namespace coxa
