// Datasets: every shape of the field, every way for a line to be wrong, duplicates, leaked problems, the
// output file.
#include <QTemporaryDir>
#include <QTest>

#include "core/datasets/contamination.h"
#include "core/datasets/inspect.h"
#include "core/datasets/prepare.h"
#include "core/datasets/reader.h"
#include "core/datasets/reasoning.h"
#include "core/util/error.h"

using namespace retort;
namespace fs = std::filesystem;

class TestDatasets : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void shapes_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("learned");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char* what, const char* line, const char* shape, const char* prompt,
                            const char* learned, const char* answer) {
            QTest::newRow(what) << QByteArray(line) << QString(shape) << QString(prompt) << QString(learned)
                                << QString(answer);
        };
        row("text", R"({"text":"The sky is blue."})", "text", "", "The sky is blue.", "");
        row("prompt-completion", R"({"prompt":"The sky is","completion":" blue."})", "prompt-completion",
            "The sky is", " blue.", "");
        row("message lists",
            R"({"prompt":[{"role":"user","content":"Hi"}],"completion":[{"role":"assistant","content":"Hello"}]})",
            "prompt-completion", "Hi", "Hello", "");
        row("Alpaca", R"({"instruction":"Add","input":"1 2","output":"3"})", "prompt-completion", "Add\n1 2",
            "3", "");
        row("prompt only", R"({"prompt":[{"role":"user","content":"Hi"}],"solution":"4"})", "prompt-only",
            "Hi", "4", "4");
        row("messages",
            R"({"messages":[{"role":"system","content":"S"},{"role":"user","content":"U"},{"role":"assistant","content":"A"}]})",
            "messages", "S\nU", "A", "");
        row("ShareGPT", R"({"conversations":[{"from":"human","value":"U"},{"from":"gpt","value":"A"}]})",
            "messages", "U", "A", "");
        row("preference", R"({"prompt":"P","chosen":"good","rejected":"bad"})", "preference", "P",
            "good\nbad", "");
        row("implicit prompt",
            R"({"chosen":[{"role":"user","content":"P"},{"role":"assistant","content":"good"}],)"
            R"("rejected":[{"role":"user","content":"P"},{"role":"assistant","content":"bad"}]})",
            "preference with implicit prompt", "P", "good\nbad", "");
        row("KTO", R"({"prompt":"P","completion":"C","label":true})", "unpaired preference (KTO)", "P", "C",
            "");
        row("stepwise", R"({"prompt":"P","completions":["a","b"],"labels":[true,false]})", "stepwise", "P",
            "a\nb", "");
        row("OpenR1",
            R"({"problem":"P","solution":"S","answer":"4","generations":["<think>t</think>4","<think>u</think>5"],)"
            R"("correctness_math_verify":[true,false]})",
            "reasoning traces", "P", "<think>t</think>4\n<think>u</think>5", "4");
        row("OpenThoughts",
            R"({"system":"S","conversations":[{"from":"user","value":"U"},{"from":"assistant","value":)"
            R"("<|begin_of_thought|>t<|end_of_thought|><|begin_of_solution|>4<|end_of_solution|>"}]})",
            "reasoning traces", "S\nU",
            "<|begin_of_thought|>t<|end_of_thought|><|begin_of_solution|>4<|end_of_solution|>", "");
        row("DeepMath",
            R"({"question":"P","final_answer":"0","difficulty":4.5,"r1_solution_1":"a","r1_solution_2":"b"})",
            "reasoning traces", "P", "a\nb", "0");
        row("GSM8K", R"({"question":"Clips?","answer":"48/2 = <<48/2=24>>24\n#### 1,072"})", "GSM8K",
            "Clips?", "48/2 = 24\n#### 1,072", "1,072");
        row("MATH", R"({"problem":"P","level":"Level 5","solution":"so $\\boxed{\\frac{1}{2}}$."})", "MATH",
            "P", "so $\\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}");
        row("AIME", R"({"Problem":"P","Answer":"033"})", "MATH", "P", "033", "033");
        row("numeric answer", R"({"problem":"P","answer":33})", "MATH", "P", "33", "33");
    }
    void shapes() {
        QFETCH(QByteArray, line);
        QFETCH(QString, shape);
        QFETCH(QString, prompt);
        QFETCH(QString, learned);
        QFETCH(QString, answer);
        DatasetReader reader(write("data.jsonl", "\xef\xbb\xbf" + line + "\r\n\n  \n" + line));
        DatasetExample example;
        for (int i = 0; i < 2; ++i) {
            QVERIFY(reader.next(example));
            QCOMPARE(example.line, std::int64_t(i == 0 ? 1 : 4));
            QCOMPARE(QString::fromStdString(std::string(name(example.shape))), shape);
            QCOMPARE(QString::fromStdString(example.promptText()), prompt);
            QCOMPARE(QString::fromStdString(example.learnedText()), learned);
            QCOMPARE(QString::fromStdString(example.answer), answer);
            QVERIFY(!reader.explanation().empty());
        }
        QVERIFY(!reader.next(example));
    }

    void details() {
        DatasetReader reader(write("d.jsonl",
                                   "{\"prompt\":\"P\",\"completion\":\"C\",\"label\":false}\n"
                                   "{\"prompt\":\"P\",\"completions\":[\"a\",\"b\"],\"labels\":[1,0]}\n"
                                   "{\"problem\":\"P\",\"generations\":[\"<think>t</"
                                   "think>4\",\"x\"],\"correctness_math_verify\":[true,false]}\n"));
        DatasetExample example;
        QVERIFY(reader.next(example));
        QCOMPARE(example.label, std::optional<bool>(false));
        QVERIFY(reader.next(example));
        QVERIFY(example.steps[0].correct && !example.steps[1].correct);
        QVERIFY(reader.next(example));
        QCOMPARE(example.completions[0].thinking, std::string("t"));
        QCOMPARE(example.completions[1].verified, std::optional<bool>(false));
        QCOMPARE(thinkingOf("written by the template</think>4"), std::string("written by the template"));
        QCOMPARE(thinkingOf("<think>never closed"), std::string());
    }

    void badLines_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* what, const QByteArray& line, const char* message) {
            QTest::newRow(what) << line << QString(message);
        };
        row("not JSON", "{\"text\":", "not valid JSON");
        row("a list", "[{\"text\":\"a\"}]", "expected a JSON object");
        row("NaN", "{\"text\":\"a\",\"score\":NaN}", "NaN");
        row("Infinity", "{\"text\":\"a\",\"score\":-Infinity}", "Infinity");
        row("invalid UTF-8", "{\"text\":\"\xff\xfe\"}", "invalid UTF-8");
        row("half a surrogate", "{\"text\":\"\\ud800\"}", "not valid JSON");
        row("no known keys", "{\"a\":1}", "no shape");
        row("chosen only", "{\"prompt\":\"p\",\"chosen\":\"a\",\"text\":null}", "");
        row("prompt is a number list", "{\"prompt\":[1],\"completion\":\"a\"}", "message is not");
        row("empty prompt", "{\"prompt\":\"\",\"completion\":\"a\"}", "prompt is empty");
        row("same pair", "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"a\"}", "do not differ");
        row("labels missing", "{\"prompt\":\"p\",\"completions\":[\"a\",\"b\"],\"labels\":[true]}",
            "2 completions, but 1");
        row("label is a text", "{\"prompt\":\"p\",\"completion\":\"a\",\"label\":\"yes\"}", "true or false");
        row("user speaks last", "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}", "assistant");
        row("content is null", "{\"messages\":[{\"role\":\"assistant\",\"content\":null}]}", "content");
        row("NUL bytes", QByteArray(100, '\0'), "not valid JSON");
        row("deep", QByteArray(1'000'000, '['), "not valid JSON");
        row("100 MB", QByteArray(100'000'000, 'x'), "longer than 32 MB");
    }
    // Refused with its place, and reading goes on behind it.
    void badLines() {
        QFETCH(QByteArray, line);
        QFETCH(QString, message);
        if (message.isEmpty()) return;
        const std::string path =
            write("data.jsonl", "{\"text\":\"good\"}\n" + line + "\n{\"text\":\"also\"}\n");
        DatasetReader reader(path);
        DatasetExample example;
        QVERIFY(reader.next(example));
        try {
            reader.next(example);
            QFAIL("was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.where(), path + ":2");
            QVERIFY2(QString(error.what()).contains(message), error.what());
        }
        QVERIFY(reader.next(example));
        QCOMPARE(example.completions[0].text, std::string("also"));
        QCOMPARE(example.line, std::int64_t(3));
        QVERIFY(!reader.next(example));
    }

    void otherFormats() {
        for (const QByteArray& beginning :
             {QByteArray("PAR1\x15\x04"), QByteArray("\x1f\x8b\x08"), QByteArray("PK\x03\x04x")}) {
            DatasetReader reader(write("x", beginning));
            DatasetExample example;
            QVERIFY_EXCEPTION_THROWN(reader.next(example), Error);
        }
        QVERIFY_EXCEPTION_THROWN(DatasetReader("/no/such/file"), Error);
    }

    void inspection() {
        QByteArray content;
        for (int i = 0; i < 100; ++i)
            content += "{\"question\":\"How many is " + QByteArray::number(i % 90) +
                       " and one?\",\"answer\":\"It is. #### " + QByteArray::number(i % 90 + 1) + "\"}\n";
        content += "{\"text\":\"odd one\"}\nnot json\n{\"prompt\":\"p\",\"completion\":\"<think>never\"}\n";
        const DatasetReport report = inspectDataset(write("d.jsonl", content));
        QVERIFY(report.shape() == DatasetShape::Gsm8k);
        QCOMPARE(report.rows, std::int64_t(102));
        QCOMPARE(report.badLines, std::int64_t(1));
        QCOMPARE(report.problems.size(), std::size_t(1));
        QCOMPARE(report.problems[0].line, std::int64_t(102));
        QCOMPARE(report.duplicates, std::int64_t(10));
        QCOMPARE(report.withAnswer, std::int64_t(100));
        QCOMPARE(report.unclosedThinking, std::int64_t(1));
        QCOMPARE(report.promptWords.count, std::int64_t(101));
        QCOMPARE(report.promptWords.median, std::int64_t(6));
        QCOMPARE(report.examples.size(), std::size_t(3));
        QCOMPARE(report.shapes.at(DatasetShape::Text).firstLine, std::int64_t(101));
        QVERIFY_EXCEPTION_THROWN(inspectDataset(write("e.jsonl", "")), Error);
        QVERIFY_EXCEPTION_THROWN(inspectDataset(write("e.jsonl", "bad\nbad\n")), Error);
    }

    void preparation() {
        const QByteArray leaked =
            "If Alice has three red apples and buys four green ones at the market how many has she";
        const QByteArray first = row("What is 1+2?", "3");
        PrepareSettings settings;
        settings.inputs = {
            write("a.jsonl", first + first + row("what is  1+2", "3!") + row("What is 1-2?", "-1") +
                                 row("Say: " + leaked + " now, in all?", "7") + row("Two plus two?", "4") +
                                 row("Please: two plus two?", "4")),
            write("b.jsonl", first + row("Last", "x"))};
        settings.against = {write("eval.jsonl", row(leaked + "?", "7") + row("Two plus two", "4"))};
        settings.output = m_folder->filePath("out.jsonl").toStdString();
        const PrepareReport report = prepareDataset(settings);
        QCOMPARE(report.read, std::int64_t(9));
        QCOMPARE(report.exactDuplicates, std::int64_t(2));
        QCOMPARE(report.nearDuplicates, std::int64_t(1));
        QCOMPARE(report.contaminated, std::int64_t(2));
        QCOMPARE(report.contaminatedBy[0].second, std::int64_t(2));
        QCOMPARE(report.evaluationProblems, std::int64_t(2));
        QCOMPARE(report.kept, std::int64_t(4));
        QCOMPARE(read("out.jsonl"),
                 first + row("What is 1-2?", "-1") + row("Please: two plus two?", "4") + row("Last", "x"));
        QCOMPARE(report.dropped.size(), std::size_t(5));
        QVERIFY(report.dropped[0].place.ends_with("a.jsonl:2"));
        QVERIFY(report.dropped[0].reason.ends_with("a.jsonl:1"));
    }

    // n - 1 words in common do not count, n do; in the prompt or in what is learned.
    void contaminationByNgrams() {
        const QByteArray words = "one two three four five six seven eight nine ten eleven twelve thirteen";
        ContaminationIndex index;
        index.add(write("eval.jsonl", row("Zero " + words + " fourteen", "a")));
        const auto found = [&](const QByteArray& prompt, const QByteArray& learned) {
            DatasetReader reader(write("t.jsonl", row(prompt, learned)));
            DatasetExample example;
            reader.next(example);
            return index.find(example).has_value();
        };
        QVERIFY(found("x, " + words.toUpper() + "! y", "a"));
        QVERIFY(found("p", "so: " + words));
        QVERIFY(!found("x " + words.mid(4) + " y", "a"));
        QVERIFY(!found(words.left(30), "a"));
    }

    void labelsKeepRowsApart() {
        const QByteArray good = "{\"prompt\":\"p\",\"completion\":\"c\",\"label\":true}\n";
        const QByteArray bad = "{\"prompt\":\"p\",\"completion\":\"c\",\"label\":false}\n";
        PrepareSettings settings;
        settings.inputs = {write("a.jsonl", good + bad + good)};
        settings.output = m_folder->filePath("out.jsonl").toStdString();
        QCOMPARE(prepareDataset(settings).kept, std::int64_t(2));
    }

    void outputIsWholeOrNotThere() {
        PrepareSettings settings;
        settings.inputs = {write("a.jsonl", row("p", "c") + "broken\n")};
        settings.output = m_folder->filePath("out.jsonl").toStdString();
        QVERIFY_EXCEPTION_THROWN(prepareDataset(settings), Error);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{"a.jsonl"});
        settings.skipBadLines = true;
        const PrepareReport report = prepareDataset(settings);
        QCOMPARE(report.bad, std::int64_t(1));
        QCOMPARE(read("out.jsonl"), row("p", "c"));
        // A second time it is in the way, unless it may be replaced; an input never may.
        QVERIFY_EXCEPTION_THROWN(prepareDataset(settings), Error);
        settings.overwrite = true;
        prepareDataset(settings);
        settings.output = settings.inputs[0];
        QVERIFY_EXCEPTION_THROWN(prepareDataset(settings), Error);
        settings.output = "/no/such/folder/out.jsonl";
        QVERIFY_EXCEPTION_THROWN(prepareDataset(settings), Error);
        QCOMPARE(read("a.jsonl"), row("p", "c") + "broken\n");
        settings.output = m_folder->filePath("stopped.jsonl").toStdString();
        settings.inputs = {write("many.jsonl", QByteArray(row("p", "c")).repeated(3000))};
        QVERIFY_EXCEPTION_THROWN(prepareDataset(settings, [] { return true; }), Error);
        QVERIFY(!fs::exists(settings.output));
    }

  private:
    static QByteArray row(const QByteArray& prompt, const QByteArray& completion) {
        return "{\"prompt\":\"" + prompt + "\",\"completion\":\"" + completion + "\"}\n";
    }
    std::string write(const char* name, const QByteArray& content) const {
        QFile file(m_folder->filePath(name));
        if (file.open(QIODevice::WriteOnly)) file.write(content);
        return file.fileName().toStdString();
    }
    QByteArray read(const char* name) const {
        QFile file(m_folder->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestDatasets)
#include "tst_datasets.moc"
