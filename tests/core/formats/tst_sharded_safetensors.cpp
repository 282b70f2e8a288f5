// Checkpoints in several files: what is written is found again, and an index that lies is refused.
#include <QTemporaryDir>
#include <QTest>
#include <numeric>

#include "core/formats/shard_index.h"
#include "core/formats/sharded_safetensors.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

using namespace retort;
namespace fs = std::filesystem;

class TestShardedSafetensors : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_values.resize(100);
        std::iota(m_values.begin(), m_values.end(), 0.f);
    }

    void oneFile() {
        writeCheckpointWeights(folder(), tensors());
        QCOMPARE(names(), QStringList{"model.safetensors"});
        checkContent();
    }

    // 100, 200, 300 and 400 bytes, at most 350 in a file: [100 + 200], [300], [400, too large by itself].
    void shards() {
        writeCheckpointWeights(folder(), tensors(), 350);
        QCOMPARE(names(), (QStringList{"model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
                                       "model-00003-of-00003.safetensors", "model.safetensors.index.json"}));
        const Json index = Json::parse(readFile(indexPath()));
        QCOMPARE(index["metadata"]["total_size"].get<int>(), 1000);
        QVERIFY(index["weight_map"]["b"] == "model-00001-of-00003.safetensors");
        QVERIFY(index["weight_map"]["c"] == "model-00002-of-00003.safetensors");
        checkContent();
    }

    // A save over an earlier one leaves nothing behind that would be read instead; other files stay.
    void savedAgain() {
        writeFileAtomically(folder() / "model-notes.safetensors", "");
        for (const std::uint64_t limit :
             {std::uint64_t(350), std::uint64_t(150), defaultShardBytes, std::uint64_t(500)}) {
            writeCheckpointWeights(folder(), tensors(), limit);
            checkContent();
        }
        QCOMPARE(names().size(), 5);  // three shards, their index, the notes
    }

    void missingShard() {
        writeCheckpointWeights(folder(), tensors(), 350);
        fs::remove(folder() / "model-00002-of-00003.safetensors");
        refuses("1 of 3 shards are missing, first model-00002-of-00003.safetensors");
    }
    void truncatedShard() {
        writeCheckpointWeights(folder(), tensors(), 350);
        const fs::path shard = folder() / "model-00002-of-00003.safetensors";
        fs::resize_file(shard, fs::file_size(shard) - 1);
        refuses("truncated");
    }
    void nothingThere() { refuses("model.safetensors: cannot open"); }

    void lyingIndex_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* text, const char* message) {
            QTest::newRow(name) << QString(text) << QString(message);
        };
        const char* const good = R"("a":"one.safetensors","b":"one.safetensors")";
        const auto map = [&](const char* name, const std::string& more, const char* message) {
            row(name, (std::string("{\"weight_map\":{") + good + "," + more + "}}").c_str(), message);
        };
        map("in no shard", R"("z":"one.safetensors")", "which is in no shard");
        map("in another shard", R"("c":"one.safetensors")", "which is in no shard");
        map("elsewhere", R"("c":"one.safetensors","d":"two.safetensors")", "it is in two.safetensors");
        map("in two shards", R"("c":"three.safetensors")", "is in two shards");
        map("listed twice", R"("a":"one.safetensors")", "lists the tensor 'a' twice");
        map("outside", R"("c":"../one.safetensors")", "plain name");
        map("absolute", R"("c":"/etc/one.safetensors")", "plain name");
        map("backslash", R"("c":"..\\one.safetensors")", "plain name");
        map("hidden", R"("c":"..safetensors")", "plain name");
        map("NUL", R"("c":"one\u0000.safetensors")", "plain name");
        map("pickle", R"("c":"model.bin")", "plain name");
        map("empty name", R"("c":"")", "plain name");
        map("list", R"("c":[])", "more than names");
        map("number", R"("c":3)", "more than names");
        map("map", R"("c":{})", "more than names");
        row("empty", "", "not valid JSON");
        row("cut", R"({"weight_map":{"a":)", "not valid JSON");
        row("not an object", "[]", "not an object");
        row("no map", R"({"metadata":{"total_size":5}})", "has no weight_map");
        row("empty map", R"({"weight_map":{}})", "has no weight_map");
        row("map is a list", R"({"weight_map":["a"]})", "more than names");
        row("deep", (R"({"x":)" + std::string(100'000, '[')).c_str(), "nested too deeply");
    }
    void lyingIndex() {
        QFETCH(QString, text);
        QFETCH(QString, message);
        const auto all = tensors();
        writeSafetensors(folder() / "one.safetensors", {all[0], all[1]});
        writeSafetensors(folder() / "two.safetensors", {all[2], all[3]});
        writeSafetensors(folder() / "three.safetensors", {all[0], all[2]});
        writeFileAtomically(indexPath(), text.toStdString());
        refuses(message);
    }

    // What transformers accepts: total_size that counts something else, a tensor that only its shard knows.
    void harmless() {
        const auto all = tensors();
        writeSafetensors(folder() / "one.safetensors", {all[0], all[1]});
        writeSafetensors(folder() / "two.safetensors", {all[2], all[3]});
        writeFileAtomically(indexPath(), R"({"metadata":{"total_size":1.0,"x":[{"y":null}]},"weight_map":
            {"a":"one.safetensors","c":"two.safetensors","d":"two.safetensors"}})");
        checkContent();
    }

    void writerRefusesDoubles() {
        auto twice = tensors();
        twice.push_back(twice.front());
        QVERIFY_EXCEPTION_THROWN(writeCheckpointWeights(folder(), twice, 350), Error);
        QVERIFY(names().isEmpty());
    }

  private:
    std::vector<TensorData> tensors() const {
        const auto tensor = [this](const char* name, std::int64_t size) {
            return TensorData{name, Dtype::Float32, {size}, m_values.data()};
        };
        return {tensor("a", 25), tensor("b", 50), tensor("c", 75), tensor("d", 100)};
    }
    void checkContent() const {
        const CheckpointWeights read(folder());
        QCOMPARE(read.tensors().size(), std::size_t(4));
        QCOMPARE(read.totalBytes(), std::uint64_t(1000));
        for (const TensorData& tensor : tensors()) {
            const TensorInfo& info = read.at(tensor.name);
            QCOMPARE(info.shape, tensor.shape);
            std::vector<float> values(std::size_t(info.elements()));
            read.readFloats(info, values.data());
            QVERIFY(std::equal(values.begin(), values.end(), m_values.begin()));
            QCOMPARE(std::memcmp(read.bytes(info).data(), m_values.data(), info.size), 0);
        }
        QVERIFY(read.find("e") == nullptr);
        QVERIFY_EXCEPTION_THROWN(read.at("e"), Error);
    }
    void refuses(const QString& message) const {
        try {
            const CheckpointWeights read(folder());
            QFAIL("was accepted");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(message), error.what());
        }
    }
    QStringList names() const {
        QStringList result;
        for (const auto& entry : fs::directory_iterator(folder()))
            result << QString::fromStdString(entry.path().filename().string());
        result.sort();
        return result;
    }
    fs::path folder() const { return m_folder->path().toStdString(); }
    fs::path indexPath() const { return folder() / "model.safetensors.index.json"; }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<float> m_values;
};

QTEST_APPLESS_MAIN(TestShardedSafetensors)
#include "tst_sharded_safetensors.moc"
