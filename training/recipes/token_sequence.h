// From text to packed token sequences.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/config/run_config.h"
#include "core/tokenizers/tokenizer.h"
#include "training/model/causal_lm.h"
#include "training/recipes/data_source.h"

namespace retort {

/// A new tokenizer for these sources: all characters that they can contain, or a BPE trained on a sample of
/// them.
std::shared_ptr<const Tokenizer> makeTokenizer(const TokenizerSettings& settings,
                                               const std::vector<DataSource>& sources, std::uint64_t seed);
/// Throws Error naming the first character of a source that the tokenizer cannot write.
void checkCoverage(const Tokenizer& tokenizer, const std::vector<DataSource>& sources);

/// Token ids and next-token targets of prompt + completion. The last token predicts nothing and is left out;
/// targets inside the prompt are -100 unless `promptLoss`.
struct TokenSequence {
    std::vector<std::int32_t> ids, targets;

    static TokenSequence of(const std::vector<std::int32_t>& prompt,
                            const std::vector<std::int32_t>& completion, bool promptLoss);
    std::int64_t targetCount() const;
};

/// The sequence that each of the batch's targets belongs to, [M] int64.
torch::Tensor targetOwners(const PackedBatch& batch);

/// Sequences laid end to end.
PackedBatch packSequences(const std::vector<TokenSequence>& sequences);

}  // namespace retort
