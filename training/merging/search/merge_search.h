// Searches for the coefficients of a merge: whatever the coefficients are (MergeSpace) and however a merge is
// judged (a function; training/search/merge_evaluator.h). Each keeps every point that it evaluated.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "training/merging/search/cma_es.h"
#include "training/merging/search/merge_space.h"
#include "training/merging/search/search_trace.h"

namespace retort {

/// The objectives' values at a point; empty: a stop came first. NaN says that the merge is worthless;
/// exceptions end the search.
using PointEvaluation = std::function<std::vector<double>(const std::vector<double>& coefficients)>;

struct SearchContext {
    PointEvaluation evaluate;
    std::vector<SearchObjective> objectives;
    /// After each point, in the searching thread, with the number of points that there will be at most. May
    /// be empty.
    std::function<void(const SearchPoint&, std::int64_t planned)> progress = {};
    std::stop_token stop = {};
};

struct SearchOutcome {
    std::vector<SearchPoint> points;
    bool stopped = false;
    /// The point of the lowest score; nullptr when there is none with a finite one. The first of equals.
    const SearchPoint* best() const;
};

/// Evaluates point after point and keeps them: what the searches are made of.
class PointRecorder {
  public:
    PointRecorder(const SearchContext& context, std::int64_t planned);
    /// Absent when a stop came: the search ends then.
    std::optional<SearchPoint> evaluate(const std::vector<double>& coefficients, const std::string& stage);
    std::int64_t left() const { return m_planned - std::int64_t(m_outcome.points.size()); }
    SearchOutcome take() { return std::move(m_outcome); }

  private:
    const SearchContext& m_context;
    std::int64_t m_planned;
    SearchOutcome m_outcome;
};

struct EvolutionSettings {
    std::int64_t maxEvaluations = 100;  ///< mergekit-evolve's
    double sigma = 1.0 / 6;
    std::int64_t populationSize = 0;  ///< 0: CMA-ES's own
    bool separable = false;
    std::int64_t restarts = 0;  ///< after it has converged, from the start again with twice the population
    std::uint64_t seed = 1;
    std::vector<double> start;  ///< empty: the space's
    /// After each generation: what there is to keep for going on later (CmaEs::state()). May be empty.
    std::function<void(const CmaEs&)> onGeneration = {};
};

/// Evolutionary merging (#210; Akiba et al. 2024): CMA-ES over the space, of which the start is the first
/// point.
SearchOutcome evolve(const SearchContext& context, const MergeSpace& space,
                     const EvolutionSettings& settings);

/// Every combination of the axes' values, the last axis fastest. Throws Error for more than a million points.
SearchOutcome gridSearch(const SearchContext& context, const std::vector<std::vector<double>>& axes);

/// λ·direction for each λ: with ones, task arithmetic's usual sweep.
SearchOutcome sweep(const SearchContext& context, const std::vector<double>& direction,
                    const std::vector<double>& lambdas);

/// Balanced Actor Initialization (#119): θ_A = α·instruct + (1 − α)·distilled, then β·θ_A + (1 −
/// β)·pretrained. Both stages are linear, so one recipe of three models is the whole of it.
struct BaiSettings {
    std::vector<double> alphas = {0.3, 0.5, 0.7}, betas = {0.3, 0.5, 0.7};
};
MergeSpace baiSpace(const std::string& instruct, const std::string& distilled, const std::string& pretrained);
/// Weights of instruct, distilled and pretrained.
std::array<double, 3> baiWeights(double alpha, double beta);
/// In the coefficients of baiSpace(); a point's stage says which α and β it is.
SearchOutcome sweepBai(const SearchContext& context, const BaiSettings& settings);

}  // namespace retort
