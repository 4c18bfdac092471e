#include "motion_words.hpp"

#include <QCoreApplication>
#include <QHash>

namespace coxa {
namespace {

struct MotionWords {
  Q_DECLARE_TR_FUNCTIONS(MotionWords)
};

/// A name without an entry is shown as it is, with spaces.
QString plain(const std::string& name) {
  return QString::fromStdString(name).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString capitalized(const QString& text) {
  return text.isEmpty() ? text : text.front().toUpper() + text.mid(1);
}

}  // namespace

QString directionText(const std::string& direction) {
  const QHash<QString, QString> words = {
      {"flexion", MotionWords::tr("Flexion")},
      {"extension", MotionWords::tr("Extension")},
      {"abduction", MotionWords::tr("Abduction")},
      {"adduction", MotionWords::tr("Adduction")},
      {"internal_rotation", MotionWords::tr("Internal rotation")},
      {"external_rotation", MotionWords::tr("External rotation")},
      {"internal_rotation_at_90_flexion", MotionWords::tr("Internal rotation at 90° flexion")},
      {"internal_rotation_at_90_flexion_10_adduction",
       MotionWords::tr("Internal rotation at 90° flexion, 10° adduction")},
      {"external_rotation_at_10_extension", MotionWords::tr("External rotation at 10° extension")},
  };
  return words.value(QString::fromStdString(direction), capitalized(plain(direction)));
}

QString bodyText(const std::string& body) {
  const QHash<QString, QString> words = {
      {"pelvis", MotionWords::tr("pelvis")},  {"cup", MotionWords::tr("cup")},
      {"liner", MotionWords::tr("liner")},    {"femur", MotionWords::tr("femur")},
      {"head", MotionWords::tr("head")},      {"stem_neck", MotionWords::tr("stem neck")},
      {"stem_body", MotionWords::tr("stem")},
  };
  return words.value(QString::fromStdString(body), plain(body));
}

QString contactText(const Contact& contact) {
  return MotionWords::tr("%1 touches %2")
      .arg(capitalized(bodyText(contact.femurBody)), bodyText(contact.pelvisBody));
}

QString verdictText(Verdict verdict) {
  switch (verdict) {
    case Verdict::Met:
      return MotionWords::tr("reached");
    case Verdict::NotMet:
      return MotionWords::tr("not reached");
    case Verdict::Unknown:
      return MotionWords::tr("cannot be judged");
    case Verdict::NotAsked:
      return {};
  }
  return {};
}

}  // namespace coxa
