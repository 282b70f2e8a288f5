// The real trainer on a machine that has nothing of ours: the program is brought, learns the same numbers as
// here, and a run starts from a checkpoint that was fetched and brought back.
#include <QSignalSpy>
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
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
};

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

QTEST_GUILESS_MAIN(TestSshTrain)
#include "tst_ssh_train.moc"
