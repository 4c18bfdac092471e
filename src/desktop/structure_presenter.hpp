#pragma once

#include "coxa/geometry/types.hpp"

#include <QObject>
#include <optional>

namespace coxa {

class CaseSession;
class StructureModel;
class Workspace;
struct StructureRow;

/// The bright end of the colour map for uncertainty, on slices and surfaces. The measure (see
/// SegmentationSummary) lies between 0 and 0.5; half of that is reached only where the samples disagree.
constexpr double kUncertaintyMaximum = 0.25;

/// Puts the structures of the case into the views: labels and uncertainty on the slices, surfaces in 3-D,
/// each as the StructureModel says.
class StructurePresenter : public QObject {
  Q_OBJECT
 public:
  StructurePresenter(CaseSession* session, StructureModel* model, Workspace* workspace);

  bool musclesShown() const { return musclesShown_; }
  /// Muscles in 3-D: they hide the bones a plan is about.
  void setMusclesShown(bool shown);
  /// Makes the bones of one hip translucent, so that its implants show; nothing for none.
  void setSeeThrough(std::optional<Side> side);
  /// Shown in 3-D even while the muscles are not: what someone looks at; 0 for none.
  void setLookedAt(std::uint8_t value);
  /// Hides a structure for which something else is shown; 0 for none.
  void setReplaced(std::uint8_t value);

 private:
  void showSegmentation();
  void showCorrection();
  void clear();
  void addSurface(int value);
  void updateSurfaces();
  void updateStructure(const StructureRow& row);

  CaseSession* session_;
  StructureModel* model_;
  Workspace* workspace_;
  bool musclesShown_ = true;
  std::optional<Side> seeThrough_;
  std::uint8_t lookedAt_ = 0;
  std::uint8_t replaced_ = 0;
};

}  // namespace coxa
