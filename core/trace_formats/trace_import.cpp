#include "core/trace_formats/trace_import.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <unordered_map>

#include "core/trace_formats/archive_records.h"
#include "core/trace_formats/parquet_records.h"
#include "core/trace_formats/record_problem.h"
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

constexpr std::array<FormatEntry, 14> formats = {{
    {TraceFormat::Retort, "retort", readRetortRow},
    {TraceFormat::Prm800k, "prm800k", readPrm800kRow},
    {TraceFormat::ProcessBench, "processbench", readProcessBenchRow},
    {TraceFormat::MathShepherd, "math-shepherd", readMathShepherdRow},
    {TraceFormat::TrlStepwise, "trl-stepwise", readDatasetRow},
    {TraceFormat::TrlPreference, "trl-preference", readDatasetRow},
    {TraceFormat::TrlCompletions, "trl-completions", readTrlCompletionRow},
    {TraceFormat::Verl, "verl", readVerlRow},
    {TraceFormat::PrimeRl, "prime-rl", readPrimeRlRow},
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

/// Rollouts: a policy may well say the same twice, and where a row has no id, an equal one is another sample.
bool mayRepeat(TraceFormat format) {
    return format == TraceFormat::Verl || format == TraceFormat::TrlCompletions ||
           format == TraceFormat::PrimeRl || format == TraceFormat::Plain;
}

enum class Container { Lines, List, Member, Archive, Table };

/// What is known, but not read.
void refuseOthers(const fs::path& file, std::string_view beginning) {
    if (beginning.starts_with("\x1f\x8b") || beginning.starts_with("\x28\xb5\x2f\xfd"))
        throw Error("is compressed", file.string(), "unpack it first");
    const bool utf16 = beginning.starts_with("\xff\xfe") || beginning.starts_with("\xfe\xff") ||
                       (beginning.size() >= 2 && (beginning[0] == 0) != (beginning[1] == 0));
    if (utf16)
        throw Error("is UTF-16, JSON is UTF-8", file.string(),
                    "iconv -f UTF-16 -t UTF-8 FILE writes it as UTF-8");
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
    refuseOthers(file, text);
    return text;
}

Container containerOf(std::string_view beginning) {
    if (beginning.starts_with("PK\x03\x04") || beginning.starts_with("PK\x05\x06")) return Container::Archive;
    if (beginning.starts_with("PAR1")) return Container::Table;
    return beginning.starts_with('[') ? Container::List : Container::Lines;
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
    if (all({"prompt", "completion", "advantage"})) return TraceFormat::TrlCompletions;
    if (all({"token_ids", "loss_mask"})) return TraceFormat::PrimeRl;
    if (all({"input", "output"}) && (has.contains("score") || has.contains("gts"))) return TraceFormat::Verl;
    if (all({"input", "label", "task"})) return TraceFormat::MathShepherd;
    if (all({"doc", "resps"}) || all({"doc_id", "resps"})) return TraceFormat::LmEvalSamples;
    if (all({"completions", "labels"})) return TraceFormat::TrlStepwise;
    if (all({"chosen", "rejected"})) return TraceFormat::TrlPreference;
    if (has.contains("generations")) return TraceFormat::OpenR1;
    if (all({"prompt", "completion"})) return TraceFormat::Plain;
    if (has.contains("conversations") || has.contains("messages")) return TraceFormat::Conversations;
    if (all({"problem", "solution"})) return TraceFormat::OpenR1;
    return std::nullopt;
}

TraceFormat detect(const fs::path& file, std::string_view beginning) {
    if (beginning.empty()) throw Error("is empty", file.string());
    const Container container = containerOf(beginning);
    if (container == Container::Archive) return TraceFormat::InspectLog;
    Members members;
    std::string refused;
    if (container == Container::Table) {
        const ParquetRecords table(file);
        for (std::string& name : table.columns()) members.insert(std::move(name));
        refused = table.firstRefused();
    } else {
        members = firstMembers(file, RecordSource::mostBytes);
    }
    if (const auto found = formatOf(members)) return *found;
    if (!refused.empty())
        throw Error(refused, file.string(), "datasets.load_dataset(…).to_json(…) writes the table as JSONL");
    throw Error("no known format of traces fits its first record", file.string(),
                "--format names one; for records of another kind: plain, with the members' names");
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

/// "12.jsonl", "completions_00012.parquet", "step_12/rank_0.jsonl": the digits at the end.
std::optional<std::int64_t> stepOf(const fs::path& file, TraceFormat format) {
    std::string name = file.stem().string();
    if (format == TraceFormat::PrimeRl) name = file.parent_path().filename().string();
    const std::size_t letters = name.find_last_not_of("0123456789");
    const std::size_t begin = letters == std::string::npos ? 0 : letters + 1;
    if (begin > 0 && format == TraceFormat::Verl) return std::nullopt;
    std::int64_t step = 0;
    const auto [end, code] = std::from_chars(name.data() + begin, name.data() + name.size(), step);
    if (begin == name.size() || code != std::errc()) return std::nullopt;
    return step;
}

RowContext contextOf(const fs::path& file, const TraceImportOptions& options, TraceFormat format) {
    RowContext context;
    context.file = file;
    context.options = &options;
    context.filter = options.filter;
    context.task = format == TraceFormat::LmEvalSamples ? taskOfSamples(file) : std::string(name(format));
    context.step = stepOf(file, format);
    context.groupSize = options.groupSize;
    if (format == TraceFormat::PrimeRl && !options.tokenizer.empty())
        context.tokenizer = loadTokenizer(options.tokenizer);
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

struct ContentHash {
    std::uint64_t low = 0, high = 0;
    bool operator==(const ContentHash&) const = default;
};
struct ContentHashHash {
    std::size_t operator()(const ContentHash& hash) const { return std::size_t(hash.low); }
};

ContentHash contentHash(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {hash.low64, hash.high64};
}

/// Whether the byte before the end of a file is a line's end.
bool endsLine(const fs::path& file, std::uint64_t end) {
    std::ifstream stream(file, std::ios::binary);
    stream.seekg(std::streamoff(end) - 1);
    return stream.get() == '\n';
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
    return detect(file, beginningOf(file));
}

struct TraceImporter::Impl {
    TraceImportOptions options;
    Sink sink;
    struct Group {
        std::int64_t number = 0;
        std::int32_t samples = 0;
    };
    std::unordered_map<ContentHash, Group, ContentHashHash> groups;

    // Of the file that is read.
    fs::path file;
    TraceImportReport report;
    std::unordered_map<ContentHash, ContentHash, ContentHashHash> seen;  // content by id
    simdjson::dom::parser parser;
    std::string groupKey;

    void problem(const RecordSource& source, std::string field, std::string reason) {
        ++report.bad;
        if (report.problems.size() < options.mostProblems)
            report.problems.push_back({source.place(), source.line(), std::move(field), std::move(reason)});
    }

    bool isDuplicate(const std::string& id, const ContentHash& content) {
        if (id.empty() && mayRepeat(report.format)) return false;
        const auto [known, isNew] = seen.try_emplace(id.empty() ? content : contentHash(id), content);
        if (isNew) return false;
        const bool same = known->second == content;
        ++(same ? report.duplicates : report.sameId);
        return same;
    }

    void keep(Trace& trace, const std::string& group) {
        groupKey.assign(std::to_string(trace.step)).append(1, '\x1f').append(trace.phase).append(1, '\x1f');
        groupKey.append(trace.task).append(1, '\x1f').append(group.empty() ? trace.problemId : group);
        Group& known =
            groups.try_emplace(contentHash(groupKey), Group{std::int64_t(groups.size()), 0}).first->second;
        trace.group = known.number;
        trace.sample = known.samples++;
    }

    void keepAll(ImportedRow& row) {
        // Our own export has its groups, and branches off traces of other runs.
        const bool ownGroups = report.format == TraceFormat::Retort;
        for (Trace& trace : row.traces) {
            if (!ownGroups) keep(trace, row.group);
            if (trace.branch && !ownGroups) {
                const Trace& parent = row.traces[std::size_t(trace.branch->sample)];
                trace.branch->step = parent.step;
                trace.branch->group = parent.group;
                trace.branch->sample = parent.sample;
            }
        }
        for (Trace& trace : row.traces) {
            ++report.traces;
            sink(std::move(trace));
        }
    }

    bool take(std::string& record, const RecordSource& source, RowContext& context) {
        const ContentHash content = contentHash(record);
        record.reserve(record.size() + simdjson::SIMDJSON_PADDING);
        simdjson::dom::element parsed;
        simdjson::dom::object row;
        auto code = parser.parse(record).get(parsed);
        if (code && code != simdjson::UTF8_ERROR && code != simdjson::DEPTH_ERROR) {
            record = withQuotedNonFinite(record);
            code = parser.parse(record).get(parsed);
        }
        if (code) {
            RecordProblem found = problemOf(record, code);
            problem(source, std::move(found.field), std::move(found.reason));
            return false;
        }
        if (parsed.get(row) != simdjson::SUCCESS) return problem(source, "", "is no JSON object"), false;
        ImportedRow read;
        try {
            read = entry(report.format).read(row, context);
        } catch (const Error& error) {
            return problem(source, fieldOf(error), error.what_happened()), false;
        } catch (const simdjson::simdjson_error& error) {
            return problem(source, "", error.what()), false;
        }
        // Before ids are looked at: the filters of one document share them.
        if (read.skipped)
            ++report.skipped;
        else if (!isDuplicate(read.id, content))
            keepAll(read);
        return true;
    }

    void readAll(RecordSource& source, RowContext& context) {
        std::string record;
        std::uint64_t before = source.bytes();
        for (bool good = true;;) {
            if (options.goOn && report.records % 64 == 0 && !options.goOn(source.bytes()))
                throw Error("interrupted", file.string());
            const std::uint64_t at = source.bytes();
            bool more = false;
            try {
                more = source.next(record);
            } catch (const Error& error) {
                ++report.records;
                problem(source, "", error.what_happened());
                good = false;
                before = at;
                continue;
            }
            if (!more) {
                // A last line that is wrong may still be written.
                report.readTo = good || endsLine(file, at) ? at : before;
                return;
            }
            if (report.records++ == 0 && report.format == TraceFormat::InspectLog)
                context.task = inspectTask(source.head());
            good = take(record, source, context);
            before = at;
        }
    }

    std::unique_ptr<RecordSource> open(Container container, ReadFrom from, RowContext& context) {
        switch (container) {
            case Container::Archive:
                return std::make_unique<ArchiveRecords>(file);
            case Container::Table: {
                auto table = std::make_unique<ParquetRecords>(file);
                if (report.format == TraceFormat::TrlCompletions && context.groupSize == 0)
                    if (const std::int64_t size = table->groupSize("prompt"); size > 1)
                        context.groupSize = size;
                return table;
            }
            case Container::Member:
                return std::make_unique<RecordReader>(file, RecordLayout::Member, "samples");
            case Container::List:
                return std::make_unique<RecordReader>(file, RecordLayout::List);
            case Container::Lines:
                return std::make_unique<RecordReader>(file, RecordLayout::Lines, "", from.byte, from.lines);
        }
        return nullptr;
    }
};

TraceImporter::TraceImporter(TraceImportOptions options, Sink sink) : m_impl(std::make_unique<Impl>()) {
    m_impl->options = std::move(options);
    m_impl->sink = std::move(sink);
}

TraceImporter::~TraceImporter() = default;

TraceImportReport TraceImporter::read(const fs::path& file, ReadFrom from) {
    const std::string beginning = beginningOf(file);
    m_impl->file = file;
    m_impl->report = {};
    m_impl->seen.clear();
    m_impl->report.format = m_impl->options.format ? *m_impl->options.format : detect(file, beginning);
    const TraceFormat format = m_impl->report.format;
    Container container = containerOf(beginning);
    if (format == TraceFormat::InspectLog && container == Container::Lines) container = Container::Member;
    RowContext context = contextOf(file, m_impl->options, format);
    const auto source = m_impl->open(container, from, context);
    m_impl->readAll(*source, context);
    TraceImportReport report = std::move(m_impl->report);
    report.notes = source->notes();
    report.notes.insert(report.notes.end(), context.notes.begin(), context.notes.end());
    if (container != Container::Lines) report.readTo = 0;
    if (report.traces == 0 && report.duplicates == 0 && from.byte == 0) {
        if (report.problems.empty()) throw Error("holds no trace", file.string());
        const TraceImportProblem& first = report.problems.front();
        throw Error("holds no record that is a trace (" + std::string(name(format)) +
                        "); the first: " + (first.field.empty() ? "" : first.field + ": ") + first.reason,
                    first.line > 0 ? first.file + ":" + std::to_string(first.line) : first.file);
    }
    return report;
}

}  // namespace retort
