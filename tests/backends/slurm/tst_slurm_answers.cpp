// What Slurm says, as texts: the output of its commands, why a job waits, how one ended.
#include <QTest>
#include <algorithm>

#include "training/backends/slurm/slurm_end.h"
#include "training/backends/slurm/slurm_job.h"
#include "training/backends/slurm/slurm_partition.h"

using namespace retort;

namespace {

/// A record as squeueFormat() asks for it.
std::string record(const std::string& marker, const std::vector<std::string>& fields) {
    std::string line = marker;
    for (const std::string& field : fields) line += slurmSeparator + field;
    return line + "\n";
}

}  // namespace

class TestSlurmAnswers : public QObject {
    Q_OBJECT

  private Q_SLOTS:
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

void TestSlurmAnswers::squeueLines() {
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

void TestSlurmAnswers::sinfoLines() {
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

void TestSlurmAnswers::phases_data() {
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

void TestSlurmAnswers::phases() {
    QFETCH(QString, state);
    QFETCH(int, phase);
    QCOMPARE(int(slurmPhase(state.toStdString())), phase);
}

void TestSlurmAnswers::sacctLines() {
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

void TestSlurmAnswers::scontrolText_data() {
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

void TestSlurmAnswers::scontrolText() {
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

void TestSlurmAnswers::jobNumbers_data() {
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

void TestSlurmAnswers::jobNumbers() {
    QFETCH(QString, text);
    QFETCH(bool, good);
    QCOMPARE(isSlurmJobId(text.toStdString()), good);
}

void TestSlurmAnswers::waiting_data() {
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

void TestSlurmAnswers::waiting() {
    QFETCH(QString, reason);
    QFETCH(QString, says);
    const QString text = QString::fromStdString(explainWaiting(reason.toStdString()));
    QCOMPARE(text.isEmpty(), says.isEmpty());
    QVERIFY2(text.contains(says), qPrintable(text));
}

void TestSlurmAnswers::ends_data() {
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

void TestSlurmAnswers::ends() {
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

void TestSlurmAnswers::endNotes_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("good") << R"({"job": "7", "restarts": 1, "status": 130, "reason": "time-limit"})" << true;
    QTest::newRow("empty") << "" << false;
    QTest::newRow("cut off") << R"({"job": "7", "resta)" << false;
    QTest::newRow("others") << R"({"job": 7})" << false;
    QTest::newRow("no object") << "[]" << false;
}

void TestSlurmAnswers::endNotes() {
    QFETCH(QString, text);
    QFETCH(bool, good);
    const auto note = slurmEndNoteFrom(text.toStdString());
    QCOMPARE(note.has_value(), good);
    if (note) QVERIFY(*note == (SlurmEndNote{"7", 1, 130, "time-limit"}));
}

QTEST_GUILESS_MAIN(TestSlurmAnswers)
#include "tst_slurm_answers.moc"
