#include "training/recipes/example_pruning.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "core/util/random.h"
#include "training/recipes/teacher.h"
#include "training/recipes/token_sequence.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t examplesAtOnce = 64;

TokenSequence exampleOf(const TrainerParts& parts, const DataSource& source, std::uint64_t index) {
    const Problem problem =
        source.task->problem(Split::Train, dataSeed(std::uint64_t(parts.config.seed)), index);
    const bool worked = source.workedShare > 0 && !problem.worked.empty();
    std::vector<std::int32_t> completion = parts.tokenizer->encode(worked ? problem.worked : problem.answer);
    completion.push_back(parts.tokenizer->eosId());
    return TokenSequence::of(parts.tokenizer->encode(problem.prompt), completion, false);
}

/// Mean score a token of each sequence.
std::vector<double> scores(CausalLM& model, const std::vector<TokenSequence>& sequences,
                           const std::string& kind) {
    const torch::NoGradGuard noGrad;
    const PackedBatch batch = packSequences(sequences);
    const torch::Tensor logprobs = targetLogprobs(model, batch);
    const torch::Tensor targets = batch.targets.masked_select(batch.targets.ne(-100)).unsqueeze(1);
    const torch::Tensor own = logprobs.gather(1, targets.to(logprobs.device())).squeeze(1);
    // ‖p - y‖² = ‖p‖² - 2 p_y + 1
    const torch::Tensor values =
        kind == "loss" ? -own : (logprobs.exp().square().sum(1) - 2 * own.exp() + 1).clamp_min(0).sqrt();
    std::vector<double> means;
    std::int64_t first = 0;
    for (const std::int64_t count : targetCounts(batch)) {
        means.push_back(values.slice(0, first, first + count).mean().item<double>());
        first += count;
    }
    return means;
}

std::vector<double> scoresOf(const TrainerParts& parts, const DataSource& source) {
    const std::string& kind = parts.config.distillation.pruning;
    std::vector<double> all;
    if (kind == "random") {
        for (std::int64_t i = 0; i < source.examples; ++i)
            all.push_back(
                Random(stableHash("prune", std::uint64_t(parts.config.seed)), std::uint64_t(i)).uniform());
        return all;
    }
    std::vector<TokenSequence> some;
    for (std::int64_t i = 0; i < source.examples; ++i) {
        some.push_back(exampleOf(parts, source, std::uint64_t(i)));
        if (some.size() < examplesAtOnce && i + 1 < source.examples) continue;
        for (const double score : scores(*parts.model, some, kind)) all.push_back(score);
        some.clear();
    }
    return all;
}

std::vector<std::uint64_t> highest(const std::vector<double>& scores, double share) {
    std::vector<std::uint64_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::uint64_t(0));
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
    order.resize(std::max<std::size_t>(std::size_t(std::llround(share * double(scores.size()))), 1));
    std::sort(order.begin(), order.end());
    return order;
}

}  // namespace

void pruneExamples(TrainerParts& parts, RunSession& session) {
    const double share = parts.config.distillation.keep_share;
    if (share >= 1) return;
    const fs::path file = session.run().path() / "kept_examples.json";
    std::error_code code;
    Json kept = Json::object();
    if (fs::exists(file, code)) {
        kept = Json::parse(readFile(file), nullptr, false);
        if (!kept.is_object()) throw Error("is no list of kept examples", file.string());
    } else {
        for (const DataSource& source : parts.sources)
            if (source.examples > 0) kept[source.name] = highest(scoresOf(parts, source), share);
        writeFileAtomically(file, kept.dump() + "\n");
    }
    for (DataSource& source : parts.sources)
        if (kept.contains(source.name)) source.kept = kept[source.name].get<std::vector<std::uint64_t>>();
}

}  // namespace retort
