#include "case_panel.hpp"

#include "case_session.hpp"
#include "format.hpp"
#include "theme.hpp"

#include <QDateTime>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLocale>
#include <QRegularExpression>
#include <QScrollArea>
#include <QVBoxLayout>

namespace coxa {
namespace {

QString stageText(Stage stage) {
  switch (stage) {
    case Stage::Import:
      return CasePanel::tr("Scan");
    case Stage::MetalReduction:
      return CasePanel::tr("Metal artifacts");
    case Stage::Segmentation:
      return CasePanel::tr("Bones and muscles");
    case Stage::Landmarks:
      return CasePanel::tr("Landmarks");
    case Stage::Plan:
      return CasePanel::tr("Plan");
    case Stage::Motion:
      return CasePanel::tr("Motion");
    case Stage::Report:
      return CasePanel::tr("Report");
    case Stage::Review:
      return CasePanel::tr("Review");
  }
  return {};
}

QString stateText(const Case& source, Stage stage) {
  const StageRecord* record = source.record(stage);
  if (record == nullptr) return CasePanel::tr("not made yet");
  if (!source.isCurrent(stage)) return CasePanel::tr("out of date");
  const auto made = QDateTime::fromString(QString::fromStdString(record->provenance.createdUtc), Qt::ISODate);
  return QLocale().toString(made.toLocalTime(), QLocale::ShortFormat);
}

QString originText(const StageRecord& record) {
  QStringList lines{
      CasePanel::tr("Program: %1").arg(QString::fromStdString(record.provenance.programVersion))};
  for (const auto& [key, text] : record.provenance.parameters)
    lines << QString::fromStdString(key) + QStringLiteral(": ") + QString::fromStdString(text);
  return lines.join(QLatin1Char('\n'));
}

/// Identifiers are longer than the panel is wide: they may break after a dot.
QString breakable(QString text) {
  static const QRegularExpression kLongWord(QStringLiteral("(\\d\\.)(?=[\\d.]{20,})"));
  return text.replace(kLongWord, QStringLiteral("\\1\u200b"));
}

void clear(QFormLayout* form) {
  while (form->rowCount() > 0) form->removeRow(0);
}

QFormLayout* addSection(QVBoxLayout* layout, const QString& title) {
  auto* box = new QGroupBox(title);
  auto* form = new QFormLayout(box);
  form->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(box);
  return form;
}

}  // namespace

CasePanel::CasePanel(CaseSession* session, QWidget* parent)
    : QWidget(parent), session_(session), title_(new QLabel(this)), pseudonym_(new QLabel(this)) {
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(0, 0, 0, 0);
  setHeading(title_, 1.35);
  title_->setTextFormat(Qt::PlainText);
  setQuiet(pseudonym_);
  layout->addWidget(title_);
  layout->addWidget(pseudonym_);
  results_ = addSection(layout, tr("Results"));
  scan_ = addSection(layout, tr("Scan"));
  auto* box = new QGroupBox(tr("To know"));
  notices_ = new QVBoxLayout(box);
  notices_->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(box);
  layout->addStretch(1);
  auto* area = new QScrollArea(this);
  area->setWidgetResizable(true);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setFocusPolicy(Qt::NoFocus);
  area->setWidget(content);
  auto* outer = new QVBoxLayout(this);
  outer->addWidget(area);

  connect(session, &CaseSession::opened, this, &CasePanel::showCase);
  connect(session, &CaseSession::ctLoaded, this, &CasePanel::showScan);
  connect(session, &CaseSession::loaded, this, &CasePanel::showCase);
  connect(session, &CaseSession::resultsChanged, this, &CasePanel::showCase);
}

QLabel* CasePanel::value(const QString& text) {
  auto* label = new QLabel(text, this);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  label->setWordWrap(true);
  return label;
}

void CasePanel::showCase() {
  if (!session_->isOpen()) return;
  title_->setText(QString::fromStdString(session_->source().name()));
  pseudonym_->setText(tr("Pseudonym %1").arg(QString::fromStdString(session_->source().pseudonym())));
  showResults();
  showScan();
  showNotices();
}

void CasePanel::showResults() {
  clear(results_);
  for (const Stage stage : allStages()) {
    auto* state = value(stateText(session_->source(), stage));
    if (const StageRecord* record = session_->source().record(stage)) state->setToolTip(originText(*record));
    results_->addRow(stageText(stage), state);
  }
}

void CasePanel::showScan() {
  clear(scan_);
  if (const auto& ct = session_->ct()) {
    const Grid& grid = ct->grid;
    scan_->addRow(tr("Voxels"),
                  value(tr("%1 × %2 × %3").arg(grid.size.x()).arg(grid.size.y()).arg(grid.size.z())));
    scan_->addRow(tr("Spacing"),
                  value(tr("%1 × %2 × %3 mm")
                            .arg(numberText(grid.spacing.x(), 2), numberText(grid.spacing.y(), 2),
                                 numberText(grid.spacing.z(), 2))));
  }
  for (const auto& [keyword, text] : session_->importRecord().facts)
    scan_->addRow(QString::fromStdString(keyword), value(QString::fromStdString(text)));
}

void CasePanel::showNotices() {
  while (QLayoutItem* item = notices_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  std::vector<Notice> notices = session_->importRecord().notices;
  notices.insert(notices.end(), session_->metalNotices().begin(), session_->metalNotices().end());
  if (session_->segmentation())
    for (const Notice& notice : session_->segmentation()->summary.notices) notices.push_back(notice);
  if (session_->landmarks())
    for (const Notice& notice : session_->landmarks()->notices) notices.push_back(notice);
  for (const Notice& notice : notices)
    notices_->addWidget(value(breakable(QString::fromStdString(notice.message))));
  if (notices.empty()) notices_->addWidget(value(tr("Nothing stood out.")));
}

}  // namespace coxa
