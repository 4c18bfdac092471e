#pragma once

#include "coxa/base/measured.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/geometry/types.hpp"
#include "coxa/motion/range_of_motion.hpp"
#include "coxa/report/picture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// One line of a table of facts: "Slices" – "163 of 3.0 mm".
struct ReportFact {
  std::string label;
  std::string value;
};

/// A number the surgeon sees. `definition` and `plane` are empty where they do not apply.
struct ReportMeasure {
  std::string label;  ///< "Inclination"
  Measured value;     ///< sd 0: not known, shown without ±
  std::string unit;   ///< "°", "mm"
  int decimals = 1;
  std::string definition;  ///< "radiographic", "head centre to tip of greater trochanter, …"
  std::string plane;       ///< "FPP", "APP"
};

struct ReportStructure {
  std::string name;          ///< in the reader's language
  Measured volumeMl;         ///< sd over the samples
  double uncertainty = 0.0;  ///< predictive structure-wise variance
  bool doubtful = false;     ///< to be looked at before it is trusted
};

struct ReportLandmark {
  std::string name;
  double sdMm = 0.0;
  double confidence = 0.0;
  bool corrected = false;
  std::string note;
};

struct ReportPicture {
  Picture picture;
  std::string caption;
};

/// All a report says. What is empty is left out, except that a missing plan or motion is said.
struct ReportContent {
  std::string pseudonym;
  Side side = Side::Right;
  std::string date;  ///< as it shall be printed, for example "2026-11-22"
  std::string programVersion;
  std::vector<ReportFact> study;
  std::vector<ReportFact> implants;      ///< "Cup" – "52 mm", large on the first page
  std::vector<ReportMeasure> headlines;  ///< the few numbers that matter first: angles, leg length, offset
  std::vector<ReportMeasure> plan;       ///< every measure of the plan
  std::optional<MotionResult> motion;
  std::vector<ReportPicture> pictures;
  std::vector<ReportStructure> structures;
  std::vector<ReportLandmark> landmarks;
  std::vector<Notice> notices;
  std::vector<ReportFact> provenance;
};

/// Writes the report as PDF, A4, atomically. Needs no display: where no QGuiApplication exists, one is made
/// for the offscreen platform. Must then be called from the main thread. Error BadInput: the place cannot be
/// written.
Result<void> writeReport(const ReportContent& content, const std::filesystem::path& path);

}  // namespace coxa
