#include "core/tasks/generated_task.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

// A test split holds a tenth of the problems: with a hundred different ones, missing it this often is
// impossible.
constexpr int maxDraws = 20'000;
constexpr std::size_t shownBytes = 40;

const char* splitName(Split split) {
    return split == Split::Train ? "train" : split == Split::Validation ? "validation" : "test";
}

}  // namespace

Problem GeneratedTask::problem(Split split, std::uint64_t seed, std::uint64_t index) const {
    Random random(stableHash(m_kind + "/" + splitName(split), seed), index);
    for (int i = 0; i < maxDraws; ++i) {
        Problem drawn = draw(random);
        if (splitOf(drawn.id) == split) return drawn;
    }
    throw Error(std::string("these parameters allow too few different problems: none is in the ") +
                    splitName(split) + " split",
                "task " + m_kind, "raise the largest size");
}

Verdict GeneratedTask::verify(const Problem& problem, std::string_view completion) const {
    const ParsedCompletion written = parseCompletion(completion);
    const ParsedCompletion reference = parseCompletion(problem.worked);
    Verdict verdict;
    verdict.wellFormed = written.wellFormed;
    verdict.worked = !written.steps.empty();
    std::size_t correct = 0;
    bool afterError = false;
    for (std::size_t k = 0; k < written.steps.size(); ++k) {
        const std::string_view due =
            k < reference.steps.size() ? reference.steps[k].text : std::string_view();
        std::string objection = stepObjection({problem, written.steps, k, due}, afterError);
        if (objection.empty() && !written.steps[k].closed) objection = "the step does not end with ';'";
        afterError |= !objection.empty();
        correct += objection.empty();
        verdict.steps.push_back({std::int64_t(written.steps[k].begin), std::int64_t(written.steps[k].end),
                                 objection.empty() ? StepVerdict::Correct : StepVerdict::Wrong,
                                 std::move(objection)});
    }
    const std::size_t count = std::max(written.stepCount, reference.stepCount);
    if (written.stepCount > 0) verdict.stepAccuracy = double(correct) / double(count);
    verdict.extracted = std::string(written.answer.substr(0, 1024));
    if (!written.answer.empty()) verdict.reason = answerObjection(problem, written.answer);
    // An answer that holds marks of the format is wrong because of them.
    const bool marked = written.answer.find_first_of("<>;") != std::string_view::npos;
    if (written.answer.empty() || (marked && !verdict.reason.empty())) verdict.reason = written.fault;
    verdict.correct = verdict.reason.empty();
    return verdict;
}

std::string GeneratedTask::stepObjection(const StepContext& context, bool afterError) const {
    if (!context.due.empty() && context.text() == context.due) return {};
    if (std::string reason = fault(context); !reason.empty()) return reason;
    if (context.due.empty()) return "a step too many";
    std::string reason =
        afterError ? "right in itself, but follows from an earlier error: " : "right in itself, but ";
    return reason.append(context.due).append(" is due");
}

std::string GeneratedTask::answerObjection(const Problem& problem, std::string_view answer) const {
    return answer == problem.answer ? "" : "the answer is " + problem.answer;
}

std::string workedCompletion(const std::vector<std::string>& steps, std::string_view answer) {
    if (steps.empty()) return std::string(answer);
    std::string text = "<";
    for (const std::string& step : steps) text += step + ";";
    return text + ">" + std::string(answer);
}

std::string shown(std::string_view text) {
    std::string printable = "'";
    for (char c : text.substr(0, shownBytes)) printable += c >= 0x20 && c < 0x7f ? c : '?';
    return printable + (text.size() > shownBytes ? "...'" : "'");
}

}  // namespace retort
