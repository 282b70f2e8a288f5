// A network that is cut for a while, in a namespace of its own: what was said meanwhile is here exactly once
// soon after it is back.
#include <unistd.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "tests/backends/remote/far_machine.h"
#include "training/backends/remote/ssh_backend.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

constexpr int longest = 60000;      // ms
constexpr int partitionMs = 20000;  // longer than everything that waits for an answer

bool ip(const QString& words) {
    QProcess process;
    process.start(QStringLiteral("ip"), words.split(QLatin1Char(' ')));
    return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit &&
           process.exitCode() == 0;
}

/// Two ends of a cable, the far one in a namespace of its own; addresses of this process, so that what
/// another one left behind is in nobody's way.
class Network {
  public:
    Network() {
        isThere = ip(QStringLiteral("netns add ") + name) &&
                  ip(QStringLiteral("link add %1 type veth peer name %2 netns %3").arg(near, far, name)) &&
                  ip(QStringLiteral("addr add %1/30 dev %2").arg(address(1), near)) &&
                  ip(QStringLiteral("link set %1 up").arg(near)) &&
                  there(QStringLiteral("addr add %1/30 dev %2").arg(address(2), far)) &&
                  there(QStringLiteral("link set lo up")) && connect(true);
    }
    ~Network() {
        ip(QStringLiteral("link del ") + near);
        ip(QStringLiteral("netns del ") + name);
    }

    bool connect(bool connected) const {
        return there(QStringLiteral("link set %1 %2")
                         .arg(far, connected ? QStringLiteral("up") : QStringLiteral("down")));
    }

    /// 1: this end, 2: the far one.
    static QString address(int end) {
        const int pid = int(::getpid());
        return QStringLiteral("10.231.%1.%2").arg(pid / 64 % 256).arg(4 * (pid % 64) + end);
    }

    const QString name = QStringLiteral("retort-%1").arg(::getpid());
    bool isThere = false;

  private:
    bool there(const QString& words) const { return ip(QStringLiteral("-n %1 ").arg(name) + words); }

    const QString near = QStringLiteral("rn%1").arg(::getpid()), far = QStringLiteral("rf%1").arg(::getpid());
};

}  // namespace

class TestSshPartition : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void cutForAWhile();
};

void TestSshPartition::cutForAWhile() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    const Network network;
    if (!network.isThere)
        QSKIP("A CUT NETWORK IS NOT TESTED: no network namespaces here (root and iproute2 needed)");
    TestSshd::Settings settings;
    settings.address = Network::address(2).toStdString();
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
