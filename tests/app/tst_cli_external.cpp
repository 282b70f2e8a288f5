// retort-cli with commands as trainers: to the store, to the exit status, and through everything's death.
#include <signal.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include "cli_process.h"
#include "core/store/store.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/process_identity.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

constexpr int patienceMs = 60'000;

std::string textOf(const fs::path& file) {
    std::error_code code;
    return fs::exists(file, code) ? readFile(file) : std::string();
}

bool lives(const fs::path& pidFile) {
    const auto process = processIdentity(pid_t(std::strtol(textOf(pidFile).c_str(), nullptr, 10)));
    return process && isAlive(*process);
}

}  // namespace

class TestCliExternal : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void trainsIntoTheStore();
    void failureIsTold();
    void interruptedAndResumed();
    void killedSupervisorLeavesNothing();
    void configurationIsChecked();

  private:
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
    QString config(const char* script, const char* more = "") const {
        const QString file = m_home->filePath(QStringLiteral("c.yaml"));
        writeFileAtomically(file.toStdString(), "recipe: external\nname: mine\nexternal:\n  shell: |\n    " +
                                                    std::string(script) + "\n" + more);
        return file;
    }
    StoreReader store() const { return StoreReader(fs::path(m_home->path().toStdString()) / "lab.db"); }
    /// Without an id before the command has made it.
    RunRow onlyRun() const {
        try {
            const auto runs = store().runs();
            return runs.empty() ? RunRow() : runs.front();
        } catch (const Error&) {  // there is no store yet
            return {};
        }
    }
    std::vector<std::int64_t> steps(const char* name) const {
        StoreReader reader = store();
        std::vector<std::int64_t> found;
        for (const SeriesRow& series : reader.series(onlyRun().id))
            if (series.name == name)
                for (const auto& point : reader.points(series.id, true)) found.push_back(point.step);
        return found;
    }

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestCliExternal::trainsIntoTheStore() {
    // Nothing of LibTorch is needed.
    qputenv("RETORT_TRAINING_MODULE", "/nowhere.so");
    const CliResult result = cli(
        {"train", config("echo step,loss >m.csv; for i in 1 2 3; do echo $i,$i >>m.csv; done; echo done")});
    qunsetenv("RETORT_TRAINING_MODULE");
    QVERIFY2(result.status == 0, result.err);
    QCOMPARE(onlyRun().state, std::string("finished"));
    QCOMPARE(onlyRun().recipe, std::string("external"));
    QCOMPARE(steps("loss"), (std::vector<std::int64_t>{1, 2, 3}));
    // Its output is the run's, not the terminal's.
    QCOMPARE(textOf(fs::path(onlyRun().directory) / "stdout.log"), std::string("done\n"));
    QCOMPARE(cli({"store", "check"}).status, 0);
}

void TestCliExternal::failureIsTold() {
    const CliResult result = cli({"train", config("echo 'CUDA is gone' >&2; exit 3")});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("exit status 3"), result.err);
    QCOMPARE(onlyRun().state, std::string("failed"));
    QVERIFY2(onlyRun().error.find("CUDA is gone") != std::string::npos, onlyRun().error.c_str());
}

void TestCliExternal::interruptedAndResumed() {
    const QString file = config(
        "echo $$ >pid; touch \"ready$RETORT_ATTEMPT\"; [ $RETORT_ATTEMPT = 1 ] || exit 0; while :; do sleep "
        "0.1; done");
    QProcess process;
    prepareCli(process, m_home->path(), {"train", file});
    process.start();
    QTRY_VERIFY_WITH_TIMEOUT(!onlyRun().directory.empty(), patienceMs);
    const fs::path work = fs::path(onlyRun().directory) / "work";
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(work / "ready1"), patienceMs);
    ::kill(pid_t(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(patienceMs));
    QCOMPARE(process.exitCode(), 130);
    QVERIFY(!lives(work / "pid"));
    QCOMPARE(onlyRun().state, std::string("stopped"));
    QCOMPARE(cli({"resume", "mine"}).status, 0);
    QVERIFY(fs::exists(work / "ready2"));
    QCOMPARE(onlyRun().state, std::string("finished"));
}

void TestCliExternal::killedSupervisorLeavesNothing() {
    // With a child in a session of its own, and one that does not hear SIGTERM.
    const QString file = config(
        "echo $$ >pid; setsid sh -c 'echo $$ >far; exec sleep 1000' & sh -c 'trap \"\" TERM; echo $$ >deaf; "
        "while :; do sleep 1; "
        "done' & n=$(cat \"$RETORT_OUTPUT_DIR/m.csv\" 2>/dev/null | wc -l); [ $n -gt 0 ] || echo step,loss "
        ">\"$RETORT_OUTPUT_DIR/m.csv\"; "
        "for i in 1 2 3; do echo $((RETORT_ATTEMPT*3+i)),1 >>\"$RETORT_OUTPUT_DIR/m.csv\"; done; while [ "
        "$RETORT_ATTEMPT = 1 ]; do "
        "sleep 0.1; done",
        "  grace: 1\n");
    QProcess process;
    prepareCli(process, m_home->path(), {"train", file});
    process.start();
    QTRY_VERIFY_WITH_TIMEOUT(!onlyRun().directory.empty(), patienceMs);
    const fs::path run = onlyRun().directory, work = run / "work";
    QTRY_VERIFY_WITH_TIMEOUT(lives(work / "pid") && lives(work / "far") && lives(work / "deaf"), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(textOf(run / "events.jsonl").find("\"step\":6") != std::string::npos,
                             patienceMs);
    process.kill();
    QVERIFY(process.waitForFinished(patienceMs));
    QTRY_VERIFY_WITH_TIMEOUT(!lives(work / "pid") && !lives(work / "far") && !lives(work / "deaf"),
                             patienceMs);
    QVERIFY(!RunDirectory::open(run).isRunning());
    const CliResult resumed = cli({"resume", "mine"});
    QVERIFY2(resumed.status == 0, resumed.err);
    QCOMPARE(onlyRun().state, std::string("finished"));
    QCOMPARE(steps("loss"), (std::vector<std::int64_t>{4, 5, 6, 7, 8, 9}));
    QVERIFY(!lives(work / "far") && !lives(work / "deaf"));
}

void TestCliExternal::configurationIsChecked() {
    const CliResult result = cli({"train", config("true", "  comand: [x]\n")});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("external.comand") && result.err.contains("did you mean command?"),
             result.err);
    QVERIFY(cli({"schema", "external"}).out.contains("external.shell"));
}

QTEST_GUILESS_MAIN(TestCliExternal)
#include "tst_cli_external.moc"
