#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace coxa::cli {

/// What a command has to say: a JSON document for programs, sentences for people.
struct Outcome {
  std::string json;
  std::string text;
};

/// A parsed command, ready to run.
using Command = std::function<Result<Outcome>(const Job&)>;

/// Each adds its subcommand to `app`; when it is the one that was called, it sets `chosen`.
void addImport(CLI::App& app, Command& chosen);
void addInspect(CLI::App& app, Command& chosen);
void addSegment(CLI::App& app, Command& chosen);
void addEvaluate(CLI::App& app, Command& chosen);
void addExport(CLI::App& app, Command& chosen);
void addTrain(CLI::App& app, Command& chosen);
void addTrainMetal(CLI::App& app, Command& chosen);
void addCalibrate(CLI::App& app, Command& chosen);
void addExportTraining(CLI::App& app, Command& chosen);
void addImportLabels(CLI::App& app, Command& chosen);
void addLandmarks(CLI::App& app, Command& chosen);
void addPlan(CLI::App& app, Command& chosen);
void addMotion(CLI::App& app, Command& chosen);
void addReport(CLI::App& app, Command& chosen);
void addPhantom(CLI::App& app, Command& chosen);
void addOperate(CLI::App& app, Command& chosen);
void addAtlas(CLI::App& app, Command& chosen);
void addReduceMetal(CLI::App& app, Command& chosen);
void addImplants(CLI::App& app, Command& chosen);
void addComparePlan(CLI::App& app, Command& chosen);
void addRun(CLI::App& app, Command& chosen);

/// The option --side left|right of a command that needs one.
void addSideOption(CLI::App& command, Side& side);

}  // namespace coxa::cli
