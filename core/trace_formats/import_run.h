// Files of traces as a run: its event log holds them, and the store takes it in like any other.
#pragma once

#include <optional>
#include <set>

#include "core/runlog/run_directory.h"
#include "core/trace_formats/trace_import.h"

namespace retort {

struct TraceRunSettings {
    std::vector<std::filesystem::path> files;
    TraceImportOptions options;  ///< its goOn is not asked; see `progress`
    std::filesystem::path runsFolder;
    std::string name;             ///< empty: after the first file
    std::set<std::string> known;  ///< keys of what was imported before: passed over
    /// Asked every few records: the file, the bytes read of it, its size, traces so far. False ends it.
    std::function<bool(const std::filesystem::path&, std::uint64_t, std::uint64_t, std::int64_t)> progress;
};

struct ImportedFile {
    std::filesystem::path file;
    std::string key;     ///< of content and options
    bool known = false;  ///< imported before, or twice in the list
    TraceImportReport report;
};

struct TraceRun {
    std::optional<RunDirectory> run;  ///< absent when all files were known
    std::vector<ImportedFile> files;
};

/// Makes a run directory with a finished log, whole or not at all. Throws Error as TraceImporter does.
TraceRun importTraceRun(const TraceRunSettings& settings);

/// The keys of the files that a run holds; empty for a run that is no import.
std::vector<std::string> importedKeys(const RunIdentity& identity);

/// RunIdentity::recipe of such runs.
inline constexpr std::string_view importRecipe = "import";

}  // namespace retort
