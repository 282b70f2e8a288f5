#include "training/recipes/policy_batch.h"

#include <algorithm>

#include "training/engine/byte_stream.h"
#include "training/recipes/token_sequence.h"

namespace retort {

PolicyBatch packCompletions(const Rollouts& rollouts, std::size_t first, std::size_t last,
                            bool maskTruncatedCompletions) {
    PolicyBatch batch;
    batch.first = first;
    std::vector<TokenSequence> sequences;
    std::vector<float> advantages, logprobs;
    for (std::size_t i = first; i < last; ++i) {
        const JudgedCompletion& judged = rollouts.completions[i];
        sequences.push_back(
            TokenSequence::of(rollouts.prompts[rollouts.problemOf(i)], judged.completion.ids, false));
        batch.lengths.push_back(judged.tokens());
        batch.included.push_back(judged.completion.finished || !maskTruncatedCompletions);
        if (i < rollouts.tokenNumbers.size() && !rollouts.tokenNumbers[i].advantages.empty()) {
            const std::vector<float>& own = rollouts.tokenNumbers[i].advantages;
            advantages.insert(advantages.end(), own.begin(), own.end());
        } else {
            advantages.insert(advantages.end(), std::size_t(judged.tokens()),
                              float(rollouts.advantages.values[i]));
        }
        logprobs.insert(logprobs.end(), judged.completion.logprobs.begin(), judged.completion.logprobs.end());
    }
    batch.batch = packSequences(sequences);
    batch.advantages = torch::tensor(advantages, torch::kFloat32);
    batch.sampledLogprobs = torch::tensor(logprobs, torch::kFloat32);
    return batch;
}

std::vector<PolicyBatch> splitCompletions(const Rollouts& rollouts, std::int64_t parts,
                                          bool maskTruncatedCompletions, const ProcessGroup& group) {
    const std::size_t count = rollouts.completions.size(), pieces = std::min(std::size_t(parts), count);
    std::vector<PolicyBatch> batches;
    for (std::size_t part = 0; part < pieces; ++part) {
        const std::size_t begin = count * part / pieces, end = count * (part + 1) / pieces;
        const auto [first, last] = group.share(end - begin);
        batches.push_back(packCompletions(rollouts, begin + first, begin + last, maskTruncatedCompletions));
        for (std::size_t i = begin; i < end; ++i)
            if (rollouts.completions[i].completion.finished || !maskTruncatedCompletions)
                batches.back().includedTokens += double(rollouts.completions[i].tokens());
    }
    return batches;
}

void shareNotes(ProcessGroup& group, const std::vector<PolicyBatch>& batches, std::size_t noted,
                Rollouts& rollouts) {
    if (group.isAlone() || noted == 0) return;
    rollouts.tokenNumbers.resize(rollouts.completions.size());
    ByteWriter own;
    for (const PolicyBatch& batch : batches)
        for (std::size_t i = batch.first; i < std::min(batch.first + batch.lengths.size(), noted); ++i) {
            const TokenNumbers& numbers = rollouts.tokenNumbers[i];
            own.add(std::uint64_t(i));
            own.add(numbers.advantages);
            own.add(numbers.ratios);
            own.add(numbers.referenceLogprobs);
            own.add(numbers.clipped);
        }
    for (const std::string& bytes : group.gather(own.take())) {
        ByteReader reader(bytes);
        while (!reader.atEnd()) {
            TokenNumbers& numbers = rollouts.tokenNumbers.at(reader.number<std::uint64_t>());
            numbers.advantages = reader.array<float>();
            numbers.ratios = reader.array<float>();
            numbers.referenceLogprobs = reader.array<float>();
            numbers.clipped = reader.array<std::int32_t>();
        }
    }
}

void addLogprobs(std::vector<PolicyBatch>& batches, CausalLM& model, double temperature,
                 torch::Tensor PolicyBatch::*member) {
    const torch::NoGradGuard noGrad;
    for (PolicyBatch& batch : batches)
        if (!batch.lengths.empty()) batch.*member = model.score(batch.batch, temperature).logprobs.detach();
}

}  // namespace retort
