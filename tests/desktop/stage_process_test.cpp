#include "stage_process.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>

namespace coxa {
namespace {

constexpr int kPatienceMs = 20000;

/// A stand-in for coxa-cli that does what `script` says.
class StageProcessTest : public ::testing::Test {
 protected:
  QString program(const char* script) {
    QString path = QString::fromStdString((folder_.path() / "coxa-cli").string());
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("#!/bin/sh\n") + script);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path;
  }

  StageOutcome run(const QString& path, const QList<QStringList>& steps = {{}}) {
    StageProcess process(path);
    StageOutcome outcome{};
    QObject::connect(&process, &StageProcess::progressed,
                     [this](double fraction, double seconds, const QString& text) {
                       fractions_.push_back(fraction);
                       secondsLeft_.push_back(seconds);
                       messages_ << text;
                     });
    QObject::connect(&process, &StageProcess::finished, [&](const StageOutcome& end) { outcome = end; });
    QSignalSpy finished(&process, &StageProcess::finished);
    process.start(steps);
    EXPECT_TRUE(finished.count() > 0 || finished.wait(kPatienceMs));
    return outcome;
  }

  TempFolder folder_;
  std::vector<double> fractions_;
  std::vector<double> secondsLeft_;
  QStringList messages_;
};

TEST_F(StageProcessTest, ReportsProgressAndPassesOverOtherLines) {
  const auto outcome = run(program(R"(
echo '{"progress": 0.25, "secondsLeft": 12.5, "message": "Reading"}'
echo 'not JSON'
echo '{"progress": 0.5, "secondsLeft": null, "message": "Reading"}'
exit 0)"));
  EXPECT_EQ(outcome.kind, StageOutcome::Kind::Done);
  EXPECT_EQ(fractions_, (std::vector<double>{0.25, 0.5}));
  EXPECT_EQ(secondsLeft_, (std::vector<double>{12.5, -1.0}));
}

TEST_F(StageProcessTest, RunsStepsInOrderAndCountsThemTogether) {
  const auto outcome = run(program(R"(echo "{\"progress\": 1, \"secondsLeft\": 0, \"message\": \"$3\"}")"),
                           {{"one"}, {"two"}});
  EXPECT_EQ(outcome.kind, StageOutcome::Kind::Done);
  EXPECT_EQ(fractions_, (std::vector<double>{0.5, 1.0}));
  EXPECT_EQ(messages_, (QStringList{"one", "two"}));
}

TEST_F(StageProcessTest, StopsAtTheFirstStepThatFails) {
  const auto outcome =
      run(program(R"(echo "{\"progress\": 1, \"message\": \"$3\"}"; exit 3)"), {{"one"}, {"two"}});
  EXPECT_EQ(outcome.kind, StageOutcome::Kind::Failed);
  EXPECT_EQ(messages_, (QStringList{"one"}));
}

TEST_F(StageProcessTest, ShowsTheMessageOfBadInput) {
  const auto outcome = run(program(R"(
echo 'coxa-cli: scan/7.dcm is truncated. Copy it again.' >&2
echo '[info] a detail for the log' >&2
exit 3)"));
  EXPECT_EQ(outcome.kind, StageOutcome::Kind::Failed);
  EXPECT_EQ(outcome.what.toStdString(), "scan/7.dcm is truncated. Copy it again.");
  EXPECT_TRUE(outcome.detail.contains("a detail for the log"));
}

TEST_F(StageProcessTest, ACrashSaysWhatToDo) {
  const auto outcome = run(program("kill -SEGV $$"));
  EXPECT_EQ(outcome.kind, StageOutcome::Kind::Failed);
  EXPECT_TRUE(outcome.what.contains("unexpectedly"));
  EXPECT_FALSE(outcome.advice.isEmpty());
}

TEST_F(StageProcessTest, AMissingProgramSaysWhatToDo) {
  const auto outcome = run("/nowhere/coxa-cli");
  EXPECT_EQ(outcome.kind, StageOutcome::Kind::Failed);
  EXPECT_TRUE(outcome.advice.contains("COXA_CLI"));
}

TEST_F(StageProcessTest, CancelEndsTheChild) {
  StageProcess process(program("echo '{\"progress\": 0.1}'; exec sleep 60"));
  StageOutcome outcome{};
  QObject::connect(&process, &StageProcess::finished, [&](const StageOutcome& end) { outcome = end; });
  QSignalSpy progressed(&process, &StageProcess::progressed);
  QSignalSpy finished(&process, &StageProcess::finished);
  process.start({{}});
  ASSERT_TRUE(progressed.wait(kPatienceMs));
  process.cancel();
  ASSERT_TRUE(finished.wait(kPatienceMs));
  EXPECT_EQ(outcome.kind, StageOutcome::Kind::Cancelled);
  EXPECT_FALSE(process.isRunning());
}

TEST_F(StageProcessTest, AStubbornChildIsKilled) {
  StageProcess process(program("trap '' TERM; echo '{\"progress\": 0.1}'; while :; do sleep 0.1; done"));
  QSignalSpy progressed(&process, &StageProcess::progressed);
  QSignalSpy finished(&process, &StageProcess::finished);
  process.start({{}});
  ASSERT_TRUE(progressed.wait(kPatienceMs));
  process.cancel();
  EXPECT_TRUE(finished.wait(kPatienceMs));
}

TEST(TimeLeft, IsRoundedForTheEye) {
  EXPECT_EQ(timeLeftText(-1.0), "");
  EXPECT_EQ(timeLeftText(12.4), "12 s left");
  EXPECT_EQ(timeLeftText(150.0), "3 min left");
}

}  // namespace
}  // namespace coxa
