// The user's own examples: JSONL with one problem a line, in the layouts that the field uses (traces.md b.4,
// b.11).
//
//   {"prompt": "…", "completion": "…"}                  strings, or lists of {"role", "content"} messages
//   {"messages": [{"role": "user", …}, …, {"role": "assistant", …}]}
//   {"problem": "…", "solution": "…", "answer": "…"}     MATH, AIME, DeepMath (question, final_answer; any
//   case)
//   {"question": "…", "answer": "… <<48/2=24>>24 …\n#### 72"}   GSM8K
//   {"text": "…"}
//   reasoning traces and dialogues as core/datasets reads them (OpenR1's generations, OpenThoughts, ShareGPT,
//   Alpaca)
//
// Messages are written by the checkpoint's chat template, without one as "User: …\nAssistant: "; the last
// assistant message is the completion.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/run_config.h"
#include "core/tasks/dialogue.h"
#include "core/tasks/task.h"

namespace retort {

struct DataRow {
    std::int64_t line = 0;   ///< 1-based, in the file
    std::string prompt;      ///< empty: the completion is free text
    std::string completion;  ///< what is learned; empty when the row has an answer only
    std::string answer;      ///< reference answer; empty: there is none to verify against
};

/// Reads all rows. Throws Error with file:line for the first line that is not one (not JSON, no known fields,
/// invalid UTF-8, longer than 16 MB), and for a file without rows. Blank lines are skipped.
std::vector<DataRow> readJsonl(const FileSettings& settings, const DialogueFormat& dialogue = {});

/// Rows of one prompt are always on one side: decided by the prompt's hash (the completion's, without a
/// prompt).
bool isHeldOut(const DataRow& row, double heldOutShare);

/// A file's rows as a task: `Train` goes through the rows in an order that the seed shuffles anew in each
/// epoch; `Validation` and `Test` are the two halves of what is held out. Answers are compared as
/// FileSettings::verifier says: by the answer checker (core/answers), or as text: what follows `####`, stands
/// in the last `\boxed{}`, or follows the think region.
std::unique_ptr<Task> makeFileTask(const FileSettings& settings, const DialogueFormat& dialogue = {});

/// The answer in a completion, by the rules above; the whole text, trimmed, when none applies.
std::string extractAnswer(std::string_view completion);
/// Equal as text or as numbers: blanks at the ends, `$`, `,` between digits, leading zeros and a final full
/// stop do not count.
bool sameAnswer(std::string_view a, std::string_view b);

}  // namespace retort
