#include "coxa/segmentation/calibration.hpp"

#include "agreement_measures.hpp"
#include "clean_up.hpp"
#include "degradation.hpp"
#include "implant_voxels.hpp"
#include "model_config.hpp"
#include "probabilities.hpp"
#include "sample_statistics.hpp"
#include "sided_values.hpp"
#include "working_ct.hpp"

#include "coxa/image/resample.hpp"
#include "coxa/segmentation/training.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace coxa {

namespace {

namespace fs = std::filesystem;

constexpr double kFailedBelowDice = 0.7;
constexpr double kLeastMl = 1.0;
constexpr std::size_t kBins = 10;

struct Subject {
  std::string name;
  Volume ct;
  LabelMap labels;
  std::optional<DegradedCase> operated;  ///< the same patient after hip replacement
  bool judges = false;
};

// What is needed again and again.
struct Setting {
  StructureTable table;
  ModelConfig config;
  Predictor predictor;
  CalibrationOptions options;
};

// Counts over voxels by confidence; adds up over cases.
struct Reliability {
  std::array<double, kBins> voxels{}, confidence{}, right{};

  void add(double probability, bool correct) {
    const auto bin = std::min(kBins - 1, static_cast<std::size_t>(probability * kBins));
    ++voxels[bin];
    confidence[bin] += probability;
    right[bin] += correct ? 1.0 : 0.0;
  }
  double total() const {
    double sum = 0.0;
    for (const double count : voxels) sum += count;
    return sum;
  }
  std::vector<ReliabilityBin> bins() const {
    std::vector<ReliabilityBin> rows;
    for (std::size_t b = 0; b < kBins; ++b)
      if (voxels[b] > 0.0)
        rows.push_back({confidence[b] / voxels[b], right[b] / voxels[b], voxels[b] / total()});
    return rows;
  }
  double expectedError() const {
    double sum = 0.0;
    for (const auto& bin : bins()) sum += bin.share * std::abs(bin.confidence - bin.accuracy);
    return sum;
  }
};

Result<Subject> subjectIn(const fs::path& folder, bool judges) {
  auto read = readTrainingCase(folder);
  if (!read) return tl::unexpected(read.error());
  const LabelMap labels = resampleNearest(read->labels, read->ct.grid);
  Subject subject{read->name, std::move(read->ct), labels, std::nullopt, judges};
  if (!fs::exists(folder / "operated")) return subject;
  auto operated = readTrainingCase(folder / "operated");
  if (!operated) return tl::unexpected(operated.error());
  const LabelMap left = resampleNearest(operated->labels, operated->ct.grid);
  subject.operated = DegradedCase{std::move(operated->ct), left};
  return subject;
}

Result<std::vector<Subject>> subjectsIn(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  if (folders.size() < 2)
    return badInput(
        folder.string() +
        " holds fewer than two case folders. Calibration needs one half to fit and one to judge.");
  std::vector<Subject> subjects;
  for (const auto& one : folders) {
    auto subject = subjectIn(one, subjects.size() % 2 == 1);
    if (!subject) return tl::unexpected(subject.error());
    subjects.push_back(std::move(*subject));
  }
  return subjects;
}

// At each of the temperatures.
Result<std::vector<Probabilities>> predicted(const WorkingCt& working, const Setting& setting,
                                             const std::vector<double>& temperatures, const Job& job) {
  return predictVolumeAt(temperatures, working, setting.config, setting.predictor,
                         {setting.options.samples, setting.options.seed}, job);
}

// Class of every structure's value.
std::array<std::uint8_t, 256> classesOf(const Setting& setting) {
  std::array<std::uint8_t, 256> classes{};
  const auto& kinds = setting.config.kinds;
  for (const auto& structure : setting.table.all()) {
    const auto found = std::find(kinds.begin(), kinds.end(), structure.kind);
    if (found != kinds.end()) classes[structure.value] = static_cast<std::uint8_t>(found - kinds.begin());
  }
  return classes;
}

void addReliability(Reliability& reliability, const Probabilities& found, const LabelMap& reference,
                    const Setting& setting) {
  const auto classes = classesOf(setting);
  for (std::size_t v = 0; v < reference.voxels.size(); ++v) {
    const std::uint8_t expected = classes[reference.voxels[v]], kind = found.kinds.voxels[v];
    if (expected != 0 || kind != 0) reliability.add(found.at(v)[kind] / 65535.0, kind == expected);
  }
}

double negativeLogLikelihood(const Probabilities& found, const LabelMap& reference, const Setting& setting) {
  const auto classes = classesOf(setting);
  double sum = 0.0, count = 0.0;
  for (std::size_t v = 0; v < reference.voxels.size(); ++v) {
    const std::uint8_t expected = classes[reference.voxels[v]];
    if (expected == 0 && found.kinds.voxels[v] == 0) continue;
    sum -= std::log((found.at(v)[expected] + 0.5) / 65536.0);
    ++count;
  }
  return sum / std::max(1.0, count);
}

// Rows of all structures found and in the reference; counts those missed.
std::vector<CalibrationRow> rowsOf(Probabilities& found, const LabelMap& reference, const WorkingCt& working,
                                   const MidsagittalPlane& plane, const Setting& setting, int& missed) {
  const ValueOf valueOf(setting.table, setting.config.kinds);
  applySides(found.kinds, valueOf, plane);
  for (auto& sample : found.samples) applySides(sample, valueOf, plane);
  const auto statistics =
      sampleStatistics(found.samples, found.kinds, resampleLinear(working.ct, found.grid));
  std::array<double, 256> counts{}, expected{}, common{};
  for (std::size_t v = 0; v < reference.voxels.size(); ++v) {
    ++counts[found.kinds.voxels[v]];
    ++expected[reference.voxels[v]];
    if (reference.voxels[v] == found.kinds.voxels[v]) ++common[reference.voxels[v]];
  }
  const auto uncertainty = meansOver(found.kinds, found.variance),
             entropy = meansOver(found.kinds, found.entropy);
  const double voxelMl = found.grid.voxelVolumeMm3() / 1000.0;
  std::vector<CalibrationRow> rows;
  for (const auto& structure : setting.table.all()) {
    const std::size_t value = structure.value;
    if (expected[value] * voxelMl < kLeastMl) continue;
    if (counts[value] == 0.0) {
      ++missed;
      continue;
    }
    CalibrationRow row;
    row.structure = structure.name;
    row.dice = 2.0 * common[value] / (counts[value] + expected[value]);
    row.uncertainty = uncertainty[value];
    row.entropy = entropy[value];
    row.agreement = statistics.agreement[value];
    row.volumeMl = counts[value] * voxelMl;
    row.volumeSdMl = statistics.volumeSdMl[value];
    row.otherSideMl = structure.side ? counts[setting.table.mirrored(structure.value)] * voxelMl : 0.0;
    row.referenceVolumeMl = expected[value] * voxelMl;
    rows.push_back(std::move(row));
  }
  return rows;
}

// Of the half that fits, the temperature with the least negative log-likelihood.
Result<double> bestTemperature(const std::vector<Subject>& subjects, const Setting& setting, const Job& job) {
  const std::vector<double> candidates{0.7, 0.85, 1.0, 1.2, 1.5, 2.0};
  std::vector<double> loss(candidates.size(), 0.0);
  const auto whole = static_cast<double>(subjects.size());
  for (std::size_t s = 0; s < subjects.size(); s += 2) {
    const WorkingCt working = workingCt(subjects[s].ct, setting.config);
    const auto from = static_cast<double>(s);
    const auto found =
        predicted(working, setting, candidates, job.part(from / whole, std::min(1.0, (from + 2.0) / whole)));
    if (!found) return tl::unexpected(found.error());
    const LabelMap reference = resampleNearest(subjects[s].labels, found->front().grid);
    for (std::size_t t = 0; t < candidates.size(); ++t)
      loss[t] += negativeLogLikelihood((*found)[t], reference, setting);
  }
  return candidates[static_cast<std::size_t>(std::min_element(loss.begin(), loss.end()) - loss.begin())];
}

constexpr const char* kMetal = "metal";

// The names of what a subject is judged as.
std::vector<std::string> conditionsOf(const Subject& subject) {
  std::vector<std::string> conditions;
  for (const Degradation degradation : kDegradations) conditions.emplace_back(name(degradation));
  if (subject.operated) conditions.emplace_back(kMetal);
  return conditions;
}

DegradedCase inCondition(const Subject& subject, const std::string& condition, const Setting& setting) {
  if (condition == kMetal) return *subject.operated;
  std::vector<bool> isMuscle(256, false);
  for (const auto& structure : setting.table.all())
    isMuscle[structure.value] = structure.group == StructureGroup::Muscle;
  for (const Degradation degradation : kDegradations)
    if (name(degradation) == condition)
      return degraded(subject.ct, subject.labels, degradation, isMuscle, setting.options.seed);
  return {subject.ct, subject.labels};
}

// Adds the case's rows to the report and, where it judges, its voxels to both reliabilities.
Result<void> addCase(const Subject& subject, const std::string& condition, const Setting& setting,
                     CalibrationReport& report, Reliability& before, Reliability& after, const Job& job) {
  const DegradedCase hard = inCondition(subject, condition, setting);
  const WorkingCt working = workingCt(hard.ct, setting.config);
  auto predictions = predicted(working, setting, {report.temperature, 1.0}, job);
  if (!predictions) return tl::unexpected(predictions.error());
  Probabilities& found = predictions->front();
  const LabelMap reference = resampleNearest(hard.labels, found.grid);
  if (subject.judges) {
    addReliability(after, found, reference, setting);
    addReliability(before, predictions->back(), reference, setting);
  }
  const auto plane = midsagittalPlane(found.kinds, setting.config.kinds);
  if (!plane) return {};  // recognised as no hip: nothing to compare
  cleanUp(found, implantVoxels(hard.ct), setting.config.kinds, *plane);
  for (auto& row : rowsOf(found, reference, working, *plane, setting, report.missed)) {
    row.caseName = subject.name;
    row.degradation = condition;
    row.judged = subject.judges;
    report.rows.push_back(std::move(row));
  }
  return {};
}

DiceEvidence evidenceOf(const CalibrationRow& row) {
  return {row.agreement, row.entropy, row.uncertainty, row.volumeMl,
          compareSides(row.volumeMl, row.otherSideMl)};
}

struct Columns {
  std::vector<double> dice, uncertainty, spread, entropy, agreement;
  std::vector<DiceEvidence> evidence;
  std::vector<double> doubt;  // minus the expected Dice
  std::vector<bool> failed;
};

Columns columnsOf(const CalibrationReport& report, bool judged) {
  Columns columns;
  for (const auto& row : report.rows) {
    if (row.judged != judged) continue;
    columns.dice.push_back(row.dice);
    columns.uncertainty.push_back(row.uncertainty);
    columns.spread.push_back(std::sqrt(row.uncertainty));
    columns.entropy.push_back(row.entropy);
    columns.agreement.push_back(row.agreement);
    columns.evidence.push_back(evidenceOf(row));
    columns.doubt.push_back(-report.dice.expected(columns.evidence.back()));
    columns.failed.push_back(row.dice < kFailedBelowDice);
  }
  return columns;
}

Result<void> enoughRows(const CalibrationReport& report, const fs::path& folder) {
  constexpr std::ptrdiff_t kLeast = 10;
  const auto judged =
      std::count_if(report.rows.begin(), report.rows.end(), [](const auto& row) { return row.judged; });
  if (std::min(judged, static_cast<std::ptrdiff_t>(report.rows.size()) - judged) >= kLeast) return {};
  return badInput("The model found too few structures in " + folder.string() +
                  " to be calibrated on. Check that its CTs show the hip and that labels.nrrd has sides.");
}

// Errors of the volumes in standard deviations of the samples.
std::vector<double> volumeErrors(const CalibrationReport& report, bool judged) {
  constexpr double kLeastSdMl = 0.05;  // about four voxels
  std::vector<double> errors;
  for (const auto& row : report.rows)
    if (row.judged == judged)
      errors.push_back(std::abs(row.volumeMl - row.referenceVolumeMl) / std::max(row.volumeSdMl, kLeastSdMl));
  return errors;
}

// The value that a share of them does not exceed.
double quantile(std::vector<double> values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

void judgeVolumes(CalibrationReport& report) {
  const auto errors = volumeErrors(report, true);
  const auto within = std::count_if(errors.begin(), errors.end(),
                                    [&](double error) { return error <= report.volumeSdFactor; });
  report.volumeCoverage = static_cast<double>(within) / static_cast<double>(errors.size());
  std::vector<double> ratios;
  for (const auto& row : report.rows)
    if (row.judged) ratios.push_back(row.volumeMl / row.referenceVolumeMl);
  report.medianVolumeRatio = quantile(std::move(ratios), 0.5);
}

void fit(CalibrationReport& report) {
  const Columns before = columnsOf(report, false);
  report.dice = fitDiceModel(before.evidence, before.dice);
  const Columns columns = columnsOf(report, false);
  report.doubtfulBelow = -bestThreshold(columns.doubt, columns.failed);
  constexpr double kWithinOneSd = 0.6827;  // of a normal distribution
  report.volumeSdFactor = quantile(volumeErrors(report, false), kWithinOneSd);
}

void judge(CalibrationReport& report) {
  const Columns columns = columnsOf(report, true);
  report.pearsonUncertaintyDice = pearson(columns.uncertainty, columns.dice);
  report.pearsonSpreadDice = pearson(columns.spread, columns.dice);
  report.pearsonEntropyDice = pearson(columns.entropy, columns.dice);
  report.pearsonAgreementDice = pearson(columns.agreement, columns.dice);
  report.pearsonExpectedDice = -pearson(columns.doubt, columns.dice);
  report.auroc = auroc(columns.doubt, columns.failed);
  double caught = 0.0, failed = 0.0, passed = 0.0, good = 0.0;
  for (std::size_t n = 0; n < columns.dice.size(); ++n) {
    const bool flagged = -columns.doubt[n] < report.doubtfulBelow;
    (columns.failed[n] ? failed : good) += 1.0;
    if (flagged && columns.failed[n]) ++caught;
    if (!flagged && !columns.failed[n]) ++passed;
  }
  report.sensitivity = caught / failed;
  report.specificity = passed / good;
}

}  // namespace

Result<CalibrationReport> calibrate(const CalibrationOptions& options, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  auto config = readModelConfig(options.modelFolder);
  if (!config) return tl::unexpected(config.error());
  auto predictor = Predictor::load(options.modelFolder / "weights.pt", config->network, options.device);
  if (!predictor) return tl::unexpected(predictor.error());
  const auto subjects = subjectsIn(options.dataFolder);
  if (!subjects) return tl::unexpected(subjects.error());
  const Setting setting{*table, *config, std::move(*predictor), options};

  CalibrationReport report;
  const auto temperature = bestTemperature(*subjects, setting, job.part(0.0, 0.1));
  if (!temperature) return tl::unexpected(temperature.error());
  report.temperature = *temperature;
  Reliability before, after;
  double total = 0.0, done = 0.0;
  for (const auto& subject : *subjects) total += static_cast<double>(conditionsOf(subject).size());
  for (const auto& subject : *subjects)
    for (const std::string& condition : conditionsOf(subject)) {
      const double from = 0.1 + 0.9 * done / total;
      const double to = 0.1 + 0.9 * ++done / total;
      if (auto added = addCase(subject, condition, setting, report, before, after, job.part(from, to));
          !added)
        return tl::unexpected(added.error());
    }
  if (auto enough = enoughRows(report, options.dataFolder); !enough) return tl::unexpected(enough.error());
  fit(report);
  judge(report);
  judgeVolumes(report);
  report.reliability = after.bins();
  report.expectedCalibrationError = after.expectedError();
  report.expectedCalibrationErrorBefore = before.expectedError();

  config->calibration = Calibration{report.temperature, report.dice, report.doubtfulBelow,
                                    static_cast<int>(report.rows.size()), report.volumeSdFactor};
  if (auto written = writeModelConfig(options.modelFolder, *config); !written)
    return tl::unexpected(written.error());
  return report;
}

}  // namespace coxa
