// Runs that resources/python/retort_log.py writes, as the lab reads them: the codec, the lock, the requests
// and the store; and those of TRL's trainers that tests/peers/retort_log_trl.py keeps.
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <cmath>

#include "core/runlog/control.h"
#include "core/runlog/follower.h"
#include "core/util/files.h"
#include "core/util/random.h"
#include "tests/core/store/store_fixture.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

constexpr int processMs = 60000;

QStringList writerCommand(const char* mode, const fs::path& directory) {
    return {QStringLiteral(WRITE_RUN), QStringLiteral(PYTHON_MODULES), QString::fromLatin1(mode),
            QString::fromStdString(directory.string())};
}

void begin(QProcess& python, const char* mode, const fs::path& directory) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& name : environment.keys())
        if (name.startsWith(QLatin1String("RETORT_")) || name.startsWith(QLatin1String("SLURM_")) ||
            name.endsWith(QLatin1String("RANK")))
            environment.remove(name);
    python.setProcessEnvironment(environment);
    python.start(QStringLiteral(PYTHON), writerCommand(mode, directory));
}

/// What it said on stderr; empty when all is well.
std::string write(const char* mode, const fs::path& directory) {
    QProcess python;
    begin(python, mode, directory);
    if (!python.waitForFinished(processMs) || python.exitCode() != 0)
        return "did not end well: " + python.readAllStandardError().toStdString();
    return python.readAllStandardError().toStdString();
}

bool saysLine(QProcess& python) {
    while (!python.canReadLine())
        if (!python.waitForReadyRead(processMs)) return false;
    python.readLine();
    return true;
}

struct Log {
    std::vector<Event> events;
    std::vector<std::string> problems;

    explicit Log(const RunDirectory& run) {
        FollowerBatch batch = RunLogFollower(run.eventsFile()).read(0, 0, std::size_t(1) << 30);
        events = std::move(batch.events);
        problems = std::move(batch.problems);
    }
    template <class Kind>
    std::vector<Kind> all() const {
        std::vector<Kind> found;
        for (const Event& event : events)
            if (const Kind* each = std::get_if<Kind>(&event.payload)) found.push_back(*each);
        return found;
    }
    template <class Kind>
    Kind last() const {
        const std::vector<Kind> found = all<Kind>();
        return found.empty() ? Kind{} : found.back();
    }
};

RowId ingest(const StoreFolder& folder, const RunDirectory& run) {
    StoreWriter writer(folder.file());
    const RowId id = writer.addRun(run, "external").get();
    writer.ingest(id).get();
    return id;
}

}  // namespace

class TestPythonRuns : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        const bool needsPython = QByteArray(QTest::currentTestFunction()) != "runsOfTrl";
        if (needsPython && QStandardPaths::findExecutable(QStringLiteral(PYTHON)).isEmpty())
            QSKIP("there is no python3: nothing that it writes is read");
    }

    void everyKindOfEvent() {
        StoreFolder folder;
        QCOMPARE(write("everything", folder / "run"), std::string());
        const RunDirectory run = RunDirectory::open(folder / "run");
        QCOMPARE(run.identity().name, std::string("näme\xEF\xBF\xBD"));
        QCOMPARE(run.identity().study, std::string("python"));
        QCOMPARE(run.identity().recipe, std::string("external"));
        QCOMPARE(run.identity().id.size(), std::size_t(36));
        QVERIFY(!run.isRunning());
        const Log log(run);
        QCOMPARE(log.problems, std::vector<std::string>());
        QCOMPARE(log.all<StartEvent>().at(0).totalSteps, 20);
        QCOMPARE(log.all<StartEvent>().at(0).attempt, 1);
        QCOMPARE(log.last<StatusEvent>(), (StatusEvent{"training", 1, 20, 2.5}));
        QCOMPARE(log.all<ScalarsEvent>().size(), std::size_t(11));
        QCOMPARE(log.last<CheckpointEvent>(), (CheckpointEvent{10, "checkpoints/step-00000010"}));
        QCOMPARE(log.last<AlarmEvent>(), (AlarmEvent{10, "non_finite", "error", "nan is NaN"}));
        QCOMPARE(log.last<MessageEvent>(), (MessageEvent{"info", "\x1b hello\n\xE2\x80\xA8"}));
        QCOMPARE(log.last<RewindEvent>(), RewindEvent{10});
        QCOMPARE(log.last<EndEvent>(), (EndEvent{"failed", std::string("the disk\0 burned", 16)}));
    }

    void scalarsKeepEveryNumber() {
        StoreFolder folder;
        QCOMPARE(write("everything", folder / "run"), std::string());
        const auto scalars = Log(RunDirectory::open(folder / "run")).all<ScalarsEvent>();
        for (std::int64_t step = 1; step <= 10; ++step) {
            const ScalarsEvent& each = scalars.at(std::size_t(step - 1));
            QCOMPARE(each.step, step);
            QCOMPARE(each.tokens, 64 * step);
            QCOMPARE(each.values.size(), std::size_t(4));
            QCOMPARE(each.values[0].first, std::string("loss"));
            QVERIFY(each.values[0].second == 1.0 / double(step));  // to the last bit
            QVERIFY(std::isnan(each.values[1].second));
            QVERIFY(std::isinf(each.values[2].second) && each.values[2].second < 0);
            QCOMPARE(each.values[3].first, std::string("\0\"\xF0\x9F\x98\x80", 6));
        }
    }

    void tracesInTheStore() {
        StoreFolder folder;
        QCOMPARE(write("everything", folder / "run"), std::string());
        const RowId id = ingest(folder, RunDirectory::open(folder / "run"));
        StoreReader reader(folder.file());
        TraceFilter filter;
        filter.run = id;
        filter.task = "sums";
        const auto rows = reader.traces(filter, 0, 10);
        QCOMPARE(rows.size(), std::size_t(1));
        const Trace trace = reader.trace(rows[0].id).value_or(Trace{});
        QCOMPARE(trace.prompt, std::string("1+1=\0\xEF\xBF\xBD", 8));
        QCOMPARE(trace.completion, std::string("zwei ∑ 2"));
        QCOMPARE(trace.group, 3);
        QCOMPARE(trace.sample, 1);
        QCOMPARE(trace.reward.value_or(0), 0.5);
        QCOMPARE(trace.advantage.value_or(0), -0.25);
        QCOMPARE(trace.rewards.at(0), (std::pair<std::string, double>("accuracy", 1.0)));
        QVERIFY(trace.correct);
        QCOMPARE(trace.finish, std::string("length"));
        QCOMPARE(trace.steps, (std::vector<TraceStep>{{0, 4, StepVerdict::Wrong, "no"},
                                                      {5, 10, StepVerdict::Correct, ""}}));
        QCOMPARE(trace.tokens.ids, (std::vector<std::int32_t>{1, 2, 3, 4}));
        QCOMPARE(trace.tokens.ends, (std::vector<std::int32_t>{4, 5, 8, 10}));
        QCOMPARE(trace.tokens.logprobs.at(1), -1.5f);
        QVERIFY(std::isinf(trace.tokens.logprobs.at(2)));
        QCOMPARE(trace.tokens.clipped, (std::vector<std::int32_t>{0, -1, 1, 0}));
        // The id of a problem is what an import of TRL's own log gives it.
        filter.task = "trl";
        char digits[17];
        std::snprintf(digits, sizeof digits, "%016llx",
                      static_cast<unsigned long long>(stableHash("the same problem")));
        QCOMPARE(reader.traces(filter, 0, 1).at(0).problemId, std::string("trl:") + digits);
    }

    void theRunInTheStore() {
        StoreFolder folder;
        QCOMPARE(write("everything", folder / "run"), std::string());
        const RowId id = ingest(folder, RunDirectory::open(folder / "run"));
        StoreReader reader(folder.file());
        const RunRow run = reader.run(id).value_or(RunRow{});
        QCOMPARE(run.state, std::string("failed"));
        QCOMPARE(run.study, std::string("python"));
        QCOMPARE(run.error, std::string("the disk\0 burned", 16));
        QCOMPARE(run.config,
                 std::string("recipe: \"external\"\nlearning_rate: 1e-05\n\"on\":\n  x: [1, null]\n"
                             "  \"ü\": \"y: #\"\n"));
        QCOMPARE(run.step, 10);
        QCOMPARE(run.totalSteps, 20);
        QCOMPARE(run.alarms, 1);
        QVERIFY(!run.latest.contains("gone"));  // superseded
        QCOMPARE(reader.points(seriesId(reader, id, "loss")).size(), std::size_t(10));
        const auto checkpoints = reader.checkpoints(id);
        QCOMPARE(checkpoints.size(), std::size_t(1));  // said twice of one folder
        QVERIFY(checkpoints[0].exists);                // through its link
        const auto evaluation = reader.evaluations(id).at(0);
        QCOMPARE(evaluation.metrics.at("accuracy"), 0.75);
        QCOMPARE(reader.evaluationItems(evaluation.id), (std::vector<EvaluationItem>{{"p1", 4, 3, 10.5}}));
        QVERIFY(reader.check().problems.empty());
    }

    void killedAndResumed() {
        StoreFolder folder;
        {
            QProcess python;
            begin(python, "waiting", folder / "run");
            QVERIFY(saysLine(python));
            QVERIFY(RunDirectory::open(folder / "run").isRunning());
            python.kill();
            QVERIFY(python.waitForFinished(processMs));
        }
        const RunDirectory run = RunDirectory::open(folder / "run");
        QVERIFY(!run.isRunning());
        const Log before(run);
        QCOMPARE(before.problems, std::vector<std::string>());
        QVERIFY(before.events.size() > 300u);
        appendTo(run.eventsFile(),
                 "{\"seq\":99999,\"t\":1,\"kind\":\"sca" + std::string(20000, ' '));  // a crash
        QCOMPARE(write("resumed", folder / "run"), std::string());

        const Log after(run);
        QCOMPARE(after.problems, std::vector<std::string>());
        QVERIFY(std::equal(before.events.begin(), before.events.end(), after.events.begin()));
        QCOMPARE(after.all<StartEvent>().at(1).attempt, 2);
        QCOMPARE(after.all<StartEvent>().at(1).fromStep, 200);
        QCOMPARE(after.last<RewindEvent>(), RewindEvent{200});
        QCOMPARE(after.last<EndEvent>(), (EndEvent{"finished", ""}));
        const RowId id = ingest(folder, run);
        StoreReader reader(folder.file());
        QCOMPARE(reader.run(id)->attempts, 2);
        QCOMPARE(reader.run(id)->state, std::string("finished"));
        const auto points = reader.points(seriesId(reader, id, "loss"));
        QCOMPARE(points.size(), std::size_t(210));
        for (std::size_t i = 0; i < points.size(); ++i) {
            QCOMPARE(points[i].step, std::int64_t(i + 1));
            QCOMPARE(points[i].value, i < 200 ? double(i + 1) : -double(i + 1));
        }
    }

    void obeysRequests() {
        StoreFolder folder;
        QProcess python;
        begin(python, "asked", folder / "run");
        QVERIFY(saysLine(python));
        const RunDirectory run = RunDirectory::open(folder / "run");
        const ControlReader control(run.path());
        ask(run.path(), Request::Pause);
        QTRY_COMPARE_WITH_TIMEOUT(Log(run).last<StatusEvent>().state, std::string("paused"), processMs);
        withdraw(run.path(), Request::Pause);
        QTRY_COMPARE_WITH_TIMEOUT(Log(run).last<StatusEvent>().state, std::string("training"), processMs);
        ask(run.path(), Request::Checkpoint);
        QTRY_VERIFY_WITH_TIMEOUT(!control.isAsked(Request::Checkpoint), processMs);
        QCOMPARE(Log(run).last<CheckpointEvent>().step, 1);
        ask(run.path(), Request::Stop);
        QVERIFY(python.waitForFinished(processMs));
        QCOMPARE(python.exitCode(), 0);
        QCOMPARE(Log(run).last<EndEvent>().outcome, std::string("stopped"));
        QVERIFY(!control.isAsked(Request::Stop));
    }

    void runsOfTrl_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("attempts");
        QTest::addColumn<int>("losses");
        QTest::addColumn<int>("trainTraces");
        QTest::addColumn<QString>("metric");
        QTest::newRow("SFTTrainer, resumed") << "sft" << 2 << 8 << 0 << "mean_token_accuracy";
        QTest::newRow("GRPOTrainer") << "grpo" << 1 << 3 << 24 << "rewards/accuracy_reward/mean";
    }
    void runsOfTrl() {
        QFETCH(QString, name);
        QFETCH(int, attempts);
        QFETCH(int, losses);
        QFETCH(int, trainTraces);
        QFETCH(QString, metric);
        StoreFolder folder;
        const RunDirectory run = RunDirectory::open(fs::path(GOLDEN) / name.toStdString());
        QCOMPARE(run.identity().recipe, std::string("trl"));
        const Log log(run);
        QCOMPARE(log.problems, std::vector<std::string>());
        QCOMPARE(log.last<EndEvent>(), (EndEvent{"finished", ""}));
        const RowId id = ingest(folder, run);
        StoreReader reader(folder.file());
        QCOMPARE(reader.run(id)->attempts, attempts);
        QCOMPARE(reader.run(id)->state, std::string("finished"));
        const auto points = reader.points(seriesId(reader, id, "loss"));
        QCOMPARE(points.size(), std::size_t(losses));
        for (std::size_t i = 1; i < points.size(); ++i)  // a resumed SFTTrainer counts tokens from nothing
            QVERIFY(points[i].tokens > points[i - 1].tokens);
        QCOMPARE(reader.points(seriesId(reader, id, metric.toStdString())).size(), std::size_t(losses));
        QVERIFY(!reader.evaluations(id).empty());
        QCOMPARE(reader.evaluations(id).at(0).name, std::string("eval"));
        QVERIFY(!reader.checkpoints(id).empty());
        TraceFilter filter;
        filter.run = id;
        filter.phase = "train";
        QCOMPARE(reader.countTraces(filter), trainTraces);
        for (const TraceRow& row : reader.traces(filter, 0, 100)) {
            const auto group = reader.traceGroup(row.id);
            QCOMPARE(group.size(), std::size_t(4));
            double sum = 0;
            for (const auto& [trace, each] : group) sum += each.advantage.value_or(1e9);
            QVERIFY(std::abs(sum) < 1e-4);  // advantages of a group are centred
        }
    }
};

QTEST_GUILESS_MAIN(TestPythonRuns)
#include "tst_python_runs.moc"
