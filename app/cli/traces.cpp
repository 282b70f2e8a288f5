// retort-cli traces: traces and step labels from the files of other programs, and back to them.
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "core/trace_formats/import_run.h"
#include "core/trace_formats/trace_export.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

constexpr std::int64_t pageRows = 20000;

NeutralMeaning neutralNamed(const std::string& name) {
    if (name == "wrong") return NeutralMeaning::Wrong;
    return name == "unlabelled" ? NeutralMeaning::Unlabelled : NeutralMeaning::Correct;
}

/// "completion=answer_text": our name, the file's.
FieldNames fieldsOf(const Arguments& arguments) {
    FieldNames names;
    const std::map<std::string, std::string*> known = {
        {"prompt", &names.prompt}, {"completion", &names.completion}, {"answer", &names.answer},
        {"id", &names.id},         {"reward", &names.reward},         {"correct", &names.correct},
        {"step", &names.step}};
    for (const std::string& each : arguments.all("--field")) {
        const std::size_t equals = each.find('=');
        const auto found = known.find(each.substr(0, equals));
        if (equals == std::string::npos || found == known.end())
            throw Error("--field " + each + " names no field", "",
                        "NAME=MEMBER, with prompt, completion, answer, id, reward, correct or step as NAME");
        *found->second = each.substr(equals + 1);
    }
    return names;
}

TraceImportOptions importOptionsOf(const Arguments& arguments) {
    TraceImportOptions options;
    options.format = traceFormatNamed(arguments.text("--format", "auto"));
    options.neutral = neutralNamed(arguments.text("--neutral"));
    options.alternatives = !arguments.has("--no-alternatives");
    options.filter = arguments.text("--filter");
    options.fields = fieldsOf(arguments);
    if (!arguments.all("--field").empty() && !options.format) options.format = TraceFormat::Plain;
    return options;
}

/// What earlier imports have taken in.
std::set<std::string> knownKeys(const Context& context) {
    std::set<std::string> keys;
    std::error_code code;
    if (!fs::exists(context.storeFile(), code)) return keys;
    StoreReader reader(context.storeFile());
    for (const RunRow& row : reader.runs(true)) {
        if (row.recipe != importRecipe) continue;
        try {
            const std::vector<std::string> found = importedKeys(RunDirectory::open(row.directory).identity());
            keys.insert(found.begin(), found.end());
        } catch (const Error&) {  // its directory is gone: it cannot tell
        }
    }
    return keys;
}

/// One line that is written over, ten times a second; and Ctrl+C.
auto progressOf(const Context& context) {
    const auto width = context.quiet() ? std::nullopt : terminalWidth(2);
    using Clock = std::chrono::steady_clock;
    return [width, last = Clock::time_point()](const fs::path& file, std::uint64_t bytes, std::uint64_t size,
                                               std::int64_t traces) mutable {
        if (InterruptGuard::isAsked()) return false;
        if (!width || Clock::now() - last < std::chrono::milliseconds(100)) return true;
        last = Clock::now();
        const int percent = size > 0 ? int(100 * double(bytes) / double(size)) : 0;
        const std::string line = std::to_string(percent) + " %  " + std::to_string(traces) + " traces  " +
                                 printable(file.filename().string());
        std::fprintf(stderr, "\r\033[K%s", shortened(line, *width > 1 ? *width - 1 : 1).c_str());
        std::fflush(stderr);
        return true;
    };
}

Json toJson(const ImportedFile& file) {
    Json problems = Json::array();
    for (const TraceImportProblem& each : file.report.problems)
        problems.push_back({{"line", each.line}, {"field", each.field}, {"reason", each.reason}});
    Json json = {{"file", file.file.string()}, {"known", file.known}};
    if (file.known) return json;
    json.update({{"format", name(file.report.format)},
                 {"records", file.report.records},
                 {"traces", file.report.traces},
                 {"bad", file.report.bad},
                 {"duplicates", file.report.duplicates},
                 {"same_id", file.report.sameId},
                 {"skipped", file.report.skipped},
                 {"problems", problems}});
    return json;
}

void print(const ImportedFile& file) {
    const auto count = [](const char* what, std::int64_t number) {
        if (number > 0) std::printf("  %s: %lld\n", what, static_cast<long long>(number));
    };
    if (file.known) {
        std::printf("%s: imported before\n", file.file.c_str());
        return;
    }
    std::printf("%s: %s, %lld traces from %lld records\n", file.file.c_str(),
                std::string(name(file.report.format)).c_str(), static_cast<long long>(file.report.traces),
                static_cast<long long>(file.report.records));
    count("exact duplicates, passed over", file.report.duplicates);
    count("with the id of another record, kept", file.report.sameId);
    count("of another filter, or without a completion", file.report.skipped);
    count("records that are wrong", file.report.bad);
    for (const TraceImportProblem& each : file.report.problems)
        std::printf("  %s:%lld: %s%s\n", each.file.c_str(), static_cast<long long>(each.line),
                    each.field.empty() ? "" : printable(each.field + ": ").c_str(),
                    printable(each.reason).c_str());
}

void print(const Context& context, const TraceRun& result) {
    if (context.json()) {
        Json files = Json::array();
        for (const ImportedFile& file : result.files) files.push_back(toJson(file));
        Json json = {{"id", nullptr}, {"directory", nullptr}, {"files", files}};
        if (result.run) {
            json["id"] = result.run->identity().id;
            json["directory"] = result.run->path().string();
        }
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    for (const ImportedFile& file : result.files) print(file);
    if (result.run) std::printf("run %s\n", printable(result.run->identity().name).c_str());
}

/// Every trace of the run, or of all runs, in the order in which they came.
template <class Take>
void forEachRow(StoreReader& reader, RowId run, Take take) {
    TraceFilter filter;
    filter.run = run;
    filter.order = TraceFilter::Order::Oldest;
    for (std::int64_t offset = 0;; offset += pageRows) {
        const std::vector<TraceRow> rows = reader.traces(filter, offset, pageRows);
        for (const TraceRow& row : rows) {
            if (InterruptGuard::isAsked()) throw Error("interrupted: nothing was written");
            take(row);
        }
        if (std::int64_t(rows.size()) < pageRows) return;
    }
}

/// Of each problem the right answers beside the wrong ones, in the order in which they came, as many pairs as
/// there are of the fewer.
void addPairs(StoreReader& reader, RowId run, TraceExporter& exporter) {
    std::map<std::string, std::pair<std::vector<RowId>, std::vector<RowId>>> problems;
    forEachRow(reader, run, [&](const TraceRow& row) {
        auto& [right, wrong] = problems[row.task + "\x1f" + row.problemId];
        (row.correct ? right : wrong).push_back(row.id);
    });
    for (const auto& [problem, answers] : problems) {
        const auto& [right, wrong] = answers;
        std::size_t next = 0;
        for (const RowId id : wrong) {
            if (next == right.size()) break;
            if (InterruptGuard::isAsked()) throw Error("interrupted: nothing was written");
            const std::optional<Trace> rejected = reader.trace(id);
            if (!rejected || !TraceExporter::isKnownWrong(*rejected)) continue;
            if (const std::optional<Trace> chosen = reader.trace(right[next++]))
                exporter.addPair(*chosen, *rejected);
        }
    }
}

TraceExportReport exportTraces(StoreReader& reader, RowId run, const fs::path& out,
                               const TraceExportOptions& options) {
    TraceExporter exporter(out, options);
    if (options.format == TraceExportFormat::TrlPreference)
        addPairs(reader, run, exporter);
    else
        forEachRow(reader, run, [&](const TraceRow& row) {
            if (const std::optional<Trace> trace = reader.trace(row.id)) exporter.add(*trace);
        });
    return exporter.finish();
}

/// As PRM800K writes it: ISO 8601 in UTC.
std::string timestampNow() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    return text;
}

}  // namespace

int runTracesImport(Context& context) {
    const InterruptGuard guard;
    TraceRunSettings settings;
    settings.options = importOptionsOf(context.arguments());
    for (const std::string& file : context.arguments().positionals())
        settings.files.push_back(fs::absolute(file));
    settings.runsFolder = context.runsFolder();
    settings.name = context.arguments().text("--run");
    settings.known = knownKeys(context);
    settings.progress = progressOf(context);
    const bool line = !context.quiet() && terminalWidth(2);
    TraceRun result;
    try {
        result = importTraceRun(settings);
    } catch (const Error&) {
        if (line) std::fputs("\r\033[K", stderr);
        if (!InterruptGuard::isAsked()) throw;
        context.note("stopped: nothing was imported");
        return exitInterrupted;
    }
    if (line) std::fputs("\r\033[K", stderr);
    if (result.run) {
        StoreWriter store(context.storeFile());
        store.ingest(store.addRun(*result.run, "import").get()).get();
    }
    print(context, result);
    for (const ImportedFile& file : result.files)
        if (file.report.bad > 0) return exitProblemsFound;
    return exitOk;
}

int runTracesExport(Context& context) {
    const InterruptGuard guard;
    const Arguments& arguments = context.arguments();
    if (!arguments.has("--out") || !arguments.has("--format")) {
        std::fprintf(stderr, "retort-cli: traces export: %s is missing\n",
                     arguments.has("--out") ? "--format FORMAT" : "--out FILE");
        return exitUsage;
    }
    StoreReader reader = context.reader();
    const std::string name = arguments.positional(0);
    const RowId run = name.empty() ? 0 : context.findRun(reader, name).id;
    TraceExportOptions options;
    options.format = *traceExportFormatNamed(arguments.text("--format"));
    if (arguments.has("--neutral")) options.neutral = neutralNamed(arguments.text("--neutral"));
    options.labeler = arguments.text("--labeler", options.labeler);
    options.generator = arguments.text("--generator", options.generator);
    options.timestamp = timestampNow();
    options.overwrite = arguments.has("--overwrite");
    const fs::path out = arguments.text("--out");
    TraceExportReport report;
    try {
        report = exportTraces(reader, run, out, options);
    } catch (const Error&) {
        if (!InterruptGuard::isAsked()) throw;
        context.note("stopped: nothing was written");
        return exitInterrupted;
    }
    if (context.json()) {
        Json why = Json::object();
        for (const auto& [reason, count] : report.why) why[reason] = count;
        std::puts(Json{
            {"file", out.string()}, {"written", report.written}, {"skipped", report.skipped}, {"why", why}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
        return exitOk;
    }
    std::printf("%s: %lld records\n", out.c_str(), static_cast<long long>(report.written));
    for (const auto& [reason, count] : report.why)
        std::printf("  left out, %s: %lld\n", reason.c_str(), static_cast<long long>(count));
    return exitOk;
}

}  // namespace retort::cli
