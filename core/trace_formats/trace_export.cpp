#include "core/trace_formats/trace_export.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "core/datasets/output_file.h"
#include "core/trace_formats/prm800k.h"
#include "core/trace_formats/process_bench.h"
#include "core/traces/trace_json.h"
#include "core/util/error.h"
#include "core/util/json_text.h"
#include "core/util/text.h"

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

/// `verdicts` has a sign a step: + right, - wrong, 0 neutral, ? unlabelled.
std::string csvRow(const Trace& trace, const std::vector<StepLabel>& labels) {
    std::string verdicts;
    for (const StepLabel& step : labels)
        verdicts += !step.rating ? '?' : *step.rating > 0 ? '+' : *step.rating < 0 ? '-' : '0';
    std::string row;
    for (const std::string& field :
         {std::to_string(trace.step), csvField(trace.phase), csvField(trace.task), csvField(trace.problemId),
          std::to_string(trace.group), std::to_string(trace.sample), csvField(trace.prompt),
          csvField(trace.completion), csvField(trace.gold), csvField(trace.extracted),
          std::string(trace.correct ? "1" : "0"), csvNumber(trace.reward), csvNumber(trace.advantage),
          std::to_string(trace.numTokens), csvField(trace.finish), std::to_string(labels.size()),
          labels.empty() ? std::string() : std::to_string(firstWrong(labels)), verdicts})
        row.append(row.empty() ? "" : ",").append(field);
    return row;
}

std::string pairLine(std::string_view prompt, std::string_view chosen, std::string_view rejected) {
    std::string line = "{";
    JsonMembers(line).add("prompt", prompt).add("chosen", chosen).add("rejected", rejected);
    return line + "}";
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
    std::optional<Prm800kBuilder> pending;
    std::string pendingLabeler, pendingTimestamp;

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

    /// The labels of the lane, or of the only one that the trace has.
    std::vector<StepLabel> labelsOf(const Trace& trace) {
        if (options.lane) return stepLabels(trace, *options.lane, options.threshold);
        const auto lane = chooseLane(labelLanes(trace), std::nullopt);
        return stepLabels(trace, lane.value_or(LaneName{}), options.threshold);
    }

    std::string labelerOf(const Trace& trace, const AnnotatedSolution* said) const {
        if (!options.labeler.empty()) return options.labeler;
        if (said) return said->annotator;
        const auto lane = options.lane ? options.lane : chooseLane(labelLanes(trace), std::nullopt);
        return lane && !lane->name.empty() ? lane->name : "retort";
    }

    /// A step's label where there are two, and what neutral means has to be known.
    std::optional<bool> labelOf(const StepLabel& step, const Trace& trace) const {
        if (!step.rating) return std::nullopt;
        if (*step.rating != 0) return *step.rating > 0;
        if (!options.neutral)
            throw Error("a step is rated neutral, for which this format has no label", trace.problemId,
                        "say what it is to count as: correct, wrong or unlabelled");
        if (*options.neutral == NeutralMeaning::Unlabelled) return std::nullopt;
        return *options.neutral == NeutralMeaning::Correct;
    }

    void addProcessBench(const Trace& trace) {
        ProcessBenchRecord record{trace.problemId, options.generator, trace.prompt, {}, trace.correct, -1};
        bool open = false;
        for (const StepLabel& step : labelsOf(trace)) {
            const std::optional<bool> label = labelOf(step, trace);
            if (record.label < 0 && label == false) record.label = std::int64_t(record.steps.size());
            open = open || (record.label < 0 && !label);
            record.steps.emplace_back(step.text);
        }
        if (record.steps.empty()) return skip("without steps");
        if (open) return skip("with an unlabelled step before the first wrong one");
        std::string line;
        appendProcessBench(record, line);
        write(std::move(line));
    }

    void addStepwise(const Trace& trace) {
        std::vector<std::pair<std::string_view, bool>> steps;
        for (const StepLabel& step : labelsOf(trace)) {
            const std::optional<bool> label = labelOf(step, trace);
            if (!label) break;
            steps.emplace_back(step.text, *label);
            // An opening mark ("<") goes with the first step, so that prompt and steps join to the text as it
            // was.
            const std::string_view opening =
                std::string_view(trace.completion).substr(0, std::size_t(step.begin));
            if (steps.size() == 1 && !trimmed(opening).empty())
                steps[0].first = std::string_view(trace.completion).substr(0, std::size_t(step.end));
        }
        if (steps.empty()) return skip("without labelled steps");
        std::string line = "{";
        JsonMembers members(line);
        members.add("prompt", trace.prompt);
        appendJsonArray(members.key("completions"), steps,
                        [](std::string& out, const auto& step) { appendJsonString(out, step.first); });
        appendJsonArray(members.key("labels"), steps,
                        [](std::string& out, const auto& step) { out += step.second ? "true" : "false"; });
        write(line + "}");
    }

    void writePending() {
        if (!pending) return;
        Prm800kRecord record = pending->record();
        record.labeler = pendingLabeler;
        record.timestamp = pendingTimestamp;
        std::string line;
        appendPrm800k(record, line);
        pending.reset();
        write(std::move(line));
    }

    /// Alternatives to a solution's steps stand behind it, and come into its line.
    void addPrm800k(const Trace& trace, const AnnotatedSolution* said) {
        const std::vector<StepLabel> labels = labelsOf(trace);
        if (pending && pending->takeAlternative(trace, labels)) return;
        writePending();
        pending = Prm800kBuilder::from(trace, labels, said);
        pendingLabeler = labelerOf(trace, said);
        pendingTimestamp = said && said->t > 0 ? prm800kTime(said->t) : options.timestamp;
        if (!pending)
            skip(labels.empty() ? "without steps" : "with an unlabelled step before the first wrong one");
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

void TraceExporter::add(const Trace& trace, const AnnotatedSolution* said) {
    switch (m_impl->options.format) {
        case TraceExportFormat::Prm800k:
            return m_impl->addPrm800k(trace, said);
        case TraceExportFormat::ProcessBench:
            return m_impl->addProcessBench(trace);
        case TraceExportFormat::TrlStepwise:
            return m_impl->addStepwise(trace);
        case TraceExportFormat::TrlSft:
            return m_impl->addSft(trace);
        case TraceExportFormat::Csv:
            return m_impl->write(csvRow(trace, m_impl->labelsOf(trace)));
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
    const bool same = chosen.completion == rejected.completion;
    if (!same && !isKnownWrong(rejected)) return m_impl->skip("not known to be wrong");
    addPreference(chosen, rejected);
}

void TraceExporter::addPreference(const Trace& chosen, const Trace& rejected) {
    if (chosen.completion == rejected.completion) return m_impl->skip("the same completion twice");
    if (chosen.prompt != rejected.prompt) return m_impl->skip("completions of different prompts");
    m_impl->write(pairLine(chosen.prompt, chosen.completion, rejected.completion));
}

void TraceExporter::addCorrections(const Trace& trace, const AnnotatedSolution& said) {
    for (const StepLabel& step : stepLabels(trace, {LaneKind::Human, said.annotator})) {
        const std::string* correction = said.correctionOf(step.begin);
        if (!correction) continue;
        if (*correction == step.text || correction->empty()) {
            m_impl->skip("corrected to the same, or to nothing");
            continue;
        }
        m_impl->write(pairLine(trace.prompt + trace.completion.substr(0, std::size_t(step.begin)),
                               *correction, step.text));
    }
}

bool TraceExporter::isKnownWrong(const Trace& trace) {
    const bool wrongStep = std::any_of(trace.steps.begin(), trace.steps.end(), [](const TraceStep& step) {
        return step.verdict == StepVerdict::Wrong;
    });
    return !trace.correct && (trace.reward || wrongStep || trace.finish == "length");
}

bool needsLane(TraceExportFormat format) {
    return format == TraceExportFormat::Prm800k || format == TraceExportFormat::ProcessBench ||
           format == TraceExportFormat::TrlStepwise || format == TraceExportFormat::Csv;
}

TraceExportReport TraceExporter::finish() {
    m_impl->writePending();
    if (m_impl->options.format == TraceExportFormat::ProcessBench) {
        if (!m_impl->held.empty()) m_impl->file->writeLine(m_impl->held);
        m_impl->file->writeLine("]");
    }
    m_impl->file->finish();
    return {m_impl->written, m_impl->skipped, {m_impl->why.begin(), m_impl->why.end()}};
}

}  // namespace retort
