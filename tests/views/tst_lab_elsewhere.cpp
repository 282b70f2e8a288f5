// Opening the window on runs that no process of this machine holds: what goes on elsewhere is followed again,
// and only what nobody holds any more is lost.
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "core/adoption/adopted_run.h"
#include "core/adoption/found_run.h"
#include "core/machines/remote_run.h"
#include "core/runlog/writer.h"
#include "training/backends/slurm/slurm_note.h"
#include "views/lab.h"

using namespace retort;
namespace fs = std::filesystem;

class TestLabElsewhere : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    fs::path store() const { return path("lab.db"); }

    /// A run whose log says that it began, and no more.
    RunDirectory begun(const std::string& name) {
        const RunDirectory run = RunDirectory::create(path("runs"), name, "recipe: sft\n", {});
        RunLogWriter log(run.eventsFile());
        log.write(StartEvent{1, 0, 100, 1, "elsewhere", "retort-cli"});
        log.write(ScalarsEvent{1, 10, {{"loss", 2.0}}});
        return run;
    }
    RowId add(const RunDirectory& run, const std::string& backend) {
        StoreWriter writer(store());
        const RowId id = writer.addRun(run, backend).get();
        writer.ingest(id).get();
        return id;
    }
    void addMachine(const std::string& name, const std::string& destination, Scheduler scheduler) {
        Machine machine;
        machine.name = name;
        machine.destination = destination;
        machine.port = 1;  // nobody listens there
        if (scheduler == Scheduler::Slurm) machine.port = 0;
        machine.scheduler = scheduler;
        StoreWriter(store()).saveMachine(machine).get();
    }
    RunRow row(RowId id) const { return *StoreReader(store()).run(id); }
    /// A window's life: long enough for a run that nobody holds to be called lost.
    void passes(Lab& lab, RowId lostOne) {
        QTRY_COMPARE(row(lostOne).state, std::string("lost"));
        QTRY_COMPARE(lab.pendingReads(), 0);
    }

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { m_folder.reset(); }

    void aMachineThatIsNotReached() {
        addMachine("box", "nobody@127.0.0.1", Scheduler::None);
        const RunDirectory run = begun("far"), gone = begun("gone"), over = begun("over");
        RemoteRun remote;
        remote.machine = "box";
        remote.directory = "/far/run";
        remote.program = "/far/retort-cli";
        writeRemoteRun(run.path(), remote);
        remote.ended = true;
        writeRemoteRun(over.path(), remote);
        const RowId far = add(run, "ssh:box"), lost = add(gone, "local-process"), past = add(over, "ssh:box");

        Lab lab(store());
        passes(lab, lost);
        passes(lab, past);  // its last attempt's end was seen there
        Backend* box = lab.backend(QStringLiteral("ssh:box"));
        QVERIFY(box);
        QTRY_VERIFY(box->isRunning(QString::fromStdString(run.path().string())));
        QCOMPARE(row(far).state, std::string("running"));

        // What the follower appends to the mirror is in the store at once.
        RunLogWriter(run.eventsFile()).write(ScalarsEvent{2, 20, {{"loss", 1.5}}});
        QTRY_COMPARE(row(far).step, 2);
        QCOMPARE(row(far).state, std::string("running"));
    }

    void aMachineThatIsEdited() {
        addMachine("box", "nobody@127.0.0.1", Scheduler::None);
        const RunDirectory run = begun("far");
        RemoteRun remote;
        remote.machine = "box";
        remote.directory = "/far/run";
        remote.program = "/far/retort-cli";
        writeRemoteRun(run.path(), remote);
        const RowId far = add(run, "ssh:box");
        const QString directory = QString::fromStdString(run.path().string()), id = QStringLiteral("ssh:box");
        Lab lab(store());
        QTRY_VERIFY(lab.backend(id) && lab.backend(id)->isRunning(directory));
        const QPointer<Backend> before = lab.backend(id);
        Machine machine = StoreReader(store()).machine("box");
        machine.port = 2;
        lab.writer().saveMachine(machine, "box").get();
        // What starts now goes the new way; what goes on is followed as it was begun.
        QTRY_VERIFY(lab.backend(id) && lab.backend(id) != before);
        QVERIFY(before && before->isRunning(directory));
        QVERIFY(!lab.backend(id)->isRunning(directory));
        QCOMPARE(row(far).state, std::string("running"));
        RunLogWriter(run.eventsFile()).write(ScalarsEvent{2, 20, {{"loss", 1.5}}});
        QTRY_COMPARE(row(far).step, 2);
        // With its last run the old way goes.
        Q_EMIT before->ended(directory, QStringLiteral("it was the last"));
        QTRY_VERIFY(!before);
        QTRY_COMPARE(row(far).state, std::string("failed"));
    }

    void aJobThatMayStillRun() {
        addMachine("cluster", {}, Scheduler::Slurm);
        const RunDirectory open = begun("open"), gone = begun("gone");
        SlurmNote note;
        note.machine = "cluster";
        note.job = "77";
        note.directory = open.path().string();
        writeSlurmNote(open.path(), note);
        const RowId job = add(open, "slurm:cluster"), lost = add(gone, "local-process");

        Lab lab(store());
        passes(lab, lost);
        Backend* cluster = lab.backend(QStringLiteral("slurm:cluster"));
        QVERIFY(cluster);
        QTRY_VERIFY(cluster->isRunning(QString::fromStdString(open.path().string())));
        QCOMPARE(row(job).state, std::string("running"));
    }

    void anotherProgramsRun() {
        const fs::path folder = path("theirs");
        fs::create_directories(folder);
        const fs::path metrics = folder / "metrics.jsonl";
        const auto log = [&](int step, double loss) {
            std::ofstream(metrics, std::ios::app) << "{\"step\": " << step << ", \"loss\": " << loss << "}\n";
        };
        for (int step = 1; step <= 5; ++step) log(step, 3.0 / step);
        RowId id = 0;
        {
            const FoundFolder found = recognise(folder);
            QCOMPARE(found.runs.size(), std::size_t(1));
            AdoptSettings settings;
            settings.runsFolder = path("runs");
            settings.isFollowed = true;
            AdoptedRun run(found.runs.front(), settings);
            while (!run.poll(std::chrono::milliseconds(50)).atEnd) {
            }
            id = add(run.run(), "adopted");
        }
        const RowId lost = add(begun("gone"), "local-process");
        QCOMPARE(row(id).step, 5);

        Lab lab(store());
        passes(lab, lost);
        QCOMPARE(row(id).state, std::string("running"));
        for (int step = 6; step <= 8; ++step) log(step, 3.0 / step);
        QTRY_COMPARE_WITH_TIMEOUT(row(id).step, 8, 30000);
        QCOMPARE(row(id).state, std::string("running"));
    }
};

QTEST_MAIN(TestLabElsewhere)
#include "tst_lab_elsewhere.moc"
