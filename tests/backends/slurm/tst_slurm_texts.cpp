// What is said to Slurm: requests and what is wrong with them, and the scripts that are made of them.
#include <QProcess>
#include <QTest>

#include "core/util/error.h"
#include "training/backends/slurm/slurm_request.h"
#include "training/backends/slurm/slurm_script.h"

using namespace retort;

namespace {

SlurmScript plainScript() {
    SlurmScript script;
    script.jobName = "tiny";
    script.begin = trainerLine(false);
    script.resume = trainerLine(true);
    return script;
}

}  // namespace

class TestSlurmTexts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void timeLimits_data();
    void timeLimits();
    void wrongRequests_data();
    void wrongRequests();
    void requestsAsJson();
    void exportsInScripts_data();
    void exportsInScripts();
    void requestsAsOptions_data();
    void requestsAsOptions();
    void scripts();
    void arrayScript();
    void tasksAreStartedBySrun();
    void wrongScripts();
    void wrongDirectories_data();
    void wrongDirectories();
    void scriptIsGoodBash_data();
    void scriptIsGoodBash();
    void jobNames_data();
    void jobNames();
};

void TestSlurmTexts::timeLimits_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("seconds");  // -1: none
    // man sbatch: "minutes", "minutes:seconds", "hours:minutes:seconds", "days-hours", "days-hours:minutes",
    // "days-hours:minutes:seconds"
    QTest::newRow("minutes") << "90" << 5400;
    QTest::newRow("minutes, seconds") << "90:30" << 5430;
    QTest::newRow("hours") << "1:30:05" << 5405;
    QTest::newRow("days") << "2-12" << 216000;
    QTest::newRow("days, minutes") << "1-0:30" << 88200;
    QTest::newRow("days, seconds") << "1-00:00:01" << 86401;
    QTest::newRow("unlimited") << "UNLIMITED" << -1;
    QTest::newRow("empty") << "" << -1;
    QTest::newRow("words") << "two hours" << -1;
    QTest::newRow("negative") << "-5" << -1;
    QTest::newRow("four parts") << "1:2:3:4" << -1;
    QTest::newRow("blank") << "1 0" << -1;
    QTest::newRow("too long") << "99999999999999999999" << -1;
}

void TestSlurmTexts::timeLimits() {
    QFETCH(QString, text);
    QFETCH(int, seconds);
    QCOMPARE(slurmSeconds(text.toStdString()).value_or(-1), std::int64_t(seconds));
}

void TestSlurmTexts::wrongRequests_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("says");
    QTest::newRow("two words") << R"({"partition": "gpu --wrap=x"})"
                               << "partition: has a blank";
    QTest::newRow("line end") << R"({"account": "a\n#SBATCH --x"})"
                              << "account: has a blank";
    QTest::newRow("time") << R"({"time": "soon"})"
                          << "is not a time limit";
    QTest::newRow("no time") << R"({"time": "0"})"
                             << "is not a time limit";
    QTest::newRow("shorter than the grace") << R"({"time": "1"})"
                                            << "is not longer than the 60 s";
    QTest::newRow("memory") << R"({"mem": "lots"})"
                            << "mem: 'lots'";
    QTest::newRow("nodes") << R"({"nodes": 0})"
                           << "nodes: 0 is not in 1";
    QTest::newRow("tasks") << R"({"tasks_per_node": -1})"
                           << "tasks_per_node: -1";
    QTest::newRow("grace") << R"({"grace": 1})"
                           << "grace: 1 is not in 5";
    QTest::newRow("no option") << R"({"extra": ["mail-type=END"]})"
                               << "does not begin with an option";
    QTest::newRow("ours") << R"({"extra": ["--output=/tmp/x"]})"
                          << "--output is set by the run itself";
    QTest::newRow("ours, short") << R"({"extra": ["-o/tmp/x"]})"
                                 << "-o is set by the run itself";
    QTest::newRow("two lines") << R"({"extra": ["--mail-type=END\ntouch x"]})"
                               << "control character";
}

void TestSlurmTexts::wrongRequests() {
    QFETCH(QString, json);
    QFETCH(QString, says);
    const std::vector<std::string> problems = problemsOf(slurmRequestFrom(Json::parse(json.toStdString())));
    QCOMPARE(problems.size(), std::size_t(1));
    QVERIFY2(problems.front().find(says.toStdString()) != std::string::npos, problems.front().c_str());
    QVERIFY_EXCEPTION_THROWN(sbatchScript(slurmRequestFrom(Json::parse(json.toStdString())), plainScript()),
                             Error);
}

void TestSlurmTexts::requestsAsJson() {
    SlurmRequest request;
    request.partition = "gpu";
    request.account = "a'b";
    request.qos = "long";
    request.timeLimit = "1-0";
    request.gpus = "gpu:a100:2";
    request.nodes = 2;
    request.tasksPerNode = 4;
    request.cpusPerTask = 3;
    request.memory = "16G";
    request.constraint = "a&b";
    request.extraLines = {"--mail-type=END"};
    request.arrayAtOnce = 2;
    request.graceSeconds = 90;
    request.isContinuedAtTimeLimit = true;
    QVERIFY(problemsOf(request).empty());
    QVERIFY(slurmRequestFrom(toJson(request)) == request);
    QVERIFY(slurmRequestFrom(Json::object()) == SlurmRequest());
    QVERIFY_EXCEPTION_THROWN(slurmRequestFrom(Json{{"partitoin", "x"}}), Error);
    QVERIFY_EXCEPTION_THROWN(slurmRequestFrom(Json{{"nodes", "two"}}), Error);
    QVERIFY_EXCEPTION_THROWN(slurmRequestFrom(Json::array({1})), Error);
}

void TestSlurmTexts::exportsInScripts_data() {
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QString>("exported");
    QTest::newRow("none") << "#!/bin/bash\n#SBATCH --nodes=1\n"
                          << "";
    QTest::newRow("one") << "#!/bin/bash\n#SBATCH --export=NONE\n"
                         << "NONE";
    QTest::newRow("the last one counts") << "#SBATCH --export=NONE\n#SBATCH --export='A,B=1'\n"
                                         << "A,B=1";
    QTest::newRow("a blank") << "#SBATCH --export ALL\n"
                             << "ALL";
    QTest::newRow("another option") << "#SBATCH --export-file=x\n"
                                    << "";
}

void TestSlurmTexts::exportsInScripts() {
    QFETCH(QString, lines);
    QTEST(QString::fromStdString(slurmExportIn(lines.toStdString())), "exported");
}

void TestSlurmTexts::requestsAsOptions_data() {
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << "{}"
                           << "";
    QTest::newRow("one") << R"({"partition": "gpu"})"
                         << "--partition=gpu";
    QTest::newRow("all") << R"({"partition": "p", "account": "a", "qos": "q", "time": "1:30:00",
        "gres": "gpu:2", "nodes": 3, "tasks_per_node": 2, "cpus_per_task": 4, "mem": "16G",
        "constraint": "a100&ib", "extra": ["--mail-type=END"], "array_at_once": 5, "grace": 90,
        "continue": true})"
                         << "--partition=p --account=a --qos=q --time=1:30:00 --nodes=3 --tasks-per-node=2 "
                            "--cpus-per-task=4 --gres=gpu:2 --mem=16G --constraint=a100&ib "
                            "--array-at-once=5 --grace=90 --continue --mail-type=END";
}

void TestSlurmTexts::requestsAsOptions() {
    QFETCH(QString, request);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(optionsText(slurmRequestFrom(Json::parse(request.toStdString())))), text);
}

void TestSlurmTexts::scripts() {
    SlurmRequest request;
    request.partition = "gpu";
    request.timeLimit = "1-0";
    request.gpus = "gpu:2";
    request.extraLines = {"--mail-type=END"};
    SlurmScript script = plainScript();
    script.environment = {"module load cuda/12", "export X='a b'"};
    const QString text =
        QString::fromStdString(withSlurmProgram(sbatchScript(request, script), "/opt/retort's cli"));
    for (const char* line :
         {"#!/bin/bash -l", "#SBATCH --job-name='tiny'", "#SBATCH --partition='gpu'", "#SBATCH --time='1-0'",
          "#SBATCH --gres='gpu:2'", "#SBATCH --output=stdout.log", "#SBATCH --error=stderr.log",
          "#SBATCH --open-mode=append", "#SBATCH --requeue", "#SBATCH --signal=B:TERM@60",
          "#SBATCH --mail-type=END", "run=$SLURM_SUBMIT_DIR",
          "retort_cli='/opt/retort'\\''s cli'  # its path, put in when the job is submitted",
          "module load cuda/12", "export X='a b'", "    \"$retort_cli\" train-run \"$run\" --resume &",
          "    \"$retort_cli\" train-run \"$run\" &"})
        QVERIFY2(text.split(QLatin1Char('\n')).contains(QString::fromLatin1(line)), line);
    // What is not asked for is the cluster's to choose.
    for (const char* absent :
         {"--account", "--qos", "--mem", "--constraint", "--cpus-per-task", "--array", "srun"})
        QVERIFY2(!text.contains(QString::fromLatin1(absent)), absent);
    // sbatch reads options up to the first line that is neither empty nor a comment.
    QVERIFY(text.lastIndexOf(QLatin1String("#SBATCH")) < text.indexOf(QLatin1String("run=")));
    request.isContinuedAtTimeLimit = true;
    QVERIFY(QString::fromStdString(sbatchScript(request, script))
                .contains(QLatin1String("preempted | time-limit)")));
    QVERIFY(!text.contains(QLatin1String("| time-limit)")));
}

void TestSlurmTexts::arrayScript() {
    SlurmRequest request;
    request.arrayAtOnce = 2;
    SlurmScript script = plainScript();
    script.arraySize = 5;
    const QString text = QString::fromStdString(sbatchScript(request, script));
    QVERIFY(text.contains(QLatin1String("#SBATCH --array=0-4%2\n")));
    QVERIFY(text.contains(QLatin1String("#SBATCH --output=%a/stdout.log\n")));
    QVERIFY(
        text.contains(QLatin1String("run=$(cd -- \"$SLURM_SUBMIT_DIR/$SLURM_ARRAY_TASK_ID\" && pwd -P)")));
}

void TestSlurmTexts::tasksAreStartedBySrun() {
    SlurmRequest request;
    request.nodes = 2;
    request.cpusPerTask = 4;
    const QString text = QString::fromStdString(sbatchScript(request, plainScript()));
    QVERIFY(text.contains(
        QLatin1String("srun --kill-on-bad-exit=1 --cpus-per-task=4 \"$retort_cli\" train-run")));
    QVERIFY(text.contains(QLatin1String("scancel --signal=TERM \"$SLURM_JOB_ID\"")));
    QVERIFY(!text.contains(QLatin1String("kill -TERM")));
    // A command is started once, and told by its supervisor.
    SlurmScript command = plainScript();
    command.isCommand = true;
    const QString once = QString::fromStdString(sbatchScript(request, command));
    QVERIFY(!once.contains(QLatin1String("srun")) && !once.contains(QLatin1String("scancel --signal")));
    QVERIFY(once.contains(QLatin1String("kill -TERM \"$trainer\"")));
    QVERIFY(once.contains(QLatin1String("#SBATCH --nodes=2\n")));
}

void TestSlurmTexts::wrongScripts() {
    SlurmScript script = plainScript();
    script.environment = {"module load x\ny"};
    QVERIFY_EXCEPTION_THROWN(sbatchScript({}, script), Error);
}

void TestSlurmTexts::wrongDirectories_data() {
    QTest::addColumn<QString>("directory");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("plain") << "/work/runs/tiny" << true;
    QTest::newRow("hostile") << "/a $(touch x); 'y' \"q\" # %j" << true;
    QTest::newRow("relative") << "runs/tiny" << false;
    QTest::newRow("home") << "~/runs" << false;
    QTest::newRow("backslash") << "/work/a\\b" << false;
    QTest::newRow("line end") << "/work/a\nb" << false;
}

void TestSlurmTexts::wrongDirectories() {
    QFETCH(QString, directory);
    QFETCH(bool, isGood);
    bool isTaken = true;
    try {
        checkSlurmDirectory(directory.toStdString());
    } catch (const Error&) {
        isTaken = false;
    }
    QCOMPARE(isTaken, isGood);
}

void TestSlurmTexts::scriptIsGoodBash_data() {
    QTest::addColumn<int>("nodes");
    QTest::addColumn<int>("array");
    QTest::newRow("one") << 1 << 0;
    QTest::newRow("array") << 1 << 3;
    QTest::newRow("srun") << 2 << 0;
}

void TestSlurmTexts::scriptIsGoodBash() {
    QFETCH(int, nodes);
    QFETCH(int, array);
    SlurmRequest request;
    request.nodes = nodes;
    SlurmScript script = plainScript();
    script.arraySize = array;
    script.jobName = "a $(touch x); 'y' \"q\" # %j";
    QProcess bash;
    bash.start(QStringLiteral("bash"), {QStringLiteral("-n")});
    bash.write(withSlurmProgram(sbatchScript(request, script), script.jobName).c_str());
    bash.closeWriteChannel();
    QVERIFY(bash.waitForFinished());
    QVERIFY2(bash.exitCode() == 0, bash.readAllStandardError().constData());
}

void TestSlurmTexts::jobNames_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << "grpo 4-digit"
                           << "grpo 4-digit";
    QTest::newRow("line end") << "a\n#SBATCH --x"
                              << "a #SBATCH --x";
    QTest::newRow("empty") << ""
                           << "retort";
    QTest::newRow("blank") << " \t"
                           << "retort";
    QTest::newRow("long") << QString(300, QLatin1Char('a')) << QString(200, QLatin1Char('a'));
    QTest::newRow("cut between letters")
        << QString(199, QLatin1Char('a')) + QStringLiteral("é") << QString(199, QLatin1Char('a'));
}

void TestSlurmTexts::jobNames() {
    QFETCH(QString, name);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(slurmJobName(name.toStdString())), expected);
}

QTEST_GUILESS_MAIN(TestSlurmTexts)
#include "tst_slurm_texts.moc"
