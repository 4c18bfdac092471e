#pragma once

#include <QObject>

namespace coxa {

class CaseSession;
class CorrectionSession;
class SliceView;
class StructureModel;
class Workspace;
struct IndexBox;

/// Joins the correction with the views: what is brushed in a slice reaches the labels, and the slices and the
/// list of structures follow them.
class CorrectionPresenter : public QObject {
  Q_OBJECT
 public:
  CorrectionPresenter(CaseSession* session, CorrectionSession* correction, StructureModel* structures,
                      Workspace* workspace);

  /// Only while on do the tools take the slices' left button.
  void setActive(bool active);
  /// Along the slices of the view used last.
  void fillBetweenSlices();

 private:
  void connectSlice(SliceView* view);
  void followTool();
  void showLabels();
  void showChange(const IndexBox& where);
  void showVolume(std::uint8_t value);

  CaseSession* session_;
  CorrectionSession* correction_;
  StructureModel* structures_;
  Workspace* workspace_;
  SliceView* lastUsed_;
  bool active_ = false;
};

}  // namespace coxa
