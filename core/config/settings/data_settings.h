// What a run learns from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// One entry of data.tasks or evaluation.tasks. `parameters` are those that the task kind declares
/// (core/tasks/).
struct TaskSettings {
    std::string task;           ///< kind: "addition", "modular_chain" …
    std::string name;           ///< label in metrics; empty: the kind
    double weight = 1;          ///< share in the mixture, relative to the others
    double worked_share = 1;    ///< share of training examples whose completion shows its working
    std::int64_t examples = 0;  ///< different training problems; 0: as many as there are
    Json parameters = Json::object();
};

/// User data: JSONL with prompt/completion or problem/answer fields (traces.md b.4, b.11).
struct FileSettings {
    std::string path;
    std::string prompt_field, completion_field, answer_field;  ///< empty: recognised by the usual names
    double weight = 1;
    double held_out_share = 0.1;  ///< of the rows, by hash of the prompt
    /// Conversations are written by the start checkpoint's chat template: "auto", where it has one; "always",
    /// and a plain prompt is a user's message; "none", as "User: …\nAssistant: ".
    std::string chat_template = "auto";
    std::string verifier =
        "math";  ///< how answers are compared: "math" (core/answers), "exact" (text or number)
};

struct DataSettings {
    std::vector<TaskSettings> tasks;
    std::vector<FileSettings> files;
};

}  // namespace retort
