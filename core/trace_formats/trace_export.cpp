#include "core/trace_formats/trace_export.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "core/datasets/output_file.h"
#include "core/trace_formats/prm800k.h"
#include "core/trace_formats/process_bench.h"
#include "core/trace_formats/trace_steps.h"
#include "core/traces/trace_json.h"
#include "core/util/error.h"
#include "core/util/json_text.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::array<std::pair<TraceExportFormat, std::string_view>, 7> formats = {{
    {TraceExportFormat::Prm800k, "prm800k"},
    {TraceExportFormat::ProcessBench, "processbench"},
    {TraceExportFormat::TrlStepwise, "trl-stepwise"},
    {TraceExportFormat::TrlPreference, "trl-preference"},
    {TraceExportFormat::TrlSft, "trl-sft"},
    {TraceExportFormat::Csv, "csv"},
    {TraceExportFormat::Jsonl, "jsonl"},
}};

// RFC 4180.
std::string csvField(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? "\"\"" : std::string(1, c));
    return quoted + "\"";
}

std::string csvNumber(const std::optional<double>& value) {
    if (!value) return "";
    if (std::isnan(*value)) return "NaN";
    if (std::isinf(*value)) return *value > 0 ? "Infinity" : "-Infinity";
    char digits[32];
    return std::string(digits, std::to_chars(digits, digits + sizeof digits, *value).ptr);
}

constexpr std::string_view csvHead =
    "step,phase,task,problem,group,sample,prompt,completion,gold,extracted,correct,reward,advantage,tokens,"
    "finish,steps,first_error,verdicts";

/// `verdicts` has a sign a step: + right, - wrong, 0 neutral, ? unchecked.
std::string csvRow(const Trace& trace) {
    std::string verdicts;
    for (const StepText& step : stepTexts(trace))
        verdicts += step.neutral                           ? '0'
                    : step.verdict == StepVerdict::Correct ? '+'
                    : step.verdict == StepVerdict::Wrong   ? '-'
                                                           : '?';
    std::string row;
    for (const std::string& field :
         {std::to_string(trace.step), csvField(trace.phase), csvField(trace.task), csvField(trace.problemId),
          std::to_string(trace.group), std::to_string(trace.sample), csvField(trace.prompt),
          csvField(trace.completion), csvField(trace.gold), csvField(trace.extracted),
          std::string(trace.correct ? "1" : "0"), csvNumber(trace.reward), csvNumber(trace.advantage),
          std::to_string(trace.numTokens), csvField(trace.finish), std::to_string(trace.steps.size()),
          trace.steps.empty() ? std::string() : std::to_string(firstWrongStep(trace)), verdicts})
        row.append(row.empty() ? "" : ",").append(field);
    return row;
}

}  // namespace

std::string_view name(TraceExportFormat format) {
    return formats[std::size_t(format)].second;
}

std::optional<TraceExportFormat> traceExportFormatNamed(std::string_view name) {
    for (const auto& [format, each] : formats)
        if (each == name) return format;
    return std::nullopt;
}

std::vector<std::string> traceExportFormatNames() {
    std::vector<std::string> names;
    for (const auto& each : formats) names.emplace_back(each.second);
    return names;
}

struct TraceExporter::Impl {
    TraceExportOptions options;
    std::unique_ptr<OutputFile> file;
    std::int64_t written = 0, skipped = 0;
    std::map<std::string, std::int64_t> why;
    std::string held;  // of a JSON list: what still needs its comma or the list's end

    void write(std::string line) {
        ++written;
        if (options.format != TraceExportFormat::ProcessBench) return file->writeLine(line);
        if (!held.empty()) file->writeLine(held + ",");
        held = std::move(line);
    }

    void skip(const std::string& reason) {
        ++skipped;
        ++why[reason];
    }

    /// A step's label where there are two, and what neutral means has to be known.
    StepVerdict labelOf(const StepText& step, const Trace& trace) const {
        if (!step.neutral) return step.verdict;
        if (!options.neutral)
            throw Error("a step is rated neutral, for which this format has no label", trace.problemId,
                        "say what it is to count as: correct, wrong or unlabelled");
        if (*options.neutral == NeutralMeaning::Unlabelled) return StepVerdict::Unchecked;
        return *options.neutral == NeutralMeaning::Correct ? StepVerdict::Correct : StepVerdict::Wrong;
    }

    void addProcessBench(const Trace& trace) {
        ProcessBenchRecord record{trace.problemId, options.generator, trace.prompt, {}, trace.correct, -1};
        bool open = false;
        for (const StepText& step : stepTexts(trace)) {
            const StepVerdict label = labelOf(step, trace);
            if (record.label < 0 && label == StepVerdict::Wrong)
                record.label = std::int64_t(record.steps.size());
            open = open || (record.label < 0 && label == StepVerdict::Unchecked);
            record.steps.emplace_back(step.text);
        }
        if (record.steps.empty()) return skip("without steps");
        if (open) return skip("with an unlabelled step before the first wrong one");
        std::string line;
        appendProcessBench(record, line);
        write(std::move(line));
    }

    void addStepwise(const Trace& trace) {
        std::vector<StepText> steps;
        for (StepText step : stepTexts(trace)) {
            step.verdict = labelOf(step, trace);
            if (step.verdict == StepVerdict::Unchecked) break;
            steps.push_back(step);
        }
        if (steps.empty()) return skip("without labelled steps");
        std::string line = "{";
        JsonMembers members(line);
        members.add("prompt", trace.prompt);
        appendJsonArray(members.key("completions"), steps,
                        [](std::string& out, const StepText& step) { appendJsonString(out, step.text); });
        appendJsonArray(members.key("labels"), steps, [](std::string& out, const StepText& step) {
            out += step.verdict == StepVerdict::Correct ? "true" : "false";
        });
        write(line + "}");
    }

    void addPrm800k(const Trace& trace) {
        const auto record = prm800kOf(trace, options.labeler, options.timestamp);
        if (!record)
            return skip(trace.steps.empty() ? "without steps"
                                            : "with an unlabelled step before the first wrong one");
        std::string line;
        appendPrm800k(*record, line);
        write(std::move(line));
    }

    void addSft(const Trace& trace) {
        if (!trace.correct) return skip("not known to be right");
        std::string line = "{";
        JsonMembers(line).add("prompt", trace.prompt).add("completion", trace.completion);
        write(line + "}");
    }
};

TraceExporter::TraceExporter(const fs::path& file, TraceExportOptions options)
    : m_impl(std::make_unique<Impl>()) {
    std::error_code code;
    if (!options.overwrite && fs::exists(file, code))
        throw Error("exists already", file.string(), "--overwrite replaces it");
    m_impl->options = std::move(options);
    m_impl->file = std::make_unique<OutputFile>(file);
    if (m_impl->options.format == TraceExportFormat::Csv) m_impl->file->writeLine(csvHead);
    if (m_impl->options.format == TraceExportFormat::ProcessBench) m_impl->file->writeLine("[");
}

TraceExporter::~TraceExporter() = default;

void TraceExporter::add(const Trace& trace) {
    switch (m_impl->options.format) {
        case TraceExportFormat::Prm800k:
            return m_impl->addPrm800k(trace);
        case TraceExportFormat::ProcessBench:
            return m_impl->addProcessBench(trace);
        case TraceExportFormat::TrlStepwise:
            return m_impl->addStepwise(trace);
        case TraceExportFormat::TrlSft:
            return m_impl->addSft(trace);
        case TraceExportFormat::Csv:
            return m_impl->write(csvRow(trace));
        case TraceExportFormat::Jsonl: {
            std::string line = "{";
            appendTraceMembers(trace, line);
            return m_impl->write(line + "}");
        }
        case TraceExportFormat::TrlPreference:
            throw Error("preferences are written in pairs");
    }
}

void TraceExporter::addPair(const Trace& chosen, const Trace& rejected) {
    if (chosen.completion == rejected.completion) return m_impl->skip("the same completion twice");
    if (!isKnownWrong(rejected)) return m_impl->skip("not known to be wrong");
    std::string line = "{";
    JsonMembers(line)
        .add("prompt", chosen.prompt)
        .add("chosen", chosen.completion)
        .add("rejected", rejected.completion);
    m_impl->write(line + "}");
}

bool TraceExporter::isKnownWrong(const Trace& trace) {
    return !trace.correct && (trace.reward || firstWrongStep(trace) >= 0 || trace.finish == "length");
}

TraceExportReport TraceExporter::finish() {
    if (m_impl->options.format == TraceExportFormat::ProcessBench) {
        if (!m_impl->held.empty()) m_impl->file->writeLine(m_impl->held);
        m_impl->file->writeLine("]");
    }
    m_impl->file->finish();
    return {m_impl->written, m_impl->skipped, {m_impl->why.begin(), m_impl->why.end()}};
}

}  // namespace retort
