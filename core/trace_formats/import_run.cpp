#include "core/trace_formats/import_run.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/runlog/writer.h"
#include "core/util/content_digest.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* member = "imported";
constexpr std::size_t pieceBytes = 1 << 20, syncBytes = 16u << 20;

/// XXH3 of the content, 128 bits.
std::string contentDigits(const fs::path& file, const std::function<bool()>& goOn) {
    struct Close {
        void operator()(std::FILE* opened) const { std::fclose(opened); }
    };
    const std::unique_ptr<std::FILE, Close> opened(std::fopen(file.c_str(), "rbe"));
    if (!opened) throw Error(std::string("cannot open: ") + std::strerror(errno), file.string());
    ContentDigest digest;
    std::vector<char> piece(pieceBytes);
    while (const std::size_t read = std::fread(piece.data(), 1, piece.size(), opened.get())) {
        digest.add(piece.data(), read);
        if (goOn && !goOn()) throw Error("interrupted", file.string());
    }
    if (std::ferror(opened.get()))
        throw Error(std::string("cannot read: ") + std::strerror(errno), file.string());
    return digest.digits();
}

/// What else decides what is made of a file.
std::string optionsText(const TraceImportOptions& options) {
    std::string text = options.format ? std::string(name(*options.format)) : "auto";
    text += ":" + std::to_string(int(options.neutral)) + (options.alternatives ? ":all:" : ":one:");
    text += options.filter;
    if (options.format == TraceFormat::Plain)
        for (const std::string& each :
             {options.fields.prompt, options.fields.completion, options.fields.answer, options.fields.id,
              options.fields.reward, options.fields.correct, options.fields.step})
            text.append(":").append(each);
    return text;
}

/// Leaves nothing behind unless it is kept.
class NewRun {
  public:
    explicit NewRun(RunDirectory run) : m_run(std::move(run)) {}
    NewRun(const NewRun&) = delete;
    NewRun& operator=(const NewRun&) = delete;
    ~NewRun() {
        std::error_code code;
        if (!m_kept) fs::remove_all(m_run.path(), code);
    }
    const RunDirectory& run() const { return m_run; }
    RunDirectory keep() {
        m_kept = true;
        return m_run;
    }

  private:
    RunDirectory m_run;
    bool m_kept = false;
};

RunDirectory createRun(const TraceRunSettings& settings, const std::vector<ImportedFile>& files) {
    RunIdentity identity;
    identity.name = settings.name.empty() ? files.front().file.stem().string() : settings.name;
    identity.recipe = importRecipe;
    identity.program = "retort traces import";
    Json imported = Json::array();
    std::string comment = "# Traces imported from:\n";
    for (const ImportedFile& each : files) {
        if (each.known) continue;
        imported.push_back({{"file", each.file.string()}, {"key", each.key}});
        comment +=
            "#   " + Json(each.file.string()).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
    identity.environment = Json{{member, imported}};
    return RunDirectory::create(settings.runsFolder, identity.name, comment, identity);
}

void writeTraces(const TraceRunSettings& settings, const RunDirectory& run,
                 std::vector<ImportedFile>& files) {
    RunLogWriter log(run.eventsFile());
    StartEvent start;
    start.program = run.identity().program;
    log.write(start);
    std::int64_t traces = 0;
    std::size_t unsynced = 0;
    const ImportedFile* current = nullptr;
    TraceImportOptions options = settings.options;
    std::uint64_t size = 0;
    options.goOn = [&](std::uint64_t bytes) {
        return !settings.progress || settings.progress(current->file, bytes, size, traces);
    };
    TraceImporter importer(options, [&](const Trace& trace) {
        ++traces;
        unsynced += trace.prompt.size() + trace.completion.size();
        log.write(TraceEvent{trace});
        if (unsynced < syncBytes) return;
        // The writer's queue has no bound of its own.
        log.sync();
        unsynced = 0;
        if (const std::string failure = log.failure(); !failure.empty())
            throw Error(failure, run.eventsFile().string());
    });
    for (ImportedFile& each : files) {
        if (each.known) continue;
        current = &each;
        std::error_code code;
        size = fs::file_size(each.file, code);
        each.report = importer.read(each.file);
    }
    log.write(EndEvent{"finished", ""});
    log.sync();
    if (const std::string failure = log.failure(); !failure.empty())
        throw Error(failure, run.eventsFile().string());
}

}  // namespace

TraceRun importTraceRun(const TraceRunSettings& settings) {
    TraceRun result;
    std::set<std::string> known = settings.known;
    bool any = false;
    for (const fs::path& file : settings.files) {
        const auto goOn = [&] { return !settings.progress || settings.progress(file, 0, 0, 0); };
        ImportedFile& each = result.files.emplace_back();
        each.file = file;
        std::error_code code;
        if (fs::is_directory(file, code)) throw Error("is a folder, a file was expected", file.string());
        each.key = contentDigits(file, goOn) + ":" + optionsText(settings.options);
        each.known = !known.insert(each.key).second;
        any = any || !each.known;
    }
    if (!any) return result;
    fs::create_directories(settings.runsFolder);
    NewRun run(createRun(settings, result.files));
    writeTraces(settings, run.run(), result.files);
    result.run = run.keep();
    return result;
}

std::vector<std::string> importedKeys(const RunIdentity& identity) {
    std::vector<std::string> keys;
    if (identity.recipe != importRecipe || !identity.environment.is_object()) return keys;
    const auto imported = identity.environment.find(member);
    if (imported == identity.environment.end() || !imported->is_array()) return keys;
    for (const Json& each : *imported)
        if (each.is_object() && each.contains("key") && each["key"].is_string())
            keys.push_back(each["key"].get<std::string>());
    return keys;
}

}  // namespace retort
