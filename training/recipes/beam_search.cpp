#include "training/recipes/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/util/random.h"

namespace retort {
namespace {

/// Steps that are generated together: enough for wide batches, little enough memory.
constexpr std::int64_t rowsAtOnce = 512;

using Ids = std::vector<std::int32_t>;

Ids joined(const Ids& prompt, const Ids& solution) {
    Ids text = prompt;
    text.insert(text.end(), solution.begin(), solution.end());
    return text;
}

bool isBetter(const BeamSolution& a, const BeamSolution& b) {
    return a.value > b.value;
}

/// Some problems, from their prompts to the end of their beams.
class Search {
  public:
    Search(const BeamProblem* problems, std::size_t count, const BeamSettings& settings,
           const SampleFunction& sample, const ValueFunction& values, std::uint64_t streamBase)
        : m_problems(problems),
          m_settings(settings),
          m_sample(sample),
          m_values(values),
          m_streamBase(streamBase),
          m_results(count),
          m_beams(count) {
        for (std::size_t p = 0; p < count; ++p) {
            BeamSolution empty;
            empty.cut = room(p, empty) <= 0;
            m_beams[p] = {empty};
        }
    }

    std::vector<BeamResult> run() {
        while (findOpen() && expand()) keepBest();
        for (std::size_t p = 0; p < m_beams.size(); ++p) {
            m_results[p].whole = isOver(m_beams[p]);
            m_results[p].best = bestOf(m_beams[p]);
        }
        return std::move(m_results);
    }

  private:
    /// A kept solution that goes on.
    struct Open {
        std::size_t problem;
        BeamSolution solution;
    };

    static bool isOver(const std::vector<BeamSolution>& beam) {
        return std::all_of(beam.begin(), beam.end(), [](const BeamSolution& one) { return one.isOver(); });
    }

    static BeamSolution bestOf(const std::vector<BeamSolution>& beam) {
        // The beam is in the order of its values.
        const auto finished =
            std::find_if(beam.begin(), beam.end(), [](const auto& s) { return s.finished; });
        return finished != beam.end() ? *finished : beam.front();
    }

    /// Tokens that may still follow.
    std::int64_t room(std::size_t problem, const BeamSolution& solution) const {
        const auto written = std::int64_t(solution.ids.size());
        const std::int64_t left = m_settings.maxTokens - written;
        if (m_settings.maxPositions == 0) return left;
        const auto prompt = std::int64_t(m_problems[problem].prompt.size());
        return std::min(left, m_settings.maxPositions - prompt - written);
    }

    /// False: all beams are over.
    bool findOpen() {
        m_open.clear();
        m_candidates.assign(m_beams.size(), {});
        for (std::size_t p = 0; p < m_beams.size(); ++p)
            for (const BeamSolution& solution : m_beams[p]) {
                if (solution.isOver())
                    m_candidates[p].push_back(solution);
                else
                    m_open.push_back({p, solution});
            }
        return !m_open.empty();
    }

    /// Samples the next steps of what is open. False: a stop came.
    bool expand() {
        // Prompts have one delimiter for a call of the generator.
        std::map<std::string, std::vector<const Open*>> byDelimiter;
        for (const Open& open : m_open) byDelimiter[m_problems[open.problem].delimiter].push_back(&open);
        bool whole = true;
        std::uint64_t stream = m_streamBase;
        for (const auto& [delimiter, open] : byDelimiter) {
            whole &= expand(open, delimiter, stream);
            stream += open.size();
        }
        ++m_round;
        return whole;
    }

    bool expand(const std::vector<const Open*>& open, const std::string& delimiter, std::uint64_t stream) {
        SamplingSettings sampling;
        sampling.temperature = m_settings.temperature;
        sampling.stop = {delimiter};
        // Streams are numbered anew in each round.
        sampling.seed = stableHash("beam/" + std::to_string(m_round), m_settings.seed);
        sampling.recordEntropies = false;
        sampling.maxNewTokens = 0;
        std::vector<Ids> texts;
        for (const Open* one : open) {
            texts.push_back(joined(m_problems[one->problem].prompt, one->solution.ids));
            sampling.maxNewTokens = std::max(sampling.maxNewTokens, room(one->problem, one->solution));
        }
        const std::int64_t samples = m_settings.expansion * (m_round == 0 ? m_settings.size : 1);
        const std::vector<Completion> steps = m_sample(texts, samples, sampling, stream);
        bool whole = true;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const Open& from = *open[i / std::size_t(samples)];
            m_results[from.problem].tokens += std::int64_t(steps[i].ids.size());
            m_candidates[from.problem].push_back(extended(from, steps[i]));
            whole &= steps[i].whole;
        }
        return whole;
    }

    BeamSolution extended(const Open& from, const Completion& step) const {
        BeamSolution solution = from.solution;
        // The call's bound is that of the shortest solution in it.
        const auto length =
            std::min(std::ptrdiff_t(step.ids.size()), std::ptrdiff_t(room(from.problem, from.solution)));
        solution.ids.insert(solution.ids.end(), step.ids.begin(), step.ids.begin() + length);
        const bool isComplete = step.finished && length == std::ptrdiff_t(step.ids.size());
        solution.finished = isComplete && solution.ids.back() == m_settings.eosId;
        solution.cut = !solution.finished && (!isComplete || room(from.problem, solution) <= 0);
        return solution;
    }

    void keepBest() {
        std::vector<BeamSolution*> unrated;
        std::vector<Ids> texts;
        for (std::size_t p = 0; p < m_beams.size(); ++p) {
            std::set<Ids> seen;
            std::erase_if(m_candidates[p],
                          [&](const BeamSolution& one) { return !seen.insert(one.ids).second; });
            // What was over before stands first, and has its value.
            const auto before = std::count_if(m_beams[p].begin(), m_beams[p].end(),
                                              [](const BeamSolution& one) { return one.isOver(); });
            for (std::size_t i = std::size_t(before); i < m_candidates[p].size(); ++i) {
                unrated.push_back(&m_candidates[p][i]);
                texts.push_back(joined(m_problems[p].prompt, m_candidates[p][i].ids));
            }
        }
        const std::vector<double> values = m_values(texts);
        for (std::size_t i = 0; i < unrated.size(); ++i)
            unrated[i]->value = std::isnan(values[i]) ? -std::numeric_limits<double>::infinity() : values[i];
        for (std::size_t p = 0; p < m_beams.size(); ++p) {
            std::stable_sort(m_candidates[p].begin(), m_candidates[p].end(), isBetter);
            if (m_candidates[p].size() > std::size_t(m_settings.size))
                m_candidates[p].resize(std::size_t(m_settings.size));
            m_beams[p] = std::move(m_candidates[p]);
        }
    }

    const BeamProblem* m_problems;
    const BeamSettings& m_settings;
    const SampleFunction& m_sample;
    const ValueFunction& m_values;
    std::uint64_t m_streamBase;
    std::vector<BeamResult> m_results;
    std::vector<std::vector<BeamSolution>> m_beams, m_candidates;  ///< one a problem
    std::vector<Open> m_open;
    std::int64_t m_round = 0;
};

}  // namespace

std::vector<BeamResult> searchBeams(const std::vector<BeamProblem>& problems, const BeamSettings& settings,
                                    const SampleFunction& sample, const ValueFunction& values) {
    const auto atOnce =
        std::size_t(std::max<std::int64_t>(rowsAtOnce / (settings.size * settings.expansion), 1));
    std::vector<BeamResult> results;
    for (std::size_t first = 0; first < problems.size(); first += atOnce) {
        const std::size_t count = std::min(atOnce, problems.size() - first);
        // No more streams than kept solutions are in use at a time.
        const std::uint64_t stream = settings.streamBase + first * std::uint64_t(settings.size);
        for (BeamResult& result : Search(&problems[first], count, settings, sample, values, stream).run())
            results.push_back(std::move(result));
        const bool isStopped = std::any_of(results.begin() + std::ptrdiff_t(first), results.end(),
                                           [](const BeamResult& result) { return !result.whole; });
        if (isStopped) break;
    }
    results.resize(problems.size());  // those that a stop left unsearched
    return results;
}

std::string stepDelimiter(const Task& task, const Problem& problem) {
    // Only files have texts of other shapes than ours; what their problems' reference looks like, the policy
    // has learnt to write.
    const bool isOurs = task.kind() != "file" || problem.worked.starts_with('<');
    return isOurs ? ";" : "\n";
}

}  // namespace retort
