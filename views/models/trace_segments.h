// A completion cut into what a reader goes through: reasoning steps, text between them, and the answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

struct TraceSegment {
    enum class Kind {
        Step,    ///< a reasoning step with the checker's verdict
        Text,    ///< thinking that is in no step
        Answer,  ///< what follows the think region, or a bare answer
    };
    Kind kind = Kind::Text;
    int number = 0;                   ///< of a step: 1, 2, 3 …
    std::int64_t begin = 0, end = 0;  ///< bytes of the completion
    StepVerdict verdict = StepVerdict::Unchecked;
    std::string reason;

    bool operator==(const TraceSegment&) const = default;
};

/// In order of the text. Ranges outside the completion are clamped, overlapping steps cut, and the marks
/// between steps
/// (`<`, `;`, `>`, `<think>`, `</think>`, white space) belong to nothing.
std::vector<TraceSegment> segmentTrace(const Trace& trace);

/// Index of the first segment whose verdict is Wrong; -1: none.
int firstWrongSegment(const std::vector<TraceSegment>& segments);

/// Where the think region ends in a completion (the byte behind its closing mark); -1 when it has none.
std::int64_t thinkEnd(std::string_view completion);

}  // namespace retort
