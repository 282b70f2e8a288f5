#include "training/recipes/beam_search.h"

#include <algorithm>
#include <map>

namespace retort {
namespace {

using Ids = std::vector<std::int32_t>;

bool isBetter(const PartialSolution& a, const PartialSolution& b) {
    return a.value > b.value;
}

/// Some problems, from their prompts to the end of their beams.
class Search {
  public:
    Search(const SearchProblem* problems, std::size_t count, const BeamSettings& settings,
           const SampleFunction& sample, const ValueFunction& values)
        : m_settings(settings),
          m_values(values),
          m_results(count),
          m_beams(count),
          m_sampler(problems, m_results, settings, "beam", sample) {
        for (std::size_t p = 0; p < count; ++p) m_beams[p] = {m_sampler.beginning(p)};
    }

    std::vector<SearchResult> run() {
        while (findOpen() && expand()) keepBest();
        for (std::size_t p = 0; p < m_beams.size(); ++p) {
            m_results[p].whole = areOver(m_beams[p]);
            m_results[p].best = bestOf(m_beams[p]);
            m_results[p].last = std::move(m_beams[p]);
        }
        return std::move(m_results);
    }

  private:
    /// False: all beams are over.
    bool findOpen() {
        m_open.clear();
        m_candidates.assign(m_beams.size(), {});
        for (std::size_t p = 0; p < m_beams.size(); ++p)
            for (const PartialSolution& solution : m_beams[p]) {
                if (solution.isOver())
                    m_candidates[p].push_back(solution);
                else
                    m_open.push_back({p, solution});
            }
        return !m_open.empty();
    }

    /// Samples the next steps of what is open. False: a stop came.
    bool expand() {
        const std::int64_t samples = m_settings.expansion * (m_sampler.round() == 0 ? m_settings.size : 1);
        std::vector<PartialSolution> longer = m_sampler.extended(m_open, samples);
        for (std::size_t i = 0; i < longer.size(); ++i)
            m_candidates[m_open[i / std::size_t(samples)].problem].push_back(std::move(longer[i]));
        return !longer.empty();
    }

    void keepBest() {
        std::vector<std::pair<std::size_t, PartialSolution*>> unrated;
        std::vector<std::map<std::int32_t, std::int32_t>> twins(m_beams.size());
        for (std::size_t p = 0; p < m_beams.size(); ++p) {
            twins[p] = takeTwins(m_candidates[p]);
            // What was over before stands first, and has its value.
            const auto before = std::count_if(m_beams[p].begin(), m_beams[p].end(),
                                              [](const PartialSolution& one) { return one.isOver(); });
            for (std::size_t i = std::size_t(before); i < m_candidates[p].size(); ++i)
                unrated.emplace_back(p, &m_candidates[p][i]);
        }
        m_sampler.rate(unrated, m_values);
        for (std::size_t p = 0; p < m_beams.size(); ++p) {
            if (areOver(m_beams[p])) continue;
            for (const auto& [twin, original] : twins[p]) {
                node(p, twin).value = node(p, original).value;
                node(p, twin).kept = false;
            }
            keepBest(p);
        }
    }

    /// Takes away the candidates that say what one before them says. Their nodes, with that one's.
    static std::map<std::int32_t, std::int32_t> takeTwins(std::vector<PartialSolution>& candidates) {
        std::map<Ids, std::int32_t> seen;
        std::map<std::int32_t, std::int32_t> twins;
        std::erase_if(candidates, [&](const PartialSolution& one) {
            const auto [first, isNew] = seen.emplace(one.ids, one.node);
            if (!isNew) twins[one.node] = first->second;
            return !isNew;
        });
        return twins;
    }

    void keepBest(std::size_t problem) {
        std::vector<PartialSolution>& candidates = m_candidates[problem];
        std::stable_sort(candidates.begin(), candidates.end(), isBetter);
        const std::size_t size = std::min(candidates.size(), std::size_t(m_settings.size));
        for (std::size_t i = size; i < candidates.size(); ++i) node(problem, candidates[i].node).kept = false;
        candidates.resize(size);
        m_results[problem].record.note("best_value", candidates.front().value);
        m_beams[problem] = std::move(candidates);
    }

    SearchNode& node(std::size_t problem, std::int32_t index) {
        return m_results[problem].record.nodes[std::size_t(index)];
    }

    const BeamSettings& m_settings;
    const ValueFunction& m_values;
    std::vector<SearchResult> m_results;
    std::vector<std::vector<PartialSolution>> m_beams, m_candidates;  ///< one a problem
    StepSampler m_sampler;
    std::vector<StepSampler::Open> m_open;
};

}  // namespace

std::vector<SearchResult> searchBeams(const std::vector<SearchProblem>& problems,
                                      const BeamSettings& settings, const SampleFunction& sample,
                                      const ValueFunction& values) {
    return searchInPortions(problems.size(), std::size_t(settings.size * settings.expansion),
                            [&](std::size_t first, std::size_t count) {
                                BeamSettings portion = settings;
                                // No more streams than kept solutions are in use at a time.
                                portion.streamBase += first * std::uint64_t(settings.size);
                                return Search(&problems[first], count, portion, sample, values).run();
                            });
}

}  // namespace retort
