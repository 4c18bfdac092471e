#pragma once

#include "pages.hpp"

#include "coxa/report/report.hpp"

namespace coxa {

/// The report from first to last page; what matters to the surgeon first.
void compose(const ReportContent& content, Pages& pages);
QString footerOf(const ReportContent& content);

}  // namespace coxa
