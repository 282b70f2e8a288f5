// What a completion is made of: `<step;step;…;>answer` (worked) or `answer` (bare). See task.h for the
// format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// A step's text (without its `;`) and its byte range in the completion (with it).
struct CompletionStep {
    std::string_view text;
    std::size_t begin = 0, end = 0;
    bool closed = true;  ///< ends with `;`
};

struct ParsedCompletion {
    /// A bare answer, or one think region of closed steps at the very beginning and then an answer.
    bool wellFormed = false;
    std::string_view answer;            ///< empty when there is none
    std::string_view fault;             ///< why it is not well-formed
    std::vector<CompletionStep> steps;  ///< at most `maxSteps` of them
    std::size_t stepCount = 0;          ///< all of them

    static constexpr std::size_t maxSteps = 4096;
};

/// Takes any bytes; the views point into `text`.
ParsedCompletion parseCompletion(std::string_view text);

}  // namespace retort
