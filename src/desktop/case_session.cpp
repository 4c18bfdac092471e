#include "case_session.hpp"

#include "background.hpp"

#include "coxa/anatomy/surfaces.hpp"

namespace coxa {
namespace {

struct Manifest {
  Case source;
  ImportRecord import;
  std::vector<Notice> metalNotices;
  std::map<Stage, std::string> json;
};

Result<Manifest> readManifest(const std::filesystem::path& folder) {
  auto opened = Case::open(folder);
  if (!opened) return tl::unexpected(opened.error());
  Manifest manifest{*opened, {}, {}, {}};
  if (opened->has(Stage::Import)) {
    auto import = readImportRecord(*opened);
    if (!import) return tl::unexpected(import.error());
    manifest.import = *import;
  }
  auto metal = readMetalNotices(*opened);
  if (!metal) return tl::unexpected(metal.error());
  manifest.metalNotices = std::move(*metal);
  for (const Stage stage : {Stage::Plan, Stage::Motion}) {
    if (!opened->has(stage)) continue;
    auto json = readJson(*opened, stage);
    if (!json) return tl::unexpected(json.error());
    manifest.json[stage] = *json;
  }
  return manifest;
}

std::shared_ptr<const Volume> shared(Volume ct) {
  return std::make_shared<const Volume>(std::move(ct));
}

Result<LoadedSegmentation> readSegmentation(const Case& source) {
  auto labels = readLabels(source);
  if (!labels) return tl::unexpected(labels.error());
  auto uncertainty = readUncertainty(source);
  if (!uncertainty) return tl::unexpected(uncertainty.error());
  const auto file = source.file(Stage::Segmentation, "structures.json");
  if (!file) return tl::unexpected(file.error());
  auto summary = readSegmentationSummary(*file);
  if (!summary) return tl::unexpected(summary.error());
  return LoadedSegmentation{std::make_shared<const LabelMap>(std::move(*labels)),
                            std::make_shared<const ScalarImage>(std::move(*uncertainty)),
                            std::move(*summary)};
}

/// Bones first: they carry the plan.
std::vector<std::uint8_t> surfaceOrder(const StructureTable& table, const SegmentationSummary& summary) {
  std::vector<std::uint8_t> bones;
  std::vector<std::uint8_t> others;
  for (const StructureSummary& found : summary.structures) {
    const Structure* structure = table.find(found.value);
    if (structure == nullptr) continue;
    (structure->group == StructureGroup::Bone ? bones : others).push_back(found.value);
  }
  bones.insert(bones.end(), others.begin(), others.end());
  return bones;
}

}  // namespace

CaseSession::CaseSession(StructureTable table, QObject* parent) : QObject(parent), table_(std::move(table)) {}

CaseSession::~CaseSession() {
  job_.cancel();
  pool_.clear();
  pool_.waitForDone();
}

/// Runs `work`, which returns a Result, and hands its value to `done` when the same case is still open.
template <class Work, class Done>
void CaseSession::load(Work work, Done done) {
  ++pending_;
  runInBackground(&pool_, this, std::move(work), [this, generation = generation_, done](auto result) {
    if (generation != generation_) return;
    --pending_;
    if (result)
      done(std::move(*result));
    else
      Q_EMIT failed(result.error());
    if (generation == generation_ && pending_ == 0 && isOpen()) Q_EMIT loaded();
  });
}

void CaseSession::open(const QString& folder) {
  close();
  load([path = std::filesystem::path(folder.toStdString())] { return readManifest(path); },
       [this](Manifest manifest) {
         source_ = std::move(manifest.source);
         import_ = std::move(manifest.import);
         metalNotices_ = std::move(manifest.metalNotices);
         json_ = std::move(manifest.json);
         Q_EMIT opened();
         loadCt();
       });
}

void CaseSession::close() {
  job_.cancel();
  job_ = Job();
  pool_.clear();
  ++generation_;
  pending_ = 0;
  import_ = {};
  json_.clear();
  metalNotices_.clear();
  ct_.reset();
  reducedCt_.reset();
  segmentation_.reset();
  landmarks_.reset();
  surfaces_.clear();
  if (!source_) return;
  source_.reset();
  Q_EMIT closed();
}

void CaseSession::reload() {
  if (isOpen()) open(QString::fromStdString(source_->folder().string()));
}

void CaseSession::replaceSegmentation(Case source, LoadedSegmentation segmentation) {
  source_ = std::move(source);
  segmentation_ = std::move(segmentation);
  Q_EMIT segmentationReplaced();
  Q_EMIT resultsChanged();
}

void CaseSession::replaceSurface(std::uint8_t labelValue, std::shared_ptr<const TriangleMesh> surface) {
  surfaces_[labelValue] = std::move(surface);
  Q_EMIT surfaceLoaded(labelValue);
}

void CaseSession::reloadLandmarks() {
  runInBackground(
      &pool_, this,
      [source = *source_]() mutable {
        auto refreshed = source.refresh();
        auto landmarks = refreshed ? readLandmarks(source) : tl::unexpected(refreshed.error());
        return landmarks.map([&](LandmarkSet found) { return std::pair(source, std::move(found)); });
      },
      [this, generation = generation_](Result<std::pair<Case, LandmarkSet>> read) {
        if (generation != generation_) return;
        if (!read) {
          Q_EMIT failed(read.error());
          return;
        }
        std::tie(source_, landmarks_) = std::move(*read);
        Q_EMIT landmarksLoaded();
        Q_EMIT resultsChanged();
      });
}

std::string CaseSession::stageJson(Stage stage) const {
  const auto it = json_.find(stage);
  return it == json_.end() ? std::string() : it->second;
}

void CaseSession::loadCt() {
  if (!source_->has(Stage::Import)) return;
  load([source = *source_] { return readCt(source).map(shared); },
       [this](std::shared_ptr<const Volume> ct) {
         ct_ = std::move(ct);
         Q_EMIT ctLoaded();
         if (ctStageInUse(*source_) == Stage::MetalReduction)
           loadReducedCt();
         else
           loadSegmentation();
       });
}

/// Before the segmentation: what follows it measures in the CT in use.
void CaseSession::loadReducedCt() {
  load([source = *source_] { return readReducedCt(source).map(shared); },
       [this](std::shared_ptr<const Volume> ct) {
         reducedCt_ = std::move(ct);
         Q_EMIT reducedCtLoaded();
         loadSegmentation();
       });
}

void CaseSession::loadSegmentation() {
  if (!source_->has(Stage::Segmentation)) return;
  load([source = *source_] { return readSegmentation(source); },
       [this](LoadedSegmentation segmentation) {
         segmentation_ = std::move(segmentation);
         Q_EMIT segmentationLoaded();
         loadLandmarks();
         loadSurfaces();
       });
}

void CaseSession::loadLandmarks() {
  if (!source_->has(Stage::Landmarks)) return;
  load([source = *source_] { return readLandmarks(source); },
       [this](LandmarkSet landmarks) {
         landmarks_ = std::move(landmarks);
         Q_EMIT landmarksLoaded();
       });
}

void CaseSession::loadSurfaces() {
  for (const std::uint8_t value : surfaceOrder(table_, segmentation_->summary))
    load(
        [labels = segmentation_->labels, value, job = job_]() -> Result<TriangleMesh> {
          if (job.cancelled()) return cancelled();
          return surfaceOf(*labels, value, {.smoothing = 1.0, .maxTriangles = kDisplayTriangles});
        },
        [this, value](TriangleMesh mesh) {
          surfaces_[value] = std::make_shared<const TriangleMesh>(std::move(mesh));
          Q_EMIT surfaceLoaded(value);
        });
}

}  // namespace coxa
