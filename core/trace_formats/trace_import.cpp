#include "core/trace_formats/trace_import.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <unordered_map>

#include "core/datasets/text_hash.h"
#include "core/trace_formats/record_reader.h"
#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

struct FormatEntry {
    TraceFormat format;
    std::string_view name;
    RowReader read;
};

constexpr std::array<FormatEntry, 12> formats = {{
    {TraceFormat::Retort, "retort", readRetortRow},
    {TraceFormat::Prm800k, "prm800k", readPrm800kRow},
    {TraceFormat::ProcessBench, "processbench", readProcessBenchRow},
    {TraceFormat::MathShepherd, "math-shepherd", readMathShepherdRow},
    {TraceFormat::TrlStepwise, "trl-stepwise", readDatasetRow},
    {TraceFormat::TrlPreference, "trl-preference", readDatasetRow},
    {TraceFormat::Verl, "verl", readVerlRow},
    {TraceFormat::OpenR1, "openr1", readDatasetRow},
    {TraceFormat::Conversations, "conversations", readDatasetRow},
    {TraceFormat::LmEvalSamples, "lm-eval", readLmEvalRow},
    {TraceFormat::InspectLog, "inspect", readInspectRow},
    {TraceFormat::Plain, "plain", readPlainRow},
}};

const FormatEntry& entry(TraceFormat format) {
    return *std::find_if(formats.begin(), formats.end(),
                         [format](const FormatEntry& each) { return each.format == format; });
}

/// What is known, but not read.
void refuseOthers(const fs::path& file, std::string_view beginning) {
    if (beginning.starts_with("PK\x03\x04"))
        throw Error("is a zip archive: Inspect's .eval logs are not read", file.string(),
                    "inspect log convert FILE --to json --output-dir DIR makes the .json log");
    if (beginning.starts_with("PAR1"))
        throw Error("is a Parquet file", file.string(),
                    "datasets.load_dataset(…).to_json(…) writes it as JSONL");
    if (beginning.starts_with("\x1f\x8b") || beginning.starts_with("\x28\xb5\x2f\xfd"))
        throw Error("is compressed", file.string(), "unpack it first");
}

/// The first bytes; a byte order mark and blanks are passed over.
std::string beginningOf(const fs::path& file) {
    std::error_code code;
    if (fs::is_directory(file, code)) throw Error("is a folder, a file was expected", file.string());
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw Error(std::string("cannot open: ") + std::strerror(errno), file.string());
    std::string text(4096, '\0');
    stream.read(text.data(), std::streamsize(text.size()));
    text.resize(std::size_t(stream.gcount()));
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    text.erase(0, text.find_first_not_of(" \t\r\n"));
    return text;
}

using Members = std::set<std::string, std::less<>>;

std::optional<TraceFormat> formatOf(const Members& has) {
    const auto all = [&](std::initializer_list<std::string_view> names) {
        return std::all_of(names.begin(), names.end(),
                           [&](std::string_view each) { return has.contains(each); });
    };
    if (all({"eval", "status"}) || all({"eval", "samples"})) return TraceFormat::InspectLog;
    if (all({"question", "label"})) return TraceFormat::Prm800k;
    if (all({"problem", "steps", "label"})) return TraceFormat::ProcessBench;
    if (all({"prompt", "completion", "phase", "num_tokens"})) return TraceFormat::Retort;
    if (all({"input", "output"}) && (has.contains("score") || has.contains("gts"))) return TraceFormat::Verl;
    if (all({"input", "label", "task"})) return TraceFormat::MathShepherd;
    if (all({"doc", "resps"}) || all({"doc_id", "resps"})) return TraceFormat::LmEvalSamples;
    if (all({"completions", "labels"})) return TraceFormat::TrlStepwise;
    if (all({"chosen", "rejected"})) return TraceFormat::TrlPreference;
    if (has.contains("generations")) return TraceFormat::OpenR1;
    if (all({"prompt", "completion"})) return TraceFormat::Plain;
    if (has.contains("conversations") || has.contains("messages")) return TraceFormat::Conversations;
    return std::nullopt;
}

/// "samples_gsm8k_2026-01-01T10-00-00.jsonl" is of gsm8k.
std::string taskOfSamples(const fs::path& file) {
    std::string name = file.stem().string();
    if (name.starts_with("samples_")) name.erase(0, 8);
    if (const std::size_t date = name.rfind("_20"); date != std::string::npos) name.erase(date);
    return name;
}

std::string inspectTask(const std::string& head) {
    simdjson::dom::parser parser;
    std::string_view task;
    if (parser.parse(head).at_key("eval").at_key("task").get(task) != simdjson::SUCCESS) return "inspect";
    return std::string(task);
}

RowContext contextOf(const fs::path& file, const TraceImportOptions& options, TraceFormat format) {
    RowContext context{file, &options, options.filter, std::string(name(format)), {}};
    if (format == TraceFormat::LmEvalSamples) context.task = taskOfSamples(file);
    const std::string stem = file.stem().string();
    std::int64_t step = 0;
    const auto [end, code] = std::from_chars(stem.data(), stem.data() + stem.size(), step);
    if (code == std::errc() && end == stem.data() + stem.size()) context.step = step;
    return context;
}

/// The member that a reader's message begins with: `"label" must be an integer`.
std::string fieldOf(const Error& error) {
    if (!error.where().empty()) return error.where();
    const std::string& what = error.what_happened();
    if (what.size() < 2 || (what.front() != '"' && what.front() != '\'')) return "";
    const std::size_t end = what.find(what.front(), 1);
    return end == std::string::npos ? "" : what.substr(1, end - 1);
}

std::string reasonOf(simdjson::error_code code) {
    if (code == simdjson::UTF8_ERROR) return "invalid UTF-8";
    if (code == simdjson::DEPTH_ERROR) return "nested too deep";
    return std::string("not valid JSON: ") + simdjson::error_message(code);
}

}  // namespace

std::string_view name(TraceFormat format) {
    return entry(format).name;
}

std::optional<TraceFormat> traceFormatNamed(std::string_view name) {
    for (const FormatEntry& each : formats)
        if (each.name == name) return each.format;
    return std::nullopt;
}

std::vector<std::string> traceFormatNames() {
    std::vector<std::string> names;
    for (const FormatEntry& each : formats) names.emplace_back(each.name);
    return names;
}

TraceFormat detectTraceFormat(const fs::path& file) {
    const std::string beginning = beginningOf(file);
    refuseOthers(file, beginning);
    if (beginning.empty()) throw Error("is empty", file.string());
    if (const auto found = formatOf(firstMembers(file, RecordReader::mostBytes))) return *found;
    throw Error("no known format of traces fits its first record", file.string(),
                "--format names one; for JSONL of another kind: plain, with the members' names");
}

struct TraceImporter::Impl {
    TraceImportOptions options;
    Sink sink;
    struct Group {
        std::int64_t number = 0;
        std::int32_t samples = 0;
    };
    std::unordered_map<TextHash, Group, TextHashHash> groups;

    // Of the file that is read.
    fs::path file;
    TraceImportReport report;
    std::unordered_map<TextHash, TextHash, TextHashHash> seen;  // content by id
    simdjson::dom::parser parser;

    void problem(std::int64_t line, std::string field, std::string reason) {
        ++report.bad;
        if (report.problems.size() < options.mostProblems)
            report.problems.push_back({file.string(), line, std::move(field), std::move(reason)});
    }

    bool isDuplicate(const std::string& id, std::string_view record) {
        const TextHash content = hashOf(record);
        const auto [known, isNew] = seen.try_emplace(id.empty() ? content : hashOf(id), content);
        if (isNew) return false;
        const bool same = known->second == content;
        ++(same ? report.duplicates : report.sameId);
        return same;
    }

    void keep(Trace& trace, bool ownGroups) {
        if (!ownGroups) {
            const std::string key = std::to_string(trace.step) + "\x1f" + trace.phase + "\x1f" + trace.task +
                                    "\x1f" + trace.problemId;
            Group& group =
                groups.try_emplace(hashOf(key), Group{std::int64_t(groups.size()), 0}).first->second;
            trace.group = group.number;
            trace.sample = group.samples++;
        }
        ++report.traces;
        sink(trace);
    }

    void take(std::string& record, std::int64_t line, RowContext& context) {
        simdjson::dom::element parsed;
        simdjson::dom::object row;
        auto code = parser.parse(record).get(parsed);
        if (code && code != simdjson::UTF8_ERROR && code != simdjson::DEPTH_ERROR) {
            record = withQuotedNonFinite(record);
            code = parser.parse(record).get(parsed);
        }
        if (code) return problem(line, "", reasonOf(code));
        if (parsed.get(row) != simdjson::SUCCESS) return problem(line, "", "is no JSON object");
        ImportedRow read;
        try {
            read = entry(report.format).read(row, context);
        } catch (const Error& error) {
            return problem(line, fieldOf(error), error.what_happened());
        } catch (const simdjson::simdjson_error& error) {
            return problem(line, "", error.what());
        }
        // Before ids are looked at: the filters of one document share them.
        if (read.skipped) {
            ++report.skipped;
            return;
        }
        if (isDuplicate(read.id, record)) return;
        for (Trace& trace : read.traces) keep(trace, report.format == TraceFormat::Retort);
    }

    void readAll(RecordReader& reader, RowContext& context) {
        std::string record;
        for (;;) {
            if (options.goOn && report.records % 64 == 0 && !options.goOn(reader.bytes()))
                throw Error("interrupted", file.string());
            try {
                if (!reader.next(record)) return;
            } catch (const Error& error) {
                ++report.records;
                problem(reader.line(), "", error.what_happened());
                continue;
            }
            if (report.records++ == 0 && report.format == TraceFormat::InspectLog)
                context.task = inspectTask(reader.before());
            take(record, reader.line(), context);
        }
    }
};

TraceImporter::TraceImporter(TraceImportOptions options, Sink sink) : m_impl(std::make_unique<Impl>()) {
    m_impl->options = std::move(options);
    m_impl->sink = std::move(sink);
}

TraceImporter::~TraceImporter() = default;

TraceImportReport TraceImporter::read(const fs::path& file) {
    const std::string beginning = beginningOf(file);
    refuseOthers(file, beginning);
    m_impl->file = file;
    m_impl->report = {};
    m_impl->seen.clear();
    m_impl->report.format = m_impl->options.format ? *m_impl->options.format : detectTraceFormat(file);
    const TraceFormat format = m_impl->report.format;
    const RecordLayout layout = format == TraceFormat::InspectLog ? RecordLayout::Member
                                : beginning.starts_with('[')      ? RecordLayout::List
                                                                  : RecordLayout::Lines;
    RowContext context = contextOf(file, m_impl->options, format);
    RecordReader reader(file, layout, "samples");
    m_impl->readAll(reader, context);
    TraceImportReport report = std::move(m_impl->report);
    if (report.traces == 0 && report.duplicates == 0) {
        if (report.problems.empty()) throw Error("holds no trace", file.string());
        const TraceImportProblem& first = report.problems.front();
        throw Error("holds no record that is a trace (" + std::string(name(format)) +
                        "); the first: " + (first.field.empty() ? "" : first.field + ": ") + first.reason,
                    file.string() + ":" + std::to_string(first.line));
    }
    return report;
}

}  // namespace retort
