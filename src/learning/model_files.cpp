#include "coxa/learning/model_files.hpp"

#include "coxa/base/files.hpp"

namespace coxa {

Result<std::string> readModelDescription(const std::filesystem::path& folder) {
  auto text = readFile(folder / "model.json");
  if (!text)
    return badInput("There is no model in " + folder.string() +
                        ". Choose the folder that holds model.json and weights.pt.",
                    text.error().message);
  return text;
}

Result<void> checkWeights(const std::filesystem::path& folder, const std::string& weightsSha256) {
  const auto checksum = sha256OfFile(folder / "weights.pt");
  if (!checksum) return tl::unexpected(checksum.error());
  if (*checksum != weightsSha256)
    return badInput((folder / "weights.pt").string() +
                    " was changed: its checksum is not the one in model.json. Restore the model's files.");
  return {};
}

Result<void> writeModelDescription(const std::filesystem::path& folder, const std::string& json,
                                   const std::string& weightsSha256) {
  return writeFileAtomically(folder / "sha256", weightsSha256 + "  weights.pt\n").and_then([&] {
    return writeFileAtomically(folder / "model.json", json + "\n");
  });
}

}  // namespace coxa
