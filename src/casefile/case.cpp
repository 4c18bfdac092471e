#include "coxa/casefile/case.hpp"

#include "manifest.hpp"

#include "coxa/base/files.hpp"
#include "coxa/base/resources.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace coxa {

namespace fs = std::filesystem;

namespace {

constexpr const char* kManifest = "case.json";
constexpr const char* kLock = ".lock";

/// Holds the case's lock; the kernel frees it when the process ends, however it ends.
class CaseLock {
 public:
  explicit CaseLock(const fs::path& folder)
      : descriptor_(::open((folder / kLock).c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0) {
      ::close(descriptor_);
      descriptor_ = -1;
    }
  }
  ~CaseLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  CaseLock(const CaseLock&) = delete;
  CaseLock& operator=(const CaseLock&) = delete;
  bool held() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

std::string nowUtc() {
  char text[32] = {};
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// "segmentation-7" for the first number not yet used, by the manifest or by a leftover.
fs::path newStageFolder(const fs::path& folder, Stage stage) {
  for (int n = 1;; ++n) {
    fs::path candidate = folder / (std::string(name(stage)) + "-" + std::to_string(n));
    std::error_code error;
    if (!fs::exists(candidate, error)) return candidate;
  }
}

Result<StageRecord> recordOf(const fs::path& stageFolder) {
  StageRecord record;
  record.folder = stageFolder.filename().string();
  for (const auto& entry : fs::directory_iterator(stageFolder)) {
    auto checksum = sha256OfFile(entry.path());
    if (!checksum) return tl::unexpected(checksum.error());
    record.files[entry.path().filename().string()] = {*checksum, entry.file_size()};
  }
  return record;
}

Result<void> syncFolder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return badInput("Cannot write to " + folder.string() + ". Check the disk.");
  return {};
}

Result<void> syncContents(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const int descriptor = ::open(entry.path().c_str(), O_RDONLY);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) return badInput("Cannot write " + entry.path().string() + ". Check the disk's free space.");
  }
  return syncFolder(folder);
}

bool isMadeFrom(Stage stage, Stage input) {
  return stage == Stage::Review ? input <= Stage::Segmentation : input < stage;
}

const char* commandOf(Stage stage) {
  if (stage == Stage::MetalReduction) return "reduce-metal";
  return stage == Stage::Segmentation ? "segment" : name(stage);
}

bool isStageFolder(const std::string& folderName) {
  return std::any_of(allStages().begin(), allStages().end(),
                     [&](Stage stage) { return folderName.starts_with(std::string(name(stage)) + "-"); });
}

// Result folders that no manifest names: what a kill or a replacement left.
void sweepLeftovers(const fs::path& folder, const std::map<Stage, StageRecord>& records) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string entryName = entry.path().filename().string();
    const bool named = std::any_of(records.begin(), records.end(),
                                   [&](const auto& record) { return record.second.folder == entryName; });
    if ((isStageFolder(entryName) && !named) || entryName.starts_with(".tmp-"))
      fs::remove_all(entry.path(), error);
  }
}

}  // namespace

const char* name(Stage stage) {
  switch (stage) {
    case Stage::Import:
      return "import";
    case Stage::MetalReduction:
      return "metal-reduction";
    case Stage::Segmentation:
      return "segmentation";
    case Stage::Landmarks:
      return "landmarks";
    case Stage::Plan:
      return "plan";
    case Stage::Motion:
      return "motion";
    case Stage::Report:
      return "report";
    case Stage::Review:
      return "review";
  }
  return "";
}

const std::vector<Stage>& allStages() {
  static const std::vector<Stage> stages = {Stage::Import,    Stage::MetalReduction, Stage::Segmentation,
                                            Stage::Landmarks, Stage::Plan,           Stage::Motion,
                                            Stage::Report,    Stage::Review};
  return stages;
}

std::string StageRecord::checksum() const {
  std::string all;
  for (const auto& [file, facts] : files) all += file + ":" + facts.sha256 + "\n";
  return sha256(all);
}

Result<Case> Case::create(const fs::path& folder, const std::string& pseudonym) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    return badInput(folder.string() + " exists already and is not empty. Choose another name for the case.");
  fs::create_directories(folder, error);
  if (error)
    return badInput("Cannot make the folder " + folder.string() + ": " + error.message() +
                    ". Choose a place you may write to.");
  Case created;
  created.folder_ = folder;
  created.pseudonym_ = pseudonym;
  const auto written = writeFileAtomically(folder / kManifest, manifestJson({pseudonym, {}}));
  if (!written) return tl::unexpected(written.error());
  return created;
}

Result<Case> Case::open(const fs::path& folder) {
  Case opened;
  opened.folder_ = folder;
  if (const auto read = opened.refresh(); !read) return tl::unexpected(read.error());
  for (const auto& [stage, record] : opened.records_)
    for (const auto& [file, facts] : record.files) {
      std::error_code error;
      const fs::path path = folder / record.folder / file;
      if (fs::file_size(path, error) != facts.bytes || error)
        return badInput(path.string() +
                        " is missing or has been changed. Restore it from a copy, or delete the folder " +
                        folder.string() + " and run the analysis again.");
    }
  return opened;
}

Result<Case> Case::openOrCreate(const fs::path& folder, const std::string& pseudonym) {
  std::error_code error;
  return fs::exists(folder / kManifest, error) ? open(folder) : create(folder, pseudonym);
}

const StageRecord* Case::record(Stage stage) const {
  const auto found = records_.find(stage);
  return found == records_.end() ? nullptr : &found->second;
}

bool Case::isCurrent(Stage stage) const {
  const StageRecord* own = record(stage);
  if (own == nullptr) return false;
  return std::all_of(allStages().begin(), allStages().end(), [&](Stage input) {
    const auto used = own->provenance.inputs.find(coxa::name(input));
    const StageRecord* now = record(input);
    if (used == own->provenance.inputs.end()) return now == nullptr || !isMadeFrom(stage, input);
    return now != nullptr && now->checksum() == used->second;
  });
}

Result<fs::path> Case::file(Stage stage, const std::string& fileName) const {
  const StageRecord* own = record(stage);
  if (own == nullptr)
    return badInput("The case " + folder_.string() + " has no result of the stage '" + coxa::name(stage) +
                    "'. Run that stage first: coxa-cli " + commandOf(stage) + ".");
  if (!own->files.contains(fileName))
    return badInput("The stage '" + std::string(coxa::name(stage)) + "' of " + folder_.string() +
                    " has no file " + fileName + ". Run that stage again.");
  return folder_ / own->folder / fileName;
}

Result<void> Case::verify() const {
  for (const auto& [stage, record] : records_)
    for (const auto& [file, facts] : record.files) {
      const fs::path path = folder_ / record.folder / file;
      const auto checksum = sha256OfFile(path);
      if (!checksum) return tl::unexpected(checksum.error());
      if (*checksum != facts.sha256)
        return badInput(path.string() +
                        " differs from what the program wrote. Restore it from a copy, or run the stage '" +
                        coxa::name(stage) + "' again.");
    }
  return {};
}

Result<void> Case::put(Stage stage, const std::map<std::string, std::string>& parameters,
                       const std::function<Result<void>(const fs::path& folder)>& write) {
  const CaseLock lock(folder_);
  if (!lock.held())
    return badInput("Cannot write to " + folder_.string() + ". Check that you may write there.");
  if (auto read = refresh(); !read) return read;
  sweepLeftovers(folder_, records_);

  const fs::path stageFolder = newStageFolder(folder_, stage);
  std::error_code error;
  fs::create_directory(stageFolder, error);
  if (error) return badInput("Cannot write to " + folder_.string() + ": " + error.message() + ".");
  const auto undo = [&](const Error& why) -> Result<void> {
    fs::remove_all(stageFolder, error);
    return tl::unexpected(why);
  };

  if (const auto written = write(stageFolder); !written) return undo(written.error());
  if (const auto synced = syncContents(stageFolder); !synced) return undo(synced.error());
  auto made = recordOf(stageFolder);
  if (!made) return undo(made.error());
  made->provenance = {version(), nowUtc(), {}, parameters};
  for (const auto& [earlier, record] : records_)
    if (isMadeFrom(stage, earlier)) made->provenance.inputs[coxa::name(earlier)] = record.checksum();

  auto records = records_;
  records[stage] = *made;
  const auto replaced = writeFileAtomically(folder_ / kManifest, manifestJson({pseudonym_, records}));
  if (!replaced) return undo(replaced.error());
  records_ = std::move(records);
  sweepLeftovers(folder_, records_);
  return {};
}

Result<void> Case::refresh() {
  std::error_code error;
  if (!fs::exists(folder_ / kManifest, error))
    return badInput(folder_.string() + " is no case: it has no " + kManifest +
                    ". Choose a folder that ends in .coxa.");
  const auto text = readFile(folder_ / kManifest);
  if (!text) return tl::unexpected(text.error());
  auto manifest = manifestFromJson(*text, folder_ / kManifest);
  if (!manifest) return tl::unexpected(manifest.error());
  pseudonym_ = std::move(manifest->pseudonym);
  records_ = std::move(manifest->records);
  return {};
}

}  // namespace coxa
