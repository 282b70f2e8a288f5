// Model families: checkpoints that Hugging Face's transformers wrote (tests/peers/transformers_logits.py)
// give its logits, in training's forward pass and in the decoder, and come back from saving as they were.
#include <ATen/Parallel.h>

#include <fstream>

#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/training/model/families.h"
#include "training/engine/decode_session.h"
#include "training/model/checkpoint_reader.h"
#include "training/model/reference_forward.h"

using namespace retort;
using namespace retort::test;
using torch::Tensor;

namespace {

/// A value of /proc/self/status in bytes.
double statusBytes(const std::string& key) {
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) * 1024;
    return 0;
}

void resetPeakMemory() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

/// The decoder's logits of a whole sequence, its prompt in one step and the rest token by token.
Tensor decodedLogits(const DecodeWeights& weights, const Ids& ids, std::size_t prompt) {
    const long vocab = weights.shape().vocabSize;
    DecodeSession session(weights, 1, long(ids.size()));
    Tensor result = torch::empty({std::int64_t(ids.size()), vocab});
    std::vector<DecodeRow> rows;
    for (std::size_t i = 0; i < prompt; ++i) rows.push_back({0, long(i), ids[i]});
    const float* logits = session.step(rows);
    std::copy_n(logits, long(prompt) * vocab, result.data_ptr<float>());
    for (std::size_t i = prompt; i < ids.size(); ++i)
        std::copy_n(session.step({{0, long(i), ids[i]}}), vocab, result[std::int64_t(i)].data_ptr<float>());
    return result;
}

Ids rowOf(const Tensor& ids, std::int64_t row) {
    Ids result;
    for (std::int64_t i = 0; i < ids.size(1); ++i) result.push_back(ids[row][i].item<std::int32_t>());
    return result;
}

ModelShape gpt2Shape() {
    ModelShape shape;
    shape.block = DecoderBlock::Gpt2;
    shape.positionEmbedding = "learned";
    shape.vocabSize = 31;
    shape.hiddenSize = 20;
    shape.layers = 2;
    shape.heads = shape.kvHeads = 4;
    shape.headDim = 5;
    shape.intermediateSize = 28;
    shape.maxPositions = 40;
    shape.initializerRange = 0.2;
    return shape;
}

}  // namespace

class TestFamilies : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { at::set_num_threads(2); }

    void sameLogitsAsTransformers_data() { addGoldenKinds(); }
    void sameLogitsAsTransformers() {
        QFETCH(QString, kind);
        auto model = CausalLM::load(goldenFolder(kind));
        const SafetensorsFile expected(goldenFolder(kind) / "expected.safetensors");
        const Tensor ids = floats(expected, "input_ids").to(torch::kInt64),
                     logits = floats(expected, "logits");
        const PackedBatch batch = batchOf(ids);
        const torch::NoGradGuard noGradient;
        for (bool reference : {false, true}) {
            model->setReference(reference);
            const double apart = distance(model->logits(batch), logits.view({-1, logits.size(-1)}));
            QVERIFY2(apart < 1e-4, qPrintable(QString::number(apart)));
        }
    }

    void decoderGivesTheSameLogits_data() { addGoldenKinds(); }
    void decoderGivesTheSameLogits() {
        QFETCH(QString, kind);
        auto model = CausalLM::load(goldenFolder(kind));
        const SafetensorsFile expected(goldenFolder(kind) / "expected.safetensors");
        const Tensor ids = floats(expected, "input_ids").to(torch::kInt64),
                     logits = floats(expected, "logits");
        DecodeWeights weights(model->shape());
        weights.refresh(model->flatParameters().data_ptr<float>());
        weights.prepareRotary(ids.size(1));
        // Dynamic NTK rotates each key once, as it comes: the same only inside of the trained length.
        const std::int64_t comparable =
            model->shape().ropeScaling.type == RopeType::Dynamic ? model->shape().maxPositions : ids.size(1);
        const Ids row = rowOf(ids.slice(1, 0, comparable), 1);
        const torch::NoGradGuard noGradient;
        const Tensor whole = model->logits(PackedBatch::pack({row}, {row}));
        const double apart = distance(decodedLogits(weights, row, 9), whole);
        QVERIFY2(apart < 1e-4, qPrintable(QString::number(apart)));
        if (comparable == ids.size(1)) QVERIFY(distance(whole, logits[1]) < 1e-4);
    }

    void bf16DecodingIsCloseAndSmall_data() { addGoldenKinds(); }
    void bf16DecodingIsCloseAndSmall() {
        QFETCH(QString, kind);
        auto model = CausalLM::load(goldenFolder(kind));
        DecodeWeights full(model->shape()), half(model->shape(), DecodePrecision::BFloat16);
        for (DecodeWeights* weights : {&full, &half}) {
            weights->refresh(model->flatParameters().data_ptr<float>());
            weights->prepareRotary(16);
        }
        const Ids ids = randomIds({15}, model->shape().vocabSize).front();
        const Tensor exact = decodedLogits(full, ids, 4).log_softmax(-1),
                     rounded = decodedLogits(half, ids, 4).log_softmax(-1);
        const double apart = distance(exact, rounded), spread = exact.abs().max().item<double>();
        QVERIFY2(apart < 0.02 * spread, qPrintable(QString("%1 of %2").arg(apart).arg(spread)));
        if (kind != "qwen3-bf16") QVERIFY(apart > 0);  // those weights are bfloat16 already
        if (kind == "qwen3-bf16") QVERIFY(apart < 1e-4);
    }

    /// A checkpoint goes into the decoder without a model in between.
    void decodesStraightFromACheckpoint_data() { addGoldenKinds(); }
    void decodesStraightFromACheckpoint() {
        QFETCH(QString, kind);
        auto model = CausalLM::load(goldenFolder(kind));
        const CheckpointReader reader(goldenFolder(kind));
        DecodeWeights direct(reader.shape()), copied(reader.shape());
        std::vector<float> part;
        direct.refresh([&](std::int64_t offset, std::int64_t count) {
            part.resize(std::size_t(count));
            reader.read(offset, count, part.data());
            return part.data();
        });
        copied.refresh(model->flatParameters().data_ptr<float>());
        const Ids ids = randomIds({12}, reader.shape().vocabSize).front();
        for (DecodeWeights* weights : {&direct, &copied}) weights->prepareRotary(12);
        QVERIFY(decodedLogits(direct, ids, 5).equal(decodedLogits(copied, ids, 5)));
    }

    void savedAndLoadedAgain_data() { addGoldenKinds(); }
    void savedAndLoadedAgain() {
        QFETCH(QString, kind);
        auto model = CausalLM::load(goldenFolder(kind));
        for (Dtype dtype : {Dtype::Float32, Dtype::BFloat16, Dtype::Float16}) {
            QTemporaryDir folder;
            model->save(pathOf(folder), dtype);
            auto again = CausalLM::load(pathOf(folder));
            QVERIFY(again->shape() == model->shape());
            QVERIFY(again->eosIds() == model->eosIds());
            const torch::ScalarType stored = dtype == Dtype::BFloat16  ? torch::kBFloat16
                                             : dtype == Dtype::Float16 ? torch::kFloat16
                                                                       : torch::kFloat32;
            QVERIFY(again->flatParameters().equal(
                model->flatParameters().detach().to(stored).to(torch::kFloat32)));
            QCOMPARE(readHfConfig(pathOf(folder)).modelType(), readHfConfig(goldenFolder(kind)).modelType());
        }
    }

    /// Names without their first word, and the buffers that old versions wrote.
    void baseModelNames() {
        QTemporaryDir folder;
        const auto golden = goldenFolder("gpt2");
        std::filesystem::copy(golden / "config.json", pathOf(folder) / "config.json");
        const SafetensorsFile file(golden / "model.safetensors");
        std::vector<std::vector<float>> values;
        std::vector<TensorData> tensors;
        for (const TensorInfo& tensor : file.tensors()) {
            values.push_back(file.readFloats(tensor));
            tensors.push_back({tensor.name.substr(std::string("transformer.").size()), Dtype::Float32,
                               tensor.shape, values.back().data()});
        }
        const std::vector<float> mask(64);
        tensors.push_back({"h.0.attn.bias", Dtype::Float32, {1, 1, 8, 8}, mask.data()});
        writeSafetensors(pathOf(folder) / "model.safetensors", tensors);
        QVERIFY(
            CausalLM::load(pathOf(folder))->flatParameters().equal(CausalLM::load(golden)->flatParameters()));
        tensors.push_back({"h.0.attn.extra", Dtype::Float32, {1, 1, 8, 8}, mask.data()});
        writeSafetensors(pathOf(folder) / "model.safetensors", tensors);
        QVERIFY_EXCEPTION_THROWN(CausalLM::load(pathOf(folder)), Error);
    }

    void configOfAnotherFamily_data() {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("weights");
        QTest::newRow("gpt2 says llama") << "llama"
                                         << "gpt2";
        QTest::newRow("llama says gpt2") << "gpt2"
                                         << "llama";
        QTest::newRow("qwen3 says qwen2") << "qwen2"
                                          << "qwen3";
        QTest::newRow("llama says qwen2: no biases") << "qwen2"
                                                     << "llama-linear";
    }
    void configOfAnotherFamily() {
        QFETCH(QString, config);
        QFETCH(QString, weights);
        QTemporaryDir folder;
        std::filesystem::copy(goldenFolder(config) / "config.json", pathOf(folder) / "config.json");
        std::filesystem::copy(goldenFolder(weights) / "model.safetensors",
                              pathOf(folder) / "model.safetensors");
        QVERIFY_EXCEPTION_THROWN(CausalLM::load(pathOf(folder)), Error);
    }

    /// A tenth of what a gigabyte would show: the file's pages do not stay beside the weights, and the
    /// decoder keeps a large embedding that is also the output layer once.
    void loadingTakesLittleMoreThanTheWeights() {
        ModelShape shape;
        shape.vocabSize = 33001;
        shape.hiddenSize = 512;
        shape.layers = 4;
        shape.heads = shape.kvHeads = 8;
        shape.headDim = 64;
        shape.intermediateSize = 1024;
        shape.maxPositions = 64;
        QTemporaryDir folder;
        CausalLM(shape, 1).save(pathOf(folder));
        const double size = double(std::filesystem::file_size(pathOf(folder) / "model.safetensors"));
        const auto peakOf = [](const auto& action) {
            resetPeakMemory();
            const double before = statusBytes("VmRSS");
            action();
            return statusBytes("VmHWM") - before;
        };
        std::shared_ptr<CausalLM> model;
        const double loaded = peakOf([&] { model = CausalLM::load(pathOf(folder)); });
        QVERIFY2(loaded < size + 24e6, qPrintable(QString("%1 for %2").arg(loaded).arg(size)));
        QVERIFY(loaded > 0.9 * size);  // the measurement works
        const auto ids = randomIds({6}, shape.vocabSize);
        Tensor expected;
        {
            const torch::NoGradGuard noGradient;
            expected = model->logits(PackedBatch::pack(ids, ids));
        }
        model.reset();
        for (DecodePrecision precision : {DecodePrecision::Float32, DecodePrecision::BFloat16}) {
            DecodeWeights weights(shape, precision);
            const double taken = peakOf([&] {
                const CheckpointReader reader(pathOf(folder));
                std::vector<float> part;
                weights.refresh([&](std::int64_t offset, std::int64_t count) {
                    part.resize(std::size_t(count));
                    reader.read(offset, count, part.data());
                    return part.data();
                });
            });
            const bool half = precision == DecodePrecision::BFloat16;
            QVERIFY2(taken < (half ? size / 2 : size) + 48e6,
                     qPrintable(QString("%1 for %2").arg(taken).arg(size)));
            weights.prepareRotary(6);
            QVERIFY(distance(decodedLogits(weights, ids[0], 3), expected) < (half ? 0.1 : 1e-4));
        }
    }

    /// GPT-2 in double precision against finite differences.
    void gpt2Gradient() {
        const ModelShape shape = gpt2Shape();
        CausalLM model(shape, 5);
        for (auto& [name, weight] : model.namedWeights())
            if (weight.dim() == 1) weight.add_(torch::linspace(-0.3, 0.3, weight.numel()));
        const WeightLayout layout(shape);
        const CausalLM::Hook noHook;
        const PackedBatch batch = randomBatch({7, 4}, shape.vocabSize);
        for (bool checkpointing : {false, true}) {
            const ReferenceForward reference{shape, layout, Precision::Float32, noHook, checkpointing};
            const auto loss = [&](const Tensor& flat) {
                const Tensor logits = reference.logits(flat, reference.hidden(flat, batch));
                return scoreLogits(logits, batch.targets, 0.9).logprobs.mean();
            };
            Tensor flat = model.flatParameters().detach().to(torch::kFloat64).set_requires_grad(true);
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
    }

    /// Fused: the same bits. Plain: the same operations, too.
    void checkpointingGivesTheSameGradients_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"llama", "qwen2", "qwen3", "gpt2"}) QTest::newRow(kind) << QString(kind);
    }
    void checkpointingGivesTheSameGradients() {
        QFETCH(QString, kind);
        for (bool reference : {false, true}) {
            auto model = CausalLM::load(goldenFolder(kind));
            model->setReference(reference);
            const PackedBatch batch = randomBatch({20, 3, 17}, model->shape().vocabSize);
            Tensor gradients[2], scores[2];
            for (bool checkpointing : {false, true}) {
                model->setCheckpointing(checkpointing);
                model->flatParameters().mutable_grad() = Tensor();
                scores[checkpointing] = model->score(batch, 0.8).logprobs;
                scores[checkpointing].cos().sum().backward();
                gradients[checkpointing] = model->flatGradients().clone();
            }
            QVERIFY(scores[0].equal(scores[1]));
            if (reference)
                QVERIFY(distance(gradients[0], gradients[1]) <
                        1e-6 * gradients[0].abs().max().item<double>());
            else
                QVERIFY(gradients[0].equal(gradients[1]));
        }
    }

    void checkpointingKeepsLess() {
        ModelShape shape = CausalLM::load(goldenFolder("llama"))->shape();
        shape.layers = 8;
        std::size_t bytes[2];
        for (bool checkpointing : {false, true}) {
            CausalLM model(shape, 1);
            model.setCheckpointing(checkpointing);
            model.score(randomBatch({60, 60}, shape.vocabSize)).logprobs.sum().backward();
            bytes[checkpointing] = model.activationBytes();
        }
        // Eight streams and one layer's results instead of eight layers' results.
        QVERIFY2(bytes[1] * 3 < bytes[0], qPrintable(QString("%1 of %2").arg(bytes[1]).arg(bytes[0])));
    }

    /// Dynamic NTK: a sequence is stretched by its own length, not by its neighbours'.
    void neighboursDoNotStretch() {
        auto model = CausalLM::load(goldenFolder("llama-dynamic"));
        const auto ids = randomIds({12, 30, 25}, model->shape().vocabSize);
        const torch::NoGradGuard noGradient;
        for (bool reference : {false, true}) {
            model->setReference(reference);
            const Tensor together = model->logits(PackedBatch::pack(ids, ids));
            std::int64_t at = 0;
            for (const Ids& row : ids) {
                const Tensor alone = model->logits(PackedBatch::pack({row}, {row}));
                QVERIFY(distance(together.slice(0, at, at + alone.size(0)), alone) < 1e-5);
                at += alone.size(0);
            }
        }
    }

    /// For transformers_logits.py: RETORT_WRITE_CHECKPOINTS=FOLDER makes checkpoints with ids and our logits.
    void writesCheckpointsForPeers() {
        const QByteArray target = qgetenv("RETORT_WRITE_CHECKPOINTS");
        if (target.isEmpty()) QSKIP("RETORT_WRITE_CHECKPOINTS is not set");
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(RETORT_GOLDEN) / "models")) {
            const auto folder =
                std::filesystem::path(target.toStdString()) / ("family-" + entry.path().filename().string());
            std::filesystem::create_directories(folder);
            auto model = CausalLM::load(entry.path());
            for (auto& [name, weight] : model->namedWeights()) weight.mul_(0.9).add_(0.01);
            model->save(folder, entry.path().filename() == "qwen3-bf16" ? Dtype::BFloat16 : Dtype::Float32);
            model = CausalLM::load(folder);
            const std::int64_t vocab = model->shape().vocabSize;
            const PackedBatch batch = randomBatch({24, 24}, vocab);
            const torch::NoGradGuard noGradient;
            const Tensor logits = model->logits(batch).contiguous();
            writeSafetensors(folder / "ours.safetensors",
                             {{"input_ids", Dtype::Int64, {2, 24}, batch.ids.data_ptr<std::int64_t>()},
                              {"logits", Dtype::Float32, {2, 24, vocab}, logits.data_ptr<float>()}});
        }
    }
};

QTEST_APPLESS_MAIN(TestFamilies)
#include "tst_families.moc"
