// A second machine as far as its network goes: a namespace of its own, joined to this one by a cable that can
// be pulled. It takes root and iproute2.
#pragma once

#include <unistd.h>

#include <QProcess>
#include <QString>

namespace retort {

inline bool runIp(const QString& words) {
    QProcess process;
    process.start(QStringLiteral("ip"), words.split(QLatin1Char(' ')));
    return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit &&
           process.exitCode() == 0;
}

/// Two ends of a cable, the far one in a namespace of its own; addresses of this process, so that what
/// another one left behind is in nobody's way.
class Cable {
  public:
    Cable() {
        isThere = runIp(QStringLiteral("netns add ") + name) &&
                  runIp(QStringLiteral("link add %1 type veth peer name %2 netns %3").arg(near, far, name)) &&
                  runIp(QStringLiteral("addr add %1/30 dev %2").arg(address(1), near)) &&
                  runIp(QStringLiteral("link set %1 up").arg(near)) &&
                  there(QStringLiteral("addr add %1/30 dev %2").arg(address(2), far)) &&
                  there(QStringLiteral("link set lo up")) && connect(true);
    }
    ~Cable() {
        runIp(QStringLiteral("link del ") + near);
        runIp(QStringLiteral("netns del ") + name);
    }
    Cable(const Cable&) = delete;
    Cable& operator=(const Cable&) = delete;

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
    bool there(const QString& words) const { return runIp(QStringLiteral("-n %1 ").arg(name) + words); }

    const QString near = QStringLiteral("rn%1").arg(::getpid()), far = QStringLiteral("rf%1").arg(::getpid());
};

}  // namespace retort
