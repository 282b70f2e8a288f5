#include "training/recipes/pair_batch.h"

namespace retort {

CompletionTokens CompletionTokens::of(const Tokenizer& tokenizer, const std::string& prompt,
                                      const std::string& completion, bool ends) {
    CompletionTokens tokens{tokenizer.encode(prompt), tokenizer.encode(completion)};
    if (ends) tokens.completion.push_back(tokenizer.eosId());
    return tokens;
}

TokenPair TokenPair::of(const Tokenizer& tokenizer, const PreferencePair& pair) {
    return {CompletionTokens::of(tokenizer, pair.prompt, pair.chosen, pair.chosenEnds),
            CompletionTokens::of(tokenizer, pair.prompt, pair.rejected, pair.rejectedEnds)};
}

CompletionBatch CompletionBatch::pack(const std::vector<const CompletionTokens*>& completions,
                                      std::size_t withText) {
    CompletionBatch packed;
    packed.count = std::int64_t(completions.size());
    std::vector<TokenSequence> sequences;
    std::vector<std::int64_t> owners, textOwners;
    std::vector<float> lengths, textLengths;
    for (std::size_t i = 0; i < completions.size(); ++i) {
        const CompletionTokens& tokens = *completions[i];
        sequences.push_back(TokenSequence::of(tokens.prompt, tokens.completion, i < withText));
        const std::int64_t targets = sequences.back().targetCount();
        const std::int64_t own = std::min<std::int64_t>(std::int64_t(tokens.completion.size()), targets);
        owners.insert(owners.end(), std::size_t(targets - own), packed.count);
        owners.insert(owners.end(), std::size_t(own), std::int64_t(i));
        textOwners.insert(textOwners.end(), std::size_t(targets),
                          i < withText ? std::int64_t(i) : packed.count);
        lengths.push_back(float(own));
        textLengths.push_back(float(targets));
        packed.tokens += std::int64_t(sequences.back().ids.size());
    }
    packed.batch = packSequences(sequences);
    packed.owners = torch::tensor(owners, torch::kInt64);
    if (withText > 0) packed.textOwners = torch::tensor(textOwners, torch::kInt64);
    packed.lengths = torch::tensor(lengths, torch::kFloat32);
    packed.textLengths = torch::tensor(textLengths, torch::kFloat32);
    return packed;
}

torch::Tensor CompletionBatch::sums(const torch::Tensor& logprobs) const {
    const torch::Tensor all = torch::zeros({count + 1}, logprobs.options().requires_grad(false));
    return all.index_add(0, owners.to(logprobs.device()), logprobs).slice(0, 0, count);
}

torch::Tensor CompletionBatch::textSums(const torch::Tensor& logprobs) const {
    const torch::Tensor all = torch::zeros({count + 1}, logprobs.options().requires_grad(false));
    return all.index_add(0, textOwners.to(logprobs.device()), logprobs).slice(0, 0, count);
}

double CompletionBatch::completionSum(const torch::Tensor& values, std::int64_t completions) const {
    return values.to(torch::kFloat32).mul(owners.to(values.device()).lt(completions)).sum().item<double>();
}

}  // namespace retort
