// Files that are not JSON lines, files that are hostile, and files that grow.
#include <zip.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/formats/zip/zip_archive.h"
#include "core/tokenizers/tokenizer.h"
#include "core/trace_formats/import_run.h"
#include "core/trace_formats/record_problem.h"
#include "core/trace_formats/trace_import.h"
#include "core/util/error.h"

using namespace retort;

namespace {

const QByteArray sample =
    R"({"id":"a","epoch":1,"input":"q","target":"4","output":{"choices":[{"message":{"content":"4"},"stop_reason":"stop"}]},"scores":{"m":{"value":"C"}}})";
const QByteArray header = R"({"version":2,"status":"success","eval":{"task":"arith"}})";

const QByteArray verlRow =
    R"({"input":"2+2?","output":"4","gts":"4","score":1.0,"step":1,"response_length":3})";

const QByteArray exportRow =
    R"({"schema_version":1,"step":3,"rank":0,"env_name":"gsm8k","token_ids":[5,6,7,8],"position_ids":[0,1,2,3],"loss_mask":[false,false,true,true],"advantages":[0,0,0.5,0.5],"inference_logprobs":[0,0,-0.25,-1],"trainer_logprobs":[0,0,-0.5,-1],"entropy":[0,0,1,2],"importance_ratio":[null,null,0.75,1],"is_masked_high":[false,false,false,true],"is_masked_low":[false,false,true,false],"rewards":[1,1,1,1]})";

const QByteArray trlRow =
    R"({"step":2,"prompt":"PROMPT","completion":"TEXT","accuracy_reward":1.0,"len":NaN,"format":0.5,"solution":"4","advantage":0.25})";

const QByteArray logprobs =
    R"("stop_reason":"stop","logprobs":{"content":[{"token":"4","logprob":-1.0,"bytes":[52],"top_logprobs":[{"token":"5","logprob":-2.0,"bytes":null},{"token":"4","logprob":-1.0}]},{"token":"<eos>","logprob":-0.5,"top_logprobs":[{"token":"<eos>","logprob":-0.5}]}]})";

const QByteArray alternatives =
    R"({"labeler":"x","timestamp":"","generation":null,"is_quality_control_question":false,"is_initial_screening_question":false,"question":{"problem":"P","ground_truth_answer":"1"},"label":{"steps":[{"completions":[{"text":"a","rating":1,"flagged":null},{"text":"b","rating":-1,"flagged":null}],"human_completion":null,"chosen_completion":0}],"total_time":1,"finish_reason":"solution"}})";

const std::string nested = "{\"a\":1,\"b\":[{\"c\":\"x\"},{\"d\":\"\\\"y,\"}],\"e\":\"z\"}";

/// libzip, asked to pack.
void writeZip(const QString& path, const std::vector<std::pair<QByteArray, QByteArray>>& entries,
              int method = ZIP_CM_DEFLATE) {
    int code = 0;
    zip_t* archive = zip_open(qPrintable(path), ZIP_CREATE | ZIP_TRUNCATE, &code);
    for (const auto& [name, content] : entries) {
        zip_source_t* source =
            zip_source_buffer(archive, content.constData(), zip_uint64_t(content.size()), 0);
        const zip_int64_t index = zip_file_add(archive, name.constData(), source, ZIP_FL_OVERWRITE);
        zip_set_file_compression(archive, zip_uint64_t(index), method, 9);
    }
    zip_close(archive);
}

}  // namespace

class TestTraceSources : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;
    std::vector<Trace> m_traces;
    TraceImportReport m_report;

    std::filesystem::path path(const char* name) const { return m_home->filePath(name).toStdString(); }
    std::filesystem::path write(const char* name, const QByteArray& content,
                                QIODevice::OpenMode mode = QIODevice::WriteOnly) const {
        const QFileInfo info(m_home->filePath(name));
        QDir().mkpath(info.path());
        QFile file(info.filePath());
        if (file.open(mode)) file.write(content);
        return file.fileName().toStdString();
    }
    void import(const std::filesystem::path& file, TraceImportOptions options = {}) {
        m_traces.clear();
        TraceImporter importer(std::move(options),
                               [this](Trace&& each) { m_traces.push_back(std::move(each)); });
        m_report = importer.read(file);
    }
    QByteArray refusal(const std::filesystem::path& file) {
        try {
            import(file);
        } catch (const Error& error) {
            return error.what();
        }
        return "was taken";
    }
    TraceRun run(const std::vector<std::filesystem::path>& files, std::vector<ImportedSource>& known) {
        TraceRunSettings settings;
        settings.files = files;
        settings.runsFolder = path("runs");
        settings.known = known;
        TraceRun result = importTraceRun(settings);
        if (result.run)
            for (ImportedSource& each : importedSources(result.run->identity())) known.push_back(each);
        return result;
    }

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void archive() {
        QByteArray second = sample, broken = sample;
        second.replace("\"a\"", "\"b\"")
            .replace("\"content\":\"4\"", "\"content\":[{\"type\":\"text\",\"text\":\"attachment://h\"}]");
        second.replace("\"scores\"", "\"attachments\":{\"h\":\"long\"},\"scores\"");
        broken.replace("\"input\":\"q\"", "\"input\":7");
        writeZip(m_home->filePath("l.eval"), {{"_journal/start.json", header},
                                              {"samples/a_epoch_1.json", sample},
                                              {"samples/c_epoch_1.json", broken},
                                              {"samples/b_epoch_1.json", second},
                                              {"summaries.json", "[]"},
                                              {"header.json", header}});
        import(path("l.eval"));
        QVERIFY(m_report.format == TraceFormat::InspectLog && m_report.notes.empty());
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY(m_traces[0].task == "arith" && m_traces[0].correct);
        QCOMPARE(m_traces[1].completion, std::string("long"));
        QCOMPARE(m_report.bad, 1);
        QVERIFY2(m_report.problems[0].file.ends_with("l.eval:samples/c_epoch_1.json"),
                 m_report.problems[0].file.c_str());
        QCOMPARE(m_report.problems[0].field, std::string("input"));
        writeZip(m_home->filePath("started.eval"),
                 {{"_journal/start.json", header}, {"samples/a_epoch_1.json", sample}});
        import(path("started.eval"));
        QCOMPARE(m_traces.size(), 1u);
        QCOMPARE(m_report.notes.size(), 1u);
    }

    void damagedArchives() {
        writeZip(m_home->filePath("l.eval"), {{"samples/a.json", sample}, {"header.json", header}},
                 ZIP_CM_STORE);
        QFile file(m_home->filePath("l.eval"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        for (int length = 4; length < whole.size(); length += 7) {
            const QByteArray why = refusal(write("cut.eval", whole.left(length)));
            QVERIFY2(why.contains("cut.eval"), why.constData());
        }
        QByteArray flipped = whole;
        flipped.replace("\"input\":\"q\"", "\"input\":\"Q\"");  // not what the checksum says
        QVERIFY(flipped.count("\"Q\"") == 1);
        QVERIFY(refusal(write("flipped.eval", flipped)).contains("cannot be unpacked"));
        writeZip(m_home->filePath("other.zip"), {{"readme.txt", "hello"}});
        QVERIFY(refusal(path("other.zip")).contains("no log of Inspect"));
    }

    // 80 MB of blanks in 80 kB: the entry is refused for its length, and an archive that goes on like this is
    // not read further.
    void bombs() {
        writeZip(m_home->filePath("bomb.eval"), {{"header.json", header},
                                                 {"samples/a.json", sample},
                                                 {"samples/b.json", QByteArray(80 << 20, ' ')}});
        QVERIFY(QFileInfo(m_home->filePath("bomb.eval")).size() < 1 << 18);
        import(path("bomb.eval"));
        QCOMPARE(m_traces.size(), 1u);
        QCOMPARE(m_report.bad, 1);
        QVERIFY2(m_report.problems[0].reason.find("longer than 60 MB") != std::string::npos,
                 m_report.problems[0].reason.c_str());
        ZipArchive archive(path("bomb.eval"));
        std::string why;
        for (int i = 0; i < 10 && why.empty(); ++i) try {
                archive.read(2, std::size_t(1) << 30);
            } catch (const Error& error) {
                why = error.what();
            }
        QVERIFY2(why.find("times its size") != std::string::npos, why.c_str());
    }

    // A trace of 200 MB is passed over in bounded memory; what stands around it is kept.
    void hugeTrace() {
        QFile file(m_home->filePath("1.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(verlRow + "\n{\"input\":\"big\",\"output\":\"");
        const QByteArray piece(1 << 20, 'x');
        for (int i = 0; i < 200; ++i) file.write(piece);
        file.write("\",\"score\":1}\n" + QByteArray(verlRow).replace("2+2", "2+3") + "\n");
        file.close();
        import(path("1.jsonl"));
        QCOMPARE(m_traces.size(), 2u);
        QCOMPARE(m_report.bad, 1);
        QCOMPARE(m_report.problems[0].line, 2);
        QVERIFY(m_report.problems[0].reason.find("longer than 60 MB") != std::string::npos);
    }

    void encodings() {
        QByteArray latin = verlRow, lone = verlRow, deep = verlRow;
        latin.replace("\"output\":\"4\"", "\"output\":\"caf\xe9\"");
        lone.replace("\"output\":\"4\"", "\"output\":\"cut \\ud83d\"");
        deep.replace("\"score\":1.0",
                     "\"x\":" + QByteArray("[").repeated(5000) + QByteArray("]").repeated(5000));
        import(write("1.jsonl", "\xef\xbb\xbf" + verlRow + "\n" + latin + "\n" + lone + "\n" + deep + "\n"));
        QCOMPARE(m_traces.size(), 1u);
        QCOMPARE(m_traces[0].numTokens, 3);
        QCOMPARE(m_report.bad, 3);
        QCOMPARE(m_report.problems[0].field, std::string("output"));
        QVERIFY2(m_report.problems[0].reason.find("0xe9") != std::string::npos,
                 m_report.problems[0].reason.c_str());
        QCOMPARE(m_report.problems[1].field, std::string("output"));
        QVERIFY2(m_report.problems[1].reason.find("lone surrogate") != std::string::npos,
                 m_report.problems[1].reason.c_str());
        QCOMPARE(m_report.problems[2].reason, std::string("nested too deep"));
        QCOMPARE(m_report.problems[2].line, 4);
    }

    void fieldsByPlace() {
        const std::string text = nested;
        QCOMPARE(fieldAt(text, text.find("x\"")), std::string("b[0].c"));
        QCOMPARE(fieldAt(text, text.find("y,")), std::string("b[1].d"));
        QCOMPARE(fieldAt(text, text.find("z\"")), std::string("e"));
        QCOMPARE(fieldAt(text, 0), std::string());
    }

    void tokenExports() {
        QByteArray shorter = exportRow;
        shorter.replace("\"entropy\":[0,0,1,2]", "\"entropy\":[0,0,1]");
        import(write("token_exports/step_9/rank_0.jsonl", exportRow + "\n" + shorter + "\n"));
        QCOMPARE(m_traces.size(), 1u);
        const Trace& trace = m_traces[0];
        QVERIFY(trace.task == "gsm8k" && trace.step == 3 && trace.numTokens == 2);
        QVERIFY(trace.prompt == "5 6" && trace.completion == "7 8");
        QVERIFY(trace.tokens.ids == (std::vector<std::int32_t>{7, 8}));
        QVERIFY(trace.tokens.ends == (std::vector<std::int32_t>{1, 3}));
        QVERIFY(trace.tokens.logprobs == (std::vector<float>{-0.25f, -1}));
        QVERIFY(trace.tokens.ratios == (std::vector<float>{0.75f, 1}));
        QVERIFY(trace.tokens.clipped == (std::vector<std::int32_t>{-1, 1}));
        QVERIFY(trace.advantage == 0.5 && trace.reward == 1.0);
        QCOMPARE(m_report.notes.size(), 1u);
        QCOMPARE(m_report.problems[0].field, std::string("entropy"));

        const auto tokenizer = makeCharacterTokenizer("abcdefgh");  // ids from 3
        QDir().mkpath(m_home->filePath("tok"));
        tokenizer->save(path("tok"));
        TraceImportOptions options;
        options.tokenizer = path("tok");
        import(path("token_exports/step_9/rank_0.jsonl"), options);
        QVERIFY(m_traces[0].prompt == "cd" && m_traces[0].completion == "ef" && m_report.notes.empty());
        QVERIFY(m_traces[0].tokens.ends == (std::vector<std::int32_t>{1, 2}));
    }

    // Runs of equal prompts, cut to the size that is said.
    void trlGroups() {
        QByteArray content;
        for (const char* prompt : {"p", "p", "q", "q", "q", "q"})
            content += QByteArray(trlRow)
                           .replace("PROMPT", prompt)
                           .replace("TEXT", QByteArray::number(content.size())) +
                       "\n";
        const auto groups = [&] {
            QList<qint64> list;
            for (const Trace& trace : m_traces) list.append(trace.group * 10 + trace.sample);
            return list;
        };
        import(write("c.jsonl", content));
        QCOMPARE(groups(), (QList<qint64>{0, 1, 10, 11, 12, 13}));
        QVERIFY(m_traces[0].correct && m_traces[0].reward == 1.5 && m_traces[0].advantage == 0.25);
        QVERIFY(m_traces[0].gold == "4" && m_traces[0].rewards.size() == 2 && m_traces[0].step == 2);
        TraceImportOptions options;
        options.groupSize = 2;
        import(path("c.jsonl"), options);
        QCOMPARE(groups(), (QList<qint64>{0, 1, 10, 11, 20, 21}));
        QVERIFY(m_report.notes.empty());
        options.groupSize = 4;
        import(path("c.jsonl"), options);
        QCOMPARE(m_report.notes.size(), 1u);
    }

    void topTokens() {
        QByteArray with = sample;
        with.replace("\"stop_reason\":\"stop\"", logprobs);
        import(write("log.json",
                     "{\"eval\":{\"task\":\"t\"},\"status\":\"success\",\"samples\":[" + with + "]}"));
        const TokenArrays& tokens = m_traces.at(0).tokens;
        QVERIFY(tokens.ends == (std::vector<std::int32_t>{1, 1}));  // the end-of-text token stands behind it
        QCOMPARE(tokens.topCount, 2);
        QVERIFY(tokens.topIds == (std::vector<std::int32_t>{1, 0, 2, -1}));
        QVERIFY(tokens.topLogprobs[0] == -1 && tokens.topLogprobs[1] == -2 &&
                std::isinf(tokens.topLogprobs[3]));
        QCOMPARE(tokens.topTexts[1].second, std::string("4"));
    }

    // A file that is appended to gives what is new; a torn last line is read when it is whole.
    void grownFiles() {
        std::vector<ImportedSource> known;
        const auto file = write("1.jsonl", verlRow + "\n" + verlRow.left(20));
        QByteArray second = verlRow;
        second.replace("2+2", "2+3");
        const TraceRun first = run({file}, known);
        QVERIFY(first.run && first.files[0].report.traces == 1 && first.files[0].report.bad == 1);
        QVERIFY(!run({file}, known).run);
        write("1.jsonl", verlRow.mid(20) + "\n" + second, QIODevice::WriteOnly | QIODevice::Append);
        const TraceRun grown = run({file}, known);
        QVERIFY(grown.run && grown.files[0].from.lines == 1);
        QCOMPARE(grown.files[0].report.traces, 2);
        QVERIFY(run({file}, known).files[0].known);
        write("1.jsonl", "\n{\"input\":3}\n", QIODevice::WriteOnly | QIODevice::Append);
        const TraceRun bad = run({file}, known);
        QVERIFY(!bad.run && bad.files[0].report.bad == 1);
        QCOMPARE(bad.files[0].report.problems[0].line, 4);
        // Another beginning is another file.
        QByteArray third = verlRow;
        third.replace("2+2", "2+5");
        write("1.jsonl", second + "\n" + verlRow + "\n" + second + "\n" + third + "\n");
        QCOMPARE(run({file}, known).files[0].report.traces, 4);
    }

    void branchesNameTheirRun() {
        std::vector<ImportedSource> known;
        const TraceRun result = run({write("p.jsonl", alternatives)}, known);
        QFile log(QString::fromStdString(result.run->eventsFile().string()));
        QVERIFY(log.open(QIODevice::ReadOnly));
        QVERIFY(log.readAll().contains("\"branch\":{\"run\":\"" +
                                       QByteArray::fromStdString(result.run->identity().id)));
    }
};

QTEST_GUILESS_MAIN(TestTraceSources)
#include "tst_trace_sources.moc"
