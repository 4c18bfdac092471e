#include "command.hpp"
#include "progress.hpp"

#include "coxa/base/log.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/learning/runtime.hpp"

#include <semaphore.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <thread>

namespace coxa::cli {
namespace {

int exitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::Usage:
      return 2;
    case ErrorCode::BadInput:
      return 3;
    case ErrorCode::Cancelled:
      return 4;
    case ErrorCode::Internal:
      return 5;
  }
  return 5;
}

// Libraries start threads before main, so blocking a signal here would not keep it from ending the process on
// one of theirs. The handler may only post a semaphore; a thread of ours does the rest.
sem_t signalReceived;

void postSignal(int) {
  sem_post(&signalReceived);
}

void waitForSignal() {
  while (sem_wait(&signalReceived) != 0) {
  }
}

// Ctrl-C or a terminate request cancels the job; a second one ends at once.
void cancelOnSignal(const Job& job) {
  sem_init(&signalReceived, 0, 0);
  struct sigaction action = {};
  action.sa_handler = postSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::thread([job] {
    waitForSignal();
    job.cancel();
    waitForSignal();
    std::_Exit(exitCodeOf(ErrorCode::Cancelled));
  }).detach();
}

int finish(const Result<Outcome>& outcome, bool json) {
  if (outcome) {
    std::cout << (json ? outcome->json : outcome->text) << std::endl;
    return 0;
  }
  const Error& error = outcome.error();
  std::cerr << "coxa-cli: " << error.message << std::endl;
  if (!error.detail.empty()) logInfo(error.detail.substr(0, error.detail.find('\n')));
  return exitCodeOf(error.code);
}

Result<Outcome> runGuarded(const Command& command, const Job& job) {
  try {
    return command(job);
  } catch (const std::exception& error) {
    return internalError("An unexpected fault stopped the command. The case keeps its last good state.",
                         error.what());
  }
}

int runProgram(int argc, char** argv) {
  CLI::App app{
      "Coxa: hip surgery planned from CT, every number with its uncertainty. Research software, not a "
      "medical device."};
  app.set_version_flag("--version", std::string("coxa-cli ") + version());
  app.require_subcommand(1);
  app.fallthrough();
  bool json = false;
  // A bar's control characters are noise in a file or a pipe.
  std::string progress = isatty(STDERR_FILENO) != 0 ? "bar" : "none";
  app.add_flag("--json", json, "Print the result as JSON");
  app.add_option(
         "--progress", progress,
         "How progress is shown: bar (stderr; the default on a terminal), json (lines on stdout) or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));

  Command chosen;
  for (const auto add :
       {addRun,     addImport,         addSegment,     addLandmarks,   addPlan,       addMotion,
        addReport,  addInspect,        addEvaluate,    addTrain,       addTrainMetal, addCalibrate,
        addPhantom, addOperate,        addAtlas,       addReduceMetal, addImplants,   addComparePlan,
        addExport,  addExportTraining, addImportLabels})
    add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  const Job job(progressListener(*progressStyleFrom(progress)));
  cancelOnSignal(job);
  return finish(runGuarded(chosen, job), json);
}

}  // namespace
}  // namespace coxa::cli

int main(int argc, char** argv) {
  coxa::tuneAllocator();  // before LibTorch touches the heap
  const int code = coxa::cli::runProgram(argc, argv);
  std::cout.flush();
  // LibTorch's and OpenMP's static destructors race with the signal thread; everything of ours is closed by
  // now.
  std::_Exit(code);
}
