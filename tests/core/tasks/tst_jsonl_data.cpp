// The user's own examples: every layout, every bad line with its place, held-out rows, answers.
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "core/tasks/jsonl_data.h"
#include "core/util/error.h"

using namespace retort;

class TestJsonlData : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void layouts_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("completion");
        QTest::addColumn<QString>("answer");
        QTest::newRow("prompt-completion")
            << QByteArray(R"({"prompt":"The sky is","completion":" blue."})") << "The sky is"
            << " blue."
            << "";
        QTest::newRow("prompt-answer") << QByteArray(R"({"prompt":"1+1=","answer":2})") << "1+1="
                                       << ""
                                       << "2";
        QTest::newRow("message lists")
            << QByteArray(
                   R"({"prompt":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}],
"completion":[{"role":"assistant","content":"Hello"}]})")
                   .replace("\n", "")
            << "System: Be kind.\nUser: Hi\nAssistant: "
            << "Hello"
            << "";
        QTest::newRow("messages")
            << QByteArray(
                   R"({"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]})")
            << "User: Hi\nAssistant: "
            << "Hello"
            << "";
        QTest::newRow("text") << QByteArray(R"({"text":"The sky is blue."})") << ""
                              << "The sky is blue."
                              << "";
        QTest::newRow("GSM8K") << QByteArray(
                                      R"({"question":"Clips?","answer":"48/2 = <<48/2=24>>24\n#### $1,072"})")
                               << "Clips?"
                               << "48/2 = 24\n#### $1,072"
                               << "1072";
        QTest::newRow("MATH")
            << QByteArray(R"({"problem":"P","level":"Level 5","solution":"so $\\boxed{\\frac{1}{2}}$."})")
            << "P"
            << "so $\\boxed{\\frac{1}{2}}$."
            << "\\frac{1}{2}";
        QTest::newRow("AIME") << QByteArray(R"({"Problem":"P","Answer":"033"})") << "P"
                              << ""
                              << "033";
        QTest::newRow("DeepMath") << QByteArray(R"({"question":"P","final_answer":"0","difficulty":4.5})")
                                  << "P"
                                  << ""
                                  << "0";
        QTest::newRow("OpenR1") << QByteArray(R"({"problem":"P","solution":"S","answer":"4",)"
                                              R"("generations":["<think>t</think>5","<think>u</think>4"],)"
                                              R"("correctness_math_verify":[false,true]})")
                                << "P"
                                << "<think>u</think>4"
                                << "4";
        QTest::newRow("ShareGPT") << QByteArray(R"({"conversations":[{"from":"human","value":"Hi"},)"
                                                R"({"from":"gpt","value":"Hello"}]})")
                                  << "User: Hi\nAssistant: "
                                  << "Hello"
                                  << "";
        QTest::newRow("BOM and carriage return") << QByteArray("\xef\xbb\xbf{\"text\":\"a\"}\r") << ""
                                                 << "a"
                                                 << "";
    }
    void layouts() {
        QFETCH(QByteArray, line);
        QFETCH(QString, prompt);
        QFETCH(QString, completion);
        QFETCH(QString, answer);
        const auto rows = readJsonl(write(line + "\n\n  \n" + line.mid(line.indexOf('{'))));
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[1].line, std::int64_t(4));
        QCOMPARE(rows[0].prompt, prompt.toStdString());
        QCOMPARE(rows[0].completion, completion.toStdString());
        QCOMPARE(rows[0].answer, answer.toStdString());
    }

    void namedFields() {
        FileSettings settings = write(R"({"q":"Q","a":"A","s":"S","prompt":"not this"})");
        settings.prompt_field = "q";
        settings.completion_field = "s";
        settings.answer_field = "a";
        const auto rows = readJsonl(settings);
        QCOMPARE(rows[0].prompt, std::string("Q"));
        QCOMPARE(rows[0].completion, std::string("S"));
        QCOMPARE(rows[0].answer, std::string("A"));
        settings.answer_field = "missing";
        QVERIFY_EXCEPTION_THROWN(readJsonl(settings), Error);
    }

    void badLines_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("message");
        QTest::newRow("not JSON") << QByteArray("{\"text\":") << "not valid JSON";
        QTest::newRow("two objects") << QByteArray(R"({"text":"a"}{"text":"b"})") << "not valid JSON";
        QTest::newRow("a list") << QByteArray("[1]") << "expected a JSON object";
        QTest::newRow("a number") << QByteArray("3") << "expected a JSON object";
        QTest::newRow("invalid UTF-8") << QByteArray("{\"text\":\"\xff\"}") << "not valid JSON";
        QTest::newRow("unknown fields") << QByteArray(R"({"a":"b"})") << "known name";
        QTest::newRow("prompt only") << QByteArray(R"({"prompt":"a"})") << "neither completion nor answer";
        QTest::newRow("text is null") << QByteArray(R"({"text":null})") << "known name";
        QTest::newRow("text is a map") << QByteArray(R"({"text":{}})") << "not a text";
        QTest::newRow("messages is a text") << QByteArray(R"({"messages":"a"})") << "not a list";
        QTest::newRow("no messages") << QByteArray(R"({"messages":[]})") << "assistant";
        QTest::newRow("message without role") << QByteArray(R"({"messages":[{"content":"a"}]})") << "role";
        QTest::newRow("last is the user's")
            << QByteArray(R"({"messages":[{"role":"user","content":"a"}]})") << "assistant";
        QTest::newRow("deep") << QByteArray(1'000'000, '[') << "not valid JSON";
        QTest::newRow("long") << QByteArray(100'000'000, 'x') << "longer than 16 MB";
        QTest::newRow("NUL bytes") << QByteArray(100, '\0') << "not valid JSON";
    }
    void badLines() {
        QFETCH(QByteArray, line);
        QFETCH(QString, message);
        const FileSettings settings = write("{\"text\":\"good\"}\n" + line + "\n{\"text\":\"good\"}\n");
        try {
            readJsonl(settings);
            QFAIL("was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.where(), settings.path + ":2");
            QVERIFY2(QString(error.what()).contains(message), error.what());
        }
    }

    void badFiles() {
        QVERIFY_EXCEPTION_THROWN(readJsonl(write("")), Error);
        QVERIFY_EXCEPTION_THROWN(readJsonl(write("\n\n")), Error);
        FileSettings settings;
        settings.path = "/no/such/file.jsonl";
        QVERIFY_EXCEPTION_THROWN(readJsonl(settings), Error);
        settings.path = m_folder.path().toStdString();
        QVERIFY_EXCEPTION_THROWN(readJsonl(settings), Error);
    }

    // A last line without its newline is a line.
    void lineEnds() {
        QCOMPARE(readJsonl(write("{\"text\":\"a\"}\n{\"text\":\"b\"}")).size(), std::size_t(2));
        // A line over the block size.
        const QByteArray large = "{\"text\":\"" + QByteArray(3'000'000, 'y') + "\"}\n";
        const auto rows = readJsonl(write(large + large));
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[1].completion.size(), std::size_t(3'000'000));
    }

    void epochsAndSplits() {
        QByteArray content;
        for (int i = 0; i < 500; ++i)
            content += "{\"prompt\":\"p" + QByteArray::number(i) + "\",\"answer\":\"" +
                       QByteArray::number(i) + "\"}\n";
        FileSettings settings = write(content);
        settings.held_out_share = 0.2;
        const auto task = makeFileTask(settings);
        std::size_t heldOut = 0;
        for (const DataRow& row : readJsonl(settings)) heldOut += isHeldOut(row, 0.2);
        QVERIFY(heldOut > 60 && heldOut < 140);
        const std::size_t train = 500 - heldOut;
        std::set<std::string> first, validation, test;
        std::vector<std::string> order, nextOrder;
        for (std::size_t i = 0; i < train; ++i) {
            order.push_back(task->problem(Split::Train, 1, i).id);
            nextOrder.push_back(task->problem(Split::Train, 1, train + i).id);
            first.insert(order.back());
            validation.insert(task->problem(Split::Validation, 1, i).id);
            test.insert(task->problem(Split::Test, 1, i).id);
        }
        QCOMPARE(first.size(), train);  // an epoch sees every row once
        QVERIFY(order != nextOrder);
        QCOMPARE(std::set<std::string>(nextOrder.begin(), nextOrder.end()), first);
        QCOMPARE(validation.size() + test.size(), heldOut);
        for (const std::string& id : validation) QVERIFY(!first.contains(id) && !test.contains(id));
        QCOMPARE(task->problem(Split::Train, 1, 7).id,
                 makeFileTask(settings)->problem(Split::Train, 1, 7).id);
        settings.held_out_share = 0;
        QVERIFY_EXCEPTION_THROWN(makeFileTask(settings)->problem(Split::Test, 1, 0), Error);
    }

    void answers_data() {
        QTest::addColumn<QString>("completion");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("correct");
        QTest::newRow("plain") << "72"
                               << "72" << true;
        QTest::newRow("blanks") << " 72 \n"
                                << "72" << true;
        QTest::newRow("hash marks") << "so 70 + 2\n#### 72\nmore"
                                    << "72" << true;
        QTest::newRow("last hash marks") << "#### 1\n#### 72"
                                         << "72" << true;
        QTest::newRow("commas and dollar") << "#### $1,072."
                                           << "1072" << true;
        QTest::newRow("leading zeros") << "33"
                                       << "033" << true;
        QTest::newRow("decimals") << "72.0"
                                  << "72" << true;
        QTest::newRow("sign") << "+72"
                              << "72" << true;
        QTest::newRow("boxed") << "first \\boxed{1}. Then twice as much halves: \\boxed{\\frac{1}{2}}"
                               << "\\frac{1}{2}" << true;
        QTest::newRow("boxed, not closed") << "\\boxed{72"
                                           << "72" << false;
        QTest::newRow("think region") << "<a;b;>72"
                                      << "72" << true;
        QTest::newRow("wrong") << "73"
                               << "72" << false;
        QTest::newRow("prefix") << "720"
                                << "72" << false;
        QTest::newRow("several lines") << "a\nb"
                                       << "a\nb" << true;
        QTest::newRow("empty") << ""
                               << "72" << false;
        QTest::newRow("text") << "Paris"
                              << "Paris" << true;
        QTest::newRow("large") << QString(1 << 20, '7') << "7" << false;
    }
    void answers() {
        QFETCH(QString, completion);
        QFETCH(QString, answer);
        QFETCH(bool, correct);
        FileSettings settings = write("{\"prompt\":\"p\",\"answer\":\"" +
                                      answer.toUtf8().replace("\\", "\\\\").replace("\n", "\\n") + "\"}");
        settings.held_out_share = 0;
        for (const char* verifier : {"math", "exact"}) {
            settings.verifier = verifier;
            const auto task = makeFileTask(settings);
            const Problem problem = task->problem(Split::Train, 1, 0);
            const Verdict verdict = task->verify(problem, completion.toStdString());
            QCOMPARE(verdict.correct, correct);
            QCOMPARE(verdict.reason.empty(), correct);
            QVERIFY(task->verify(problem, problem.worked).correct);
        }
    }

    // What only one of the two verifiers takes for the same.
    void verifiers() {
        const std::pair<const char*, const char*> sameInMathematics[] = {
            {"so it is \\boxed{0.5}", "1/2"}, {"x = 3", "3"}, {"72e0", "72"}, {"$\\sqrt{12}$", "2\\sqrt{3}"}};
        for (const auto& [completion, answer] : sameInMathematics) {
            FileSettings settings =
                write("{\"prompt\":\"p\",\"answer\":\"" + QByteArray(answer).replace("\\", "\\\\") + "\"}");
            settings.held_out_share = 0;
            QVERIFY(makeFileTask(settings)
                        ->verify(makeFileTask(settings)->problem(Split::Train, 1, 0), completion)
                        .correct);
            settings.verifier = "exact";
            QVERIFY(!makeFileTask(settings)
                         ->verify(makeFileTask(settings)->problem(Split::Train, 1, 0), completion)
                         .correct);
        }
    }

  private:
    FileSettings write(const QByteArray& content) const {
        FileSettings settings;
        settings.path = m_folder.filePath("data.jsonl").toStdString();
        QFile file(QString::fromStdString(settings.path));
        if (file.open(QIODevice::WriteOnly)) file.write(content);
        return settings;
    }
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestJsonlData)
#include "tst_jsonl_data.moc"
