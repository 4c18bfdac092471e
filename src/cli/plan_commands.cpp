// landmarks, plan, motion and report: the stages after the segmentation, on a case.
#include "command.hpp"
#include "ct_input.hpp"
#include "plan_text.hpp"
#include "segment_command.hpp"
#include "stages.hpp"

#include "coxa/casefile/contents.hpp"
#include "coxa/motion/range_of_motion.hpp"

#include <filesystem>
#include <memory>
#include <sstream>

namespace coxa::cli {

namespace {

struct Arguments {
  std::string caseFolder;
  std::vector<std::string> corrections;
  Side side = Side::Right;
  std::string profile = motionProfiles().front().name;
};

// A case that is its own input has its CT already.
Result<Case> caseFor(const std::string& input, const std::string& series, const std::string& caseFolder,
                     const Job& job) {
  std::error_code error;
  if (isCase(input) && std::filesystem::equivalent(input, caseFolder, error)) return Case::open(caseFolder);
  return importStage(input, series.empty() ? std::nullopt : std::optional(series), caseFolder, job);
}

CLI::App* addCaseCommand(CLI::App& app, const std::string& name, const std::string& help,
                         const std::shared_ptr<Arguments>& arguments) {
  auto* command = app.add_subcommand(name, help);
  command->add_option("case", arguments->caseFolder, "Case folder, NAME.coxa")->required();
  return command;
}

// The stage, then its JSON result as it stands in the case.
Result<Outcome> runStage(const std::string& caseFolder, Stage stage, const Job& job,
                         const std::function<Result<void>(Case&, const Job&)>& run) {
  auto target = Case::open(caseFolder);
  if (!target) return tl::unexpected(target.error());
  if (const auto done = run(*target, job); !done) return tl::unexpected(done.error());
  auto json = readJson(*target, stage);
  if (!json) return tl::unexpected(json.error());
  auto text = stageText(*target, stage);
  if (!text) return tl::unexpected(text.error());
  return Outcome{*json, *text};
}

}  // namespace

void addLandmarks(CLI::App& app, Command& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* command =
      addCaseCommand(app, "landmarks", "Find the landmarks of both hips in a segmented case", arguments);
  command->add_option(
      "--set", arguments->corrections,
      "Place a landmark by hand: SIDE.NAME=X,Y,Z in LPS mm, for example right.asis=-112,-40,850");
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job& job) {
      return runStage(arguments->caseFolder, Stage::Landmarks, job, [&](Case& target, const Job& stageJob) {
        return arguments->corrections.empty() ? landmarkStage(target, stageJob)
                                              : correctLandmarks(target, arguments->corrections);
      });
    };
  });
}

void addSideOption(CLI::App& command, Side& side) {
  static const std::map<std::string, Side> sides = {{"left", Side::Left}, {"right", Side::Right}};
  command.add_option("--side", side, "left or right: the patient's")
      ->required()
      ->transform(CLI::CheckedTransformer(sides, CLI::ignore_case));
}

void addPlan(CLI::App& app, Command& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* command = addCaseCommand(app, "plan", "Suggest implants, their size, position and angles", arguments);
  addSideOption(*command, arguments->side);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job& job) {
      return runStage(arguments->caseFolder, Stage::Plan, job, [&](Case& target, const Job& stageJob) {
        return planStage(target, arguments->side, stageJob);
      });
    };
  });
}

void addMotion(CLI::App& app, Command& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  auto* command =
      addCaseCommand(app, "motion", "Range of motion of the planned hip to first contact", arguments);
  command->add_option("--profile", arguments->profile, "What the hip shall reach")->capture_default_str();
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job& job) {
      return runStage(arguments->caseFolder, Stage::Motion, job, [&](Case& target, const Job& stageJob) {
        return motionStage(target, arguments->profile, stageJob);
      });
    };
  });
}

void addReport(CLI::App& app, Command& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  const auto output = std::make_shared<std::string>();
  auto* command = addCaseCommand(app, "report", "Write the case's report as PDF", arguments);
  command->add_option("--output", *output, "A copy of the PDF outside the case");
  command->callback([arguments, output, &chosen] {
    chosen = [arguments, output](const Job& job) -> Result<Outcome> {
      auto target = Case::open(arguments->caseFolder);
      if (!target) return tl::unexpected(target.error());
      if (const auto done = reportStage(*target, job); !done) return tl::unexpected(done.error());
      return describeReport(*target, *output);
    };
  });
}

void addRun(CLI::App& app, Command& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  const auto input = std::make_shared<std::string>();
  const auto series = std::make_shared<std::string>();
  auto* command = app.add_subcommand("run", "The main job: from a CT and a side to plan, motion and report");
  command->add_option("input", *input, "DICOM folder, volume file, or the case itself once it has a CT")
      ->required();
  addSideOption(*command, arguments->side);
  command->add_option("--case", arguments->caseFolder, "Case folder, NAME.coxa; made if it is not there")
      ->required();
  command->add_option("--series", *series, "Series UID or number when the folder holds several");
  command->add_option("--profile", arguments->profile, "What the hip shall reach")->capture_default_str();
  const auto options = addSegmentationOptions(*command);
  command->callback([=, &chosen] {
    chosen = [=](const Job& job) -> Result<Outcome> {
      auto target = caseFor(*input, *series, arguments->caseFolder, job.part(0.0, 0.05));
      if (!target) return tl::unexpected(target.error());
      return reduceImplantMetalStage(*target, job.part(0.05, 0.15))
          .and_then([&] { return segmentStage(*target, *options, job.part(0.15, 0.75)); })
          .and_then([&] { return landmarkStage(*target, job.part(0.75, 0.82)); })
          .and_then([&] { return planStage(*target, arguments->side, job.part(0.82, 0.9)); })
          .and_then([&] { return motionStage(*target, arguments->profile, job.part(0.9, 0.96)); })
          .and_then([&] { return reportStage(*target, job.part(0.96, 1.0)); })
          .and_then([&] { return describeRun(*target); });
    };
  });
}

}  // namespace coxa::cli
