// TIES as its authors run it (arXiv:2306.01708, ties_minimal.ipynb): the largest entries of the whole task
// vector are kept, not of each tensor, and where signs cancel exactly the majority of the whole vector
// decides.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "training/merging/merge_method.h"
#include "training/merging/methods/key_ranks.h"

namespace retort {

/// Thresholds of each task vector over all tensors that are observed, from the models' `density`.
class GlobalThresholds : public MergeSurvey {
  public:
    struct Options {
        double density = 0.2;        ///< of models that do not say
        bool majority = true;        ///< a third pass, for the majority sign
        bool matricesOnly = false;   ///< other tensors are not observed
        std::string_view flag = {};  ///< merge parameter without which nothing is observed; empty: always
    };
    explicit GlobalThresholds(Options options) : m_options(options) {}

    void observe(const TensorMerge& tensor) override;
    bool wantsAnotherPass() override;

    /// Entries of at least this magnitude are kept.
    float threshold(const ModelTensor& model) const;
    /// Sign of the sum of all elected signs: −1, 0 or 1.
    float majority() const { return float((m_signs > 0) - (m_signs < 0)); }

  private:
    struct Model {
        double density = 1;
        KeyRanks ranks;
    };
    Model& modelOf(const TensorMerge& tensor, const ModelTensor& model);
    void observeMagnitudes(const TensorMerge& tensor);
    void observeSigns(const TensorMerge& tensor);

    Options m_options;
    int m_pass = 0;
    std::mutex m_mutex;
    std::map<std::uint64_t, Model> m_models;
    std::int64_t m_signs = 0;
};

/// The task vectors that TIES merges: trimmed, one sign an element, averaged or summed over those that have
/// it. Writes elements [first, first + count), count at most a chunk.
void mergeTies(const TensorMerge& tensor, const std::vector<const ModelTensor*>& models,
               const GlobalThresholds& thresholds, bool sums, std::size_t first, std::size_t count,
               float* out);

/// The survey of a method that asked for one. Throws Error when there is none.
const GlobalThresholds& globalThresholds(const TensorMerge& tensor, const MergeSurvey* survey);

/// ties_paper
std::unique_ptr<MergeMethod> globalTiesMethod();

}  // namespace retort
