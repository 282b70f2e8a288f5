// One function a format: a record of the file as traces. Private to the importer.
#pragma once

#include <simdjson.h>

#include <memory>

#include "core/tokenizers/tokenizer.h"
#include "core/trace_formats/trace_import.h"
#include "core/util/json_fields.h"

namespace retort {

/// Of the file that is read.
struct RowContext {
    std::filesystem::path file;
    const TraceImportOptions* options = nullptr;
    std::string filter;                          ///< lm-evaluation-harness: the one that is taken
    std::string task;                            ///< of the file's head (Inspect) or name
    std::optional<std::int64_t> step;            ///< that the file's name tells (verl)
    std::shared_ptr<const Tokenizer> tokenizer;  ///< prime-rl
    std::int64_t groupSize = 0;                  ///< TRL; 0: every run of equal prompts is a group
    std::vector<std::string> notes;

    /// Of the TRL log: the run of equal prompts that the last row belongs to.
    struct Run {
        std::string prompt;
        std::int64_t step = 0, rows = 0, number = -1;
    } run;
};

/// What a record holds. Group and sample are the importer's to give; TraceBranch::sample is an index into
/// `traces`.
struct ImportedRow {
    std::string id;  ///< within the file; empty: the format has none
    std::vector<Trace> traces;
    bool skipped = false;
    std::string group = {};  ///< what the samples of one group share beside step and task; empty: the problem
};

/// Throw Error with the field as its `where`, or with a message that begins with the field in quotes.
using RowReader = ImportedRow (*)(const simdjson::dom::object& row, RowContext& context);

ImportedRow readRetortRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readPrm800kRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readProcessBenchRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readMathShepherdRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readDatasetRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readTrlCompletionRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readVerlRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readPrimeRlRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readLmEvalRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readInspectRow(const simdjson::dom::object& row, RowContext& context);
ImportedRow readPlainRow(const simdjson::dom::object& row, RowContext& context);

/// A text; a number or truth value as it is written; a list of texts as its first. Throws Error.
std::string plainText(const simdjson::dom::element& value, std::string_view name);

/// A number, or 1 and 0 for a truth value.
std::optional<double> numberOf(const simdjson::dom::element& value);

/// The member of that name, else the one that a path leads to: "choices.0.message.content".
std::optional<simdjson::dom::element> findPath(const JsonFields& fields, std::string_view path);

/// The answer found in the completion, and whether it is the gold one; nothing without a gold answer.
void judgeAnswer(Trace& trace);

/// Tells something of the file once.
void note(RowContext& context, const std::string& text);

}  // namespace retort
