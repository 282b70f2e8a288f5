// The decoder: fused kernels against plain ATen, gradients, determinism, checkpoints, and logits equal to
// those of Hugging Face's transformers (tests/peers/transformers_logits.py wrote them).
#include <ATen/Parallel.h>

#include <QtTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/engine/adamw.h"
#include "training/engine/measure.h"
#include "training/model/causal_lm.h"
#include "training/model/reference_forward.h"
#include "training/tensor.h"

using namespace retort;
using torch::Tensor;

namespace {

using Ids = std::vector<std::int32_t>;

ModelSettings settingsOf(const QString& kind) {
    ModelSettings s;
    s.hidden_size = 40;
    s.num_hidden_layers = 2;
    s.num_attention_heads = 4;
    s.num_key_value_heads = 4;
    s.intermediate_size = 52;
    s.max_position_embeddings = 128;
    s.initializer_range = 0.15;
    if (kind == "grouped" || kind == "everything") s.num_key_value_heads = 2;
    if (kind == "one kv head") s.num_key_value_heads = 1;
    if (kind == "bias" || kind == "everything") s.attention_bias = true;
    if (kind == "qk norm" || kind == "everything") s.qk_norm = true;
    if (kind == "wide heads" || kind == "everything") s.head_dim = 18;
    if (kind == "untied" || kind == "everything") s.tie_word_embeddings = false;
    if (kind == "learned" || kind == "none") s.position_embedding = kind.toStdString();
    if (kind == "odd sizes") {
        s.hidden_size = 33;
        s.num_attention_heads = s.num_key_value_heads = 3;
        s.head_dim = 6;
        s.intermediate_size = 29;
    }
    return s;
}

void addKinds() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"plain", "grouped", "one kv head", "bias", "qk norm", "wide heads", "untied",
                             "learned", "none", "odd sizes", "everything"})
        QTest::newRow(kind) << QString(kind);
}

std::shared_ptr<CausalLM> modelOf(const QString& kind, std::int64_t vocabulary = 37) {
    auto model = std::make_shared<CausalLM>(ModelShape::fromSettings(settingsOf(kind), vocabulary), 3);
    for (auto& [name, weight] : model->namedWeights())  // norms and biases away from their neutral start
        if (weight.dim() == 1) weight.add_(torch::linspace(-0.3, 0.3, weight.numel()));
    return model;
}

/// Sequences of unlike lengths, one longer than a block of queries; every third position without a target.
PackedBatch sampleBatch(std::int64_t vocabulary = 37, const std::vector<int>& lengths = {5, 1, 70, 23}) {
    Random random(8);
    std::vector<Ids> ids(lengths.size()), targets(lengths.size());
    for (std::size_t s = 0; s < lengths.size(); ++s)
        for (int i = 0; i < lengths[s]; ++i) {
            ids[s].push_back(std::int32_t(random.integer(0, vocabulary - 1)));
            targets[s].push_back(i % 3 == 2 ? -100 : std::int32_t(random.integer(0, vocabulary - 1)));
        }
    return PackedBatch::pack(ids, targets);
}

double distance(const Tensor& a, const Tensor& b) {
    return (a - b).abs().max().item<double>();
}

struct Step {
    TokenScores scores;
    Tensor gradient;
};

Step scoreAndBackward(CausalLM& model, const PackedBatch& batch, bool reference) {
    model.setReference(reference);
    model.flatParameters().mutable_grad() = Tensor();
    Step step{model.score(batch, 0.8), {}};
    const Tensor weights = torch::linspace(-1, 2, step.scores.logprobs.numel());
    (step.scores.logprobs * weights).sum().backward();
    step.gradient = model.flatGradients().clone();
    return step;
}

std::filesystem::path folderOf(const QTemporaryDir& folder) {
    return folder.path().toStdString();
}

/// A small file's tensor as [values].
Tensor floats(const SafetensorsFile& file, const char* name) {
    const auto values = file.readFloats(file.at(name));
    return torch::tensor(values).view(file.at(name).shape);
}

}  // namespace

class TestModel : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { at::set_num_threads(2); }

    // An entropy bonus beside the policy loss, and alone.
    void entropiesCarryGradients() {
        auto model = modelOf("plain");
        const PackedBatch batch = sampleBatch();
        for (const double share : {0.0, 0.7}) {
            Tensor gradients[2];
            for (bool reference : {false, true}) {
                model->setReference(reference);
                model->flatParameters().mutable_grad() = Tensor();
                const TokenScores scores = model->score(batch, 0.8, true);
                const Tensor weights = torch::linspace(-1, 2, scores.entropies.numel());
                Tensor loss = (scores.entropies * weights).sum();
                if (share > 0) loss = loss + share * scores.logprobs.sum();
                loss.backward();
                gradients[reference] = model->flatGradients().clone();
            }
            const double scale = gradients[1].abs().max().item<double>();
            QVERIFY(scale > 0.01);
            QVERIFY(distance(gradients[0], gradients[1]) <= 1e-4 * scale);
        }
        model->setReference(false);
        QVERIFY(!model->score(batch).entropies.requires_grad());
    }

    void fusedAgreesWithPlainAten_data() { addKinds(); }
    void fusedAgreesWithPlainAten() {
        QFETCH(QString, kind);
        auto model = modelOf(kind);
        const PackedBatch batch = sampleBatch();
        const Step fused = scoreAndBackward(*model, batch, false),
                   plain = scoreAndBackward(*model, batch, true);
        QVERIFY(distance(fused.scores.logprobs, plain.scores.logprobs) < 2e-5);
        QVERIFY(distance(fused.scores.entropies, plain.scores.entropies) < 2e-5);
        QVERIFY(fused.scores.hits.equal(plain.scores.hits));
        QVERIFY(distance(fused.scores.maxLogits, plain.scores.maxLogits) < 2e-5);
        QVERIFY(distance(fused.scores.meanLogits, plain.scores.meanLogits) < 2e-5);
        const Tensor rows = batch.targets.ne(-100).nonzero().squeeze(1);
        const Tensor means = model->logits(batch).detach().index_select(0, rows).mean(-1);
        QVERIFY(distance(fused.scores.meanLogits, means) < 2e-5);
        for (const WeightSlice& slice : model->slices()) {
            const Tensor expected = plain.gradient.slice(0, slice.offset, slice.offset + slice.size);
            const Tensor got = fused.gradient.slice(0, slice.offset, slice.offset + slice.size);
            const double scale = expected.abs().max().item<double>();
            QVERIFY2(
                distance(got, expected) <= 1e-4 * scale + 1e-5,
                qPrintable(
                    QString("%1: %2 of %3").arg(slice.name.c_str()).arg(distance(got, expected)).arg(scale)));
        }
        // hidden() and logits(), and the gradient through them
        Tensor results[2], gradients[2];
        for (bool reference : {false, true}) {
            model->setReference(reference);
            model->flatParameters().mutable_grad() = Tensor();
            results[reference] = model->logits(batch);
            results[reference].cos().sum().backward();
            gradients[reference] = model->flatGradients().clone();
        }
        QVERIFY(distance(results[0], results[1]) < 5e-5);
        QVERIFY(distance(gradients[0], gradients[1]) < 2e-4 * gradients[1].abs().max().item<double>());
    }

    /// The reference itself, in double precision, against finite differences.
    void referenceGradient_data() { addKinds(); }
    void referenceGradient() {
        QFETCH(QString, kind);
        auto model = modelOf(kind);
        const WeightLayout layout(model->shape());
        const CausalLM::Hook noHook;
        const ReferenceForward reference{model->shape(), layout, Precision::Float32, noHook};
        const PackedBatch batch = sampleBatch(37, {7, 4});
        const Tensor rows = batch.targets.ne(-100).nonzero().squeeze(1);
        const auto loss = [&](const Tensor& flat) {
            const Tensor logits = reference.logits(flat, reference.hidden(flat, batch).index_select(0, rows));
            return scoreLogits(logits, batch.targets.index_select(0, rows), 0.9).logprobs.mean();
        };
        Tensor flat = model->flatParameters().detach().to(torch::kFloat64).set_requires_grad(true);
        loss(flat).backward();
        const torch::NoGradGuard noGradient;
        Random random(4);
        for (const WeightSlice& slice : layout.slices) {
            const std::int64_t at = slice.offset + random.integer(0, slice.size - 1);
            const double step = 1e-5, value = flat[at].item<double>();
            flat[at] = value + step;
            const double above = loss(flat).item<double>();
            flat[at] = value - step;
            const double below = loss(flat).item<double>();
            flat[at] = value;
            const double expected = (above - below) / (2 * step), got = flat.grad()[at].item<double>();
            QVERIFY2(std::abs(got - expected) < 1e-7 + 1e-5 * std::abs(expected), slice.name.c_str());
        }
    }

    void sameNumbersWhateverTheThreads() {
        auto model = modelOf("everything");
        const PackedBatch batch = sampleBatch(37, {300, 64, 64, 1, 90, 500, 33});
        const Step first = scoreAndBackward(*model, batch, false),
                   again = scoreAndBackward(*model, batch, false);
        at::set_num_threads(1);
        const Step single = scoreAndBackward(*model, batch, false);
        for (const Step* other : {&again, &single}) {
            QVERIFY(first.scores.logprobs.equal(other->scores.logprobs));
            QVERIFY(first.scores.entropies.equal(other->scores.entropies));
            QVERIFY(first.gradient.equal(other->gradient));
        }
    }

    void scoringInBetweenDisturbsNothing() {
        auto model = modelOf("plain");
        const PackedBatch batch = sampleBatch();
        const Step expected = scoreAndBackward(*model, batch, false);
        model->flatParameters().mutable_grad() = Tensor();
        const TokenScores kept = model->score(batch, 0.8);
        {
            const torch::NoGradGuard noGradient;
            model->score(sampleBatch(37, {90, 90}));
        }
        const TokenScores other = model->score(sampleBatch(37, {12}), 1.0);
        (kept.logprobs * torch::linspace(-1, 2, kept.logprobs.numel())).sum().backward();
        QVERIFY(model->flatGradients().equal(expected.gradient));
        other.logprobs.sum().backward();  // adds
        QVERIFY(!model->flatGradients().equal(expected.gradient));
    }

    void trainingLearns() {
        ModelSettings settings = settingsOf("plain");
        settings.initializer_range = 0.05;
        auto model = std::make_shared<CausalLM>(ModelShape::fromSettings(settings, 12), 1);
        AdamW optimizer(model, {});
        std::vector<Ids> ids, targets;  // the next token is the sum of the last two, modulo 12
        Random random(2);
        for (int s = 0; s < 16; ++s) {
            Ids row = {std::int32_t(random.integer(0, 11)), std::int32_t(random.integer(0, 11))};
            while (row.size() < 21) row.push_back((row[row.size() - 1] + row[row.size() - 2]) % 12);
            targets.emplace_back(row.begin() + 1, row.end());
            targets.back()[0] = -100;
            row.pop_back();
            ids.push_back(row);
        }
        const PackedBatch batch = PackedBatch::pack(ids, targets);
        double loss = 0, first = 0;
        for (int step = 0; step < 150; ++step) {
            const Tensor value = -model->score(batch).logprobs.mean();
            value.backward();
            optimizer.step(5e-3, 1.0);
            optimizer.zeroGradients();
            loss = value.item<double>();
            if (step == 0) first = loss;
        }
        QVERIFY2(std::abs(first - std::log(12.0)) < 0.5, qPrintable(QString::number(first)));
        QVERIFY2(loss < 0.1, qPrintable(QString::number(loss)));
    }

    void bf16IsCloseToFp32() {
        auto model = modelOf("everything");
        const PackedBatch batch = sampleBatch(37, {9, 14});
        const Step exact = scoreAndBackward(*model, batch, false);
        model->setPrecision(Precision::BFloat16);
        const Step rounded = scoreAndBackward(*model, batch, false);
        QVERIFY(distance(exact.scores.logprobs, rounded.scores.logprobs) > 0);
        QVERIFY(distance(exact.scores.logprobs, rounded.scores.logprobs) < 0.1);
        QVERIFY(torch::cosine_similarity(exact.gradient, rounded.gradient, 0).item<double>() > 0.99);
        QCOMPARE(rounded.gradient.scalar_type(), torch::kFloat32);
    }

    void hooksSeeActivationsAndGradients() {
        auto model = modelOf("grouped");
        const PackedBatch batch = sampleBatch();
        const Step silent = scoreAndBackward(*model, batch, false);
        std::set<std::string> names;
        model->setHook([&](const std::string& name, const Tensor& value) {
            QCOMPARE(value.size(0), batch.ids.numel());
            QCOMPARE(value.size(1), std::int64_t(40));
            names.insert(name);
        });
        const Step hooked = scoreAndBackward(*model, batch, false);
        QCOMPARE(names.size(), std::size_t(2 * (3 * 2 + 1)));
        for (const char* name :
             {"layers.0.input", "layers.1.attention", "grad/layers.1.mlp", "final", "grad/final"})
            QVERIFY2(names.count(name), name);
        QVERIFY(distance(silent.scores.logprobs, hooked.scores.logprobs) < 2e-5);
        names.clear();
        model->setHook({});
        scoreAndBackward(*model, batch, false);
        QVERIFY(names.empty());
    }

    void equalSeedsEqualWeights() {
        const ModelShape shape = ModelShape::fromSettings(settingsOf("plain"), 37);
        const CausalLM a(shape, 7), b(shape, 7), c(shape, 8);
        QVERIFY(a.flatParameters().equal(b.flatParameters()));
        QVERIFY(!a.flatParameters().equal(c.flatParameters()));
        for (const auto& [name, weight] : a.namedWeights())
            if (weight.dim() > 1) {
                const bool residual =
                    name.find("o_proj") != std::string::npos || name.find("down_proj") != std::string::npos;
                const double expected = 0.15 / (residual ? 2.0 : 1.0);
                QVERIFY2(std::abs(weight.std().item<double>() / expected - 1) < 0.1, name.c_str());
            }
    }

    void parameterCount() {
        ModelSettings settings;
        settings.attention_bias = true;
        settings.tie_word_embeddings = false;
        const ModelShape shape = ModelShape::fromSettings(settings, 64);
        // embedding + head + final norm + 4 × (norms, qkv with bias, o, gate/up/down)
        QCOMPARE(shape.parameterCount(),
                 2 * 64 * 128 + 128 + 4 * (2 * 128 + 3 * (128 * 128 + 128) + 128 * 128 + 3 * 128 * 352));
    }

    void impossibleShapes_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("value");
        QTest::newRow("heads do not divide") << "num_attention_heads" << 3;
        QTest::newRow("kv heads do not divide") << "num_key_value_heads" << 3;
        QTest::newRow("no width") << "hidden_size" << 0;
        QTest::newRow("negative layers") << "num_hidden_layers" << -1;
        QTest::newRow("odd head") << "head_dim" << 5;
        QTest::newRow("no inner width") << "intermediate_size" << 0;
    }
    void impossibleShapes() {
        QFETCH(QString, key);
        QFETCH(int, value);
        ModelSettings s;
        (key == "num_attention_heads"   ? s.num_attention_heads
         : key == "num_key_value_heads" ? s.num_key_value_heads
         : key == "hidden_size"         ? s.hidden_size
         : key == "num_hidden_layers"   ? s.num_hidden_layers
         : key == "head_dim"            ? s.head_dim
                                        : s.intermediate_size) = value;
        QVERIFY_EXCEPTION_THROWN(ModelShape::fromSettings(s, 64), Error);
    }

    void badBatches() {
        QVERIFY_EXCEPTION_THROWN(PackedBatch::pack({{1, 2}}, {{1}}), Error);
        QVERIFY_EXCEPTION_THROWN(PackedBatch::pack({{1, 2}}, {{1, 2}, {3}}), Error);
        auto model = modelOf("plain");
        QVERIFY_EXCEPTION_THROWN(model->score(PackedBatch::pack({{1, 37}}, {{2, 2}})), Error);
        QVERIFY_EXCEPTION_THROWN(model->score(PackedBatch::pack({{1, -1}}, {{2, 2}})), Error);
        QVERIFY_EXCEPTION_THROWN(model->score(PackedBatch::pack({{1, 2}}, {{37, 2}})), Error);
        QCOMPARE(model->score(PackedBatch::pack({{1, 2}}, {{-100, -100}})).logprobs.numel(), std::int64_t(0));
    }

    void checkpointsRoundTrip_data() { addKinds(); }
    void checkpointsRoundTrip() {
        QFETCH(QString, kind);
        QTemporaryDir folder;
        auto model = modelOf(kind);
        model->save(folderOf(folder));
        auto loaded = CausalLM::load(folderOf(folder));
        QVERIFY(loaded->shape() == model->shape());
        const torch::NoGradGuard noGradient;
        QVERIFY(loaded->score(sampleBatch()).logprobs.equal(model->score(sampleBatch()).logprobs));
        const SafetensorsFile file(folderOf(folder) / "model.safetensors");
        QCOMPARE(file.tensors().size(), model->slices().size());
        QCOMPARE(file.find("lm_head.weight") != nullptr, !model->shape().tieWordEmbeddings);
    }

    void damagedCheckpoints_data() {
        QTest::addColumn<QString>("damage");
        for (const char* damage : {"no folder", "no config", "no weights", "truncated", "other shape",
                                   "more layers", "fewer layers"})
            QTest::newRow(damage) << QString(damage);
    }
    void damagedCheckpoints() {
        QFETCH(QString, damage);
        QTemporaryDir temporary;
        const auto folder = folderOf(temporary);
        modelOf("plain")->save(folder);
        if (damage == "no config") std::filesystem::remove(folder / "config.json");
        if (damage == "no weights") std::filesystem::remove(folder / "model.safetensors");
        if (damage == "truncated") std::filesystem::resize_file(folder / "model.safetensors", 5000);
        QTemporaryDir otherTemporary;
        ModelSettings other = settingsOf("plain");
        if (damage == "other shape") other.intermediate_size = 56;
        if (damage == "more layers") other.num_hidden_layers = 3;
        if (damage == "fewer layers") other.num_hidden_layers = 1;
        if (damage.contains("layers") || damage == "other shape") {
            CausalLM(ModelShape::fromSettings(other, 37), 1).save(folderOf(otherTemporary));
            std::filesystem::copy(folderOf(otherTemporary) / "config.json", folder / "config.json",
                                  std::filesystem::copy_options::overwrite_existing);
        }
        QVERIFY_EXCEPTION_THROWN(CausalLM::load(damage == "no folder" ? folder / "missing" : folder), Error);
    }

    /// Checkpoints that transformers wrote, and the logits that it computes from them.
    void sameLogitsAsTransformers_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"llama", "qwen2", "qwen3"}) QTest::newRow(kind) << QString(kind);
    }
    void sameLogitsAsTransformers() {
        QFETCH(QString, kind);
        const auto folder = std::filesystem::path(RETORT_GOLDEN) / kind.toStdString();
        auto model = CausalLM::load(folder);
        const SafetensorsFile expected(folder / "expected.safetensors");
        const Tensor ids = floats(expected, "input_ids").to(torch::kInt64),
                     logits = floats(expected, "logits");
        std::vector<Ids> rows;
        for (std::int64_t r = 0; r < ids.size(0); ++r)
            for (std::int64_t i = (rows.emplace_back(), 0); i < ids.size(1); ++i)
                rows.back().push_back(ids[r][i].item<std::int32_t>());
        const PackedBatch batch = PackedBatch::pack(rows, rows);
        const torch::NoGradGuard noGradient;
        for (bool reference : {false, true}) {
            model->setReference(reference);
            QVERIFY(distance(model->logits(batch), logits.view({-1, logits.size(-1)})) < 1e-4);
        }
    }

    void measuredRatesArePlausible() {
        QVERIFY(measureGemm(Precision::Float32) > 0.1);
        QVERIFY(measureGemm(Precision::BFloat16) > 0);
    }

    /// For transformers_logits.py: RETORT_WRITE_CHECKPOINTS=FOLDER makes checkpoints with ids and our logits.
    void writesCheckpointsForPeers() {
        const QByteArray target = qgetenv("RETORT_WRITE_CHECKPOINTS");
        if (target.isEmpty()) QSKIP("RETORT_WRITE_CHECKPOINTS is not set");
        for (const auto& [name, kind] : {std::pair{"llama", "grouped"},
                                         {"llama-wide", "wide heads"},
                                         {"qwen2", "bias"},
                                         {"qwen3", "qk norm"},
                                         {"llama-untied", "untied"}}) {
            const auto folder = std::filesystem::path(target.toStdString()) / name;
            std::filesystem::create_directories(folder);
            auto model = modelOf(kind);
            model->save(folder);
            const PackedBatch batch = sampleBatch(37, {48, 48});
            const torch::NoGradGuard noGradient;
            const Tensor logits = model->logits(batch).contiguous();
            writeSafetensors(folder / "ours.safetensors",
                             {{"input_ids", Dtype::Int64, {2, 48}, batch.ids.data_ptr<std::int64_t>()},
                              {"logits", Dtype::Float32, {2, 48, 37}, logits.data_ptr<float>()}});
        }
    }
};

QTEST_APPLESS_MAIN(TestModel)
#include "tst_model.moc"
