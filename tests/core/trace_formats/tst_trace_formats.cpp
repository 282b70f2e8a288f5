// Traces from the files of other programs and back: hand-made records as the programs write them, round
// trips, and input that is wrong.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/trace_formats/prm800k.h"
#include "core/trace_formats/process_bench.h"
#include "core/trace_formats/record_reader.h"
#include "core/trace_formats/trace_export.h"
#include "core/trace_formats/trace_import.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"
#include "core/util/json.h"
#include "core/util/json_fields.h"

using namespace retort;

namespace {

const QByteArray phase2 =
    R"({"labeler":"340d89bc","timestamp":"2023-01-22T04:34:27.052924","generation":9,"is_quality_control_question":false,"is_initial_screening_question":false,"question":{"problem":"What is 6 \\cdot 7?","ground_truth_solution":"It is $\\boxed{42}$.","ground_truth_answer":"42","pre_generated_steps":["I multiply.","6 times 7 is 41.","So it is 41.\n\n# Answer\n\n41"],"pre_generated_answer":"41","pre_generated_verifier_score":0.010779580529581414},"label":{"steps":[{"completions":[{"text":"I multiply.","rating":0,"flagged":null}],"human_completion":null,"chosen_completion":0},{"completions":[{"text":"6 times 7 is 41.","rating":-1,"flagged":null},{"text":"6 times 7 is 42.","rating":1,"flagged":false}],"human_completion":null,"chosen_completion":null}],"total_time":278270,"finish_reason":"found_error"}})";

const QByteArray phase1 =
    R"({"labeler":"a","timestamp":"t","generation":null,"is_quality_control_question":false,"is_initial_screening_question":true,"question":{"problem":"1+1?","ground_truth_solution":null,"ground_truth_answer":"2"},"label":{"steps":[{"completions":[{"text":"Bad.","rating":-1,"flagged":false},{"text":"Okay.","rating":0,"flagged":false}],"human_completion":{"text":"One and one.","rating":null,"source":"human","flagged":false},"chosen_completion":null},{"completions":[{"text":"Two.\n\n# Answer\n\n2","rating":1,"flagged":null}],"human_completion":null,"chosen_completion":0}],"total_time":null,"finish_reason":"solution"}})";

const QByteArray processBench =
    R"({"id":"gsm8k-0","generator":"Qwen2-7B-Instruct","problem":"Sue \"lives\" here.","steps":["To find out …","Then 1.","So 2."],"final_answer_correct":false,"label":1})";
const QByteArray processBenchRight =
    R"({"id":"gsm8k-1","generator":"Qwen2-7B-Instruct","problem":"P","steps":["a","b"],"final_answer_correct":true,"label":-1})";

const QByteArray shepherd =
    "{\"input\":\"Janet has 3. How many? Step 1: 1+1=2. ки\\nStep 2: 2+1=4. The answer is: 4 ки\","
    "\"label\":\"Janet has 3. How many? Step 1: 1+1=2. +\\nStep 2: 2+1=4. The answer is: 4 -\","
    "\"task\":\"GSM8K\"}";

const QByteArray stepwise =
    R"({"prompt":"Which is larger?","completions":["The part of 9.8 is 0.8.","Since 0.11 …"],"labels":[true,false]})";

const QByteArray verl =
    R"({"input":"user\n2+2?\nassistant\n","output":"<think>x</think>\n#### 4","gts":"4","score":1.0,"step":7,"acc":true,"pred":"4","format":0.5})";

const QByteArray openR1 =
    R"({"problem":"p","answer":"4","uuid":"u1","generations":["<think>a</think>4","<think>b"],"correctness_math_verify":[true],"finish_reasons":["stop","length"]})";

const QByteArray openThoughts =
    R"({"system":"s","conversations":[{"from":"user","value":"q"},{"from":"assistant","value":"<|begin_of_thought|>\n\nt\n\n<|end_of_thought|>\n\n<|begin_of_solution|>4<|end_of_solution|>"}]})";

const std::string pythonNumbers = "{\"a\":NaN,\"b\":\"NaN \\\" -Infinity\",\"c\":[-Infinity,Infinity]}",
                  quotedNumbers =
                      "{\"a\":\"NaN\",\"b\":\"NaN \\\" -Infinity\",\"c\":[\"-Infinity\",\"Infinity\"]}";

/// Indented as Inspect writes it; a raw string with line ends is too much for moc.
const QByteArray inspectLog =
    QByteArray(
        R"({"version": 2,"status": "success","eval": {"eval_id": "e", "task": "arith", "model": "m"},"plan": {"steps": [{"solver": "generate", "params": {}}]},"samples": [{"id": 1, "epoch": 1, "input": "2+2?", "target": "4","output": {"model": "m", "choices": [{"message": {"role": "assistant", "content":[{"type": "reasoning", "reasoning": "sum"}, {"type": "text", "text": "4"}]}, "stop_reason": "stop"}],"usage": {"output_tokens": 12}},"scores": {"match": {"value": "C", "answer": "4"}, "other": {"value": NaN}}},{"id": "b", "epoch": 1, "input": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "3?"}],"target": ["3", "three"],"output": {"choices": [{"message": {"content": "attachment://aa"}, "stop_reason": "max_tokens","logprobs": {"content": [{"token": "lo", "logprob": -0.5}, {"token": "ng", "logprob": -1}]}}]},"scores": {"match": {"value": "I", "answer": null}}, "attachments": {"aa": "long"}},{"id": "c", "epoch": 2, "input": "x", "target": "y", "output": {"choices": []}}],"reductions": null})")
        .replace("{", "{\n  ")
        .replace("],", "],\n");

Json parsed(const QByteArray& text) {
    return Json::parse(text.toStdString());
}

template <class Read>
auto record(const QByteArray& text, Read read) {
    simdjson::dom::parser parser;
    const simdjson::padded_string padded(text.constData(), std::size_t(text.size()));
    return read(JsonFields(parser.parse(padded).get_object().value()));
}

using Ratings = std::vector<std::optional<std::int32_t>>;
constexpr std::nullopt_t none = std::nullopt;

/// What the only lane says of each step.
Ratings ratings(const Trace& trace) {
    Ratings list;
    const auto lane = chooseLane(labelLanes(trace), std::nullopt);
    for (const StepLabel& label : stepLabels(trace, lane.value_or(LaneName{}))) list.push_back(label.rating);
    return list;
}

std::string laneOf(const Trace& trace) {
    return trace.lanes.size() == 1 ? toText({trace.lanes[0].kind, trace.lanes[0].name}) : "";
}

}  // namespace

class TestTraceFormats : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;
    std::vector<Trace> m_traces;
    TraceImportReport m_report;

    std::filesystem::path write(const char* name, const QByteArray& content) const {
        QFile file(m_home->filePath(name));
        if (file.open(QIODevice::WriteOnly)) file.write(content);
        return file.fileName().toStdString();
    }
    static QByteArray read(const std::filesystem::path& path) {
        QFile file(QString::fromStdString(path.string()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void import(const std::filesystem::path& file, TraceImportOptions options = {}) {
        m_traces.clear();
        TraceImporter importer(std::move(options), [this](const Trace& each) { m_traces.push_back(each); });
        m_report = importer.read(file);
    }
    std::filesystem::path exported(const char* name, TraceExportOptions options) const {
        const std::filesystem::path path = m_home->filePath(name).toStdString();
        TraceExporter exporter(path, std::move(options));
        for (const Trace& trace : m_traces) exporter.add(trace);
        exporter.finish();
        return path;
    }

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void detects_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("format");
        QTest::newRow("prm800k") << phase2 << QByteArray("prm800k");
        QTest::newRow("processbench") << processBench << QByteArray("processbench");
        QTest::newRow("list") << "\xef\xbb\xbf \n[" + processBench + "]" << QByteArray("processbench");
        QTest::newRow("shepherd") << shepherd << QByteArray("math-shepherd");
        QTest::newRow("stepwise") << stepwise << QByteArray("trl-stepwise");
        QTest::newRow("preference") << QByteArray(R"({"prompt":"p","chosen":"a","rejected":"b"})")
                                    << QByteArray("trl-preference");
        QTest::newRow("verl") << verl << QByteArray("verl");
        QTest::newRow("openr1") << QByteArray(R"({"problem":"p","generations":["a"]})")
                                << QByteArray("openr1");
        QTest::newRow("openthoughts")
            << QByteArray(R"({"system":"s","conversations":[]})") << QByteArray("conversations");
        QTest::newRow("lm-eval") << QByteArray(R"({"doc_id":0,"doc":{},"resps":[]})")
                                 << QByteArray("lm-eval");
        QTest::newRow("inspect") << inspectLog << QByteArray("inspect");
        QTest::newRow("plain") << QByteArray(R"({"prompt":"p","completion":"c"})") << QByteArray("plain");
    }
    void detects() {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, format);
        const std::string_view found = name(detectTraceFormat(write("f", content)));
        QCOMPARE(QByteArray(found.data(), int(found.size())), format);
        QVERIFY(traceFormatNamed(found) == detectTraceFormat(write("f", content)));
    }

    void prm800kRecords() {
        for (const QByteArray& line : {phase2, phase1}) {
            const Prm800kRecord first = record(line, readPrm800k);
            std::string out;
            appendPrm800k(first, out);
            QCOMPARE(QByteArray::fromStdString(out), line);
        }
    }

    void prm800kTraces() {
        import(write("p.jsonl", phase2 + "\n" + phase1 + "\n"));
        QCOMPARE(m_report.records, 2);
        QCOMPARE(m_traces.size(), 5u);
        const Trace& main = m_traces[0];
        QVERIFY(ratings(main) == (Ratings{0, -1, none}));
        QCOMPARE(laneOf(main), std::string("human:340d89bc"));
        for (const TraceStep& step : main.steps) QVERIFY(step.verdict == StepVerdict::Unchecked);
        QCOMPARE(main.completion,
                 std::string("I multiply.\n6 times 7 is 41.\nSo it is 41.\n\n# Answer\n\n41"));
        QCOMPARE(main.extracted, std::string("41"));
        QVERIFY(!main.correct && main.reward == 0.0 && !main.stepAccuracy && !main.branch);
        QVERIFY(ratings(m_traces[1]) == (Ratings{0, 1}));
        QCOMPARE(m_traces[1].completion, std::string("I multiply.\n6 times 7 is 42."));
        QCOMPARE(m_traces[1].group, main.group);
        QCOMPARE(m_traces[1].sample, 1);
        QVERIFY(m_traces[1].branch && m_traces[1].branch->byte == 12 && m_traces[1].branch->sample == 0);
        QVERIFY(ratings(m_traces[2]) == (Ratings{none, 1}));  // a person wrote the first step
        QVERIFY(m_traces[2].correct && m_traces[2].extracted == "2" && laneOf(m_traces[2]) == "human:a");
        QVERIFY(m_traces[2].group != main.group);
        QVERIFY(ratings(m_traces[3]) == Ratings{-1} && ratings(m_traces[4]) == Ratings{0});
        QCOMPARE(m_traces[4].branch->group, m_traces[2].group);

        TraceImportOptions options;
        options.alternatives = false;
        import(write("p.jsonl", phase2 + "\n"), options);
        QCOMPARE(m_traces.size(), 1u);
    }

    // What a trace carries comes back the same: ratings, alternatives and their places, a person's step, how
    // it ended. What it has no place for is named in prm800k.h.
    void prm800kThroughTraces() {
        QByteArray gaveUp = phase2;
        gaveUp.replace("found_error", "give_up")
            .replace("6 times 7 is 41.\",\"rating\":-1", "6 times 7 is 41.\",\"rating\":1");
        for (const QByteArray& line : {phase2, phase1, gaveUp}) {
            import(write("p.jsonl", line + "\n"));
            const std::vector<Trace> first = m_traces;
            const auto file =
                exported("out.jsonl", {.format = TraceExportFormat::Prm800k, .overwrite = true});
            Json expected = parsed(line), found = parsed(read(file));
            for (Json* each : {&expected, &found}) {
                for (const char* lost : {"timestamp", "generation", "is_initial_screening_question"})
                    each->erase(lost);
                (*each)["question"].erase("ground_truth_solution");
                (*each)["label"].erase("total_time");
                for (Json& step : (*each)["label"]["steps"]) {
                    for (Json& completion : step["completions"]) completion.erase("flagged");
                    if (step["human_completion"].is_object()) step["human_completion"].erase("flagged");
                }
            }
            QCOMPARE(QByteArray::fromStdString(found.dump()), QByteArray::fromStdString(expected.dump()));
            import(file);
            QVERIFY(m_traces == first);
        }
    }

    void processBenchThroughTraces() {
        std::string out;
        appendProcessBench(record(processBench, readProcessBench), out);
        QCOMPARE(QByteArray::fromStdString(out), processBench);
        const QByteArray list = "[\n" + processBench + ",\n" + processBenchRight + "\n]\n";
        import(write("gsm8k.json", list));
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY(ratings(m_traces[0]) == (Ratings{1, -1, none}));
        QVERIFY(ratings(m_traces[1]) == (Ratings{1, 1}));
        QCOMPARE(laneOf(m_traces[0]), std::string("human:ProcessBench"));
        QCOMPARE(m_traces[0].problemId, std::string("gsm8k-0"));
        QVERIFY(!m_traces[0].correct && m_traces[1].correct);
        const auto file = exported(
            "out.json", {.format = TraceExportFormat::ProcessBench, .generator = "Qwen2-7B-Instruct"});
        QCOMPARE(read(file), list);
        import(write("lines.jsonl", processBench + "\n" + processBenchRight + "\n"));
        QCOMPARE(m_traces.size(), 2u);
        m_traces.clear();
        QCOMPARE(Json::parse(
                     read(exported("none.json", {.format = TraceExportFormat::ProcessBench})).toStdString())
                     .size(),
                 0u);
    }

    void mathShepherd() {
        import(write("m.jsonl", shepherd + "\n"));
        const Trace& trace = m_traces.at(0);
        QCOMPARE(trace.prompt, std::string("Janet has 3. How many?"));
        QCOMPARE(trace.completion, std::string("Step 1: 1+1=2.\nStep 2: 2+1=4. The answer is: 4"));
        QVERIFY(ratings(trace) == (Ratings{1, -1}));
        QCOMPARE(laneOf(trace), std::string("monte_carlo:math-shepherd"));
        QCOMPARE(trace.extracted, std::string("4"));
        QCOMPARE(trace.task, std::string("GSM8K"));
        QVERIFY(!trace.correct && !trace.stepAccuracy);
        QByteArray early = shepherd, other = shepherd;
        early.replace("How many?", "How ки many?");
        other.replace("1+1=2. +", "1+1=3. +");
        import(write("m.jsonl", shepherd + "\n" + early + "\n" + other + "\n"));
        QCOMPARE(m_report.bad, 2);
        QCOMPARE(m_report.problems[0].field, std::string("input"));
        QCOMPARE(m_report.problems[1].field, std::string("label"));
    }

    void trlRoundTrips() {
        import(write("s.jsonl", stepwise + "\n"));
        QVERIFY(ratings(m_traces.at(0)) == (Ratings{1, -1}));
        QCOMPARE(laneOf(m_traces[0]), std::string("human:trl-stepwise"));
        TraceImportOptions judged;
        judged.lane = LaneName{LaneKind::Critic, "qwen"};
        import(write("s.jsonl", stepwise + "\n"), judged);
        QCOMPARE(laneOf(m_traces[0]), std::string("critic:qwen"));
        QCOMPARE(read(exported("s2.jsonl", {.format = TraceExportFormat::TrlStepwise})), stepwise + "\n");
        const QByteArray preference = "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n";
        import(write("p.jsonl", preference));
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY(m_traces[0].correct && !m_traces[1].correct && m_traces[0].group == m_traces[1].group);
        const std::filesystem::path out = m_home->filePath("p2.jsonl").toStdString();
        TraceExporter exporter(out, {.format = TraceExportFormat::TrlPreference});
        exporter.addPair(m_traces[0], m_traces[1]);
        exporter.addPair(m_traces[0], m_traces[0]);
        Trace unknown = m_traces[1];
        unknown.reward.reset();
        exporter.addPair(m_traces[0], unknown);
        const TraceExportReport report = exporter.finish();
        QCOMPARE(report.written, 1);
        QCOMPARE(report.skipped, 2);
        QCOMPARE(report.why.size(), 2u);
        QCOMPARE(read(out), preference);
        QCOMPARE(read(exported("sft.jsonl", {.format = TraceExportFormat::TrlSft})),
                 QByteArray("{\"prompt\":\"p\",\"completion\":\"a\"}\n"));
    }

    // A format with two labels asks what neutral is.
    void neutralIsAsked() {
        TraceImportOptions options;
        options.alternatives = false;
        import(write("p.jsonl", phase2 + "\n"), options);
        for (const TraceExportFormat format :
             {TraceExportFormat::TrlStepwise, TraceExportFormat::ProcessBench}) {
            QVERIFY_EXCEPTION_THROWN(exported("n", {.format = format}), Error);
            QVERIFY(!QFile::exists(m_home->filePath("n")));
        }
        const auto labels = [&](NeutralMeaning neutral) {
            return parsed(read(exported(
                "t",
                {.format = TraceExportFormat::TrlStepwise, .neutral = neutral, .overwrite = true})))["labels"]
                .dump();
        };
        QCOMPARE(labels(NeutralMeaning::Correct), std::string("[true,false]"));
        QCOMPARE(labels(NeutralMeaning::Wrong), std::string("[false,false]"));
        const auto label = [&](NeutralMeaning neutral) {
            return parsed(read(exported("b", {.format = TraceExportFormat::ProcessBench,
                                              .neutral = neutral,
                                              .overwrite = true})))
                .at(0)["label"]
                .get<int>();
        };
        QCOMPARE(label(NeutralMeaning::Correct), 1);
        QCOMPARE(label(NeutralMeaning::Wrong), 0);
    }

    void verlDumps() {
        QByteArray second = verl, nan = verl, noStep = verl;
        second.replace("#### 4", "#### 5").replace("1.0", "0.0").replace("true", "false");
        nan.replace("1.0", "NaN").replace("#### 4", "NaN in a text");
        noStep.replace("\"step\":7,", "");
        import(write("9.jsonl", verl + "\n" + second + "\n" + nan + "\n" + noStep + "\n" + verl + "\n"));
        QCOMPARE(m_report.bad, 0);
        QCOMPARE(m_report.duplicates, 0);  // a policy may say the same twice
        QCOMPARE(m_traces.size(), 5u);
        QCOMPARE(m_traces[0].step, 7);
        QVERIFY(m_traces[0].correct && m_traces[0].reward == 1.0 && m_traces[0].worked);
        QCOMPARE(m_traces[0].gold, std::string("4"));
        QCOMPARE(m_traces[0].rewards.size(), 2u);
        QVERIFY(!m_traces[1].correct && m_traces[1].group == m_traces[0].group && m_traces[1].sample == 1);
        QVERIFY(!m_traces[2].reward && m_traces[2].completion.find("NaN in a text") != std::string::npos);
        QCOMPARE(m_traces[3].step, 9);
        QVERIFY(m_traces[3].group != m_traces[0].group);
    }

    void longReasoning() {
        import(write("o.jsonl", openR1 + "\n"));
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY(m_traces[0].correct && m_traces[0].reward == 1.0 && m_traces[0].finish == "stop");
        QVERIFY(!m_traces[1].correct && !m_traces[1].reward && m_traces[1].finish == "length");
        QCOMPARE(m_traces[1].gold, std::string("4"));
        QCOMPARE(m_traces[1].sample, 1);
        import(write("t.jsonl", openThoughts + "\n"));
        QCOMPARE(m_traces.size(), 1u);
        QVERIFY(m_traces[0].worked);
        QCOMPARE(m_traces[0].prompt, std::string("s\nq"));
    }

    void plainWithNames() {
        TraceImportOptions options;
        options.format = TraceFormat::Plain;
        options.fields = {"q", "a", "gold", "nr", "r", "", "at", "meta.0.n"};
        import(
            write("x.jsonl",
                  "{\"q\":\"1+1\",\"a\":\"\\\\boxed{2}\",\"gold\":2,\"nr\":5,\"at\":3,\"meta\":[{\"n\":7}]}\n"
                  "{\"q\":\"1+1\",\"a\":\"3\",\"r\":0.25,\"nr\":5}\n"
                  "{\"q\":\"1+1\",\"nr\":6}\n"
                  "{\"q\":\"1+1\",\"a\":\"3\",\"r\":\"high\"}\n"),
            options);
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY(m_traces[0].correct && m_traces[0].extracted == "2" && m_traces[0].step == 3);
        QCOMPARE(m_traces[0].numTokens, 7);
        QVERIFY(m_traces[1].reward == 0.25);
        QCOMPARE(m_report.sameId, 1);
        QCOMPARE(m_report.bad, 2);
        QCOMPARE(m_report.problems[0].field, std::string("a"));
        QCOMPARE(m_report.problems[0].line, 3);
        QCOMPARE(m_report.problems[1].field, std::string("r"));
    }

    void lmEvalSamples() {
        const QByteArray line =
            R"({"doc_id":0,"doc":{"question":"q"},"target":"#### 18","arguments":{"gen_args_0":{"arg_0":"Q: q","arg_1":{}}},"resps":[["It is 18","It is 19"]],"filtered_resps":["18"],"filter":"strict-match","metrics":["exact_match"],"doc_hash":"h","exact_match":1.0})";
        QByteArray other = line, choices = line;
        other.replace("strict-match", "flexible-extract");
        choices.replace("[\"It is 18\",\"It is 19\"]", "[[\"-3.2\",\"False\"]]");
        import(write("samples_gsm8k_cot_2026-01-01T10-00-00.1.jsonl",
                     line + "\n" + other + "\n" + choices + "\n"));
        QCOMPARE(m_traces.size(), 2u);
        QCOMPARE(m_report.skipped, 1);
        QCOMPARE(m_report.bad, 1);
        QCOMPARE(m_report.problems[0].field, std::string("resps"));
        QCOMPARE(m_traces[0].task, std::string("gsm8k_cot"));
        QCOMPARE(m_traces[0].problemId, std::string("gsm8k_cot:h"));
        QCOMPARE(m_traces[0].prompt, std::string("Q: q"));
        QVERIFY(m_traces[0].correct && m_traces[0].extracted == "18" && m_traces[1].sample == 1);
        TraceImportOptions options;
        options.filter = "flexible-extract";
        import(write("samples_x_2026.jsonl", line + "\n" + other + "\n"), options);
        QCOMPARE(m_traces.size(), 2u);
        QCOMPARE(m_report.skipped, 1);
    }

    void inspect() {
        import(write("log.json", inspectLog));
        QCOMPARE(m_report.bad, 0);
        QCOMPARE(m_report.skipped, 1);
        QCOMPARE(m_traces.size(), 2u);
        QCOMPARE(m_traces[0].task, std::string("arith"));
        QCOMPARE(m_traces[0].problemId, std::string("arith:1"));
        QCOMPARE(m_traces[0].completion, std::string("<think>\nsum\n</think>\n\n4"));
        QVERIFY(m_traces[0].correct && m_traces[0].worked && m_traces[0].numTokens == 12);
        QCOMPARE(m_traces[0].rewards.size(), 1u);  // NaN is not scored
        QCOMPARE(m_traces[1].prompt, std::string("Be brief.\n3?"));
        QCOMPARE(m_traces[1].completion, std::string("long"));
        QCOMPARE(m_traces[1].finish, std::string("length"));
        QCOMPARE(m_traces[1].gold, std::string("3"));
        QVERIFY(m_traces[1].tokens.ends == (std::vector<std::int32_t>{2, 4}));
        QVERIFY(!m_traces[1].correct && m_traces[1].reward == 0.0);
    }

    void ownExportIsExact() {
        Trace trace;
        trace.step = 3;
        trace.task = "addition";
        trace.problemId = "a:1";
        trace.group = 12;
        trace.sample = 2;
        trace.prompt = "1+1=\n\"";
        trace.completion = "2, \xe2\x88\x91";
        trace.reward = 0.1;
        trace.rewards = {{"format", 1.0 / 3}};
        trace.steps = {{0, 1, StepVerdict::Wrong, "is off"}};
        trace.tokens.logprobs = {-0.25f, -1e-9f};
        m_traces = {trace};
        trace.lanes = {{LaneKind::Prm, "judge", {{0, 1, none, 0.25, 0, 0, ""}}}};
        trace.branch = TraceBranch{"run", 1, 2, 3, "train", 1, "c", true};
        m_traces = {trace};
        import(exported("t.jsonl", {.format = TraceExportFormat::Jsonl}));
        QVERIFY(m_report.format == TraceFormat::Retort);
        QVERIFY(m_traces == std::vector<Trace>{trace});
        const QByteArray csv =
            read(exported("t.csv", {.format = TraceExportFormat::Csv, .lane = LaneName{}}));
        QVERIFY2(csv.contains("\"1+1=\n\"\"\",\"2, \xe2\x88\x91\",") && csv.endsWith(",1,0,-\n"), csv);
    }

    void badFiles_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("empty") << QByteArray(" \n\n") << QByteArray("is empty");
        QTest::newRow("zip") << QByteArray("PK\x03\x04 etc") << QByteArray("no whole zip archive");
        QTest::newRow("parquet") << QByteArray("PAR1") << QByteArray("Parquet");
        QTest::newRow("cut parquet") << QByteArray("PAR1 and more bytes") << QByteArray("breaks off");
        QTest::newRow("utf-16") << QByteArray("\xff\xfe{\0\"\0", 6) << QByteArray("UTF-16");
        QTest::newRow("utf-16 without mark") << QByteArray("{\0\"\0a\0", 6) << QByteArray("UTF-16");
        QTest::newRow("gzip") << QByteArray("\x1f\x8b\x08") << QByteArray("compressed");
        QTest::newRow("text") << QByteArray("hello") << QByteArray("no known format");
        QTest::newRow("other json") << QByteArray("{\"a\":1}\n") << QByteArray("no known format");
        QTest::newRow("deep") << QByteArray(1000000, '[') << QByteArray("no known format");
        QTest::newRow("deep objects")
            << QByteArray("{\"a\":").repeated(1000000) << QByteArray("no known format");
        QTest::newRow("label too large") << QByteArray(processBench).replace("\"label\":1", "\"label\":3")
                                         << QByteArray("label: is 3, but there are 3 steps");
        QTest::newRow("no samples") << QByteArray(R"({"eval":{},"status":"success"})")
                                    << QByteArray("holds no trace");
    }
    void badFiles() {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, message);
        try {
            import(write("bad", content));
            QFAIL("was taken");
        } catch (const Error& error) {
            QVERIFY2(QByteArray(error.what()).contains(message), error.what());
            QVERIFY2(QByteArray(error.what()).contains("bad"), error.what());
        }
    }

    void badRowsAmongGoodOnes() {
        QByteArray content = stepwise + "\n";
        content += "{\"prompt\":\"p\",\"completions\":[\"a\"],\"labels\":[true,false]}\n";  // 2
        content += "{\"prompt\":\"p\n";                                                     // 3
        content += "\xff\xfe{\n";                                                           // 4
        content += QByteArray("[").repeated(1000000) + "\n";                                // 5
        content += "{\"prompt\":\"\xc3\",\"completions\":[\"a\"],\"labels\":[true]}\n";     // 6
        content += "17\n" + stepwise + "\n";                                                // 7, 8
        content += "{\"prompt\":\"last\",\"completions\":[\"a\"],\"labels\":[true]}";
        import(write("s.jsonl", content));
        QCOMPARE(m_traces.size(), 2u);
        QCOMPARE(m_report.duplicates, 1);
        QCOMPARE(m_report.bad, 6);
        QCOMPARE(m_report.records, 9);
        for (std::size_t i = 0; i < 6; ++i) QCOMPARE(m_report.problems[i].line, std::int64_t(i + 2));
        QVERIFY2(m_report.problems[4].reason.starts_with("invalid UTF-8"),
                 m_report.problems[4].reason.c_str());
        QCOMPARE(m_report.problems[4].field, std::string("prompt"));
        TraceImportOptions options;
        options.mostProblems = 2;
        import(write("s.jsonl", content), options);
        QCOMPARE(m_report.bad, 6);
        QCOMPARE(m_report.problems.size(), 2u);
    }

    void fieldsAreNamed() {
        QByteArray rating = phase2, chosen = phase1;
        rating.replace("\"rating\":-1", "\"rating\":5");
        chosen.replace("\"chosen_completion\":0", "\"chosen_completion\":4");
        import(write("p.jsonl", phase2 + "\n" + rating + "\n" + chosen + "\n"));
        QCOMPARE(m_report.bad, 2);
        QCOMPARE(m_report.problems[0].field, std::string("label.steps[1].completions[0].rating"));
        QCOMPARE(m_report.problems[1].field, std::string("label.steps[1].chosen_completion"));
    }

    // A trace of more than the bound is passed over, in a line and in a list; what stands around it is kept.
    void hugeRecords() {
        const QByteArray huge = "{\"id\":\"h\",\"problem\":\"p\",\"label\":0,\"steps\":[\"" +
                                QByteArray(int(RecordSource::mostBytes), 'x') + "\"]}";
        import(write("h.jsonl", processBench + "\n" + huge + "\n" + processBenchRight + "\n"));
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY2(m_report.problems.at(0).reason.find("longer than 60 MB") != std::string::npos,
                 m_report.problems[0].reason.c_str());
        import(write("h.json", "[" + processBench + ",\n" + huge + ",\n" + processBenchRight + "]"));
        QCOMPARE(m_traces.size(), 1u + 1u);
        QCOMPARE(m_report.bad, 1);
        QCOMPARE(m_report.problems[0].line, 2);
    }

    // Cut anywhere, a file gives what was whole before the cut, or an Error: never a crash, never more.
    void truncatedEverywhere() {
        const QByteArray list = "[" + processBench + ",\n" + processBenchRight + "]";
        for (const QByteArray& whole : {list, QByteArray(phase2 + "\n" + phase1), inspectLog, shepherd}) {
            import(write("whole", whole));
            const std::size_t all = m_traces.size();
            for (int length = 0; length < whole.size(); length += 3) {
                try {
                    import(write("cut", whole.left(length)));
                    QVERIFY(m_traces.size() <= all);
                } catch (const Error&) {
                }
            }
        }
        import(write("cut", list.left(list.size() - 9)));
        QCOMPARE(m_traces.size(), 1u);
        QCOMPARE(m_report.bad, 1);
    }

    void canBeStopped() {
        TraceImportOptions options;
        options.goOn = [](std::uint64_t) { return false; };
        QVERIFY_EXCEPTION_THROWN(import(write("s.jsonl", stepwise + "\n"), options), Error);
    }

    void existingFilesAreKept() {
        const auto file = write("there", "mine");
        QVERIFY_EXCEPTION_THROWN(TraceExporter(file, {}), Error);
        { TraceExporter unfinished(file, {.overwrite = true}); }
        QCOMPARE(read(file), QByteArray("mine"));
        QCOMPARE(QDir(m_home->path()).entryList(QDir::Files).size(), 1);
        Trace outside;
        outside.completion = "ab";
        outside.steps = {{0, 3, StepVerdict::Correct, ""}};
        TraceExporter exporter(file, {.format = TraceExportFormat::TrlStepwise, .overwrite = true});
        QVERIFY_EXCEPTION_THROWN(exporter.add(outside), Error);
    }

    void nonFiniteIsQuoted() { QCOMPARE(withQuotedNonFinite(pythonNumbers), quotedNumbers); }
};

QTEST_GUILESS_MAIN(TestTraceFormats)
#include "tst_trace_formats.moc"
