// What the procedural tasks share: drawing problems of a split, and judging a completion against the
// reference.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/completion.h"
#include "core/tasks/task.h"
#include "core/util/random.h"

namespace retort {

/// A step to be judged and where it stands.
struct StepContext {
    const Problem& problem;
    const std::vector<CompletionStep>& steps;
    std::size_t index = 0;
    std::string_view due;  ///< the reference's step here; empty: the reference has fewer steps

    std::string_view text() const { return steps[index].text; }
    /// The step before, as written; empty: this is the first.
    std::string_view previous() const { return index == 0 ? std::string_view() : steps[index - 1].text; }
};

class GeneratedTask : public Task {
  public:
    std::string kind() const final { return m_kind; }
    /// Draws from a stream of (kind, seed, split, index) until the problem's hash falls into the split.
    /// Throws Error when the parameters allow so few different problems that none does.
    Problem problem(Split split, std::uint64_t seed, std::uint64_t index) const final;
    Verdict verify(const Problem& problem, std::string_view completion) const final;

  protected:
    explicit GeneratedTask(std::string kind) : m_kind(std::move(kind)) {}

    virtual Problem draw(Random& random) const = 0;
    /// What is false in a step that is not the due one, taken by itself after the step before; empty:
    /// nothing.
    virtual std::string fault(const StepContext& context) const = 0;
    /// Why the step is wrong; empty: it is correct. By default the step that is due is the only correct one,
    /// and the reason tells a false step from one that is right in itself but follows from an earlier error.
    virtual std::string stepObjection(const StepContext& context, bool afterError) const;
    /// Why the answer is wrong; empty: it is right.
    virtual std::string answerObjection(const Problem& problem, std::string_view answer) const;

  private:
    std::string m_kind;
};

/// "<a;b;>answer" from its parts; just the answer without steps.
std::string workedCompletion(const std::vector<std::string>& steps, std::string_view answer);

/// Text from a completion as it may stand in a reason: short, printable ASCII.
std::string shown(std::string_view text);

}  // namespace retort
