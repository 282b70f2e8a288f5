// Generation: cached against uncached, log-probabilities against score(), independence of batching and
// threads, ends.
#include <ATen/Parallel.h>

#include <QtTest>
#include <cmath>
#include <map>
#include <set>

#include "core/util/error.h"
#include "training/engine/generator.h"
#include "training/engine/sampler.h"
#include "training/engine/tensor_generation.h"
#include "training/tensor.h"

using namespace retort;

namespace {

using Ids = std::vector<std::int32_t>;

/// Token i decodes to the letter 'a' + i; 1 ends.
class Letters : public Tokenizer {
  public:
    explicit Letters(std::int32_t size) : m_size(size) {}
    Ids encode(std::string_view) const override { return {}; }
    std::string decode(const std::int32_t* ids, std::size_t count) const override {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            if (ids[i] != 1) text += char('a' + ids[i]);
        return text;
    }
    std::int32_t vocabularySize() const override { return m_size; }
    std::int32_t eosId() const override { return 1; }
    std::int32_t padId() const override { return 0; }
    void save(const std::filesystem::path&) const override {}
    std::string hash() const override { return "letters"; }

  private:
    std::int32_t m_size;
};

std::shared_ptr<CausalLM> modelOf(const QString& kind) {
    ModelSettings settings;
    settings.hidden_size = 32;
    settings.num_hidden_layers = 2;
    settings.num_attention_heads = 4;
    settings.num_key_value_heads = kind == "gqa" || kind == "qwen3" ? 2 : 4;
    settings.intermediate_size = 40;
    settings.max_position_embeddings = 64;
    settings.initializer_range = 0.3;  // far from uniform
    settings.attention_bias = kind == "qwen2";
    settings.qk_norm = kind == "qwen3";
    if (kind == "qwen3") settings.head_dim = 12;
    if (kind == "learned" || kind == "none") settings.position_embedding = kind.toStdString();
    ModelShape shape = ModelShape::fromSettings(settings, 23);
    if (kind == "gpt2") {
        shape.block = DecoderBlock::Gpt2;
        shape.positionEmbedding = "learned";
    }
    auto model = std::make_shared<CausalLM>(shape, 5);
    for (auto& [name, weight] : model->namedWeights())
        if (weight.dim() == 1) weight.add_(torch::linspace(-0.2, 0.2, weight.numel()));
    return model;
}

const std::vector<Ids> somePrompts = {
    {3, 4, 5}, {7}, {2, 9, 11, 4, 4, 8, 20, 17, 3, 3, 12, 6, 5, 4, 3, 2, 9, 8}};

bool same(const Completion& a, const Completion& b) {
    return a.ids == b.ids && a.logprobs == b.logprobs && a.entropies == b.entropies &&
           a.finished == b.finished;
}

struct Setup {
    explicit Setup(const QString& kind, std::int32_t vocabulary = 23)
        : model(modelOf(kind)), generator(model, std::make_shared<Letters>(vocabulary)) {}
    std::shared_ptr<CausalLM> model;
    Generator generator;
};

std::vector<Completion> withTensors(Setup& setup, const std::vector<Ids>& prompts, std::int64_t samples,
                                    const SamplingSettings& settings, std::uint64_t streamBase = 0,
                                    DecodePrecision precision = DecodePrecision::Float32,
                                    const std::stop_token& stop = {}) {
    const c10::InferenceMode inference;
    const Letters letters(23);
    const ModelShape& shape = setup.model->shape();
    const EndRule endRule(letters, settings, shape.positionEmbedding == "learned" ? shape.maxPositions : 0);
    return generateWithTensors(*setup.model, precision, prompts, samples, settings, streamBase, letters,
                               endRule, stop);
}

}  // namespace

class TestGenerator : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { at::set_num_threads(2); }

    void greedyAgreesWithoutCache_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"plain", "gqa", "qwen2", "qwen3", "learned", "none"})
            QTest::newRow(kind) << QString(kind);
    }
    void greedyAgreesWithoutCache() {
        QFETCH(QString, kind);
        Setup setup(kind);
        SamplingSettings settings;
        settings.temperature = 0;
        settings.maxNewTokens = 24;
        const auto completions = setup.generator.generate(somePrompts, 1, settings);
        const torch::NoGradGuard noGradient;
        setup.model->setReference(true);
        for (std::size_t p = 0; p < somePrompts.size(); ++p) {
            Ids all = somePrompts[p], expected;
            while (expected.size() < 24 && (expected.empty() || expected.back() != 1)) {
                const auto batch = PackedBatch::pack({all}, {Ids(all.size(), -100)});
                expected.push_back(setup.model->logits(batch)[-1].argmax().item<std::int32_t>());
                all.push_back(expected.back());
            }
            QCOMPARE(completions[p].ids, expected);
            QCOMPARE(completions[p].finished, expected.back() == 1);
        }
    }

    void logprobsAndEntropiesMatchScore_data() { greedyAgreesWithoutCache_data(); }
    void logprobsAndEntropiesMatchScore() {
        QFETCH(QString, kind);
        Setup setup(kind);
        SamplingSettings settings;
        settings.temperature = 0.7;
        settings.topP = 0.9;
        settings.maxNewTokens = 30;
        const auto completions = setup.generator.generate(somePrompts, 3, settings);
        for (std::size_t i = 0; i < completions.size(); ++i) {
            const Ids& prompt = somePrompts[i / 3];
            const Completion& c = completions[i];
            Ids ids = prompt, targets(prompt.size() - 1, -100);
            ids.insert(ids.end(), c.ids.begin(), c.ids.end() - 1);
            targets.insert(targets.end(), c.ids.begin(), c.ids.end());
            const torch::NoGradGuard noGradient;
            const TokenScores scores = setup.model->score(PackedBatch::pack({ids}, {targets}), 0.7);
            QCOMPARE(scores.logprobs.numel(), std::int64_t(c.ids.size()));
            for (std::size_t t = 0; t < c.ids.size(); ++t) {
                const auto at = std::int64_t(t);
                QVERIFY(std::abs(scores.logprobs[at].item<float>() - c.logprobs[t]) < 1e-4f);
                QVERIFY(std::abs(scores.entropies[at].item<float>() - c.entropies[t]) < 1e-4f);
            }
        }
    }

    /// What decodes on a GPU, here on the CPU: the fused decoder's choices, prompts cut and rows dropped.
    void tensorsAgreeWithTheFusedDecoder_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<double>("temperature");
        QTest::addColumn<double>("topP");
        QTest::addColumn<int>("topK");
        for (const char* kind : {"plain", "gqa", "qwen2", "qwen3", "learned", "none", "gpt2"}) {
            const auto row = [&](const char* how) -> QTestData& {
                return QTest::addRow("%s, %s", kind, how) << QString(kind);
            };
            row("greedy") << 0.0 << 1.0 << 0;
            row("sampled") << 0.8 << 1.0 << 0;
            row("top-p") << 1.0 << 0.7 << 0;
            row("top-k and top-p") << 1.3 << 0.9 << 5;
        }
    }
    void tensorsAgreeWithTheFusedDecoder() {
        QFETCH(QString, kind);
        QFETCH(double, temperature);
        QFETCH(double, topP);
        QFETCH(int, topK);
        Setup setup(kind);
        SamplingSettings settings;
        settings.temperature = temperature;
        settings.topP = topP;
        settings.topK = topK;
        settings.maxNewTokens = 40;  // two blocks and a half
        const auto expected = setup.generator.generate(somePrompts, 5, settings, 7);
        const auto got = withTensors(setup, somePrompts, 5, settings, 7);
        QCOMPARE(got.size(), expected.size());
        std::set<std::size_t> lengths;
        for (std::size_t i = 0; i < got.size(); ++i) {
            QCOMPARE(got[i].ids, expected[i].ids);
            QCOMPARE(got[i].finished, expected[i].finished);
            QCOMPARE(got[i].whole, expected[i].whole);
            lengths.insert(got[i].ids.size());
            for (std::size_t t = 0; t < got[i].ids.size(); ++t) {
                QVERIFY(std::abs(got[i].logprobs[t] - expected[i].logprobs[t]) < 1e-4f);
                QVERIFY(std::abs(got[i].entropies[t] - expected[i].entropies[t]) < 1e-4f);
            }
        }
        if (temperature > 0) QVERIFY(lengths.size() > 1);  // some rows left early
    }

    void tensorsTakeManySamplesInPortions() {
        Setup setup("gqa");
        SamplingSettings settings;
        settings.maxNewTokens = 3;
        const auto expected = setup.generator.generate(somePrompts, 1100, settings),
                   got = withTensors(setup, somePrompts, 1100, settings);
        QCOMPARE(got.size(), expected.size());
        for (std::size_t i = 0; i < got.size(); ++i) QCOMPARE(got[i].ids, expected[i].ids);
    }

    void tensorsWithRoundedWeights() {
        Setup setup("qwen3");
        SamplingSettings settings;
        settings.maxNewTokens = 20;
        settings.temperature = 0;
        const auto rounded = withTensors(setup, somePrompts, 1, settings, 0, DecodePrecision::BFloat16);
        const auto whole = withTensors(setup, somePrompts, 1, settings);
        for (std::size_t i = 0; i < rounded.size(); ++i) {
            QVERIFY(rounded[i].logprobs != whole[i].logprobs);
            QVERIFY(std::abs(rounded[i].logprobs[0] - whole[i].logprobs[0]) < 0.1f);
        }
    }

    void tensorsStopAndRefuse() {
        Setup setup("plain");
        std::stop_source source;
        source.request_stop();
        for (const Completion& c :
             withTensors(setup, somePrompts, 2, {}, 0, DecodePrecision::Float32, source.get_token()))
            QVERIFY(c.ids.empty() && !c.whole);
        SamplingSettings settings;
        settings.topP = 0;
        QVERIFY_EXCEPTION_THROWN(withTensors(setup, somePrompts, 1, settings), Error);
        setup.model->flatParameters().detach().fill_(std::nanf(""));
        QVERIFY_EXCEPTION_THROWN(withTensors(setup, somePrompts, 1, {}), Error);
    }

    void samplesDoNotDependOnNeighboursOrThreads() {
        Setup setup("gqa");
        SamplingSettings settings;
        settings.maxNewTokens = 12;
        settings.seed = 9;
        std::vector<Ids> prompts;  // more rows than decode at once
        for (int i = 0; i < 40; ++i) prompts.push_back(somePrompts[std::size_t(i % 3)]);
        const auto together = setup.generator.generate(prompts, 5, settings, 100);
        at::set_num_threads(1);
        const auto oneThread = setup.generator.generate(prompts, 5, settings, 100);
        bool differ = false;
        for (std::size_t i = 0; i < together.size(); ++i) {
            QVERIFY(same(together[i], oneThread[i]));
            differ = differ || together[i].ids != together[0].ids;
        }
        QVERIFY(differ);
        const auto alone = setup.generator.generate({prompts[17]}, 5, settings, 117);
        for (std::size_t s = 0; s < 5; ++s) QVERIFY(same(alone[s], together[17 * 5 + s]));
        const auto few = setup.generator.generate({prompts[17]}, 2, settings, 117);
        for (std::size_t s = 0; s < 2; ++s) QVERIFY(same(few[s], alone[s]));
        settings.seed = 10;
        QVERIFY(setup.generator.generate({prompts[17]}, 1, settings, 117)[0].ids != alone[0].ids);
    }

    void manySamplesOfOnePrompt() {
        Setup setup("plain");
        SamplingSettings settings;
        settings.maxNewTokens = 5;
        const auto all = setup.generator.generate({somePrompts[0]}, 300, settings);
        QCOMPARE(all.size(), std::size_t(300));
        const auto some = setup.generator.generate({somePrompts[0]}, 7, settings);
        for (std::size_t s = 0; s < 7; ++s) QVERIFY(same(all[s], some[s]));
        for (const Completion& c : all) QVERIFY(c.finished || c.ids.size() == 5);
    }

    void refreshTakesTheNewWeights() {
        Setup setup("plain");
        SamplingSettings settings;
        settings.temperature = 0;
        settings.maxNewTokens = 16;
        const auto before = setup.generator.generate(somePrompts, 1, settings);
        for (auto& [name, weight] : setup.model->namedWeights()) weight.mul_(-0.7);
        QVERIFY(same(setup.generator.generate(somePrompts, 1, settings)[0], before[0]));
        setup.generator.refresh();
        const auto after = setup.generator.generate(somePrompts, 1, settings);
        QVERIFY(!same(after[0], before[0]));
        Generator fresh(setup.model, std::make_shared<Letters>(23));
        QVERIFY(same(fresh.generate(somePrompts, 1, settings)[0], after[0]));
    }

    void paddingRowsAreNeverDrawn() {
        Setup setup("plain", 6);  // the tokenizer knows 6 of the 23 rows
        SamplingSettings settings;
        settings.maxNewTokens = 40;
        for (double temperature : {0.0, 1.0, 5.0})
            for (double topP : {1.0, 0.8}) {
                settings.temperature = temperature;
                settings.topP = topP;
                for (const Completion& c : setup.generator.generate(somePrompts, 4, settings))
                    for (std::int32_t id : c.ids) QVERIFY(id < 6);
            }
    }

    void stopStrings() {
        Setup setup("plain");
        SamplingSettings settings;
        settings.maxNewTokens = 40;
        const Letters letters(23);
        const Completion free = setup.generator.generate({somePrompts[0]}, 1, settings)[0];
        const std::string text = letters.decode(free.ids.data(), free.ids.size());
        QVERIFY(text.size() > 8);
        const std::string stop = text.substr(4, 3);
        settings.stop = {"no such thing", stop};
        const Completion cut = setup.generator.generate({somePrompts[0]}, 1, settings)[0];
        QVERIFY(cut.finished);
        QCOMPARE(cut.ids, Ids(free.ids.begin(), free.ids.begin() + std::int64_t(text.find(stop)) + 3));
        QCOMPARE(completionText(letters, cut, settings.stop), text.substr(0, text.find(stop)));
    }

    void learnedPositionsBoundTheLength() {
        Setup setup("learned");
        SamplingSettings settings;
        settings.maxNewTokens = 1000;
        for (const Completion& c : setup.generator.generate({Ids(60, 3)}, 4, settings))
            QVERIFY(c.ids.size() <= 4);
        QVERIFY_EXCEPTION_THROWN(setup.generator.generate({Ids(64, 3)}, 1, settings), Error);
    }

    void stopTokenEndsPromptly() {
        Setup setup("plain");
        std::stop_source source;
        source.request_stop();
        const auto completions = setup.generator.generate(somePrompts, 2, {}, 0, source.get_token());
        QCOMPARE(completions.size(), std::size_t(6));
        for (const Completion& c : completions) QVERIFY(!c.finished && c.ids.size() <= 1);
    }

    void badInput_data() {
        QTest::addColumn<Ids>("prompt");
        QTest::newRow("empty prompt") << Ids{};
        QTest::newRow("token beyond the vocabulary") << Ids{3, 23};
        QTest::newRow("negative token") << Ids{-1};
    }
    void badInput() {
        QFETCH(Ids, prompt);
        Setup setup("plain");
        QVERIFY_EXCEPTION_THROWN(setup.generator.generate({prompt}, 1, {}), Error);
    }

    void divergedWeightsAreAnError() {
        Setup setup("plain");
        setup.model->flatParameters().detach().fill_(std::nanf(""));
        setup.generator.refresh();
        QVERIFY_EXCEPTION_THROWN(setup.generator.generate(somePrompts, 1, {}), Error);
    }

    void samplerFrequencies_data() {
        QTest::addColumn<double>("temperature");
        QTest::addColumn<double>("topP");
        QTest::addColumn<int>("topK");
        QTest::addColumn<QList<double>>("expected");
        const QList<double> p = {0.4, 0.3, 0.2, 0.1};
        QTest::newRow("plain") << 1.0 << 1.0 << 0 << p;
        QTest::newRow("half as hot") << 0.5 << 1.0 << 0
                                     << QList<double>{16 / 30.0, 9 / 30.0, 4 / 30.0, 1 / 30.0};
        QTest::newRow("top 2") << 1.0 << 1.0 << 2 << QList<double>{4 / 7.0, 3 / 7.0, 0, 0};
        QTest::newRow("top-p .65") << 1.0 << 0.65 << 0 << QList<double>{4 / 7.0, 3 / 7.0, 0, 0};
        QTest::newRow("top-p .75") << 1.0 << 0.75 << 0 << QList<double>{4 / 9.0, 3 / 9.0, 2 / 9.0, 0};
        QTest::newRow("top 3, then top-p .4") << 1.0 << 0.4 << 3 << QList<double>{1, 0, 0, 0};
        QTest::newRow("greedy") << 0.0 << 1.0 << 0 << QList<double>{1, 0, 0, 0};
        QTest::newRow("top 1") << 1.0 << 1.0 << 1 << QList<double>{1, 0, 0, 0};
    }
    void samplerFrequencies() {
        QFETCH(double, temperature);
        QFETCH(double, topP);
        QFETCH(int, topK);
        QFETCH(QList<double>, expected);
        SamplingSettings settings;
        settings.temperature = temperature;
        settings.topP = topP;
        settings.topK = topK;
        // Five more tokens of no weight, and an order that is not sorted.
        const std::vector<float> logits = {
            -50, std::log(0.2f), -50, std::log(0.4f), std::log(0.1f), -50, std::log(0.3f), -50, -50};
        const std::map<std::int32_t, int> rank = {{3, 0}, {6, 1}, {1, 2}, {4, 3}};
        Sampler sampler(settings, 9, 9);
        std::vector<int> counts(4);
        const int draws = 20000;
        for (int i = 0; i < draws; ++i) {
            const Choice choice = sampler.choose(logits.data(), tokenUniform(1, 2, 3, std::uint64_t(i)));
            QVERIFY(rank.count(choice.token));
            ++counts[std::size_t(rank.at(choice.token))];
            if (temperature == 1.0)
                QVERIFY(std::abs(choice.logprob - logits[std::size_t(choice.token)]) < 1e-5);
        }
        for (int i = 0; i < 4; ++i) {
            const double share = counts[std::size_t(i)] / double(draws);
            const double sigma = std::sqrt(expected[i] * (1 - expected[i]) / draws);
            QVERIFY2(std::abs(share - expected[i]) <= 5 * sigma, qPrintable(QString::number(share)));
        }
    }

    void samplerSettingsAreChecked() {
        SamplingSettings settings;
        settings.topP = 0;
        QVERIFY_EXCEPTION_THROWN(Sampler(settings, 4, 4), Error);
        settings = {};
        settings.temperature = -1;
        QVERIFY_EXCEPTION_THROWN(Sampler(settings, 4, 4), Error);
        settings = {};
        settings.topK = -2;
        QVERIFY_EXCEPTION_THROWN(Sampler(settings, 4, 4), Error);
    }
};

QTEST_APPLESS_MAIN(TestGenerator)
#include "tst_generator.moc"
