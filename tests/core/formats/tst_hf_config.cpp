// config.json in both of its generations, and models that must be refused rather than computed wrongly.
#include <QTemporaryDir>
#include <QTest>

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

    void generationsAndDefaults() {
        HfConfig config = read(llama, {});
        QCOMPARE(config.kvHeads, std::int64_t(4));
        QCOMPARE(config.headDim, std::int64_t(16));
        QCOMPARE(config.ropeTheta, 10000.0);
        QVERIFY(!config.tieWordEmbeddings);
        QCOMPARE(config.padId, -1);
        QCOMPARE(read(llama, {{"rope_theta", 5e5}, {"rope_scaling", nullptr}}).ropeTheta, 5e5);
        QCOMPARE(read(llama, {{"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 1e6}}}}).ropeTheta, 1e6);
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
        row("model_type", "\"gpt2\"");
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
        row("rope_scaling", R"({"type":"linear","factor":2})");
        row("rope_parameters", R"({"rope_type":"yarn"})");
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
        for (const std::string& text : {std::string(), std::string("{"), std::string("[]"), std::string("{\"\xff\":1}"),
                                        "{\"a\":" + std::string(100'000, '[')}) {
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
