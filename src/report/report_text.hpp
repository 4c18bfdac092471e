#pragma once

#include <QCoreApplication>

namespace coxa {

/// The context of the report's texts for translation.
struct ReportText {
  Q_DECLARE_TR_FUNCTIONS(Report)
};

}  // namespace coxa
