#include "training/model/fused_autograd.h"

#include <mutex>
#include <string>
#include <vector>

#include "core/util/error.h"
#include "training/engine/fused_transformer.h"
#include "training/engine/output_layer.h"
#include "training/model/reference_forward.h"

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
    Tensor cosines, sines;
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
    Call(std::shared_ptr<FusedEngine::State> engine, const PackedBatch& packed, bool keep)
        : state(std::move(engine)), batch(packed), kept(keep) {
        batch.ids = batch.ids.contiguous();
        batch.positions = batch.positions.contiguous();
        batch.starts = batch.starts.contiguous();
        checkIds(batch.ids, state->shape.vocabSize, "token");
        if (state->shape.positionEmbedding == "learned")
            checkIds(batch.positions, state->shape.maxPositions, "position");
        rotary();
        activations = state->takeActivations();
    }
    ~Call() override {
        const std::lock_guard lock(state->mutex);
        state->spare.push_back(std::move(activations));
    }

    void rotary() {
        if (state->shape.positionEmbedding != "rope") return;
        const std::int64_t known = state->cosines.defined() ? state->cosines.size(0) : 0;
        if (known < batch.maxLength)
            std::tie(state->cosines, state->sines) =
                rotaryTables(state->shape, std::max(2 * known, batch.maxLength));
        cosines = state->cosines;
        sines = state->sines;
    }

    PackedSequences sequences() const {
        PackedSequences s;
        s.ids = batch.ids.data_ptr<std::int64_t>();
        s.positions = batch.positions.data_ptr<std::int64_t>();
        s.starts = batch.starts.data_ptr<std::int32_t>();
        s.sequences = batch.starts.numel() - 1;
        s.rows = batch.ids.numel();
        s.maxLength = batch.maxLength;
        if (cosines.defined()) {
            s.cosines = cosines.data_ptr<float>();
            s.sines = sines.data_ptr<float>();
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
        if (!kept) throw Error("a forward pass without gradients cannot be differentiated");
    }

    std::shared_ptr<FusedEngine::State> state;
    PackedBatch batch;
    bool kept;
    std::unique_ptr<Activations> activations;
    Tensor cosines, sines;
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
        call->state->transformer.forward(flat.data_ptr<float>(), call->sequences(), *call->activations,
                                         call->kept);
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
        call->state->transformer.forward(flat.data_ptr<float>(), call->sequences(), *call->activations,
                                         call->kept);
        const std::int64_t count = call->rows.numel();
        Tensor logprobs = torch::empty({count}, flat.options()),
               entropies = torch::empty({count}, flat.options());
        Tensor maxLogits = torch::empty({count}, flat.options()), hits = torch::empty({count}, torch::kBool);
        call->logSums = torch::empty({count}, flat.options());
        ScoredRows rows = scoredRows(*call);
        rows.logprobs = logprobs.data_ptr<float>();
        rows.entropies = entropies.data_ptr<float>();
        rows.maxLogits = maxLogits.data_ptr<float>();
        rows.hits = hits.data_ptr<bool>();
        call->state->output.score(flat.data_ptr<float>(), call->stream(), rows);
        context->mark_non_differentiable({entropies, hits, maxLogits});
        keepCall(context, flat, call);
        return {logprobs, entropies, hits, maxLogits};
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const CallPointer call = callOf(context);
        call->requireKept();
        const std::lock_guard lock(call->state->mutex);
        const Tensor flat = context->get_saved_variables()[0], dLogprobs = gradients[0].contiguous();
        const Tensor flatGradient = torch::zeros_like(flat);
        float* gradient = call->streamGradient();
        std::fill_n(gradient, call->batch.ids.numel() * call->state->shape.hiddenSize, 0.0f);
        call->state->output.scoreGradient(flat.data_ptr<float>(), call->stream(), scoredRows(*call),
                                          dLogprobs.data_ptr<float>(), gradient,
                                          flatGradient.data_ptr<float>());
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
    return {found[0], found[1], found[2], found[3]};
}

}  // namespace retort
