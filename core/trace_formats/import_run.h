// Files of traces as a run: its event log holds them, and the store takes it in like any other.
#pragma once

#include <optional>

#include "core/runlog/run_directory.h"
#include "core/trace_formats/trace_import.h"

namespace retort {

/// A file that a run holds: what it is known again by.
struct ImportedSource {
    std::string key;          ///< of the whole content and the options
    std::string options;      ///< what else decides what is made of a file
    std::uint64_t bytes = 0;  ///< of a file of lines: how far it was read
    std::string digest;       ///< of these bytes
};

struct TraceRunSettings {
    std::vector<std::filesystem::path> files;
    TraceImportOptions options;  ///< its goOn is not asked; see `progress`
    std::filesystem::path runsFolder;
    std::string name;  ///< empty: after the first file
    /// What was imported before: passed over. Of a file that has grown since, what was appended is read.
    std::vector<ImportedSource> known;
    /// Asked every few records: the file, the bytes read of it, its size, traces so far. False ends it.
    std::function<bool(const std::filesystem::path&, std::uint64_t, std::uint64_t, std::int64_t)> progress;
};

struct ImportedFile {
    std::filesystem::path file;
    ImportedSource source;
    bool known = false;  ///< imported before, or twice in the list
    ReadFrom from;       ///< where an import of the same file, before it grew, had ended
    TraceImportReport report;
};

struct TraceRun {
    std::optional<RunDirectory> run;  ///< absent when nothing was new
    std::vector<ImportedFile> files;
};

/// Makes a run directory with a finished log, whole or not at all. Throws Error as TraceImporter does.
TraceRun importTraceRun(const TraceRunSettings& settings);

/// The files that a run holds; empty for a run that is no import.
std::vector<ImportedSource> importedSources(const RunIdentity& identity);

/// RunIdentity::recipe of such runs.
inline constexpr std::string_view importRecipe = "import";

}  // namespace retort
