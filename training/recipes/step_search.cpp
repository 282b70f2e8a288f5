#include "training/recipes/step_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/util/random.h"

namespace retort {
namespace {

/// Steps that are generated together: enough for wide batches, little enough memory.
constexpr std::size_t rowsAtOnce = 512;

std::vector<std::int32_t> joined(const SearchProblem& problem, const PartialSolution& solution) {
    std::vector<std::int32_t> text = problem.prompt;
    text.insert(text.end(), solution.ids.begin(), solution.ids.end());
    return text;
}

}  // namespace

void SearchRecord::note(const char* curve, double value) {
    for (auto& [name, values] : curves)
        if (name == curve) return values.push_back(value);
    curves.push_back({curve, {value}});
}

StepSampler::StepSampler(const SearchProblem* problems, std::vector<SearchResult>& results,
                         StepSettings settings, std::string purpose, const SampleFunction& sample)
    : m_problems(problems),
      m_results(results),
      m_settings(settings),
      m_purpose(std::move(purpose)),
      m_sample(sample) {}

PartialSolution StepSampler::beginning(std::size_t problem) const {
    PartialSolution empty;
    empty.cut = room(problem, empty) <= 0;
    return empty;
}

/// Tokens that may still follow.
std::int64_t StepSampler::room(std::size_t problem, const PartialSolution& solution) const {
    const auto written = std::int64_t(solution.ids.size());
    const std::int64_t left = m_settings.maxTokens - written;
    if (m_settings.maxPositions == 0) return left;
    const auto prompt = std::int64_t(m_problems[problem].prompt.size());
    return std::min(left, m_settings.maxPositions - prompt - written);
}

std::vector<PartialSolution> StepSampler::extended(const std::vector<Open>& open, std::int64_t samples) {
    // Prompts have one delimiter for a call of the generator.
    std::map<std::string, std::vector<std::size_t>> byDelimiter;
    for (std::size_t i = 0; i < open.size(); ++i)
        byDelimiter[m_problems[open[i].problem].delimiter].push_back(i);
    std::vector<Completion> all(open.size() * std::size_t(samples));
    std::uint64_t stream = m_settings.streamBase;
    for (const auto& [delimiter, which] : byDelimiter) {
        std::vector<Completion> found = steps(open, which, samples, stream);
        stream += which.size();
        for (std::size_t i = 0; i < found.size(); ++i)
            all[which[i / std::size_t(samples)] * std::size_t(samples) + i % std::size_t(samples)] =
                std::move(found[i]);
    }
    ++m_round;
    std::vector<PartialSolution> solutions;
    for (std::size_t i = 0; i < all.size(); ++i)
        solutions.push_back(longer(open[i / std::size_t(samples)], all[i]));
    const bool whole = std::all_of(all.begin(), all.end(), [](const Completion& step) { return step.whole; });
    return whole ? solutions : std::vector<PartialSolution>();
}

std::vector<Completion> StepSampler::steps(const std::vector<Open>& open,
                                           const std::vector<std::size_t>& which, std::int64_t samples,
                                           std::uint64_t stream) const {
    SamplingSettings sampling;
    sampling.temperature = m_settings.temperature;
    sampling.stop = {m_problems[open[which[0]].problem].delimiter};
    // Streams are numbered anew in each round.
    sampling.seed = stableHash(m_purpose + "/" + std::to_string(m_round), m_settings.seed);
    sampling.recordEntropies = false;
    sampling.maxNewTokens = 0;
    std::vector<std::vector<std::int32_t>> texts;
    for (const std::size_t i : which) {
        texts.push_back(joined(m_problems[open[i].problem], open[i].solution));
        sampling.maxNewTokens = std::max(sampling.maxNewTokens, room(open[i].problem, open[i].solution));
    }
    return m_sample(texts, samples, sampling, stream);
}

PartialSolution StepSampler::longer(const Open& from, const Completion& step) {
    PartialSolution solution = from.solution;
    // The call's bound is that of the shortest solution in it.
    const auto length =
        std::min(std::ptrdiff_t(step.ids.size()), std::ptrdiff_t(room(from.problem, from.solution)));
    SearchResult& result = m_results[from.problem];
    SearchNode& node = result.record.nodes.emplace_back();
    node.parent = from.solution.node;
    node.round = m_round;
    node.ids.assign(step.ids.begin(), step.ids.begin() + length);
    node.tokens = std::int32_t(step.ids.size());
    solution.node = std::int32_t(result.record.nodes.size()) - 1;
    solution.ids.insert(solution.ids.end(), node.ids.begin(), node.ids.end());
    const bool isComplete = step.finished && length == std::ptrdiff_t(step.ids.size());
    node.finished = solution.finished = isComplete && solution.ids.back() == m_settings.eosId;
    solution.cut = !solution.finished && (!isComplete || room(from.problem, solution) <= 0);
    result.tokens += node.tokens;
    return solution;
}

void StepSampler::rate(const std::vector<std::pair<std::size_t, PartialSolution*>>& unrated,
                       const ValueFunction& values) {
    std::vector<std::vector<std::int32_t>> texts;
    for (const auto& [problem, solution] : unrated) texts.push_back(joined(m_problems[problem], *solution));
    const std::vector<double> found = values(texts);
    for (std::size_t i = 0; i < unrated.size(); ++i) {
        const auto& [problem, solution] = unrated[i];
        solution->value = std::isnan(found[i]) ? -std::numeric_limits<double>::infinity() : found[i];
        m_results[problem].record.nodes[std::size_t(solution->node)].value = solution->value;
    }
}

std::vector<SearchResult> searchInPortions(
    std::size_t problems, std::size_t rows,
    const std::function<std::vector<SearchResult>(std::size_t first, std::size_t count)>& search) {
    const std::size_t atOnce = std::max<std::size_t>(rowsAtOnce / rows, 1);
    std::vector<SearchResult> results;
    bool isStopped = false;
    for (std::size_t first = 0; first < problems && !isStopped; first += atOnce)
        for (SearchResult& result : search(first, std::min(atOnce, problems - first))) {
            isStopped |= !result.whole;
            results.push_back(std::move(result));
        }
    results.resize(problems);  // those that a stop left unsearched
    return results;
}

const PartialSolution& bestOf(const std::vector<PartialSolution>& solutions) {
    return *std::max_element(solutions.begin(), solutions.end(),
                             [](const PartialSolution& a, const PartialSolution& b) {
                                 return a.finished != b.finished ? b.finished : a.value < b.value;
                             });
}

bool areOver(const std::vector<PartialSolution>& solutions) {
    return std::all_of(solutions.begin(), solutions.end(),
                       [](const PartialSolution& one) { return one.isOver(); });
}

std::string stepDelimiter(const Task& task, const Problem& problem) {
    // Only files have texts of other shapes than ours; what their problems' reference looks like, the policy
    // has learnt to write.
    const bool isOurs = task.kind() != "file" || problem.worked.starts_with('<');
    return isOurs ? ";" : "\n";
}

}  // namespace retort
