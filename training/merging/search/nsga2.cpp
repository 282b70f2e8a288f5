// NSGA-II: binary tournaments by rank and crowding, simulated binary crossover, polynomial mutation, and the
// best half of parents and children. The operators are those of Deb and Agrawal 1995 with bounds, as DEAP has
// them.
#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/merging/search/pareto.h"

namespace retort {
namespace {

struct Member {
    std::vector<double> x;
    Objectives values;
    std::size_t rank = 0;
    double crowding = 0;
};

class Evolution {
  public:
    Evolution(const std::function<Objectives(const std::vector<double>&)>& evaluate, std::size_t dimensions,
              const NsgaSettings& settings)
        : m_evaluate(evaluate),
          m_n(dimensions),
          m_s(settings),
          m_random(stableHash("nsga-ii", settings.seed)) {
        for (std::size_t i = 0; i < m_s.population; ++i) {
            std::vector<double> x(m_n);
            for (double& value : x) value = m_s.lower + (m_s.upper - m_s.lower) * m_random.uniform();
            add(std::move(x));
        }
        select();
    }

    void generation() {
        std::vector<std::vector<double>> children;
        while (children.size() < m_s.population) {
            std::vector<double> a = tournament().x, b = tournament().x;
            if (m_random.uniform() < m_s.crossover) cross(a, b);
            if (m_random.uniform() < m_s.mutation) mutate(a);
            if (m_random.uniform() < m_s.mutation) mutate(b);
            children.push_back(std::move(a));
            children.push_back(std::move(b));
        }
        for (auto& child : children) add(std::move(child));
        select();
    }

    std::vector<FrontPoint> front() const {
        std::vector<FrontPoint> found;
        for (const Member& member : m_members)
            if (member.rank == 0) found.push_back({member.x, member.values});
        std::sort(found.begin(), found.end(), [](const FrontPoint& a, const FrontPoint& b) {
            return a.values != b.values ? a.values < b.values : a.coefficients < b.coefficients;
        });
        found.erase(std::unique(found.begin(), found.end(),
                                [](const FrontPoint& a, const FrontPoint& b) {
                                    return a.coefficients == b.coefficients;
                                }),
                    found.end());
        return found;
    }

  private:
    void add(std::vector<double> x) {
        Objectives values = m_evaluate(x);
        m_members.push_back({std::move(x), std::move(values), 0, 0});
    }

    /// Keeps the population's size of the best: by rank, inside the last rank by crowding.
    void select() {
        std::vector<Objectives> points;
        for (const Member& member : m_members) points.push_back(member.values);
        std::vector<Member> kept;
        const auto ranks = nonDominatedSort(points);
        for (std::size_t rank = 0; rank < ranks.size() && kept.size() < m_s.population; ++rank) {
            const std::vector<double> crowding = crowdingDistances(points, ranks[rank]);
            std::vector<std::size_t> order(ranks[rank].size());
            for (std::size_t i = 0; i < order.size(); ++i) {
                order[i] = i;
                m_members[ranks[rank][i]].rank = rank;
                m_members[ranks[rank][i]].crowding = crowding[i];
            }
            std::stable_sort(order.begin(), order.end(),
                             [&](std::size_t a, std::size_t b) { return crowding[a] > crowding[b]; });
            for (const std::size_t i : order)
                if (kept.size() < m_s.population) kept.push_back(std::move(m_members[ranks[rank][i]]));
        }
        m_members = std::move(kept);
    }

    const Member& tournament() {
        const auto pick = [&]() -> const Member& {
            return m_members[std::size_t(m_random.integer(0, std::int64_t(m_members.size()) - 1))];
        };
        const Member &a = pick(), &b = pick();
        if (a.rank != b.rank) return a.rank < b.rank ? a : b;
        return a.crowding >= b.crowding ? a : b;
    }

    /// Simulated binary crossover: children spread about their parents as those of one-point crossover of
    /// bits do.
    void cross(std::vector<double>& a, std::vector<double>& b) {
        for (std::size_t i = 0; i < m_n; ++i) {
            const double chosen = m_random.uniform(), u = m_random.uniform(), swapped = m_random.uniform();
            if (chosen > 0.5 || std::abs(a[i] - b[i]) < 1e-14) continue;
            const double low = std::min(a[i], b[i]), high = std::max(a[i], b[i]), apart = high - low;
            const auto spread = [&](double room) {
                const double beta = 1 + 2 * room / apart, eta = m_s.crossoverEta + 1;
                const double alpha = 2 - std::pow(beta, -eta);
                return u <= 1 / alpha ? std::pow(u * alpha, 1 / eta) : std::pow(1 / (2 - u * alpha), 1 / eta);
            };
            const double left = bounded(0.5 * (low + high - spread(low - m_s.lower) * apart));
            const double right = bounded(0.5 * (low + high + spread(m_s.upper - high) * apart));
            a[i] = swapped < 0.5 ? left : right;
            b[i] = swapped < 0.5 ? right : left;
        }
    }

    void mutate(std::vector<double>& x) {
        const double width = m_s.upper - m_s.lower, eta = m_s.mutationEta + 1;
        for (double& value : x) {
            const double chosen = m_random.uniform(), u = m_random.uniform();
            if (chosen * double(m_n) > 1) continue;
            const double room = u < 0.5 ? (value - m_s.lower) / width : (m_s.upper - value) / width;
            const double rest = std::pow(1 - room, eta);
            const double change = u < 0.5 ? std::pow(2 * u + (1 - 2 * u) * rest, 1 / eta) - 1
                                          : 1 - std::pow(2 * (1 - u) + 2 * (u - 0.5) * rest, 1 / eta);
            value = bounded(value + change * width);
        }
    }

    double bounded(double value) const { return std::clamp(value, m_s.lower, m_s.upper); }

    const std::function<Objectives(const std::vector<double>&)>& m_evaluate;
    std::size_t m_n;
    const NsgaSettings& m_s;
    Random m_random;
    std::vector<Member> m_members;
};

}  // namespace

std::vector<FrontPoint> nsga2(const std::function<Objectives(const std::vector<double>&)>& evaluate,
                              std::size_t dimensions, const NsgaSettings& settings, std::stop_token stop) {
    if (dimensions == 0 || settings.population < 4 || settings.population % 2 != 0)
        throw Error("a population is an even number from 4 on, of points with coordinates", "NSGA-II");
    if (!(settings.lower < settings.upper)) throw Error("no room between the bounds", "NSGA-II");
    Evolution evolution(evaluate, dimensions, settings);
    for (std::int64_t i = 0; i < settings.generations && !stop.stop_requested(); ++i) evolution.generation();
    return evolution.front();
}

}  // namespace retort
