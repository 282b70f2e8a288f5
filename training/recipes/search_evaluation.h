// Beam search and particle filtering over held-out problems: what they find, what it costs, and their trees.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/config/settings/evaluation_settings.h"
#include "core/traces/search_tree.h"
#include "training/engine/generator.h"
#include "training/recipes/step_search.h"

namespace retort {

/// Whether the settings ask for a search that a process reward model guides.
bool asksForSearch(const EvaluationSettings& settings);

/// A search's record with its texts, which together are those of the solutions; finished ones are put to the
/// task's checker. `chosen` is the node of the search's best solution. Not set: step, task, method, settings.
SearchTree treeOf(const SearchResult& result, const Task& task, const Problem& problem,
                  const Tokenizer& tokenizer);

/// Searches by the settings, over the problems of one task. They sample at the settings' temperature; where
/// that is 0, at 1.
class SearchEvaluation {
  public:
    /// Everything must outlive this. `budgets`: also for the settings' search_budgets.
    SearchEvaluation(const Task& task, Generator& generator, const Tokenizer& tokenizer,
                     const EvaluationSettings& settings, bool budgets, ValueFunction values,
                     std::uint64_t seed);

    bool isEmpty() const { return m_searches.empty(); }
    /// Each search of the problems, whose random numbers follow from `streamBase`. Returns how many were
    /// searched to the end by all before a stop came; only these count.
    std::size_t search(const std::vector<const Problem*>& problems,
                       const std::vector<std::vector<std::int32_t>>& prompts, std::uint64_t streamBase,
                       const std::stop_token& stop);

    /// Means over the problems. Of beam_size: beam_accuracy, beam_tokens
    /// (generated a problem). Of num_particles: particle_accuracy (the best by value),
    /// particle_vote_accuracy (the answer of most weight), particle_tokens, particle_ess (also over the
    /// rounds) and particle_ancestors (first steps from which the last particles come). Of a budget N the
    /// same as beam@N, beam_tokens@N, particle@N, particle_vote@N, particle_tokens@N.
    void addMetrics(std::vector<std::pair<std::string, double>>& metrics) const;
    /// Of the first problems, as many as the settings keep, of each method the search with most samples.
    std::vector<SearchTree> takeTrees() { return std::move(m_trees); }

  private:
    struct Search {
        std::int64_t size = 1, expansion = 0;  ///< expansion 0: particles
        std::int64_t budget = 0;               ///< 0: one of the settings' own
        bool keepsTrees = false;
        double correct = 0, voted = 0, tokens = 0, ess = 0, ancestors = 0;

        bool isBeam() const { return expansion > 0; }
        std::int64_t samples() const { return size * std::max<std::int64_t>(expansion, 1); }
    };

    void chooseTrees(bool isBeam);
    std::vector<SearchResult> resultsOf(const Search& search, const std::vector<SearchProblem>& problems,
                                        std::uint64_t streamBase, const std::stop_token& stop) const;
    StepSettings stepSettings() const;
    void collect(Search& search, const Problem& problem, const SearchResult& result);
    double voteOf(const Problem& problem, const SearchResult& result) const;
    void keepTree(const Search& search, const Problem& problem, const SearchResult& result);

    const Task& m_task;
    Generator& m_generator;
    const Tokenizer& m_tokenizer;
    const EvaluationSettings& m_settings;
    ValueFunction m_values;
    std::uint64_t m_seed;
    std::vector<Search> m_searches;
    std::int64_t m_problems = 0;
    std::vector<SearchTree> m_trees;
};

}  // namespace retort
