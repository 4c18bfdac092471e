#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>

namespace coxa {

/// How a child process ended, in words for the user.
struct StageOutcome {
  enum class Kind { Done, Cancelled, Failed };
  Kind kind = Kind::Done;
  QString what;    ///< what happened
  QString advice;  ///< what to do
  QString detail;  ///< the end of its messages, for the curious
};

/// One long stage as a `coxa-cli` child process: a crash, an out-of-memory or a cancel never takes the window
/// along. Reads its progress as JSON lines from stdout: {"progress": 0 to 1,
/// "secondsLeft", "message"}.
class StageProcess : public QObject {
  Q_OBJECT
 public:
  explicit StageProcess(QString program, QObject* parent = nullptr);
  ~StageProcess() override;  ///< ends a running child

  /// Runs the program once for each step's arguments, with "--progress json", until one fails. Progress goes
  /// over all steps. Only while nothing runs.
  void start(const QList<QStringList>& steps);
  /// Asks the child to stop; one that does not within five seconds is killed.
  void cancel();
  bool isRunning() const;

 Q_SIGNALS:
  /// `fraction` 0 to 1; `secondsLeft` is negative while unknown.
  void progressed(double fraction, double secondsLeft, const QString& message);
  void finished(const coxa::StageOutcome& outcome);

 private:
  void startStep();
  void endStep(int exitCode, QProcess::ExitStatus status);
  void readProgress();
  void readMessages();
  void end(const StageOutcome& outcome);
  StageOutcome outcomeOf(int exitCode, QProcess::ExitStatus status) const;
  QString lastMessage() const;

  QString program_;
  QList<QStringList> steps_;
  qsizetype step_ = 0;
  QProcess process_;
  QTimer killTimer_;
  QByteArray messages_;  ///< the end of what the child wrote to stderr
  bool cancelled_ = false;
};

/// The `coxa-cli` that belongs to this program: $COXA_CLI when set, else beside it, else on the path.
QString findCoxaCli();

/// "3 min left", "20 s left"; empty while unknown.
QString timeLeftText(double seconds);

}  // namespace coxa
