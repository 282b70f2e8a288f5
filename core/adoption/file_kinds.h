// What kind of log a single file is, by its name and its beginning.
#pragma once

#include "core/adoption/found_run.h"

namespace retort {

struct FileKind {
    FoundSource source;
    std::string run;   ///< W&B: the run's id
    std::string name;  ///< what the log calls its run; empty: it does not say
};

/// Nothing for a file that is no log. A table or JSON lines with a run column gives one entry a run. `notes`
/// gets what looks like a log and cannot be read.
std::vector<FileKind> fileKinds(const std::filesystem::path& file, const ColumnMapping& mapping,
                                std::vector<std::string>& notes);

/// Whether a mapping can apply to it: CSV, TSV, JSON lines, by its name.
bool hasColumns(const std::filesystem::path& file);
/// The names in the header, or the members of the first line ("a/b" for those of members); none when there is
/// no whole line yet.
std::vector<std::string> columnsOf(const std::filesystem::path& file);

/// Of an event file that transformers' Trainer began: its output folder, as its arguments name it; empty for
/// another.
std::string trainerOutput(const std::filesystem::path& eventFile);

}  // namespace retort
