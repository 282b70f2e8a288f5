#include "training/backends/run_outcome.h"

#include <QCoreApplication>
#include <string>

namespace fs = std::filesystem;

namespace retort {
namespace {

QString whatHappened(const std::optional<EndEvent>& end, const std::optional<ExitStatus>& status) {
    const QString said = end ? QString::fromStdString(end->error) : QString();
    const QString exit = status ? QString::fromStdString(status->text()) : QString();
    if (said.contains(QLatin1Char('\n'))) return said;
    if (!said.isEmpty())
        return exit.isEmpty() ? said
                              : QCoreApplication::translate("retort::RunOutcome", "%1 (%2)").arg(said, exit);
    if (!exit.isEmpty())
        return QCoreApplication::translate("retort::RunOutcome", "The trainer ended unexpectedly: %1")
            .arg(exit);
    return QCoreApplication::translate("retort::RunOutcome",
                                       "The trainer ended unexpectedly, without saying why");
}

std::int64_t sizeOrZero(const fs::path& file) {
    std::error_code code;
    const auto size = fs::file_size(file, code);
    return code ? 0 : std::int64_t(size);
}

bool endedWell(const std::optional<EndEvent>& end, const std::optional<ExitStatus>& status) {
    // What retort-cli ends with when a signal asked it to stop, and it did so in good order.
    constexpr int interrupted = 130;
    if (!status) return end && end->outcome != "failed";
    if (status->isClean()) return true;
    return !status->signalled && status->code == interrupted && end && end->outcome == "stopped";
}

}  // namespace

AttemptStart AttemptStart::now(const RunDirectory& run) {
    return {sizeOrZero(run.eventsFile()), sizeOrZero(run.stderrFile())};
}

QString lastLines(const fs::path& file, std::int64_t offset, int count) {
    const std::string tail = readTail(file, offset);
    QStringList lines = QString::fromUtf8(tail.data(), qsizetype(tail.size())).split(QLatin1Char('\n'));
    while (!lines.isEmpty() && lines.last().trimmed().isEmpty()) lines.removeLast();
    return lines.mid(std::max<qsizetype>(0, lines.size() - count)).join(QLatin1Char('\n'));
}

QString describeEnd(const RunDirectory& run, const std::optional<ExitStatus>& status,
                    const AttemptStart& start) {
    const std::optional<EndEvent> end = endOfLastAttempt(run, start.events);
    if (endedWell(end, status)) return {};
    const QString lines = lastLines(run.stderrFile(), start.standardError);
    const QString what = whatHappened(end, status);
    // A command's error has its last words already.
    const bool hasLines = end && end->error.find('\n') != std::string::npos;
    return lines.isEmpty() || hasLines ? what : what + QLatin1Char('\n') + lines;
}

}  // namespace retort
