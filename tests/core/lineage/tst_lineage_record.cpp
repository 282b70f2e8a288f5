// lineage.json is read back as it was written, a damaged one is refused by name, and the content hash depends
// on the weights and on nothing else.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/formats/sharded_safetensors.h"
#include "core/lineage/lineage_record.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

class TestLineageRecord : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void kinds() {
        for (int i = 0; i <= int(LineageKind::Judged); ++i) {
            const auto kind = LineageKind(i);
            QCOMPARE(lineageKindOf(lineageKindName(kind)), std::optional(kind));
        }
        QVERIFY(!lineageKindOf("merge"));
        QVERIFY(!lineageKindOf(""));
    }

    void roundTrip() {
        LineageRecord record;
        record.method = "ties";
        record.parents = {{LineageKind::Merged, "/models/a", std::string(32, 'a'), 0.25, false},
                          {LineageKind::Merged, "/models/b with ü", "", {}, false},
                          {LineageKind::Adapter, "/models/base", "", -1.5, true}};
        record.recipe = "merge_method: ties\nmodels:\n  - model: \"a\"\n";
        record.created = 1700000000.5;
        record.program = "retort-cli 1";
        writeLineageRecord(folder(), record);
        QVERIFY(readLineageRecord(folder()) == record);
    }
    void emptyRecord() {
        writeLineageRecord(folder(), {});
        QVERIFY(readLineageRecord(folder()) == LineageRecord());
    }
    void none() { QVERIFY(!readLineageRecord(folder())); }

    // Others may move a family of checkpoints as a whole.
    void relativePath() {
        write(R"({"parents": [{"kind": "trained", "path": "../base/./x"}]})");
        QCOMPARE(readLineageRecord(folder())->parents.at(0).path,
                 (folder().parent_path() / "base" / "x").lexically_normal());
    }
    // What a later version adds does not hinder; null is absent.
    void unknownMembers() {
        write(R"({"parents": [{"kind": "trained", "path": "/a", "weight": null, "more": [1]}], "more": {}})");
        const auto record = readLineageRecord(folder());
        QCOMPARE(record->parents.size(), 1u);
        QVERIFY(!record->parents[0].weight);
    }

    // With ' for ", for the reader's sake (and moc's, which stumbles over raw strings that end in quotes).
    void damaged_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& text, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(text).replace('\'', '"') << QString(message);
        };
        const auto parent = [&](const char* name, const std::string& fields, const char* message) {
            row(name, "{'parents': [{'kind': 'trained', 'path': '/a'}, {" + fields + "}]}", message);
        };
        row("empty", "", "not valid JSON");
        row("cut", "{'parents': [", "not valid JSON");
        row("not UTF-8", "{'parents': [], 'method': '\xff'}", "not valid JSON");
        row("a list", "[]", "must be an object");
        row("no parents", "{}", "'parents' is missing");
        row("parents that are none", "{'parents': {}}", "must be an array");
        row("a parent that is none", "{'parents': ['/a']}", "parent 1: ");
        row("a method that is none", "{'parents': [], 'method': 1}", "'method' must be a string");
        row("no time", "{'parents': [], 'created': 'Infinity'}", "'created' must be a time");
        row("deep", std::string(100000, '[') + std::string(100000, ']'), "not valid JSON");
        parent("no kind", "'path': '/b'", "parent 2: 'kind' is missing");
        parent("unknown kind", "'kind': 'merge', 'path': '/b'", "must be one of trained, distilled, merged");
        parent("no path", "'kind': 'merged'", "parent 2: 'path' is missing");
        parent("empty path", "'kind': 'merged', 'path': ''", "must be a path");
        parent("path with NUL", "'kind': 'merged', 'path': '/b\\u0000c'", "must be a path");
        parent("endless path", "'kind': 'merged', 'path': '/" + std::string(5000, 'x') + "'",
               "must be a path");
        parent("short hash", "'kind': 'merged', 'path': '/b', 'hash': 'abc'", "must be 32 digits");
        parent("other hash", "'kind': 'merged', 'path': '/b', 'hash': '" + std::string(32, 'G') + "'",
               "must be 32 digits");
        parent("NaN", "'kind': 'merged', 'path': '/b', 'weight': 'NaN'", "must be a finite number");
        parent("a weight that is none", "'kind': 'merged', 'path': '/b', 'weight': [1]", "must be a number");
        parent("a base that is none", "'kind': 'merged', 'path': '/b', 'is_base': 1",
               "must be true or false");
        std::string many = "{'parents': [";
        for (int i = 0; i < 1001; ++i) many += std::string(i ? "," : "") + "{'kind': 'merged', 'path': '/a'}";
        row("many parents", many + "]}", "more than 1000 parents");
        row("large", "{'parents': [], 'recipe': '" + std::string(5u << 20, 'x') + "'}", "are accepted here");
    }
    void damaged() {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        write(text.toStdString());
        try {
            readLineageRecord(folder());
            QFAIL("was read");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).replace(u'"', u'\'').contains(message), error.what());
            QCOMPARE(QString::fromStdString(error.where()).section('/', -1), QString("lineage.json"));
        }
    }

    // Of xxhsum -H2 over the same stream, written by Python.
    void knownHash() {
        const std::vector<float> values = {0, 1, 2, 3, 4, 5};
        writeCheckpointWeights(folder(), {{"b", Dtype::Float32, {2, 3}, values.data()},
                                          {"a", Dtype::Float32, {1}, values.data() + 5}});
        QCOMPARE(QString::fromStdString(contentHash(folder())), QString("c1730448eab4bac98fb1c4a67a63b0a3"));
    }

    void shardingDoesNotMatter() {
        const std::string whole = saved(weights());
        QCOMPARE(whole.size(), 32u);
        QCOMPARE(saved(weights(), 100), whole);
        QVERIFY(!fs::exists(folder() / "model.safetensors"));
        auto reversed = weights();
        std::reverse(reversed.begin(), reversed.end());
        QCOMPARE(saved(reversed, 200), whole);
        QCOMPARE(saved(reversed), whole);
    }

    void everythingElseDoes_data() {
        QTest::addColumn<int>("change");
        QTest::newRow("a name") << 0;
        QTest::newRow("a type") << 1;
        QTest::newRow("a shape") << 2;
        QTest::newRow("a value") << 3;
        QTest::newRow("one tensor less") << 4;
        QTest::newRow("two tensors' values swapped") << 5;
    }
    void everythingElseDoes() {
        QFETCH(int, change);
        const std::string before = saved(weights());
        auto tensors = weights();
        switch (change) {
            case 0:
                tensors[1].name = "bb";
                break;
            case 1:
                tensors[1].dtype = Dtype::Int32;
                break;
            case 2:
                tensors[1].shape = {4, 5};
                break;
            case 3:
                m_values[1] += 0.5f;
                break;
            case 4:
                tensors.pop_back();
                break;
            case 5:
                std::swap(tensors[0].data, tensors[1].data);
                break;
        }
        QVERIFY(saved(tensors) != before);
    }

    void adapter() {
        const auto tensors = weights();
        writeSafetensors(folder() / "adapter_model.safetensors", tensors);
        const std::string hash = contentHash(folder());
        fs::remove(folder() / "adapter_model.safetensors");
        QCOMPARE(saved(tensors), hash);
    }
    // A checkpoint that has an adapter's file beside its weights is a checkpoint.
    void checkpointWithAdapterFile() {
        const std::string hash = saved(weights());
        writeFileAtomically(folder() / "config.json", "{}");
        writeFileAtomically(folder() / "adapter_model.safetensors", "nonsense");
        QCOMPARE(contentHash(folder()), hash);
    }

    void noWeights() { QVERIFY_EXCEPTION_THROWN(contentHash(folder()), Error); }
    void truncatedWeights() {
        saved(weights());
        fs::resize_file(folder() / "model.safetensors", fs::file_size(folder() / "model.safetensors") - 4);
        QVERIFY_EXCEPTION_THROWN(contentHash(folder()), Error);
    }
    void stopped() {
        saved(weights());
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(contentHash(folder(), stop.get_token()), Error);
    }

  private:
    fs::path folder() const { return m_folder->path().toStdString(); }
    void write(const std::string& text) { writeFileAtomically(folder() / "lineage.json", text); }
    std::string saved(const std::vector<TensorData>& tensors,
                      std::uint64_t maxShardBytes = defaultShardBytes) {
        writeCheckpointWeights(folder(), tensors, maxShardBytes);
        return contentHash(folder());
    }
    std::vector<TensorData> weights() {
        return {{"a", Dtype::Float32, {20}, m_values.data()},
                {"b", Dtype::Float32, {2, 10}, m_values.data() + 20},
                {"c", Dtype::Float32, {}, m_values.data() + 40}};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<float> m_values = [] {
        std::vector<float> values(41);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.25f * float(i);
        return values;
    }();
};

QTEST_APPLESS_MAIN(TestLineageRecord)
#include "tst_lineage_record.moc"
