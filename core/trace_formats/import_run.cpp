#include "core/trace_formats/import_run.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>

#include "core/runlog/writer.h"
#include "core/util/content_digest.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* member = "imported";
constexpr std::size_t pieceBytes = 1 << 20, syncBytes = 16u << 20;

struct Close {
    void operator()(std::FILE* opened) const { std::fclose(opened); }
};

/// XXH3 of a file's content, or of its beginning, told at several places on the way.
class FileDigest {
  public:
    FileDigest(const fs::path& file, std::function<bool()> goOn)
        : m_file(file), m_opened(std::fopen(file.c_str(), "rbe")), m_goOn(std::move(goOn)) {
        if (!m_opened) throw Error(std::string("cannot open: ") + std::strerror(errno), file.string());
    }

    /// Reads up to a byte (or the end); false when the file ends before it.
    bool readTo(std::uint64_t byte) {
        while (m_bytes < byte) {
            const auto wanted = std::size_t(std::min<std::uint64_t>(m_piece.size(), byte - m_bytes));
            const std::size_t read = std::fread(m_piece.data(), 1, wanted, m_opened.get());
            if (std::ferror(m_opened.get()))
                throw Error(std::string("cannot read: ") + std::strerror(errno), m_file.string());
            if (read == 0) return false;
            m_digest.add(m_piece.data(), read);
            m_lines += std::count(m_piece.begin(), m_piece.begin() + std::ptrdiff_t(read), '\n');
            m_bytes += read;
            if (m_goOn && !m_goOn()) throw Error("interrupted", m_file.string());
        }
        return true;
    }
    std::string digits() const { return m_digest.digits(); }
    std::uint64_t bytes() const { return m_bytes; }
    std::int64_t lines() const { return m_lines; }

  private:
    fs::path m_file;
    std::unique_ptr<std::FILE, Close> m_opened;
    std::function<bool()> m_goOn;
    ContentDigest m_digest;
    std::vector<char> m_piece = std::vector<char>(pieceBytes);
    std::uint64_t m_bytes = 0;
    std::int64_t m_lines = 0;
};

/// What else decides what is made of a file.
std::string optionsText(const TraceImportOptions& options) {
    std::string text = options.format ? std::string(name(*options.format)) : "auto";
    text += options.alternatives ? ":all:" : ":one:";
    text += options.filter;
    if (options.lane) text += ":" + toText(*options.lane);
    if (options.groupSize > 0) text += ":" + std::to_string(options.groupSize);
    if (!options.tokenizer.empty()) text += ":" + fs::absolute(options.tokenizer).string();
    if (options.format == TraceFormat::Plain)
        for (const std::string& each :
             {options.fields.prompt, options.fields.completion, options.fields.answer, options.fields.id,
              options.fields.reward, options.fields.correct, options.fields.step, options.fields.tokens})
            text.append(":").append(each);
    return text;
}

/// Whether the file was imported before, or how far, when it has grown since.
void recognise(ImportedFile& file, const std::vector<ImportedSource>& known, const std::string& options,
               const std::function<bool()>& goOn) {
    std::vector<const ImportedSource*> earlier;
    for (const ImportedSource& each : known)
        if (each.bytes > 0 && each.options == options) earlier.push_back(&each);
    std::sort(earlier.begin(), earlier.end(),
              [](const ImportedSource* a, const ImportedSource* b) { return a->bytes < b->bytes; });
    FileDigest digest(file.file, goOn);
    for (const ImportedSource* each : earlier)
        if (digest.readTo(each->bytes) && digest.digits() == each->digest)
            file.from = {each->bytes, digest.lines()};
    digest.readTo(std::numeric_limits<std::uint64_t>::max());
    file.source.options = options;
    file.source.key = digest.digits() + ":" + options;
    file.known = (file.from.byte > 0 && file.from.byte == digest.bytes()) ||
                 std::any_of(known.begin(), known.end(),
                             [&](const ImportedSource& each) { return each.key == file.source.key; });
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
    RunDirectory& run() { return m_run; }
    RunDirectory keep() {
        m_kept = true;
        return m_run;
    }

  private:
    RunDirectory m_run;
    bool m_kept = false;
};

Json toJson(const std::vector<ImportedFile>& files) {
    Json imported = Json::array();
    for (const ImportedFile& each : files)
        if (!each.known)
            imported.push_back({{"file", each.file.string()},
                                {"key", each.source.key},
                                {"options", each.source.options},
                                {"bytes", each.source.bytes},
                                {"digest", each.source.digest}});
    return imported;
}

RunDirectory createRun(const TraceRunSettings& settings, const std::vector<ImportedFile>& files) {
    RunIdentity identity;
    identity.name = settings.name.empty() ? files.front().file.stem().string() : settings.name;
    identity.recipe = importRecipe;
    identity.program = "retort traces import";
    std::string comment = "# Traces imported from:\n";
    for (const ImportedFile& each : files)
        if (!each.known)
            comment +=
                "#   " + Json(each.file.string()).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return RunDirectory::create(settings.runsFolder, identity.name, comment, identity);
}

/// Once the files are read it is known how far.
void writeSources(RunDirectory& run, std::vector<ImportedFile>& files) {
    for (ImportedFile& each : files) {
        if (each.known || each.report.readTo == 0) continue;
        FileDigest digest(each.file, {});
        each.source.bytes = digest.readTo(each.report.readTo) ? each.report.readTo : 0;
        each.source.digest = digest.digits();
    }
    RunIdentity identity = run.identity();
    identity.environment = Json{{member, toJson(files)}};
    run.rewriteIdentity(identity);
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
    TraceImporter importer(options, [&](Trace&& trace) {
        ++traces;
        unsynced += trace.prompt.size() + trace.completion.size();
        if (trace.branch && trace.branch->run.empty()) trace.branch->run = run.identity().id;
        log.write(TraceEvent{std::move(trace)});
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
        each.report = importer.read(each.file, each.from);
    }
    log.write(EndEvent{"finished", ""});
    log.sync();
    if (const std::string failure = log.failure(); !failure.empty())
        throw Error(failure, run.eventsFile().string());
}

}  // namespace

TraceRun importTraceRun(const TraceRunSettings& settings) {
    TraceRun result;
    std::vector<ImportedSource> known = settings.known;
    const std::string options = optionsText(settings.options);
    bool any = false;
    for (const fs::path& file : settings.files) {
        const auto goOn = [&] { return !settings.progress || settings.progress(file, 0, 0, 0); };
        ImportedFile& each = result.files.emplace_back();
        each.file = file;
        std::error_code code;
        if (fs::is_directory(file, code)) throw Error("is a folder, a file was expected", file.string());
        recognise(each, known, options, goOn);
        known.push_back(each.source);
        any = any || !each.known;
    }
    if (!any) return result;
    fs::create_directories(settings.runsFolder);
    NewRun run(createRun(settings, result.files));
    writeTraces(settings, run.run(), result.files);
    const bool anyTrace = std::any_of(result.files.begin(), result.files.end(),
                                      [](const ImportedFile& each) { return each.report.traces > 0; });
    if (!anyTrace) return result;  // files that have grown by nothing whole
    writeSources(run.run(), result.files);
    result.run = run.keep();
    return result;
}

std::vector<ImportedSource> importedSources(const RunIdentity& identity) {
    std::vector<ImportedSource> sources;
    if (identity.recipe != importRecipe || !identity.environment.is_object()) return sources;
    const auto imported = identity.environment.find(member);
    if (imported == identity.environment.end() || !imported->is_array()) return sources;
    for (const Json& each : *imported) {
        if (!each.is_object() || !each.contains("key") || !each["key"].is_string()) continue;
        ImportedSource source;
        source.key = each["key"].get<std::string>();
        if (each.contains("options") && each["options"].is_string())
            source.options = each["options"].get<std::string>();
        if (each.contains("bytes") && each["bytes"].is_number_unsigned())
            source.bytes = each["bytes"].get<std::uint64_t>();
        if (each.contains("digest") && each["digest"].is_string())
            source.digest = each["digest"].get<std::string>();
        sources.push_back(std::move(source));
    }
    return sources;
}

}  // namespace retort
