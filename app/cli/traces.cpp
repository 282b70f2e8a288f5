// retort-cli traces import: traces and step labels from the files of other programs.
#include <chrono>
#include <cstdio>
#include <iterator>
#include <map>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "core/trace_formats/known_imports.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

TraceImportOptions importOptionsOf(const Arguments& arguments) {
    TraceImportOptions options;
    options.format = traceFormatNamed(arguments.text("--format", "auto"));
    options.alternatives = !arguments.has("--no-alternatives");
    options.filter = arguments.text("--filter");
    options.fields = fieldNamesOf(arguments.all("--field"));
    if (arguments.has("--lane")) options.lane = laneNamed(arguments.text("--lane"));
    options.groupSize = arguments.integer("--group-size", 0);
    if (options.groupSize < 0) throw Error("--group-size must be 1 or more");
    options.tokenizer = arguments.text("--tokenizer");
    if (!arguments.all("--field").empty() && !options.format) options.format = TraceFormat::Plain;
    return options;
}

/// What earlier imports have taken in.
std::vector<ImportedSource> knownSources(const Context& context) {
    std::error_code code;
    if (!fs::exists(context.storeFile(), code)) return {};
    StoreReader reader(context.storeFile());
    return knownImports(reader);
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
        problems.push_back(
            {{"file", each.file}, {"line", each.line}, {"field", each.field}, {"reason", each.reason}});
    Json json = {{"file", file.file.string()}, {"known", file.known}};
    if (file.known) return json;
    json.update({{"format", name(file.report.format)},
                 {"records", file.report.records},
                 {"traces", file.report.traces},
                 {"bad", file.report.bad},
                 {"duplicates", file.report.duplicates},
                 {"same_id", file.report.sameId},
                 {"skipped", file.report.skipped},
                 {"from_byte", file.from.byte},
                 {"notes", file.report.notes},
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
    if (file.from.byte > 0)
        std::printf("  of what was appended since it was imported before, behind line %lld\n",
                    static_cast<long long>(file.from.lines));
    count("exact duplicates, passed over", file.report.duplicates);
    count("with the id of another record, kept", file.report.sameId);
    count("of another filter, or without a completion", file.report.skipped);
    count("records that are wrong", file.report.bad);
    for (const std::string& note : file.report.notes) std::printf("  %s\n", printable(note).c_str());
    for (const TraceImportProblem& each : file.report.problems) {
        const std::string place = each.line > 0 ? each.file + ":" + std::to_string(each.line) : each.file;
        std::printf("  %s: %s%s\n", printable(place).c_str(),
                    each.field.empty() ? "" : printable(each.field + ": ").c_str(),
                    printable(each.reason).c_str());
    }
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

}  // namespace

int runTracesImport(Context& context) {
    const InterruptGuard guard;
    TraceRunSettings settings;
    settings.options = importOptionsOf(context.arguments());
    for (const std::string& file : context.arguments().positionals())
        settings.files.push_back(fs::absolute(file));
    settings.runsFolder = context.runsFolder();
    settings.name = context.arguments().text("--run");
    settings.known = knownSources(context);
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

}  // namespace retort::cli
