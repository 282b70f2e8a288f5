// A network that is cut for a while, in a namespace of its own: what was said meanwhile is here exactly once
// soon after it is back.
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "tests/backends/remote/far_machine.h"
#include "tests/backends/support/cable.h"
#include "training/backends/remote/ssh_backend.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

constexpr int longest = 60000;      // ms
constexpr int partitionMs = 20000;  // longer than everything that waits for an answer

}  // namespace

class TestSshPartition : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void cutForAWhile();
};

void TestSshPartition::cutForAWhile() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    const Cable network;
    if (!network.isThere)
        QSKIP("A CUT NETWORK IS NOT TESTED: no network namespaces here (root and iproute2 needed)");
    TestSshd::Settings settings;
    settings.address = Cable::address(2).toStdString();
    settings.through = {QStringLiteral("ip"), QStringLiteral("netns"), QStringLiteral("exec"), network.name};
    FarMachine far(settings);
    SshBackend backend(far.machine());
    QSignalSpy ended(&backend, &Backend::ended), connection(&backend, &SshBackend::connectionChanged);
    const QString run = far.newRun("cut off", {"study=wait"});
    backend.launch(run, false);
    QTRY_VERIFY_WITH_TIMEOUT(lastStep(run) > 5 && !connection.isEmpty(), longest);

    QVERIFY(network.connect(false));
    QTRY_VERIFY_WITH_TIMEOUT(!connection.last().at(0).toBool(), longest);
    const std::int64_t step = lastStep(run);
    QTest::qWait(partitionMs);
    QCOMPARE(lastStep(run), step);
    QVERIFY(ended.isEmpty());

    QVERIFY(network.connect(true));
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(lastStep(run) > step, longest);
    qInfo("events again %lld ms after the network", static_cast<long long>(clock.elapsed()));
    ask(run.toStdString(), Request::Stop);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    QCOMPARE(readFile(fs::path(run.toStdString()) / "events.jsonl"),
             readFile(fs::path(readRemoteRun(run.toStdString())->directory) / "events.jsonl"));
    std::int64_t expected = 0;
    for (const Event& event : eventsOf(run))
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            QCOMPARE(scalars->step, ++expected);
}

QTEST_GUILESS_MAIN(TestSshPartition)
#include "tst_ssh_partition.moc"
