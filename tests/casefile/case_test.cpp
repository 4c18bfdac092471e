#include "coxa/casefile/case.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/casefile/contents.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>

namespace coxa {
namespace {

namespace fs = std::filesystem;

Volume smallCt(std::int16_t value) {
  Grid grid;
  grid.size = {6, 5, 4};
  return Volume(grid, value);
}

TEST(Case, KeepsWhatIsPutAcrossReopening) {
  const TempFolder folder;
  auto made = Case::create(folder / "a.coxa", "P-1").value();
  ASSERT_TRUE(putImport(made, smallCt(42), {{{"KVP", "120"}}, {{Notice::Severity::Info, "x", "y", {}}}}));
  const auto opened = Case::open(folder / "a.coxa");
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->pseudonym(), "P-1");
  EXPECT_EQ(opened->name(), "a");
  EXPECT_EQ(readCt(*opened)->voxels, smallCt(42).voxels);
  EXPECT_EQ(readImportRecord(*opened)->facts.at("KVP"), "120");
  EXPECT_EQ(readImportRecord(*opened)->notices.at(0).message, "y");
  EXPECT_TRUE(opened->verify());
}

TEST(Case, ANewInputMakesLaterResultsStale) {
  const TempFolder folder;
  auto c = Case::create(folder / "a.coxa", "P").value();
  ASSERT_TRUE(putImport(c, smallCt(1), {}));
  ASSERT_TRUE(putJson(c, Stage::Plan, "{}"));
  EXPECT_TRUE(c.isCurrent(Stage::Plan));
  ASSERT_TRUE(putImport(c, smallCt(2), {}));
  EXPECT_FALSE(c.isCurrent(Stage::Plan));
  EXPECT_TRUE(c.isCurrent(Stage::Import));
}

TEST(Case, AnInputThatCameLaterMakesResultsStale) {
  const TempFolder folder;
  auto c = Case::create(folder / "a.coxa", "P").value();
  ASSERT_TRUE(putImport(c, smallCt(1), {}));
  ASSERT_TRUE(putJson(c, Stage::Segmentation, "{}"));
  EXPECT_TRUE(c.isCurrent(Stage::Segmentation));
  ASSERT_TRUE(putReducedCt(c, smallCt(2), LabelMap(smallCt(2).grid), {}, R"({"notices": []})", {}));
  EXPECT_FALSE(c.isCurrent(Stage::Segmentation));
  EXPECT_TRUE(c.isCurrent(Stage::MetalReduction));
}

TEST(Case, KeepsTheReducedCtBesideTheImportedOne) {
  const TempFolder folder;
  auto c = Case::create(folder / "a.coxa", "P").value();
  ASSERT_TRUE(putImport(c, smallCt(42), {}));
  EXPECT_TRUE(readMetalNotices(c)->empty());
  LabelMap metal(smallCt(0).grid);
  metal.voxels[7] = 1;
  const char* json = R"({"notices": [{"severity": "warning", "code": "metal.noise", "message": "specks"}]})";
  ASSERT_TRUE(putReducedCt(c, smallCt(17), metal, {}, json, {{"method", "nmar"}}));
  const auto opened = Case::open(folder / "a.coxa").value();
  EXPECT_EQ(readCt(opened)->voxels, smallCt(42).voxels);
  EXPECT_EQ(readReducedCt(opened)->voxels, smallCt(17).voxels);
  EXPECT_EQ(opened.record(Stage::MetalReduction)->provenance.parameters.at("method"), "nmar");
  EXPECT_EQ(opened.record(Stage::MetalReduction)->provenance.inputs.at("import"),
            opened.record(Stage::Import)->checksum());
  const auto notices = readMetalNotices(opened).value();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].severity, Notice::Severity::Warning);
  EXPECT_EQ(notices[0].code, "metal.noise");
}

TEST(Case, TheCtInUseIsTheReducedOneUntilAnotherIsImported) {
  const TempFolder folder;
  auto c = Case::create(folder / "a.coxa", "P").value();
  ASSERT_TRUE(putImport(c, smallCt(42), {}));
  EXPECT_EQ(ctStageInUse(c), Stage::Import);
  EXPECT_EQ(readCtInUse(c)->voxels, smallCt(42).voxels);
  const char* json = R"({"notices": [{"severity": "info", "code": "metal.reduced", "message": "Reduced."}]})";
  ASSERT_TRUE(putReducedCt(c, smallCt(17), LabelMap(smallCt(0).grid), {}, json, {}));
  EXPECT_EQ(ctStageInUse(c), Stage::MetalReduction);
  EXPECT_EQ(readCtInUse(c)->voxels, smallCt(17).voxels);
  ASSERT_TRUE(putImport(c, smallCt(43), {}));
  EXPECT_EQ(ctStageInUse(c), Stage::Import);
  EXPECT_EQ(readCtInUse(c)->voxels, smallCt(43).voxels);
  EXPECT_TRUE(readMetalNotices(c)->empty());
}

TEST(Case, AFailedWriterChangesNothing) {
  const TempFolder folder;
  auto c = Case::create(folder / "a.coxa", "P").value();
  ASSERT_TRUE(putJson(c, Stage::Plan, "1"));
  const auto failed = c.put(Stage::Plan, {}, [](const fs::path& into) -> Result<void> {
    std::ofstream(into / "plan.json") << "half";
    return badInput("no");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(readJson(Case::open(folder / "a.coxa").value(), Stage::Plan).value(), "1");
  EXPECT_FALSE(fs::exists(folder / "a.coxa" / "plan-2"));
}

TEST(Case, AMissingStageSaysWhichCommandMakesIt) {
  const TempFolder folder;
  const auto c = Case::create(folder / "a.coxa", "P").value();
  const auto labels = readLabels(c);
  ASSERT_FALSE(labels);
  EXPECT_EQ(labels.error().code, ErrorCode::BadInput);
  EXPECT_NE(labels.error().message.find("coxa-cli segment"), std::string::npos);
}

TEST(Case, DamageIsNamed) {
  const TempFolder folder;
  auto c = Case::create(folder / "a.coxa", "P").value();
  ASSERT_TRUE(putJson(c, Stage::Plan, "12345"));
  std::ofstream(folder / "a.coxa" / "plan-1" / "plan.json") << "54321";
  const auto changed = c.verify();
  ASSERT_FALSE(changed);
  EXPECT_NE(changed.error().message.find("plan.json"), std::string::npos);
  std::ofstream(folder / "a.coxa" / "plan-1" / "plan.json") << "5";
  EXPECT_FALSE(Case::open(folder / "a.coxa"));
  std::ofstream(folder / "a.coxa" / "case.json") << "{\"schema\": 1, \"pseu";
  EXPECT_FALSE(Case::open(folder / "a.coxa"));
  std::ofstream(folder / "a.coxa" / "case.json") << R"({"schema": 99})";
  EXPECT_NE(Case::open(folder / "a.coxa").error().message.find("newer"), std::string::npos);
}

TEST(Case, ForeignFoldersAreNotTaken) {
  const TempFolder folder;
  std::ofstream(folder / "letter.txt") << "mine";
  EXPECT_FALSE(Case::create(folder.path(), "P"));
  EXPECT_FALSE(Case::open(folder.path()));
  EXPECT_TRUE(fs::exists(folder / "letter.txt"));
}

TEST(Case, TwoHandlesDoNotOverwriteEachOther) {
  const TempFolder folder;
  auto a = Case::create(folder / "a.coxa", "P").value();
  auto b = Case::open(folder / "a.coxa").value();
  ASSERT_TRUE(putJson(a, Stage::Plan, "plan"));
  ASSERT_TRUE(putJson(b, Stage::Motion, "motion"));
  const auto both = Case::open(folder / "a.coxa").value();
  EXPECT_EQ(readJson(both, Stage::Plan).value(), "plan");
  EXPECT_EQ(readJson(both, Stage::Motion).value(), "motion");
}

// A pair of files; both of a good state hold the same text.
Result<void> putPair(Case& target, int n) {
  const std::string text(20000, static_cast<char>('a' + n % 26));
  return target.put(Stage::Segmentation, {}, [&](const fs::path& into) -> Result<void> {
    std::ofstream(into / "one") << text;
    std::ofstream(into / "two") << text;
    return {};
  });
}

[[noreturn]] void writeForever(const fs::path& folder) {
  auto c = Case::open(folder);
  for (int n = 0; c && putPair(*c, n); ++n) {
  }
  ::_exit(1);
}

useconds_t microsecondsPerPut(const fs::path& folder) {
  auto c = Case::open(folder).value();
  const auto start = std::chrono::steady_clock::now();
  for (int n = 0; n < 5; ++n) EXPECT_TRUE(putPair(c, n));
  const auto elapsed = std::chrono::steady_clock::now() - start;
  return static_cast<useconds_t>(std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count() / 5);
}

TEST(Case, KilledAtAnyMomentItKeepsTheLastGoodState) {
  const TempFolder folder;
  const fs::path path = folder / "a.coxa";
  ASSERT_TRUE(Case::create(path, "P"));
  // Some writes long, so that kills fall on every step of one, however fast the disk is and slow the start.
  const useconds_t longest = 6 * microsecondsPerPut(path);
  std::mt19937 random(20261122);
  int writesFinished = 0;
  for (int round = 0; round < 60; ++round) {
    const std::string before = Case::open(path)->record(Stage::Segmentation)->folder;
    const pid_t child = ::fork();
    if (child == 0) writeForever(path);
    ::usleep(std::uniform_int_distribution<useconds_t>(0, longest)(random));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed by itself";

    const auto opened = Case::open(path);
    ASSERT_TRUE(opened) << "round " << round << ": " << opened.error().message;
    ASSERT_TRUE(opened->verify()) << "round " << round;
    if (opened->record(Stage::Segmentation)->folder != before) ++writesFinished;
    ASSERT_EQ(opened->file(Stage::Segmentation, "one").and_then(readFile).value(),
              opened->file(Stage::Segmentation, "two").and_then(readFile).value());
  }
  EXPECT_GT(writesFinished, 5) << "too few writes were finished for the kills to mean anything";
  auto again = Case::open(path).value();
  ASSERT_TRUE(putJson(again, Stage::Plan, "{}"));
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string entryName = entry.path().filename().string();
    EXPECT_TRUE(entryName == "case.json" || entryName == ".lock" || entryName == "plan-1" ||
                entryName == again.record(Stage::Segmentation)->folder)
        << "left behind: " << entryName;
  }
}

}  // namespace
}  // namespace coxa
