// Traces and step labels in the formats of other programs.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/trace_formats/annotated_solution.h"
#include "core/trace_formats/lane_labels.h"
#include "core/trace_formats/trace_import.h"

namespace retort {

enum class TraceExportFormat {
    Prm800k,        ///< a line a solution, rated up to its first error, with alternatives to its steps
    ProcessBench,   ///< one JSON list
    TrlStepwise,    ///< {"prompt", "completions", "labels"}: the steps up to the first unchecked one
    TrlPreference,  ///< {"prompt", "chosen", "rejected"}
    TrlSft,         ///< {"prompt", "completion"}: right answers
    Csv,            ///< a row a trace
    Jsonl           ///< everything, as the importer's "retort" reads it
};

/// "prm800k", "trl-stepwise" …
std::string_view name(TraceExportFormat format);
std::optional<TraceExportFormat> traceExportFormatNamed(std::string_view name);
std::vector<std::string> traceExportFormatNames();

/// Whether the format has labels of steps, which are one judge's.
bool needsLane(TraceExportFormat format);

struct TraceExportOptions {
    TraceExportFormat format = TraceExportFormat::Jsonl;
    /// Whose labels are written. Absent: those of the one judge there is; a trace with several ends the
    /// export with an Error that names them.
    std::optional<LaneName> lane = {};
    double threshold = 0.5;  ///< from which a value (a score) counts as right
    /// What a neutral step is where there are two labels only (TRL, ProcessBench). Without an answer, the
    /// first neutral step ends the export with an Error that asks. Unlabelled: as if nobody had rated it.
    std::optional<NeutralMeaning> neutral = {};
    std::string labeler = {};          ///< PRM800K; empty: the lane's name
    std::string timestamp = {};        ///< PRM800K, where the time of the annotation is not known
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

    /// Not for preferences. `said` is what the annotator of the lane said beside it.
    void add(const Trace& trace, const AnnotatedSolution* said = nullptr);
    /// A right and a wrong answer of one problem.
    void addPair(const Trace& chosen, const Trace& rejected);
    /// Two completions of which a person preferred one, whatever their answers are.
    void addPreference(const Trace& chosen, const Trace& rejected);
    /// Each corrected step as a pair (step-DPO, Lai et al. 2024): the prompt is the question and what stands
    /// before the step, the correction is chosen, the step is rejected.
    void addCorrections(const Trace& trace, const AnnotatedSolution& said);
    TraceExportReport finish();

    /// Whether it is known of the answer that it is wrong: a trace that nobody judged is no bad example.
    static bool isKnownWrong(const Trace& trace);

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
