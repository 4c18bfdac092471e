#include "model_config.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace coxa {

namespace {

ModelConfig written(const TempFolder& folder) {
  ModelConfig config = newModelConfig("test", StructureTable::loadDefault().value());
  config.windowHighHu = 512.5;
  config.weightsSha256 = sha256("weights");
  EXPECT_TRUE(writeFileAtomically(folder / "weights.pt", "weights"));
  EXPECT_TRUE(writeModelConfig(folder.path(), config));
  return config;
}

}  // namespace

TEST(ModelConfig, ComesBackAsWritten) {
  const TempFolder folder;
  const ModelConfig config = written(folder);
  const auto read = readModelConfig(folder.path());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, config.name);
  EXPECT_EQ(read->kinds, config.kinds);
  EXPECT_EQ(read->network, config.network);
  EXPECT_EQ(read->sliceOffsetsMm, config.sliceOffsetsMm);
  EXPECT_EQ(read->windowHighHu, config.windowHighHu);
}

TEST(ModelConfig, CalibrationsOfBeforeAreReadButNoBrokenOnes) {
  const TempFolder folder;
  ModelConfig config = written(folder);
  config.calibration = Calibration{1.5, {-0.3, 1.1, -0.2, 0.6, 0.02, -0.1, 0.05, 0.04}, 0.75, 99, 1.3};
  ASSERT_TRUE(writeModelConfig(folder.path(), config));
  const auto whole = readModelConfig(folder.path());
  ASSERT_TRUE(whole && whole->calibration);
  for (const auto& [key, number] : kDiceModelFields)
    EXPECT_DOUBLE_EQ(whole->calibration->dice.*number, config.calibration->dice.*number) << key;

  const auto without = [&](const char* key) {
    auto json = nlohmann::json::parse(readFile(folder / "model.json").value());
    json["calibration"].erase(key);
    EXPECT_TRUE(writeFileAtomically(folder / "model.json", json.dump()));
    return readModelConfig(folder.path());
  };
  const auto before = without("diceVolumeSlope");
  ASSERT_TRUE(before && before->calibration);
  EXPECT_EQ(before->calibration->dice.volumeSlope, 0.0);
  const auto broken = without("diceIntercept");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::BadInput);
}

TEST(ModelConfig, RefusesChangedWeights) {
  const TempFolder folder;
  written(folder);
  ASSERT_TRUE(writeFileAtomically(folder / "weights.pt", "Weights"));
  const auto read = readModelConfig(folder.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::BadInput);
  EXPECT_NE(read.error().message.find("weights.pt"), std::string::npos);
}

TEST(ModelConfig, SaysWhenThereIsNoModel) {
  const TempFolder folder;
  const auto read = readModelConfig(folder.path());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("no model"), std::string::npos);
}

}  // namespace coxa
