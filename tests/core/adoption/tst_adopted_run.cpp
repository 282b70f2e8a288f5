// Foreign logs as runs of ours: what is told, in which order, and exactly once whatever happens.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <map>
#include <random>
#include <set>

#include "../trackers/tracker_test.h"
#include "core/adoption/adopted_run.h"
#include "core/runlog/follower.h"
#include "core/store/store.h"
#include "core/util/error.h"

using namespace retort;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

const fs::path golden = RETORT_GOLDEN;

void put(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    writeBytes(file, bytes);
}

std::vector<Event> eventsOf(const fs::path& run) {
    std::vector<Event> events;
    const RunLogFollower follower(run / "events.jsonl");
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        if (!batch.problems.empty()) throw Error(batch.problems.front());
        for (Event& event : batch.events) events.push_back(std::move(event));
    } while (!batch.atEnd);
    return events;
}

/// What a log says, a word or two an event; rewinds leave what they supersede in place.
QStringList told(const fs::path& run) {
    QStringList list;
    for (const Event& event : eventsOf(run)) {
        if (const auto* e = std::get_if<ScalarsEvent>(&event.payload))
            for (const auto& [name, value] : e->values)
                list << QString("%1 %2 %3").arg(e->step).arg(QString::fromStdString(name)).arg(value);
        if (const auto* e = std::get_if<RewindEvent>(&event.payload))
            list << QString("rewind %1").arg(e->toStep);
        if (const auto* e = std::get_if<StartEvent>(&event.payload))
            list << QString("start %1").arg(e->attempt);
        if (const auto* e = std::get_if<EndEvent>(&event.payload)) list << QString::fromStdString(e->outcome);
        if (const auto* e = std::get_if<CheckpointEvent>(&event.payload))
            list << QString("checkpoint %1").arg(e->step);
        if (std::holds_alternative<TraceEvent>(event.payload)) list << "trace";
    }
    return list;
}

void toEnd(AdoptedRun& run) {
    for (int i = 0; i < 100'000 && !run.poll(50ms).atEnd; ++i) {
    }
}

std::string metricsLine(int step, double value) {
    return "{\"step\":" + std::to_string(step) + ",\"data\":{\"loss\":" + std::to_string(value) +
           ",\"n\":1}}\n";
}
std::string rolloutLine(int step, int sample) {
    return "{\"input\":\"question " + std::to_string(sample / 4) + "\",\"output\":\"answer " +
           std::to_string(sample) + "\",\"score\":1,\"step\":" + std::to_string(step) + "}\n";
}

}  // namespace

class TestAdoptedRun : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void tensorBoard() {
        AdoptedRun run = adopt(golden / "tensorboard" / "first");
        toEnd(run);
        QVERIFY(run.isNew());
        const std::vector<Event> events = eventsOf(run.run().path());
        QCOMPARE(events.size(), std::size_t(13));  // a start, and an event a step with both metrics
        QCOMPARE(told(run.run().path()).size(), qsizetype(25));
        const auto& last = std::get<ScalarsEvent>(events.back().payload);
        QCOMPARE(last.step, std::int64_t(11));
        QCOMPARE(last.values[0].first, std::string("train/loss"));
        QCOMPARE(float(last.values[0].second), float(2.0 / 12));
        QVERIFY(events.back().t > 1.7e9 && events.back().t < 2e9);
        QCOMPARE(run.notTaken().size(), std::size_t(1));
        QCOMPARE(run.run().identity().recipe, std::string(adoptedRecipe));
    }

    // Adopting a second time goes on with the same run and changes not a byte.
    void again() {
        fs::path directory;
        std::string before;
        for (int time = 0; time < 3; ++time) {
            AdoptedRun run = adopt(golden / "trainer");
            QCOMPARE(run.isNew(), time == 0);
            toEnd(run);
            if (time == 0) directory = run.run().path();
            QCOMPARE(run.run().path(), directory);
            const std::string bytes = readBytes(directory / "events.jsonl");
            if (time > 0) QVERIFY(bytes == before);
            before = bytes;
        }
    }

    void rewinds() {
        AdoptedRun run = adopt(golden / "tensorboard" / "resumed");
        toEnd(run);
        const QStringList list = told(run.run().path());
        QCOMPARE(list.indexOf("rewind 5"), 11);
        QCOMPARE(list.indexOf("start 2"), 12);
        QCOMPARE(list.filter("train/loss").size(), 16);
    }

    // transformers' output folder: event files, states, checkpoints and completions are one run, which the
    // store takes in like one of ours.
    void trainer() {
        AdoptedRun run = adopt(golden / "trainer");
        toEnd(run);
        QVERIFY(run.hasEnded());
        const QStringList list = told(run.run().path());
        QCOMPARE(list.count("trace"), 32);
        QCOMPARE(list.filter("checkpoint").size(), 4);
        QCOMPARE(list.filter(" loss ").size(), 10);  // 1 to 6, and 5 to 8 again: each from one source
        QCOMPARE(list.filter("rewind"), QStringList{"rewind 4"});
        QCOMPARE(list.filter("train_runtime").size(), 2);
        QCOMPARE(list.filter("train/").size(), 0);
        QCOMPARE(list.back(), QString("finished"));
        QVERIFY(readBytes(run.run().configFile()).find("num_generations: 4") != std::string::npos);

        const fs::path file = root() / "lab.db";
        StoreWriter writer(file);
        const RowId row = writer.addRun(run.run(), "adopted").get();
        writer.ingest(row).get();
        StoreReader reader(file);
        QCOMPARE(reader.run(row)->state, std::string("finished"));
        QCOMPARE(reader.run(row)->totalSteps, std::int64_t(8));
        QCOMPARE(reader.countTraces({}), std::int64_t(32));
        for (const SeriesRow& series : reader.series(row))
            if (series.name == "loss") QCOMPARE(reader.points(series.id).size(), std::size_t(8));
        const auto checkpoints = reader.checkpoints(row);
        QCOMPARE(checkpoints.size(), std::size_t(4));
        for (const CheckpointRow& each : checkpoints) QVERIFY(each.exists);
    }

    // A folder as it comes to be: stopped at 6, begun again from 4. What the first attempt told is
    // superseded, and told anew where the second one wrote the same files again.
    void trainerLive() {
        const fs::path source = root() / "out";
        const auto history = [](int steps) {
            std::string rows;
            for (int step = 1; step <= steps; ++step)
                rows += (step > 1 ? "," : "") + std::string("{\"loss\":") + std::to_string(step) +
                        ",\"step\":" + std::to_string(step) + "}";
            return "{\"global_step\":" + std::to_string(steps) + ",\"max_steps\":8,\"log_history\":[" + rows +
                   "]}";
        };
        const auto attempt = [&](const char* name, int from, int to) {
            std::string bytes;
            for (int step = from; step <= to; ++step)
                bytes += scalarEvent(1e9 + step, step, "train/loss", float(step));
            put(source / name, bytes);
            for (int step = from; step <= to; ++step) {
                put(source / "rollouts" / (std::to_string(step) + ".jsonl"), rolloutLine(step, 0));
                if (step % 2 == 0)
                    put(source / ("checkpoint-" + std::to_string(step)) / "trainer_state.json",
                        history(step));
            }
        };
        attempt("runs/a/events.out.tfevents.1.h", 1, 6);
        AdoptedRun run = adopt(source);
        toEnd(run);
        const QStringList before = told(run.run().path());
        QCOMPARE(before.filter("checkpoint"), (QStringList{"checkpoint 2", "checkpoint 4", "checkpoint 6"}));
        QCOMPARE(before.count("trace"), 6);
        QTest::qWait(20);
        attempt("runs/b/events.out.tfevents.2.h", 5, 8);
        run.update(recognise(source).runs[0]);
        toEnd(run);
        QStringList after = told(run.run().path()).mid(before.size());
        QCOMPARE(after, (QStringList{"rewind 4", "start 2", "5 loss 5", "6 loss 6", "7 loss 7", "8 loss 8",
                                     "checkpoint 6", "checkpoint 8", "trace", "trace", "trace", "trace",
                                     "finished"}));
        toEnd(run);
        QCOMPARE(told(run.run().path()).size(), before.size() + after.size());
    }

    // Every source that tells a metric of a step: the first kind's number is taken, others only add.
    void oneSourceWins() {
        const fs::path source = root() / "out";
        put(source / "runs/a/events.out.tfevents.1.h",
            scalarEvent(1e9, 1, "train/loss", 10) + scalarEvent(1e9, 2, "train/loss", 20));
        put(source / "trainer_state.json",
            R"({"global_step":3,"max_steps":9,"log_history":[{"loss":1,"step":1},{"loss":2,"extra":5,"step":2},{"loss":3,"step":3}]})");
        AdoptedRun run = adopt(source);
        toEnd(run);
        QCOMPARE(told(run.run().path()),
                 (QStringList{"start 1", "1 loss 10", "2 loss 20", "2 extra 5", "3 loss 3"}));
        // What the event file tells later of step 3 was told; step 4 was not.
        appendBytes(source / "runs/a/events.out.tfevents.1.h",
                    scalarEvent(1e9, 3, "train/loss", 30) + scalarEvent(1e9, 4, "train/loss", 40));
        toEnd(run);
        QCOMPARE(told(run.run().path()).mid(5), (QStringList{"3 loss 30", "4 loss 40"}));
    }

    // Cut at any byte, as a crash leaves it: opened again it has the same points, each once.
    void everyTornLog() {
        const fs::path source = root() / "in/exp.jsonl";
        put(source, metricsLine(1, 1) + metricsLine(2, 2) + metricsLine(2, 3) + metricsLine(1, 4) +
                        metricsLine(2, 5));
        put(root() / "in/3.jsonl", rolloutLine(3, 0) + rolloutLine(3, 1) + rolloutLine(3, 2));
        const auto fresh = [&] { return adopt(root() / "in"); };
        fs::path directory;
        std::string record, log;
        {
            AdoptedRun run = fresh();
            directory = run.run().path();
            record = readBytes(directory / "adopted.json");
            toEnd(run);
            log = readBytes(directory / "events.jsonl");
        }
        QCOMPARE(told(directory), (QStringList{"start 1", "1 loss 1", "1 n 1", "2 loss 2", "2 n 1",
                                               "2 loss 3", "2 n 1", "rewind 0", "start 2", "1 loss 4",
                                               "1 n 1", "2 loss 5", "2 n 1", "trace", "trace", "trace"}));
        const QStringList all = told(directory);
        for (std::size_t cut = 0; cut <= log.size(); ++cut) {
            // Around each line's end, and some within; a disk syncs each of them.
            const std::size_t near = log.find('\n', cut == 0 ? 0 : cut - 1);
            if (cut % 29 != 0 && near > cut + 1) continue;
            writeBytes(directory / "adopted.json", record);
            writeBytes(directory / "events.jsonl", log.substr(0, cut));
            AdoptedRun run = fresh();
            toEnd(run);
            QCOMPARE(told(directory), all);
        }
    }

    // Killed at fifty random moments while files grow, then left to end: nothing twice, nothing lost.
    void killed() {
        const fs::path source = root() / "in";
        std::mt19937 random(7);
        fs::create_directories(source);
        const fs::path events = source / "logs/events.out.tfevents.1.h", rollouts = source / "logs/rollout";
        put(events, "");
        int step = 0, dumped = 0, kills = 0, atWork = 0;
        std::size_t logged = 0;
        const auto grow = [&](int count) {
            std::string bytes;
            for (int i = 0; i < count; ++i, ++step)
                for (const char* tag : {"a", "b", "c"})
                    bytes += scalarEvent(1e9 + step, step, tag, float(step));
            appendBytes(events, bytes);
            std::string lines;
            for (int i = 0; i < 40; ++i) lines += rolloutLine(dumped, i);
            put(rollouts / (std::to_string(dumped) + ".jsonl"), lines);
            ++dumped;
        };
        grow(200);
        // On a busy machine many are killed before they come to their work: each then has more time.
        int idle = 0;
        while (kills < 50 || (atWork < 10 && kills < 500)) {
            const pid_t child = ::fork();
            QVERIFY(child >= 0);
            if (child == 0) {
                // Until it is killed.
                try {
                    AdoptSettings settings = this->settings();
                    for (;;) {
                        const FoundFolder found = recognise(source);
                        std::vector<AdoptedRun> runs;
                        for (const FoundRun& each : found.runs) runs.emplace_back(each, settings);
                        for (int i = 0; i < 20; ++i)
                            for (AdoptedRun& run : runs) run.poll(1ms);
                    }
                } catch (const std::exception& error) {
                    std::fprintf(stderr, "child: %s\n", error.what());
                    ::_exit(3);
                }
            }
            for (int i = 0; i < 3; ++i) {
                QTest::qWait(int(random() % 50));
                grow(int(random() % 60));
            }
            QTest::qWait(int(random() % 60) + 5 * idle);
            QCOMPARE(::kill(child, SIGKILL), 0);
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFSIGNALED(status));
            ++kills;
            const int before = atWork;
            // Whether it was killed at work: the log is another one than after the kill before.
            if (const auto directory =
                    adoptedDirectory(settings().runsFolder, recognise(source).runs[0].id())) {
                const std::string bytes = readBytes(*directory / "events.jsonl");
                if (bytes.size() > logged) ++atWork;
                logged = bytes.size();
            }
            idle = atWork > before ? 0 : idle + 1;
        }
        const FoundFolder found = recognise(source);
        QCOMPARE(found.runs.size(), std::size_t(1));
        AdoptedRun run(found.runs[0], settings());
        QVERIFY(!run.isNew());
        QVERIFY2(atWork >= 10, qPrintable(QString::number(atWork)));
        toEnd(run);
        std::map<std::pair<std::int64_t, std::string>, int> points;
        std::map<std::int64_t, int> traces;
        std::int64_t seq = 0;
        for (const Event& event : eventsOf(run.run().path())) {
            QCOMPARE(event.seq, ++seq);
            if (const auto* e = std::get_if<ScalarsEvent>(&event.payload))
                for (const auto& [name, value] : e->values) {
                    QCOMPARE(value, double(e->step));
                    ++points[{e->step, name}];
                }
            if (const auto* e = std::get_if<TraceEvent>(&event.payload)) ++traces[e->trace.step];
        }
        QCOMPARE(points.size(), std::size_t(3 * step));
        for (const auto& [point, count] : points) QCOMPARE(count, 1);
        QCOMPARE(traces.size(), std::size_t(dumped));
        for (const auto& [at, count] : traces) QCOMPARE(count, 40);
    }

    void oneProcessAtATime() {
        AdoptedRun run = adopt(golden / "wandb");
        try {
            adopt(golden / "wandb");
            QFAIL("a second one was let in");
        } catch (const Error& error) {
            QVERIFY(error.what_happened().find("another program") != std::string::npos);
        }
    }

    // A run that had ended goes on in another file: a new attempt.
    void resumedAfterItsEnd() {
        const std::string magic(":W&B\xE1\xBE\0", 7);
        const auto log = [&](int from, int to, bool ends) {
            std::vector<std::string> records{
                Message().message(17, Message().text(1, "one").text(8, "fine")).bytes};
            for (int step = from; step <= to; ++step)
                records.push_back(
                    Message()
                        .message(2,
                                 Message()
                                     .message(1, Message().text(1, "a").text(16, std::to_string(step)))
                                     .message(1, Message().text(1, "_step").text(16, std::to_string(step))))
                        .bytes);
            if (ends) records.push_back(Message().message(18, Message().number(1, 0)).bytes);
            return blockLog(magic, records);
        };
        put(root() / "wandb/offline-run-20260101_000000-one/run-one.wandb", log(0, 1, true));
        {
            AdoptedRun run = adopt(root() / "wandb");
            toEnd(run);
            toEnd(run);
            QCOMPARE(told(run.run().path()), (QStringList{"start 1", "0 a 0", "1 a 1", "finished"}));
        }
        put(root() / "wandb/offline-run-20260102_000000-one/run-one.wandb", log(2, 3, false));
        AdoptedRun run = adopt(root() / "wandb");
        toEnd(run);
        QCOMPARE(told(run.run().path()).mid(4), (QStringList{"start 2", "2 a 2", "3 a 3"}));
        QVERIFY(!run.hasEnded());
    }

    // What a file has that is damaged is said once, and the rest is told.
    void problems() {
        std::string bytes = scalarEvent(1, 1, "a", 1) + scalarEvent(1, 2, "a", 2) + scalarEvent(1, 3, "a", 3);
        bytes[bytes.size() / 2] = char(~bytes[bytes.size() / 2]);
        put(root() / "x/events.out.tfevents.1.h", bytes);
        AdoptedRun run = adopt(root() / "x");
        toEnd(run);
        QCOMPARE(run.poll(10ms).problems, std::int64_t(1));
        QCOMPARE(run.takeProblems().size(), std::size_t(1));
        QCOMPARE(run.takeProblems().size(), std::size_t(0));
        QCOMPARE(told(run.run().path()), (QStringList{"start 1", "1 a 1", "3 a 3"}));
    }

    // A job of verl that was requeued: history stays, what comes supersedes it.
    void requeued() {
        put(root() / "p/e.jsonl", metricsLine(1, 1) + metricsLine(2, 2) + metricsLine(3, 3));
        AdoptedRun run = adopt(root() / "p");
        toEnd(run);
        put(root() / "p/e.jsonl", metricsLine(2, 20));
        toEnd(run);
        QCOMPARE(told(run.run().path()).mid(7), (QStringList{"rewind 1", "start 2", "2 loss 20", "2 n 1"}));
    }

  private:
    fs::path root() const { return fs::canonical(m_folder->path().toStdString()); }
    AdoptSettings settings() const {
        AdoptSettings settings;
        settings.runsFolder = root() / "runs-of-ours";
        return settings;
    }
    AdoptedRun adopt(const fs::path& folder) {
        const FoundFolder found = recognise(folder);
        if (found.runs.size() != 1) throw Error("there are " + std::to_string(found.runs.size()) + " runs");
        return AdoptedRun(found.runs[0], settings());
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestAdoptedRun)
#include "tst_adopted_run.moc"
