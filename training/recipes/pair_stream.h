// The pairs of each step: a function of (seed, step) and, where they are sampled, of the policy. RISE (#15;
// Xu et al., "Subtle Errors Matter: Preference Learning via Error-injected Self-editing", arXiv 2410.06638)
// mixes injected errors and samples.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/tasks/preference_file.h"
#include "training/recipes/recipe.h"
#include "training/recipes/sampled_pairs.h"

namespace retort {

/// An order of `count` things that is another one in each epoch.
class EpochOrder {
  public:
    EpochOrder(std::uint64_t seed, std::size_t count) : m_seed(seed), m_count(count) {}
    /// The thing at `position` (0 …) of all epochs, one after the other.
    std::size_t at(std::uint64_t position);

  private:
    std::uint64_t m_seed;
    std::size_t m_count;
    std::uint64_t m_epoch = ~std::uint64_t(0);
    std::vector<std::size_t> m_order;
};

/// Whether the pair at `index` of all pairs of a run is one of the policy's samples, where a share of them is
/// (pairs.sampled_share): as often as the share says, and a function of the arguments alone.
bool isSampledPair(std::uint64_t seed, std::uint64_t index, double share);

class PairStream {
  public:
    /// Reads the file, where pairs.source is one. Throws Error when none of its pairs fits into max_length.
    PairStream(TrainerParts& parts, RunSession& session);

    /// batch_size × gradient_accumulation_steps pairs; absent when a stop came before they were sampled.
    std::optional<std::vector<PreferencePair>> take(std::int64_t step);
    /// Metrics and traces of the round that take() began; empty in the middle of one.
    void addRound(StepReport& report);
    /// All pairs of the file; empty for other sources.
    const std::vector<PreferencePair>& filePairs() const { return m_file; }

  private:
    bool fits(const PreferencePair& pair) const;
    void readFile();
    PreferencePair injected(std::uint64_t index) const;
    bool hasRounds() const;
    bool openRound(std::int64_t step);

    TrainerParts& m_parts;
    RunSession& m_session;
    const PairSettings& m_settings;
    std::int64_t m_perStep;
    DataMixture m_mixture;
    std::vector<PreferencePair> m_file;
    PairRound m_round;
    std::optional<EpochOrder> m_order;
};

}  // namespace retort
