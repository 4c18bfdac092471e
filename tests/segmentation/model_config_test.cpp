#include "model_config.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <gtest/gtest.h>

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
