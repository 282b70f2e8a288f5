#include "training/selftest/selftest.h"

#include <cmath>
#include <functional>

#include "core/tokenizers/character_tokenizer.h"
#include "core/util/random.h"
#include "training/engine/adamw.h"
#include "training/engine/decode_session.h"
#include "training/engine/tensor_generation.h"
#include "training/model/lora.h"
#include "training/model/reference_forward.h"
#include "training/recipes/open_model.h"

namespace retort {

using torch::Tensor;

namespace {

constexpr std::int64_t vocabulary = 37;

/// Everything that a Llama block can have, in a shape without round numbers.
ModelShape llamaShape() {
    ModelShape shape;
    shape.vocabSize = vocabulary;
    shape.hiddenSize = 40;
    shape.layers = 2;
    shape.heads = 4;
    shape.kvHeads = 2;
    shape.headDim = 18;
    shape.intermediateSize = 52;
    shape.maxPositions = 128;
    shape.initializerRange = 0.15;
    shape.attentionBias = shape.qkNorm = true;
    shape.tieWordEmbeddings = false;
    return shape;
}

ModelShape gpt2Shape() {
    ModelShape shape = llamaShape();
    shape.block = DecoderBlock::Gpt2;
    shape.positionEmbedding = "learned";
    shape.kvHeads = 4;
    shape.headDim = 10;
    shape.attentionBias = shape.qkNorm = false;
    shape.tieWordEmbeddings = true;
    return shape;
}

std::shared_ptr<CausalLM> modelOf(const ModelShape& shape, const torch::Device& device) {
    auto model = std::make_shared<CausalLM>(shape, 3);
    for (auto& [name, weight] : model->namedWeights())  // norms and biases away from their neutral start
        if (weight.dim() == 1) weight.add_(torch::linspace(-0.3, 0.3, weight.numel()));
    model->setDevice(device);
    return model;
}

std::vector<std::vector<std::int32_t>> randomIds(const std::vector<int>& lengths, std::uint64_t seed) {
    Random random(seed);
    std::vector<std::vector<std::int32_t>> ids(lengths.size());
    for (std::size_t s = 0; s < lengths.size(); ++s)
        for (int i = 0; i < lengths[s]; ++i)
            ids[s].push_back(std::int32_t(random.integer(0, vocabulary - 1)));
    return ids;
}

PackedBatch batchOf(const std::vector<int>& lengths) {
    return PackedBatch::pack(randomIds(lengths, 8), randomIds(lengths, 9));
}

double distance(const Tensor& a, const Tensor& b) {
    return (a.to(torch::kCPU) - b.to(torch::kCPU)).abs().max().item<double>();
}

/// Largest difference as a share of the expected values' largest.
double relative(const Tensor& got, const Tensor& expected) {
    return distance(got, expected) / std::max(1e-12, expected.abs().max().item<double>());
}

struct Step {
    Tensor logprobs, gradient;
};

Step stepOf(CausalLM& model, const PackedBatch& batch) {
    Tensor parameters = model.trainableParameters();
    parameters.mutable_grad() = Tensor();
    const Tensor logprobs = model.score(batch, 0.8).logprobs;
    (logprobs * torch::linspace(-1, 2, logprobs.numel())).sum().backward();
    return {logprobs.detach(), model.trainableGradients().to(torch::kCPU).clone()};
}

/// Worst relative error of the gradient in float64, one weight of each matrix and vector.
double finiteDifferences(const ModelShape& shape, const torch::Device& device) {
    const auto model = modelOf(shape, device);
    const WeightLayout layout(shape);
    const CausalLM::Hook noHook;
    const ReferenceForward forward{shape, layout, Precision::Float32, noHook};
    const PackedBatch batch = batchOf({7, 4});
    const auto loss = [&](const Tensor& flat) {
        return scoreLogits(forward.logits(flat, forward.hidden(flat, batch)), batch.targets.to(device), 0.9)
            .logprobs.mean();
    };
    Tensor flat = model->flatParameters().detach().to(torch::kFloat64).set_requires_grad(true);
    loss(flat).backward();
    const torch::NoGradGuard noGradient;
    Random random(4);
    double worst = 0;
    for (const WeightSlice& slice : layout.slices) {
        const std::int64_t at = slice.offset + random.integer(0, slice.size - 1);
        const double step = 1e-5, value = flat[at].item<double>();
        flat[at] = value + step;
        const double above = loss(flat).item<double>();
        flat[at] = value - step;
        const double below = loss(flat).item<double>();
        flat[at] = value;
        const double expected = (above - below) / (2 * step), got = flat.grad()[at].item<double>();
        worst = std::max(worst, std::abs(got - expected) / (1e-2 + std::abs(expected)));
    }
    return worst;
}

/// Score and gradient on the device against plain float32 operations on the CPU.
double againstPlain(const ModelShape& shape, const torch::Device& device, bool gradient) {
    const PackedBatch batch = batchOf({5, 1, 70, 23});
    const auto plain = modelOf(shape, torch::kCPU), model = modelOf(shape, device);
    plain->setReference(true);
    const Step expected = stepOf(*plain, batch), got = stepOf(*model, batch);
    return gradient ? relative(got.gradient, expected.gradient) : distance(got.logprobs, expected.logprobs);
}

double checkpointed(const torch::Device& device) {
    const PackedBatch batch = batchOf({20, 33});
    const auto model = modelOf(llamaShape(), device);
    const Step whole = stepOf(*model, batch);
    model->setCheckpointing(true);
    return relative(stepOf(*model, batch).gradient, whole.gradient);
}

/// The decoder with its key cache, token by token, against the whole sequence at once on the device.
double decoding(const ModelShape& shape, const torch::Device& device, DecodePrecision precision) {
    const auto ids = randomIds({40}, 12);
    const auto model = modelOf(shape, device);
    const torch::NoGradGuard noGradient;
    const Tensor expected = model->logits(PackedBatch::pack(ids, ids)).to(torch::kCPU).log_softmax(-1);
    DecodeWeights weights(shape, precision);
    const Tensor flat = model->flatParameters().to(torch::kCPU);
    weights.refresh(flat.data_ptr<float>());
    weights.prepareRotary(40);
    DecodeSession session(weights, 1, 40);
    double worst = 0;
    for (long i = 0; i < 40; ++i) {
        const float* logits = session.step({{0, i, ids[0][std::size_t(i)]}});
        const Tensor row = torch::tensor(std::vector<float>(logits, logits + vocabulary)).log_softmax(-1);
        worst = std::max(worst, distance(row, expected[i]));
    }
    return worst;
}

/// What sampling on the device says of its tokens, against the score of the whole sequences there.
double sampling(const ModelShape& shape, const torch::Device& device) {
    const auto model = modelOf(shape, device);
    std::vector<std::string> letters;
    for (std::int64_t i = 0; i < vocabulary; ++i) letters.push_back(std::string(1, char('0' + i)));
    const CharacterTokenizer tokenizer(letters, {});
    SamplingSettings settings;
    settings.maxNewTokens = 40;
    settings.temperature = 0.8;
    const auto prompts = randomIds({5, 11, 3}, 15);
    const torch::NoGradGuard noGradient;
    const auto completions = generateWithTensors(*model, DecodePrecision::Float32, prompts, 1, settings, 0,
                                                 tokenizer, EndRule(tokenizer, settings, 0), {});
    double worst = 0;
    for (std::size_t p = 0; p < prompts.size(); ++p) {
        const Completion& completion = completions[p];
        auto ids = prompts[p];
        ids.insert(ids.end(), completion.ids.begin(), completion.ids.end());
        std::vector<std::int32_t> targets(ids.begin() + 1, ids.end());
        std::fill_n(targets.begin(), prompts[p].size() - 1, -100);
        ids.pop_back();
        const Tensor scored = model->score(PackedBatch::pack({ids}, {targets}), 0.8).logprobs;
        worst = std::max(worst, distance(torch::tensor(completion.logprobs), scored));
    }
    return worst;
}

/// Three steps on a known gradient, against the formula in double precision.
double optimizer(const torch::Device& device) {
    const auto model = modelOf(llamaShape(), device);
    AdamW adamw(model, {0.9, 0.95, 1e-8, 0.1});
    const Tensor start = model->flatParameters().detach().to(torch::kCPU).to(torch::kFloat64);
    Tensor weights = start.clone(), average = torch::zeros_like(start), square = torch::zeros_like(start);
    for (int step = 1; step <= 3; ++step) {
        Tensor gradient = torch::sin(torch::arange(start.numel(), torch::kFloat64) * step) * 1e-2;
        model->flatParameters().mutable_grad() = gradient.to(torch::kFloat32).to(device);
        adamw.step(1e-2, 1.0);
        gradient = gradient * std::min(1.0, 1.0 / gradient.norm().item<double>());
        average = 0.9 * average + 0.1 * gradient;
        square = 0.95 * square + 0.05 * gradient * gradient;
        for (const WeightSlice& slice : model->slices())
            if (slice.decays) weights.slice(0, slice.offset, slice.offset + slice.size).mul_(1 - 1e-2 * 0.1);
        weights = weights - 1e-2 * (average / (1 - std::pow(0.9, step))) /
                                ((square / (1 - std::pow(0.95, step))).sqrt() + 1e-8);
    }
    double worst = 0;  // the gaps between weights are nobody's
    const Tensor got = model->flatParameters().detach().to(torch::kCPU).to(torch::kFloat64);
    for (const WeightSlice& slice : model->slices())
        worst = std::max(worst, distance(got.slice(0, slice.offset, slice.offset + slice.size),
                                         weights.slice(0, slice.offset, slice.offset + slice.size)));
    return worst;
}

/// Weights with the adapter in them against a branch beside the projections: scores and the adapter's
/// gradient.
double adapter(const torch::Device& device) {
    LoraSettings settings;
    settings.r = 3;
    const auto model = modelOf(llamaShape(), device);
    const WeightLayout layout(model->shape());
    model->setAdapter(std::make_shared<LoraAdapter>(layout, settings, 5));
    {
        const torch::NoGradGuard noGradient;
        model->adapter()->flat().add_(0.05);
    }
    const PackedBatch batch = batchOf({11, 4});
    const CausalLM::Hook noHook;
    const ReferenceForward branch{model->shape(), layout, Precision::Float32,
                                  noHook,         false,  model->adapter().get()};
    Tensor gradients[2];
    for (bool merged : {false, true}) {
        model->adapter()->flat().mutable_grad() = Tensor();
        const Tensor flat = model->flatParameters();
        const Tensor logits = merged ? model->logits(batch) : branch.logits(flat, branch.hidden(flat, batch));
        logits.cos().sum().backward();
        gradients[merged] = model->adapter()->flat().grad().clone();
    }
    return relative(gradients[1], gradients[0]);
}

double bf16Scores(const torch::Device& device) {
    const PackedBatch batch = batchOf({9, 14});
    const auto model = modelOf(llamaShape(), device);
    const Tensor exact = stepOf(*model, batch).logprobs;
    model->setPrecision(Precision::BFloat16);
    return distance(stepOf(*model, batch).logprobs, exact);
}

}  // namespace

std::vector<SelfTestResult> runSelfTest(const std::string& wanted) {
    const torch::Device device = chooseDevice(wanted);
    const std::string on = device.is_cuda() ? "cuda" : "cpu";
    std::vector<SelfTestResult> results;
    const auto check = [&](const char* name, double limit, const std::function<double()>& measure) {
        SelfTestResult result{name, on, 0, limit, ""};
        try {
            result.worst = measure();
        } catch (const std::exception& error) {
            result.error = std::string(error.what()).substr(0, 300);
        }
        results.push_back(std::move(result));
    };
    check("Llama gradient against finite differences (float64)", 1e-5,
          [&] { return finiteDifferences(llamaShape(), device); });
    check("GPT-2 gradient against finite differences (float64)", 1e-5,
          [&] { return finiteDifferences(gpt2Shape(), device); });
    check("log-probabilities against plain operations on the CPU", 1e-4,
          [&] { return againstPlain(llamaShape(), device, false); });
    check("gradient against plain operations on the CPU", 1e-4,
          [&] { return againstPlain(llamaShape(), device, true); });
    check("GPT-2 log-probabilities against plain operations on the CPU", 1e-4,
          [&] { return againstPlain(gpt2Shape(), device, false); });
    check("gradient with activation checkpointing", 1e-6, [&] { return checkpointed(device); });
    check("decoding with a key cache against the whole sequence", 1e-4,
          [&] { return decoding(llamaShape(), device, DecodePrecision::Float32); });
    check("GPT-2 decoding with a key cache against the whole sequence", 1e-4,
          [&] { return decoding(gpt2Shape(), device, DecodePrecision::Float32); });
    check("decoding with bf16 weights", 0.1,
          [&] { return decoding(llamaShape(), device, DecodePrecision::BFloat16); });
    check("sampling on the device against the score of whole sequences", 1e-4,
          [&] { return sampling(llamaShape(), device); });
    check("GPT-2 sampling on the device against the score of whole sequences", 1e-4,
          [&] { return sampling(gpt2Shape(), device); });
    check("AdamW against its formula (float64)", 1e-5, [&] { return optimizer(device); });
    check("LoRA: merged against its branch, gradient", 1e-3, [&] { return adapter(device); });
    check("bf16 log-probabilities against float32", 0.1, [&] { return bf16Scores(device); });
    return results;
}

}  // namespace retort
