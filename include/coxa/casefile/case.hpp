#pragma once

#include "coxa/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// The stages of the pipeline in their order; each owns one result in the case. The review looks at the
/// segmentation and stands aside: nothing is made from it.
enum class Stage { Import, MetalReduction, Segmentation, Landmarks, Plan, Motion, Report, Review };
const char* name(Stage stage);  ///< "import", "metal-reduction", "segmentation", …
const std::vector<Stage>& allStages();

/// Where a result came from. `inputs`: for each upstream stage the checksum of the result that was used.
struct Provenance {
  std::string programVersion;
  std::string createdUtc;  ///< ISO 8601, when the program made the result
  std::map<std::string, std::string> inputs;
  std::map<std::string, std::string> parameters;  ///< model and its checksum, seed, samples, …
};

struct StageFile {
  std::string sha256;
  std::uintmax_t bytes = 0;
};

/// One result: a folder in the case that never changes once the manifest names it.
struct StageRecord {
  std::string folder;  ///< relative to the case, "segmentation-2"
  std::map<std::string, StageFile> files;
  Provenance provenance;
  std::string checksum() const;  ///< over the names and checksums of its files
};

/// A case folder, NAME.coxa: `case.json` (the manifest) beside one folder per result, in open formats.
///
/// A result is written into a new folder, and the manifest, replaced atomically, then points to it. A kill at
/// any instant leaves the last good state; leftovers are swept at the next write. Several processes may
/// write: each takes the case's lock and reads the manifest anew.
class Case {
 public:
  /// A new, empty case. Errors BadInput: the folder exists and holds something else, or cannot be written.
  static Result<Case> create(const std::filesystem::path& folder, const std::string& pseudonym);
  /// Errors BadInput: no case, a newer schema, a damaged manifest, or files missing or of the wrong size; the
  /// message names the file.
  static Result<Case> open(const std::filesystem::path& folder);
  /// open() where there is a case, else create().
  static Result<Case> openOrCreate(const std::filesystem::path& folder, const std::string& pseudonym);

  const std::filesystem::path& folder() const { return folder_; }
  /// The case's name: the folder's name without its ending.
  std::string name() const { return folder_.stem().string(); }
  const std::string& pseudonym() const { return pseudonym_; }

  bool has(Stage stage) const { return record(stage) != nullptr; }
  const StageRecord* record(Stage stage) const;
  /// True when the stage is there, every input it was made from is still the case's own, and no other input
  /// came later.
  bool isCurrent(Stage stage) const;
  /// The path of a result's file. Errors BadInput: the stage or the file is not there; the message says which
  /// command makes it.
  Result<std::filesystem::path> file(Stage stage, const std::string& name) const;
  /// Compares every file with its checksum. Errors BadInput: names the first that differs.
  Result<void> verify() const;

  /// Replaces the result of `stage` by what `write` puts into the folder it is given. On an error nothing
  /// changes. Inputs (all earlier stages present; of the review, scan and segmentation), version and time of
  /// the provenance are filled in here.
  Result<void> put(Stage stage, const std::map<std::string, std::string>& parameters,
                   const std::function<Result<void>(const std::filesystem::path& folder)>& write);
  /// Reads the manifest again: another process may have written.
  Result<void> refresh();

 private:
  std::filesystem::path folder_;
  std::string pseudonym_;
  std::map<Stage, StageRecord> records_;
};

}  // namespace coxa
