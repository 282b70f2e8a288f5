// Teacher hacking as a monitored quantity (methods.md #72): how far the student is from its teacher, and from
// the oracle that the teacher learned from.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "training/recipes/teacher.h"

namespace retort {

class DistanceWatch {
  public:
    /// Samples the prompts' completions from teacher and oracle once, always the same ones; takes up the
    /// distances that the run's log holds up to `lastStep`.
    DistanceWatch(TrainerParts& parts, RunSession& session, Teacher& teacher, std::int64_t lastStep);

    /// distance/proxy: KL(teacher ‖ student) a token on the teacher's completions of held-out prompts;
    /// distance/golden: KL(oracle ‖ student) on the oracle's. Writes the alarm "teacher_hacking" when it is
    /// time.
    void measure(std::int64_t step, Metrics& metrics);

  private:
    struct Fixed {
        PackedBatch batch;
        torch::Tensor logprobs;  ///< [M, V] of the model that wrote it
    };
    Fixed sample(Teacher& model, std::uint64_t stream) const;
    double distance(const Fixed& fixed) const;

    TrainerParts& m_parts;
    RunSession& m_session;
    std::vector<std::vector<std::int32_t>> m_prompts;
    Fixed m_teacher;
    std::optional<Fixed> m_oracle;
    std::vector<std::pair<double, double>> m_golden;
    bool m_alarmed = false;
};

}  // namespace retort
