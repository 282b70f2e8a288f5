#include "tests/backends/support/slurm.h"

#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QThread>
#include <fstream>
#include <iterator>
#include <vector>

#include "core/util/files.h"
#include "tests/support/free_port.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int longestStart = 60000;  // ms

/// The daemons lie beside each other in /usr/sbin, which is not in everybody's PATH.
QString daemonNamed(const QString& name) {
    for (const QString& folder : {QStringLiteral("/usr/sbin/"), QStringLiteral("/sbin/"),
                                  QStringLiteral("/usr/local/sbin/"), QStringLiteral("/usr/bin/")})
        if (QFile::exists(folder + name)) return folder + name;
    return {};
}

QString shortHostName() {
    char name[256] = "localhost";
    ::gethostname(name, sizeof name - 1);
    return QString::fromUtf8(name).section(QLatin1Char('.'), 0, 0);
}

QString userName() {
    const passwd* user = ::getpwuid(::getuid());
    return user ? QString::fromUtf8(user->pw_name) : QString::number(::getuid());
}

/// Processes of this Slurm, whose environment names our configuration; of its jobs alone, or all.
std::vector<pid_t> processesOf(const std::string& configuration, bool onlyJobs) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos || std::stol(name) == ::getpid())
            continue;
        std::ifstream in(entry.path() / "environ", std::ios::binary);
        const std::string variables{std::istreambuf_iterator<char>(in), {}};
        if (variables.find("SLURM_CONF=" + configuration) != std::string::npos &&
            (!onlyJobs || variables.find("SLURM_JOB_ID=") != std::string::npos))
            found.push_back(pid_t(std::stol(name)));
    }
    return found;
}

/// Of a job's step: the daemon that waits for it overwrites its own environment.
pid_t stepDaemonOf(pid_t process) {
    std::ifstream in("/proc/" + std::to_string(process) + "/status");
    pid_t parent = 0;
    for (std::string word; in >> word;)
        if (word == "PPid:") in >> parent;
    std::ifstream name("/proc/" + std::to_string(parent) + "/comm");
    std::string text;
    std::getline(name, text);
    return text == "slurmstepd" ? parent : 0;
}

/// Of jobs that outlived the node's daemon.
void killWhatIsLeft(const std::string& configuration) {
    for (const pid_t each : processesOf(configuration, false)) ::kill(each, SIGKILL);
}

}  // namespace

QString TestSlurm::missing() {
    const std::pair<const char*, const char*> needed[] = {
        {"munged", "munge"}, {"slurmctld", "slurmctld"}, {"slurmd", "slurmd"}, {"sbatch", "slurm-client"}};
    for (const auto& [program, package] : needed)
        if (daemonNamed(QString::fromLatin1(program)).isEmpty())
            return QStringLiteral("%1 is not installed").arg(QString::fromLatin1(package));
    return {};
}

TestSlurm::TestSlurm(TooMuchMemory memory)
    : m_folder(QDir::tempPath() + QStringLiteral("/slurm-XXXXXX")),
      m_controllerPort(test::freePort()),
      m_nodePort(test::freePort()) {
    for (const char* name : {"munge", "state", "spool"}) fs::create_directories(folder() / name);
    ::chmod((folder() / "munge").c_str(), 0700);
    std::string key;
    for (int i = 0; i < 128; ++i) key += char(QRandomGenerator::system()->bounded(256));
    writeFileAtomically(folder() / "munge" / "key", key);
    ::chmod((folder() / "munge" / "key").c_str(), 0600);
    writeConfiguration(memory);
    qputenv("SLURM_CONF", (folder() / "slurm.conf").c_str());

    const QString munge = m_folder.filePath(QStringLiteral("munge/"));
    m_munge =
        start(QStringLiteral("munged"),
              {QStringLiteral("--foreground"), QStringLiteral("--force"), QStringLiteral("--num-threads=2"),
               QStringLiteral("--key-file=%1key").arg(munge), QStringLiteral("--socket=%1socket").arg(munge),
               QStringLiteral("--pid-file=%1pid").arg(munge), QStringLiteral("--log-file=%1log").arg(munge),
               QStringLiteral("--seed-file=%1seed").arg(munge)});
    startController();
    startNode();
}

void TestSlurm::cancelAll() {
    const QString user = QStringLiteral("--user=%1").arg(userName());
    QProcess::execute(QStringLiteral("scancel"),
                      {QStringLiteral("--full"), QStringLiteral("--signal=KILL"), user});
    QProcess::execute(QStringLiteral("scancel"), {user});
}

TestSlurm::~TestSlurm() {
    cancelAll();
    for (QProcess* daemon : {m_node.get(), m_controller.get(), m_munge.get()}) {
        if (!daemon) continue;
        daemon->kill();
        daemon->waitForFinished(5000);
    }
    killWhatIsLeft((folder() / "slurm.conf").string());
}

void TestSlurm::writeConfiguration(TooMuchMemory memory) {
    QString text =
        QStringLiteral(
            "ClusterName=retort-test\nSlurmctldHost=%1(127.0.0.1)\nSlurmUser=%2\nSlurmdUser=%2\n"
            "AuthType=auth/munge\nCryptoType=crypto/munge\nAuthInfo=socket=%3/munge/socket\n"
            "SlurmctldPort=%4\nSlurmdPort=%5\nSlurmctldPidFile=%3/slurmctld.pid\nSlurmdPidFile=%3/"
            "slurmd.pid\n"
            "SlurmctldLogFile=%3/slurmctld.log\nSlurmdLogFile=%3/slurmd.log\nStateSaveLocation=%3/state\n"
            "SlurmdSpoolDir=%3/spool\nProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\n"
            "SwitchType=switch/none\nMpiDefault=none\nReturnToService=2\nSlurmdParameters=config_overrides\n"
            "SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\n"
            "SchedulerParameters=bf_interval=1,sched_interval=2,batch_sched_delay=0\n"
            "AccountingStorageType=accounting_storage/none\nJobAcctGatherType=jobacct_gather/none\n"
            "KillWait=20\nMinJobAge=300\nPlugStackConfig=%3/plugstack.conf\n"
            "PreemptType=preempt/partition_prio\nPreemptMode=REQUEUE\n"
            "SlurmctldParameters=preempt_send_user_signal\n"
            "NodeName=n1 NodeHostname=%1 NodeAddr=127.0.0.1 CPUs=%6 RealMemory=2000 State=UNKNOWN\n"
            "PartitionName=debug Nodes=n1 Default=YES MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=20\n"
            "PartitionName=urgent Nodes=n1 MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF\n")
            .arg(shortHostName(), userName(), m_folder.path())
            .arg(m_controllerPort)
            .arg(m_nodePort)
            .arg(cpus);
    if (memory == TooMuchMemory::Killed)
        text.replace(QStringLiteral("=CR_CPU\n"), QStringLiteral("=CR_CPU_Memory\nDefMemPerNode=200\n"))
            .replace(QStringLiteral("jobacct_gather/none\n"),
                     QStringLiteral("jobacct_gather/linux\nJobAcctGatherFrequency=task=1\n"
                                    "JobAcctGatherParams=OverMemoryKill\n"));
    writeFileAtomically(folder() / "slurm.conf", text.toStdString());
    writeFileAtomically(folder() / "plugstack.conf", "");
    // Slurm looks for it beside its configuration where jobs may be bound by cgroups; here none are.
    writeFileAtomically(folder() / "cgroup.conf", "CgroupAutomount=no\n");
}

std::unique_ptr<QProcess> TestSlurm::start(const QString& program, const QStringList& arguments) {
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setStandardOutputFile(m_folder.filePath(program + QStringLiteral(".out")), QIODevice::Append);
    // A test that crashes leaves no daemon behind.
    process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process->start(daemonNamed(program), arguments);
    if (!process->waitForStarted(5000)) qFatal("%s does not start", qPrintable(program));
    return process;
}

void TestSlurm::crashNode() {
    killNode();
    const std::vector<pid_t> jobs = processesOf((folder() / "slurm.conf").string(), true);
    // First who would tell the controller how the others ended.
    for (const pid_t each : jobs)
        if (const pid_t step = stepDaemonOf(each)) ::kill(step, SIGKILL);
    for (const pid_t each : jobs) ::kill(each, SIGKILL);
    run(QStringLiteral("scontrol"), {QStringLiteral("update"), QStringLiteral("NodeName=n1"),
                                     QStringLiteral("State=DOWN"), QStringLiteral("Reason=crash")});
}

void TestSlurm::startController() {
    m_controller = start(QStringLiteral("slurmctld"), {QStringLiteral("-D")});
    if (!waitFor(QStringLiteral("scontrol"), {QStringLiteral("ping")}, QStringLiteral(" is UP")))
        qFatal("slurmctld does not start: %s", qPrintable(logs()));
}

void TestSlurm::startNode() {
    m_node =
        start(QStringLiteral("slurmd"), {QStringLiteral("-D"), QStringLiteral("-N"), QStringLiteral("n1")});
    const QStringList question = {QStringLiteral("-h"), QStringLiteral("-p"), QStringLiteral("debug"),
                                  QStringLiteral("-o"), QStringLiteral("/%T/")};
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < longestStart) {
        QProcess info;
        info.start(QStringLiteral("sinfo"), question);
        info.waitForFinished(longestStart);
        const QString state = QString::fromUtf8(info.readAllStandardOutput());
        if (state.contains(QLatin1String("/idle/")) || state.contains(QLatin1String("/mixed/")) ||
            state.contains(QLatin1String("/allocated/")))
            return;
        QThread::msleep(100);
    }
    qFatal("slurmd does not start: %s", qPrintable(logs()));
}

void TestSlurm::killNode() {
    m_node->kill();
    m_node->waitForFinished(5000);
}

void TestSlurm::stopController() {
    m_controller->terminate();
    m_controller->waitForFinished(longestStart);
}

bool TestSlurm::waitFor(const QString& program, const QStringList& arguments, const QString& answer) {
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < longestStart) {
        QProcess process;
        process.start(program, arguments);
        process.waitForFinished(longestStart);
        if (QString::fromUtf8(process.readAllStandardOutput()).contains(answer)) return true;
        QThread::msleep(100);
    }
    return false;
}

QString TestSlurm::logs() const {
    QString text;
    for (const char* name :
         {"munged.out", "munge/log", "slurmctld.out", "slurmctld.log", "slurmd.out", "slurmd.log"}) {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::ReadOnly)) text += QString::fromUtf8(file.readAll()).right(1500);
    }
    return text;
}

QString TestSlurm::run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(longestStart) || process.exitCode() != 0)
        qFatal("%s %s: %s", qPrintable(program), qPrintable(arguments.join(QLatin1Char(' '))),
               process.readAllStandardError().constData());
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

void TestSlurm::startNow(const std::string& job) {
    // What still ends of the time before would be taken for the end of the new one. The daemon of a step has
    // its node's log open; another Slurm may have jobs of the same numbers.
    const QByteArray step = "slurmstepd: [" + QByteArray::fromStdString(job) + ".";
    const QString log = QFileInfo(qEnvironmentVariable("SLURM_CONF")).path() + QStringLiteral("/slurmd.log");
    const auto isEnding = [&] {
        for (const QString& each : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
            const QString process = QStringLiteral("/proc/") + each;
            QFile title(process + QStringLiteral("/cmdline"));
            if (!title.open(QIODevice::ReadOnly) || !title.readAll().startsWith(step)) continue;
            for (const QFileInfo& file :
                 QDir(process + QStringLiteral("/fd")).entryInfoList(QDir::Files | QDir::System))
                if (file.symLinkTarget() == log) return true;
        }
        return false;
    };
    QElapsedTimer waited;
    waited.start();
    while (isEnding() && !waited.hasExpired(60000)) QThread::msleep(20);
    // What begins in the second in which that ended is killed by the node: "Job credential revoked".
    QThread::msleep(2200);
    // The controller sets the two minutes when it has heard of that end, which may be after we saw it.
    const QString id = QString::fromStdString(job);
    QElapsedTimer asked;
    for (QString state; waited.elapsed() < 90000; QThread::msleep(250)) {
        state = run(QStringLiteral("squeue"), {QStringLiteral("-h"), QStringLiteral("-j"), id,
                                               QStringLiteral("-o"), QStringLiteral("%T %r")});
        if (!state.startsWith(QLatin1String("PENDING")) && !state.startsWith(QLatin1String("COMPLETING")))
            return;
        if (state.startsWith(QLatin1String("PENDING")) && !state.endsWith(QLatin1String(" None")) &&
            !state.endsWith(QLatin1String(" BeginTime")))
            return;
        // Asked without a pause, the scheduler does not come to it.
        if (asked.isValid() && !asked.hasExpired(5000)) continue;
        asked.start();
        // It may begin just now, and is refused then.
        QProcess update;
        update.start(QStringLiteral("scontrol"), {QStringLiteral("update"), QStringLiteral("JobId=") + id,
                                                  QStringLiteral("StartTime=now")});
        update.waitForFinished();
    }
}

}  // namespace retort
