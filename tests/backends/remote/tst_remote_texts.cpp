// What machines print about themselves, and the mirror of a file that several write.
#include <signal.h>
#include <sys/resource.h>

#include <QProcess>
#include <QTest>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/process_identity.h"
#include "tests/core/runlog/log_lines.h"
#include "training/backends/remote/machine_load.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/run_mirror.h"

using namespace retort;
namespace fs = std::filesystem;

class TestRemoteTexts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void loadOfAGpuMachine() {
        const MachineLoad load = parseLoad(
            "time 1700000000\ncores 96\nload 12.50 10.0 9.0 13/2000 4242\nticks 100 5 50 1000 10 1 2 3 7 0\n"
            "memory 1056000000 kB\navailable 900000000 kB\nprocessor AMD EPYC 7763 64-Core Processor\n"
            "disk /dev/nvme0n1p2 1000000 400000 600000 40% /scratch\n"
            "gpu NVIDIA H100 80GB HBM3, 97, 61234, 81559\ngpu NVIDIA H100 80GB HBM3, [N/A], 0, 81559\n");
        QCOMPARE(load.time, 1.7e9);
        QCOMPARE(load.cores, 96);
        QCOMPARE(load.loadAverage, 12.5);
        QCOMPARE(load.allTicks, 1171);
        QCOMPARE(load.busyTicks, 161);
        QCOMPARE(load.memoryTotal, std::int64_t(1056000000) * 1024);
        QCOMPARE(load.memoryFree, std::int64_t(900000000) * 1024);
        QCOMPARE(load.diskTotal, std::int64_t(1000000) * 1024);
        QCOMPARE(load.diskFree, std::int64_t(600000) * 1024);
        QCOMPARE(load.processor, std::string("AMD EPYC 7763 64-Core Processor"));
        QCOMPARE(load.gpus.size(), 2u);
        QCOMPARE(load.gpus[0].name, std::string("NVIDIA H100 80GB HBM3"));
        QCOMPARE(load.gpus[0].usedPercent, 97.0);
        QCOMPARE(load.gpus[0].memoryUsed, std::int64_t(61234) << 20);
        QCOMPARE(load.gpus[1].memoryTotal, std::int64_t(81559) << 20);
        MachineLoad before = load;
        before.allTicks -= 100;
        before.busyTicks -= 25;
        QCOMPARE(load.busySince(before).value(), 0.25);
        QVERIFY(!load.busySince(load));
    }

    void loadOfStrangeMachines_data() {
        QTest::addColumn<QByteArray>("output");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("errors") << QByteArray(
            "cores\nload cat: /proc/loadavg: No such file\nticks x y\ndisk\ngpu\ngpu a, b\nmemory\n");
        QTest::newRow("binary") << QByteArray("\xff\x00\xfe\n\n\ngpu ,,,,,\n", 15);
    }
    void loadOfStrangeMachines() {
        QFETCH(QByteArray, output);
        const MachineLoad load = parseLoad(output.toStdString());
        QCOMPARE(load.cores, 0);
        QCOMPARE(load.memoryTotal, 0);
        QCOMPARE(load.diskTotal, 0);
    }

    void loadOfRuns() {
        const std::string text =
            "cores 8\nticks 100 0 0 700 0 0 0 0\nrun 42 /w/runs/a b\nrun 77 /w/runs/c\npage 4096\n"
            "process 42 42 300 1000\nprocess 43 42 100 500\nprocess 77 77 5 10\nprocess 9 8 1 1\n"
            "compute 43, 1000\ncompute 43, 24\ncompute 9, 5\ncompute x, y\n";
        const MachineLoad load = parseLoad(text);
        QCOMPARE(load.runs.size(), 2u);
        const RunLoad& run = load.runs.at("/w/runs/a b");
        QCOMPARE(run.processes, 2);
        QCOMPARE(run.ticks, 400);
        QCOMPARE(run.memory, 1500 * 4096);
        QCOMPARE(run.gpuMemory, std::int64_t(1024) << 20);
        QCOMPARE(load.runs.at("/w/runs/c").gpuMemory, 0);
        // 800 ticks of 8 cores are 100 of one: it had two and a half cores.
        MachineLoad before = load;
        before.allTicks -= 800;
        before.runs["/w/runs/a b"].ticks -= 250;
        QCOMPARE(load.coresOf("/w/runs/a b", before).value(), 2.5);
        QVERIFY(!load.coresOf("/w/runs/none", before));
        before.runs.erase("/w/runs/c");
        QVERIFY(!load.coresOf("/w/runs/c", before));
        // Another trainer than before: resumed in between.
        before.runs["/w/runs/a b"].ticks = 1000000;
        QVERIFY(!load.coresOf("/w/runs/a b", before));
    }

    // The shell and /proc here are the judges: a session of a process that computes and one that waits, and a
    // process in a session of its own, as a command or a worker of torchrun.
    void loadOfARealSession() {
        const Folder folder;
        const fs::path run = folder.path() / "it's a run";
        fs::create_directories(run / "control");
        QProcess trainer;
        trainer.start(QStringLiteral("setsid"),
                      {QStringLiteral("sh"), QStringLiteral("-c"),
                       QStringLiteral("sleep 1000 & setsid sleep 1000 & echo $$ $!; while :; do :; done")});
        QVERIFY(trainer.waitForReadyRead());
        const QByteArrayList pids = trainer.readLine().trimmed().split(' ');
        QCOMPARE(pids.size(), qsizetype(2));
        const pid_t pid = pids[0].toInt(), apart = pids[1].toInt();
        QTRY_COMPARE(::getsid(apart), apart);
        const auto identity = processIdentity(pid);
        QVERIFY(identity);
        writeFileAtomically(run / "control" / "process.json",
                            Json({{"pid", pid}, {"start_ticks", identity->startTicks}}).dump());
        const auto look = [&run, &folder] {
            const auto shell = Shell::local();
            return parseLoad(shell->wait(loadScript({}, {run.string(), folder.path() / "gone"})).out);
        };
        const MachineLoad before = look();
        QVERIFY(before.runs.contains(run.string()));
        QTRY_VERIFY(look().coresOf(run.string(), before).value_or(0) > 0);
        const MachineLoad now = look();
        QCOMPARE(now.runs.size(), 1u);
        QCOMPARE(now.runs.at(run.string()).processes, 3);
        QVERIFY(now.runs.at(run.string()).memory > 100000);
        QVERIFY(now.coresOf(run.string(), before).value() <= now.cores);
        ::kill(apart, SIGKILL);
        ::kill(-pid, SIGKILL);
        trainer.waitForFinished();
        QVERIFY(look().runs.empty());
    }

    void mirrorTakesWhatIsNew_data() {
        QTest::addColumn<int>("offset");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("accepted");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("next") << 4 << QByteArray("ef") << true << QByteArray("abcdef");
        QTest::newRow("known") << 0 << QByteArray("abcd") << true << QByteArray("abcd");
        QTest::newRow("partly known") << 2 << QByteArray("cdef") << true << QByteArray("abcdef");
        QTest::newRow("older") << 0 << QByteArray("ab") << true << QByteArray("abcd");
        QTest::newRow("behind a gap") << 5 << QByteArray("f") << false << QByteArray("abcd");
        QTest::newRow("nothing") << 4 << QByteArray() << true << QByteArray("abcd");
    }
    void mirrorTakesWhatIsNew() {
        QFETCH(int, offset);
        QFETCH(QByteArray, bytes);
        QFETCH(bool, accepted);
        QFETCH(QByteArray, expected);
        const Folder folder;
        appendTo(folder / "events.jsonl", "abcd");
        RunMirror mirror(folder.path());
        QCOMPARE(mirror.append("events.jsonl", offset, bytes.toStdString()), accepted);
        QCOMPARE(QByteArray::fromStdString(readFile(folder / "events.jsonl")), expected);
        QCOMPARE(mirror.size("events.jsonl"), std::int64_t(expected.size()));
        QCOMPARE(mirror.size("stdout.log"), 0);
        QCOMPARE(mirror.tail("stdout.log"), std::string());
    }

    void onlyItsOwnIdentityIsTakenOver() {
        const Folder folder;
        const RunDirectory run = RunDirectory::create(folder.path(), "run", "", {});
        const std::string before = readFile(run.path() / "run.json");
        RunMirror mirror(run.path());
        Json json = Json::parse(before);
        json["environment"] = {{"gpu", "H100"}};
        mirror.setIdentity(json.dump());
        QCOMPARE(RunDirectory::open(run.path()).identity().environment.value("gpu", ""), std::string("H100"));
        json["id"] = "00000000-another";
        mirror.setIdentity(json.dump());
        mirror.setIdentity("{");
        mirror.setIdentity("");
        QCOMPARE(RunDirectory::open(run.path()).identity().id, run.identity().id);
    }

    // The shell there is the judge of the script that becomes the trainer.
    void launchScriptKeepsWords() {
        const Folder folder;
        const fs::path there = folder.path() / "$(touch x); 'y'";
        fs::create_directories(there / "control");
        Machine machine;
        machine.name = "m";
        machine.environment = {"export GREETING='hello there'", "echo noise"};
        machine.libtorch = "/opt/it's torch";
        machine.nice = 1;
        const fs::path program = folder.path() / "pro gram'";
        writeFileAtomically(program,
                            "#!/bin/sh\nprintf '%s|' \"$PWD\" \"$GREETING\" \"$GPU\" \"$LD_LIBRARY_PATH\" "
                            "\"$@\" \"$(nice)\"\n");
        fs::permissions(program, fs::perms::owner_all);
        writeFileAtomically(there / "launch.sh",
                            launchScript(machine, there.string(), program.string(), {"GPU=it's 2"}, 3));
        QProcess shell;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("LD_LIBRARY_PATH"));
        shell.setProcessEnvironment(environment);
        shell.start(QStringLiteral("sh"),
                    {QString::fromStdString((there / "launch.sh").string()), QStringLiteral("--resume")});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput().toStdString(),
                 there.string() +
                     "|hello there|it's 2|/opt/it's torch/lib|train-run|.|--processes|3|--resume|" +
                     std::to_string(std::min(::getpriority(PRIO_PROCESS, 0) + 1, 19)) + "|");
        QCOMPARE(shell.readAllStandardError(), QByteArray("noise\n"));
        const Json note = Json::parse(readFile(there / "control" / "process.json"));
        QVERIFY(note.at("pid").get<int>() > 1 && note.at("start_ticks").get<std::int64_t>() > 0);
        QCOMPARE(note.at("events_offset").get<int>(), 0);
        QVERIFY(!fs::exists("x"));
    }
};

QTEST_GUILESS_MAIN(TestRemoteTexts)
#include "tst_remote_texts.moc"
