// Runs of other trainers on a machine, adopted from here: by the program and by a window, whatever the
// connection does.
#include <QDir>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include "core/adoption/adopted_run.h"
#include "core/runlog/follower.h"
#include "core/store/store.h"
#include "core/util/files.h"
#include "tests/app/cli_process.h"
#include "tests/backends/remote/far_logs.h"
#include "training/backends/adopted_backend.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

std::string wandbLog(int steps) {
    std::vector<std::string> records;
    for (int step = 0; step < steps; ++step) {
        const auto item = [](const std::string& key, const std::string& json) {
            return Message().text(1, key).text(16, json);
        };
        Message history;
        history.message(1, item("loss", std::to_string(step)))
            .message(1, item("_step", std::to_string(step)))
            .message(1, item("_timestamp", std::to_string(1000 + step)));
        records.push_back(Message().number(1, std::uint64_t(step)).message(2, history).bytes);
    }
    return blockLog(std::string(":W&B\xE1\xBE\0", 7), records);
}

}  // namespace

class TestFarAdoption : public QObject, private FarLogs {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { startServer(); }
    void init() { makeHome(); }
    void cleanup() { removeHome(); }

    // The real program follows three kinds of log that grow; it is killed ten times, the connection is cut,
    // and a file rotated. Every point is in the store once.
    void killedFollowers() {
        const auto cli = [this](const QStringList& arguments) { return runCli(m_home->path(), arguments); };
        const QString place = QStringLiteral("box:") + QString::fromStdString(there().string());
        QCOMPARE(cli({"machines", "add", "box", "--ssh", "box"}).status, 0);
        int steps = 0;
        const auto grow = [&](int count) {
            steps += count;
            const fs::path wandb = there() / "wandb/offline-run-1/run-abc.wandb";
            const std::string log = wandbLog(steps);
            fs::create_directories(wandb.parent_path());
            const std::size_t have = fs::exists(wandb) ? fs::file_size(wandb) : 0;
            appendBytes(wandb, log.substr(have));
            std::string events;
            for (int step = steps - count; step < steps; ++step)
                events += scalarEvent(1e9 + step, step, "loss", float(step));
            fs::create_directories(there() / "tb");
            appendBytes(there() / "tb/events.out.tfevents.1.h", events);
            put(there() / "out/trainer_state.json", trainerState(steps));
        };
        grow(20);
        for (int kill = 0; kill < 10; ++kill) {
            QProcess process;
            prepareCli(process, m_home->path(), {"adopt", place, "--follow", "--quiet"});
            process.start();
            QVERIFY(process.waitForStarted());
            // At first after some time, then at any moment.
            if (kill < 2)
                QTRY_COMPARE_WITH_TIMEOUT(points(), 3 * steps, longest);
            else
                QTest::qWait(150 * kill);
            grow(30 + kill);
            if (kill % 3 == 1) m_server->cutConnections();
            QTest::qWait(37 * kill);
            process.kill();
            // Cut while it looks at the folder for the first time, it has ended by itself.
            if (process.state() == QProcess::NotRunning)
                QVERIFY2(kill % 3 == 1 && process.exitCode() == 1, process.readAllStandardError());
            else
                QVERIFY(process.waitForFinished(240000));
        }
        const CliResult last = cli({"adopt", place});
        QVERIFY2(last.status == 0, last.out + last.err);
        QCOMPARE(points(), 3 * steps);
        QCOMPARE(runs(), 3);
        // Rotated, and the trainer goes on: what comes behind is told, what was told is not told again.
        fs::rename(there() / "tb/events.out.tfevents.1.h", there() / "tb/old.1");
        std::string events;
        for (int step = steps; step < steps + 9; ++step)
            events += scalarEvent(1e9 + step, step, "loss", float(step));
        put(there() / "tb/events.out.tfevents.1.h", events);
        QCOMPARE(cli({"adopt", place}).status, 0);
        QCOMPARE(points(), 3 * steps + 9);
        const auto rows = StoreReader(store()).query(
            "SELECT count(*), count(DISTINCT series_id || ' ' || step) "
            "FROM points WHERE superseded = 0");
        QCOMPARE(rows.rows.at(0).at(0), rows.rows.at(0).at(1));
    }

    // Real files of all trackers: through the mirror they tell what they tell where they lie.
    void allKindsAsLocally() {
        const QString golden = QStringLiteral(RETORT_GOLDEN);
        const auto adopt = [&](const QString& home, const QString& place) {
            QDir().mkpath(m_home->filePath(home));
            const auto run = [&](const QStringList& words) { return runCli(m_home->filePath(home), words); };
            if (run({"machines", "add", "box", "--ssh", "box"}).status != 0) return QStringList();
            const CliResult result = run({"adopt", place});
            if (result.status != 0) qWarning("%s", (result.out + result.err).constData());
            QStringList lines;
            StoreReader reader(m_home->filePath(home + "/lab.db").toStdString());
            const auto table = reader.query(
                "SELECT name, state, (SELECT count(*) || ' ' || total(value) FROM points JOIN series ON "
                "series.id = series_id WHERE run_id = runs.id), (SELECT count(*) || ' ' || "
                "total(length(completion)) FROM traces JOIN trace_texts ON trace_id = traces.id WHERE run_id "
                "= runs.id), (SELECT group_concat(step) FROM "
                "checkpoints WHERE run_id = runs.id) FROM runs");
            for (const auto& row : table.rows) {
                QStringList cells;
                for (const std::string& cell : row) cells << QString::fromStdString(cell);
                lines << cells.join(QStringLiteral(" | "));
            }
            lines.sort();
            return lines;
        };
        const QStringList local = adopt(QStringLiteral("local"), golden);
        QVERIFY(local.size() >= 11);
        QCOMPARE(adopt(QStringLiteral("far"), QStringLiteral("box:") + golden), local);
    }

    // As the window does it: in threads of its own, through a machine that is away for a while.
    void followedInTheBackground() {
        put(there() / "m/experiment.jsonl", lines(0, 10));
        FolderMirror mirror = open();
        mirror.bring();
        AdoptSettings settings;
        settings.runsFolder = m_home->filePath("runs").toStdString();
        QString run;
        {
            const FoundFolder found = recognise(mirror.content());
            QCOMPARE(found.runs.size(), std::size_t(1));
            AdoptedRun adopted(found.runs[0], settings);
            while (!adopted.poll(std::chrono::milliseconds(100)).atEnd) {
            }
            run = QString::fromStdString(adopted.run().path().string());
        }
        const auto told = [&run] {
            std::size_t count = 0;
            for (const Event& event :
                 RunLogFollower(fs::path(run.toStdString()) / "events.jsonl").read(0, 0).events)
                count += std::holds_alternative<ScalarsEvent>(event.payload);
            return count;
        };
        QCOMPARE(told(), std::size_t(10));
        const fs::path file = there() / "m/experiment.jsonl";
        {
            AdoptedBackend backend;
            QSignalSpy ended(&backend, &Backend::ended), left(&backend, &AdoptedBackend::left);
            QVERIFY(backend.adopt(run));
            QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);  // there is no such machine
            QVERIFY(ended.at(0).at(1).toString().contains(QStringLiteral("box")));
            backend.setMachines({machine()});
            QVERIFY(backend.adopt(run));
            appendBytes(file, lines(10, 25));
            QTRY_COMPARE_WITH_TIMEOUT(told(), std::size_t(25), longest);
            m_server->stop();
            QTRY_VERIFY_WITH_TIMEOUT(!backend.problemWith(QStringLiteral("box")).isEmpty(), longest);
            appendBytes(file, lines(25, 60));
            QVERIFY(m_server->start());
            QTRY_COMPARE_WITH_TIMEOUT(told(), std::size_t(60), longest);
            QTRY_VERIFY_WITH_TIMEOUT(backend.problemWith(QStringLiteral("box")).isEmpty(), longest);
            backend.leave(run);
            QTRY_COMPARE_WITH_TIMEOUT(left.size(), 1, longest);
            QCOMPARE(ended.size(), 1);
            appendBytes(file, lines(60, 61));
            QVERIFY(backend.adopt(run));
            QTRY_COMPARE_WITH_TIMEOUT(told(), std::size_t(61), longest);
            m_server->stop();  // and it is destroyed while it waits for the machine
            QTest::qWait(300);
        }
        QVERIFY(m_server->start());
    }

    void commandLine() {
        put(there() / "m.csv", "n,loss\n1,0.5\n2,0.25\n");
        put(there() / "out/checkpoint-2/trainer_state.json", trainerState(2));
        const QString place = QStringLiteral("box:") + QString::fromStdString(there().string());
        const auto cli = [this](const QStringList& arguments) { return runCli(m_home->path(), arguments); };
        QCOMPARE(cli({"adopt", place}).status, 1);  // no such machine
        QCOMPARE(cli({"machines", "add", "box", "--ssh", "box"}).status, 0);
        const CliResult dry = cli({"adopt", place, "--dry-run"});
        QVERIFY2(dry.status == 0, dry.err);
        QVERIFY2(dry.out.startsWith("out: trainer-state, checkpoint\n  box:/"), dry.out);
        const CliResult mapped = cli({"adopt", place + "/m.csv", "--map", "step=n", "--name", "table"});
        QVERIFY2(mapped.status == 0, mapped.err);
        QCOMPARE(points(), 2);
        const CliResult nowhere = cli({"adopt", place + "/nowhere"});
        QCOMPARE(nowhere.status, 1);
        QVERIFY2(nowhere.err.contains("there is no such folder"), nowhere.err);
        QVERIFY2(cli({"adopt", place}).status == 0, "both");
        StoreReader reader(store());
        for (const RunRow& run : reader.runs(true))
            for (const CheckpointRow& checkpoint : reader.checkpoints(run.id))
                QCOMPARE(fs::path(checkpoint.path), there() / "out/checkpoint-2");
        QCOMPARE(runs(), 2);
    }

  private:
    fs::path store() const { return m_home->filePath("lab.db").toStdString(); }
    int runs() const { return int(StoreReader(store()).runs(true).size()); }
    int points() const {
        try {
            const auto rows = StoreReader(store()).query("SELECT count(*) FROM points").rows;
            return rows.empty() ? 0 : std::stoi(rows[0][0]);
        } catch (const std::exception&) {  // it is just being made
            return -1;
        }
    }
};

QTEST_GUILESS_MAIN(TestFarAdoption)
#include "tst_far_adoption.moc"
