// LoRA adapters: PEFT's files give PEFT's logits and merged weights (tests/peers/peft_lora.py), training
// touches the adapter alone, merged and unmerged forward passes agree.
#include <ATen/Parallel.h>

#include <fstream>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "tests/training/model/families.h"
#include "training/engine/adamw.h"
#include "training/model/lora.h"
#include "training/model/reference_forward.h"

using namespace retort;
using namespace retort::test;
using torch::Tensor;

namespace {

struct Kind {
    const char *name, *base;
};
constexpr Kind kinds[] = {
    {"llama", "llama"}, {"qwen2-rslora", "qwen2"}, {"gpt2", "gpt2"}, {"one-layer", "qwen3"}};

std::filesystem::path adapterFolder(const QString& kind) {
    return std::filesystem::path(RETORT_GOLDEN) / "lora" / kind.toStdString();
}

void addKinds() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("base");
    for (const Kind& kind : kinds) QTest::newRow(kind.name) << QString(kind.name) << QString(kind.base);
}

LoraSettings settingsOf(std::int64_t rank, double dropout = 0) {
    LoraSettings settings;
    settings.r = rank;
    settings.dropout = dropout;
    return settings;
}

/// A golden model with a new adapter whose B is not zero any more.
std::shared_ptr<CausalLM> adapted(const QString& base, const LoraSettings& settings) {
    auto model = CausalLM::load(goldenFolder(base));
    auto adapter = std::make_shared<LoraAdapter>(WeightLayout(model->shape()), settings, 3);
    const torch::NoGradGuard noGradient;
    for (const WeightSlice& slice : adapter->slices())
        if (slice.name.find("lora_B") != std::string::npos)
            adapter->flat()
                .slice(0, slice.offset, slice.offset + slice.size)
                .copy_(torch::linspace(-0.2, 0.25, slice.size));
    model->setAdapter(adapter);
    return model;
}

void copyAdapter(const QString& kind, const std::filesystem::path& to) {
    for (const char* file : {"adapter_config.json", "adapter_model.safetensors"})
        std::filesystem::copy(adapterFolder(kind) / file, to / file);
}

}  // namespace

class TestLora : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { at::set_num_threads(2); }

    void peftAdapters_data() { addKinds(); }
    void peftAdapters() {
        QFETCH(QString, kind);
        QFETCH(QString, base);
        auto model = CausalLM::load(goldenFolder(base));
        model->setAdapter(LoraAdapter::load(adapterFolder(kind), WeightLayout(model->shape())));
        const SafetensorsFile expected(adapterFolder(kind) / "expected.safetensors");
        const PackedBatch batch = batchOf(floats(expected, "input_ids").to(torch::kInt64));
        const Tensor logits = floats(expected, "logits");
        const torch::NoGradGuard noGradient;
        for (bool reference : {false, true}) {
            model->setReference(reference);
            const double apart = distance(model->logits(batch), logits.view({-1, logits.size(-1)}));
            QVERIFY2(apart < 1e-4, qPrintable(QString::number(apart)));
        }
        model->mergeAdapter();
        QVERIFY(!model->adapter());
        QVERIFY(model->flatParameters().requires_grad());
        int compared = 0;
        for (const WeightSlice& slice : model->slices()) {
            const TensorInfo* info = expected.find("merged." + slice.name);
            if (!info) continue;
            Tensor value = floats(expected, info->name.c_str());
            if (slice.transposedInFile) value = value.t();
            const Tensor ours =
                model->flatParameters().detach().slice(0, slice.offset, slice.offset + slice.size);
            QVERIFY2(distance(ours.view(slice.shape), value) < 1e-6, slice.name.c_str());
            ++compared;
        }
        QVERIFY(compared > 4);
    }

    /// The branch beside the projections is another computation than weights with the adapter in them.
    void mergedAndUnmergedAgree_data() { addKinds(); }
    void mergedAndUnmergedAgree() {
        QFETCH(QString, base);
        auto model = adapted(base, settingsOf(3));
        const WeightLayout layout(model->shape());
        const PackedBatch batch = randomBatch({11, 4}, model->shape().vocabSize);
        const CausalLM::Hook noHook;
        Tensor logits[3], gradients[3];
        for (int way : {0, 1, 2}) {  // merged, branch, branch recomputed in backward
            Tensor parameters = model->adapter()->flat();
            parameters.mutable_grad() = Tensor();
            if (way == 0) {
                logits[way] = model->logits(batch);
            } else {
                const ReferenceForward forward{model->shape(), layout,   Precision::Float32,
                                               noHook,         way == 2, model->adapter().get()};
                logits[way] =
                    forward.logits(model->flatParameters(), forward.hidden(model->flatParameters(), batch));
            }
            logits[way].cos().sum().backward();
            gradients[way] = parameters.grad().clone();
            QVERIFY(!model->flatParameters().grad().defined());
        }
        for (int way : {1, 2}) {
            QVERIFY(distance(logits[way], logits[0]) < 1e-4);
            QVERIFY(distance(gradients[way], gradients[0]) < 1e-4 * gradients[0].abs().max().item<double>());
        }
        QVERIFY(gradients[0].abs().max().item<double>() > 1e-3);
    }

    void aNewAdapterChangesNothing() {
        auto model = CausalLM::load(goldenFolder("llama"));
        const PackedBatch batch = randomBatch({9}, model->shape().vocabSize);
        const Tensor before = model->score(batch).logprobs.detach();
        model->setAdapter(std::make_shared<LoraAdapter>(WeightLayout(model->shape()), settingsOf(4), 1));
        QVERIFY(model->score(batch).logprobs.equal(before));
        QCOMPARE(model->trainableSlices().size(), std::size_t(2 * 7 * model->shape().layers));
    }

    void trainsTheAdapterAlone_data() {
        QTest::addColumn<double>("dropout");
        QTest::newRow("merged") << 0.0;
        QTest::newRow("dropout") << 0.1;
    }
    void trainsTheAdapterAlone() {
        QFETCH(double, dropout);
        auto model = CausalLM::load(goldenFolder("llama"));
        model->setAdapter(
            std::make_shared<LoraAdapter>(WeightLayout(model->shape()), settingsOf(8, dropout), 1));
        AdamW optimizer(model, {});
        const Tensor base = model->flatParameters().detach().clone();
        const PackedBatch batch = randomBatch({16, 16}, model->shape().vocabSize);
        double first = 0, last = 0;
        for (int step = 0; step < 60; ++step) {
            const Tensor loss = -model->score(batch).logprobs.mean();
            loss.backward();
            optimizer.step(2e-2, 1.0);
            optimizer.zeroGradients();
            last = loss.item<double>();
            if (step == 0) first = last;
        }
        QVERIFY2(last < 0.5 * first, qPrintable(QString("%1 → %2").arg(first).arg(last)));
        QVERIFY(model->flatParameters().equal(base));
        QVERIFY(!model->flatGradients().defined());
        for (const auto& [name, value] : optimizer.namedState())
            QVERIFY2(name.find("lora_") != std::string::npos, name.c_str());
        // What decoding sees is the trained model.
        QVERIFY(!model->effectiveParameters().equal(base));
    }

    void dropoutIsReproducible() {
        auto model = adapted("llama", settingsOf(4, 0.5));
        const PackedBatch batch = randomBatch({12}, model->shape().vocabSize);
        const auto score = [&] { return model->score(batch).logprobs.detach(); };
        model->adapter()->beginUpdate(7);
        const Tensor first = score(), second = score();
        QVERIFY(!first.equal(second));
        model->adapter()->beginUpdate(8);
        QVERIFY(!score().equal(first));
        model->adapter()->beginUpdate(7);
        QVERIFY(score().equal(first));
        QVERIFY(score().equal(second));
        // Without gradients there is no dropout, and no pass is counted.
        model->adapter()->beginUpdate(7);
        {
            const torch::NoGradGuard noGradient;
            const Tensor exact = score();
            QVERIFY(exact.equal(score()));
            QVERIFY(!exact.equal(first));
        }
        QVERIFY(score().equal(first));
        // The same masks when layers are computed again in backward.
        const auto gradient = [&] {
            model->adapter()->beginUpdate(3);
            model->adapter()->flat().mutable_grad() = Tensor();
            model->score(batch).logprobs.sum().backward();
            return model->adapter()->flat().grad().clone();
        };
        const Tensor plain = gradient();
        model->setCheckpointing(true);
        QVERIFY(distance(plain, gradient()) <= 1e-6 * plain.abs().max().item<double>());
    }

    void dropoutKeepsTheMean() {
        auto model = adapted("llama", settingsOf(2, 0.4));
        const Tensor x = torch::ones({1, model->shape().hiddenSize});
        const WeightLayout layout(model->shape());
        const std::int64_t rows = model->shape().heads * model->shape().headDim;
        const Tensor none = torch::zeros({1, rows});
        const auto branch = [&](std::uint64_t pass) {
            return model->adapter()->addBranch(model->adapter()->flat().detach(), x, none, layout.layers[0].o,
                                               rows, pass);
        };
        Tensor mean = torch::zeros_like(none);
        for (std::uint64_t pass = 0; pass < 3000; ++pass) mean += branch(pass) / 3000;
        auto whole = adapted("llama", settingsOf(2));
        const Tensor exact = whole->adapter()->addBranch(whole->adapter()->flat().detach(), x, none,
                                                         layout.layers[0].o, rows, 0);
        QVERIFY2(
            distance(mean, exact) < 0.1 * exact.abs().max().item<double>(),
            qPrintable(QString("%1 of %2").arg(distance(mean, exact)).arg(exact.abs().max().item<double>())));
    }

    void savedAndLoadedAgain_data() { addKinds(); }
    void savedAndLoadedAgain() {
        QFETCH(QString, kind);
        QFETCH(QString, base);
        const WeightLayout layout(CausalLM::load(goldenFolder(base))->shape());
        const auto adapter = LoraAdapter::load(adapterFolder(kind), layout);
        QTemporaryDir folder;
        adapter->save(pathOf(folder), "somewhere");
        const auto again = LoraAdapter::load(pathOf(folder), layout);
        QVERIFY(again->flat().equal(adapter->flat()));
        QCOMPARE(again->scale(), adapter->scale());
        QCOMPARE(again->settings().dropout, adapter->settings().dropout);
    }

    void scales() {
        const WeightLayout layout(CausalLM::load(goldenFolder("llama"))->shape());
        LoraSettings settings = settingsOf(9);
        settings.alpha = 6;
        QCOMPARE(LoraAdapter(layout, settings, 1).scale(), 6.0 / 9);
        settings.use_rslora = true;
        QCOMPARE(LoraAdapter(layout, settings, 1).scale(), 2.0);
    }

    void modulesThatAreNotThere_data() {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("module");
        QTest::newRow("unknown") << "llama"
                                 << "c_attn";
        QTest::newRow("part of a name") << "llama"
                                        << "proj";
        QTest::newRow("embedding") << "llama"
                                   << "embed_tokens";
        QTest::newRow("tied output layer") << "qwen2"
                                           << "lm_head";
        QTest::newRow("no weight matrix") << "llama"
                                          << "input_layernorm";
    }
    void modulesThatAreNotThere() {
        QFETCH(QString, base);
        QFETCH(QString, module);
        const WeightLayout layout(CausalLM::load(goldenFolder(base))->shape());
        LoraSettings settings = settingsOf(2);
        settings.target_modules = {"q_proj", module.toStdString()};
        if (module == "c_attn") settings.target_modules = {"c_attn"};
        QVERIFY_EXCEPTION_THROWN(LoraAdapter(layout, settings, 1), Error);
        settings = settingsOf(0);
        QVERIFY_EXCEPTION_THROWN(LoraAdapter(layout, settings, 1), Error);
    }

    void untiedOutputLayer() {
        LoraSettings settings = settingsOf(2);
        settings.target_modules = {"lm_head"};
        auto model = adapted("llama", settings);
        const PackedBatch batch = randomBatch({8}, model->shape().vocabSize);
        const torch::NoGradGuard noGradient;
        const Tensor merged = model->logits(batch);
        const CausalLM::Hook noHook;
        const WeightLayout layout(model->shape());
        const ReferenceForward forward{model->shape(), layout, Precision::Float32,
                                       noHook,         false,  model->adapter().get()};
        QVERIFY(
            distance(forward.logits(model->flatParameters(), forward.hidden(model->flatParameters(), batch)),
                     merged) < 1e-4);
        model->setAdapter(nullptr);
        QVERIFY(distance(model->logits(batch), merged) > 1e-3);
    }

    void damagedAdapters_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("no file") << ""
                                 << "";
        QTest::newRow("another rank") << "r"
                                      << "5";
        QTest::newRow("rank zero") << "r"
                                   << "0";
        QTest::newRow("huge rank") << "r"
                                   << "1e18";
        QTest::newRow("DoRA") << "use_dora"
                              << "true";
        QTest::newRow("ranks by module") << "rank_pattern"
                                         << R"({"q_proj": 8})";
        QTest::newRow("biases") << "bias"
                                << R"("all")";
        QTest::newRow("saved modules") << "modules_to_save"
                                       << R"(["lm_head"])";
        QTest::newRow("a variant to come") << "some_new_config"
                                           << R"({"x": 1})";
        QTest::newRow("another kind") << "peft_type"
                                      << R"("IA3")";
        QTest::newRow("no targets") << "target_modules"
                                    << "[]";
        QTest::newRow("fewer targets") << "target_modules"
                                       << R"(["q_proj"])";
        QTest::newRow("more targets") << "target_modules"
                                      << R"(["q_proj", "v_proj", "down_proj", "k_proj"])";
        QTest::newRow("regular expression") << "target_modules"
                                            << R"(".*_proj")";
        QTest::newRow("dropout of one") << "lora_dropout"
                                        << "1";
        QTest::newRow("text for a number") << "lora_alpha"
                                           << R"("8")";
    }
    void damagedAdapters() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        const WeightLayout layout(CausalLM::load(goldenFolder("llama"))->shape());
        QTemporaryDir folder;
        copyAdapter("llama", pathOf(folder));
        const auto config = pathOf(folder) / "adapter_config.json";
        if (key.isEmpty()) {
            std::filesystem::remove(pathOf(folder) / "adapter_model.safetensors");
        } else {
            Json json = Json::parse(readFile(config));
            json[key.toStdString()] = Json::parse(value.toStdString());
            writeFileAtomically(config, json.dump());
        }
        QVERIFY_EXCEPTION_THROWN(LoraAdapter::load(pathOf(folder), layout), Error);
        // Of another model.
        QTemporaryDir whole;
        copyAdapter("gpt2", pathOf(whole));
        QVERIFY_EXCEPTION_THROWN(LoraAdapter::load(pathOf(whole), layout), Error);
    }

    void savedModelHasTheAdapterInIt() {
        auto model = adapted("qwen3", settingsOf(2));
        const PackedBatch batch = randomBatch({10}, model->shape().vocabSize);
        QTemporaryDir folder;
        model->save(pathOf(folder));
        const torch::NoGradGuard noGradient;
        QVERIFY(CausalLM::load(pathOf(folder))->score(batch).logprobs.equal(model->score(batch).logprobs));
    }

    /// For peft_lora.py: RETORT_WRITE_ADAPTERS=FOLDER makes adapters with our logits and merged weights.
    void writesAdaptersForPeers() {
        const QByteArray target = qgetenv("RETORT_WRITE_ADAPTERS");
        if (target.isEmpty()) QSKIP("RETORT_WRITE_ADAPTERS is not set");
        for (const Kind& kind : kinds) {
            const auto folder = std::filesystem::path(target.toStdString()) / kind.name;
            std::filesystem::create_directories(folder);
            LoraSettings settings = settingsOf(3);
            settings.use_rslora = QString(kind.name) == "qwen2-rslora";
            auto model = adapted(kind.base, settings);
            model->adapter()->save(folder,
                                   (std::filesystem::path(RETORT_GOLDEN) / "models" / kind.base).string());
            const std::int64_t vocab = model->shape().vocabSize;
            const PackedBatch batch = randomBatch({20, 20}, vocab);
            const torch::NoGradGuard noGradient;
            const Tensor logits = model->logits(batch).contiguous(), flat = model->effectiveParameters();
            std::vector<Tensor> alive;
            std::vector<TensorData> tensors = {
                {"input_ids", Dtype::Int64, {2, 20}, batch.ids.data_ptr<std::int64_t>()},
                {"logits", Dtype::Float32, {2, 20, vocab}, logits.data_ptr<float>()}};
            for (const WeightSlice& slice : model->slices()) {
                Tensor value = flat.slice(0, slice.offset, slice.offset + slice.size).view(slice.shape);
                alive.push_back((slice.transposedInFile ? value.t() : value).contiguous());
                tensors.push_back({"merged." + slice.name, Dtype::Float32, slice.fileShape(),
                                   alive.back().data_ptr<float>()});
            }
            writeSafetensors(folder / "ours.safetensors", tensors);
        }
    }
};

QTEST_APPLESS_MAIN(TestLora)
#include "tst_lora.moc"
