// A base and two experts of a few thousand parameters: seconds of training, real in every other way.
#pragma once

#include <memory>
#include <vector>

#include "core/util/random.h"
#include "tests/training/recipes/recipe_parts.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/engine/adamw.h"
#include "training/search/merge_evaluator.h"

namespace retort::test {

inline ModelShape shapeOf(const TrainerParts& parts) {
    return ModelShape::fromSettings(parts.config.model, parts.tokenizer->vocabularySize());
}

inline std::shared_ptr<CausalLM> copyOf(const CausalLM& model) {
    const torch::NoGradGuard noGradient;
    auto copy = std::make_shared<CausalLM>(model.shape(), 1);
    copy->flatParameters().copy_(model.flatParameters());
    return copy;
}

/// The model moved by noise of the given deviation, in every weight.
inline std::shared_ptr<CausalLM> movedBy(const CausalLM& model, double deviation, std::uint64_t seed) {
    const torch::NoGradGuard noGradient;
    auto copy = copyOf(model);
    std::uint64_t stream = 0;
    for (auto& [name, weight] : copy->namedWeights()) {
        Random random(seed, stream++);
        for (std::int64_t i = 0; i < weight.numel(); ++i)
            weight.data_ptr<float>()[i] += float(deviation * random.normal());
    }
    return copy;
}

/// Supervised steps on one source, or on all of them (-1).
inline void train(const TrainerParts& parts, const std::shared_ptr<CausalLM>& model, int source, int steps,
                  double learningRate = 5e-3) {
    AdamW optimizer(model, {});
    for (int step = 0; step < steps; ++step) {
        std::vector<TokenSequence> sequences;
        for (std::uint64_t i = 0; i < 16; ++i) {
            const DataSource& from =
                parts.sources[source < 0 ? i % parts.sources.size() : std::size_t(source)];
            const Problem problem = from.task->problem(Split::Train, 5, std::uint64_t(step) * 16 + i);
            std::vector<std::int32_t> completion = parts.tokenizer->encode(problem.answer);
            completion.push_back(parts.tokenizer->eosId());
            sequences.push_back(
                TokenSequence::of(parts.tokenizer->encode(problem.prompt), completion, false));
        }
        optimizer.zeroGradients();
        (-model->score(packSequences(sequences)).logprobs.mean()).backward();
        optimizer.step(learningRate, 1);
    }
}

/// Bare answers to sums of one digit and short chains: something that a tiny model learns in seconds.
inline RunConfig tinyMergeConfig() {
    RunConfig config = tinyConfig("sft");
    config.data.tasks[0].parameters = Json{{"min_digits", 1}, {"max_digits", 1}};
    config.data.tasks[0].worked_share = 0;
    config.data.tasks[1].worked_share = 0;
    config.data.tasks[1].parameters = Json{{"max_operations", 1}};
    return config;
}

/// A base that has seen both tasks a little, and an expert of each.
struct TinyParents {
    TinyParents() : parts(partsOf(tinyMergeConfig())), base(std::make_shared<CausalLM>(shapeOf(parts), 3)) {
        train(parts, base, -1, 60);
        for (int source = 0; source < 2; ++source) {
            experts.push_back(copyOf(*base));
            train(parts, experts.back(), source, 60, 2e-3);
        }
    }
    MergeParents parents() const { return MergeParents::of(base, experts); }
    MergeEvaluatorSettings settings() const {
        MergeEvaluatorSettings made;
        made.lossRows = 64;
        made.coarseRows = 8;
        made.generation = parts.config.evaluation;
        return made;
    }
    MergeSpace space(std::int64_t groups) const {
        MergeSpace made;
        made.base = "base";
        made.models = {"addition", "chain"};
        made.groups = layerGroups(parents().weightNames(), groups);
        return made;
    }

    TrainerParts parts;
    std::shared_ptr<CausalLM> base;
    std::vector<std::shared_ptr<CausalLM>> experts;
};

}  // namespace retort::test
