// A process reward model against exact step labels: trained on traces with one injected error each, it finds
// the first errors of other problems' traces. By retort-cli alone: export, train, score, bench (ProcessBench,
// #207).
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <sstream>

#include "cli_process.h"
#include "core/runlog/codec.h"
#include "core/runlog/run_directory.h"
#include "core/tasks/rejected_traces.h"
#include "core/tasks/task.h"
#include "core/util/files.h"
#include "core/util/json.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const char* const policy =
    "recipe: sft\n"
    "name: policy\n"
    "model: {hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 4,\n"
    "        intermediate_size: 128, max_position_embeddings: 64}\n"
    "data: {tasks: [{task: modular_chain, worked_share: 1, min_operations: 2, max_operations: 3, modulus: "
    "5}]}\n"
    "training: {max_steps: 400, batch_size: 64, max_length: 48, learning_rate: 5.0e-3, warmup_steps: 10,\n"
    "           precision: fp32, num_threads: 1}\n"
    "evaluation: {eval_steps: 0, max_completion_length: 48}\n";

const char* const judge =
    "recipe: prm\n"
    "model: {from: 'run:policy'}\n"
    "prm: {source: file, step_separator: ''}\n"
    "training: {max_steps: 500, batch_size: 64, max_length: 64, learning_rate: 4.0e-3, warmup_steps: 10,\n"
    "           precision: fp32, num_threads: 1}\n"
    "evaluation: {eval_steps: 0}\n";

/// Worked solutions as a run, every second one with one injected error, judged by the task's exact checker.
void writeRun(const fs::path& runs, const std::string& name, Split split, int count) {
    const auto task =
        makeTask("modular_chain", {{"min_operations", 2}, {"max_operations", 3}, {"modulus", 3}});
    const RunDirectory run = RunDirectory::create(runs, name, "recipe: evaluate\n", {});
    Random random(7);
    std::string log;
    encodeEvent({1, 1, StartEvent{}}, log);
    std::int64_t seq = 1;
    for (int i = 0; i < count; ++i) {
        const Problem problem = task->problem(split, 11, std::uint64_t(i));
        const auto wrong = i % 2 ? injectError(*task, problem, random) : std::nullopt;
        Trace trace;
        trace.phase = "eval";
        trace.task = task->kind();
        trace.problemId = problem.id;
        trace.group = i;
        trace.prompt = problem.prompt;
        trace.completion = wrong.value_or(problem.worked);
        trace.gold = problem.answer;
        const Verdict verdict = task->verify(problem, trace.completion);
        trace.extracted = verdict.extracted;
        trace.correct = verdict.correct;
        trace.worked = verdict.worked;
        trace.steps = verdict.steps;
        encodeEvent({++seq, 1, TraceEvent{trace}}, log);
    }
    encodeEvent({++seq, 2, EndEvent{"finished", ""}}, log);
    writeFileAtomically(run.eventsFile(), log);
}

double f1Of(const QJsonObject& bench) {
    return bench["splits"].toArray()[0].toObject()["f1"].toDouble();
}

}  // namespace

class TestCliPrmBench : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void findsFirstErrors();
    void knowsNothingFromOtherLabels();

  private:
    CliResult cli(const QStringList& arguments) const { return runCli(m_home.path(), arguments); }
    bool done(const QStringList& arguments) const {
        const CliResult result = cli(arguments);
        if (result.status != 0) qWarning("%s", result.err.constData());
        return result.status == 0;
    }
    std::string path(const char* name) const { return m_home.filePath(name).toStdString(); }
    /// What `traces bench` says of a model trained on these labels.
    QJsonObject bench(const QString& name, const std::string& labels);

    QTemporaryDir m_home;
    std::string m_labels;
};

void TestCliPrmBench::initTestCase() {
    writeFileAtomically(path("policy.yaml"), policy);
    writeFileAtomically(path("judge.yaml"), judge);
    writeRun(path("made"), "learned-from", Split::Train, 3000);
    writeRun(path("made"), "held-out", Split::Test, 300);
    QVERIFY(done({"store", "reindex", m_home.filePath("made")}));
    QVERIFY(done({"train", m_home.filePath("policy.yaml")}));
    QVERIFY(done({"traces", "export", "learned-from", "--format", "trl-stepwise", "--lane", "checker",
                  "--out", m_home.filePath("steps.jsonl")}));
    m_labels = readFile(path("steps.jsonl"), 1 << 24);
}

QJsonObject TestCliPrmBench::bench(const QString& name, const std::string& labels) {
    writeFileAtomically(path("labels.jsonl"), labels);
    if (!done({"train", m_home.filePath("judge.yaml"), "--set", "name=" + name, "--set",
               "prm.file=" + m_home.filePath("labels.jsonl")}) ||
        !done({"traces", "score", "held-out", "--prm", name}))
        return {};
    const CliResult result = cli({"traces", "bench", "held-out", "--lane", "prm:" + name + "@500", "--json"});
    qInfo("%s: %s", qPrintable(name), result.out.constData());
    return QJsonDocument::fromJson(result.out).object();
}

void TestCliPrmBench::findsFirstErrors() {
    const QJsonObject result = bench("judge", m_labels);
    QVERIFY(result["step_auc"].toDouble() > 0.9);
    QVERIFY(f1Of(result) > 70);
}

/// The labels of all steps, dealt out anew.
std::string shuffled(const std::string& lines) {
    std::vector<Json> rows;
    std::vector<int> labels;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
        rows.push_back(Json::parse(line));
        for (const Json& label : rows.back()["labels"]) labels.push_back(label.get<bool>() ? 1 : 0);
    }
    Random random(3);
    for (std::size_t i = labels.size(); i > 1; --i)
        std::swap(labels[i - 1], labels[std::size_t(random.integer(0, std::int64_t(i) - 1))]);
    std::string result;
    std::size_t next = 0;
    for (Json& row : rows) {
        for (Json& label : row["labels"]) label = labels[next++] != 0;
        result += row.dump() + "\n";
    }
    return result;
}

// What is measured is not in the measuring: without the labels nothing is found.
void TestCliPrmBench::knowsNothingFromOtherLabels() {
    const QJsonObject result = bench("blind", shuffled(m_labels));
    QVERIFY(std::abs(result["step_auc"].toDouble() - 0.5) < 0.15);
    QVERIFY(f1Of(result) < 50);
}

QTEST_GUILESS_MAIN(TestCliPrmBench)
#include "tst_cli_prm_bench.moc"
