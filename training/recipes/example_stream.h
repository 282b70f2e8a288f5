// Batches of supervised examples: a pure function of (seed, step), prepared in the background while a step
// runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <vector>

#include "core/config/run_config.h"
#include "training/engine/process_group.h"
#include "training/recipes/data_source.h"
#include "training/recipes/token_sequence.h"

namespace retort {

/// The examples of one optimizer step, or a rank's share of them.
struct ExampleBatch {
    std::vector<PackedBatch> microBatches;
    double targets = 0;      ///< tokens with loss
    double tokens = 0;       ///< all tokens
    double workedShare = 0;  ///< of the whole step's examples
};

class ExampleStream {
  public:
    ExampleStream(const std::vector<DataSource>& sources, std::shared_ptr<const Tokenizer> tokenizer,
                  const TrainingSettings& settings, const SftSettings& sft, std::uint64_t seed,
                  const ProcessGroup& group);
    ~ExampleStream();

    /// This rank's share of each micro-batch of a step (1 …); begins to prepare that of the next one. Throws
    /// Error when examples do not fit.
    ExampleBatch take(std::int64_t step);
    /// Examples that were longer than max_length and were replaced, so far.
    std::int64_t dropped() const { return m_dropped; }

  private:
    ExampleBatch make(std::int64_t step);
    TokenSequence sequence(std::uint64_t index, double& worked);
    void mask(TokenSequence& sequence, std::uint64_t index, std::int64_t step) const;

    const TrainingSettings& m_settings;
    const SftSettings& m_sft;
    std::uint64_t m_seed;
    const ProcessGroup& m_group;
    DataMixture m_mixture;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::atomic<std::int64_t> m_dropped = 0;
    std::future<ExampleBatch> m_next;
    std::int64_t m_nextStep = 0;
};

}  // namespace retort
