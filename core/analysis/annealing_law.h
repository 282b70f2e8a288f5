// Loss over the steps of a run from its learning rates alone: the law with learning-rate annealing (Tissue et
// al. 2024; methods.md #2),
//
//     L(s) = L0 + A·S1^-α − C·S2,    S1(s) = Σ η_i,    S2(s) = Σ m_i,  m_i = λ·m_(i−1) + η_(i−1) − η_i,
//
// with S1 over all steps up to s and S2 over those after the warm-up (with it, its rising rates would make S2
// large and negative). One law holds for all schedules of one model, task and batch size, so that curves of
// some predict others. It is made for language modelling; a loss that falls in stages, as of a task that is
// grasped at once, it fits badly, and `error` says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace retort {

struct AnnealingLaw {
    double l0 = 0, a = 0, alpha = 0.5;
    double c = 0;          ///< 0 where no curve had an annealing to learn it from
    double lambda = 0.99;  ///< memory of the annealing, about 1/(1−λ) steps
};

/// Learning rates of a run's steps 1, 2, 3 …, and where its warm-up ends.
struct Schedule {
    std::vector<double> rates;
    std::int64_t warmup = 0;  ///< steps
};

struct LossCurve {
    Schedule schedule;
    std::vector<std::pair<std::int64_t, double>>
        losses;  ///< step and loss; what is not finite and positive is left out
};

struct AnnealingFit {
    AnnealingLaw law;
    double error = 0;  ///< mean |predicted / seen − 1| over what it was fitted to
    bool sawAnnealing = false;
};

/// The loss of each step; NaN for those of the warm-up and where the law gives nothing above 0.
std::vector<double> predictLoss(const AnnealingLaw& law, const Schedule& schedule);

/// Least Huber loss of log L, from several starts and values of λ. None when the curves have too few points
/// behind their warm-up to say anything (8 in all). Takes about 0.1 s for eight curves.
std::optional<AnnealingFit> fitAnnealingLaw(const std::vector<LossCurve>& curves);

}  // namespace retort
