// The bookkeeping of a generation: which row belongs to which prompt and sample, and when it ends.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tokenizers/tokenizer.h"
#include "training/engine/sampler.h"
#include "training/engine/sampling.h"

namespace retort {

/// Decides after each token whether a completion is over.
class EndRule {
  public:
    /// `maxLength`: prompt and completion together (0: no bound).
    EndRule(const Tokenizer& tokenizer, const SamplingSettings& settings, std::int64_t maxLength);

    /// Appends the choice to the completion; true when it was the last token.
    bool append(Completion& completion, const Choice& choice, std::size_t promptLength) const;

  private:
    bool endsInStop(const std::vector<std::int32_t>& ids) const;

    const Tokenizer& m_tokenizer;
    const SamplingSettings& m_settings;
    std::int64_t m_maxLength;
    std::size_t m_longestStop = 0;
};

}  // namespace retort
