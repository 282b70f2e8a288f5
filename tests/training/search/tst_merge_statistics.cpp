// Fisher information and Gram matrices against gradients one by one, closed forms, and what the layers put
// out.
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <map>
#include <set>

#include "core/formats/safetensors.h"
#include "core/util/random.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/search/merge_statistics.h"

using namespace retort;
using namespace retort::test;
using torch::Tensor;

namespace {

ModelShape smallShape() {
    ModelShape shape;
    shape.vocabSize = 11;
    shape.hiddenSize = 16;
    shape.layers = 2;
    shape.heads = 4;
    shape.kvHeads = 2;
    shape.headDim = 4;
    shape.intermediateSize = 24;
    shape.maxPositions = 32;
    shape.tieWordEmbeddings = false;
    shape.initializerRange = 0.3;  // far from linear
    return shape;
}

ModelShape shapeOf(const QString& kind) {
    ModelShape shape = smallShape();
    if (kind == "Qwen2") shape.attentionBias = true;
    if (kind == "Qwen3") shape.qkNorm = true;
    if (kind == "tied") shape.tieWordEmbeddings = true;
    if (kind == "learned positions") shape.positionEmbedding = "learned";
    if (kind == "GPT-2") {
        shape.block = DecoderBlock::Gpt2;
        shape.kvHeads = shape.heads;
        shape.positionEmbedding = "learned";
    }
    return shape;
}

std::vector<TokenSequence> someExamples(std::size_t count) {
    Random random(12);
    std::vector<TokenSequence> examples;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::int32_t> prompt, completion;
        for (int t = 0; t < 3 + int(i % 2); ++t) prompt.push_back(std::int32_t(random.integer(0, 10)));
        for (int t = 0; t < 2 + int(i % 3); ++t) completion.push_back(std::int32_t(random.integer(0, 10)));
        examples.push_back(TokenSequence::of(prompt, completion, false));
    }
    return examples;
}

const Tensor& named(const WeightStatistics& statistics, const std::string& name) {
    for (const auto& [found, tensor] : statistics.tensors)
        if (found == name) return tensor;
    throw Error("missing: " + name);
}

double distance(const Tensor& a, const Tensor& b) {
    return (a - b).abs().max().item<double>() / (1e-12 + b.abs().max().item<double>());
}

}  // namespace

class TestMergeStatistics : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void fisherByGradients_data();
    void fisherByGradients();
    void fisherOfTheOutputLayer();
    void sampledLabelsGiveTheExpectation();
    void gramsByTheLayersOutputs_data();
    void gramsByTheLayersOutputs();
    void gramsOfFirstAndLast();
    void whichWeightsHaveThem();
    void files();
    void stopsAndProgress();
    void badInput();
};

void TestMergeStatistics::fisherByGradients_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"Llama", "Qwen2", "Qwen3", "tied", "GPT-2"}) QTest::newRow(kind) << kind;
}

// By autograd through the plain forward pass, example by example.
void TestMergeStatistics::fisherByGradients() {
    QFETCH(QString, kind);
    CausalLM model(shapeOf(kind), 5), plain(shapeOf(kind), 5);
    plain.setReference(true);
    const auto examples = someExamples(4);
    const WeightStatistics fisher = diagonalFisher(model, examples);
    QCOMPARE(fisher.examples, std::int64_t(4));
    QCOMPARE(fisher.tokens, std::int64_t(2 + 3 + 4 + 2));
    Tensor sum = torch::zeros_like(plain.flatParameters());
    for (const TokenSequence& example : examples) {
        const auto batch = packSequences({example});
        const Tensor rows = batch.targets.ne(-100).nonzero().squeeze(1);
        const Tensor logprobs = torch::log_softmax(plain.logits(batch), -1).index_select(0, rows);
        const Tensor likelihood = logprobs.gather(1, batch.targets.index_select(0, rows).unsqueeze(1)).sum();
        sum += torch::autograd::grad({likelihood}, {plain.flatParameters()})[0].square();
    }
    const auto expected = plain.namedViews(sum / 4);
    QCOMPARE(fisher.tensors.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const WeightSlice& slice = plain.slices()[i];
        QCOMPARE(fisher.tensors[i].first, expected[i].first);
        QCOMPARE(fisher.tensors[i].second.sizes().vec(), slice.fileShape());
        const Tensor turned = slice.transposedInFile ? expected[i].second.t() : expected[i].second;
        QVERIFY2(distance(fisher.tensors[i].second, turned) < 1e-3, expected[i].first.c_str());
    }
    // A second look is not added to the first.
    QVERIFY(diagonalFisher(model, examples).tensors[0].second.equal(fisher.tensors[0].second));
}

// The output layer is a linear softmax classifier: its gradient is (e_y − p)·hᵀ.
void TestMergeStatistics::fisherOfTheOutputLayer() {
    CausalLM model(smallShape(), 6);
    const auto examples = someExamples(5);
    const Tensor found = named(diagonalFisher(model, examples), "lm_head.weight");
    const torch::NoGradGuard noGradient;
    Tensor expected = torch::zeros_like(found);
    for (const TokenSequence& example : examples) {
        const auto batch = packSequences({example});
        const Tensor hidden = model.hidden(batch), errors = -torch::softmax(model.logits(batch), -1);
        Tensor gradient = torch::zeros_like(found);
        for (std::int64_t t = 0; t < batch.targets.numel(); ++t) {
            const auto target = batch.targets[t].item<std::int64_t>();
            if (target == -100) continue;
            errors[t][target] += 1;
            gradient += torch::outer(errors[t], hidden[t]);
        }
        expected += gradient.square() / double(examples.size());
    }
    QVERIFY(distance(found, expected) < 1e-4);
}

// With labels from the model and one target: E[(e_y − p)²] = p(1 − p).
void TestMergeStatistics::sampledLabelsGiveTheExpectation() {
    CausalLM model(smallShape(), 6);
    const TokenSequence example = TokenSequence::of({1, 2, 3}, {4}, false);
    FisherSettings settings;
    settings.sampleLabels = true;
    const std::vector<TokenSequence> many(3000, example);
    const Tensor found = named(diagonalFisher(model, many, settings), "lm_head.weight");
    const torch::NoGradGuard noGradient;
    const auto batch = packSequences({example});
    const Tensor p = torch::softmax(model.logits(batch), -1)[2], h = model.hidden(batch)[2];
    const Tensor expected = torch::outer(p * (1 - p), h.square());
    QVERIFY2(distance(found.sum(1), expected.sum(1)) < 0.15,
             qPrintable(QString::number(distance(found, expected))));
    QVERIFY(distance(diagonalFisher(model, {example}).tensors.back().second, expected) >
            0.15);  // not the empirical
    const auto few = std::vector<TokenSequence>(20, example);
    QVERIFY(diagonalFisher(model, few, settings)
                .tensors[3]
                .second.equal(diagonalFisher(model, few, settings).tensors[3].second));
}

void TestMergeStatistics::gramsByTheLayersOutputs_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"Llama", "Qwen2", "Qwen3", "tied", "learned positions"})
        QTest::newRow(kind) << kind;
}

// A layer's output is W·x, so the mean of y·yᵀ is W·G·Wᵀ: for the two layers whose outputs the hooks show,
// and only right when everything before them was computed as the model does.
void TestMergeStatistics::gramsByTheLayersOutputs() {
    QFETCH(QString, kind);
    CausalLM model(shapeOf(kind), 7);
    const auto examples = someExamples(40);  // more than one batch
    const WeightStatistics grams = gramMatrices(model, examples);
    std::map<std::string, Tensor> seen;
    model.setHook([&](const std::string& name, const Tensor& value) { seen[name] = value; });
    {
        const torch::NoGradGuard noGradient;
        model.hidden(packSequences(examples));
    }
    model.setHook({});
    std::map<std::string, Tensor> weights;
    for (const auto& [name, weight] : model.namedWeights()) weights[name] = weight;
    for (int layer = 0; layer < 2; ++layer)
        for (const auto& [part, output] : std::map<std::string, std::string>{
                 {"self_attn.o_proj", "attention"}, {"mlp.down_proj", "mlp"}}) {
            const std::string at = "layers." + std::to_string(layer) + ".",
                              name = "model." + at + part + ".weight";
            const Tensor y = seen.at(at + output), w = weights.at(name);
            QVERIFY2(distance(w.matmul(named(grams, name)).matmul(w.t()),
                              y.t().matmul(y) / double(y.size(0))) < 1e-4,
                     name.c_str());
        }
    QVERIFY(model.score(packSequences(examples)).logprobs.requires_grad());  // the hook is off again
}

void TestMergeStatistics::gramsOfFirstAndLast() {
    CausalLM model(smallShape(), 7);
    const auto examples = someExamples(6);
    const WeightStatistics grams = gramMatrices(model, examples);
    const torch::NoGradGuard noGradient;
    const auto batch = packSequences(examples);
    const Tensor last = model.hidden(batch);
    QVERIFY(distance(named(grams, "lm_head.weight"), last.t().matmul(last) / double(last.size(0))) < 1e-4);
    const Tensor x = model.namedWeights()[0].second.index_select(0, batch.ids);
    const Tensor normed =
        x * torch::rsqrt(x.square().mean(-1, true) + model.shape().rmsNormEps);  // its weight is 1
    QVERIFY(distance(named(grams, "model.layers.0.self_attn.k_proj.weight"),
                     normed.t().matmul(normed) / double(x.size(0))) < 1e-4);
}

void TestMergeStatistics::whichWeightsHaveThem() {
    CausalLM model(smallShape(), 7);
    const WeightStatistics grams = gramMatrices(model, someExamples(3));
    std::set<std::string> names;
    for (const auto& [name, tensor] : grams.tensors) {
        names.insert(name);
        QCOMPARE(tensor.size(0), tensor.size(1));
    }
    for (const auto& [name, weight] : model.namedWeights()) {
        const bool isLinear = weight.dim() == 2 && name != "model.embed_tokens.weight";
        QCOMPARE(names.count(name) == 1, isLinear);
        if (isLinear) QCOMPARE(named(grams, name).size(0), weight.size(1));
    }
    CausalLM tied(shapeOf("tied"), 7);
    for (const auto& [name, tensor] : gramMatrices(tied, someExamples(3)).tensors)
        QVERIFY(name != "lm_head.weight");
}

void TestMergeStatistics::files() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString() + "/fisher.safetensors";
    CausalLM model(shapeOf("GPT-2"), 5);
    const WeightStatistics fisher = diagonalFisher(model, someExamples(3));
    fisher.save(path);
    const SafetensorsFile file(path);
    QCOMPARE(file.metadata().at("statistics"), std::string("fisher"));
    QCOMPARE(file.metadata().at("examples"), std::string("3"));
    QCOMPARE(file.tensors().size(), fisher.tensors.size());
    for (const auto& [name, tensor] : fisher.tensors) {
        QCOMPARE(file.at(name).shape, tensor.sizes().vec());
        const std::vector<float> values = file.readFloats(file.at(name));
        QVERIFY(torch::tensor(values).equal(tensor.flatten()));
    }
}

void TestMergeStatistics::stopsAndProgress() {
    CausalLM model(smallShape(), 5);
    std::stop_source stop;
    std::int64_t last = 0;
    const auto watch = [&](std::int64_t done) {
        last = done;
        if (done >= 2) stop.request_stop();
    };
    const WeightStatistics fisher = diagonalFisher(model, someExamples(10), {}, watch, stop.get_token());
    QCOMPARE(last, std::int64_t(2));
    QVERIFY(fisher.tensors[0].second.equal(diagonalFisher(model, someExamples(2)).tensors[0].second));
    stop = {};
    const WeightStatistics grams = gramMatrices(model, someExamples(50), watch, stop.get_token());
    QCOMPARE(grams.examples, std::int64_t(32));
}

void TestMergeStatistics::badInput() {
    CausalLM model(smallShape(), 5), gpt(shapeOf("GPT-2"), 5);
    QVERIFY(!errorOf([&] { diagonalFisher(model, {}); }).empty());
    QVERIFY(!errorOf([&] { gramMatrices(model, {}); }).empty());
    QVERIFY(errorOf([&] { gramMatrices(gpt, someExamples(2)); }).find("GPT-2") != std::string::npos);
    const WeightStatistics fisher = diagonalFisher(model, someExamples(1));
    QVERIFY(!errorOf([&] { fisher.save("/nowhere/at/all.safetensors"); }).empty());
}

QTEST_GUILESS_MAIN(TestMergeStatistics)
#include "tst_merge_statistics.moc"
