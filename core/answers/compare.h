// Two understood answers: the same, or not, and by which rule.
#pragma once

#include <string>

#include "core/answers/answer.h"
#include "core/answers/answer_checker.h"

namespace retort::answers {

struct Outcome {
    AnswerVerdict verdict = AnswerVerdict::Wrong;
    bool correct = false;
    std::string rule, reason;
};

/// Throws Error when the comparison takes too much work or cannot be decided.
Outcome compare(const Answer& prediction, const Answer& reference, const AnswerPolicy& policy,
                Algebra& algebra);

}  // namespace retort::answers
