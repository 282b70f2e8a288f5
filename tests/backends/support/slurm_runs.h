// Runs of the real trainer as jobs of Slurm: what tests of backends ask of them.
#pragma once

#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "core/config/load.h"
#include "core/runlog/control.h"
#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/store/store.h"
#include "core/util/uuid.h"
#include "tests/backends/support/slurm.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort {

inline constexpr int longest = 90000;  // ms: LibTorch loads from a cold disk, on a busy machine
inline constexpr int steps = 2000;

inline const char* const tinyRun = R"(
recipe: sft
name: tiny
model: {hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 2, intermediate_size: 32}
data: {tasks: [{task: addition, max_digits: 2}]}
training: {batch_size: 4, max_length: 64, warmup_steps: 1, precision: fp32, num_threads: 1, save_steps: 0}
evaluation: {eval_steps: 0, num_problems: 2, max_completion_length: 4}
)";

inline std::vector<Event> eventsOf(const QString& run) {
    return RunLogFollower(RunDirectory::open(run.toStdString()).eventsFile()).read(0, 0, 64u << 20).events;
}

template <class Kind>
int countOf(const QString& run) {
    int count = 0;
    for (const Event& event : eventsOf(run)) count += std::holds_alternative<Kind>(event.payload) ? 1 : 0;
    return count;
}

/// Steps that were said, whatever an evaluation says beside them.
inline int stepsSaid(const QString& run) {
    int count = 0;
    for (const Event& event : eventsOf(run))
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            count += std::any_of(scalars->values.begin(), scalars->values.end(),
                                 [](const auto& value) { return value.first == "loss"; })
                         ? 1
                         : 0;
    return count;
}

inline std::string lastState(const QString& run) {
    std::string state;
    for (const Event& event : eventsOf(run))
        if (const auto* status = std::get_if<StatusEvent>(&event.payload)) state = status->state;
    return state;
}

inline QString newTinyRun(const std::filesystem::path& folder, const QString& name) {
    const ParsedConfig parsed =
        parseConfig(tinyRun, "tiny.yaml", {"training.max_steps=" + std::to_string(steps)});
    if (!parsed.problems.empty()) qFatal("%s", parsed.problems.front().text().c_str());
    RunIdentity identity;
    identity.id = newUuid();
    identity.recipe = "sft";
    identity.name = name.toStdString();
    const auto run = RunDirectory::create(folder, name.toStdString(), toYaml(parsed.config), identity);
    return QString::fromStdString(run.path().string());
}

/// Waits between two steps, so that what a test does meets the middle of the run.
inline void halt(const QString& run) {
    QVERIFY(QTest::qWaitFor([&] { return stepsSaid(run) > 0; }, longest));
    ask(run.toStdString(), Request::Pause);
    QVERIFY(QTest::qWaitFor([&] { return lastState(run) == "paused"; }, longest));
    QVERIFY(countOf<EndEvent>(run) == 0);
}

inline QString endOf(QSignalSpy& ended, const QString& run) {
    QString text;
    const bool came = QTest::qWaitFor(
        [&] {
            for (const QList<QVariant>& each : ended)
                if (each.at(0).toString() == run) {
                    text = each.at(1).toString();
                    return true;
                }
            return false;
        },
        longest);
    return came ? text : QStringLiteral("it did not end");
}

inline bool waitForPhase(const SlurmBackend& backend, const QString& run, SlurmPhase phase) {
    return QTest::qWaitFor(
        [&] {
            const auto job = backend.job(run);
            return job && slurmPhase(job->state) == phase;
        },
        longest);
}

/// Asks for a partition that there is not, and then for none: nothing stands in the way of another try.
inline void verifyRefusedAndThenRun(SlurmBackend& backend, const QString& run, const char* words) {
    QSignalSpy ended(&backend, &Backend::ended);
    const std::string machine = backend.machine().name;
    SlurmRequest request;
    request.partition = "moon";
    prepareSlurmRun(run.toStdString(), machine, request);
    backend.launch(run, false);
    const QString text = endOf(ended, run);
    QVERIFY2(text.contains(QString::fromLatin1(words)), qPrintable(text));
    QVERIFY(!backend.isRunning(run));
    ended.clear();
    prepareSlurmRun(run.toStdString(), machine, {});
    backend.launch(run, false);
    QCOMPARE(endOf(ended, run), QString());
}

inline void verifyCancelled(SlurmBackend& backend, const QString& run) {
    QSignalSpy ended(&backend, &Backend::ended);
    backend.kill(run);
    const QString text = endOf(ended, run);
    QVERIFY2(text.contains(QStringLiteral("was cancelled")), qPrintable(text));
}

/// The log is whole, and the store has each of its points once, however often it is read.
inline void verifyEveryEventOnce(const std::filesystem::path& store, const QString& run, int attempts,
                                 const char* state) {
    const RunLogFollower follower(RunDirectory::open(run.toStdString()).eventsFile());
    const FollowerBatch log = follower.read(0, 0, 64u << 20);
    QVERIFY2(log.problems.empty(), log.problems.empty() ? "" : log.problems.front().c_str());
    for (std::size_t i = 0; i < log.events.size(); ++i) QCOMPARE(log.events[i].seq, std::int64_t(i) + 1);
    QCOMPARE(countOf<StartEvent>(run), attempts);

    StoreWriter writer(store);
    const RowId id = writer.addRun(RunDirectory::open(run.toStdString()), "slurm:here").get();
    writer.ingest(id).get();
    writer.ingest(id).get();
    StoreReader reader(writer.file());
    QCOMPARE(reader.run(id)->state, std::string(state));
    QCOMPARE(reader.run(id)->attempts, attempts);
    for (const SeriesRow& series : reader.series(id)) {
        if (series.name != "loss") continue;
        QCOMPARE(std::int64_t(reader.points(series.id, true).size()), std::int64_t(stepsSaid(run)));
        const std::vector<SeriesPoint> points = reader.points(series.id);
        for (std::size_t i = 0; i < points.size(); ++i) QCOMPARE(points[i].step, std::int64_t(i) + 1);
        if (std::string(state) == "finished") QCOMPARE(points.size(), std::size_t(steps));
        return;
    }
    QFAIL("there is no loss");
}

}  // namespace retort
