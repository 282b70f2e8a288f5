#include "training/recipes/search_evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analysis/estimators.h"
#include "core/tokenizers/stream_decoder.h"
#include "core/util/json.h"
#include "core/util/random.h"
#include "training/recipes/beam_search.h"
#include "training/recipes/particle_filter.h"

namespace retort {
namespace {

std::string solutionText(const Tokenizer& tokenizer, const PartialSolution& solution) {
    Completion completion;
    completion.ids = solution.ids;
    return completionText(tokenizer, completion, {});
}

/// The texts of a record's nodes. A character whose bytes are spread over steps belongs to the one that
/// completes it.
std::vector<std::string> nodeTexts(const SearchRecord& record, const Tokenizer& tokenizer) {
    std::vector<std::string> texts;
    std::vector<StreamDecoder> decoders;  // behind each node
    std::vector<bool> isLeaf(record.nodes.size(), true);
    for (const SearchNode& node : record.nodes)
        if (node.parent >= 0) isLeaf[std::size_t(node.parent)] = false;
    for (const SearchNode& node : record.nodes) {
        decoders.push_back(node.parent < 0 ? StreamDecoder(tokenizer) : decoders[std::size_t(node.parent)]);
        std::string& text = texts.emplace_back();
        for (const std::int32_t id : node.ids) text += decoders.back().push(id);
        if (isLeaf[texts.size() - 1]) text += decoders.back().finish();
    }
    return texts;
}

double meanOf(const SearchRecord& record, const char* curve) {
    for (const auto& [name, values] : record.curves)
        if (name == curve) return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
    return 0;
}

double lastOf(const SearchRecord& record, const char* curve) {
    for (const auto& [name, values] : record.curves)
        if (name == curve) return values.back();
    return 0;
}

}  // namespace

bool asksForSearch(const EvaluationSettings& settings) {
    return settings.beam_size > 0 || settings.num_particles > 0;
}

SearchTree treeOf(const SearchResult& result, const Task& task, const Problem& problem,
                  const Tokenizer& tokenizer) {
    SearchTree tree;
    tree.problemId = problem.id;
    tree.prompt = problem.prompt;
    tree.gold = problem.answer;
    tree.tokens = result.tokens;
    tree.curves = result.record.curves;
    const std::vector<std::string> texts = nodeTexts(result.record, tokenizer);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const SearchNode& from = result.record.nodes[i];
        TreeNode& node = tree.nodes.emplace_back();
        node.parent = from.parent;
        node.text = texts[i];
        node.round = from.round;
        node.tokens = from.tokens;
        if (from.value && std::isfinite(*from.value)) node.value = from.value;
        node.weight = from.weight;
        node.kept = from.kept;
        node.finished = from.finished;
        if (node.finished) node.correct = task.verify(problem, textOf(tree, std::int32_t(i))).correct;
    }
    tree.chosen = result.best.node;
    tree.correct = task.verify(problem, solutionText(tokenizer, result.best)).correct;
    return tree;
}

SearchEvaluation::SearchEvaluation(const Task& task, Generator& generator, const Tokenizer& tokenizer,
                                   const EvaluationSettings& settings, bool budgets, ValueFunction values,
                                   std::uint64_t seed)
    : m_task(task),
      m_generator(generator),
      m_tokenizer(tokenizer),
      m_settings(settings),
      m_values(std::move(values)),
      m_seed(seed) {
    if (settings.beam_size > 0) m_searches.push_back({settings.beam_size, settings.beam_expansion});
    if (settings.num_particles > 0) m_searches.push_back({settings.num_particles});
    if (budgets)
        for (const std::int64_t budget : settings.search_budgets) {
            const std::int64_t expansion = std::min(budget, settings.beam_expansion);
            m_searches.push_back({budget / expansion, expansion, budget});
            m_searches.push_back({budget, 0, budget});
        }
    for (const bool isBeam : {true, false}) chooseTrees(isBeam);
}

/// Of the searches of a method, the one with most samples a round.
void SearchEvaluation::chooseTrees(bool isBeam) {
    Search* most = nullptr;
    for (Search& search : m_searches)
        if (search.isBeam() == isBeam && (!most || search.samples() > most->samples())) most = &search;
    if (most) most->keepsTrees = true;
}

std::size_t SearchEvaluation::search(const std::vector<const Problem*>& problems,
                                     const std::vector<std::vector<std::int32_t>>& prompts,
                                     std::uint64_t streamBase, const std::stop_token& stop) {
    std::vector<SearchProblem> asked;
    for (std::size_t i = 0; i < problems.size(); ++i)
        asked.push_back({prompts[i], stepDelimiter(m_task, *problems[i])});
    std::vector<std::vector<SearchResult>> results;
    for (const Search& search : m_searches) {
        results.push_back(resultsOf(search, asked, streamBase, stop));
        const auto cut = std::find_if(results.back().begin(), results.back().end(),
                                      [](const SearchResult& result) { return !result.whole; });
        asked.resize(std::size_t(cut - results.back().begin()));
    }
    for (std::size_t i = 0; i < asked.size(); ++i, ++m_problems)
        for (std::size_t s = 0; s < m_searches.size(); ++s)
            collect(m_searches[s], *problems[i], results[s][i]);
    return asked.size();
}

StepSettings SearchEvaluation::stepSettings() const {
    StepSettings settings;
    settings.maxTokens = m_settings.max_completion_length;
    const ModelShape& shape = m_generator.shape();
    if (shape.positionEmbedding == "learned") settings.maxPositions = shape.maxPositions;
    if (m_settings.temperature > 0) settings.temperature = m_settings.temperature;
    settings.eosId = m_tokenizer.eosId();
    settings.seed = m_seed;
    return settings;
}

std::vector<SearchResult> SearchEvaluation::resultsOf(const Search& search,
                                                      const std::vector<SearchProblem>& problems,
                                                      std::uint64_t streamBase,
                                                      const std::stop_token& stop) const {
    const SampleFunction sample = [&](const auto& texts, std::int64_t samples,
                                      const SamplingSettings& sampling, std::uint64_t stream) {
        return m_generator.generate(texts, samples, sampling, stream, stop);
    };
    if (search.isBeam()) {
        BeamSettings beam;
        static_cast<StepSettings&>(beam) = stepSettings();
        beam.size = search.size;
        beam.expansion = search.expansion;
        beam.streamBase = streamBase * std::uint64_t(search.size);
        return searchBeams(problems, beam, sample, m_values);
    }
    ParticleSettings particles;
    static_cast<StepSettings&>(particles) = stepSettings();
    particles.count = search.size;
    if (m_settings.particle_resampling == "multinomial") particles.resampling = Resampling::Multinomial;
    particles.weightTemperature = m_settings.particle_temperature;
    particles.streamBase = streamBase * std::uint64_t(search.size);
    return filterParticles(problems, particles, sample, m_values);
}

void SearchEvaluation::collect(Search& search, const Problem& problem, const SearchResult& result) {
    search.correct += m_task.verify(problem, solutionText(m_tokenizer, result.best)).correct;
    search.tokens += double(result.tokens);
    if (!search.isBeam()) {
        search.voted += voteOf(problem, result);
        search.ess += meanOf(result.record, "ess");
        search.ancestors += lastOf(result.record, "unique_ancestors");
    }
    if (search.keepsTrees && m_problems < m_settings.trees) keepTree(search, problem, result);
}

double SearchEvaluation::voteOf(const Problem& problem, const SearchResult& result) const {
    std::vector<std::string> answers;
    std::vector<bool> correct;
    for (const PartialSolution& solution : result.last) {
        const Verdict verdict = m_task.verify(problem, solutionText(m_tokenizer, solution));
        answers.push_back(verdict.extracted);
        correct.push_back(verdict.correct);
    }
    return weightedVoteAtK(answers, correct, result.weights, std::int64_t(answers.size()), 0);
}

void SearchEvaluation::keepTree(const Search& search, const Problem& problem, const SearchResult& result) {
    SearchTree tree = treeOf(result, m_task, problem, m_tokenizer);
    const StepSettings step = stepSettings();
    Json settings = {{"temperature", step.temperature}, {"max_completion_length", step.maxTokens}};
    if (search.isBeam()) {
        tree.method = "beam_search";
        settings["beam_size"] = search.size;
        settings["beam_expansion"] = search.expansion;
    } else {
        tree.method = "particle_filtering";
        settings["num_particles"] = search.size;
        settings["particle_resampling"] = m_settings.particle_resampling;
        settings["particle_temperature"] = m_settings.particle_temperature;
    }
    tree.settings = settings.dump();
    m_trees.push_back(std::move(tree));
}

void SearchEvaluation::addMetrics(std::vector<std::pair<std::string, double>>& metrics) const {
    const double problems = double(std::max<std::int64_t>(m_problems, 1));
    for (const Search& search : m_searches) {
        const std::string method = search.isBeam() ? "beam" : "particle";
        const std::string at = search.budget > 0 ? "@" + std::to_string(search.budget) : "";
        const std::string accuracy = at.empty() ? "_accuracy" : at;
        metrics.emplace_back(method + accuracy, search.correct / problems);
        if (!search.isBeam()) metrics.emplace_back("particle_vote" + accuracy, search.voted / problems);
        metrics.emplace_back(method + "_tokens" + at, search.tokens / problems);
        if (search.isBeam() || search.budget > 0) continue;
        metrics.emplace_back("particle_ess", search.ess / problems);
        metrics.emplace_back("particle_ancestors", search.ancestors / problems);
    }
}

}  // namespace retort
