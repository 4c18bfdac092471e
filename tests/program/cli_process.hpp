#pragma once

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

extern char** environ;

namespace coxa {

/// What a finished coxa-cli leaves.
struct Finished {
  int exitCode = -1;
  std::string out;
  std::string err;
};

/// A coxa-cli with both outputs going into files.
class Running {
 public:
  explicit Running(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), COXA_CLI_PROGRAM);
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, (folder_ / "out").c_str(), O_CREAT | O_WRONLY, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, (folder_ / "err").c_str(), O_CREAT | O_WRONLY, 0600);
    if (posix_spawn(&pid_, COXA_CLI_PROGRAM, &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  void interrupt() const { ::kill(pid_, SIGINT); }
  std::string outSoFar() const { return readFile(folder_ / "out").value_or(""); }
  Finished wait() const {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), outSoFar(),
            readFile(folder_ / "err").value_or("")};
  }

 private:
  TempFolder folder_;
  pid_t pid_ = -1;
};

inline Finished run(std::vector<std::string> arguments) {
  return Running(std::move(arguments)).wait();
}

}  // namespace coxa
