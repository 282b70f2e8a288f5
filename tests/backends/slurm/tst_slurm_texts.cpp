// What is said to Slurm and what it says, as texts: requests, scripts, the output of its commands.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/util/error.h"
#include "training/backends/slurm/slurm_end.h"
#include "training/backends/slurm/slurm_job.h"
#include "training/backends/slurm/slurm_partition.h"
#include "training/backends/slurm/slurm_request.h"
#include "training/backends/slurm/slurm_submission.h"

using namespace retort;

namespace {

SlurmScript plainScript() {
    SlurmScript script;
    script.jobName = "tiny";
    script.begin = trainerLine(false);
    script.resume = trainerLine(true);
    return script;
}

/// A record as squeueFormat() asks for it.
std::string record(const std::string& marker, const std::vector<std::string>& fields) {
    std::string line = marker;
    for (const std::string& field : fields) line += slurmSeparator + field;
    return line + "\n";
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
    void squeueLines();
    void sinfoLines();
    void phases_data();
    void phases();
    void sacctLines();
    void scontrolText_data();
    void scontrolText();
    void jobNumbers_data();
    void jobNumbers();
    void waiting_data();
    void waiting();
    void ends_data();
    void ends();
    void endNotes_data();
    void endNotes();
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

void TestSlurmTexts::squeueLines() {
    const std::string marker = "job-5a";
    QCOMPARE(squeueFormat(marker), marker + "\x1f%F\x1f%K\x1f%A\x1f%T\x1f%S\x1f%e\x1f%N\x1f%r\x1f%j");
    std::string text;
    text += record(marker, {"7", "N/A", "7", "RUNNING", "1795339026", "1795342626", "n1", "None", "tiny"});
    text += record(marker, {"8", "3", "12", "PENDING", "N/A", "N/A", "", "Resources", "x\x1fy | z"});
    // The rest of a name with line ends in it, which tries to be a record.
    text += record(marker, {"9", "N/A", "9", "PENDING", "1795340000", "N/A", "", "Priority", "two"});
    text += record("job-5b", {"7", "N/A", "7", "COMPLETED", "1", "1", "n1", "None", "fake"});
    text += "squeue: a warning\n\n";
    text += record(marker, {"$(touch x)", "N/A", "7", "COMPLETED", "1", "1", "n1", "None", "fake"});
    text += marker + "\x1f" + "10";  // cut off
    const std::vector<SlurmJob> jobs = parseSqueue(text, marker);
    QCOMPARE(jobs.size(), std::size_t(3));
    QCOMPARE(jobs[0].id, std::string("7"));
    QCOMPARE(jobs[0].state, std::string("RUNNING"));
    QCOMPARE(jobs[0].reason, std::string());
    QCOMPARE(jobs[0].start.value(), 1795339026.0);
    QCOMPARE(jobs[0].end.value(), 1795342626.0);
    QCOMPARE(jobs[0].nodes, std::string("n1"));
    QCOMPARE(jobs[1].id, std::string("8_3"));
    QCOMPARE(jobs[1].reason, std::string("Resources"));
    QVERIFY(!jobs[1].start && !jobs[1].end);
    QCOMPARE(jobs[1].name, std::string("x\x1fy | z"));
    QCOMPARE(jobs[2].id, std::string("9"));
    QCOMPARE(jobs[2].start.value(), 1795340000.0);
    QVERIFY(parseSqueue("", marker).empty());
}

void TestSlurmTexts::sinfoLines() {
    const std::string marker = "job-5a";
    std::string text = record(marker, {"debug*", "up", "infinite", "1", "4", "2000", "(null)"});
    text += record(marker, {"gpu", "up", "1-00:00:00", "2", "64", "515000", "shard:8,gpu:a100:4(S:0-1)"});
    text += record(marker, {"gpu", "down", "1-00:00:00", "1", "32+", "257000+", "gpu:2"});
    text += record("job-5b", {"fake", "up", "1", "1", "1", "1", "x"});
    text += "sinfo: a warning\n" + marker + "\x1f" + "cut off\n";
    const std::vector<SlurmPartition> found = parseSinfo(text, marker);
    QCOMPARE(found.size(), std::size_t(3));
    QVERIFY(found[0] == (SlurmPartition{"debug", true, true, "infinite", 1, 4, 2000, ""}));
    QVERIFY(found[1] == (SlurmPartition{"gpu", false, true, "1-00:00:00", 2, 64, 515000, "gpu:a100:4"}));
    QVERIFY(found[2] == (SlurmPartition{"gpu", false, false, "1-00:00:00", 1, 32, 257000, "gpu:2"}));
    QVERIFY(parseSinfo("", marker).empty());
}

void TestSlurmTexts::phases_data() {
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("phase");
    QTest::newRow("pending") << "PENDING" << int(SlurmPhase::Waiting);
    QTest::newRow("requeued") << "REQUEUED" << int(SlurmPhase::Waiting);
    QTest::newRow("held") << "SPECIAL_EXIT" << int(SlurmPhase::Waiting);
    QTest::newRow("configuring") << "CONFIGURING" << int(SlurmPhase::Running);
    QTest::newRow("running") << "RUNNING" << int(SlurmPhase::Running);
    QTest::newRow("completing") << "COMPLETING" << int(SlurmPhase::Ending);
    QTest::newRow("out of memory") << "OUT_OF_MEMORY" << int(SlurmPhase::Over);
    QTest::newRow("preempted") << "PREEMPTED" << int(SlurmPhase::Over);
    QTest::newRow("of a newer Slurm") << "EXPEDITING" << int(SlurmPhase::Running);
}

void TestSlurmTexts::phases() {
    QFETCH(QString, state);
    QFETCH(int, phase);
    QCOMPARE(int(slurmPhase(state.toStdString())), phase);
}

void TestSlurmTexts::sacctLines() {
    std::string text =
        "7\x1f"
        "CANCELLED by 1000\x1f"
        "0:15\x1f"
        "1795339026\x1f"
        "1795339030\x1fn1\n";
    text +=
        "8_3\x1f"
        "OUT_OF_MEMORY\x1f"
        "0:125\x1f"
        "1795339026\x1f"
        "Unknown\x1f"
        "None assigned\n";
    text +=
        "9\x1fPREEMPTED\x1f"
        "0:0\x1f"
        "1\x1f"
        "2\x1fn1\n9\x1f"
        "COMPLETED\x1f"
        "0:0\x1f"
        "3\x1f"
        "4\x1fn2\n";
    text +=
        "8.batch\x1f"
        "COMPLETED\x1f"
        "0:0\x1f"
        "3\x1f"
        "4\x1fn2\nnonsense\n";
    const std::vector<SlurmJob> jobs = parseSacct(text);
    QCOMPARE(jobs.size(), std::size_t(3));
    QCOMPARE(jobs[0].state, std::string("CANCELLED"));
    QCOMPARE(jobs[0].signal.value(), 15);
    QCOMPARE(jobs[0].end.value(), 1795339030.0);
    QCOMPARE(jobs[1].id, std::string("8_3"));
    QCOMPARE(jobs[1].nodes, std::string());
    QVERIFY(!jobs[1].end);
    QCOMPARE(jobs[2].state, std::string("COMPLETED"));  // the last time counts
    QCOMPARE(jobs[2].nodes, std::string("n2"));
}

void TestSlurmTexts::scontrolText_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("id");  // empty: no job
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<int>("exitStatus");
    // As Slurm 22.05.8 writes it.
    const QString rest = QStringLiteral(
        "   UserId=root(0) GroupId=root(0) MCS_label=N/A\n   Priority=1 Nice=0 Account=(null) QOS=(null)\n"
        "   JobState=FAILED Reason=NonZeroExitCode Dependency=(null)\n"
        "   Requeue=1 Restarts=2 BatchFlag=1 Reboot=0 ExitCode=130:0\n"
        "   Command=/tmp/ JobState=RUNNING x\n   WorkDir=/tmp/ ExitCode=0:0\n");
    QTest::newRow("plain") << "JobId=8 JobName=tiny\n" + rest << "8"
                           << "FAILED"
                           << "NonZeroExitCode" << 130;
    QTest::newRow("array") << "JobId=9 ArrayJobId=8 ArrayTaskId=1 JobName=tiny\n" + rest << "8_1"
                           << "FAILED"
                           << "NonZeroExitCode" << 130;
    QTest::newRow("hostile name")
        << "JobId=8 JobName=x ArrayJobId=1 ArrayTaskId=2 JobState=RUNNING Reason=None\n" + rest << "8"
        << "FAILED"
        << "NonZeroExitCode" << 130;
    QTest::newRow("nothing") << ""
                             << ""
                             << ""
                             << "" << 0;
    QTest::newRow("an error") << "slurm_load_jobs error: Invalid job id specified\n"
                              << ""
                              << ""
                              << "" << 0;
    QTest::newRow("no state") << "JobId=8 JobName=x\n"
                              << ""
                              << ""
                              << "" << 0;
}

void TestSlurmTexts::scontrolText() {
    QFETCH(QString, text);
    QFETCH(QString, id);
    QFETCH(QString, state);
    QFETCH(QString, reason);
    QFETCH(int, exitStatus);
    const std::optional<SlurmJob> job = parseScontrolJob(text.toStdString());
    QCOMPARE(job.has_value(), !id.isEmpty());
    if (!job) return;
    QCOMPARE(QString::fromStdString(job->id), id);
    QCOMPARE(QString::fromStdString(job->state), state);
    QCOMPARE(QString::fromStdString(job->reason), reason);
    QCOMPARE(job->exitStatus.value(), exitStatus);
    QCOMPARE(job->restarts.value(), 2);
}

void TestSlurmTexts::jobNumbers_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("job") << "77" << true;
    QTest::newRow("task") << "77_3" << true;
    QTest::newRow("empty") << "" << false;
    QTest::newRow("range") << "77_[1-3]" << false;
    QTest::newRow("option") << "--me" << false;
    QTest::newRow("shell") << "7;id" << false;
    QTest::newRow("no task") << "7_" << false;
}

void TestSlurmTexts::jobNumbers() {
    QFETCH(QString, text);
    QFETCH(bool, good);
    QCOMPARE(isSlurmJobId(text.toStdString()), good);
}

void TestSlurmTexts::waiting_data() {
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("says");
    QTest::newRow("none") << "None"
                          << "";
    QTest::newRow("resources") << "Resources"
                               << "is next";
    QTest::newRow("limit of all") << "QOSGrpGRES"
                                  << "everybody in this QOS";
    QTest::newRow("limit of one") << "QOSMaxJobsPerUserLimit"
                                  << "your limit in this QOS";
    QTest::newRow("maintenance") << "ReqNodeNotAvail, Reserved for maintenance"
                                 << "shorter time limit";
    QTest::newRow("held after a failure") << "launch_failed_requeued_held"
                                          << "release it to try again";
    QTest::newRow("of a newer Slurm") << "MoonPhase"
                                      << "MoonPhase";
}

void TestSlurmTexts::waiting() {
    QFETCH(QString, reason);
    QFETCH(QString, says);
    const QString text = QString::fromStdString(explainWaiting(reason.toStdString()));
    QCOMPARE(text.isEmpty(), says.isEmpty());
    QVERIFY2(text.contains(says), qPrintable(text));
}

void TestSlurmTexts::ends_data() {
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<int>("status");  // of the batch script; -1: unknown
    QTest::addColumn<int>("signal");
    QTest::addColumn<QString>("note");  // the script's reason; "-": it left none
    QTest::addColumn<bool>("complete");
    QTest::addColumn<QString>("says");  // empty: a clean end
    QTest::newRow("well") << "COMPLETED"
                          << "" << 0 << 0 << "" << true << "";
    QTest::newRow("stopped when asked") << "COMPLETED"
                                        << "" << 0 << 0 << "" << false << "";
    QTest::newRow("the log is believed") << "TIMEOUT"
                                         << "TimeLimit" << 0 << 1 << "-" << true << "";
    QTest::newRow("time limit, killed") << "TIMEOUT"
                                        << "TimeLimit" << 0 << 1 << "-" << false << "reached its time limit";
    // Slurm calls a job that saved and ended before the limit failed.
    QTest::newRow("time limit, saved")
        << "FAILED"
        << "NonZeroExitCode" << 130 << 0 << "time-limit" << false << "reached its time limit";
    QTest::newRow("preempted, saved")
        << "FAILED"
        << "NonZeroExitCode" << 130 << 0 << "preempted" << false << "higher priority";
    QTest::newRow("memory") << "OUT_OF_MEMORY"
                            << "OutOfMemory" << 0 << 125 << "-" << false << "more memory than it asked";
    QTest::newRow("node") << "NODE_FAIL"
                          << "NodeDown" << 0 << 1 << "-" << false << "node of the job failed";
    QTest::newRow("cancelled") << "CANCELLED"
                               << "None" << 0 << 15 << "ended" << false << "was cancelled";
    QTest::newRow("launch") << "FAILED"
                            << "JobLaunchFailure" << 0 << 53 << "-" << false << "could not start the job";
    QTest::newRow("memory, without cgroups")
        << "FAILED"
        << "JobLaunchFailure" << 0 << 9 << "-" << false << "memory ran out on the node";
    QTest::newRow("not found") << "FAILED"
                               << "NonZeroExitCode" << 127 << 0 << "" << false << "could not be started";
    QTest::newRow("killed") << "FAILED"
                            << "NonZeroExitCode" << 137 << 0 << "" << false << "memory ran out on the node";
    QTest::newRow("error") << "FAILED"
                           << "NonZeroExitCode" << 1 << 0 << "" << false << "exit status 1";
    QTest::newRow("forgotten, with a note") << ""
                                            << "" << 0 << 0 << "" << false << "";
    QTest::newRow("forgotten") << ""
                               << "" << -1 << 0 << "-" << false << "knows nothing of the job";
    QTest::newRow("of a newer Slurm") << "LAUNCH_FAILED"
                                      << "Moon" << -1 << 0 << "-" << false << "LAUNCH_FAILED, Moon";
}

void TestSlurmTexts::ends() {
    QFETCH(QString, state);
    QFETCH(QString, reason);
    QFETCH(int, status);
    QFETCH(int, signal);
    QFETCH(QString, note);
    QFETCH(bool, complete);
    QFETCH(QString, says);
    SlurmJob job;
    job.id = "7";
    job.state = state.toStdString();
    job.reason = reason.toStdString();
    if (status >= 0) job.exitStatus = status;
    job.signal = signal;
    std::optional<SlurmEndNote> left;
    if (note != QStringLiteral("-")) left = SlurmEndNote{"7", 0, std::max(status, 0), note.toStdString()};
    const QString text = QString::fromStdString(explainSlurmEnd(job, left, complete));
    QCOMPARE(text.isEmpty(), says.isEmpty());
    QVERIFY2(text.contains(says), qPrintable(text));
}

void TestSlurmTexts::endNotes_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("good") << R"({"job": "7", "restarts": 1, "status": 130, "reason": "time-limit"})" << true;
    QTest::newRow("empty") << "" << false;
    QTest::newRow("cut off") << R"({"job": "7", "resta)" << false;
    QTest::newRow("others") << R"({"job": 7})" << false;
    QTest::newRow("no object") << "[]" << false;
}

void TestSlurmTexts::endNotes() {
    QFETCH(QString, text);
    QFETCH(bool, good);
    const auto note = slurmEndNoteFrom(text.toStdString());
    QCOMPARE(note.has_value(), good);
    if (note) QVERIFY(*note == (SlurmEndNote{"7", 1, 130, "time-limit"}));
}

QTEST_GUILESS_MAIN(TestSlurmTexts)
#include "tst_slurm_texts.moc"
