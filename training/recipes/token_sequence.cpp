#include "training/recipes/token_sequence.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::uint64_t bpeSampleSize = 4000;

std::vector<std::string> sampleTexts(const std::vector<DataSource>& sources, std::uint64_t seed) {
    const DataMixture mixture(sources, seed);
    std::vector<std::string> texts;
    for (std::uint64_t index = 0; index < bpeSampleSize; ++index) {
        const DrawnProblem drawn = mixture.draw(index);
        texts.push_back(drawn.problem.prompt + drawn.completion());
    }
    return texts;
}

std::string commonAlphabet(const std::vector<DataSource>& sources) {
    std::string alphabet;
    for (const DataSource& source : sources) alphabet += source.task->alphabet();
    return alphabet;
}

/// The byte after which a UTF-8 character that begins at `begin` ends.
std::size_t characterEnd(const std::string& text, std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end;
}

}  // namespace

std::shared_ptr<const Tokenizer> makeTokenizer(const TokenizerSettings& settings,
                                               const std::vector<DataSource>& sources, std::uint64_t seed) {
    if (settings.kind == "bpe")
        return trainBpeTokenizer(sampleTexts(sources, seed), std::int32_t(settings.vocab_size));
    if (settings.kind != "character")
        throw Error("unknown tokenizer '" + settings.kind + "'", "tokenizer.kind", "character or bpe");
    return makeCharacterTokenizer(commonAlphabet(sources));
}

void checkCoverage(const Tokenizer& tokenizer, const std::vector<DataSource>& sources) {
    for (const DataSource& source : sources) {
        const std::string alphabet = source.task->alphabet();
        for (std::size_t begin = 0, end; begin < alphabet.size(); begin = end) {
            end = characterEnd(alphabet, begin);
            const std::string character = alphabet.substr(begin, end - begin);
            if (tokenizer.decode(tokenizer.encode(character)) != character)
                throw Error("the checkpoint's tokenizer has no token for '" + character + "'",
                            "data: " + source.name,
                            "start from a checkpoint that was trained on this task's characters, or from a "
                            "new model");
        }
    }
}

TokenSequence TokenSequence::of(const std::vector<std::int32_t>& prompt,
                                const std::vector<std::int32_t>& completion, bool promptLoss) {
    TokenSequence sequence;
    sequence.ids = prompt;
    sequence.ids.insert(sequence.ids.end(), completion.begin(), completion.end());
    if (sequence.ids.empty()) return sequence;
    sequence.targets.assign(sequence.ids.begin() + 1, sequence.ids.end());
    sequence.ids.pop_back();
    if (!promptLoss && !prompt.empty())
        std::fill_n(sequence.targets.begin(), std::min(prompt.size() - 1, sequence.targets.size()), -100);
    return sequence;
}

std::int64_t TokenSequence::targetCount() const {
    return std::int64_t(targets.size()) - std::count(targets.begin(), targets.end(), -100);
}

torch::Tensor targetOwners(const PackedBatch& batch) {
    const torch::Tensor starts = batch.starts.to(torch::kInt64);
    const torch::Tensor lengths = starts.slice(0, 1) - starts.slice(0, 0, -1);
    const torch::Tensor owners = torch::repeat_interleave(torch::arange(lengths.numel()), lengths);
    return owners.masked_select(batch.targets.cpu().ne(-100));
}

PackedBatch packSequences(const std::vector<TokenSequence>& sequences) {
    std::vector<std::vector<std::int32_t>> ids, targets;
    for (const TokenSequence& sequence : sequences) {
        ids.push_back(sequence.ids);
        targets.push_back(sequence.targets);
    }
    return PackedBatch::pack(ids, targets);
}

}  // namespace retort
