#pragma once

#include "coxa/motion/range_of_motion.hpp"

#include <QString>

namespace coxa {

QString directionText(const std::string& direction);  ///< of motionDirections(): "Flexion"
QString bodyText(const std::string& body);            ///< of MotionBody: "stem neck"
QString contactText(const Contact& contact);          ///< "Stem neck touches liner"
QString verdictText(Verdict verdict);

}  // namespace coxa
