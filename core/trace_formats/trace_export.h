// Traces and step labels in the formats of other programs.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/trace_formats/trace_import.h"

namespace retort {

enum class TraceExportFormat {
    Prm800k,        ///< a line a solution, rated up to its first error
    ProcessBench,   ///< one JSON list
    TrlStepwise,    ///< {"prompt", "completions", "labels"}: the steps up to the first unchecked one
    TrlPreference,  ///< {"prompt", "chosen", "rejected"}: right and wrong answers of one problem
    TrlSft,         ///< {"prompt", "completion"}: right answers
    Csv,            ///< a row a trace
    Jsonl           ///< everything, as the importer's "retort" reads it
};

/// "prm800k", "trl-stepwise" …
std::string_view name(TraceExportFormat format);
std::optional<TraceExportFormat> traceExportFormatNamed(std::string_view name);
std::vector<std::string> traceExportFormatNames();

struct TraceExportOptions {
    TraceExportFormat format = TraceExportFormat::Jsonl;
    /// What a neutral step is where there are two labels only (TRL, ProcessBench). Without an answer, the
    /// first neutral step ends the export with an Error that asks. Unlabelled: as if nobody had rated it.
    std::optional<NeutralMeaning> neutral = {};
    std::string labeler = "retort";    ///< PRM800K
    std::string timestamp = {};        ///< PRM800K
    std::string generator = "retort";  ///< ProcessBench: the model's name
    bool overwrite = false;
};

struct TraceExportReport {
    std::int64_t written = 0;
    std::int64_t skipped = 0;                               ///< that the format has no place for
    std::vector<std::pair<std::string, std::int64_t>> why;  ///< reasons, with counts
};

/// The file appears whole at finish(), or not at all.
class TraceExporter {
  public:
    /// Throws Error when the file exists and may not be overwritten, or cannot be written.
    TraceExporter(const std::filesystem::path& file, TraceExportOptions options);
    ~TraceExporter();

    /// Not for preferences.
    void add(const Trace& trace);
    /// A right and a wrong answer of one problem.
    void addPair(const Trace& chosen, const Trace& rejected);
    TraceExportReport finish();

    /// Whether it is known of the answer that it is wrong: a trace that nobody judged is no bad example.
    static bool isKnownWrong(const Trace& trace);

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
