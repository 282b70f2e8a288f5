// Procedural reasoning tasks: generators with seeds and difficulty, held-out splits that cannot overlap, an
// answer verifier and an exact step checker for each.
//
// The trace format, one for all tasks: a worked completion is `<step;step;…;>answer`, a bare one is just
// `answer`.
// `<` opens the think region, each step ends with `;`, `>` closes it; the end-of-sequence token follows the
// answer. A step needs nothing but the prompt and the step before it, so each is judged by itself:
//
//   kind            prompt             worked completion
//   addition        A75+68=            <7+6+0=13;5+8+1=14;>341
//   multiplication  X21*43=            <2*4+0+0=08;1*4+0+0=04;=8400;2*3+4+0=10;1*3+0+1=04;=8040;>804
//   expression      e10 (3+4)*(2-5)=   <7*(2-5);7*7;9;>9
//   modular_chain   m7 3+5*4=          <3+5=1;1*4=4;>4
//   countdown       c3 5 7:22=         <3*5=15;15+7=22;>3*5+7
//   boolean         b(T&!F)|F=         <(T&T)|F;T|F;T;>T
//   sorting         s5241=             <1:524;2:54;4:5;5:;>1245
//
// addition and multiplication have four formats: `plain` and `reversed` are bare answers, `scratchpad` and
// `reversed_scratchpad` (above: least significant digit first, in the answer and by default in the operands)
// are worked. Each kind's file defines its format to the letter; tests/core/tasks/tst_task_formats.cpp has
// them all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/parameter.h"
#include "core/traces/trace.h"

namespace retort {

/// Which problems may be seen when. A problem belongs to exactly one split, by a hash of its canonical form
/// (its id): a generator draws until the hash falls into the split asked for.
enum class Split { Train, Validation, Test };

struct Problem {
    std::string id;  ///< canonical form with the task kind: "addition:321+654"; equal problems have equal ids
    std::string prompt;  ///< "321+654=" in the task's format
    std::string answer;
    std::string worked;  ///< reference completion with its working: "<…;…;>answer"
    int difficulty = 0;  ///< the task's own scale (digits, depth, terms)
};

struct Verdict {
    bool correct = false;     ///< the extracted answer equals the reference
    bool wellFormed = false;  ///< a bare answer, or exactly one closed think region and then an answer
    bool worked = false;      ///< there is a think region with at least one step
    std::string extracted;
    std::string reason;  ///< why not correct, in a few words
    std::vector<TraceStep> steps;
    /// Correct steps / max(steps written, steps of the reference solution); 0 without steps.
    double stepAccuracy = 0;
};

class Task {
  public:
    virtual ~Task();
    virtual std::string kind() const = 0;
    /// The `index`-th problem of a split: a pure function of (parameters, seed, split, index).
    virtual Problem problem(Split split, std::uint64_t seed, std::uint64_t index) const = 0;
    /// Judges a completion (text after the prompt, end-of-sequence removed). Never throws; bounded time and
    /// memory.
    virtual Verdict verify(const Problem& problem, std::string_view completion) const = 0;
    /// Every character that prompts and completions can contain (for the character tokenizer).
    virtual std::string alphabet() const = 0;
};

/// Declarations of all task kinds (the variants of data.tasks), each with its own parameters.
const std::vector<ParameterVariant>& taskVariants();
/// Throws Error for unknown kinds or parameter values that contradict each other.
std::unique_ptr<Task> makeTask(const std::string& kind, const Json& parameters);

/// The split that a problem id belongs to: 80 % train, 10 % validation, 10 % test.
Split splitOf(std::string_view problemId);

}  // namespace retort
