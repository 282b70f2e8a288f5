#include "training/model/fused_autograd.h"

#include <mutex>
#include <string>
#include <vector>

#include "core/util/error.h"
#include "training/engine/fused_transformer.h"
#include "training/engine/output_layer.h"
#include "training/model/rotary.h"

namespace retort {

using torch::Tensor;

struct FusedEngine::State {
    State(const ModelShape& modelShape, const WeightLayout& layout)
        : shape(modelShape), transformer(modelShape, layout), output(modelShape, layout) {}

    /// Buffers of an earlier step when there are some.
    std::unique_ptr<Activations> takeActivations() {
        if (spare.empty()) return std::make_unique<Activations>();
        auto activations = std::move(spare.back());
        spare.pop_back();
        return activations;
    }

    ModelShape shape;
    FusedTransformer transformer;
    OutputLayer output;
    std::vector<std::unique_ptr<Activations>> spare;
    FloatBuffer gradient;
    bool checkpointing = false;
    std::size_t activationBytes = 0;
    std::shared_ptr<const RotaryRows> rotary;  ///< of positions that no scaling stretches
    /// The buffers are shared by all calls on this model.
    std::recursive_mutex mutex;
};

namespace {

void checkIds(const Tensor& ids, std::int64_t below, const std::string& what) {
    const auto* values = ids.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < ids.numel(); ++i)
        if (values[i] < 0 || values[i] >= below)
            throw Error(what + " " + std::to_string(values[i]) + " is outside of the model's " +
                        std::to_string(below));
}

/// One forward pass and what its backward pass needs; travels with the autograd graph.
struct Call : torch::CustomClassHolder {
    Call(std::shared_ptr<FusedEngine::State> engine, const PackedBatch& packed, bool wantsGradient)
        : state(std::move(engine)),
          batch(packed),
          keep(!wantsGradient         ? Keep::Nothing
               : state->checkpointing ? Keep::Streams
                                      : Keep::All) {
        batch.ids = batch.ids.contiguous();
        batch.positions = batch.positions.contiguous();
        batch.starts = batch.starts.contiguous();
        checkIds(batch.ids, state->shape.vocabSize, "token");
        if (state->shape.positionEmbedding == "learned")
            checkIds(batch.positions, state->shape.maxPositions, "position");
        if (state->shape.positionEmbedding == "rope") openRotary();
        activations = state->takeActivations();
    }
    ~Call() override {
        const std::lock_guard lock(state->mutex);
        state->spare.push_back(std::move(activations));
    }

    void openRotary() {
        const ModelShape& shape = state->shape;
        if (rotaryDependsOn(shape, batch.maxLength)) {
            rotary = std::make_shared<const RotaryRows>(batchRotary(
                shape, batch.starts.data_ptr<std::int32_t>(), batch.starts.numel() - 1, batch.maxLength));
            return;
        }
        const std::int64_t known =
            state->rotary ? std::int64_t(state->rotary->table.cosines.size()) / (shape.headDim / 2) : 0;
        if (known < batch.maxLength) {
            RotaryRows grown;
            appendRotary(shape, std::max(2 * known, batch.maxLength), 1, grown.table);
            state->rotary = std::make_shared<const RotaryRows>(std::move(grown));
        }
        rotary = state->rotary;
    }

    void forward(const Tensor& flat) {
        state->transformer.forward(flat.data_ptr<float>(), sequences(), *activations, keep);
        state->activationBytes = std::max(state->activationBytes, activations->bytes());
    }

    PackedSequences sequences() const {
        PackedSequences s;
        s.ids = batch.ids.data_ptr<std::int64_t>();
        s.positions = batch.positions.data_ptr<std::int64_t>();
        s.starts = batch.starts.data_ptr<std::int32_t>();
        s.sequences = batch.starts.numel() - 1;
        s.rows = batch.ids.numel();
        s.maxLength = batch.maxLength;
        if (rotary) {
            s.cosines = rotary->table.cosines.data();
            s.sines = rotary->table.sines.data();
            s.angles = rotary->rows.empty() ? s.positions : rotary->rows.data();
        }
        return s;
    }

    const float* stream() const { return activations->stream(state->shape.layers); }

    /// `gradient` [rows × hidden] of the stream after the last layer → of the flat parameters.
    void backward(const Tensor& flat, float* gradient, const Tensor& flatGradient) {
        state->transformer.backward(flat.data_ptr<float>(), sequences(), *activations, gradient,
                                    flatGradient.data_ptr<float>());
    }
    float* streamGradient() const {
        return state->gradient.reserve(std::size_t(batch.ids.numel() * state->shape.hiddenSize));
    }
    void requireKept() const {
        if (keep == Keep::Nothing) throw Error("a forward pass without gradients cannot be differentiated");
    }

    std::shared_ptr<FusedEngine::State> state;
    PackedBatch batch;
    Keep keep;
    std::unique_ptr<Activations> activations;
    std::shared_ptr<const RotaryRows> rotary;
    // Of the output layer.
    Tensor rows, targets, logSums;
    float temperature = 1;
};

using CallPointer = c10::intrusive_ptr<Call>;

void keepCall(torch::autograd::AutogradContext* context, const Tensor& flat, const CallPointer& call) {
    context->save_for_backward({flat});
    context->saved_data["call"] = c10::IValue::make_capsule(call);
}

CallPointer callOf(torch::autograd::AutogradContext* context) {
    return c10::static_intrusive_pointer_cast<Call>(context->saved_data["call"].toCapsule());
}

struct HiddenFunction : torch::autograd::Function<HiddenFunction> {
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& flat,
                          const CallPointer& call) {
        const std::lock_guard lock(call->state->mutex);
        call->forward(flat);
        Tensor y = torch::empty({call->batch.ids.numel(), call->state->shape.hiddenSize}, flat.options());
        call->state->output.norm(flat.data_ptr<float>(), call->stream(), y.size(0), y.data_ptr<float>());
        keepCall(context, flat, call);
        return y;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const CallPointer call = callOf(context);
        call->requireKept();
        const std::lock_guard lock(call->state->mutex);
        const Tensor flat = context->get_saved_variables()[0], dy = gradients[0].contiguous();
        const Tensor flatGradient = torch::zeros_like(flat);
        float* gradient = call->streamGradient();
        call->state->output.normGradient(flat.data_ptr<float>(), call->stream(), dy.size(0),
                                         dy.data_ptr<float>(), gradient, flatGradient.data_ptr<float>());
        call->backward(flat, gradient, flatGradient);
        return {flatGradient, Tensor()};
    }
};

ScoredRows scoredRows(const Call& call) {
    ScoredRows rows;
    rows.count = call.rows.numel();
    rows.rows = call.rows.data_ptr<std::int64_t>();
    rows.targets = call.targets.data_ptr<std::int64_t>();
    rows.temperature = call.temperature;
    rows.logSums = call.logSums.data_ptr<float>();
    return rows;
}

struct ScoreFunction : torch::autograd::Function<ScoreFunction> {
    static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context,
                                                  const Tensor& flat, const CallPointer& call) {
        const std::lock_guard lock(call->state->mutex);
        call->forward(flat);
        const std::int64_t count = call->rows.numel();
        Tensor logprobs = torch::empty({count}, flat.options()),
               entropies = torch::empty({count}, flat.options());
        Tensor maxLogits = torch::empty({count}, flat.options()),
               meanLogits = torch::empty({count}, flat.options()), hits = torch::empty({count}, torch::kBool);
        call->logSums = torch::empty({count}, flat.options());
        ScoredRows rows = scoredRows(*call);
        rows.logprobs = logprobs.data_ptr<float>();
        rows.entropies = entropies.data_ptr<float>();
        rows.maxLogits = maxLogits.data_ptr<float>();
        rows.meanLogits = meanLogits.data_ptr<float>();
        rows.hits = hits.data_ptr<bool>();
        call->state->output.score(flat.data_ptr<float>(), call->stream(), rows);
        context->mark_non_differentiable({hits, maxLogits, meanLogits});
        context->set_materialize_grads(false);  // a loss without entropies costs nothing for them
        keepCall(context, flat, call);
        return {logprobs, entropies, hits, maxLogits, meanLogits};
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const CallPointer call = callOf(context);
        call->requireKept();
        const std::lock_guard lock(call->state->mutex);
        const Tensor flat = context->get_saved_variables()[0];
        const Tensor dLogprobs = gradients[0].defined() ? gradients[0].contiguous()
                                                        : torch::zeros({call->rows.numel()}, flat.options());
        const Tensor dEntropies = gradients[1].defined() ? gradients[1].contiguous() : Tensor();
        const Tensor flatGradient = torch::zeros_like(flat);
        float* gradient = call->streamGradient();
        std::fill_n(gradient, call->batch.ids.numel() * call->state->shape.hiddenSize, 0.0f);
        call->state->output.scoreGradient(flat.data_ptr<float>(), call->stream(), scoredRows(*call),
                                          dLogprobs.data_ptr<float>(),
                                          dEntropies.defined() ? dEntropies.data_ptr<float>() : nullptr,
                                          gradient, flatGradient.data_ptr<float>());
        call->backward(flat, gradient, flatGradient);
        return {flatGradient, Tensor()};
    }
};

bool wantsGradient(const Tensor& flat) {
    return torch::GradMode::is_enabled() && flat.requires_grad();
}

}  // namespace

FusedEngine::FusedEngine(const ModelShape& shape, const WeightLayout& layout)
    : m_state(std::make_shared<State>(shape, layout)) {}

FusedEngine::~FusedEngine() = default;

void FusedEngine::setCheckpointing(bool checkpointing) {
    m_state->checkpointing = checkpointing;
}

std::size_t FusedEngine::activationBytes() const {
    return m_state->activationBytes;
}

Tensor FusedEngine::hidden(const Tensor& flat, const PackedBatch& batch) {
    const std::lock_guard lock(m_state->mutex);
    return HiddenFunction::apply(flat, c10::make_intrusive<Call>(m_state, batch, wantsGradient(flat)));
}

TokenScores FusedEngine::score(const Tensor& flat, const PackedBatch& batch, double temperature) {
    const std::lock_guard lock(m_state->mutex);
    auto call = c10::make_intrusive<Call>(m_state, batch, wantsGradient(flat));
    call->rows = batch.targets.ne(-100).nonzero().squeeze(1).contiguous();
    call->targets = batch.targets.index_select(0, call->rows).contiguous();
    checkIds(call->targets, m_state->shape.vocabSize, "target");
    call->temperature = float(temperature);
    const auto found = ScoreFunction::apply(flat, call);
    return {found[0], found[1], found[2], found[3], found[4]};
}

}  // namespace retort
