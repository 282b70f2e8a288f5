// One row of a dataset, whatever its shape (TRL's dataset types and what the reasoning community publishes).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

enum class DatasetShape {
    Text,                ///< {"text": "…"}
    PromptOnly,          ///< {"prompt": …}, with or without an answer to verify against
    PromptCompletion,    ///< {"prompt": …, "completion": …}
    Messages,            ///< {"messages": [{"role", "content"} …]}
    Preference,          ///< {"prompt": …, "chosen": …, "rejected": …}
    ImplicitPreference,  ///< {"chosen": [messages], "rejected": [messages]}: the prompt is what both begin
                         ///< with
    Unpaired,            ///< {"prompt": …, "completion": …, "label": true}: KTO
    Stepwise,            ///< {"prompt": "…", "completions": ["…" …], "labels": [true …]}
    Reasoning,           ///< OpenR1, OpenThoughts, DeepMath: completions with a think region
    Gsm8k,               ///< {"question": "…", "answer": "… #### 72"}
    Math                 ///< {"problem": "…", "solution": "… \\boxed{…}"} or {"problem", "answer"}
};

/// "prompt-completion", "kto" …, as `data inspect` writes it.
std::string_view name(DatasetShape shape);

struct Message {
    std::string role, content;
    bool operator==(const Message&) const = default;
};

struct LabelledStep {
    std::string text;
    bool correct = false;
};

/// A completion, taken apart where it has a think region.
struct DatasetCompletion {
    std::string text;      ///< all of it
    std::string thinking;  ///< inside of `<think>…</think>` or `<|begin_of_thought|>…`; empty: there is none
    std::optional<bool> verified;  ///< what the file says about its answer (OpenR1's correctness_…)
};

struct DatasetExample {
    std::int64_t line = 0;  ///< 1-based, in its file
    DatasetShape shape = DatasetShape::Text;
    std::vector<Message> prompt;                 ///< one message of role "" when the file has a plain text
    std::vector<DatasetCompletion> completions;  ///< OpenR1 has several; a preference has none
    std::string chosen, rejected;
    std::optional<bool> label;
    std::vector<LabelledStep> steps;
    std::string answer;  ///< reference answer; empty: none

    /// The prompt's contents, a line end between messages.
    std::string promptText() const;
    /// Everything that a model would learn from, without the prompt.
    std::string learnedText() const;
};

}  // namespace retort
