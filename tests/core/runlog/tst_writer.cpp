// The writer: gapless, whole lines, goes on after a kill, and survives a disk that takes nothing.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <csignal>
#include <thread>

#include "core/runlog/follower.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/random.h"
#include "tests/core/runlog/log_lines.h"

using namespace retort;

namespace {

ScalarsEvent scalars(std::int64_t step) {
    return {step, step * 10, {{"loss", 1.0 / double(step)}}};
}

}  // namespace

class TestWriter : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void writesGaplessLines() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        {
            RunLogWriter writer(file);
            QCOMPARE(writer.lastStep(), 0);
            QCOMPARE(writer.attempts(), 0);
            writer.write(StartEvent{});
            for (int step = 1; step <= 1000; ++step) writer.write(scalars(step));
            writer.sync();
            QCOMPARE(RunLogFollower(file).read(0, 0).lastSeq, 1001);
            writer.write(EndEvent{"finished", ""});
            QVERIFY(writer.failure().empty());
        }
        const FollowerBatch batch = RunLogFollower(file).read(0, 0);
        QVERIFY(batch.problems.empty());
        QCOMPARE(batch.lastSeq, 1002);
        QVERIFY(batch.events[0].t > 1.6e9);
        QCOMPARE(std::get<ScalarsEvent>(batch.events[7].payload), scalars(7));
    }

    void linesArriveWithoutSync() {
        const Folder folder;
        RunLogWriter writer(folder / "events.jsonl");
        writer.write(scalars(1));
        QTRY_COMPARE(RunLogFollower(folder / "events.jsonl").read(0, 0).lastSeq, 1);
    }

    void goesOnAfterATornLine() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        appendTo(file, lineOf(1, StartEvent{}) + scalarsLine(2, 41) + scalarsLine(3, 42) + "{\"seq\":4,\"t");
        {
            RunLogWriter writer(file);
            QCOMPARE(writer.lastStep(), 42);
            QCOMPARE(writer.attempts(), 1);
            writer.write(StartEvent{2, 40, 0, 0, "", ""});
        }
        const FollowerBatch batch = RunLogFollower(file).read(0, 0);
        QVERIFY(batch.problems.empty());
        QCOMPARE(batch.lastSeq, 4);
        QCOMPARE(RunLogWriter(file).attempts(), 2);
    }

    void manyThreadsMayWrite() {
        const Folder folder;
        {
            RunLogWriter writer(folder / "events.jsonl");
            std::vector<std::thread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    for (int step = 1; step <= 500; ++step) writer.write(scalars(step));
                    writer.sync();
                });
            for (auto& thread : threads) thread.join();
        }
        const FollowerBatch batch = RunLogFollower(folder / "events.jsonl").read(0, 0);
        QVERIFY(batch.problems.empty());
        QCOMPARE(batch.lastSeq, 2000);
    }

    void unwritableFileIsAnErrorWithItsName() {
        try {
            RunLogWriter writer("/nowhere/events.jsonl");
            QFAIL("no error");
        } catch (const Error& error) {
            QCOMPARE(error.where(), std::string("/nowhere/events.jsonl"));
        }
    }

    void fullDiskIsSaidAndNeverThrown() {
        RunLogWriter writer("/dev/full");
        writer.write(scalars(1));
        writer.sync();  // comes back
        QVERIFY2(writer.failure().find("No space left") != std::string::npos, writer.failure().c_str());
        writer.write(scalars(2));
        writer.sync();
    }

    // A file-size limit tears a write just as a full disk does: the kernel takes a part of it. When there is
    // room again, everything arrives, in order, with no half line.
    void tornWriteIsCutOffAndTriedAgain() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        std::signal(SIGXFSZ, SIG_IGN);
        struct rlimit before;
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto limit = [&](rlim_t bytes) {
            const struct rlimit now { bytes, before.rlim_max };
            return ::setrlimit(RLIMIT_FSIZE, &now) == 0;
        };
        RunLogWriter writer(file);
        QVERIFY(limit(1000));
        for (int step = 1; step <= 50; ++step) writer.write(scalars(step));
        writer.sync();
        const std::string failure = writer.failure();
        const std::string torn = readFile(file);
        QVERIFY(limit(before.rlim_cur));
        QVERIFY2(!failure.empty(), "no failure");
        QVERIFY(torn.size() <= 1000 && (torn.empty() || torn.back() == '\n'));
        writer.sync();
        QVERIFY2(writer.failure().empty(), writer.failure().c_str());
        const FollowerBatch batch = RunLogFollower(file).read(0, 0);
        QVERIFY(batch.problems.empty());
        QCOMPARE(batch.lastSeq, 50);
    }

    // Killed at any moment: what is there is a prefix of whole lines and at most one torn one, and the log
    // goes on.
    void killedWriterLeavesAPrefix() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        Random random(7);
        std::int64_t last = 0;
        for (int round = 0; round < 8; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                RunLogWriter writer(file);
                for (std::int64_t step = 1;; ++step) {
                    writer.write(scalars(step));
                    if (step % 64 == 0) writer.sync();
                }
            }
            ::usleep(useconds_t(random.integer(5000, 40000)));
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            const FollowerBatch batch = RunLogFollower(file).read(0, 0, 1u << 30);
            QVERIFY2(batch.problems.empty(), batch.problems.empty() ? "" : batch.problems[0].c_str());
            QVERIFY(batch.lastSeq >= last);
            last = batch.lastSeq;
        }
        QVERIFY(last > 0);
    }
};

QTEST_APPLESS_MAIN(TestWriter)
#include "tst_writer.moc"
