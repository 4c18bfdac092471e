#include "format.hpp"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

namespace coxa {
namespace {

struct Format {
  Q_DECLARE_TR_FUNCTIONS(Format)
};

constexpr QChar kMinus(0x2212);
constexpr QChar kPlusMinus(0xb1);

double rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale + 0.0;  // + 0.0 turns −0 into 0
}

QString withUncertainty(QString text, const Measured& measured, int decimals) {
  if (measured.sd > 0.0)
    text += QChar(0xa0) + QString(kPlusMinus) + QChar(0xa0) + numberText(measured.sd, decimals);
  return text;
}

}  // namespace

QString numberText(double value, int decimals) {
  const double shown = rounded(value, decimals);
  const QString digits = QLocale().toString(std::abs(shown), 'f', decimals);
  return shown < 0.0 ? kMinus + digits : digits;
}

QString signedText(double value, int decimals) {
  return (rounded(value, decimals) > 0.0 ? QStringLiteral("+") : QString()) + numberText(value, decimals);
}

QString measuredText(const Measured& measured, int decimals) {
  return withUncertainty(numberText(measured.value, decimals), measured, decimals);
}

QString signedMeasuredText(const Measured& measured, int decimals) {
  return withUncertainty(signedText(measured.value, decimals), measured, decimals);
}

QString sideText(Side side) {
  return side == Side::Left ? Format::tr("Left") : Format::tr("Right");
}

QString definitionText(CupDefinition definition) {
  switch (definition) {
    case CupDefinition::Radiographic:
      return Format::tr("radiographic");
    case CupDefinition::Operative:
      return Format::tr("operative");
    case CupDefinition::Anatomic:
      return Format::tr("anatomic");
  }
  return {};
}

QString planeText(PelvicPlane plane) {
  return QString::fromLatin1(name(plane));
}

}  // namespace coxa
