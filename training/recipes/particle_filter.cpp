#include "training/recipes/particle_filter.h"

#include <algorithm>
#include <set>

#include "training/recipes/resampling.h"

namespace retort {
namespace {

/// Some problems, from their prompts to the end of all their particles.
class Filter {
  public:
    Filter(const SearchProblem* problems, std::size_t count, const ParticleSettings& settings,
           const SampleFunction& sample, const ValueFunction& values)
        : m_settings(settings),
          m_values(values),
          m_results(count),
          m_particles(count),
          m_sampler(problems, m_results, settings, "particles", sample) {
        const std::uint64_t seed = stableHash("resampling", settings.seed);
        for (std::size_t p = 0; p < count; ++p) {
            m_particles[p].assign(std::size_t(settings.count), m_sampler.beginning(p));
            m_random.emplace_back(seed, settings.streamBase + p * std::uint64_t(settings.count));
            // Where there is no room for a step.
            m_results[p].weights.assign(m_particles[p].size(), 1.0 / double(settings.count));
        }
    }

    std::vector<SearchResult> run() {
        std::vector<std::size_t> open = openProblems();
        while (!open.empty() && propagate(open)) {
            for (const std::size_t p : open) weigh(p);
            for (const std::size_t p : open)
                if (!areOver(m_particles[p])) resample(p);
            open = openProblems();
        }
        for (std::size_t p = 0; p < m_particles.size(); ++p) {
            m_results[p].whole = areOver(m_particles[p]);
            m_results[p].best = bestOf(m_particles[p]);
            m_results[p].last = std::move(m_particles[p]);
        }
        return std::move(m_results);
    }

  private:
    std::vector<std::size_t> openProblems() const {
        std::vector<std::size_t> open;
        for (std::size_t p = 0; p < m_particles.size(); ++p)
            if (!areOver(m_particles[p])) open.push_back(p);
        return open;
    }

    /// A step of every particle that is not over. False: a stop came.
    bool propagate(const std::vector<std::size_t>& problems) {
        std::vector<StepSampler::Open> open;
        std::vector<std::pair<std::size_t, PartialSolution*>> moved;
        for (const std::size_t p : problems)
            for (PartialSolution& particle : m_particles[p]) {
                if (particle.isOver()) continue;
                open.push_back({p, particle});
                moved.emplace_back(p, &particle);
            }
        std::vector<PartialSolution> longer = m_sampler.extended(open, 1);
        if (longer.empty()) return false;
        for (std::size_t i = 0; i < moved.size(); ++i) *moved[i].second = std::move(longer[i]);
        m_sampler.rate(moved, m_values);
        return true;
    }

    void weigh(std::size_t problem) {
        std::vector<double> values;
        std::set<std::int32_t> ancestors;
        for (const PartialSolution& particle : m_particles[problem]) {
            values.push_back(particle.value);
            ancestors.insert(ancestorOf(problem, particle.node));
        }
        SearchResult& result = m_results[problem];
        result.weights = particleWeights(values, m_settings.weightTemperature);
        for (std::size_t i = 0; i < values.size(); ++i) {
            SearchNode& node = nodeOf(problem, m_particles[problem][i]);
            if (node.round == m_sampler.round()) node.weight = result.weights[i];
        }
        result.record.note("ess", effectiveSampleSize(result.weights));
        result.record.note("unique_ancestors", double(ancestors.size()));
        result.record.note("best_value", *std::max_element(values.begin(), values.end()));
    }

    void resample(std::size_t problem) {
        std::vector<PartialSolution>& particles = m_particles[problem];
        Random& random = m_random[problem];
        const std::vector<double>& weights = m_results[problem].weights;
        const std::vector<std::size_t> drawn = m_settings.resampling == Resampling::Systematic
                                                   ? systematicResampling(weights, random.uniform())
                                                   : multinomialResampling(weights, random);
        for (const PartialSolution& particle : particles) nodeOf(problem, particle).kept = false;
        std::vector<PartialSolution> next;
        for (const std::size_t i : drawn) {
            next.push_back(particles[i]);
            nodeOf(problem, particles[i]).kept = true;
        }
        particles = std::move(next);
    }

    SearchNode& nodeOf(std::size_t problem, const PartialSolution& particle) {
        return m_results[problem].record.nodes[std::size_t(particle.node)];
    }

    /// The first step above a node.
    std::int32_t ancestorOf(std::size_t problem, std::int32_t node) const {
        const std::vector<SearchNode>& nodes = m_results[problem].record.nodes;
        while (nodes[std::size_t(node)].parent > 0) node = nodes[std::size_t(node)].parent;
        return node;
    }

    const ParticleSettings& m_settings;
    const ValueFunction& m_values;
    std::vector<SearchResult> m_results;
    std::vector<std::vector<PartialSolution>> m_particles;  ///< one a problem
    std::vector<Random> m_random;                           ///< one a problem
    StepSampler m_sampler;
};

}  // namespace

std::vector<SearchResult> filterParticles(const std::vector<SearchProblem>& problems,
                                          const ParticleSettings& settings, const SampleFunction& sample,
                                          const ValueFunction& values) {
    return searchInPortions(problems.size(), std::size_t(settings.count),
                            [&](std::size_t first, std::size_t count) {
                                ParticleSettings portion = settings;
                                portion.streamBase += first * std::uint64_t(settings.count);
                                return Filter(&problems[first], count, portion, sample, values).run();
                            });
}

}  // namespace retort
