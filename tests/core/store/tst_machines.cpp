// Machines and jobs in the store, and runs that are mirrors of others.
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/writer.h"
#include "tests/core/store/store_fixture.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

Machine machineOf(const std::string& name, const std::string& destination = "me@box") {
    Machine machine;
    machine.name = name;
    machine.destination = destination;
    machine.port = 2222;
    machine.workFolder = "/w/$(touch x); 'y'";
    machine.environment = {"module load cuda", "", "export A='b c'"};
    machine.scheduler = Scheduler::Slurm;
    machine.libtorch = "/opt/libtorch";
    machine.runsAtOnce = 4;
    machine.runsPerGpu = 0;
    machine.nice = 7;
    return machine;
}

}  // namespace

class TestStoreMachines : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void machinesAreKept() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        std::atomic<int> told = 0;
        writer.onChange([&told](const StoreChange& change) { told += change.machinesChanged; });
        writer.saveMachine(machineOf("b")).get();
        writer.saveMachine(machineOf("a", "other")).get();
        StoreReader reader(folder.file());
        QVERIFY(reader.machines() == (std::vector<Machine>{machineOf("b"), machineOf("a", "other")}));
        QVERIFY(reader.machine("a") == machineOf("a", "other"));
        QVERIFY(contains(errorOf([&] { reader.machine("c"); }), "there are: b, a"));

        Machine changed = machineOf("a2", "third");
        changed.environment.clear();
        writer.saveMachine(changed, "a").get();
        QVERIFY(reader.machines() == (std::vector<Machine>{machineOf("b"), changed}));
        writer.removeMachine("b").get();
        QVERIFY(reader.machines() == std::vector<Machine>{changed});
        QCOMPARE(told.load(), 4);
    }

    void wrongMachinesAreRefused() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        writer.saveMachine(machineOf("a")).get();
        writer.saveMachine(machineOf("b")).get();
        QVERIFY(contains(errorOf([&] { writer.saveMachine(machineOf("a")).get(); }), "of this name already"));
        QVERIFY(contains(errorOf([&] { writer.saveMachine(machineOf("a"), "b").get(); }),
                         "of this name already"));
        QVERIFY(contains(errorOf([&] { writer.saveMachine(machineOf("c"), "gone").get(); }), "any more"));
        QVERIFY(
            contains(errorOf([&] { writer.saveMachine(machineOf("c", "-oX")).get(); }), "begins with '-'"));
        QVERIFY(contains(errorOf([&] { writer.removeMachine("c").get(); }), "no such machine"));
        QVERIFY(StoreReader(folder.file()).machines() ==
                (std::vector<Machine>{machineOf("a"), machineOf("b")}));
    }

    void jobsFollowTheirRunAndMachine() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        const RowId first = writer.addRun(folder.makeRun("one"), "ssh:a").get();
        const RowId second = writer.addRun(folder.makeRun("two"), "ssh:b").get();
        writer.saveMachine(machineOf("a")).get();
        JobRow job;
        job.run = first;
        job.machine = "a";
        job.directory = "/w/one";
        writer.saveJob(job).get();
        job.scheduler = "slurm";
        job.jobId = "77_3";
        job.jobState = "PENDING";
        job.reason = "Priority";
        job.expectedStart = 1.5e9;
        writer.saveJob(job).get();
        JobRow other;
        other.run = second;
        other.machine = "b";
        writer.saveJob(other).get();

        StoreReader reader(folder.file());
        const auto all = reader.jobs();
        QCOMPARE(all.size(), 2u);
        QCOMPARE(all[0].run, second);
        QVERIFY(!all[0].expectedStart && all[0].directory.empty());
        const auto mine = reader.jobs("a");
        QCOMPARE(mine.size(), 1u);
        QCOMPARE(mine[0].jobId, std::string("77_3"));
        QCOMPARE(mine[0].jobState, std::string("PENDING"));
        QCOMPARE(mine[0].reason, std::string("Priority"));
        QCOMPARE(mine[0].directory, std::string("/w/one"));
        QCOMPARE(*mine[0].expectedStart, 1.5e9);
        QVERIFY(mine[0].changed > 1.6e9);

        writer.saveMachine(machineOf("A"), "a").get();
        QCOMPARE(reader.job(first)->machine, std::string("A"));
        writer.removeMachine("A").get();
        QVERIFY(reader.job(first));
        writer.removeJob(first).get();
        QVERIFY(!reader.job(first));
        other.run = 99;
        QVERIFY(!errorOf([&] { writer.saveJob(other).get(); }).empty());
    }

    // Silence of a mirror is the network's: nobody here can tell that its trainer is gone.
    void mirrorIsNotLostBySilence() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        const RunDirectory run = folder.makeRun();
        {
            RunLogWriter log(run.eventsFile());
            log.write(StartEvent{1, 0, 10, 1, "far", "x"});
            log.sync();
        }
        fs::last_write_time(run.eventsFile(), fs::file_time_type::clock::now() - std::chrono::hours(2));
        const RowId id = writer.addRun(run, "ssh:a").get();
        RemoteRun remote;
        remote.machine = "a";
        writeRemoteRun(run.path(), remote);
        writer.follow(id);
        StoreReader reader(folder.file());
        QTRY_COMPARE(reader.run(id)->state, std::string("running"));
        QTest::qWait(1500);
        QCOMPARE(reader.run(id)->state, std::string("running"));
        fs::remove(run.path() / "remote.json");
        QTRY_COMPARE(reader.run(id)->state, std::string("lost"));
    }
};

QTEST_GUILESS_MAIN(TestStoreMachines)
#include "tst_machines.moc"
