// Traces and step labels from the files of other programs: PRM800K, ProcessBench, Math-Shepherd, TRL, verl,
// OpenR1, OpenThoughts, lm-evaluation-harness, Inspect, and our own export.
//
// Files are read record by record in bounded memory. A record that is wrong is listed with its place, field
// and reason, and passed over; all others are kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

enum class TraceFormat {
    Retort,         ///< what `traces export --format jsonl` writes
    Prm800k,        ///< openai/prm800k: step ratings by people
    ProcessBench,   ///< Qwen/ProcessBench: the first wrong step; one JSON list, or JSONL
    MathShepherd,   ///< peiyi9979/Math-Shepherd: Monte-Carlo step labels
    TrlStepwise,    ///< {"prompt", "completions", "labels"}
    TrlPreference,  ///< {"prompt", "chosen", "rejected"}
    Verl,           ///< trainer.rollout_data_dir/<step>.jsonl
    OpenR1,         ///< {"problem", "generations", "correctness_math_verify" …}
    Conversations,  ///< OpenThoughts and other chats: the last message is the completion
    LmEvalSamples,  ///< samples_<task>_<date>.jsonl
    InspectLog,     ///< Inspect's .json log
    Plain           ///< JSONL whose members FieldNames names
};

/// "prm800k", "processbench" …
std::string_view name(TraceFormat format);
std::optional<TraceFormat> traceFormatNamed(std::string_view name);
std::vector<std::string> traceFormatNames();

/// By the members of the first record that is one, and by the file's beginning. Throws Error when no format
/// fits, with a hint for what is recognised but not read (zip, Parquet, gzip).
TraceFormat detectTraceFormat(const std::filesystem::path& file);

/// A step that a person rated neutral (PRM800K's 0: correct, but adds nothing) is neither an error nor
/// progress; formats with two labels force a choice. TraceStep::reason keeps it either way.
enum class NeutralMeaning { Correct, Wrong, Unlabelled };
inline constexpr std::string_view neutralReason = "neutral";

/// Which members Plain reads; an empty name reads none. A record needs prompt and completion.
struct FieldNames {
    std::string prompt = "prompt", completion = "completion", answer = "answer", id = "id", reward = "reward",
                correct = "correct", step = "step";
};

struct TraceImportOptions {
    std::optional<TraceFormat> format;  ///< absent: detected for each file
    NeutralMeaning neutral = NeutralMeaning::Correct;
    bool alternatives = true;  ///< PRM800K: a rated alternative becomes a trace of its own (as in TRL's set)
    std::string filter;        ///< lm-evaluation-harness: empty: the first that the file has
    FieldNames fields;
    std::size_t mostProblems = 50;  ///< that are listed; all are counted
    /// Asked every few records with the bytes read of this file; false ends the import with an Error.
    std::function<bool(std::uint64_t)> goOn;
};

struct TraceImportProblem {
    std::string file;
    std::int64_t line = 0;
    std::string field;  ///< "label.steps[3].completions[0].rating"; empty: the whole record
    std::string reason;
};

struct TraceImportReport {
    TraceFormat format = TraceFormat::Plain;
    std::int64_t records = 0, traces = 0;
    std::int64_t bad = 0;         ///< records that are wrong
    std::int64_t duplicates = 0;  ///< the same id and content as an earlier one: passed over
    std::int64_t sameId = 0;      ///< the id of an earlier one with another content: kept
    std::int64_t skipped = 0;     ///< of another filter, without a completion
    std::vector<TraceImportProblem> problems;
};

/// Reads files one after another. Traces of one problem at one step share a group, over all files.
class TraceImporter {
  public:
    using Sink = std::function<void(const Trace&)>;
    TraceImporter(TraceImportOptions options, Sink sink);
    ~TraceImporter();

    /// Throws Error when the file cannot be read at all, holds no record that is a trace, or when goOn says
    /// no.
    TraceImportReport read(const std::filesystem::path& file);

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
