#include "training/recipes/score_model.h"

#include <cmath>
#include <vector>

#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/random.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* headFile = "score.safetensors";
constexpr const char* optimizerFile = "score_optimizer.safetensors";

using Named = std::vector<std::pair<std::string, torch::Tensor>>;

void write(const fs::path& file, const Named& tensors) {
    std::vector<TensorData> data;
    std::vector<torch::Tensor> alive;  // until the file is written
    for (const auto& [name, value] : tensors) {
        alive.push_back(value.detach().cpu().contiguous());
        data.push_back({name, Dtype::Float32, value.sizes().vec(), alive.back().data_ptr()});
    }
    writeSafetensors(file, std::move(data));
}

torch::Tensor read(const SafetensorsFile& file, const std::string& name) {
    const TensorInfo& info = file.at(name);
    std::vector<float> numbers = file.readFloats(info);
    return torch::from_blob(numbers.data(), info.shape, torch::kFloat32).clone();
}

}  // namespace

ScoreHead::ScoreHead(torch::Tensor weight, torch::Tensor bias)
    : m_weight(std::move(weight).requires_grad_()), m_bias(std::move(bias).requires_grad_()) {
    const torch::NoGradGuard noGrad;
    m_averages[0] = torch::zeros_like(m_weight);
    m_averages[1] = torch::zeros_like(m_bias);
    m_squares[0] = torch::zeros_like(m_weight);
    m_squares[1] = torch::zeros_like(m_bias);
}

ScoreHead::ScoreHead(std::int64_t labels, std::int64_t hidden, std::uint64_t seed)
    : ScoreHead(torch::empty({labels, hidden}), torch::zeros({labels})) {
    const torch::NoGradGuard noGrad;
    Random random(seed, stableHash("score.weight"));
    float* values = m_weight.data_ptr<float>();
    const double deviation = 1 / std::sqrt(double(hidden) + 1);
    for (std::int64_t i = 0; i < labels * hidden; ++i) values[i] = float(deviation * random.normal());
}

ScoreHead ScoreHead::load(const fs::path& folder, std::int64_t hidden) {
    const SafetensorsFile file(folder / headFile);
    torch::Tensor weight = read(file, "score.weight"), bias = read(file, "score.bias");
    if (weight.dim() != 2 || weight.size(1) != hidden || bias.dim() != 1 || bias.size(0) != weight.size(0))
        throw Error("the score head does not fit a model of width " + std::to_string(hidden),
                    file.path().string());
    return {weight, bias};
}

std::int64_t ScoreHead::labelsIn(const fs::path& folder) {
    const SafetensorsFile file(folder / headFile);
    const TensorInfo& info = file.at("score.weight");
    return info.shape.empty() ? 0 : info.shape[0];
}

void ScoreHead::save(const fs::path& folder) const {
    write(folder / headFile, {{"score.weight", m_weight}, {"score.bias", m_bias}});
}

torch::Tensor ScoreHead::operator()(const torch::Tensor& hidden) const {
    return torch::linear(hidden, m_weight, m_bias);
}

void ScoreHead::sumGradients(ProcessGroup& group) {
    if (group.isAlone()) return;
    for (torch::Tensor* parameter : {&m_weight, &m_bias}) {
        if (!parameter->grad().defined()) parameter->mutable_grad() = torch::zeros_like(*parameter);
        torch::Tensor gradient = parameter->grad();
        group.sum(gradient);
    }
}

double ScoreHead::step(double learningRate, double maxGradNorm, const AdamWSettings& settings) {
    const torch::NoGradGuard noGrad;
    torch::Tensor parameters[2] = {m_weight, m_bias};
    double squares = 0;
    for (const torch::Tensor& parameter : parameters)
        if (parameter.grad().defined()) squares += parameter.grad().square().sum().item<double>();
    const double norm = std::sqrt(squares);
    if (!std::isfinite(norm)) return norm;
    ++m_steps;
    const double scale = maxGradNorm > 0 && norm > maxGradNorm ? maxGradNorm / (norm + 1e-6) : 1;
    const double correction1 = 1 - std::pow(settings.beta1, double(m_steps));
    const double correction2 = 1 - std::pow(settings.beta2, double(m_steps));
    for (int i = 0; i < 2; ++i) {
        if (!parameters[i].grad().defined()) continue;
        const torch::Tensor gradient = parameters[i].grad() * scale;
        m_averages[i].mul_(settings.beta1).add_(gradient, 1 - settings.beta1);
        m_squares[i].mul_(settings.beta2).addcmul_(gradient, gradient, 1 - settings.beta2);
        if (i == 0) parameters[i].mul_(1 - learningRate * settings.weightDecay);
        parameters[i].addcdiv_(m_averages[i] / correction1,
                               (m_squares[i] / correction2).sqrt().add(settings.epsilon), -learningRate);
        parameters[i].mutable_grad() = torch::Tensor();
    }
    return norm;
}

void ScoreHead::saveOptimizer(const fs::path& folder) const {
    write(folder / optimizerFile, {{"exp_avg.score.weight", m_averages[0]},
                                   {"exp_avg.score.bias", m_averages[1]},
                                   {"exp_avg_sq.score.weight", m_squares[0]},
                                   {"exp_avg_sq.score.bias", m_squares[1]},
                                   {"steps", torch::tensor({float(m_steps)})}});
}

void ScoreHead::loadOptimizer(const fs::path& folder) {
    const SafetensorsFile file(folder / optimizerFile);
    const torch::NoGradGuard noGrad;
    const auto restore = [&](torch::Tensor& target, const std::string& name) {
        const torch::Tensor value = read(file, name);
        if (value.sizes() != target.sizes())
            throw Error("tensor " + name + " has another shape than the head's", file.path().string());
        target.copy_(value);
    };
    restore(m_averages[0], "exp_avg.score.weight");
    restore(m_averages[1], "exp_avg.score.bias");
    restore(m_squares[0], "exp_avg_sq.score.weight");
    restore(m_squares[1], "exp_avg_sq.score.bias");
    m_steps = std::int64_t(read(file, "steps")[0].item<float>());
}

bool isScoreModel(const fs::path& folder) {
    std::error_code code;
    return fs::exists(folder / headFile, code);
}

ScoreModel ScoreModel::load(const fs::path& folder, std::int64_t labels) {
    if (!isScoreModel(folder))
        throw Error("is no reward model: " + std::string(headFile) + " is missing", folder.string(),
                    labels == 2 ? "train one with the recipe prm" : "train one with the recipe reward_model");
    auto backbone = CausalLM::load(folder);
    ScoreHead head = ScoreHead::load(folder, backbone->shape().hiddenSize);
    if (head.labels() != labels)
        throw Error("gives " + std::to_string(head.labels()) + " numbers a token where " +
                        std::to_string(labels) + " are needed",
                    folder.string(),
                    labels == 2 ? "a process reward model is needed here" : "a reward model is needed here");
    return {std::move(backbone), std::move(head)};
}

void ScoreModel::save(const fs::path& folder) const {
    backbone->save(folder);
    head.save(folder);
}

torch::Tensor ScoreModel::scores(const PackedBatch& batch) const {
    const torch::Tensor rows = batch.targets.ne(-100).nonzero().squeeze(1);
    return head(backbone->hidden(batch).index_select(0, rows));
}

}  // namespace retort
