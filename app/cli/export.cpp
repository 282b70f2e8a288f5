// retort-cli export: a run's data with every digit, as CSV or JSON lines.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "app/cli/context.h"
#include "core/config/values.h"
#include "core/traces/trace_json.h"
#include "core/util/error.h"
#include "core/util/json_text.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

// A file is written beside its place and renamed when it is whole; without a name it is standard output.
class Output {
  public:
    explicit Output(const std::string& file) : m_target(file) {
        if (file.empty()) return;
        m_temporary = file + ".part";
        m_file.open(m_temporary, std::ios::binary | std::ios::trunc);
        if (!m_file) throw Error("cannot write this file", file);
    }
    ~Output() {
        std::error_code code;
        if (!m_temporary.empty()) fs::remove(m_temporary, code);
    }

    void write(const std::string& text) {
        std::ostream& stream = m_target.empty() ? std::cout : m_file;
        stream.write(text.data(), std::streamsize(text.size()));
        if (!stream) throw Error("cannot write", m_target.empty() ? "standard output" : m_target);
    }

    void finish() {
        if (m_target.empty()) {
            if (!std::cout.flush()) throw Error("cannot write", "standard output");
            return;
        }
        m_file.close();
        if (!m_file) throw Error("cannot write: is the disk full?", m_target);
        fs::rename(m_temporary, m_target);
        m_temporary.clear();
    }

  private:
    std::string m_target, m_temporary;
    std::ofstream m_file;
};

// RFC 4180.
std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? "\"\"" : std::string(1, c));
    return quoted + "\"";
}

std::string csvNumber(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return shortestNumber(value);
}

std::string csvNumber(const std::optional<double>& value) {
    return value ? csvNumber(*value) : "";
}

void writePoints(StoreReader& reader, RowId run, bool csv, bool superseded, Output& out) {
    if (csv) out.write("series,step,tokens,time,value,attempt,superseded\n");
    for (const SeriesRow& series : reader.series(run)) {
        const std::string name = csvField(series.name);
        std::string text;
        for (const SeriesPoint& point : reader.points(series.id, superseded)) {
            if (csv) {
                text.append(name).append(",").append(std::to_string(point.step)).append(",");
                text.append(std::to_string(point.tokens)).append(",").append(csvNumber(point.t)).append(",");
                text.append(csvNumber(point.value)).append(",").append(std::to_string(point.attempt));
                text.append(point.superseded ? ",1\n" : ",0\n");
            } else {
                text += '{';
                JsonMembers(text)
                    .add("series", series.name)
                    .add("step", point.step)
                    .add("tokens", point.tokens)
                    .add("time", point.t)
                    .add("value", point.value)
                    .add("attempt", point.attempt)
                    .add("superseded", point.superseded);
                text += "}\n";
            }
        }
        out.write(text);
    }
}

std::string traceCsv(const Trace& trace) {
    std::string text;
    const auto add = [&](const std::string& field) { text.append(text.empty() ? "" : ",").append(field); };
    add(std::to_string(trace.step));
    add(trace.phase);
    add(csvField(trace.task));
    add(csvField(trace.problemId));
    add(std::to_string(trace.group));
    add(std::to_string(trace.sample));
    add(csvField(trace.prompt));
    add(csvField(trace.completion));
    add(csvField(trace.gold));
    add(csvField(trace.extracted));
    add(trace.correct ? "1" : "0");
    add(trace.worked ? "1" : "0");
    add(csvNumber(trace.reward));
    add(csvNumber(trace.advantage));
    add(csvNumber(trace.stepAccuracy));
    add(std::to_string(trace.numTokens));
    add(trace.finish);
    return text + "\n";
}

void writeTraces(StoreReader& reader, RowId run, bool csv, Output& out) {
    if (csv)
        out.write(
            "step,phase,task,problem,group,sample,prompt,completion,gold,extracted,correct,worked,reward,"
            "advantage,"
            "step_accuracy,tokens,finish\n");
    TraceFilter filter;
    filter.run = run;
    filter.order = TraceFilter::Order::Oldest;
    constexpr std::int64_t page = 500;
    for (std::int64_t offset = 0;; offset += page) {
        const std::vector<TraceRow> rows = reader.traces(filter, offset, page);
        for (const TraceRow& row : rows) {
            const std::optional<Trace> trace = reader.trace(row.id);
            if (!trace) continue;
            std::string line;
            if (csv) {
                line = traceCsv(*trace);
            } else {
                line = "{";
                appendTraceMembers(*trace, line);
                line += "}\n";
            }
            out.write(line);
        }
        if (std::int64_t(rows.size()) < page) return;
    }
}

void writeEvaluations(StoreReader& reader, RowId run, bool csv, Output& out) {
    if (csv) out.write("step,time,name,set,metric,value\n");
    for (const EvaluationRow& row : reader.evaluations(run)) {
        std::string text;
        if (csv) {
            for (const auto& [metric, value] : row.metrics) {
                text.append(std::to_string(row.step)).append(",").append(csvNumber(row.t)).append(",");
                text.append(csvField(row.name)).append(",").append(csvField(row.setHash)).append(",");
                text.append(csvField(metric)).append(",").append(csvNumber(value)).append("\n");
            }
        } else {
            text += '{';
            JsonMembers members(text);
            members.add("step", row.step).add("time", row.t).add("name", row.name).add("set", row.setHash);
            appendJsonNumberMap(members.key("metrics"), row.metrics);
            appendJsonArray(members.key("items"), reader.evaluationItems(row.id),
                            [](std::string& line, const EvaluationItem& item) {
                                line += '{';
                                JsonMembers(line)
                                    .add("problem", item.problemId)
                                    .add("samples", item.samples)
                                    .add("correct", item.correct)
                                    .add("mean_tokens", item.meanTokens);
                                line += '}';
                            });
            text += "}\n";
        }
        out.write(text);
    }
}

}  // namespace

int runExport(Context& context) {
    const Arguments& arguments = context.arguments();
    StoreReader reader = context.reader();
    const RowId run = context.findRun(reader, arguments.positional(0)).id;
    const std::string what = arguments.text("--what", "points");
    const bool csv = arguments.text("--format", "csv") == "csv";
    Output out(arguments.text("--out"));
    if (what == "points") writePoints(reader, run, csv, arguments.has("--superseded"), out);
    if (what == "traces") writeTraces(reader, run, csv, out);
    if (what == "evaluations") writeEvaluations(reader, run, csv, out);
    out.finish();
    if (!arguments.text("--out").empty()) context.note("written to " + arguments.text("--out"));
    return exitOk;
}

}  // namespace retort::cli
