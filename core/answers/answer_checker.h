// Is a model's answer the reference answer? A closed grammar, exact arithmetic, and a verdict that names its
// rule and reason (traces.md e.5). Text is never evaluated as code. When in doubt an answer is refused: a
// wrong answer that a reward takes for right teaches the wrong thing.
#pragma once

#include <string>
#include <string_view>

namespace retort {

/// What counts as the same answer where graders differ. The defaults are the field's majority.
struct AnswerPolicy {
    /// `28` and `0.28` for `28\%`: "lenient" takes both, "value" only what is worth the same, "sign" neither.
    enum class Percent { Lenient, Value, Sign } percent = Percent::Lenient;
    bool requireUnits = false;    ///< a unit that only one side has makes the difference
    bool requireReduced = false;  ///< 2/6 is not 1/3
    bool requireLabels = false;   ///< `5` is not `x = 5`
    bool orderedSets = false;     ///< elements in another order are another answer
    bool allowBases = false;      ///< the same number in another base is accepted
};

enum class AnswerVerdict {
    Correct,
    Wrong,
    Unparsed,  ///< no answer found, or it is outside the grammar: for a person to look at
    Probable,  ///< equal at random points to many digits, not proven
    Policy     ///< the outcome depends on an AnswerPolicy
};

struct AnswerCheck {
    AnswerVerdict verdict = AnswerVerdict::Unparsed;
    bool correct = false;   ///< what a reward goes by; true for Correct, Probable and some of Policy
    std::string rule;       ///< where the answer was found, and what decided: "boxed, exact"
    std::string reason;     ///< one sentence
    std::string extracted;  ///< the answer as it stands in the prediction, at most 1024 bytes
};

/// `prediction` is a whole completion or a bare answer, `reference` an answer or a worked solution (`\boxed`,
/// `####`). Takes any bytes of any length; never throws; time is bounded by the length (linear) and by the
/// limits of core/answers/limits.h.
AnswerCheck checkAnswer(std::string_view prediction, std::string_view reference,
                        const AnswerPolicy& policy = {});

/// "correct", "wrong", "unparsed", "probable", "policy"
std::string_view name(AnswerVerdict verdict);

}  // namespace retort
