#include "views/traces/trace_text.h"

#include <QCoreApplication>
#include <QSaveFile>

#include "core/runlog/codec.h"
#include "core/util/error.h"
#include "core/util/json.h"
#include "views/models/format.h"
#include "views/models/trace_segments.h"
#include "views/models/verdict_glyph.h"

namespace retort {

namespace {

struct TraceText {
    Q_DECLARE_TR_FUNCTIONS(TraceText)
};

std::string csvCell(std::string text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string csvNumber(const std::optional<double>& value) {
    return value ? Json(*value).dump() : std::string();
}

std::string csvLine(const Trace& trace) {
    std::string line;
    for (const std::string& cell :
         {std::to_string(trace.step), trace.phase, trace.task, trace.problemId, std::to_string(trace.group),
          std::to_string(trace.sample), std::string(trace.correct ? "1" : "0"),
          std::string(trace.worked ? "1" : "0"), csvNumber(trace.reward), csvNumber(trace.advantage),
          csvNumber(trace.stepAccuracy), std::to_string(trace.numTokens), trace.finish, trace.prompt,
          trace.completion, trace.gold, trace.extracted}) {
        line += csvCell(cell) + ',';
    }
    line.back() = '\n';
    return line;
}

void put(QSaveFile& out, const std::string& text) {
    if (out.write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size())) {
        throw Error("could not write: " + out.errorString().toStdString(), out.fileName().toStdString());
    }
}

}  // namespace

QString traceAsText(const Trace& trace) {
    QStringList lines{toQString(trace.prompt)};
    for (const TraceSegment& segment : segmentTrace(trace)) {
        const QString text = toQString(std::string_view(trace.completion)
                                           .substr(static_cast<std::size_t>(segment.begin),
                                                   static_cast<std::size_t>(segment.end - segment.begin)));
        if (segment.kind != TraceSegment::Kind::Step) {
            lines << text;
            continue;
        }
        QString line =
            QStringLiteral("%1 %2  %3").arg(segment.number, 3).arg(verdictGlyph(segment.verdict), text);
        if (!segment.reason.empty()) line += QStringLiteral("   (%1)").arg(toQString(segment.reason));
        lines << line;
    }
    lines << TraceText::tr("answer: %1 %2, reference: %3")
                 .arg(trace.extracted.empty() ? QStringLiteral("–") : toQString(trace.extracted),
                      verdictGlyph(trace.correct ? StepVerdict::Correct : StepVerdict::Wrong),
                      toQString(trace.gold));
    if (trace.reward) lines << TraceText::tr("reward: %1").arg(formatNumber(*trace.reward));
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

std::string traceAsJson(const Trace& trace, int indent) {
    std::string line;
    encodeEvent({1, 0, TraceEvent{trace}}, line);
    Json json = Json::parse(line);
    for (const char* envelope : {"seq", "t", "kind"}) json.erase(envelope);
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::int64_t exportTraces(StoreReader& reader, const TraceFilter& filter, const QString& file,
                          TraceFileFormat format) {
    constexpr std::int64_t window = 500;
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly)) {
        throw Error("could not open the file: " + out.errorString().toStdString(), file.toStdString());
    }
    if (format == TraceFileFormat::Csv) {
        put(out,
            "step,phase,task,problem,group,sample,correct,worked,reward,advantage,step_accuracy,tokens,"
            "finish,prompt,"
            "completion,gold,extracted\n");
    }
    std::int64_t written = 0;
    for (std::int64_t offset = 0;; offset += window) {
        const std::vector<TraceRow> rows = reader.traces(filter, offset, window);
        for (const TraceRow& row : rows) {
            const auto trace = reader.trace(row.id);
            if (!trace) continue;
            put(out, format == TraceFileFormat::Csv ? csvLine(*trace) : traceAsJson(*trace, -1) + "\n");
            ++written;
        }
        if (static_cast<std::int64_t>(rows.size()) < window) break;
    }
    if (!out.commit()) throw Error("could not write: " + out.errorString().toStdString(), file.toStdString());
    return written;
}

}  // namespace retort
