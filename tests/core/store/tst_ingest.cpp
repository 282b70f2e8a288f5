// From the log to rows: every kind of event, states, rewinds, problems, and exactly once whatever is killed.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <cmath>
#include <csignal>
#include <thread>

#include "core/runlog/follower.h"
#include "core/runlog/writer.h"
#include "core/util/files.h"
#include "core/util/random.h"
#include "tests/core/store/store_fixture.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

Trace traceAt(std::int64_t step, const std::string& text = "12+34=") {
    Trace trace;
    trace.step = step;
    trace.task = "addition";
    trace.prompt = text;
    trace.completion = "46";
    return trace;
}

struct Ingested {
    StoreFolder folder;
    RunDirectory run = folder.makeRun();
    std::int64_t seq = 0;
    double t = 1000;

    [[gnu::noinline]] void say(const EventPayload& payload) {
        appendTo(run.eventsFile(), lineOf(++seq, payload, t += 1));
    }
    RowId ingest() const {
        StoreWriter writer(folder.file());
        const RowId id = writer.addRun(run, "process").get();
        writer.ingest(id).get();
        return id;
    }
    RunRow row() const { return StoreReader(folder.file()).runs(true).at(0); }
};

bool limitFileSize(std::size_t bytes) {
    struct rlimit limit;
    if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
    limit.rlim_cur = bytes;
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

// All that a log says in scalars, superseded or not.
std::map<std::string, std::vector<double>> valuesInLog(const fs::path& file) {
    std::map<std::string, std::vector<double>> values;
    for (const Event& event : RunLogFollower(file).read(0, 0, std::size_t(1) << 30).events)
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            for (const auto& [name, value] : scalars->values) values[name].push_back(value);
    return values;
}

std::map<std::string, std::vector<double>> valuesInStore(const fs::path& file, RowId run) {
    std::map<std::string, std::vector<double>> values;
    StoreReader reader(file);
    for (const SeriesRow& series : reader.series(run))
        for (const SeriesPoint& point : reader.points(series.id, true))
            values[series.name].push_back(point.value);
    return values;
}

}  // namespace

class TestIngest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyKindOfEvent() {
        Ingested log;
        log.say(StartEvent{1, 0, 100, 77, "node", "retort-cli"});
        log.say(StatusEvent{"training", 1, 100, 60.0});
        log.say(ScalarsEvent{1, 64, {{"loss", 2.5}, {"kl", std::nan("")}}});
        log.say(ScalarsEvent{2, 128, {{"loss", 1.5}, {"kl", 0.25}, {"new", -1}}});
        log.say(TraceEvent{traceAt(2)});
        log.say(CheckpointEvent{2, "checkpoints/step-00000002"});
        log.say(EvaluationEvent{2, "addition", "h", {{"accuracy", 0.75}}, {{"p1", 4, 3, 10.5}}});
        log.say(AlarmEvent{2, "non_finite", "error", "kl is NaN"});
        log.say(AlarmEvent{2, "note", "info", "nothing"});
        log.say(MessageEvent{"info", "hello"});
        const RowId id = log.ingest();

        StoreReader reader(log.folder.file());
        RunRow run = *reader.run(id);
        QCOMPARE(run.state, std::string("running"));
        QCOMPARE(run.uuid, log.run.identity().id);
        QCOMPARE(run.backend, std::string("process"));
        QCOMPARE(run.host, std::string("node"));
        QCOMPARE(run.config, std::string("recipe: sft\n"));
        QCOMPARE(run.step, 2);
        QCOMPARE(run.totalSteps, 100);
        QCOMPARE(run.attempts, 1);
        QCOMPARE(run.activity, std::string("training"));
        QCOMPARE(run.secondsLeft.value_or(0), 60.0);
        QCOMPARE(run.started.value_or(0), 1001.0);
        QCOMPARE(run.alarms, 1);
        QCOMPARE(run.latest, (std::map<std::string, double>{{"loss", 1.5}, {"kl", 0.25}, {"new", -1}}));
        const auto points = reader.points(seriesId(reader, id, "loss"));
        QCOMPARE(points.size(), 2u);
        QCOMPARE(points[1].tokens, 128);
        QCOMPARE(points[1].t, 1004.0);
        QVERIFY(std::isnan(reader.points(seriesId(reader, id, "kl"))[0].value));
        QCOMPARE(reader.countTraces({}), 1);
        const auto checkpoint = reader.checkpoints(id).at(0);
        QCOMPARE(checkpoint.path, (log.run.path() / "checkpoints/step-00000002").string());
        QVERIFY(!checkpoint.exists);
        const auto evaluation = reader.evaluations(id).at(0);
        QCOMPARE(evaluation.metrics, (std::map<std::string, double>{{"accuracy", 0.75}}));
        QCOMPARE(reader.evaluationItems(evaluation.id), (std::vector<EvaluationItem>{{"p1", 4, 3, 10.5}}));
        QCOMPARE(reader.alarms(id).size(), 2u);
        QCOMPARE(reader.messages(id), (std::vector<MessageEvent>{{"info", "hello"}}));
        QVERIFY(reader.check().problems.empty());

        log.say(EndEvent{"failed", "out of memory"});
        log.ingest();
        run = log.row();
        QCOMPARE(run.state, std::string("failed"));
        QCOMPARE(run.error, std::string("out of memory"));
        QVERIFY(run.activity.empty() && !run.secondsLeft && run.ended);
    }

    void states_data() {
        QTest::addColumn<QStringList>("said");
        QTest::addColumn<QString>("state");
        const auto row = [](const char* name, const QStringList& said, const char* state) {
            QTest::newRow(name) << said << QString(state);
        };
        row("nothing", {}, "created");
        row("start", {"start"}, "running");
        row("scalars without a start", {"scalars"}, "running");
        row("paused", {"start", "status paused"}, "paused");
        row("goes on", {"start", "status paused", "status training"}, "running");
        row("finished", {"start", "end finished"}, "finished");
        row("stopped", {"start", "end stopped"}, "stopped");
        row("failed", {"start", "end failed"}, "failed");
        row("unknown outcome", {"start", "end exploded"}, "failed");
        row("resumed", {"start", "end stopped", "start"}, "running");
        row("message after the end", {"start", "end finished", "message"}, "finished");
    }
    void states() {
        QFETCH(QStringList, said);
        QFETCH(QString, state);
        Ingested log;
        for (const QString& item : said) {
            const std::string word = item.section(' ', 1).toStdString();
            if (item == "start") log.say(StartEvent{});
            if (item == "scalars") log.say(ScalarsEvent{1, 1, {{"x", 1}}});
            if (item == "message") log.say(MessageEvent{"info", "bye"});
            if (item.startsWith("status")) log.say(StatusEvent{word, 0, 0, {}});
            if (item.startsWith("end")) log.say(EndEvent{word, ""});
        }
        log.ingest();
        QCOMPARE(log.row().state, state.toStdString());
    }

    void rewindHidesWhatIsBehindIt() {
        Ingested log;
        log.say(StartEvent{});
        for (int step = 1; step <= 100; ++step) {
            log.say(ScalarsEvent{step, step, {{"loss", double(step)}}});
            if (step % 10 == 0) {
                log.say(TraceEvent{traceAt(step)});
                log.say(CheckpointEvent{step, "checkpoints/" + std::to_string(step)});
                log.say(EvaluationEvent{step, "a", "", {}, {}});
                log.say(AlarmEvent{step, "r", "warning", ""});
            }
        }
        RowId id = log.ingest();
        log.say(StartEvent{2, 50, 0, 0, "", ""});
        log.say(RewindEvent{50});
        id = log.ingest();
        QCOMPARE(log.row().step, 50);
        for (int step = 51; step <= 60; ++step) log.say(ScalarsEvent{step, step, {{"loss", 1000.0 + step}}});
        log.ingest();

        StoreReader reader(log.folder.file());
        const RowId loss = seriesId(reader, id, "loss");
        QCOMPARE(reader.points(loss).size(), 60u);
        QCOMPARE(reader.points(loss, true).size(), 110u);
        QCOMPARE(reader.points(loss).back().value, 1060.0);
        QCOMPARE(reader.points(loss).back().attempt, 2);
        QVERIFY(reader.points(loss, true)[70].superseded);
        QCOMPARE(log.row().latest.at("loss"), 1060.0);
        QCOMPARE(log.row().attempts, 2);
        QCOMPARE(log.row().alarms, 5);
        QCOMPARE(reader.countTraces({}), 5);
        QCOMPARE(reader.checkpoints(id).size(), 5u);
        QCOMPARE(reader.evaluations(id).size(), 5u);
        QVERIFY(reader.check().problems.empty());
        // The same rows, whether read in three goes or in one.
        const auto inPieces = reader.query("SELECT idx, step, value, attempt, superseded FROM points").rows;
        StoreWriter(log.folder.file()).reindex(log.folder / "runs").get();
        QCOMPARE(StoreReader(log.folder.file())
                     .query("SELECT idx, step, value, attempt, superseded FROM points")
                     .rows,
                 inPieces);
    }

    void problemsBecomeMessages() {
        Ingested log;
        log.say(StartEvent{});
        appendTo(log.run.eventsFile(), "Epoch 1/3\n");
        ++log.seq;
        log.say(ScalarsEvent{1, 1, {{"x", 1}}});
        log.seq += 5;
        log.say(ScalarsEvent{2, 2, {{"x", 2}}});
        const RowId id = log.ingest();
        const auto messages = StoreReader(log.folder.file()).messages(id);
        QCOMPARE(messages.size(), 2u);
        QVERIFY(contains(messages[0].text, "events.jsonl:2: not JSON"));
        QVERIFY(contains(messages[1].text, "events.jsonl:4: seq 9 follows 3: 5 events are missing"));
        QCOMPARE(StoreReader(log.folder.file()).points(1).size(), 2u);
    }

    void shrunkLogIsToldOnce() {
        Ingested log;
        for (int i = 0; i < 10; ++i) log.say(MessageEvent{"info", "x"});
        StoreWriter writer(log.folder.file());
        const RowId id = writer.addRun(log.run, "").get();
        writer.ingest(id).get();
        fs::resize_file(log.run.eventsFile(), 10);
        writer.follow(id);
        StoreReader reader(log.folder.file());
        QTRY_COMPARE(reader.messages(id).size(), 11u);
        QTest::qWait(600);
        QCOMPARE(reader.messages(id).size(), 11u);
        QVERIFY(contains(reader.messages(id)[10].text, "shrank"));
        QVERIFY(contains(reader.check().problems.at(0), "the log has 10 bytes"));
    }

    void checkFindsWhatIsMissing() {
        Ingested log;
        for (int i = 1; i <= 50; ++i) log.say(ScalarsEvent{i, i, {{"x", 1}}});
        log.ingest();
        QVERIFY(StoreReader(log.folder.file()).check().problems.empty());
        appendTo(log.run.eventsFile(), scalarsLine(51, 51));
        const auto report = StoreReader(log.folder.file()).check();
        QVERIFY(report.problems.empty());
        QVERIFY(std::any_of(report.checked.begin(), report.checked.end(),
                            [](const std::string& line) { return contains(line, "are still to be read"); }));
        // A line of the same length, swapped in behind the store's back, that says less.
        const std::string before = readFile(log.run.eventsFile());
        fs::remove_all(log.run.path());
        QVERIFY(contains(StoreReader(log.folder.file()).check().problems.at(0), "directory is gone"));
    }

    void logOfManyBatches() {
        Ingested log;
        std::string text;
        for (std::int64_t i = 1; i <= 30000; ++i)
            text += lineOf(i, ScalarsEvent{i, i, {{"a", double(i)}, {"b", -double(i)}}});
        QVERIFY(text.size() > (2u << 20));
        appendTo(log.run.eventsFile(), text);
        const RowId id = log.ingest();
        QCOMPARE(valuesInStore(log.folder.file(), id), valuesInLog(log.run.eventsFile()));
        QVERIFY(StoreReader(log.folder.file()).check().problems.empty());
    }

    // Two programs follow one run on one store while it grows.
    void twoFollowersCountOnce() {
        Ingested log;
        StoreWriter first(log.folder.file()), second(log.folder.file());
        const RowId id = first.addRun(log.run, "").get();
        QCOMPARE(second.addRun(log.run, "").get(), id);
        first.follow(id);
        second.follow(id);
        std::thread trainer([&] {
            for (int step = 1; step <= 400; ++step) {
                log.say(ScalarsEvent{step, step, {{"loss", double(step)}, {"reward", 0.5}}});
                if (step % 8 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
            log.say(EndEvent{"finished", ""});
        });
        trainer.join();
        StoreReader reader(log.folder.file());
        QTRY_COMPARE_WITH_TIMEOUT(reader.run(id)->state, std::string("finished"), 20000);
        QCOMPARE(valuesInStore(log.folder.file(), id), valuesInLog(log.run.eventsFile()));
        const auto report = reader.check();
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems[0].c_str());
    }

    // The program that ingests is killed at random moments, again and again, while the log grows and rewinds.
    void killedReaderLosesAndDoublesNothing() {
        Ingested log;
        { StoreWriter(log.folder.file()).addRun(log.run, "").get(); }
        Random random(11);
        std::int64_t step = 0;
        for (int round = 0; round < 12; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                StoreWriter writer(log.folder.file());
                writer.follow(1);
                for (;;) ::pause();
            }
            const auto lines = random.integer(200, 3000);
            std::string text;
            for (int i = 0; i < lines; ++i) {
                ++step;
                text +=
                    lineOf(++log.seq,
                           ScalarsEvent{step, step, {{"loss", random.normal()}, {"kl", random.normal()}}});
                if (i % 100 == 0) text += lineOf(++log.seq, TraceEvent{traceAt(step)});
                if (random.uniform() < 0.001)
                    text += lineOf(++log.seq, RewindEvent{step -= std::min<std::int64_t>(step, 50)});
                if (text.size() > 20000) {
                    appendTo(log.run.eventsFile(), text);
                    text.clear();
                    ::usleep(useconds_t(random.integer(0, 3000)));
                }
            }
            appendTo(log.run.eventsFile(), text);
            ::usleep(useconds_t(random.integer(0, 30000)));
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        }
        const RowId id = log.ingest();
        QCOMPARE(valuesInStore(log.folder.file(), id), valuesInLog(log.run.eventsFile()));
        const auto report = StoreReader(log.folder.file()).check();
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems[0].c_str());
    }

    // The store's disk is full: one message, no crash, and all of it is there when there is room again.
    void fullDisk() {
        Ingested log;
        for (int i = 1; i <= 5000; ++i) log.say(ScalarsEvent{i, i, {{"x", double(i)}}});
        const pid_t child = ::fork();
        if (child == 0) {
            StoreWriter writer(log.folder.file());
            std::atomic<int> errors = 0;
            writer.onError(
                [&](const std::string& text) { errors += contains(text, log.folder.file()) ? 1 : 1000; });
            const RowId id = writer.addRun(log.run, "").get();
            std::signal(SIGXFSZ, SIG_IGN);
            const bool limited = limitFileSize(200 * 1024);
            const std::string error = errorOf([&] { writer.ingest(id).get(); });
            writer.follow(id);
            std::this_thread::sleep_for(std::chrono::milliseconds(1500));
            const int told = errors;
            limitFileSize(1 << 30);
            bool complete = false;
            for (int i = 0; i < 100 && !complete; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                StoreReader reader(log.folder.file());
                complete =
                    !reader.series(id).empty() && reader.points(seriesId(reader, id, "x")).size() == 5000;
            }
            ::_exit(!limited ? 9 : error.empty() ? 1 : told != 1 ? 2 : complete ? 0 : 3);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
        QVERIFY(StoreReader(log.folder.file()).check().problems.empty());
    }
};

QTEST_GUILESS_MAIN(TestIngest)
#include "tst_ingest.moc"
