#include "case_text.hpp"
#include "command.hpp"
#include "stages.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {
struct ImportArguments {
  std::string input;
  std::string caseFolder;
  std::string series;
};
}  // namespace

void addImport(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("import", "Read a CT into a case");
  const auto arguments = std::make_shared<ImportArguments>();
  command->add_option("input", arguments->input, "DICOM folder or volume file")->required();
  command->add_option("--case", arguments->caseFolder, "Case folder, NAME.coxa; made if it is not there")
      ->required();
  command->add_option("--series", arguments->series, "Series UID or number when the folder holds several");
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job& job) -> Result<Outcome> {
      const auto series =
          arguments->series.empty() ? std::nullopt : std::optional<std::string>(arguments->series);
      const auto target = importStage(arguments->input, series, arguments->caseFolder, job);
      if (!target) return tl::unexpected(target.error());
      return describeCase(*target);
    };
  });
}

}  // namespace coxa::cli
