// Runs on a machine behind a real sshd: everything that they say is here exactly once, whatever breaks in
// between.
#include <signal.h>

#include <QSignalSpy>
#include <QTest>

#include "core/runlog/log_tail.h"
#include "core/store/store.h"
#include "core/util/files.h"
#include "tests/backends/remote/far_runs.h"
#include "training/backends/remote/machine_follower.h"
#include "training/backends/remote/remote_launch.h"

using namespace retort;
namespace fs = std::filesystem;

class TestSshFollowing : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void brokenConnections_data();
    void brokenConnections();
    void serverThatComesBack();
    void windowThatWasClosed();
    void twoFollowersDoNoHarm();
    void storeHasEverythingOnce();
    void changedLogIsRefused();
    void goneDirectoryIsSaid();

  private:
    std::unique_ptr<FarMachine> m_far;
};

void TestSshFollowing::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    m_far = std::make_unique<FarMachine>();
}

void TestSshFollowing::brokenConnections_data() {
    QTest::addColumn<QByteArray>("what");
    QTest::newRow("sshd's side") << QByteArray("server");
    QTest::newRow("our ssh") << QByteArray("client");
}

void TestSshFollowing::brokenConnections() {
    QFETCH(QByteArray, what);
    const QString run = m_far->newRun("broken", {"training.max_steps=400"});
    const std::unique_ptr<Shell> shell = Shell::ssh(m_far->machine());
    launchThere(openWorkPlace(*shell, m_far->machine()), RunDirectory::open(run.toStdString()), false);
    MachineFollower follower(m_far->machine());
    QSignalSpy ended(&follower, &MachineFollower::ended), failed(&follower, &MachineFollower::failed);
    follower.follow(run);
    for (int cut = 1; cut <= 4; ++cut) {
        const std::int64_t step = lastStep(run);
        QTRY_VERIFY_WITH_TIMEOUT(lastStep(run) > step || !ended.isEmpty(), longest);
        if (what == "server")
            m_far->server().cutConnections();
        else if (follower.processId() > 0)
            ::kill(pid_t(follower.processId()), SIGKILL);
    }
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(failed.isEmpty());
    verifyWhole(run, 400);
}

void TestSshFollowing::serverThatComesBack() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended), connection(&backend, &SshBackend::connectionChanged);
    const QString run = m_far->newRun("patient", {"training.max_steps=500"});
    launchUntilItTrains(backend, run);
    m_far->server().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!connection.isEmpty() && !connection.last().at(0).toBool(), longest);
    QVERIFY(!connection.last().at(1).toString().isEmpty());
    const std::int64_t step = lastStep(run);
    QTest::qWait(1500);
    QCOMPARE(lastStep(run), step);
    QVERIFY(ended.isEmpty());
    QVERIFY(m_far->server().start());
    QTRY_VERIFY_WITH_TIMEOUT(connection.last().at(0).toBool(), longest);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    verifyWhole(run, 500);
}

void TestSshFollowing::windowThatWasClosed() {
    const QString run = m_far->newRun("left alone", {"training.max_steps=600"});
    {
        SshBackend backend(m_far->machine());
        launchUntilItTrains(backend, run);
    }
    const std::int64_t step = lastStep(run);
    QVERIFY(step < 600);
    QTRY_VERIFY_WITH_TIMEOUT(endOfLastAttempt(RunDirectory::open(directoryThere(run))), longest);
    QCOMPARE(lastStep(run), step);
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    QVERIFY(backend.adopt(run));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    verifyWhole(run, 600);
    QVERIFY(!backend.adopt(run));
    Machine other = m_far->machine();
    other.name = "other";
    SshBackend stranger(other);
    QVERIFY(!stranger.adopt(run));
}

void TestSshFollowing::twoFollowersDoNoHarm() {
    const QString run = m_far->newRun("shared", {"training.max_steps=300"});
    SshBackend one(m_far->machine()), two(m_far->machine());
    QSignalSpy oneEnded(&one, &Backend::ended), twoEnded(&two, &Backend::ended);
    launchUntilItTrains(one, run);
    QVERIFY(two.adopt(run));
    QTRY_VERIFY_WITH_TIMEOUT(oneEnded.size() == 1 && twoEnded.size() == 1, longest);
    verifyWhole(run, 300);
}

void TestSshFollowing::storeHasEverythingOnce() {
    const QString run = m_far->newRun("stored", {"training.max_steps=300"});
    StoreWriter store(m_far->server().folder() / "lab.db");
    const RowId id = store.addRun(RunDirectory::open(run.toStdString()), "ssh:box").get();
    store.follow(id);
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    launchUntilItTrains(backend, run);
    m_far->server().cutConnections();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    store.ingest(id).get();
    StoreReader reader(store.file());
    QCOMPARE(reader.run(id)->state, std::string("finished"));
    for (const SeriesRow& series : reader.series(id))
        if (series.name == "loss") {
            const auto points = reader.points(series.id, true);
            QCOMPARE(points.size(), 300u);
            for (std::size_t i = 0; i < points.size(); ++i) QCOMPARE(points[i].step, std::int64_t(i + 1));
        }
}

void TestSshFollowing::changedLogIsRefused() {
    const QString run = m_far->newRun("changed", {"study=wait"});
    std::string mirrored;
    {
        SshBackend backend(m_far->machine());
        launchUntilItTrains(backend, run);
        backend.kill(run);
        QSignalSpy ended(&backend, &Backend::ended);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    }
    RemoteRun remote = *readRemoteRun(run.toStdString());
    remote.ended = false;
    writeRemoteRun(run.toStdString(), remote);
    mirrored = readFile(fs::path(run.toStdString()) / "events.jsonl");
    std::string changed = mirrored;
    changed[changed.size() - 10] ^= 1;
    writeFileAtomically(directoryThere(run) / "events.jsonl", changed + "{}\n");
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    QVERIFY(backend.adopt(run));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY2(
        ended.first().at(1).toString().contains(QStringLiteral("is not the file whose beginning is here")),
        qPrintable(ended.first().at(1).toString()));
    QCOMPARE(readFile(fs::path(run.toStdString()) / "events.jsonl"), mirrored);
}

void TestSshFollowing::goneDirectoryIsSaid() {
    const QString run = m_far->newRun("gone", {"study=wait"});
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    launchUntilItTrains(backend, run);
    ::kill(trainerPid(run), SIGKILL);
    fs::remove_all(directoryThere(run));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(!ended.first().at(1).toString().isEmpty());
}

QTEST_GUILESS_MAIN(TestSshFollowing)
#include "tst_ssh_following.moc"
