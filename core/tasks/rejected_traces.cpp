#include "core/tasks/rejected_traces.h"

#include <algorithm>
#include <array>

namespace retort {
namespace {

constexpr int maxAttempts = 24;
constexpr std::array<std::string_view, 4> kinds = {"0123456789", "+-*/", "TF", "&|^"};

std::string_view kindOf(char c) {
    for (std::string_view kind : kinds)
        if (kind.find(c) != std::string_view::npos) return kind;
    return {};
}

/// Where a character of a kind stands in a step, or anywhere when there are no steps.
std::vector<std::size_t> exchangeable(const Verdict& verdict, std::string_view completion) {
    std::vector<std::size_t> places;
    const auto add = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < std::min(end, completion.size()); ++i)
            if (!kindOf(completion[i]).empty()) places.push_back(i);
    };
    for (const TraceStep& step : verdict.steps) add(std::size_t(step.begin), std::size_t(step.end));
    if (verdict.steps.empty()) add(0, completion.size());
    return places;
}

/// Another character of the kind, of those that the task uses; the same one when there is no other.
char exchanged(char c, const std::string& alphabet, Random& random) {
    std::string others;
    for (const char other : kindOf(c))
        if (other != c && alphabet.find(other) != std::string::npos) others += other;
    if (others.empty()) return c;
    return others[std::size_t(random.integer(0, std::int64_t(others.size()) - 1))];
}

bool isWrong(const Verdict& verdict) {
    return !verdict.correct ||
           std::any_of(verdict.steps.begin(), verdict.steps.end(),
                       [](const TraceStep& step) { return step.verdict == StepVerdict::Wrong; });
}

}  // namespace

std::optional<std::string> injectError(const Task& task, const Problem& problem, Random& random) {
    const std::string& right = problem.worked.empty() ? problem.answer : problem.worked;
    const std::vector<std::size_t> places = exchangeable(task.verify(problem, right), right);
    if (places.empty()) return std::nullopt;
    const std::string alphabet = task.alphabet();
    for (int attempt = 0; attempt < maxAttempts; ++attempt) {
        std::string wrong = right;
        char& c = wrong[places[std::size_t(random.integer(0, std::int64_t(places.size()) - 1))]];
        c = exchanged(c, alphabet, random);
        if (wrong != right && isWrong(task.verify(problem, wrong))) return wrong;
    }
    return std::nullopt;
}

std::optional<StepPair> firstBadStep(const Task& task, const Problem& problem, std::string_view completion,
                                     const std::vector<std::string>& others) {
    const Verdict verdict = task.verify(problem, completion);
    const auto bad = std::find_if(verdict.steps.begin(), verdict.steps.end(),
                                  [](const TraceStep& step) { return step.verdict == StepVerdict::Wrong; });
    if (bad == verdict.steps.end()) return std::nullopt;
    const auto index = std::size_t(bad - verdict.steps.begin()), begin = std::size_t(bad->begin);
    const std::string_view prefix = completion.substr(0, begin);

    const auto rightStep = [&](std::string_view other) -> std::optional<std::string> {
        if (!other.starts_with(prefix)) return std::nullopt;
        const Verdict judged = task.verify(problem, other);
        if (index >= judged.steps.size()) return std::nullopt;
        const TraceStep& step = judged.steps[index];
        if (step.verdict != StepVerdict::Correct || std::size_t(step.begin) != begin) return std::nullopt;
        return std::string(other.substr(begin, std::size_t(step.end) - begin));
    };
    std::optional<std::string> right = rightStep(problem.worked);
    for (std::size_t i = 0; i < others.size() && !right; ++i) right = rightStep(others[i]);
    if (!right) return std::nullopt;
    return StepPair{std::string(prefix), *right,
                    std::string(completion.substr(begin, std::size_t(bad->end) - begin))};
}

}  // namespace retort
