// Results of lm-evaluation-harness: as its versions write them, and broken.
#include <QTemporaryDir>
#include <QTest>

#include "core/formats/lm_eval_results.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const char* const results = R"({
  "results": {
    "gsm8k": {"alias": "gsm8k", "exact_match,strict-match": 0.25, "exact_match_stderr,strict-match": 0.011,
              "exact_match,flexible-extract": 0.5, "exact_match_stderr,flexible-extract": "N/A"},
    "hellaswag": {"acc": 0.75, "acc_stderr": 0.02, "sample_len": 40}},
  "versions": {"gsm8k": 3.0}, "n-shot": {"gsm8k": 5},
  "n-samples": {"gsm8k": {"original": 1319, "effective": 4}},
  "config": {"model": "hf", "model_args": "pretrained=tiny"}})";

const char* const samples =
    "{\"doc_id\": 0, \"doc_hash\": \"a1\", \"filter\": \"strict-match\", \"exact_match\": 1.0}\n"
    "{\"doc_id\": 0, \"doc_hash\": \"a1\", \"filter\": \"flexible-extract\", \"exact_match\": 1.0}\n"
    "{\"doc_id\": 1, \"filter\": \"strict-match\", \"exact_match\": 0.0}\n"
    "\n"
    "{\"doc_id\": 2, \"doc_hash\": \"c3\", \"filter\": \"strict-match\", \"exact_match\": true}\n";

}  // namespace

class TestLmEvalResults : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void readsTasksAndMetrics() {
        const LmEvalResults read = readLmEvalResults(write("results.json", results));
        QCOMPARE(read.model, std::string("pretrained=tiny"));
        QCOMPARE(read.tasks.size(), std::size_t(2));
        const LmEvalTask& gsm8k = read.tasks[0];
        QCOMPARE(gsm8k.metrics.size(), std::size_t(2));
        QCOMPARE(gsm8k.metrics[0].filter, std::string("strict-match"));
        QCOMPARE(gsm8k.metrics[0].value, 0.25);
        QCOMPARE(*gsm8k.metrics[0].standardError, 0.011);
        QVERIFY(!gsm8k.metrics[1].standardError);
        QCOMPARE(gsm8k.samples, std::int64_t(4));
        QCOMPARE(*gsm8k.fewshot, std::int64_t(5));
        QCOMPARE(read.tasks[1].metrics.size(), std::size_t(1));
        QCOMPARE(read.tasks[1].metrics[0].name, std::string("acc"));
        QVERIFY(!read.tasks[1].fewshot);
    }

    void readsSamplesOfOneFilter() {
        const auto items =
            readLmEvalSamples(write("samples.jsonl", samples), "gsm8k", "exact_match", "strict-match");
        QCOMPARE(items.size(), std::size_t(3));
        QCOMPARE(items[0].problemId, std::string("gsm8k:a1"));
        QCOMPARE(items[1].problemId, std::string("gsm8k:1"));
        QCOMPARE(items[0].correct + items[1].correct * 10 + items[2].correct * 100, 101);
    }

    void becomesAnEvaluation() {
        const LmEvalTask task = readLmEvalResults(write("results.json", results)).tasks[0];
        const EvaluationEvent event = evaluationOf(task, 7, {{"gsm8k:a1", 1, 1, 0}});
        QCOMPARE(event.step, std::int64_t(7));
        QCOMPARE(event.name, std::string("gsm8k"));
        QCOMPARE(event.metrics.size(), std::size_t(3));
        QCOMPARE(event.metrics[1].first, std::string("exact_match_stderr,strict-match"));
        QVERIFY(event.setHash != evaluationOf(task, 7, {{"gsm8k:b2", 1, 1, 0}}).setHash);
    }

    void brokenFilesAreNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("truncated") << QByteArray(results).left(200);
        QTest::newRow("list") << QByteArray("[1, 2]");
        QTest::newRow("no results") << QByteArray("{\"config\": {}}");
        QTest::newRow("results are a list") << QByteArray("{\"results\": []}");
        QTest::newRow("a task is a number") << QByteArray("{\"results\": {\"gsm8k\": 3}}");
        QTest::newRow("not UTF-8") << QByteArray("{\"results\": {\"\xff\xfe\": {}}}");
    }
    void brokenFilesAreNamed() {
        QFETCH(QByteArray, text);
        QVERIFY(errorOf([&] {
                    readLmEvalResults(write("broken.json", text.toStdString()));
                }).contains("broken.json"));
    }

    void brokenSamplesAreNamed() {
        for (const char* line : {"nonsense", "{\"doc_id\": 1}", "{\"exact_match\": 1}",
                                 "{\"doc_id\": 1, \"exact_match\": \"x\"}"}) {
            const QString text = errorOf([&] {
                readLmEvalSamples(write("samples.jsonl", std::string(samples) + line), "gsm8k", "exact_match",
                                  "");
            });
            QVERIFY2(text.contains("samples.jsonl:6"), qPrintable(text));
        }
    }

  private:
    fs::path write(const char* name, const std::string& text) {
        const fs::path file = fs::path(m_folder.path().toStdString()) / name;
        writeFileAtomically(file, text);
        return file;
    }
    template <class Action>
    static QString errorOf(const Action& action) {
        try {
            action();
        } catch (const Error& error) {
            return QString::fromUtf8(error.what());
        }
        return {};
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestLmEvalResults)
#include "tst_lm_eval_results.moc"
