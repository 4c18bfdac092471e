#include "coxa/segmentation/training.hpp"

#include "model_config.hpp"
#include "slice_sampler.hpp"
#include "working_ct.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"
#include "coxa/learning/trainer.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

namespace coxa {

namespace {

namespace fs = std::filesystem;

Result<fs::path> volumeNamed(const fs::path& folder, const std::string& stem) {
  for (const char* extension : {".nrrd", ".nii.gz", ".nii", ".mha", ".mhd"})
    if (fs::exists(folder / (stem + extension))) return folder / (stem + extension);
  return badInput(folder.string() + " holds no " + stem + ".nrrd (or .nii.gz, .mha). Put one there.");
}

// Our value of every value in the file, from "names.json".
Result<std::array<std::uint8_t, 256>> valuesFromNames(const fs::path& file, const StructureTable& table) {
  std::array<std::uint8_t, 256> values{};
  const auto text = readFile(file);
  if (!text) return tl::unexpected(text.error());
  try {
    const auto names = nlohmann::json::parse(*text);
    for (const auto& [value, name] : names.items()) {
      auto& ours = values.at(static_cast<std::size_t>(std::stoi(value)));
      if (name == "unknown") {
        ours = kUnknownValue;
        continue;
      }
      const auto found =
          std::find_if(table.all().begin(), table.all().end(), [&](const Structure& structure) {
            return structure.name == name.get<std::string>() || structure.kind == name.get<std::string>();
          });
      if (found == table.all().end())
        return badInput(file.string() + " names \"" + name.get<std::string>() +
                        "\", which is no structure of resources/structures.json.");
      ours = found->value;
    }
  } catch (const std::exception& error) {
    return badInput(file.string() + " is not of the form {\"1\": \"hip\", \"2\": \"femur\"}.", error.what());
  }
  return values;
}

constexpr double kLeastWayMm = 50.0;

Result<std::vector<VectorImage>> waysIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().rfind("way-", 0) == 0) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<VectorImage> ways;
  for (const auto& file : files) {
    auto way = readVectorImage(file);
    if (!way) return tl::unexpected(way.error());
    if (way->grid.size.cast<double>().cwiseProduct(way->grid.spacing).minCoeff() < kLeastWayMm)
      return badInput(file.string() + " covers less than " + std::to_string(static_cast<int>(kLeastWayMm)) +
                      " mm in one direction: no way of a whole patient. Make it anew or remove it.");
    ways.push_back(std::move(*way));
  }
  return ways;
}

// The voxels of `grid` that lie in `region`.
IndexBox boxWithin(const Grid& grid, const Grid& region) {
  const Vec3 a = grid.indexFromWorld(region.worldFromIndex(Vec3::Constant(-0.5)));
  const Vec3 b = grid.indexFromWorld(region.worldFromIndex(region.size.cast<double>() - Vec3::Constant(0.5)));
  const Eigen::Vector3i last = grid.size - Eigen::Vector3i::Ones();
  return {a.cwiseMin(b).array().ceil().cast<int>().matrix().cwiseMax(0),
          a.cwiseMax(b).array().floor().cast<int>().matrix().cwiseMin(last)};
}

Result<std::vector<TrainingCase>> casesIn(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  if (folders.empty())
    return badInput(folder.string() +
                    " holds no case folders. Make one per CT, with ct.nrrd and labels.nrrd.");
  std::vector<TrainingCase> cases;
  std::map<fs::path, std::size_t> known;
  for (const auto& one : folders) {
    const auto [at, isNew] = known.try_emplace(fs::canonical(one), cases.size());
    if (!isNew) {
      ++cases[at->second].weight;
      continue;
    }
    auto read = readTrainingCase(one);
    if (!read) return tl::unexpected(read.error());
    cases.push_back(std::move(*read));
  }
  return cases;
}

Result<ModelConfig> configToStartWith(const TrainingOptions& options, const StructureTable& table) {
  ModelConfig config = newModelConfig(options.modelName, table);
  config.network.filters = options.filters;
  if (options.startModel.empty()) return config;
  const auto start = readModelConfig(options.startModel);
  if (!start) return start;
  if (start->kinds != config.kinds)
    return badInput((options.startModel / "model.json").string() +
                    " is of a model with other structures than resources/structures.json. Train without it.");
  config.network = start->network;
  return config;
}

TrainerOptions trainerOptions(const TrainingOptions& options, const ModelConfig& config) {
  TrainerOptions trainer;
  trainer.shape = config.network;
  trainer.steps = options.steps;
  trainer.seed = options.seed;
  trainer.learningRate = options.learningRate;
  trainer.stepsPerCheckpoint = options.stepsPerCheckpoint;
  trainer.batchesAhead = options.batchesAhead;
  if (!options.startModel.empty()) trainer.start = options.startModel / "weights.pt";
  trainer.checkpoint = options.workFolder / "checkpoint.pt";
  trainer.log = options.workFolder / "log.csv";
  trainer.weights = options.workFolder / "weights.pt";
  trainer.device = options.device;
  return trainer;
}

}  // namespace

Result<TrainingCase> readTrainingCase(const fs::path& folder) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto ctFile = volumeNamed(folder, "ct");
  if (!ctFile) return tl::unexpected(ctFile.error());
  const auto labelFile = volumeNamed(folder, "labels");
  if (!labelFile) return tl::unexpected(labelFile.error());
  auto ct = readVolume(*ctFile);
  if (!ct) return tl::unexpected(ct.error());
  auto labels = readLabelMap(*labelFile);
  if (!labels) return tl::unexpected(labels.error());
  if (fs::exists(folder / "names.json")) {
    const auto values = valuesFromNames(folder / "names.json", *table);
    if (!values) return tl::unexpected(values.error());
    for (auto& voxel : labels->voxels) voxel = (*values)[voxel];
  }
  auto ways = waysIn(folder);
  if (!ways) return tl::unexpected(ways.error());
  return TrainingCase{folder.filename().string(), std::move(*ct), std::move(*labels), std::move(*ways), 1};
}

TrainingCase compacted(const TrainingCase& whole) {
  constexpr double kMarginMm = 30.0;
  const ModelConfig config;
  const WorkingCt working = workingCt(whole.ct, config);
  const Volume ct = cropped(working.whole, grown(working.body, working.whole.grid, kMarginMm));
  return {whole.name, ct, cropped(whole.labels, boxWithin(whole.labels.grid, ct.grid)), whole.ways,
          whole.weight};
}

Result<TrainingReport> train(const TrainingOptions& options, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto startConfig = configToStartWith(options, *table);
  if (!startConfig) return tl::unexpected(startConfig.error());
  ModelConfig config = *startConfig;
  job.report(0.0, "Preparing the cases");
  const Result<std::vector<TrainingCase>> cases =
      options.cases.empty() ? casesIn(options.dataFolder) : options.cases;
  if (!cases) return tl::unexpected(cases.error());
  TrainingReport report;
  std::vector<TrainingPatient> patients;
  for (const auto& one : *cases) {
    patients.push_back(trainingPatient(one, config, *table, options.seed));
    report.cases.push_back(one.name);
  }

  std::error_code ignored;
  fs::create_directories(options.modelFolder, ignored);
  fs::create_directories(options.workFolder, ignored);
  const SliceSampler sampler(std::move(patients), config, options.seed, options.batchSize);
  const auto trained = trainNetwork(trainerOptions(options, config), sampler, job.part(0.01, 1.0));
  if (!trained) return tl::unexpected(trained.error());

  const auto weights = readFile(options.workFolder / "weights.pt");
  if (!weights) return tl::unexpected(weights.error());
  if (auto written = writeFileAtomically(options.modelFolder / "weights.pt", *weights); !written)
    return tl::unexpected(written.error());
  config.weightsSha256 = sha256(*weights);
  if (auto written = writeModelConfig(options.modelFolder, config); !written)
    return tl::unexpected(written.error());
  report.steps = options.steps;
  report.resumedFromStep = trained->resumedFromStep;
  report.loss = trained->loss;
  report.weightsSha256 = config.weightsSha256;
  return report;
}

}  // namespace coxa
