// The frozen policy that a preference loss compares with: the one that the run started from, or, with
// synchronisation, one that follows the policy from afar (TR-DPO). Kept beside the run's checkpoints for its
// resumes.
#pragma once

#include <cstdint>
#include <memory>

#include "core/runlog/run_directory.h"
#include "training/model/causal_lm.h"

namespace retort {

class ReferencePolicy {
  public:
    /// Opens the one that held at `step`; at the run's very beginning that is `policy` itself.
    ReferencePolicy(const RunDirectory& run, CausalLM& policy, std::int64_t step);

    CausalLM& model() { return *m_model; }

    /// share · policy + (1 - share) · reference, from the end of `step` on. `writes`: keeps it for resumes.
    void follow(const CausalLM& policy, double share, std::int64_t step, bool writes = true);

  private:
    void save(const CausalLM& model, std::int64_t step) const;
    void prune() const;

    const RunDirectory& m_run;
    std::shared_ptr<CausalLM> m_model;
};

}  // namespace retort
