#include "stack.hpp"
#include "text.hpp"

#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace coxa {
namespace {

using Files = std::vector<std::filesystem::path>;

constexpr double kSameDirection = 1e-3;  // of unit vectors: 0.06°, what rounding explains
constexpr double kOddOnesShare = 0.1;    // odd slices up to this share of the main ones are passed over
constexpr double kSameSpacingMm = 1e-4;

bool isCtSlice(const Frame& frame) {
  return frame.sopClassUid == UID_CTImageStorage || frame.sopClassUid == UID_EnhancedCTImageStorage ||
         frame.sopClassUid == UID_LegacyConvertedEnhancedCTImageStorage;
}

bool isLocalizer(const Frame& frame) {
  return frame.frameType == "LOCALIZER";
}

Files filesOf(const std::vector<Frame>& frames) {
  Files files;
  for (const Frame& frame : frames)
    if (files.empty() || files.back() != frame.file) files.push_back(frame.file);
  return files;
}

Notice warning(const char* code, std::string message, Files files) {
  return {Notice::Severity::Warning, code, std::move(message), std::move(files)};
}

/// Takes the frames that `matches` out of `frames`.
std::vector<Frame> takenOut(std::vector<Frame>& frames, const std::function<bool(const Frame&)>& matches) {
  const auto middle = std::stable_partition(frames.begin(), frames.end(), std::not_fn(matches));
  std::vector<Frame> taken(std::make_move_iterator(middle), std::make_move_iterator(frames.end()));
  frames.erase(middle, frames.end());
  return taken;
}

bool sameOrientation(const Frame& a, const Frame& b) {
  return (a.placement->rowDirection - b.placement->rowDirection).norm() < kSameDirection &&
         (a.placement->columnDirection - b.placement->columnDirection).norm() < kSameDirection;
}

std::string named(const std::vector<Frame>& frames) {
  std::vector<std::string> names;
  names.reserve(frames.size());
  for (const Frame& frame : frames) names.push_back(frameName(frame));
  return listed(names);
}

Result<void> checkModality(const std::vector<Frame>& frames) {
  for (const Frame& frame : frames)
    if (frame.modality != "CT")
      return badInput(frameName(frame) + " is not a CT but has the modality " +
                          (frame.modality.empty() ? "(none)" : frame.modality) +
                          ". Coxa plans on CT: choose a CT series.",
                      "dicom.not-ct");
  return {};
}

void passOverOtherPictures(std::vector<Frame>& frames, std::vector<Notice>& notices) {
  if (const auto others = takenOut(frames, [](const Frame& frame) { return !isCtSlice(frame); });
      !others.empty())
    notices.push_back(
        warning("dicom.not-slices",
                named(others) + " in this series: no CT slices but pictures made from them, passed over.",
                filesOf(others)));
  if (const auto scouts = takenOut(frames, isLocalizer); !scouts.empty())
    notices.push_back(warning("dicom.localizers", named(scouts) + " in this series: localizers, passed over.",
                              filesOf(scouts)));
}

Result<void> checkGeometry(const std::vector<Frame>& frames) {
  for (const Frame& frame : frames) {
    if (!frame.placement)
      return badInput(
          frameName(frame) +
              " does not say where it lies in the patient (position, orientation or pixel size is missing)."
              " Export the original slices.",
          "dicom.no-geometry");
    const SlicePlacement& place = *frame.placement;
    const bool orthonormal = std::abs(place.rowDirection.norm() - 1.0) < kSameDirection &&
                             std::abs(place.columnDirection.norm() - 1.0) < kSameDirection &&
                             std::abs(place.rowDirection.dot(place.columnDirection)) < kSameDirection;
    if (!orthonormal || place.spacingMm.minCoeff() <= 0.0)
      return badInput(frameName(frame) + " has axes or a pixel size that cannot be (" +
                          mm(place.spacingMm.x()) + " x " + mm(place.spacingMm.y()) +
                          " mm). Export the series again.",
                      "dicom.no-geometry");
  }
  return {};
}

/// Keeps the orientation most slices have; the rest is passed over when it is little, else an error.
Result<void> keepOneOrientation(std::vector<Frame>& frames, std::vector<Notice>& notices) {
  std::vector<std::pair<const Frame*, std::size_t>> groups;  // an example and how many
  for (const Frame& frame : frames) {
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& known) { return sameOrientation(*known.first, frame); });
    if (group == groups.end())
      groups.emplace_back(&frame, 1);
    else
      ++group->second;
  }
  const auto largest = std::max_element(groups.begin(), groups.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  const std::size_t odd = frames.size() - largest->second;
  if (odd == 0) return {};
  const Frame example = *largest->first;
  const double allowed = kOddOnesShare * static_cast<double>(largest->second);
  const auto others = takenOut(frames, [&](const Frame& frame) { return !sameOrientation(frame, example); });
  if (static_cast<double>(odd) > allowed)
    return badInput("The slices of this series lie in " + std::to_string(groups.size()) +
                        " different orientations: " + std::to_string(frames.size()) +
                        " alike, and otherwise " + named(others) +
                        ". Export one orientation as a series of its own.",
                    "dicom.mixed-orientations");
  notices.push_back(warning("dicom.other-orientation",
                            named(others) + " in this series: in another orientation than the " +
                                std::to_string(frames.size()) + " others, passed over.",
                            filesOf(others)));
  return {};
}

tl::unexpected<Error> mixed(const std::vector<Frame>& frames,
                            const std::function<bool(const Frame&)>& differs, const std::string& what,
                            const char* code) {
  std::vector<Frame> others;
  std::copy_if(frames.begin(), frames.end(), std::back_inserter(others), differs);
  return badInput("The slices of this series differ in their " + what + ": " + named(others) +
                      " differ from " + frameName(frames.front()) +
                      ". Export each part as a series of its own.",
                  code);
}

Result<void> checkUniform(const std::vector<Frame>& frames) {
  const Frame& first = frames.front();
  const auto otherMatrix = [&](const Frame& frame) {
    return frame.pixels.rows != first.pixels.rows || frame.pixels.columns != first.pixels.columns;
  };
  const auto otherSpacing = [&](const Frame& frame) {
    return (frame.placement->spacingMm - first.placement->spacingMm).cwiseAbs().maxCoeff() > kSameSpacingMm;
  };
  const auto otherFrame = [&](const Frame& frame) {
    return frame.frameOfReferenceUid != first.frameOfReferenceUid;
  };
  if (std::any_of(frames.begin(), frames.end(), otherMatrix))
    return mixed(frames, otherMatrix, "number of rows and columns", "dicom.mixed-matrix");
  if (std::any_of(frames.begin(), frames.end(), otherSpacing))
    return mixed(frames, otherSpacing, "pixel size", "dicom.mixed-spacing");
  if (std::any_of(frames.begin(), frames.end(), otherFrame))
    return mixed(frames, otherFrame, "frame of reference, so that their positions cannot be compared",
                 "dicom.mixed-frame-of-reference");
  for (const Frame& frame : frames)
    if (frame.pixels.samplesPerPixel != 1)
      return badInput(frameName(frame) + " is in colour and holds no HU. Export the original slices.",
                      "dicom.unsupported-pixels");
  return {};
}

SliceRow sorted(std::vector<Frame> frames, std::vector<Notice> notices) {
  SliceRow row;
  const SlicePlacement& first = *frames.front().placement;
  row.normal = first.rowDirection.cross(first.columnDirection).normalized();
  const auto along = [&](const Frame& frame) { return row.normal.dot(frame.placement->position); };
  // Ties by name, so that the result does not depend on the order in which the files were found.
  std::sort(frames.begin(), frames.end(), [&](const Frame& a, const Frame& b) {
    const double da = along(a);
    const double db = along(b);
    return da != db ? da < db : std::tie(a.file, a.index) < std::tie(b.file, b.index);
  });
  for (const Frame& frame : frames) row.positionsMm.push_back(along(frame));
  row.frames = std::move(frames);
  row.notices = std::move(notices);
  return row;
}

}  // namespace

Result<SliceRow> parallelSlices(std::vector<Frame> frames) {
  std::vector<Notice> notices;
  if (auto fine = checkModality(frames); !fine) return tl::unexpected(fine.error());
  passOverOtherPictures(frames, notices);
  if (frames.empty())
    return badInput("This series holds no CT slices, only localizers or pictures. Choose another series.",
                    "dicom.too-few-slices");
  if (auto fine = checkGeometry(frames); !fine) return tl::unexpected(fine.error());
  if (auto fine = keepOneOrientation(frames, notices); !fine) return tl::unexpected(fine.error());
  if (auto fine = checkUniform(frames); !fine) return tl::unexpected(fine.error());
  return sorted(std::move(frames), std::move(notices));
}

std::vector<std::size_t> doubledSlices(const SliceRow& row) {
  std::vector<double> steps;
  for (std::size_t i = 0; i + 1 < row.positionsMm.size(); ++i)
    steps.push_back(row.positionsMm[i + 1] - row.positionsMm[i]);
  std::vector<double> distinct;
  std::copy_if(steps.begin(), steps.end(), std::back_inserter(distinct),
               [](double step) { return step > 1e-3; });
  double usual = 1.0;
  if (!distinct.empty()) {
    std::nth_element(distinct.begin(), distinct.begin() + static_cast<std::ptrdiff_t>(distinct.size() / 2),
                     distinct.end());
    usual = distinct[distinct.size() / 2];
  }
  std::vector<std::size_t> doubled;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i] <= 0.01 * usual) doubled.push_back(i);
  return doubled;
}

std::string positionText(const SliceRow& row, double positionMm) {
  Eigen::Index axis = 0;
  const double most = row.normal.cwiseAbs().maxCoeff(&axis);
  if (most < 1.0 - kSameDirection) return mm(positionMm) + " mm along the slice normal";
  const double sign = row.normal(axis) < 0.0 ? -1.0 : 1.0;
  return std::string(1, "xyz"[axis]) + " = " + mm(sign * positionMm) + " mm";
}

}  // namespace coxa
