// TRL's stepwise format, right and wrong.
#include <QTemporaryDir>
#include <QTest>

#include "core/tasks/stepwise_file.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;

class TestStepwiseFile : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void readsSolutions() {
        const auto solutions = read(
            "{\"prompt\": \"1+2+3=\", \"completions\": [\"1+2=3\", \"3+3=7\"], \"labels\": [true, false]}\n\n"
            "{\"prompt\": \"2*2=\", \"completions\": [\"4\"], \"labels\": [1], \"extra\": {}}\n");
        QCOMPARE(solutions.size(), std::size_t(2));
        QVERIFY((solutions[0] == StepwiseSolution{"1+2+3=", {"1+2=3", "3+3=7"}, {true, false}}));
        QCOMPARE(solutions[1].labels, std::vector<bool>{true});
    }

    void wrongLinesAreNamed_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("not JSON") << QByteArray("prompt");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("truncated") << QByteArray("{\"prompt\": \"a\", \"completions\": [\"b\"");
        QTest::newRow("no labels") << QByteArray("{\"prompt\": \"a\", \"completions\": [\"b\"]}");
        QTest::newRow("no steps") << QByteArray("{\"prompt\": \"a\", \"completions\": [], \"labels\": []}");
        QTest::newRow("more labels") << QByteArray(
            "{\"prompt\": \"a\", \"completions\": [\"b\"], \"labels\": [1, 0]}");
        QTest::newRow("label 2") << QByteArray(
            "{\"prompt\": \"a\", \"completions\": [\"b\"], \"labels\": [2]}");
        QTest::newRow("label text") << QByteArray(
            "{\"prompt\": \"a\", \"completions\": [\"b\"], \"labels\": [\"+\"]}");
        QTest::newRow("step number") << QByteArray(
            "{\"prompt\": \"a\", \"completions\": [3], \"labels\": [1]}");
        QTest::newRow("not UTF-8") << QByteArray(
            "{\"prompt\": \"\xc3\", \"completions\": [\"b\"], \"labels\": [1]}");
    }
    void wrongLinesAreNamed() {
        QFETCH(QByteArray, line);
        const std::string good = "{\"prompt\": \"a\", \"completions\": [\"b\"], \"labels\": [true]}\n";
        try {
            read(good + line.toStdString() + "\n");
            QFAIL("was accepted");
        } catch (const Error& error) {
            QVERIFY2(std::string(error.what()).find("steps.jsonl:2") != std::string::npos, error.what());
        }
    }

    void tooManyStepsAreRefused() {
        std::string line = "{\"prompt\": \"a\", \"completions\": [";
        for (int i = 0; i < 5000; ++i) line += i ? ",\"b\"" : "\"b\"";
        line += "], \"labels\": [";
        for (int i = 0; i < 5000; ++i) line += i ? ",1" : "1";
        QVERIFY_EXCEPTION_THROWN(read(line + "]}\n"), Error);
        QVERIFY_EXCEPTION_THROWN(read("\n\n"), Error);
    }

  private:
    std::vector<StepwiseSolution> read(const std::string& text) {
        const std::filesystem::path file =
            std::filesystem::path(m_folder.path().toStdString()) / "steps.jsonl";
        writeFileAtomically(file, text);
        return readStepwiseSolutions(file);
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestStepwiseFile)
#include "tst_stepwise_file.moc"
