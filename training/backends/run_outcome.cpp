#include "training/backends/run_outcome.h"

#include <QCoreApplication>
#include <fstream>
#include <string>

#include "core/runlog/codec.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

// An end event with its error, or twenty lines of output, fit easily; a runaway log costs no more than this.
constexpr std::int64_t tailBytes = 64 << 10;

std::string readTail(const fs::path& file, std::int64_t offset) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return {};
    const std::int64_t size = in.tellg();
    const std::int64_t from = std::max(offset, size - tailBytes);
    if (from >= size) return {};
    std::string tail(std::size_t(size - from), '\0');
    in.seekg(from);
    in.read(tail.data(), std::streamsize(tail.size()));
    tail.resize(std::size_t(in.gcount()));
    return tail;
}

QString whatHappened(const std::optional<EndEvent>& end, const std::optional<ExitStatus>& status) {
    const QString said = end ? QString::fromStdString(end->error) : QString();
    const QString exit = status ? QString::fromStdString(status->text()) : QString();
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

std::optional<EndEvent> endOfLastAttempt(const RunDirectory& run, std::int64_t from) {
    std::string tail = readTail(run.eventsFile(), from);
    // A line without its newline is not there yet.
    const std::size_t lastNewline = tail.rfind('\n');
    if (lastNewline == std::string::npos) return std::nullopt;
    tail.resize(lastNewline);
    const std::size_t before = tail.rfind('\n');
    try {
        EventDecoder decoder;
        Event event =
            decoder.decode(std::string_view(tail).substr(before == std::string::npos ? 0 : before + 1));
        if (auto* end = std::get_if<EndEvent>(&event.payload)) return std::move(*end);
    } catch (const Error&) {
        // A foreign or cut-off line is no end event; whoever follows the log reports it.
    }
    return std::nullopt;
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
    return lines.isEmpty() ? what : what + QLatin1Char('\n') + lines;
}

}  // namespace retort
