#include "sections.hpp"

#include "qt_picture.hpp"
#include "report_text.hpp"

#include <algorithm>
#include <set>

namespace coxa {

namespace {

QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

QString number(double value, int decimals) {
  // A proper minus sign, and no "-0.0".
  QString shown = QString::number(value, 'f', decimals);
  if (shown.startsWith('-') && shown.toDouble() == 0.0) shown.remove(0, 1);
  return shown.replace('-', QChar(0x2212));
}

QString spaced(const QString& unit) {
  return unit.isEmpty() || unit == QString(QChar(0x00b0)) ? unit : QChar(0x00a0) + unit;
}

QString valueWithSd(const Measured& value, const std::string& unit, int decimals) {
  QString shown = number(value.value, decimals);
  if (value.sd > 0.0)
    shown += QString(QChar(0x00a0)) + QChar(0x00b1) + QChar(0x00a0) + number(value.sd, decimals);
  return shown + spaced(text(unit));
}

QString joined(const QString& a, const QString& b) {
  return a.isEmpty() || b.isEmpty() ? a + b : a + ", " + b;
}

QString directionName(const std::string& direction) {
  const std::vector<std::pair<const char*, QString>> names = {
      {"flexion", ReportText::tr("Flexion")},
      {"extension", ReportText::tr("Extension")},
      {"abduction", ReportText::tr("Abduction")},
      {"adduction", ReportText::tr("Adduction")},
      {"internal_rotation", ReportText::tr("Internal rotation")},
      {"external_rotation", ReportText::tr("External rotation")},
      {"internal_rotation_at_90_flexion", ReportText::tr("Internal rotation at 90° flexion")},
      {"internal_rotation_at_90_flexion_10_adduction",
       ReportText::tr("Internal rotation at 90° flexion and 10° adduction")},
      {"external_rotation_at_10_extension", ReportText::tr("External rotation at 10° extension")}};
  for (const auto& [name, shown] : names)
    if (direction == name) return shown;
  return text(direction);
}

QString bodyName(const std::string& name) {
  return text(name).replace('_', ' ');
}

TableCell verdictCell(Verdict verdict) {
  switch (verdict) {
    case Verdict::Met:
      return {ReportText::tr("met"), ink::kAccent, true};
    case Verdict::NotMet:
      return {ReportText::tr("not met"), ink::kWarning, true};
    case Verdict::Unknown:
      return {ReportText::tr("not known"), ink::kWarning, true};
    default:
      return {QString(QChar(0x2013)), ink::kQuiet, false};
  }
}

QString reached(const MotionRow& row) {
  if (!row.startReached) return ReportText::tr("start not reached");
  const QString degrees = valueWithSd(row.reachedDeg, "\u00b0", 0);
  return row.contact ? degrees : ReportText::tr("%1 and more").arg(degrees);
}

QString contactText(const MotionRow& row) {
  if (!row.contact) return ReportText::tr("free");
  const Contact& contact = row.contact->contact;
  return ReportText::tr("%1 on %2").arg(bodyName(contact.femurBody), bodyName(contact.pelvisBody));
}

void titleSection(const ReportContent& content, Pages& pages) {
  const QString side = content.side == Side::Left ? ReportText::tr("Left hip") : ReportText::tr("Right hip");
  pages.title(ReportText::tr("Hip replacement plan"),
              ReportText::tr("%1\n%2 · %3").arg(text(content.pseudonym), side, text(content.date)));
}

void planTiles(const ReportContent& content, Pages& pages) {
  std::vector<Tile> implants;
  for (const ReportFact& fact : content.implants)
    implants.push_back({text(fact.label), text(fact.value), {}});
  if (implants.empty()) {
    pages.paragraph(ReportText::tr("No implant has been planned."),
                    {10.0, false, ink::kWarning, Qt::AlignLeft});
  }
  pages.tiles(implants, 4);

  std::vector<Tile> headlines;
  for (const ReportMeasure& m : content.headlines)
    headlines.push_back(
        {text(m.label), valueWithSd(m.value, m.unit, m.decimals), joined(text(m.definition), text(m.plane))});
  pages.tiles(headlines, 4);
}

/// Warnings stand in front, mere information at the end.
void noticeSection(const ReportContent& content, Notice::Severity severity, Pages& pages) {
  std::vector<Notice> notices = content.notices;
  if (content.motion)
    notices.insert(notices.end(), content.motion->notices.begin(), content.motion->notices.end());
  const bool warning = severity == Notice::Severity::Warning;
  std::vector<TableCell> items;
  std::set<std::string> said;  // stages repeat what they were told by others
  for (const Notice& notice : notices)
    if (notice.severity == severity && said.insert(notice.message).second)
      items.push_back({text(notice.message), warning ? ink::kWarning : ink::kText, false});
  if (items.empty()) return;
  pages.heading(warning ? ReportText::tr("Please note") : ReportText::tr("Remarks"));
  pages.bullets(items);
  pages.gap(3.0);
}

void pictureSection(const ReportContent& content, Pages& pages) {
  std::vector<PictureWithCaption> pictures;
  for (const ReportPicture& p : content.pictures)
    if (!p.picture.empty()) pictures.push_back({viewOf(p.picture), text(p.caption)});
  pages.pictures(pictures);
}

void motionSection(const ReportContent& content, Pages& pages) {
  if (!content.motion) {
    pages.paragraph(ReportText::tr("The range of motion has not been computed."),
                    {9.0, false, ink::kWarning, Qt::AlignLeft});
    return;
  }
  Table table;
  table.title = ReportText::tr("Range of motion to first contact");
  table.columns = {{ReportText::tr("Direction"), 3.2, Qt::AlignLeft},
                   {ReportText::tr("Required (%1)").arg(text(content.motion->profile)), 1.8, Qt::AlignRight},
                   {ReportText::tr("Reached"), 2.0, Qt::AlignRight},
                   {ReportText::tr("First contact"), 2.6, Qt::AlignLeft},
                   {ReportText::tr("Profile"), 1.2, Qt::AlignLeft}};
  for (const MotionRow& row : content.motion->rows)
    table.rows.push_back({{directionName(row.direction)},
                          {row.requiredDeg ? number(*row.requiredDeg, 0) + QChar(0x00b0) : QString()},
                          {reached(row)},
                          {contactText(row)},
                          verdictCell(row.verdict)});
  pages.table(table);
}

void planSection(const ReportContent& content, Pages& pages) {
  Table table;
  table.title = ReportText::tr("Plan");
  table.columns = {{ReportText::tr("Measure"), 2.6, Qt::AlignLeft},
                   {ReportText::tr("Value"), 1.8, Qt::AlignRight},
                   {ReportText::tr("Definition"), 3.6, Qt::AlignLeft},
                   {ReportText::tr("Plane"), 1.0, Qt::AlignLeft}};
  for (const ReportMeasure& m : content.plan)
    table.rows.push_back(
        {{text(m.label)}, {valueWithSd(m.value, m.unit, m.decimals)}, {text(m.definition)}, {text(m.plane)}});
  pages.table(table);
}

void structureSection(const ReportContent& content, Pages& pages) {
  Table table;
  table.title = ReportText::tr("Structures and their uncertainty");
  table.columns = {{ReportText::tr("Structure"), 4.0, Qt::AlignLeft},
                   {ReportText::tr("Volume (mL)"), 1.6, Qt::AlignRight},
                   {ReportText::tr("Uncertainty (variance)"), 2.0, Qt::AlignRight},
                   {ReportText::tr("Look at it"), 1.6, Qt::AlignLeft}};
  for (const ReportStructure& s : content.structures)
    table.rows.push_back(
        {{text(s.name)},
         {valueWithSd(s.volumeMl, "", 0)},
         {number(s.uncertainty, 4)},
         s.doubtful ? TableCell{ReportText::tr("before use"), ink::kWarning, true} : TableCell{}});
  pages.table(table);
}

void landmarkSection(const ReportContent& content, Pages& pages) {
  Table table;
  table.title = ReportText::tr("Landmarks and their trust");
  table.columns = {{ReportText::tr("Landmark"), 2.6, Qt::AlignLeft},
                   {ReportText::tr("± SD (mm)"), 1.1, Qt::AlignRight},
                   {ReportText::tr("Confidence"), 1.2, Qt::AlignRight},
                   {ReportText::tr("Placed"), 1.2, Qt::AlignLeft},
                   {ReportText::tr("How"), 3.4, Qt::AlignLeft}};
  for (const ReportLandmark& l : content.landmarks)
    table.rows.push_back({{text(l.name)},
                          {number(l.sdMm, 1)},
                          {number(100.0 * l.confidence, 0) + QChar(0x00a0) + '%',
                           l.confidence < 0.5 ? ink::kWarning : ink::kText, l.confidence < 0.5},
                          {l.corrected ? ReportText::tr("by hand") : ReportText::tr("found")},
                          {text(l.note)}});
  pages.table(table);
}

void factSection(const QString& title, const std::vector<ReportFact>& facts, Pages& pages) {
  Table table;
  table.title = title;
  table.columns = {{QString(), 1.6, Qt::AlignLeft}, {QString(), 4.4, Qt::AlignLeft}};
  for (const ReportFact& fact : facts) table.rows.push_back({{text(fact.label)}, {text(fact.value)}});
  pages.table(table);
}

}  // namespace

QString footerOf(const ReportContent& content) {
  const QString statement = ReportText::tr("Research software, not a medical device.");
  const QString program = ReportText::tr("Coxa %1").arg(text(content.programVersion));
  // One line in any case: a long pseudonym stands in full on the first page.
  return statement + "  " + program + "  " + text(content.pseudonym).left(24);
}

void compose(const ReportContent& content, Pages& pages) {
  titleSection(content, pages);
  planTiles(content, pages);
  noticeSection(content, Notice::Severity::Warning, pages);
  pictureSection(content, pages);
  motionSection(content, pages);
  planSection(content, pages);
  structureSection(content, pages);
  landmarkSection(content, pages);
  noticeSection(content, Notice::Severity::Info, pages);
  factSection(ReportText::tr("Study"), content.study, pages);
  factSection(ReportText::tr("Provenance"), content.provenance, pages);
  pages.paragraph(
      ReportText::tr("± is one standard deviation. APP: anterior pelvic plane. FPP: functional pelvic "
                     "plane, as lying in the scanner. Angles of the joint: ISB convention."),
      {8.0, false, ink::kQuiet, Qt::AlignLeft});
}

}  // namespace coxa
