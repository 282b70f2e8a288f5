// One run by two machines (network namespaces, joined by a cable): started as launchers start ranks, to the
// numbers of one process; and what becomes of it when a machine or the cable between them goes.
#include <signal.h>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include "cli_process.h"
#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/util/files.h"
#include "tests/app/tiny_config.h"
#include "tests/backends/support/cable.h"
#include "tests/support/free_port.h"

using namespace retort;

namespace {

constexpr int patienceMs = 120'000;

std::vector<Event> eventsOf(const RunDirectory& run) {
    std::vector<Event> events;
    const RunLogFollower follower(run.eventsFile());
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        events.insert(events.end(), batch.events.begin(), batch.events.end());
    } while (!batch.atEnd);
    return events;
}

std::vector<double> valuesOf(const RunDirectory& run, const std::string& wanted) {
    std::vector<double> values;
    for (const Event& event : eventsOf(run))
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            for (const auto& [name, value] : scalars->values)
                if (name == wanted) values.push_back(value);
    return values;
}

/// Empty: it goes on.
std::string endOf(const RunDirectory& run) {
    std::string text;
    for (const Event& event : eventsOf(run))
        if (const auto* end = std::get_if<EndEvent>(&event.payload)) text = end->outcome + " " + end->error;
    return text;
}

}  // namespace

class TestCliTwoNodes : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void numbersOfOneProcess();
    void aLostMachineEndsTheRun_data();
    void aLostMachineEndsTheRun();

  private:
    RunDirectory prepared(const QString& name, const QStringList& more = {}) const {
        const QString out = m_home.filePath(name);
        const CliResult result =
            runCli(m_home.path(),
                   QStringList{"train", m_config, "--prepare", "--out", out, "--set", "name=" + name} + more);
        if (result.status != 0) qFatal("%s", result.err.constData());
        return RunDirectory::open(
            QDir(out).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot).front().filePath().toStdString());
    }
    /// Rank 0 is here, rank 1 at the other end of the cable.
    void start(QProcess& process, int rank, const RunDirectory& run) const {
        prepareCli(process, m_home.path(), {"train-run", QString::fromStdString(run.path().string())});
        QProcessEnvironment environment = process.processEnvironment();
        environment.insert("RANK", QString::number(rank));
        environment.insert("WORLD_SIZE", "2");
        environment.insert("LOCAL_RANK", "0");
        environment.insert("MASTER_ADDR", Cable::address(1));
        environment.insert("MASTER_PORT", QString::number(m_port));
        process.setProcessEnvironment(environment);
        if (rank == 1) {
            process.setArguments(QStringList{"netns", "exec", m_cable->name, process.program()} +
                                 process.arguments());
            process.setProgram("ip");
        }
        process.start();
    }

    QTemporaryDir m_home;
    QString m_config;
    std::unique_ptr<Cable> m_cable;
    int m_port = 0;
};

void TestCliTwoNodes::initTestCase() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    m_cable = std::make_unique<Cable>();
    if (!m_cable->isThere)
        QSKIP("TWO MACHINES ARE NOT TESTED: no network namespaces here (root and iproute2 needed)");
    m_port = test::freePort();
    m_config = m_home.filePath("tiny.yaml");
    writeFileAtomically(m_config.toStdString(), test::tinyConfig(6));
}

void TestCliTwoNodes::numbersOfOneProcess() {
    const RunDirectory one = prepared("one"), two = prepared("two");
    QCOMPARE(runCli(m_home.path(), {"train-run", QString::fromStdString(one.path().string())}).status, 0);
    QProcess first, second;
    start(first, 0, two);
    start(second, 1, two);
    QVERIFY(first.waitForFinished(patienceMs) && second.waitForFinished(patienceMs));
    QVERIFY2(first.exitCode() == 0, first.readAllStandardError().constData());
    QVERIFY2(second.exitCode() == 0, second.readAllStandardError().constData());
    for (const char* name : {"loss", "grad_norm", "entropy"}) {
        const std::vector<double> alone = valuesOf(one, name), together = valuesOf(two, name);
        QCOMPARE(alone.size(), 6u);
        QCOMPARE(together.size(), 6u);
        for (std::size_t i = 0; i < alone.size(); ++i)
            QVERIFY2(std::abs(alone[i] - together[i]) <= 1e-5 * std::max(1.0, std::abs(alone[i])),
                     qPrintable(QString("%1: %2, %3").arg(name).arg(alone[i]).arg(together[i])));
    }
}

void TestCliTwoNodes::aLostMachineEndsTheRun_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QByteArray>("said");  // by who is left
    QTest::newRow("rank 1's") << "second" << QByteArray("lost rank 1");
    QTest::newRow("rank 0's") << "first" << QByteArray("lost rank 0");
    QTest::newRow("the cable") << "cable" << QByteArray("lost rank 1");
}

void TestCliTwoNodes::aLostMachineEndsTheRun() {
    QFETCH(QString, what);
    QFETCH(QByteArray, said);
    const RunDirectory run = prepared(what, {"--set", "training.max_steps=1000000"});
    QProcess first, second;
    start(first, 0, run);
    start(second, 1, run);
    QTRY_VERIFY_WITH_TIMEOUT(
        QFile::exists(QString::fromStdString(run.eventsFile().string())) && valuesOf(run, "loss").size() > 3,
        patienceMs);
    QElapsedTimer clock;
    clock.start();
    if (what == "cable")
        QVERIFY(m_cable->connect(false));
    else  // `ip netns exec` becomes the trainer
        ::kill(pid_t((what == "first" ? first : second).processId()), SIGKILL);
    QVERIFY(first.waitForFinished(patienceMs));
    QVERIFY(second.waitForFinished(patienceMs));
    qInfo("both had ended %lld ms later", static_cast<long long>(clock.elapsed()));
    if (what == "cable") QVERIFY(m_cable->connect(true));
    QProcess& left = what == "first" ? second : first;
    QCOMPARE(left.exitStatus(), QProcess::NormalExit);
    QCOMPARE(left.exitCode(), 1);
    const QByteArray error = left.readAllStandardError();
    QVERIFY2(error.contains(said), error.constData());
    const std::string end = endOf(run);
    QVERIFY2(end.starts_with("failed") && end.find(said.constData()) != std::string::npos, end.c_str());
}

QTEST_GUILESS_MAIN(TestCliTwoNodes)
#include "tst_cli_two_nodes.moc"
