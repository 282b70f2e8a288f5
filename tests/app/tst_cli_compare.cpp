// retort-cli compare: what it prints, what it refuses, how it ends.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "cli_process.h"
#include "core/formats/sharded_safetensors.h"
#include "core/util/files.h"
#include "tests/core/comparison/comparison_store.h"

using namespace retort;
namespace fs = std::filesystem;

class TestCliCompare : public QObject {
    Q_OBJECT

    StoreFolder m_folder;

    CliResult compare(const QStringList& arguments) const {
        return runCli(m_folder.directory.path(), QStringList{"compare"} + arguments);
    }
    static void addCheckpoint(const fs::path& run, float value, const std::string& config) {
        const fs::path folder = run / "checkpoints" / "step-00000010";
        fs::create_directories(folder);
        const std::vector<float> values(4, value);
        writeCheckpointWeights(folder, {{"model.layers.0.w", Dtype::Float32, {2, 2}, values.data(), false}});
        writeFileAtomically(folder / "config.json", config);
    }

  private Q_SLOTS:
    void initTestCase() {
        StoreWriter writer(m_folder.file());
        addEvaluated(m_folder, writer, "base", {evaluationOf("addition", "h", {1, 0, 0, 0, 1, 1})});
        addEvaluated(m_folder, writer, "better", {evaluationOf("addition", "h", {1, 1, 1, 1, 1, 1}, 1, 20)});
        addEvaluated(m_folder, writer, "stranger", {evaluationOf("addition", "other", {1, 1, 0})});
        StoreReader reader(m_folder.file());
        float value = 1;
        for (const RunRow& run : reader.runs()) {
            if (run.name == "stranger") continue;
            addCheckpoint(run.directory, value++, "{}");
            RunLogWriter log(fs::path(run.directory) / "events.jsonl");
            log.write(CheckpointEvent{10, "checkpoints/step-00000010"});
            log.sync();
            writer.ingest(run.id).get();
        }
    }

    void asJson() {
        const CliResult result = compare({"base", "better@10", "--json"});
        QVERIFY2(result.status == 0, result.err.constData());
        const QJsonObject json = QJsonDocument::fromJson(result.out).object();
        QCOMPARE(json["set_hash"].toString(), QString("h"));
        QCOMPARE(json["problems"].toInt(), 6);
        const QJsonObject against =
            json["checkpoints"].toArray()[1].toObject()["against_baseline"].toObject();
        QCOMPARE(against["delta"].toDouble(), 0.5);
        QCOMPARE(against["p"].toDouble(), 0.25);
        QCOMPARE(against["flips"].toObject()["only_this"].toInt(), 3);
        QCOMPARE(against["tokens"].toObject()["mean"].toDouble(), 10.0);
        QVERIFY(!json.contains("weights"));
    }

    void asText() {
        const CliResult result =
            compare({"base", "better", "--baseline", "better", "--evaluation", "addition"});
        QVERIFY2(result.status == 0, result.err.constData());
        QVERIFY2(result.out.contains("base @ 10") && result.out.contains("-50.0"), result.out.constData());
        QVERIFY(result.err.contains("6 problems, set h"));
    }

    void merges() {
        const CliResult result = compare({"base", "better", "base@10", "--parent", "better", "--json"});
        QCOMPARE(result.status, 0);
        QVERIFY(QJsonDocument::fromJson(result.out).object().contains("merges"));
    }

    void weights() {
        const CliResult result = compare({"base", "better", "--weights", "--json"});
        QVERIFY2(result.status == 0, result.err.constData());
        const QJsonObject pair =
            QJsonDocument::fromJson(result.out).object()["weights"].toArray()[0].toObject();
        QCOMPARE(pair["tensors"].toArray().size(), 1);
        QVERIFY(std::abs(pair["cosine"].toDouble() - 1) < 1e-9);
        QCOMPARE(pair["changed"].toDouble(), 1.0);
    }

    void refused_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const QStringList& arguments, int status, const char* message) {
            QTest::newRow(name) << arguments << status << QByteArray(message);
        };
        row("nothing", {}, 2, "CHECKPOINT is missing");
        row("unknown run", {"bas", "better"}, 1, "did you mean base");
        row("no such step", {"base@11", "better"}, 1, "there is no evaluation at this step");
        row("no step", {"base@x"}, 1, "is no step");
        row("baseline elsewhere", {"base", "--baseline", "better"}, 1, "none of the compared");
        row("other set", {"base", "stranger"}, 3, "no set of problems");
        row("other set by name", {"base", "stranger", "--evaluation", "addition"}, 0,
            "another set of problems");
        row("unknown evaluation", {"base", "better", "--evaluation", "x"}, 3, "was not evaluated on x");
    }
    void refused() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QByteArray, message);
        const CliResult result = compare(arguments);
        QCOMPARE(result.status, status);
        QVERIFY2(result.err.contains(message), result.err.constData());
    }
};

QTEST_APPLESS_MAIN(TestCliCompare)
#include "tst_cli_compare.moc"
