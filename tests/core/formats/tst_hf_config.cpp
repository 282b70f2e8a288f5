// config.json in both of its generations, and models that must be refused rather than computed wrongly.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/formats/hf_config.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const char* const llama = R"({"model_type":"llama","vocab_size":32000,"hidden_size":64,"num_hidden_layers":2,
"num_attention_heads":4,"intermediate_size":176})";

HfConfig small() {
    HfConfig config;
    config.vocabSize = 20;
    config.hiddenSize = 64;
    config.layers = 2;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = 16;
    config.intermediateSize = 176;
    config.eosIds = {1};
    config.padId = 0;
    return config;
}

}  // namespace

class TestHfConfig : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void roundTrip_data() {
        QTest::addColumn<QString>("position");
        QTest::addColumn<bool>("bias");
        QTest::addColumn<bool>("norm");
        QTest::addColumn<QString>("type");
        QTest::newRow("llama") << "rope" << false << false << "llama";
        QTest::newRow("qwen2") << "rope" << true << false << "qwen2";
        QTest::newRow("qwen3") << "rope" << false << true << "qwen3";
        QTest::newRow("both") << "rope" << true << true << "retort";
        QTest::newRow("learned") << "learned" << false << false << "retort";
        QTest::newRow("nope") << "none" << true << false << "retort";
    }
    void roundTrip() {
        QFETCH(QString, position);
        QFETCH(bool, bias);
        QFETCH(bool, norm);
        QFETCH(QString, type);
        HfConfig config = small();
        config.positionEmbedding = position.toStdString();
        config.attentionBias = bias;
        config.qkNorm = norm;
        config.eosIds = {1, 5};
        QCOMPARE(config.modelType(), type.toStdString());
        writeHfConfig(folder(), config);
        QVERIFY(readHfConfig(folder()) == config);
    }

    void bothGenerationsAreWritten() {
        HfConfig config = small();
        config.ropeTheta = 5e5;
        writeHfConfig(folder(), config);
        const Json json = Json::parse(readFile(folder() / "config.json"));
        QCOMPARE(json["rope_theta"].get<double>(), 5e5);
        QCOMPARE(json["rope_parameters"]["rope_theta"].get<double>(), 5e5);
        QVERIFY(json["dtype"] == "float32" && json["torch_dtype"] == "float32");
        QVERIFY(json["architectures"][0] == "LlamaForCausalLM");
        QVERIFY(Json::parse(readFile(folder() / "generation_config.json"))["eos_token_id"] == 1);
    }

    void scalingRoundTrip_data() {
        QTest::addColumn<int>("type");
        for (const RopeType type :
             {RopeType::Default, RopeType::Linear, RopeType::Dynamic, RopeType::Llama3, RopeType::Yarn})
            QTest::newRow(ropeTypeName(type)) << int(type);
    }
    void scalingRoundTrip() {
        QFETCH(int, type);
        HfConfig config = small();
        config.bosId = 2;
        RopeScaling& rope = config.ropeScaling;
        rope.type = RopeType(type);
        if (rope.type != RopeType::Default) rope.factor = 2.5;
        if (rope.type == RopeType::Dynamic) rope.originalMaxPositions = config.maxPositions;
        if (rope.type == RopeType::Llama3) {
            rope.lowFreqFactor = 1.5;
            rope.highFreqFactor = 6;
        }
        if (rope.type == RopeType::Yarn) {
            rope.betaFast = 30;
            rope.betaSlow = 2;
            rope.attentionFactor = 1.25;
            rope.truncate = false;
        }
        if (rope.type == RopeType::Llama3 || rope.type == RopeType::Yarn) rope.originalMaxPositions = 128;
        writeHfConfig(folder(), config);
        QVERIFY(readHfConfig(folder()) == config);
        // Each generation's keys say all of it by themselves.
        Json json = Json::parse(readFile(folder() / "config.json"));
        Json older = json, newer = json;
        older.erase("rope_parameters");
        newer.erase("rope_scaling");
        newer.erase("rope_theta");
        for (const Json& one : {older, newer}) {
            writeFileAtomically(folder() / "config.json", one.dump());
            QVERIFY(readHfConfig(folder()) == config);
        }
    }

    // Values that the released models' files have, in both generations.
    void scaling() {
        const Json llama3 = {{"factor", 32.0},
                             {"high_freq_factor", 4.0},
                             {"low_freq_factor", 1.0},
                             {"original_max_position_embeddings", 8192},
                             {"rope_type", "llama3"}};
        HfConfig config = read(llama, {{"rope_theta", 5e5}, {"rope_scaling", llama3}});
        QCOMPARE(config.ropeScaling.type, RopeType::Llama3);
        QCOMPARE(config.ropeScaling.factor, 32.0);
        QCOMPARE(config.ropeScaling.originalMaxPositions, std::int64_t(8192));
        Json parameters = llama3;
        parameters["rope_theta"] = 5e5;
        QVERIFY(read(llama, {{"rope_parameters", parameters}}) == config);

        config = read(llama, {{"rope_scaling", {{"type", "linear"}, {"factor", 2}}}});
        QCOMPARE(config.ropeScaling.type, RopeType::Linear);
        QCOMPARE(config.ropeScaling.factor, 2.0);
        config = read(
            llama, {{"rope_scaling", {{"type", "dynamic"}, {"factor", 4}}}, {"max_position_embeddings", 77}});
        QCOMPARE(config.ropeScaling.originalMaxPositions, std::int64_t(77));

        Json yarn = {{"type", "yarn"}, {"factor", 4.0}, {"original_max_position_embeddings", 32768}};
        config = read(llama, {{"model_type", "qwen2"}, {"rope_scaling", yarn}});
        QCOMPARE(config.ropeScaling.attentionFactor, 0.1 * std::log(4.0) + 1);
        QCOMPARE(config.ropeScaling.betaFast, 32.0);
        QVERIFY(config.ropeScaling.truncate);
        yarn.update({{"mscale", 0.707}, {"mscale_all_dim", 1.0}, {"factor", 40}, {"beta_fast", nullptr}});
        QCOMPARE(read(llama, {{"rope_scaling", yarn}}).ropeScaling.attentionFactor,
                 (0.0707 * std::log(40.0) + 1) / (0.1 * std::log(40.0) + 1));
        yarn["attention_factor"] = 1.5;
        QCOMPARE(read(llama, {{"rope_scaling", yarn}}).ropeScaling.attentionFactor, 1.5);
        yarn.erase("original_max_position_embeddings");
        QCOMPARE(read(llama, {{"rope_scaling", yarn}, {"max_position_embeddings", 99}})
                     .ropeScaling.originalMaxPositions,
                 std::int64_t(99));
    }

    void gpt2() {
        HfConfig config =
            read(R"({"model_type":"gpt2","architectures":["GPT2LMHeadModel"],"n_head":4,"n_embd":64})", {});
        QCOMPARE(config.block, DecoderBlock::Gpt2);
        QCOMPARE(config.vocabSize, std::int64_t(50257));
        QCOMPARE(config.layers, std::int64_t(12));
        QCOMPARE(config.headDim, std::int64_t(16));
        QCOMPARE(config.intermediateSize, std::int64_t(256));
        QCOMPARE(config.maxPositions, std::int64_t(1024));
        QCOMPARE(config.rmsNormEps, 1e-5);
        QCOMPARE(config.positionEmbedding, std::string("learned"));
        QVERIFY(config.tieWordEmbeddings);
        config.eosIds = {7};
        config.intermediateSize = 100;
        config.tieWordEmbeddings = false;
        writeHfConfig(folder(), config);
        QVERIFY(readHfConfig(folder()) == config);
        QCOMPARE(config.modelType(), std::string("gpt2"));
        for (const Json& change : std::vector<Json>{{{"activation_function", "relu"}},
                                                    {{"scale_attn_by_inverse_layer_idx", true}},
                                                    {{"scale_attn_weights", false}},
                                                    {{"add_cross_attention", true}},
                                                    {{"n_head", 5}}})
            QVERIFY_EXCEPTION_THROWN(read(R"({"model_type":"gpt2","n_embd":64,"n_head":4})", change), Error);
    }

    void generationsAndDefaults() {
        HfConfig config = read(llama, {});
        QCOMPARE(config.kvHeads, std::int64_t(4));
        QCOMPARE(config.headDim, std::int64_t(16));
        QCOMPARE(config.ropeTheta, 10000.0);
        QVERIFY(!config.tieWordEmbeddings);
        QCOMPARE(config.padId, -1);
        QCOMPARE(read(llama, {{"rope_theta", 5e5}, {"rope_scaling", nullptr}}).ropeTheta, 5e5);
        QCOMPARE(
            read(llama, {{"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 1e6}}}}).ropeTheta,
            1e6);
        QVERIFY(read(llama, {{"model_type", "qwen2"}}).attentionBias);
        QVERIFY(read(llama, {{"model_type", "qwen3"}}).qkNorm);
        QCOMPARE(read(llama, {{"model_type", "qwen3"}}).headDim, std::int64_t(128));
        QCOMPARE(read(llama, {{"torch_dtype", "bfloat16"}}).dtype, std::string("bfloat16"));
        QCOMPARE(read(llama, {{"eos_token_id", {3, 4}}}).eosIds, (std::vector<std::int32_t>{3, 4}));
    }

    void refused_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* key, const char* value) {
            QTest::addRow("%s %s", key, value) << QString(key) << QString(value);
        };
        row("model_type", "\"mistral\"");
        row("model_type", "null");
        row("architectures", R"(["LlamaForTokenClassification"])");
        row("architectures", "\"LlamaForCausalLM\"");
        row("num_hidden_layers", "5000");
        row("vocab_size", "20000000");
        row("model_type", "3");
        row("vocab_size", "0");
        row("vocab_size", "-5");
        row("vocab_size", "1e30");
        row("vocab_size", "\"5\"");
        row("hidden_size", "null");
        row("hidden_size", "65");
        row("num_key_value_heads", "3");
        row("head_dim", "15");
        row("rope_scaling", R"({"rope_type":"llama3","factor":8})");
        row("rope_scaling", R"({"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,
            "original_max_position_embeddings":8192})");
        row("rope_scaling", R"({"type":"linear"})");
        row("rope_scaling", R"({"type":"linear","factor":0})");
        row("rope_scaling", R"({"type":"longrope","factor":2})");
        row("rope_scaling", R"({"type":7})");
        row("rope_parameters", R"({"rope_type":"yarn"})");
        row("rope_parameters", R"({"rope_type":"yarn","factor":2,"beta_fast":1,"beta_slow":2})");
        row("rope_parameters", R"({"rope_type":"default","partial_rotary_factor":0.5})");
        row("rope_parameters", R"({"full_attention":{"rope_type":"default"}})");
        row("layer_types", R"(["full_attention","sliding_attention"])");
        row("quantization_config", R"({"bits":4})");
        row("rope_parameters", "[]");
        row("rope_theta", "-1");
        row("attention_bias", "true");
        row("mlp_bias", "true");
        row("use_sliding_window", "true");
        row("hidden_act", "\"gelu\"");
        row("rms_norm_eps", "\"x\"");
        row("eos_token_id", "\"</s>\"");
        row("tie_word_embeddings", "1");
    }
    void refused() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QVERIFY_EXCEPTION_THROWN(read(llama, {{key.toStdString(), Json::parse(value.toStdString())}}), Error);
    }

    void damaged() {
        QVERIFY_EXCEPTION_THROWN(readHfConfig(folder() / "missing"), Error);
        for (const std::string& text : {std::string(), std::string("{"), std::string("[]"),
                                        std::string("{\"\xff\":1}"), "{\"a\":" + std::string(100'000, '[')}) {
            writeFileAtomically(folder() / "config.json", text);
            QVERIFY_EXCEPTION_THROWN(readHfConfig(folder()), Error);
        }
    }

  private:
    HfConfig read(const char* base, const Json& changes) {
        Json json = Json::parse(base);
        if (!changes.is_null()) json.update(changes);
        fs::remove(folder() / "generation_config.json");
        writeFileAtomically(folder() / "config.json", json.dump());
        return readHfConfig(folder());
    }
    fs::path folder() const { return m_folder.path().toStdString(); }
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestHfConfig)
#include "tst_hf_config.moc"
