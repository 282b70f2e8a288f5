#include "training/recipes/value_model.h"

#include <cmath>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "core/util/random.h"
#include "training/objectives/score_losses.h"
#include "training/recipes/checkpoint.h"

namespace fs = std::filesystem;

namespace retort {

ValueModel::ValueModel(const TrainerParts& parts)
    : m_parts(parts),
      m_settings{parts.config.training.adam_beta1, parts.config.training.adam_beta2,
                 parts.config.training.adam_epsilon, parts.config.training.weight_decay},
      m_model(openModel(parts)) {
    open(std::move(m_model));
}

ScoreModel ValueModel::openModel(const TrainerParts& parts) {
    const std::string& from = parts.config.ppo.value_from;
    const ModelShape& shape = parts.model->shape();
    if (!from.empty()) {
        if (loadTokenizer(from)->hash() != parts.tokenizer->hash())
            throw Error("the value model has another vocabulary than the policy", from);
        return ScoreModel::load(from, 1);
    }
    auto backbone = std::make_shared<CausalLM>(shape, std::uint64_t(parts.config.seed));
    const torch::NoGradGuard noGrad;
    backbone->flatParameters().detach().copy_(parts.model->effectiveParameters());
    return {backbone, ScoreHead(1, shape.hiddenSize, stableHash("value", std::uint64_t(parts.config.seed)))};
}

void ValueModel::open(ScoreModel model) {
    m_model = std::move(model);
    m_model.backbone->setPrecision(m_parts.model->precision());
    m_optimizer = std::make_unique<AdamW>(m_model.backbone, m_settings);
}

torch::Tensor ValueModel::values(const PolicyBatch& batch) const {
    const torch::NoGradGuard noGrad;
    return m_model.scores(batch.batch).squeeze(1);
}

void ValueModel::backward(const ValueBatch& batch, double weight, double clipRange, double tokens,
                          ValueSums& sums) {
    const torch::Tensor values = m_model.scores(batch.batch->batch).squeeze(1);
    const ValueLoss loss = valueLoss(values, batch.oldValues, batch.returns, clipRange, tokens);
    (loss.loss * weight).backward();
    sums.loss += loss.loss.item<double>();
    sums.clipped += loss.clipped;
    sums.tokens += double(values.numel());
}

void ValueModel::sumGradients() {
    ProcessGroup& group = *m_parts.group;
    if (group.isAlone()) return;
    const torch::Tensor weights = m_model.backbone->trainableParameters();
    if (!weights.grad().defined()) weights.mutable_grad() = torch::zeros_like(weights);
    torch::Tensor gradient = weights.grad();
    group.sum(gradient);
    m_model.head.sumGradients(group);
}

double ValueModel::step(double learningRate) {
    const double most = m_parts.config.training.max_grad_norm;
    sumGradients();
    const double norm = m_optimizer->step(learningRate, most);
    if (!std::isfinite(norm)) return norm;
    m_optimizer->zeroGradients();
    return norm + m_model.head.step(learningRate, most, m_settings);
}

void ValueModel::save(const fs::path& folder) const {
    fs::create_directories(folder);
    m_model.save(folder);
    m_model.head.saveOptimizer(folder);
    saveOptimizer(folder, *m_optimizer);
    writeFileAtomically(folder / "value.json", Json{{"updates", m_optimizer->steps()}}.dump() + "\n");
}

void ValueModel::restore(const fs::path& folder) {
    open(ScoreModel::load(folder, 1));
    m_model.head.loadOptimizer(folder);
    loadOptimizer(folder, *m_optimizer);
    try {
        m_optimizer->setSteps(
            Json::parse(readFile(folder / "value.json", 4096)).at("updates").get<std::int64_t>());
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed state of the value model: ") + error.what(),
                    (folder / "value.json").string());
    }
}

}  // namespace retort
