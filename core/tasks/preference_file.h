// The user's own preferences: JSONL in the layouts of TRL's datasets.
//
//   {"prompt": "…", "chosen": "…", "rejected": "…"}
//   {"chosen": [{"role", "content"}, …], "rejected": […]}   messages; the prompt is what stands before the
//   last ones,
//                                                            with or without "prompt": […] before both
//   {"prompt": "…", "completion": "…", "label": true}        a completion that is good or bad by itself
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/tasks/dialogue.h"

namespace retort {

struct PreferencePair {
    std::string prompt, chosen, rejected;
    /// false: no end of sequence follows (a step, or a completion that was cut off).
    bool chosenEnds = true, rejectedEnds = true;

    bool operator==(const PreferencePair&) const = default;
};

struct LabelledCompletion {
    std::string prompt, completion;
    bool good = true;
    bool ends = true;

    bool operator==(const LabelledCompletion&) const = default;
};

/// Throws Error with file:line for the first line that is no pair (not JSON, a field missing, two prompts,
/// invalid UTF-8, longer than 16 MB), and for a file without any. Blank lines are skipped.
std::vector<PreferencePair> readPreferencePairs(const std::filesystem::path& file,
                                                const DialogueFormat& dialogue = {});

/// Labelled completions, and pairs taken apart: the chosen one is good, the rejected one bad. Throws as
/// above.
std::vector<LabelledCompletion> readLabelledCompletions(const std::filesystem::path& file,
                                                        const DialogueFormat& dialogue = {});

}  // namespace retort
