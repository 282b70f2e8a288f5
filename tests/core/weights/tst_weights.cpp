// Weight space: tensors against plain sums, spectra against closed forms, whole folders, vocabularies that
// are numbered differently, and folders that do not fit.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>

#include "core/formats/sharded_safetensors.h"
#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/random.h"
#include "core/weights/checkpoint_difference.h"
#include "core/weights/layer_place.h"
#include "core/weights/tokenizer_difference.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

using Floats = std::vector<float>;

Floats normals(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    Floats values(count);
    for (float& value : values) value = float(random.normal());
    return values;
}

TensorSource sourceOf(const Floats& a, const Floats& b, const Floats& base, std::int64_t piece = 100) {
    TensorSource source;
    source.elements = std::int64_t(a.size());
    source.piece = piece;
    source.hasBase = !base.empty();
    source.read = [&](std::int64_t first, std::int64_t count, float* toA, float* toB, float* toBase) {
        std::copy_n(a.begin() + first, count, toA);
        std::copy_n(b.begin() + first, count, toB);
        if (toBase) std::copy_n(base.begin() + first, count, toBase);
    };
    return source;
}

bool near(double value, double expected, double tolerance = 1e-9) {
    return std::abs(value - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    Floats values;
    Dtype dtype = Dtype::Float32;
};

void writeModel(const fs::path& folder, const std::vector<Tensor>& tensors,
                const std::string& config = "{}") {
    fs::create_directories(folder);
    std::vector<TensorData> data;
    for (const Tensor& tensor : tensors) {
        TensorData& each = data.emplace_back();
        each.name = tensor.name;
        each.shape = tensor.shape;
        each.dtype = tensor.dtype;
        each.data = tensor.values.data();
        each.fromFloats = tensor.dtype != Dtype::Int32;
    }
    writeCheckpointWeights(folder, data);
    writeFileAtomically(folder / "config.json", config);
}

}  // namespace

class TestWeights : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path folder(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void tensorsByPlainSums() {
        const Floats a = normals(1234, 1), b = normals(1234, 2);
        double aa = 0, bb = 0, ab = 0, dd = 0, most = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            aa += double(a[i]) * a[i];
            bb += double(b[i]) * b[i];
            ab += double(a[i]) * b[i];
            dd += (double(b[i]) - a[i]) * (double(b[i]) - a[i]);
            most = std::max(most, std::abs(double(b[i]) - a[i]));
        }
        std::int64_t seen = 0;
        const auto result =
            compareTensors(sourceOf(a, b, {}), 0.2, [&](std::int64_t count) { seen += count; }, {});
        QCOMPARE(seen, 1234);
        QVERIFY(near(result.cosine, ab / std::sqrt(aa * bb)) && near(result.l2, std::sqrt(dd)));
        QVERIFY(near(result.relativeL2, std::sqrt(dd / aa)) && near(result.maxAbs, most));
        QCOMPARE(result.changed, 1.0);
        QVERIFY(!result.taskVectors);
    }

    void equalTensorsAndZeros() {
        const Floats a = normals(50, 3), zeros(50, 0.0f);
        const auto same = compareTensors(sourceOf(a, a, {}), 0.2, {}, {});
        QVERIFY(same.isSame() && near(same.cosine, 1) && same.l2 == 0);
        const auto none = compareTensors(sourceOf(zeros, a, zeros), 0.2, {}, {});
        QVERIFY(std::isnan(none.cosine) && std::isnan(none.relativeL2));
        QVERIFY(std::isnan(none.taskVectors->cosine) && std::isnan(none.taskVectors->signConflict));
    }

    void whatIsNoNumberIsCounted() {
        Floats a = {1, 2, 3, 4}, b = {1, NAN, INFINITY, 5};
        const auto result = compareTensors(sourceOf(a, b, {}), 0.2, {}, {});
        QCOMPARE(result.nonFinite, 2);
        QCOMPARE(result.changed, 0.5);
        QCOMPARE(result.l2, 1.0);
    }

    // Moves of a: 8 -7 1 0, of b: 8 7 -1 0: of the top half (8 and 7 in both) one points the other way.
    void signConflictsByHand() {
        const Floats base = {1, 1, 1, 1}, a = {9, -6, 2, 1}, b = {9, 8, 0, 1};
        const auto result = compareTensors(sourceOf(a, b, base, 3), 0.5, {}, {});
        QCOMPARE(result.taskVectors->signConflict, 0.5);
        QCOMPARE(result.taskVectors->overlap, 1.0);
        QVERIFY(near(result.taskVectors->cosine, (64 - 49 - 1) / 114.0));
        QVERIFY(near(result.taskVectors->normA, std::sqrt(114.0)));
    }

    // Against sorting: the histogram's thresholds differ from exact ones by less than 2^-8, so by few
    // elements.
    void signConflictsOfMany() {
        const Floats base = normals(20000, 4), moveA = normals(20000, 5), moveB = normals(20000, 6);
        Floats a = base, b = base;
        for (std::size_t i = 0; i < base.size(); ++i) {
            a[i] += moveA[i];
            b[i] += 0.5f * moveA[i] + moveB[i];
        }
        const auto threshold = [&](const Floats& values) {
            Floats magnitudes;
            for (std::size_t i = 0; i < base.size(); ++i) magnitudes.push_back(std::abs(values[i] - base[i]));
            std::sort(magnitudes.rbegin(), magnitudes.rend());
            return magnitudes[magnitudes.size() / 5 - 1];
        };
        const float fromA = threshold(a), fromB = threshold(b);
        double both = 0, opposite = 0;
        for (std::size_t i = 0; i < base.size(); ++i) {
            const float x = a[i] - base[i], y = b[i] - base[i];
            if (std::abs(x) < fromA || std::abs(y) < fromB) continue;
            both += 1;
            opposite += (x < 0) != (y < 0);
        }
        const auto result = compareTensors(sourceOf(a, b, base, 4096), 0.2, {}, {});
        QVERIFY2(std::abs(result.taskVectors->signConflict - opposite / both) < 0.01,
                 qPrintable(QString::number(result.taskVectors->signConflict)));
        QVERIFY(std::abs(result.taskVectors->overlap - both / 4000) < 0.01);
    }

    void spectraOfKnownMatrices() {
        const Floats diagonal = {3, 0, 0, 0, -4, 0};  // 2 x 3
        const Spectrum spectrum = spectrumOf(diagonal.data(), 2, 3);
        QCOMPARE(spectrum.values.size(), 2u);
        QVERIFY(near(spectrum.values[0], 4) && near(spectrum.values[1], 3));
        QVERIFY(near(spectrum.stableRank, 25.0 / 16));
        const double p = 4.0 / 7, q = 3.0 / 7;
        QVERIFY(near(spectrum.effectiveRank, std::exp(-p * std::log(p) - q * std::log(q))));
        const Floats zeros(12, 0.0f);
        QVERIFY(std::isnan(spectrumOf(zeros.data(), 3, 4).stableRank));
        QVERIFY(spectrumOf(zeros.data(), 0, 4).values.empty());
    }

    // u v' with small noise: one singular value stands out, also where only power iteration is affordable.
    void largeMatricesGiveTheLargest() {
        const std::int64_t rows = 600, columns = 700;
        const Floats u = normals(600, 7), v = normals(700, 8);
        Floats matrix = normals(std::size_t(rows * columns), 9);
        double uu = 0, vv = 0;
        for (const float x : u) uu += double(x) * x;
        for (const float x : v) vv += double(x) * x;
        for (std::int64_t i = 0; i < rows * columns; ++i)
            matrix[std::size_t(i)] =
                matrix[std::size_t(i)] * 1e-4f + u[std::size_t(i / columns)] * v[std::size_t(i % columns)];
        const Spectrum spectrum = spectrumOf(matrix.data(), rows, columns);
        QVERIFY(!spectrum.isWhole && spectrum.values.size() == 1);
        QVERIFY(near(spectrum.values[0], std::sqrt(uu * vv), 1e-4) && near(spectrum.stableRank, 1, 1e-3));
        QVERIFY(std::isnan(spectrum.effectiveRank));
    }

    void places_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("block");
        QTest::addColumn<QByteArray>("module");
        const auto row = [](const char* name, int block, const char* module) {
            QTest::newRow(name) << QByteArray(name) << block << QByteArray(module);
        };
        row("model.layers.12.self_attn.q_proj.weight", 12, "self_attn.q_proj.weight");
        row("transformer.h.3.attn.c_attn.bias", 3, "attn.c_attn.bias");
        row("h.0.ln_1.weight", 0, "ln_1.weight");
        row("model.embed_tokens.weight", -1, "embed_tokens.weight");
        row("lm_head.weight", -1, "lm_head.weight");
        row("model.layers.weight", -1, "layers.weight");
        row("path.4.weight", -1, "path.4.weight");
    }
    void places() {
        QFETCH(QByteArray, name);
        QFETCH(int, block);
        QFETCH(QByteArray, module);
        QCOMPARE(layerPlace(name.toStdString()), (LayerPlace{block, module.toStdString()}));
    }

    void foldersTensorByTensor() {
        const Floats small = normals(6, 1), large = normals(40 * 30, 2);
        Floats moved = large;
        moved[7] += 2;
        writeModel(folder("a"), {{"model.layers.1.w", {40, 30}, large},
                                 {"model.layers.0.w", {2, 3}, small},
                                 {"model.norm", {6}, small},
                                 {"gone", {2}, {1, 2}},
                                 {"shape", {2}, {1, 2}}});
        writeModel(folder("b"),
                   {{"model.layers.1.w", {40, 30}, moved},
                    {"model.layers.0.w", {2, 3}, small},
                    {"model.norm", {6}, small, Dtype::BFloat16},
                    {"new", {2}, {1, 2}},
                    {"shape", {1}, {1}}},
                   R"({"hidden_size": 30, "rope": {"type": "x"}, "transformers_version": "5"})");
        std::atomic<std::int64_t> last = 0;
        WeightOptions options;
        options.base = folder("a");
        options.spectra = true;
        options.progress = [&](std::int64_t done, std::int64_t) {
            last = std::max<std::int64_t>(last, done);
        };
        const auto result = compareCheckpoints(folder("a"), folder("b"), options);
        QVERIFY(result.complete && !result.alignedByToken);
        QCOMPARE(result.tensors.size(), 3u);
        QCOMPARE(result.tensors[0].name, std::string("model.norm"));
        QVERIFY(result.tensors[1].isSame() && !result.tensors[1].spectrum);
        QVERIFY(near(result.tensors[2].l2, 2, 1e-6));
        QVERIFY(near(result.tensors[2].spectrum->values[0], 2, 1e-6) &&
                near(result.tensors[2].spectrum->stableRank, 1, 1e-6));
        QCOMPARE(result.onlyA, std::vector<std::string>{"gone"});
        QCOMPARE(result.onlyB, std::vector<std::string>{"new"});
        QCOMPARE(result.otherShapes.size(), 1u);
        QCOMPARE(last.load(), result.elements());
        QVERIFY(result.changed() > 0 && result.cosine() < 1);
        const std::vector<FieldDifference> fields = {{"hidden_size", "", "30"}, {"rope.type", "", "x"}};
        QCOMPARE(compareConfigs(folder("a"), folder("b")), fields);
    }

    void stoppedIsSaid() {
        writeModel(folder("a"), {{"w", {3}, {1, 2, 3}}});
        std::stop_source stop;
        stop.request_stop();
        const auto result = compareCheckpoints(folder("a"), folder("a"), {}, stop.get_token());
        QVERIFY(!result.complete && result.tensors.empty());
        QVERIFY(std::isnan(result.cosine()));
    }

    void foldersThatAreNone() {
        QVERIFY_EXCEPTION_THROWN(compareCheckpoints(folder("missing"), folder("missing")), Error);
        writeModel(folder("a"), {{"w", {1}, {1}}}, "[broken");
        QVERIFY_EXCEPTION_THROWN(compareConfigs(folder("a"), folder("a")), Error);
    }

    // An alphabet with one letter more before it numbers the others anew. The rows of the embeddings follow
    // the tokens.
    void rowsFollowTheirTokens() {
        const auto first = makeCharacterTokenizer("bcd"), second = makeCharacterTokenizer("abcd");
        const auto rowsOf = [](const Tokenizer& tokenizer) {
            Floats rows;
            for (std::int32_t id = 0; id < tokenizer.vocabularySize(); ++id) {
                const std::string token = tokenizer.tokenName(id);
                rows.push_back(float(token.size() == 1 ? token[0] : token.size()));
                rows.push_back(float(stableHash(token) % 1000));
            }
            return rows;
        };
        writeModel(folder("a"),
                   {{"model.embed_tokens.weight", {first->vocabularySize(), 2}, rowsOf(*first)}});
        writeModel(folder("b"),
                   {{"model.embed_tokens.weight", {second->vocabularySize(), 2}, rowsOf(*second)}});
        first->save(folder("a"));
        second->save(folder("b"));
        const auto tokens = compareTokenizers(folder("a"), folder("b"));
        QVERIFY(tokens && !tokens->sameHash && !tokens->isSameNumbering());
        QCOMPARE(tokens->added, std::vector<std::string>{"a"});
        QVERIFY(tokens->removed.empty());
        QVERIFY(!tokens->reindexed.empty());
        for (const ReindexedToken& token : tokens->reindexed) {
            QCOMPARE(first->idOf(token.token), token.a);
            QCOMPARE(second->idOf(token.token), token.b);
        }
        const auto result = compareCheckpoints(folder("a"), folder("b"));
        QVERIFY(result.alignedByToken);
        QCOMPARE(result.tensors.size(), 1u);
        QVERIFY(result.tensors[0].alignedByToken && result.tensors[0].isSame());
        QCOMPARE(result.tensors[0].shape[0], std::int64_t(first->vocabularySize()));
        QVERIFY(!compareTokenizers(folder("a"), folder("nowhere")));
        QVERIFY(compareTokenizers(folder("a"), folder("a"))->sameHash);
    }

    void chatTemplates() {
        fs::create_directories(folder("a"));
        QCOMPARE(chatTemplateHash(folder("a")), std::string());
        writeFileAtomically(folder("a") / "tokenizer_config.json", R"({"chat_template": "{{ x }}"})");
        const std::string inConfig = chatTemplateHash(folder("a"));
        fs::create_directories(folder("b"));
        writeFileAtomically(folder("b") / "chat_template.jinja", "{{ x }}");
        QCOMPARE(chatTemplateHash(folder("b")), inConfig);
        writeFileAtomically(folder("b") / "chat_template.jinja", "{{ y }}");
        QVERIFY(chatTemplateHash(folder("b")) != inConfig);
    }
};

QTEST_APPLESS_MAIN(TestWeights)
#include "tst_weights.moc"
