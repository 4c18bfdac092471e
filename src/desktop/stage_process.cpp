#include "stage_process.hpp"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <chrono>
#include <cmath>

namespace coxa {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 5s;              // between asking a child to stop and killing it
constexpr qsizetype kMessagesKept = 16384;  // bytes of stderr

// Exit codes of coxa-cli.
enum ExitCode { Done = 0, Usage = 2, BadInput = 3, Cancelled = 4, Internal = 5 };

}  // namespace

StageProcess::StageProcess(QString program, QObject* parent) : QObject(parent), program_(std::move(program)) {
  killTimer_.setSingleShot(true);
  killTimer_.setInterval(kPatience);
  connect(&killTimer_, &QTimer::timeout, &process_, &QProcess::kill);
  connect(&process_, &QProcess::readyReadStandardOutput, this, &StageProcess::readProgress);
  connect(&process_, &QProcess::readyReadStandardError, this, &StageProcess::readMessages);
  connect(&process_, &QProcess::finished, this, &StageProcess::endStep);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;
    end({StageOutcome::Kind::Failed, tr("The program that does the computing, coxa-cli, did not start."),
         tr("Install Coxa again, or say where it is in the environment variable COXA_CLI."),
         process_.errorString()});
  });
}

StageProcess::~StageProcess() {
  process_.disconnect(this);
  if (!isRunning()) return;
  process_.kill();
  process_.waitForFinished(1000);
}

void StageProcess::start(const QList<QStringList>& steps) {
  Q_ASSERT(!isRunning() && !steps.isEmpty());
  cancelled_ = false;
  steps_ = steps;
  step_ = 0;
  startStep();
}

void StageProcess::startStep() {
  messages_.clear();
  process_.start(program_, QStringList{QStringLiteral("--progress"), QStringLiteral("json")} + steps_[step_]);
}

void StageProcess::endStep(int exitCode, QProcess::ExitStatus status) {
  const StageOutcome outcome = outcomeOf(exitCode, status);
  if (outcome.kind == StageOutcome::Kind::Done && !cancelled_ && ++step_ < steps_.size())
    startStep();
  else
    end(outcome);
}

void StageProcess::cancel() {
  if (!isRunning() || cancelled_) return;
  cancelled_ = true;
  process_.terminate();
  killTimer_.start();
}

bool StageProcess::isRunning() const {
  return process_.state() != QProcess::NotRunning;
}

void StageProcess::readProgress() {
  while (process_.canReadLine()) {
    const QJsonObject line = QJsonDocument::fromJson(process_.readLine()).object();
    if (!line.contains(QLatin1String("progress"))) continue;
    const double done = static_cast<double>(step_) + line[QLatin1String("progress")].toDouble();
    Q_EMIT progressed(done / static_cast<double>(steps_.size()),
                      line[QLatin1String("secondsLeft")].toDouble(-1.0),
                      line[QLatin1String("message")].toString());
  }
}

void StageProcess::readMessages() {
  messages_ = (messages_ + process_.readAllStandardError()).right(kMessagesKept);
}

void StageProcess::end(const StageOutcome& outcome) {
  killTimer_.stop();
  Q_EMIT finished(outcome);
}

StageOutcome StageProcess::outcomeOf(int exitCode, QProcess::ExitStatus status) const {
  using Kind = StageOutcome::Kind;
  const QString detail = QString::fromUtf8(messages_).trimmed();
  if (status == QProcess::NormalExit && exitCode == ExitCode::Done) return {Kind::Done, {}, {}, detail};
  if (cancelled_ || exitCode == ExitCode::Cancelled)
    return {Kind::Cancelled, tr("Cancelled. The case is as it was before."), {}, detail};
  if (status == QProcess::CrashExit)
    return {Kind::Failed, tr("The computation ended unexpectedly. Your case is unharmed."),
            tr("The computer may have run out of memory. Close other programs and try again."), detail};
  const QString said = lastMessage();
  switch (exitCode) {
    case ExitCode::BadInput:
      return {Kind::Failed, said.isEmpty() ? tr("The data cannot be used.") : said, {}, detail};
    case ExitCode::Usage:
      return {Kind::Failed, said, tr("The window and coxa-cli do not fit together. Install Coxa again."),
              detail};
    default:
      return {Kind::Failed, said.isEmpty() ? tr("The computation failed.") : said,
              tr("This is a fault of the program. Try again; if it stays, report it with the details."),
              detail};
  }
}

/// What coxa-cli says to the user; log lines may follow it.
QString StageProcess::lastMessage() const {
  static const QByteArray kPrefix = "coxa-cli: ";
  const qsizetype start = messages_.lastIndexOf(kPrefix);
  if (start < 0) return QString::fromUtf8(messages_.trimmed().split('\n').last());
  return QString::fromUtf8(messages_.mid(start + kPrefix.size()).split('\n').first()).trimmed();
}

QString findCoxaCli() {
  const QString fromEnvironment = qEnvironmentVariable("COXA_CLI");
  if (!fromEnvironment.isEmpty()) return fromEnvironment;
  const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("coxa-cli"));
  if (QFileInfo(beside).isExecutable()) return beside;
  const QString onPath = QStandardPaths::findExecutable(QStringLiteral("coxa-cli"));
  return onPath.isEmpty() ? beside : onPath;
}

QString timeLeftText(double seconds) {
  if (seconds < 0.0) return {};
  if (seconds < 90.0)
    return StageProcess::tr("%n s left", nullptr, static_cast<int>(std::max(1.0, std::round(seconds))));
  return StageProcess::tr("%n min left", nullptr, static_cast<int>(std::round(seconds / 60.0)));
}

}  // namespace coxa
