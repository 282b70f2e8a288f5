// retort-cli traces label, score and bench: the closed loop with a tiny model, joint by joint.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "chain_policy.h"
#include "cli_process.h"
#include "core/util/files.h"

using namespace retort;

namespace {

const char* const judge =
    "recipe: prm\n"
    "name: judge\n"
    "model: {from: 'run:policy'}\n"
    "prm: {source: file, file: steps.jsonl, step_separator: ''}\n"
    "training: {max_steps: 30, batch_size: 16, max_length: 64, learning_rate: 2.0e-3, warmup_steps: 1,\n"
    "           precision: fp32, num_threads: 1}\n"
    "evaluation: {eval_steps: 0}\n";

QJsonObject object(const QByteArray& text) {
    return QJsonDocument::fromJson(text).object();
}

}  // namespace

class TestCliTracesJudge : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void usageIsChecked();
    void detectorsNeedNoModel();
    void monteCarloLabelsOnce();
    void omegaPrmKeepsItsTrees();
    void labelsTrainAProcessModelThatScores();
    void strangersAreErrors();

  private:
    CliResult cli(const QStringList& arguments) const { return runCli(m_home.path(), arguments); }
    QJsonObject done(const QStringList& arguments) const {
        const CliResult result = cli(arguments + QStringList{"--json"});
        if (result.status != 0) qWarning("%s", result.err.constData());
        return result.status == 0 ? object(result.out) : QJsonObject();
    }
    int lanesLike(const QString& kind) const {
        const CliResult rows =
            cli({"store", "query",
                 "SELECT count(DISTINCT j.mark_id) AS n FROM judgements j JOIN lanes l ON l.id = "
                 "j.lane_id WHERE l.kind = '" +
                     kind + "'"});
        return rows.out.split('\n').value(1).trimmed().toInt();
    }
    QString path(const char* name) const { return m_home.filePath(name); }

    QTemporaryDir m_home;
    int m_traces = 0;
};

void TestCliTracesJudge::initTestCase() {
    writeFileAtomically(path("policy.yaml").toStdString(), chainPolicy);
    writeFileAtomically(path("judge.yaml").toStdString(), judge);
    const CliResult trained = cli({"train", path("policy.yaml")});
    QVERIFY2(trained.status == 0, trained.err.constData());
    m_traces =
        cli({"store", "query", "SELECT count(*) FROM traces"}).out.split('\n').value(1).trimmed().toInt();
    QVERIFY(m_traces >= 24);
}

void TestCliTracesJudge::usageIsChecked() {
    QCOMPARE(cli({"traces", "label", "policy"}).status, 2);
    QCOMPARE(cli({"traces", "label", "policy", "--method", "monte-carlo"}).status, 2);
    QCOMPARE(cli({"traces", "label", "--method", "detectors"}).status, 2);
    QCOMPARE(cli({"traces", "label", "policy", "--all", "--method", "detectors"}).status, 2);
    QCOMPARE(cli({"traces", "score", "policy"}).status, 2);
    QCOMPARE(cli({"traces", "bench", "policy"}).status, 2);
    QCOMPARE(cli({"traces", "label", "nobody", "--method", "detectors"}).status, 1);
    QCOMPARE(cli({"traces", "label", "policy", "--method", "detectors", "--wrong", "--correct"}).status, 1);
    QCOMPARE(cli({"traces", "label", "policy", "--method", "monte-carlo", "--checkpoint", "policy",
                  "--rollouts", "0"})
                 .status,
             1);
    QCOMPARE(lanesLike("monte_carlo"), 0);
}

void TestCliTracesJudge::detectorsNeedNoModel() {
    const QJsonObject all = done({"traces", "label", "--all", "--method", "detectors"});
    QCOMPARE(all["traces"].toInt(), m_traces);
    QCOMPARE(all["judged"].toInt(), m_traces);
    const QJsonObject some = done({"traces", "label", "policy", "--method", "detectors", "--limit", "3"});
    QCOMPARE(some["traces"].toInt(), 3);
}

void TestCliTracesJudge::monteCarloLabelsOnce() {
    const QStringList label = {"traces",       "label",  "policy",     "--method", "monte-carlo",
                               "--checkpoint", "policy", "--rollouts", "3"};
    const QJsonObject first = done(label + QStringList{"--limit", "5"});
    QCOMPARE(first["lane"].toString(), QString("monte_carlo:policy@120"));
    QCOMPARE(first["traces"].toInt(), 5);
    QVERIFY(first["judged"].toInt() > 0 && first["rollouts"].toInt() > 0);
    QCOMPARE(lanesLike("monte_carlo"), first["judged"].toInt());
    const QJsonObject rest = done(label);
    QCOMPARE(rest["known"].toInt(), first["judged"].toInt());
    QCOMPARE(rest["traces"].toInt(), m_traces);
    QCOMPARE(lanesLike("monte_carlo"), first["judged"].toInt() + rest["judged"].toInt());
    const QJsonObject again = done(label + QStringList{"--again", "--limit", "2"});
    QCOMPARE(again["known"].toInt(), 0);
    QCOMPARE(lanesLike("monte_carlo"), first["judged"].toInt() + rest["judged"].toInt());
    // Under another name it is another lane.
    QCOMPARE(done(label + QStringList{"--limit", "2", "--name", "other"})["lane"].toString(),
             QString("monte_carlo:other"));
    const CliResult text = cli(label);
    QVERIFY2(text.out.contains("judged before") && text.out.contains("--again"), text.out.constData());
}

void TestCliTracesJudge::omegaPrmKeepsItsTrees() {
    const QJsonObject found = done({"traces", "label", "policy", "--method", "omega-prm", "--checkpoint",
                                    "policy", "--searches", "3", "--rollouts", "4", "--wrong"});
    QCOMPARE(found["lane"].toString(), QString("monte_carlo:policy@120/omega_prm"));
    QVERIFY(found["traces"].toInt() > 0);
    if (found["judged"].toInt() == 0) return;  // the policy solves none of these problems
    QCOMPARE(found["tree_run"].toString(), QString("policy-omega_prm"));
    const CliResult trees =
        cli({"store", "query", "SELECT count(*) FROM search_trees WHERE method = 'omega_prm'"});
    QVERIFY2(trees.out.split('\n').value(1).trimmed().toInt() > 0, (trees.out + trees.err).constData());
}

// label -> export -> prm -> score -> bench: each joint.
void TestCliTracesJudge::labelsTrainAProcessModelThatScores() {
    for (const char* lane : {"monte_carlo:policy@120", "checker"}) {
        const CliResult exported = cli({"traces", "export", "policy", "--format", "trl-stepwise", "--lane",
                                        lane, "--out", path("steps.jsonl"), "--overwrite"});
        QVERIFY2(exported.status == 0, exported.err.constData());
    }
    // A trace's text is whole again when prompt and steps are joined.
    QVERIFY(readFile(path("steps.jsonl").toStdString(), 1 << 20).find("\"completions\":[\"<") !=
            std::string::npos);
    const CliResult trained = cli({"train", path("judge.yaml")});
    QVERIFY2(trained.status == 0, trained.err.constData());
    const QJsonObject scored = done({"traces", "score", "policy", "--prm", "judge"});
    QCOMPARE(scored["lane"].toString(), QString("prm:judge@30"));
    QVERIFY(scored["judged"].toInt() > 0);
    QCOMPARE(lanesLike("prm"), scored["judged"].toInt());
    for (const char* lane : {"prm:judge@30", "prm", "monte_carlo:policy@120"}) {
        const QJsonObject bench = done({"traces", "bench", "policy", "--lane", lane});
        QCOMPARE(bench["splits"].toArray().size(), 1);
        QCOMPARE(bench["threshold"].isNull(), QString(lane).startsWith("monte"));
        QVERIFY(bench["measured"].toInt() > 0);
    }
    QCOMPARE(done({"traces", "bench", "policy", "--lane", "prm", "--threshold", "0.3"})["validation"].toInt(),
             0);
    const CliResult text =
        cli({"traces", "bench", "policy", "--lane", "prm", "--gold", "monte_carlo:policy@120"});
    QVERIFY2(text.status == 0 && text.out.contains("modular_chain") && text.out.contains("threshold"),
             text.err.constData());
}

void TestCliTracesJudge::strangersAreErrors() {
    const auto refused = [&](const QStringList& arguments, const char* word) {
        const CliResult result = cli(arguments);
        return result.status == 1 && result.err.contains(word);
    };
    QVERIFY(refused({"traces", "bench", "policy", "--lane", "nobody:x"}, "names no lane"));
    QVERIFY(refused({"traces", "bench", "policy", "--lane", "critic:x"}, "no trace has this lane"));
    QVERIFY(refused({"traces", "bench", "policy", "--lane", "monte_carlo"}, "several lanes"));
    QVERIFY(refused({"traces", "bench", "policy", "--lane", "prm", "--gold", "human:ann"}, "the reference"));
    QVERIFY(refused({"traces", "score", "policy", "--prm", "policy"}, "is no reward model"));
    QVERIFY(
        refused({"traces", "label", "policy", "--method", "critic", "--checkpoint", "policy"}, "vocabulary"));
}

QTEST_GUILESS_MAIN(TestCliTracesJudge)
#include "tst_cli_traces_judge.moc"
