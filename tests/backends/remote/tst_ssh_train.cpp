// The real trainer on a machine that has nothing of ours: the program is brought, learns the same numbers as
// here, and a run starts from a checkpoint that was fetched and brought back.
#include <sys/resource.h>

#include <QSignalSpy>
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "core/runlog/placement.h"
#include "core/runlog/priority.h"
#include "tests/app/niceness.h"
#include "tests/backends/remote/far_machine.h"
#include "training/backends/local_process_backend.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/ssh_backend.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

constexpr int longest = 120000;  // ms: LibTorch loads from a cold disk

const std::vector<std::string> small = {
    "training.max_steps=4",    "training.batch_size=4",     "training.max_length=64",
    "training.warmup_steps=1", "training.precision=fp32",   "training.num_threads=1",
    "evaluation.eval_steps=0", "evaluation.num_problems=2", "evaluation.max_completion_length=4"};

std::vector<double> losses(const QString& run) {
    std::vector<double> values;
    for (const Event& event : eventsOf(run))
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            for (const auto& [name, value] : scalars->values)
                if (name == "loss") values.push_back(value);
    return values;
}

}  // namespace

class TestSshTrain : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void sameNumbersThere();
    void priorityThere();
    void severalProcessesThere();
};

namespace {

/// Of the trainer there, which is here: sshd is on the loopback.
QByteArray nicenessThere(const QString& run) {
    const pid_t trainer = trainerPid(run);
    return trainer > 0 ? test::nicenessOf(trainer).values : QByteArray();
}

}  // namespace

void TestSshTrain::sameNumbersThere() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    qputenv("RETORT_CLI", REAL_RETORT_CLI);
    FarMachine far;
    fs::remove(far.bin() / "retort-cli");  // nothing is there
    SshBackend backend(far.machine());
    LocalProcessBackend here;
    const auto train = [](Backend& on, const QString& run, bool resume = false) {
        QSignalSpy ended(&on, &Backend::ended);
        on.launch(run, resume);
        return ended.wait(longest) ? ended.first().at(1).toString() : QStringLiteral("no end");
    };
    const QString local = far.newRun("local", small), remote = far.newRun("remote", small);
    QCOMPARE(train(here, local), QString());
    QCOMPARE(train(backend, remote), QString());
    QCOMPARE(losses(local).size(), std::size_t(4));
    QCOMPARE(losses(remote), losses(local));
    QVERIFY(readRemoteRun(remote.toStdString())
                ->program.find((far.server().workFolder() / "programs").string()) == 0);

    const std::unique_ptr<Shell> shell = Shell::ssh(far.machine());
    const WorkPlace place = openWorkPlace(*shell, far.machine());
    const RunDirectory run = RunDirectory::open(remote.toStdString());
    fetchCheckpoint(place, run, 4);
    std::vector<std::string> next = small;
    next.push_back("model.from=" + run.checkpointFolder(4).string());
    const QString second = far.newRun("second", next), secondHere = far.newRun("second here", next);
    QCOMPARE(train(backend, second), QString());
    QCOMPARE(train(here, secondHere), QString());
    QCOMPARE(losses(second), losses(secondHere));
    QVERIFY(
        readFile(fs::path(readRemoteRun(second.toStdString())->directory) / "config.yaml").find("brought") !=
        std::string::npos);
}

void TestSshTrain::priorityThere() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    const int own = ::getpriority(PRIO_PROCESS, 0);
    if (own >= 16) QSKIP("NOT TESTED: this test itself runs at nice 16 or above");
    qputenv("RETORT_CLI", REAL_RETORT_CLI);
    FarMachine far;
    fs::remove(far.bin() / "retort-cli");
    Machine machine = far.machine();
    machine.nice = 1;
    SshBackend backend(machine);
    QSignalSpy ended(&backend, &Backend::ended);
    std::vector<std::string> lengthy = small;
    lengthy.push_back("training.max_steps=1000000");
    const QString run = far.newRun("nice", lengthy);
    backend.launch(run, false);
    const auto state = [&run] { return readPriorityState(run.toStdString()).value_or(PriorityState{}); };
    QTRY_COMPARE_WITH_TIMEOUT(nicenessThere(run), QByteArray::number(own + 1), longest);
    QTRY_COMPARE_WITH_TIMEOUT(state().nice, own + 1, longest);

    askPriority(run.toStdString(), own + 3);
    QTRY_COMPARE_WITH_TIMEOUT(nicenessThere(run), QByteArray::number(own + 3), longest);
    QTRY_COMPARE_WITH_TIMEOUT(state().asked.value_or(-1), own + 3, longest);
    // Another program there: this side hears of it, and does not take it back.
    const auto remote = readRemoteRun(run.toStdString());
    QVERIFY(remote.has_value());
    const auto said = prioritiseThere(*Shell::ssh(machine), *remote, 19);
    QVERIFY(said.has_value());
    QCOMPARE(said->nice, 19);
    QTRY_COMPARE_WITH_TIMEOUT(askedPriority(run.toStdString()).value_or(-1), 19, longest);
    QTRY_COMPARE_WITH_TIMEOUT(state().nice, 19, longest);
    QTest::qWait(500);
    QCOMPARE(nicenessThere(run), QByteArray("19"));
    ask(run.toStdString(), Request::Stop);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
}

void TestSshTrain::severalProcessesThere() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    qputenv("RETORT_CLI", REAL_RETORT_CLI);
    FarMachine far;
    fs::remove(far.bin() / "retort-cli");
    SshBackend backend(far.machine());
    LocalProcessBackend here;
    const QString one = far.newRun("one", small), pair = far.newRun("pair", small),
                  there = far.newRun("there", small);
    for (const QString& run : {pair, there}) writePlacement(run.toStdString(), {2});
    const std::pair<Backend*, QString> launches[] = {{&here, one}, {&here, pair}, {&backend, there}};
    for (const auto& [on, run] : launches) {
        QSignalSpy ended(on, &Backend::ended);
        on->launch(run, false);
        QVERIFY(ended.wait(longest));
        QCOMPARE(ended.first().at(1).toString(), QString());
    }
    const auto processesOf = [](const QString& run) {
        const Json environment = RunDirectory::open(run.toStdString()).identity().environment;
        return environment.value("processes", 1);
    };
    QCOMPARE(processesOf(one), 1);
    for (const QString& run : {pair, there}) {
        QTRY_COMPARE_WITH_TIMEOUT(processesOf(run), 2, longest);
        const std::vector<double> alone = losses(one), together = losses(run);
        QCOMPARE(together.size(), alone.size());
        for (std::size_t i = 0; i < alone.size(); ++i) QVERIFY(std::abs(alone[i] - together[i]) < 1e-5);
    }
}

QTEST_GUILESS_MAIN(TestSshTrain)
#include "tst_ssh_train.moc"
