#include "tiny_problem.hpp"

#include "coxa/base/files.hpp"

#include <gtest/gtest.h>

namespace coxa {

TEST(Trainer, LossFallsOnALearnableProblem) {
  const TempFolder folder;
  const auto report = trainNetwork(tinyTraining(folder, 200), squares, Job());
  ASSERT_TRUE(report);
  // An untrained network of two classes starts at ln 2 + 0.5.
  EXPECT_LT(report->loss, 0.4);
}

TEST(Trainer, ResumedAfterAKillEndsWithTheSameWeights) {
  const TempFolder whole, killed;
  ASSERT_TRUE(trainNetwork(tinyTraining(whole, 10), squares, Job()));

  // What a kill at step 8 leaves on the disk: the checkpoint of step 6.
  std::uint64_t step = 0;
  const Job job([&](const Progress&) {
    if (++step == 8) std::filesystem::copy_file(whole / "second.pt", killed / "checkpoint.pt");
  });
  auto options = tinyTraining(whole, 10);
  options.checkpoint = whole / "second.pt";
  ASSERT_TRUE(trainNetwork(options, squares, job));
  const auto resumed = trainNetwork(tinyTraining(killed, 10), squares, Job());
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->resumedFromStep, 6U);
  EXPECT_EQ(sha256OfFile(killed / "weights.pt").value(), sha256OfFile(whole / "weights.pt").value());
}

TEST(Trainer, BeginsWithTheWeightsItIsGiven) {
  const TempFolder first, second;
  const auto learnt = trainNetwork(tinyTraining(first, 200), squares, Job());
  ASSERT_TRUE(learnt);
  auto options = tinyTraining(second, 5);
  options.start = first / "weights.pt";
  options.learningRate = 1e-4;
  const auto report = trainNetwork(options, squares, Job());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_LT(report->loss, 0.5);  // untrained: ln 2 + 0.5

  options.start = second / "missing.pt";
  std::filesystem::remove(second / "checkpoint.pt");
  EXPECT_EQ(trainNetwork(options, squares, Job()).error().code, ErrorCode::BadInput);
}

TEST(Trainer, AnotherSeedGivesOtherWeights) {
  const TempFolder one, two;
  auto options = tinyTraining(two, 3);
  options.seed = 2;
  ASSERT_TRUE(trainNetwork(tinyTraining(one, 3), squares, Job()));
  ASSERT_TRUE(trainNetwork(options, squares, Job()));
  EXPECT_NE(sha256OfFile(one / "weights.pt").value(), sha256OfFile(two / "weights.pt").value());
}

TEST(Trainer, CancelKeepsACheckpoint) {
  const TempFolder folder;
  std::uint64_t step = 0;
  std::optional<Job> job;
  job.emplace([&](const Progress&) {
    if (++step == 2) job->cancel();
  });
  const auto report = trainNetwork(tinyTraining(folder, 10), squares, *job);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(trainNetwork(tinyTraining(folder, 10), squares, Job())->resumedFromStep, 2U);
}

TEST(Trainer, RefusesACheckpointOfAnotherNetwork) {
  const TempFolder folder;
  ASSERT_TRUE(trainNetwork(tinyTraining(folder, 1), squares, Job()));
  auto options = tinyTraining(folder, 2);
  options.shape.filters = 8;
  const auto report = trainNetwork(options, squares, Job());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::BadInput);
  EXPECT_NE(report.error().message.find("checkpoint.pt"), std::string::npos);
}

}  // namespace coxa
