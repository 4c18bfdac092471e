#include "review_actions.hpp"

#include "correction_presenter.hpp"
#include "correction_session.hpp"
#include "icons.hpp"
#include "review_session.hpp"

#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <algorithm>

namespace coxa {
namespace {

constexpr double kSmallestBrushMm = 0.5;
constexpr double kLargestBrushMm = 50.0;
constexpr double kBrushStep = 1.2;

}  // namespace

ReviewActions::ReviewActions(ReviewSession* review, CorrectionSession* correction,
                             CorrectionPresenter* presenter, QObject* parent)
    : QObject(parent), review_(review), correction_(correction) {
  accept = add("check", tr("&Accept the structure"), tr("C"),
               [this] { review_->setState(ReviewState::Accepted); });
  flag = add("flag", tr("&Flag the structure"), tr("X"), [this] { review_->setState(ReviewState::Flagged); });
  reopen = add("reset", tr("&Not reviewed"), {}, [this] { review_->setState(ReviewState::NotReviewed); });
  lock = add("lock", tr("Loc&k or unlock"), tr("K"), [this] { correction_->toggleLock(review_->current()); });
  accept->setIconText(tr("Accept"));
  flag->setIconText(tr("Flag"));
  nextPlace = add("next", tr("Next &doubtful place"), tr("N"), [this] { review_->step(1); });
  previousPlace =
      add("previous", tr("&Previous doubtful place"), tr("Shift+N"), [this] { review_->step(-1); });
  addTool("pointer", tr("&Look"), tr("V"), CorrectionTool::Look);
  addTool("brush", tr("Pai&nt"), tr("B"), CorrectionTool::Paint);
  addTool("eraser", tr("&Erase"), tr("E"), CorrectionTool::Erase);
  addTool("grow", tr("&Grow"), tr("G"), CorrectionTool::Grow);
  smaller = add("", tr("S&maller brush"), tr("["), [this] { resizeBrush(1.0 / kBrushStep); });
  larger = add("", tr("La&rger brush"), tr("]"), [this] { resizeBrush(kBrushStep); });
  fill = add("fill-slices", tr("Fill &between slices"), tr("T"),
             [presenter] { presenter->fillBetweenSlices(); });
  smooth = add("smooth", tr("Smoo&th"), tr("M"), [this] { correction_->smooth(); });
  save = add("save", tr("&Save corrections"), QKeySequence::Save, [this] { correction_->save(); });

  connect(correction, &CorrectionSession::settingsChanged, this,
          [this] { tools[static_cast<int>(correction_->settings().tool)]->setChecked(true); });
  connect(correction, &CorrectionSession::readyChanged, this, &ReviewActions::update);
  connect(correction, &CorrectionSession::busyChanged, this, &ReviewActions::update);
  connect(correction, &CorrectionSession::savingChanged, this, &ReviewActions::update);
  connect(review, &ReviewSession::placesChanged, this, &ReviewActions::update);
  tools.front()->setChecked(true);
  update();
}

QAction* ReviewActions::add(const char* iconName, const QString& text, const QKeySequence& key,
                            std::function<void()> onTriggered) {
  auto* action = new QAction(text, this);
  if (*iconName != '\0') action->setIcon(icon(QString::fromLatin1(iconName)));
  action->setShortcut(key);
  const QString plain = action->text().remove(QLatin1Char('&'));
  action->setToolTip(
      key.isEmpty() ? plain : QStringLiteral("%1 (%2)").arg(plain, key.toString(QKeySequence::NativeText)));
  if (onTriggered) connect(action, &QAction::triggered, this, std::move(onTriggered));
  all_ << action;
  return action;
}

QAction* ReviewActions::addTool(const char* iconName, const QString& text, const QKeySequence& key,
                                CorrectionTool tool) {
  auto* action = add(iconName, text, key, [this, tool] {
    CorrectionSettings settings = correction_->settings();
    settings.tool = tool;
    correction_->setSettings(settings);
  });
  action->setCheckable(true);
  if (tools.isEmpty())
    action->setActionGroup(new QActionGroup(this));
  else
    action->setActionGroup(tools.front()->actionGroup());
  tools << action;
  return action;
}

void ReviewActions::addTo(QMenu* menu) const {
  for (const QList<QAction*>& group : {QList<QAction*>{accept, flag, reopen, lock},
                                       {nextPlace, previousPlace},
                                       tools,
                                       {smaller, larger},
                                       {fill, smooth},
                                       {save}}) {
    menu->addActions(group);
    if (group.front() != save) menu->addSeparator();
  }
}

void ReviewActions::setActive(bool active) {
  active_ = active;
  update();
}

void ReviewActions::resizeBrush(double factor) {
  CorrectionSettings settings = correction_->settings();
  double& radius = settings.tool == CorrectionTool::Grow ? settings.grow.radiusMm : settings.brushRadiusMm;
  radius = std::clamp(radius * factor, kSmallestBrushMm, kLargestBrushMm);
  correction_->setSettings(settings);
}

void ReviewActions::update() {
  const bool ready = active_ && correction_->isReady();
  for (QAction* action : all_) action->setEnabled(ready);
  for (QAction* action : {fill, smooth}) action->setEnabled(ready && !correction_->isBusy());
  for (QAction* action : {nextPlace, previousPlace}) action->setEnabled(ready && !review_->places().empty());
  save->setEnabled(ready && !correction_->undoStack()->isClean());
}

}  // namespace coxa
