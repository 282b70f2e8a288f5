#include "training/recipes/teacher.h"

#include <algorithm>
#include <unordered_map>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/recipes/token_sequence.h"

namespace retort {
namespace {

std::uint64_t hashOf(const torch::Tensor& tensor, std::uint64_t seed) {
    const torch::Tensor bytes = tensor.detach().cpu().contiguous();
    return stableHash({static_cast<const char*>(bytes.data_ptr()), std::size_t(bytes.nbytes())}, seed);
}

/// What each sequence is: its tokens, and where it bears targets.
std::vector<std::uint64_t> keysOf(const PackedBatch& batch) {
    std::vector<std::uint64_t> keys;
    const auto* starts = batch.starts.data_ptr<std::int32_t>();
    for (std::int64_t i = 0; i + 1 < batch.starts.numel(); ++i)
        keys.push_back(hashOf(batch.targets.slice(0, starts[i], starts[i + 1]),
                              hashOf(batch.ids.slice(0, starts[i], starts[i + 1]), 0)));
    return keys;
}

TokenSequence sequenceAt(const PackedBatch& batch, std::size_t index) {
    const auto* starts = batch.starts.data_ptr<std::int32_t>() + index;
    const auto values = [&](const torch::Tensor& all) {
        const torch::Tensor part = all.slice(0, starts[0], starts[1]).to(torch::kInt32).cpu().contiguous();
        return std::vector<std::int32_t>(part.data_ptr<std::int32_t>(),
                                         part.data_ptr<std::int32_t>() + part.numel());
    };
    return {values(batch.ids), values(batch.targets)};
}

}  // namespace

torch::Tensor targetLogprobs(CausalLM& model, const PackedBatch& batch, double temperature) {
    const torch::Tensor logits = model.logits(batch);
    const torch::Tensor rows = batch.targets.to(logits.device()).ne(-100).nonzero().squeeze(1);
    return torch::log_softmax(logits.index_select(0, rows) / temperature, -1);
}

std::vector<std::int64_t> targetCounts(const PackedBatch& batch) {
    std::vector<std::int64_t> counts;
    const auto* starts = batch.starts.data_ptr<std::int32_t>();
    const torch::Tensor targets = batch.targets.cpu().contiguous();
    const auto* values = targets.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i + 1 < batch.starts.numel(); ++i)
        counts.push_back(starts[i + 1] - starts[i] -
                         std::count(values + starts[i], values + starts[i + 1], -100));
    return counts;
}

Teacher::Teacher(const std::string& checkpoint, const std::string& role, const TrainerParts& parts) {
    if (loadTokenizer(checkpoint)->hash() != parts.tokenizer->hash())
        throw Error("has another tokenizer than the student", role + ": " + checkpoint,
                    "distributions can be compared only over the same tokens: train both from one tokenizer");
    m_model = CausalLM::load(checkpoint);
    if (m_model->shape().vocabSize != parts.model->shape().vocabSize)
        throw Error("has " + std::to_string(m_model->shape().vocabSize) +
                        " tokens in its output, the student " +
                        std::to_string(parts.model->shape().vocabSize),
                    role + ": " + checkpoint);
    m_model->setDevice(parts.model->device());
    m_model->setPrecision(parts.model->precision());
    m_generator = std::make_unique<Generator>(m_model, parts.tokenizer);
    if (parts.generator) m_generator->shareLike(*parts.generator);
    m_generator->refresh();
}

void Teacher::keepIn(const std::filesystem::path& folder, std::int64_t k, double temperature) {
    char text[64];
    std::snprintf(text, sizeof text, "%016llx-k%lld-t%g",
                  static_cast<unsigned long long>(hashOf(m_model->flatParameters(), 0)),
                  static_cast<long long>(k), temperature);
    m_cache.emplace(folder, text);
}

TopProbabilities Teacher::compute(const PackedBatch& batch, std::int64_t k, double temperature) {
    const torch::NoGradGuard noGrad;
    const torch::Tensor logprobs = targetLogprobs(*m_model, batch, temperature);
    if (k <= 0 || k >= logprobs.size(1)) return {{}, logprobs};
    return topProbabilities(logprobs, k);
}

// What is missing is computed as a batch of its own and what is kept is always taken from the cache: numbers
// computed beside other sequences differ in their last bits, and a resumed run would differ with them.
TopProbabilities Teacher::at(const PackedBatch& batch, std::int64_t k, double temperature) {
    const bool isKept = m_cache && k > 0 && k < m_model->shape().vocabSize;
    if (!isKept) return compute(batch, k, temperature);
    const std::vector<std::uint64_t> keys = keysOf(batch);
    std::unordered_map<std::uint64_t, TopProbabilities> known;
    std::vector<std::uint64_t> missing;
    std::vector<TokenSequence> sequences;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (known.contains(keys[i])) continue;
        auto found = m_cache->find(keys[i]);
        if (!found) {
            missing.push_back(keys[i]);
            sequences.push_back(sequenceAt(batch, i));
        }
        known.emplace(keys[i], found.value_or(TopProbabilities()));
    }
    if (!missing.empty()) {
        auto computed = split(missing, packSequences(sequences), k, temperature);
        m_cache->add(computed);
        for (auto& [key, top] : computed) known[key] = std::move(top);
    }
    std::vector<torch::Tensor> ids, logprobs;
    for (const std::uint64_t key : keys) {
        ids.push_back(known.at(key).ids);
        logprobs.push_back(known.at(key).logprobs);
    }
    const torch::Device device = m_model->device();
    return {torch::cat(ids).to(device), torch::cat(logprobs).to(device)};
}

TeacherCache::Entries Teacher::split(const std::vector<std::uint64_t>& keys, const PackedBatch& batch,
                                     std::int64_t k, double temperature) {
    const TopProbabilities top = compute(batch, k, temperature);
    const std::vector<std::int64_t> counts = targetCounts(batch);
    TeacherCache::Entries entries;
    std::int64_t first = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        entries.push_back({keys[i],
                           {top.ids.slice(0, first, first + counts[i]).cpu(),
                            top.logprobs.slice(0, first, first + counts[i]).cpu()}});
        first += counts[i];
    }
    return entries;
}

}  // namespace retort
