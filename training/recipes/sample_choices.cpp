#include "training/recipes/sample_choices.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/analysis/estimators.h"
#include "core/util/json.h"
#include "core/util/random.h"

namespace retort {
namespace {

/// The numbers of a list and the budgets that are not among them.
std::vector<std::int64_t> withBudgets(std::vector<std::int64_t> counts, const EvaluationSettings& settings) {
    for (const std::int64_t budget : settings.search_budgets)
        if (std::find(counts.begin(), counts.end(), budget) == counts.end()) counts.push_back(budget);
    return counts;
}

/// Mean over the problems.
template <class Item, class Value>
double meanOver(const std::vector<Item>& items, Value value) {
    double sum = 0;
    for (std::size_t i = 0; i < items.size(); ++i) sum += value(items[i], i);
    return sum / double(std::max<std::size_t>(items.size(), 1));
}

SearchTree treeOfSamples(const char* method, const Problem& problem, const JudgedCompletion* judged,
                         const ProblemSamples& samples) {
    SearchTree tree;
    tree.method = method;
    tree.problemId = problem.id;
    tree.prompt = problem.prompt;
    tree.gold = problem.answer;
    tree.nodes.emplace_back();
    for (std::size_t i = 0; i < samples.answers.size(); ++i) {
        TreeNode& node = tree.nodes.emplace_back();
        node.parent = 0;
        node.text = judged[i].text;
        node.round = 1;
        node.tokens = std::int32_t(judged[i].tokens());
        if (std::isfinite(samples.scores[i])) node.value = samples.scores[i];
        node.kept = false;
        node.finished = judged[i].completion.finished;
        if (node.finished) node.correct = samples.correct[i];
        tree.tokens += node.tokens;
    }
    return tree;
}

void choose(SearchTree& tree, std::size_t sample, const ProblemSamples& samples) {
    tree.chosen = std::int32_t(sample) + 1;
    tree.nodes[sample + 1].kept = true;
    tree.correct = samples.correct[sample];
}

std::size_t bestSample(const ProblemSamples& samples) {
    const auto best = std::max_element(samples.scores.begin(), samples.scores.end());
    return std::size_t(best - samples.scores.begin());
}

/// The tree of the vote: nodes weigh what they voted with, kept are those of the answer that won.
SearchTree voteTree(SearchTree tree, const ProblemSamples& samples) {
    std::map<std::string, double> votes;
    double all = 0;
    for (std::size_t i = 0; i < samples.answers.size(); ++i) {
        if (samples.answers[i].empty()) continue;
        votes[samples.answers[i]] += samples.weights[i];
        all += samples.weights[i];
    }
    if (votes.empty()) return tree;
    const auto winner = std::max_element(votes.begin(), votes.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
    std::size_t chosen = samples.answers.size();
    for (std::size_t i = 0; i < samples.answers.size(); ++i) {
        if (samples.answers[i].empty()) continue;
        TreeNode& node = tree.nodes[i + 1];
        if (all > 0) node.weight = samples.weights[i] / all;
        if (samples.answers[i] != winner->first) continue;
        node.kept = true;
        if (chosen == samples.answers.size() || samples.scores[i] > samples.scores[chosen]) chosen = i;
    }
    choose(tree, chosen, samples);
    return tree;
}

}  // namespace

std::int64_t samplesOf(const EvaluationSettings& settings) {
    return settings.temperature == 0 ? 1 : settings.num_samples;
}

bool choosesByScore(const EvaluationSettings& settings) {
    return !settings.verifier.empty() &&
           !(settings.best_at.empty() && settings.weighted_at.empty() && settings.search_budgets.empty());
}

void addSampleChoices(const std::vector<EvaluationItem>& items, const std::vector<ProblemSamples>& problems,
                      const EvaluationSettings& settings, double meanTokens, std::uint64_t seed,
                      std::vector<std::pair<std::string, double>>& metrics) {
    const std::int64_t samples = samplesOf(settings);
    const auto add = [&](const char* name, const std::vector<std::int64_t>& counts, const auto& value) {
        for (const std::int64_t k : counts)
            if (k <= samples)
                metrics.emplace_back(name + std::to_string(k),
                                     meanOver(problems, [&](const ProblemSamples& one, std::size_t i) {
                                         return value(one, i, k);
                                     }));
    };
    using Samples = const ProblemSamples&;
    add("pass@", settings.pass_at, [&](Samples, std::size_t i, std::int64_t k) {
        return passAtK(items[i].samples, items[i].correct, k);
    });
    add("maj@", withBudgets(settings.maj_at, settings), [&](Samples one, std::size_t i, std::int64_t k) {
        return majorityAtK(one.answers, one.correct, k, stableHash("majority", seed + i));
    });
    if (choosesByScore(settings)) {
        add("best_of@", withBudgets(settings.best_at, settings),
            [](Samples one, std::size_t, std::int64_t k) { return bestOfK(one.scores, one.correct, k); });
        add("weighted_vote@", withBudgets(settings.weighted_at, settings),
            [&](Samples one, std::size_t i, std::int64_t k) {
                return weightedVoteAtK(one.answers, one.correct, one.weights, k,
                                       stableHash("majority", seed + i));
            });
    }
    add("tokens@", settings.search_budgets,
        [&](Samples, std::size_t, std::int64_t k) { return meanTokens * double(k); });
}

std::vector<SearchTree> treesOfSamples(const Problem& problem, const JudgedCompletion* judged,
                                       const ProblemSamples& samples, const EvaluationSettings& settings) {
    std::vector<SearchTree> trees;
    if (samples.scores.empty()) return trees;
    const bool all = !settings.search_budgets.empty();
    const std::string what = Json{{"num_samples", samples.answers.size()},
                                  {"temperature", settings.temperature},
                                  {"verifier_score", settings.verifier_score}}
                                 .dump();
    if (all || !settings.best_at.empty()) {
        trees.push_back(treeOfSamples("best_of_n", problem, judged, samples));
        choose(trees.back(), bestSample(samples), samples);
    }
    if (all || !settings.weighted_at.empty())
        trees.push_back(voteTree(treeOfSamples("weighted_vote", problem, judged, samples), samples));
    for (SearchTree& tree : trees) tree.settings = what;
    return trees;
}

}  // namespace retort
