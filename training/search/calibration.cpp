#include "training/search/calibration.h"

#include <algorithm>
#include <unordered_set>

#include "core/tasks/completion.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/recipes/sampled_trace.h"

namespace retort {
namespace {

/// Problems of the training split, in the order of their indices.
std::vector<Problem> trainingProblems(const DataSource& source, std::int64_t count, std::uint64_t seed) {
    constexpr std::uint64_t longestDrought = 1000;
    std::vector<Problem> problems;
    std::unordered_set<std::string> seen;
    std::uint64_t sinceLast = 0;
    for (std::uint64_t index = 0; std::int64_t(problems.size()) < count && sinceLast < longestDrought;
         ++index) {
        Problem problem = source.task->problem(Split::Train, seed, index);
        ++sinceLast;
        if (!seen.insert(problem.id).second) continue;
        problems.push_back(std::move(problem));
        sinceLast = 0;
    }
    return problems;
}

TokenSequence referenceSequence(const DataSource& source, const Problem& problem, const Tokenizer& tokenizer,
                                std::uint64_t seed) {
    const bool worked =
        !problem.worked.empty() && Random(stableHash(problem.id, seed)).uniform() < source.workedShare;
    std::vector<std::int32_t> completion = tokenizer.encode(worked ? problem.worked : problem.answer);
    completion.push_back(tokenizer.eosId());
    return TokenSequence::of(tokenizer.encode(problem.prompt), completion, false);
}

/// The first of the completion's tokens that belongs to the answer; 0 when there is none.
std::size_t answerBegin(const Tokenizer& tokenizer, const Completion& completion) {
    const std::string text = completionText(tokenizer, completion, {});
    const ParsedCompletion parsed = parseCompletion(text);
    if (parsed.answer.empty()) return 0;
    const auto begin = std::int32_t(parsed.answer.data() - text.data());
    const std::vector<std::int32_t> ends = tokenEnds(tokenizer, completion.ids, text.size());
    return std::size_t(std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin());
}

}  // namespace

std::vector<CalibrationTask> makeCalibration(const std::vector<DataSource>& sources,
                                             const Tokenizer& tokenizer, std::int64_t count,
                                             std::uint64_t seed) {
    std::vector<CalibrationTask> tasks;
    const std::uint64_t data = stableHash("calibration", seed);
    for (const DataSource& source : sources) {
        CalibrationTask task{source.name, &source, trainingProblems(source, count, data), {}};
        for (const Problem& problem : task.problems)
            task.sequences.push_back(referenceSequence(source, problem, tokenizer, data));
        if (!task.problems.empty()) tasks.push_back(std::move(task));
    }
    if (tasks.empty()) throw Error("there are no examples to calibrate by", "data");
    return tasks;
}

std::vector<TokenSequence> answeredSequences(const std::vector<const Problem*>& problems,
                                             Generator& generator, const Tokenizer& tokenizer,
                                             std::int64_t maxNewTokens, std::stop_token stop) {
    std::vector<std::vector<std::int32_t>> prompts;
    for (const Problem* problem : problems) prompts.push_back(tokenizer.encode(problem->prompt));
    SamplingSettings sampling;
    sampling.maxNewTokens = maxNewTokens;
    sampling.temperature = 0;
    sampling.recordEntropies = false;
    const auto completions = generator.generate(prompts, 1, sampling, 0, std::move(stop));
    std::vector<TokenSequence> sequences;
    for (std::size_t i = 0; i < completions.size(); ++i) {
        if (!completions[i].whole) return {};
        TokenSequence& sequence =
            sequences.emplace_back(TokenSequence::of(prompts[i], completions[i].ids, false));
        // The completion's token j is the target at the prompt's last place + j.
        const std::size_t hidden =
            std::min(answerBegin(tokenizer, completions[i]), completions[i].ids.size());
        const std::size_t first = prompts[i].empty() ? 0 : prompts[i].size() - 1;
        for (std::size_t j = 0; j < hidden && first + j < sequence.targets.size(); ++j)
            sequence.targets[first + j] = -100;
    }
    return sequences;
}

}  // namespace retort
