// The task around reduction.h: draw an expression, work it by rewriting, check the rewritings.
#pragma once

#include "core/tasks/generated_task.h"
#include "core/tasks/reduction.h"

namespace retort {

class ReductionTask : public GeneratedTask {
  public:
    /// min_depth, max_depth, max_operations.
    static std::vector<Parameter> parameters();
    /// Throws Error when these contradict each other.
    static void check(const ParameterVariant& variant, const Json& values);

  protected:
    ReductionTask(std::string kind, const Json& values, ReductionRules rules);

    /// What stands before the expression in ids (after the kind) and in prompts.
    virtual std::string idPrefix() const = 0;
    virtual std::string promptPrefix() const = 0;
    /// Whether a drawn problem is to be kept (true), or drawn again.
    virtual bool wanted(Random& random, const std::string& answer) const;

    Problem draw(Random& random) const final;
    std::string fault(const StepContext& context) const final;

  private:
    int m_minDepth, m_maxDepth, m_maxOperations;
    ReductionRules m_rules;
};

}  // namespace retort
