// Runs that two processes train together are steered together, and come to an end whatever becomes of a rank.
#include <QtTest>
#include <csignal>

#include "core/runlog/control.h"
#include "tests/training/recipes/parallel_ranks.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

class TestParallelControl : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void resumedTogether();
    void stoppedTogether();
    void pausedTogether();
    void savesWhenAsked();
    void aKilledRankEndsTheRun_data();
    void aKilledRankEndsTheRun();
    void aLastCheckpointThatFailsFailsAllRanks();
    void aStopBeforeAllHaveMetEndsTheRun();
    void aRunThatIsTrainedAlreadyTurnsAllRanksAway();

  private:
    QTemporaryDir m_folder;
};

void TestParallelControl::resumedTogether() {
    RunConfig config = shortConfig("grpo");
    reinforce(config);
    config.training.max_steps = 40;
    const RunDirectory whole = makeRun(m_folder, config), torn = makeRun(m_folder, config);
    QVERIFY(trains(whole, 2));
    {
        Ranks ranks(torn, 2);
        QVERIFY(comes([&] { return !torn.checkpointSteps().empty(); }));
        for (auto& rank : ranks.ranks) rank->kill();
        for (auto& rank : ranks.ranks) QVERIFY(rank->ends());
    }
    QVERIFY(trains(torn, 2, true));
    QCOMPARE(payloadsOf<StartEvent>(torn).back().attempt, 2);
    QVERIFY(payloadsOf<StartEvent>(torn).back().fromStep >= 3);
    QVERIFY(weightsIn(lastCheckpoint(torn)) == weightsIn(lastCheckpoint(whole)));
}

void TestParallelControl::stoppedTogether() {
    RunConfig config = shortConfig("grpo");
    reinforce(config);
    config.training.max_steps = 100000;
    const RunDirectory run = makeRun(m_folder, config);
    Ranks ranks(run, 2);
    QVERIFY(comes([&] { return payloadsOf<ScalarsEvent>(run).size() >= 3; }));
    ask(run.path(), Request::Stop);
    QVERIFY(ranks.succeed());
    QCOMPARE(endOf(run).outcome, std::string("stopped"));
    QVERIFY(!run.checkpointSteps().empty());
    QVERIFY(!fs::exists(run.path() / "control" / "stop"));
}

void TestParallelControl::pausedTogether() {
    const RunDirectory run = makeRun(m_folder, shortConfig("sft"));
    ask(run.path(), Request::Pause);
    Ranks ranks(run, 2);
    const auto isPaused = [&] {
        const auto said = payloadsOf<StatusEvent>(run);
        return std::any_of(said.begin(), said.end(), [](const auto& each) { return each.state == "paused"; });
    };
    QVERIFY(comes(isPaused));
    withdraw(run.path(), Request::Pause);
    QVERIFY(ranks.succeed());
    QCOMPARE(endOf(run).outcome, std::string("finished"));
}

void TestParallelControl::savesWhenAsked() {
    RunConfig config = shortConfig("sft");
    config.training.max_steps = 100000;
    config.training.save_steps = 0;
    config.evaluation.eval_steps = 0;
    const RunDirectory run = makeRun(m_folder, config);
    Ranks ranks(run, 2);
    QVERIFY(comes([&] { return payloadsOf<ScalarsEvent>(run).size() >= 3; }));
    ask(run.path(), Request::Checkpoint);
    QVERIFY(comes([&] { return payloadsOf<CheckpointEvent>(run).size() == 1; }));
    ask(run.path(), Request::Stop);
    QVERIFY(ranks.succeed());
}

void TestParallelControl::aKilledRankEndsTheRun_data() {
    QTest::addColumn<int>("killed");
    QTest::newRow("rank 0") << 0;
    QTest::newRow("rank 1") << 1;
}

void TestParallelControl::aKilledRankEndsTheRun() {
    QFETCH(int, killed);
    RunConfig config = shortConfig("sft");
    config.training.max_steps = 100000;
    config.evaluation.eval_steps = 0;
    const RunDirectory run = makeRun(m_folder, config);
    Ranks ranks(run, 2);
    QVERIFY(comes([&] { return payloadsOf<ScalarsEvent>(run).size() >= 3; }));
    QElapsedTimer clock;
    clock.start();
    ranks.ranks[std::size_t(killed)]->kill();
    Rank& survivor = *ranks.ranks[std::size_t(1 - killed)];
    QVERIFY(survivor.ends());
    qInfo("the other rank ended after %lld ms", static_cast<long long>(clock.elapsed()));
    QVERIFY(!survivor.succeeds());
    const std::string lost = "lost rank " + std::to_string(killed);
    const QByteArray said = survivor.errors();
    QVERIFY2(said.contains(lost.c_str()), said.constData());
    QCOMPARE(endOf(run).outcome, std::string("failed"));
    QVERIFY2(endOf(run).error.find(lost) != std::string::npos, endOf(run).error.c_str());
    QVERIFY(!run.isRunning());
}

// Rank 0 alone writes: what becomes of it there, the others must hear before they end.
void TestParallelControl::aLastCheckpointThatFailsFailsAllRanks() {
    RunConfig config = shortConfig("sft");
    config.training.save_steps = 0;
    config.evaluation.eval_steps = 0;
    const RunDirectory run = makeRun(m_folder, config);
    fs::remove_all(run.path() / "checkpoints");
    writeFileAtomically(run.path() / "checkpoints", "in the way");
    Ranks ranks(run, 2);
    for (auto& rank : ranks.ranks) {
        QVERIFY(rank->ends());
        QVERIFY(!rank->succeeds());
        const QByteArray said = rank->errors();
        QVERIFY2(said.contains("checkpoints"), said.constData());
    }
    QCOMPARE(endOf(run).outcome, std::string("failed"));
}

// The other rank never comes; the wait for it would be minutes.
void TestParallelControl::aStopBeforeAllHaveMetEndsTheRun() {
    const RunDirectory run = makeRun(m_folder, shortConfig("sft"));
    Rank first(run, 0, 2, freePort());
    ask(run.path(), Request::Stop);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(first.succeeds());
    qInfo("ended after %lld ms", static_cast<long long>(clock.elapsed()));
    QCOMPARE(endOf(run).outcome, std::string("stopped"));
    QVERIFY(!fs::exists(run.path() / "control" / "stop"));
}

void TestParallelControl::aRunThatIsTrainedAlreadyTurnsAllRanksAway() {
    const RunDirectory run = makeRun(m_folder, shortConfig("sft"));
    const RunLock lock(run);
    Ranks ranks(run, 2);
    for (auto& rank : ranks.ranks) {
        QVERIFY(rank->ends() && !rank->succeeds());
        const QByteArray said = rank->errors();
        QVERIFY2(said.contains("already running"), said.constData());
    }
}

QTEST_GUILESS_MAIN(TestParallelControl)
#include "tst_parallel_control.moc"
