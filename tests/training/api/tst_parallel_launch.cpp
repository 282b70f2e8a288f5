// What launchers say in the environment of each process, and what is refused.
#include <QtTest>
#include <map>

#include "core/util/error.h"
#include "training/api/parallel_launch.h"

using namespace retort;

namespace {

using Variables = std::map<std::string, std::string>;

ParallelLaunch launchOf(const QString& text) {
    Variables variables;
    for (const QString& each : text.split(' ', Qt::SkipEmptyParts))
        variables[each.section('=', 0, 0).toStdString()] = each.section('=', 1).toStdString();
    return parallelLaunch([&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

}  // namespace

class TestParallelLaunch : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void readsTheEnvironment_data();
    void readsTheEnvironment();
    void refusesWhatMakesNoSense_data();
    void refusesWhatMakesNoSense();
    void findsTheFirstHost_data();
    void findsTheFirstHost();
    void refusesMalformedLists_data();
    void refusesMalformedLists();
    void stepsOfAJobHavePortsOfTheirOwn();
};

void TestParallelLaunch::readsTheEnvironment_data() {
    QTest::addColumn<QString>("variables");
    QTest::addColumn<int>("rank");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("localRank");
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("port");  // 0: any
    QTest::newRow("nobody") << "HOME=/root" << 0 << 1 << 0 << "" << 0;
    QTest::newRow("torchrun") << "RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 MASTER_ADDR=node1 MASTER_PORT=29400" << 3
                              << 4 << 1 << "node1" << 29400;
    QTest::newRow("torchrun, the agent's store") << "RANK=0 WORLD_SIZE=2 LOCAL_RANK=0 MASTER_ADDR=::1 "
                                                    "MASTER_PORT=29400 TORCHELASTIC_USE_AGENT_STORE=True"
                                                 << 0 << 2 << 0 << "::1" << 29401;
    QTest::newRow("torchrun, the ranks' own store")
        << "RANK=0 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=29400 TORCHELASTIC_USE_AGENT_STORE=False" << 0 << 2
        << 0 << "a" << 29400;
    QTest::newRow("torchrun, one process") << "RANK=0 WORLD_SIZE=1" << 0 << 1 << 0 << "" << 0;
    QTest::newRow("torchrun within srun")
        << "RANK=1 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=1 SLURM_PROCID=0 SLURM_STEP_ID=0 SLURM_NTASKS=8"
        << 1 << 2 << 0 << "a" << 1;
    QTest::newRow("srun")
        << "SLURM_PROCID=5 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=8 SLURM_LOCALID=1 SLURM_NTASKS=16 "
           "SLURM_STEP_NODELIST=tux[07-09] SLURM_JOB_NODELIST=tux[01-09] SLURM_JOB_ID=42"
        << 5 << 8 << 1 << "tux07" << 0;
    QTest::newRow("srun, one machine")
        << "SLURM_PROCID=1 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=2 SLURM_LOCALID=1 SLURM_STEP_NUM_NODES=1 "
           "SLURM_STEP_NODELIST=localhost"
        << 1 << 2 << 1 << "127.0.0.1" << 0;
    QTest::newRow("srun, the job's nodes alone")
        << "SLURM_PROCID=1 SLURM_STEPID=2 SLURM_NTASKS=2 SLURM_JOB_NODELIST=a,b SLURM_NNODES=2" << 1 << 2 << 0
        << "a" << 0;
    QTest::newRow("srun, where it was called")
        << "SLURM_PROCID=1 SLURM_STEP_ID=2 SLURM_NTASKS=2 SLURM_LAUNCH_NODE_IPADDR=10.0.0.7" << 1 << 2 << 0
        << "10.0.0.7" << 0;
    QTest::newRow("srun, with an address")
        << "SLURM_PROCID=1 SLURM_STEP_ID=2 SLURM_NTASKS=2 MASTER_ADDR=ib0 MASTER_PORT=5 SLURM_NNODES=1" << 1
        << 2 << 0 << "ib0" << 5;
    QTest::newRow("a batch script") << "SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_LOCALID=0 SLURM_JOB_NODELIST=a"
                                    << 0 << 1 << 0 << "" << 0;
    QTest::newRow("srun, one task") << "SLURM_PROCID=0 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=1" << 0 << 1 << 0
                                    << "" << 0;
}

void TestParallelLaunch::readsTheEnvironment() {
    QFETCH(QString, variables);
    QFETCH(int, size);
    QFETCH(int, port);
    const ParallelLaunch launch = launchOf(variables);
    QTEST(launch.rank, "rank");
    QCOMPARE(launch.size, size);
    QCOMPARE(launch.isParallel(), size > 1);
    QTEST(launch.localRank, "localRank");
    QTEST(QString::fromStdString(launch.address), "address");
    if (port > 0) QCOMPARE(launch.port, port);
    if (size > 1) QVERIFY(launch.port > 0 && launch.port < 65536);
}

void TestParallelLaunch::refusesWhatMakesNoSense_data() {
    QTest::addColumn<QString>("variables");
    QTest::addColumn<QString>("named");
    QTest::newRow("no rank") << "WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=1"
                             << "RANK is not set";
    QTest::newRow("no size") << "RANK=1 MASTER_ADDR=a MASTER_PORT=1"
                             << "WORLD_SIZE is not set";
    QTest::newRow("rank beyond") << "RANK=2 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=1"
                                 << "RANK is '2'";
    QTest::newRow("negative rank") << "RANK=-1 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=1"
                                   << "RANK is '-1'";
    QTest::newRow("no number") << "RANK=0x WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=1"
                               << "RANK is '0x'";
    QTest::newRow("no ranks at all") << "RANK=0 WORLD_SIZE=0"
                                     << "WORLD_SIZE is '0'";
    QTest::newRow("no address") << "RANK=0 WORLD_SIZE=2 MASTER_PORT=1"
                                << "MASTER_ADDR is not set";
    QTest::newRow("no port") << "RANK=0 WORLD_SIZE=2 MASTER_ADDR=a"
                             << "MASTER_PORT is not set";
    QTest::newRow("port beyond") << "RANK=0 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=70000"
                                 << "MASTER_PORT is '70000'";
    QTest::newRow("srun, no machines") << "SLURM_PROCID=0 SLURM_STEP_ID=0 SLURM_NTASKS=2"
                                       << "on which machines";
    QTest::newRow("srun, rank beyond")
        << "SLURM_PROCID=4 SLURM_STEP_ID=0 SLURM_NTASKS=2 SLURM_STEP_NODELIST=a"
        << "SLURM_PROCID is '4'";
}

void TestParallelLaunch::refusesWhatMakesNoSense() {
    QFETCH(QString, variables);
    QFETCH(QString, named);
    try {
        launchOf(variables);
        QFAIL("taken");
    } catch (const Error& error) {
        QVERIFY2(QString::fromUtf8(error.what()).contains(named), error.what());
    }
}

void TestParallelLaunch::findsTheFirstHost_data() {
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("host");
    QTest::newRow("one") << "node1"
                         << "node1";
    QTest::newRow("two") << "node1,node2"
                         << "node1";
    QTest::newRow("a range") << "node[1-4]"
                             << "node1";
    QTest::newRow("leading zeros") << "node[003-007,9]"
                                   << "node003";
    QTest::newRow("numbers") << "tux[3,5-7],gpu1"
                             << "tux3";
    QTest::newRow("two brackets") << "rack[1-2]node[3-4]"
                                  << "rack1node3";
    QTest::newRow("an ending") << "n[12-13]-ib.cluster"
                               << "n12-ib.cluster";
    QTest::newRow("one in brackets") << "gpu[8]"
                                     << "gpu8";
}

void TestParallelLaunch::findsTheFirstHost() {
    QFETCH(QString, list);
    QTEST(QString::fromStdString(firstHost(list.toStdString())), "host");
}

void TestParallelLaunch::refusesMalformedLists_data() {
    QTest::addColumn<QString>("list");
    for (const char* list : {"", ",a", "node[1-4", "node[]", "node[a-b]", "node]1"})
        QTest::newRow(*list ? list : "empty") << list;
}

void TestParallelLaunch::refusesMalformedLists() {
    QFETCH(QString, list);
    QVERIFY_EXCEPTION_THROWN(firstHost(list.toStdString()), Error);
}

void TestParallelLaunch::stepsOfAJobHavePortsOfTheirOwn() {
    const QString step = "SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_NNODES=1 SLURM_JOB_ID=%1 SLURM_STEP_ID=%2";
    const int port = launchOf(step.arg(77).arg(0)).port;
    QVERIFY(port != launchOf(step.arg(77).arg(1)).port);
    QVERIFY(port != launchOf(step.arg(78).arg(0)).port);
    QCOMPARE(launchOf(step.arg(77).arg(0)).port, port);
}

QTEST_GUILESS_MAIN(TestParallelLaunch)
#include "tst_parallel_launch.moc"
