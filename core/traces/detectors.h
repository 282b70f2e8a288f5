// Detectors: what can be seen in a trace without any model. Each says where, in a lane of its own
// (LaneKind::Detector), and an empty lane means that it looked and found nothing. Where a finding is a fault
// its judgement is rated -1; marks of reflection and backtracking are neither good nor bad, and have no
// rating.
//
// Flaw repetition and think–answer mismatch are those of "Are Reasoning Models More Prone to Hallucination?"
// (#146; Yao et al., arXiv 2505.23646).
#pragma once

#include <string_view>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

/// "flaw_repetition": the same wrong sub-result, from its second occurrence on. Wrong is what the task's
/// checker calls so (not what only follows from an earlier error); in steps that nobody checked, an equation
/// of numbers whose sides differ.
StepLane detectFlawRepetition(const Trace& trace);

/// "answer_mismatch": the final answer is not the last value that was derived. Of tasks whose answer is put
/// together from several steps (by the problem's id: addition, multiplication, countdown, sorting): it is
/// right though a checked step is wrong, or wrong though every step is right.
StepLane detectAnswerMismatch(const Trace& trace);

/// "repetition": three or more copies of a piece in a row, from the second one on, of at least eight words
/// and signs together; or the same 16 of them three times anywhere. Of a longer text the first two million
/// are looked at.
StepLane detectRepetition(const Trace& trace);

/// "reflection": "wait", "hmm", "let me check" …, one judgement each.
StepLane detectReflection(const Trace& trace);

/// "backtracking": "let me try another way", "start over", "alternatively" …, one judgement each.
StepLane detectBacktracking(const Trace& trace);

/// All of them, in this order.
std::vector<StepLane> detectAll(const Trace& trace);

}  // namespace retort
