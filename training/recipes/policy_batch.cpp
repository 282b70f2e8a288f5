#include "training/recipes/policy_batch.h"

#include <algorithm>

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
                                          bool maskTruncatedCompletions) {
    const std::size_t count = rollouts.completions.size(), pieces = std::min(std::size_t(parts), count);
    std::vector<PolicyBatch> batches;
    for (std::size_t part = 0; part < pieces; ++part)
        batches.push_back(packCompletions(rollouts, count * part / pieces, count * (part + 1) / pieces,
                                          maskTruncatedCompletions));
    return batches;
}

void addLogprobs(std::vector<PolicyBatch>& batches, CausalLM& model, double temperature,
                 torch::Tensor PolicyBatch::*member) {
    const torch::NoGradGuard noGrad;
    for (PolicyBatch& batch : batches)
        batch.*member = model.score(batch.batch, temperature).logprobs.detach();
}

}  // namespace retort
