// Traces and step labels from the files of other programs: PRM800K, ProcessBench, Math-Shepherd, TRL, verl,
// prime-rl, OpenR1, OpenThoughts, lm-evaluation-harness, Inspect, and our own export; as JSONL, as one JSON
// list, as Parquet of flat columns, as Inspect's .eval archive.
//
// Labels of steps come as lanes of whoever judged (Trace::lanes), never as the verdicts of a task's own
// checker. Files are read record by record in bounded memory. A record that is wrong is listed with its
// place, field and reason, and passed over; all others are kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/trace_formats/lane_labels.h"
#include "core/traces/trace.h"

namespace retort {

enum class TraceFormat {
    Retort,          ///< what `traces export --format jsonl` writes
    Prm800k,         ///< openai/prm800k: step ratings by people
    ProcessBench,    ///< Qwen/ProcessBench: the first wrong step; one JSON list, or JSONL
    MathShepherd,    ///< peiyi9979/Math-Shepherd: Monte-Carlo step labels
    TrlStepwise,     ///< {"prompt", "completions", "labels"}
    TrlPreference,   ///< {"prompt", "chosen", "rejected"}
    TrlCompletions,  ///< completions_<step>.parquet of GRPOTrainer and RLOOTrainer
    Verl,            ///< trainer.rollout_data_dir/<step>.jsonl
    PrimeRl,         ///< token_exports/step_<step>/rank_<rank>.jsonl: numbers a token, without text
    OpenR1,          ///< {"problem", "generations", "correctness_math_verify" …}
    Conversations,   ///< OpenThoughts and other chats: the last message is the completion
    LmEvalSamples,   ///< samples_<task>_<date>.jsonl
    InspectLog,      ///< Inspect's .eval or .json log
    Plain            ///< records whose members FieldNames names
};

/// "prm800k", "processbench" …
std::string_view name(TraceFormat format);
std::optional<TraceFormat> traceFormatNamed(std::string_view name);
std::vector<std::string> traceFormatNames();

/// By the members of the first record that is one (the columns of a table), and by the file's beginning.
/// Throws Error when no format fits, with a hint for what is recognised but not read (UTF-16, compressed).
TraceFormat detectTraceFormat(const std::filesystem::path& file);

/// A step that a person rated neutral (PRM800K's 0: correct, but adds nothing) is neither an error nor
/// progress; formats with two labels force a choice at export.
enum class NeutralMeaning { Correct, Wrong, Unlabelled };

/// Which members Plain reads, by their name or a path ("choices.0.text"); an empty name reads none. A record
/// needs prompt and completion.
struct FieldNames {
    std::string prompt = "prompt", completion = "completion", answer = "answer", id = "id", reward = "reward",
                correct = "correct", step = "step", tokens = "num_tokens";
};

/// Of "NAME=MEMBER" pairs, "completion=answer_text": our name, the file's; the others have their defaults.
/// Throws Error for a NAME that is none.
FieldNames fieldNamesOf(const std::vector<std::string>& pairs);

struct TraceImportOptions {
    std::optional<TraceFormat> format;  ///< absent: detected for each file
    bool alternatives = true;      ///< PRM800K: an alternative becomes a trace of its own (as in TRL's set)
    std::optional<LaneName> lane;  ///< TrlStepwise: who labelled the steps; absent: human:trl-stepwise
    std::string filter;            ///< lm-evaluation-harness: empty: the first that the file has
    std::int64_t groupSize = 0;    ///< TrlCompletions: num_generations; 0: as the file lets conclude
    std::filesystem::path tokenizer;  ///< PrimeRl: a folder with tokenizer.json; empty: none
    FieldNames fields;
    std::size_t mostProblems = 50;  ///< that are listed; all are counted
    /// Asked every few records with the bytes read of this file; false ends the import with an Error.
    std::function<bool(std::uint64_t)> goOn;
};

struct TraceImportProblem {
    std::string file;       ///< "log.eval:samples/a_epoch_1.json" within an archive
    std::int64_t line = 0;  ///< or row of a table, 1-based; 0: none
    std::string field;      ///< "label.steps[3].completions[0].rating"; empty: the whole record
    std::string reason;
};

struct TraceImportReport {
    TraceFormat format = TraceFormat::Plain;
    std::int64_t records = 0, traces = 0;
    std::int64_t bad = 0;  ///< records that are wrong
    /// The same id and content as an earlier one: passed over. A rollout without an id is never one.
    std::int64_t duplicates = 0;
    std::int64_t sameId = 0;   ///< the id of an earlier one with another content: kept
    std::int64_t skipped = 0;  ///< of another filter, without a completion
    std::vector<TraceImportProblem> problems;
    std::vector<std::string> notes;  ///< what is no error, but worth telling
    /// Of a file of lines: up to which byte it was read, so that what is appended can be read alone; a last
    /// line that is wrong and has no end yet is left for then. 0: of another kind.
    std::uint64_t readTo = 0;
};

/// Where an earlier import ended.
struct ReadFrom {
    std::uint64_t byte = 0;
    std::int64_t lines = 0;  ///< that stand before it
};

/// Reads files one after another. Traces of one problem at one step share a group, over all files.
class TraceImporter {
  public:
    using Sink = std::function<void(Trace&&)>;
    TraceImporter(TraceImportOptions options, Sink sink);
    ~TraceImporter();

    /// Throws Error when the file cannot be read at all, holds no record that is a trace, or when goOn says
    /// no. Behind an earlier import, a file may have nothing new.
    TraceImportReport read(const std::filesystem::path& file, ReadFrom from = {});

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
