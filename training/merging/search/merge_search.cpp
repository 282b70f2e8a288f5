#include "training/merging/search/merge_search.h"

#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

constexpr std::size_t mostGridPoints = 1'000'000;

CmaEsSettings cmaSettings(const MergeSpace& space, const EvolutionSettings& settings, std::int64_t restart) {
    CmaEsSettings cma;
    cma.mean = settings.start.empty() ? space.start() : settings.start;
    cma.sigma = settings.sigma;
    cma.populationSize = settings.populationSize;
    cma.separable = settings.separable;
    cma.lower = space.lower();
    cma.upper = space.upper();
    cma.seed = restart == 0 ? settings.seed : stableHash("restart", settings.seed + std::uint64_t(restart));
    // A loss of some hundred examples is flat or noisy below this.
    cma.tolX = 1e-4;
    cma.tolFun = 1e-9;
    return cma;
}

/// Runs one CMA-ES to its end. False when a stop came or no evaluations are left.
bool evolveOnce(CmaEs& search, PointRecorder& recorder, const EvolutionSettings& settings) {
    while (search.stopReason().empty()) {
        std::vector<double> scores;
        for (const std::vector<double>& x : search.ask()) {
            if (recorder.left() <= 0) return false;
            const auto point = recorder.evaluate(x, "cma-es");
            if (!point) return false;
            scores.push_back(point->score);
        }
        search.tell(scores);
        if (settings.onGeneration) settings.onGeneration(search);
    }
    return true;
}

}  // namespace

const SearchPoint* SearchOutcome::best() const {
    const SearchPoint* found = nullptr;
    for (const SearchPoint& point : points)
        if (std::isfinite(point.score) && (!found || point.score < found->score)) found = &point;
    return found;
}

PointRecorder::PointRecorder(const SearchContext& context, std::int64_t planned)
    : m_context(context), m_planned(planned) {
    if (!context.evaluate || context.objectives.empty())
        throw Error("a search needs something to judge merges by", "merge search");
}

std::optional<SearchPoint> PointRecorder::evaluate(const std::vector<double>& coefficients,
                                                   const std::string& stage) {
    using Clock = std::chrono::steady_clock;
    m_outcome.stopped |= m_context.stop.stop_requested();
    if (m_outcome.stopped) return std::nullopt;
    const Clock::time_point begun = Clock::now();
    SearchPoint point;
    point.values = m_context.evaluate(coefficients);
    if (point.values.empty()) {
        m_outcome.stopped = true;
        return std::nullopt;
    }
    point.number = std::int64_t(m_outcome.points.size()) + 1;
    point.stage = stage;
    point.coefficients = coefficients;
    point.score = searchScore(m_context.objectives, point.values);
    point.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    m_outcome.points.push_back(point);
    if (m_context.progress) m_context.progress(point, m_planned);
    return point;
}

SearchOutcome evolve(const SearchContext& context, const MergeSpace& space,
                     const EvolutionSettings& settings) {
    PointRecorder recorder(context, settings.maxEvaluations);
    CmaEsSettings cma = cmaSettings(space, settings, 0);
    CmaEs first(cma);
    space.check(cma.mean);
    if (settings.maxEvaluations > 0 && recorder.evaluate(cma.mean, "start") &&
        evolveOnce(first, recorder, settings)) {
        std::int64_t population = std::int64_t(first.populationSize());
        for (std::int64_t restart = 1; restart <= settings.restarts; ++restart) {
            cma = cmaSettings(space, settings, restart);
            cma.populationSize = population *= 2;
            CmaEs search(cma);
            if (!evolveOnce(search, recorder, settings)) break;
        }
    }
    return recorder.take();
}

SearchOutcome gridSearch(const SearchContext& context, const std::vector<std::vector<double>>& axes) {
    std::size_t count = 1;
    for (const std::vector<double>& axis : axes) {
        count *= axis.size();
        if (axis.empty() || count > mostGridPoints)
            throw Error("a grid needs values on each axis, and at most a million points", "grid search");
    }
    PointRecorder recorder(context, std::int64_t(count));
    std::vector<double> x(axes.size());
    for (std::size_t number = 0; number < count; ++number) {
        std::size_t rest = number;
        for (std::size_t i = axes.size(); i-- > 0; rest /= axes[i].size())
            x[i] = axes[i][rest % axes[i].size()];
        if (!recorder.evaluate(x, "grid")) break;
    }
    return recorder.take();
}

SearchOutcome sweep(const SearchContext& context, const std::vector<double>& direction,
                    const std::vector<double>& lambdas) {
    PointRecorder recorder(context, std::int64_t(lambdas.size()));
    for (const double lambda : lambdas) {
        std::vector<double> x = direction;
        for (double& value : x) value *= lambda;
        char stage[48];
        std::snprintf(stage, sizeof stage, "lambda=%g", lambda);
        if (!recorder.evaluate(x, stage)) break;
    }
    return recorder.take();
}

MergeSpace baiSpace(const std::string& instruct, const std::string& distilled,
                    const std::string& pretrained) {
    MergeSpace space;
    space.method = "linear";
    space.models = {instruct, distilled, pretrained};
    space.groups = {{"all", {}}};
    return space;
}

std::array<double, 3> baiWeights(double alpha, double beta) {
    return {alpha * beta, (1 - alpha) * beta, 1 - beta};
}

SearchOutcome sweepBai(const SearchContext& context, const BaiSettings& settings) {
    PointRecorder recorder(context, std::int64_t(settings.alphas.size() * settings.betas.size()));
    for (const double alpha : settings.alphas)
        for (const double beta : settings.betas) {
            const auto weights = baiWeights(alpha, beta);
            char stage[64];
            std::snprintf(stage, sizeof stage, "alpha=%g beta=%g", alpha, beta);
            if (!recorder.evaluate({weights.begin(), weights.end()}, stage)) return recorder.take();
        }
    return recorder.take();
}

}  // namespace retort
