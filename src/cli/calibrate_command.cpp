// calibrate: how a model's uncertainty relates to its error.
#include "command.hpp"

#include "coxa/base/files.hpp"
#include "coxa/segmentation/calibration.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

using nlohmann::json;

namespace {

json documentOf(const CalibrationReport& report) {
  json rows = json::array(), bins = json::array();
  for (const auto& row : report.rows)
    rows.push_back({{"case", row.caseName},
                    {"degradation", row.degradation},
                    {"structure", row.structure},
                    {"judged", row.judged},
                    {"dice", row.dice},
                    {"uncertainty", row.uncertainty},
                    {"entropy", row.entropy},
                    {"agreement", row.agreement},
                    {"volumeMl", row.volumeMl},
                    {"volumeSdMl", row.volumeSdMl},
                    {"referenceVolumeMl", row.referenceVolumeMl},
                    {"otherSideMl", row.otherSideMl}});
  for (const auto& bin : report.reliability)
    bins.push_back({{"confidence", bin.confidence}, {"accuracy", bin.accuracy}, {"share", bin.share}});
  json document = {{"rows", rows},
                   {"missed", report.missed},
                   {"pearsonUncertaintyDice", report.pearsonUncertaintyDice},
                   {"pearsonSpreadDice", report.pearsonSpreadDice},
                   {"pearsonEntropyDice", report.pearsonEntropyDice},
                   {"pearsonAgreementDice", report.pearsonAgreementDice},
                   {"pearsonExpectedDice", report.pearsonExpectedDice},
                   {"auroc", report.auroc},
                   {"sensitivity", report.sensitivity},
                   {"specificity", report.specificity},
                   {"expectedCalibrationError", report.expectedCalibrationError},
                   {"expectedCalibrationErrorBefore", report.expectedCalibrationErrorBefore},
                   {"volumeCoverage", report.volumeCoverage},
                   {"medianVolumeRatio", report.medianVolumeRatio},
                   {"reliability", bins},
                   {"temperature", report.temperature},
                   {"doubtfulBelow", report.doubtfulBelow},
                   {"volumeSdFactor", report.volumeSdFactor}};
  for (const auto& [key, number] : kDiceModelFields) document[key] = report.dice.*number;
  return document;
}

std::string textOf(const CalibrationReport& report) {
  std::size_t judged = 0;
  for (const auto& row : report.rows) judged += row.judged ? 1 : 0;
  char text[1000];
  std::snprintf(
      text, sizeof text,
      "Judged on %zu structures (%zu fitted, %d missed altogether):\n"
      "r of variance and Dice %.3f, of its root %.3f, of entropy %.3f, of agreement %.3f, of expected Dice "
      "%.3f\n"
      "Dice below 0.7: AUROC %.3f, flag's sensitivity %.2f, specificity %.2f\n"
      "Expected calibration error of voxels %.4f (%.4f at temperature 1), temperature %.2f\n"
      "Expected Dice = %.3f + %.3f * agreement + %.3f * entropy + %.3f * sqrt(variance) + %.3f * ln(ml) "
      "+ %.3f * |ln(volume / other side's)| + %.3f * its shortfall, sd %.3f; doubtful below %.3f\n"
      "Volumes: median ratio to the truth %.3f; %.0f %% within %.2f sd of the samples",
      judged, report.rows.size() - judged, report.missed, report.pearsonUncertaintyDice,
      report.pearsonSpreadDice, report.pearsonEntropyDice, report.pearsonAgreementDice,
      report.pearsonExpectedDice, report.auroc, report.sensitivity, report.specificity,
      report.expectedCalibrationError, report.expectedCalibrationErrorBefore, report.temperature,
      report.dice.intercept, report.dice.agreementSlope, report.dice.entropySlope, report.dice.spreadSlope,
      report.dice.volumeSlope, report.dice.differenceSlope, report.dice.shortfallSlope, report.dice.sd,
      report.doubtfulBelow, report.medianVolumeRatio, 100.0 * report.volumeCoverage, report.volumeSdFactor);
  return text;
}

}  // namespace

void addCalibrate(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
      "calibrate", "Measure a model's uncertainty against its error on cases it has not learnt from");
  const auto options = std::make_shared<CalibrationOptions>();
  command->add_option("--data", options->dataFolder, "Folder with one subfolder a case, as for train")
      ->required();
  command->add_option("--model", options->modelFolder, "Model folder; receives the calibration")->required();
  command->add_option("--samples", options->samples, "Monte-Carlo samples")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Seed of the samples and of the degradations")
      ->capture_default_str();
  command->callback([options, &chosen] {
    chosen = [options](const Job& job) -> Result<Outcome> {
      const auto report = calibrate(*options, job);
      if (!report) return tl::unexpected(report.error());
      return Outcome{documentOf(*report).dump(2), textOf(*report)};
    };
  });
}

}  // namespace coxa::cli
