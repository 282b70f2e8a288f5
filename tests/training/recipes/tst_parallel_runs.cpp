// Runs that two processes train together: to the numbers of one process, and to an end whatever becomes of a
// rank.
#include <QProcess>
#include <QtTest>
#include <cmath>
#include <csignal>

#include "core/formats/safetensors.h"
#include "core/runlog/control.h"
#include "tests/support/free_port.h"
#include "tests/training/recipes/tiny_run.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

constexpr int patience = 120000;  // ms; a test that waits so long has failed

/// One rank of a run, as torchrun would start it.
class Rank {
  public:
    Rank(const RunDirectory& run, int rank, int size, int port, bool resume = false) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        const auto set = [&](const char* name, const QString& value) {
            environment.insert(QString::fromLatin1(name), value);
        };
        if (size > 1) {
            set("RANK", QString::number(rank));
            set("WORLD_SIZE", QString::number(size));
            set("LOCAL_RANK", QString::number(rank));
            set("MASTER_ADDR", QStringLiteral("127.0.0.1"));
            set("MASTER_PORT", QString::number(port));
        }
        m_process.setProcessEnvironment(environment);
        QStringList arguments = {QString::fromStdString(run.path().string())};
        if (resume) arguments << QStringLiteral("--resume");
        m_process.start(QStringLiteral(TRAIN_HELPER), arguments);
    }
    ~Rank() {
        if (m_process.state() == QProcess::NotRunning) return;
        m_process.kill();
        m_process.waitForFinished();
    }

    bool ends() { return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(patience); }
    bool succeeds() {
        return ends() && m_process.exitStatus() == QProcess::NormalExit && m_process.exitCode() == 0;
    }
    void kill() { m_process.kill(); }
    /// What it said on its way out.
    QByteArray errors() { return m_process.readAllStandardError(); }

  private:
    QProcess m_process;
};

/// All ranks of a run.
struct Ranks {
    std::vector<std::unique_ptr<Rank>> ranks;

    Ranks(const RunDirectory& run, int size, bool resume = false) {
        const int port = freePort();
        for (int rank = 0; rank < size; ++rank)
            ranks.push_back(std::make_unique<Rank>(run, rank, size, port, resume));
    }
    bool succeed() {
        bool all = true;
        for (auto& rank : ranks)
            if (!rank->succeeds()) {
                qWarning("%s", rank->errors().constData());
                all = false;
            }
        return all;
    }
};

bool trains(const RunDirectory& run, int size, bool resume = false) {
    return Ranks(run, size, resume).succeed();
}

std::vector<float> weightsIn(const fs::path& checkpoint) {
    const SafetensorsFile file(checkpoint / "model.safetensors");
    std::vector<float> weights;
    for (const TensorInfo& tensor : file.tensors()) {
        const std::vector<float> values = file.readFloats(tensor);
        weights.insert(weights.end(), values.begin(), values.end());
    }
    return weights;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size()) return INFINITY;
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, double(std::abs(a[i] - b[i])));
    return most;
}

EndEvent endOf(const RunDirectory& run) {
    const auto ends = payloadsOf<EndEvent>(run);
    return ends.size() == 1 ? ends[0] : EndEvent{"ended " + std::to_string(ends.size()) + " times", ""};
}

template <class Condition>
bool comes(const Condition& condition) {
    for (int waited = 0; waited < patience; waited += 20) {
        if (condition()) return true;
        QTest::qWait(20);
    }
    return false;
}

std::string teacher;  ///< a checkpoint that answers some problems right
std::string rewardModel, stepModel;

/// Short, and well conditioned: where a gradient is nearly 0, Adam makes steps of rounding errors unless
/// epsilon is above them.
RunConfig shortConfig(const std::string& recipe) {
    RunConfig config = tinyConfig(recipe);
    config.training.max_steps = 6;
    config.training.save_steps = 3;
    config.training.batch_size = 7;  // shares of 3 and 4
    config.training.gradient_accumulation_steps = 2;
    config.training.adam_epsilon = 1e-3;
    config.evaluation.eval_steps = 3;
    config.traces.every_steps = 2;
    config.traces.groups_per_step = 3;
    return config;
}

void learnFromPreferences(RunConfig& config) {
    takeEasyProblems(config);
    config.model.from = teacher;
    config.pairs.source = "self_sampling";
    config.pairs.max_completion_length = 8;
    config.pairs.prompts_per_round = 16;
    config.pairs.round_steps = 3;
    config.dpo.sync_ref_model = true;
    config.dpo.ref_model_sync_steps = 2;
}

void distil(RunConfig& config) {
    takeEasyProblems(config);
    config.distillation.teacher = teacher;
    config.distillation.max_completion_length = 8;
    config.distillation.lmbda = 0.5;
    config.distillation.alpha = 0.7;
}

void reinforce(RunConfig& config) {
    config.grpo.rewards = {{"repetition", 1, Json::object()}, {"cosine_length", 1, Json{{"max_length", 12}}}};
    config.grpo.prompts_per_step = 5;
    config.grpo.num_generations = 3;
}

const Variant variants[] = {
    {"pretrain", "pretrain", [](RunConfig&) {}},
    {"sft", "sft", [](RunConfig&) {}},
    {"sft, dco, masked", "sft",
     [](RunConfig& config) {
         config.sft.loss_type = "dco";
         config.sft.mask_probability = 0.2;
     }},
    {"sft, fewer examples than ranks", "sft", [](RunConfig& config) { config.training.batch_size = 1; }},
    {"sft, adapter", "sft", [](RunConfig& config) { config.lora.r = 4; }},
    {"distill, examples and own samples", "distill", distil},
    {"distill, the teacher's samples", "distill",
     [](RunConfig& config) {
         distil(config);
         config.distillation.lmbda = 0;
         config.distillation.seq_kd = true;
         config.distillation.selection = "all";
         config.distillation.distance_steps = 2;
         config.distillation.distance_problems = 4;
     }},
    {"dpo, sampled pairs and a reference that follows", "dpo", learnFromPreferences},
    {"orpo, injected errors", "orpo",
     [](RunConfig& config) {
         learnFromPreferences(config);
         config.pairs.source = "error_injection";
     }},
    {"kto", "kto", learnFromPreferences},
    {"reward model", "reward_model", learnFromPreferences},
    {"prm, sampled steps", "prm",
     [](RunConfig& config) {
         takeEasyProblems(config);
         config.model.from = teacher;
         config.prm.labels = "outcome";
         config.prm.num_prompts = 32;
         config.prm.max_completion_length = 8;
     }},
    {"ppo", "ppo",
     [](RunConfig& config) {
         config.ppo.rewards = {{"repetition", 1, Json::object()},
                               {"cosine_length", 1, Json{{"max_length", 12}}}};
         config.ppo.prompts_per_step = 5;
         config.ppo.num_mini_batches = 2;
         config.ppo.kl_target = 0.01;
     }},
    {"grpo", "grpo", reinforce},
    {"grpo, bnpo, two iterations, reference and entropy", "grpo",
     [](RunConfig& config) {
         reinforce(config);
         config.grpo.loss_type = "bnpo";
         config.grpo.num_iterations = 2;
         config.grpo.beta = 0.1;
         config.grpo.sync_ref_model = true;
         config.grpo.ref_model_sync_steps = 2;
         config.grpo.use_adaptive_entropy = true;
         config.grpo.entropy_target = 3;
         config.grpo.mask_truncated_completions = true;
         config.grpo.filter_groups = true;
     }},
    {"grpo, fewer completions than ranks, clipped gradients", "grpo",
     [](RunConfig& config) {
         reinforce(config);
         config.grpo.prompts_per_step = 1;
         config.grpo.num_generations = 3;
         config.training.max_grad_norm = 0.1;
     }},
    {"grpo, rewarded and kept by models", "grpo",
     [](RunConfig& config) {
         takeEasyProblems(config);
         config.model.from = teacher;
         config.grpo.prompts_per_step = 5;
         config.grpo.num_generations = 3;
         config.grpo.rewards = {{"reward_model", 0.5, Json{{"path", rewardModel}}},
                                {"process_reward", 1, Json{{"path", stepModel}}}};
         config.grpo.filter_groups = true;
         config.grpo.filter_groups_metric = "reward";
     }},
    {"sft, searches at evaluations", "sft",
     [](RunConfig& config) {
         takeEasyProblems(config);
         config.model.from = teacher;
         config.evaluation.verifier = stepModel;
         config.evaluation.num_particles = 3;
         config.evaluation.beam_size = 2;
         config.evaluation.beam_expansion = 2;
     }},
    {"grpo, supervised in between", "grpo",
     [](RunConfig& config) {
         reinforce(config);
         config.grpo.sasr_gamma = 1;
     }},
};

}  // namespace

class TestParallelRuns : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void twoRanksTrainAsOne_data();
    void twoRanksTrainAsOne();
    void resumedTogether();
    void stoppedTogether();
    void pausedTogether();
    void savesWhenAsked();
    void aKilledRankEndsTheRun_data();
    void aKilledRankEndsTheRun();
    void aLastCheckpointThatFailsFailsAllRanks();
    void aStopBeforeAllHaveMetEndsTheRun();
    void ranksDropOutWithMasksOfTheirOwn();
    void refusesWhatItCannotShare_data();
    void refusesWhatItCannotShare();
    void aRunThatIsTrainedAlreadyTurnsAllRanksAway();

  private:
    QTemporaryDir m_folder;
};

void TestParallelRuns::initTestCase() {
    const RunDirectory run = makeRun(m_folder, teacherConfig());
    QVERIFY(trains(run, 1));
    teacher = lastCheckpoint(run).string();

    for (const char* recipe : {"reward_model", "prm"}) {
        RunConfig judge = shortConfig(recipe);
        learnFromPreferences(judge);
        judge.prm.labels = "outcome";
        judge.prm.num_prompts = 32;
        judge.prm.max_completion_length = 8;
        judge.training.max_steps = 2;
        const RunDirectory judging = makeRun(m_folder, judge);
        QVERIFY(trains(judging, 1));
        (recipe == std::string("prm") ? stepModel : rewardModel) = lastCheckpoint(judging).string();
    }
}

void TestParallelRuns::twoRanksTrainAsOne_data() {
    QTest::addColumn<int>("variant");
    for (std::size_t i = 0; i < std::size(variants); ++i) QTest::newRow(variants[i].name) << int(i);
}

void TestParallelRuns::twoRanksTrainAsOne() {
    QFETCH(int, variant);
    RunConfig config = shortConfig(variants[variant].recipe);
    variants[variant].change(config);
    const RunDirectory one = makeRun(m_folder, config), two = makeRun(m_folder, config);
    QVERIFY(trains(one, 1));
    QVERIFY(trains(two, 2));
    QCOMPARE(endOf(two).outcome, std::string("finished"));
    QCOMPARE(two.checkpointSteps(), one.checkpointSteps());

    const auto expected = weightsIn(lastCheckpoint(one)), found = weightsIn(lastCheckpoint(two));
    const double moved = largestDifference(expected, weightsIn(one.checkpointFolder(3)));
    const double difference = largestDifference(expected, found);
    qInfo("weights differ by %.2g, and moved by %.2g in three steps", difference, moved);
    QVERIFY(moved > 1e-4);
    QVERIFY(difference < 1e-3 * moved);

    for (std::int64_t step = 1; step <= config.training.max_steps; ++step) {
        const Metrics mine = metricsAt(two, step);
        for (const auto& [name, value] : metricsAt(one, step)) {
            QVERIFY2(mine.contains(name), name.c_str());
            if (isTiming(name)) continue;
            const double other = mine.at(name), scale = std::max({1e-2, std::abs(value), std::abs(other)});
            QVERIFY2(value == other || std::abs(value - other) <= 1e-3 * scale,
                     (name + " at step " + std::to_string(step) + ": " + std::to_string(value) + " and " +
                      std::to_string(other))
                         .c_str());
        }
    }
    const auto traces = payloadsOf<TraceEvent>(one), others = payloadsOf<TraceEvent>(two);
    QCOMPARE(others.size(), traces.size());
    for (std::size_t i = 0; i < traces.size(); ++i) {
        QCOMPARE(others[i].trace.completion, traces[i].trace.completion);
        QCOMPARE(others[i].trace.reward.has_value(), traces[i].trace.reward.has_value());
        QCOMPARE(others[i].trace.tokens.ratios.size(), traces[i].trace.tokens.ratios.size());
        QCOMPARE(others[i].trace.tokens.refLogprobs.size(), traces[i].trace.tokens.refLogprobs.size());
    }
    QCOMPARE(payloadsOf<EvaluationEvent>(two).size(), payloadsOf<EvaluationEvent>(one).size());
    QCOMPARE(RunDirectory::open(two.path()).identity().environment["processes"].get<int>(), 2);
}

void TestParallelRuns::resumedTogether() {
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

void TestParallelRuns::stoppedTogether() {
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

void TestParallelRuns::pausedTogether() {
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

void TestParallelRuns::savesWhenAsked() {
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

void TestParallelRuns::aKilledRankEndsTheRun_data() {
    QTest::addColumn<int>("killed");
    QTest::newRow("rank 0") << 0;
    QTest::newRow("rank 1") << 1;
}

void TestParallelRuns::aKilledRankEndsTheRun() {
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
void TestParallelRuns::aLastCheckpointThatFailsFailsAllRanks() {
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
void TestParallelRuns::aStopBeforeAllHaveMetEndsTheRun() {
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

// Of two ranks with the same example each, both would have the gradient of one process with one example if
// their masks were the same.
void TestParallelRuns::ranksDropOutWithMasksOfTheirOwn() {
    RunConfig config = shortConfig("sft");
    const fs::path file = fs::path(m_folder.path().toStdString()) / "one.jsonl";
    writeFileAtomically(file, "{\"prompt\": \"1+2=\", \"completion\": \"3\"}\n");
    config.data.tasks.clear();
    config.data.files.resize(1);
    config.data.files[0].path = file.string();
    config.data.files[0].held_out_share = 0;
    config.model.from = teacher;
    config.evaluation.eval_steps = 0;
    config.training.gradient_accumulation_steps = 1;
    config.lora.r = 4;
    const auto trained = [&](int size, double dropout) {
        config.training.batch_size = size;
        config.lora.dropout = dropout;
        const RunDirectory run = makeRun(m_folder, config);
        if (!trains(run, size)) throw Error("the run failed", run.path().string());
        return weightsIn(lastCheckpoint(run));
    };
    QVERIFY(largestDifference(trained(1, 0), trained(2, 0)) < 1e-6);
    QVERIFY(largestDifference(trained(1, 0.5), trained(2, 0.5)) > 1e-5);
}

void TestParallelRuns::refusesWhatItCannotShare_data() {
    QTest::addColumn<QString>("recipe");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("named");
    QTest::newRow("an evaluation") << "evaluate"
                                   << ""
                                   << "recipe: evaluate";
    QTest::newRow("a quantile over the batch") << "grpo"
                                               << "quantile"
                                               << "grpo.top_entropy_quantile";
    QTest::newRow("sorted pairs") << "dpo"
                                  << "aot"
                                  << "dpo.loss_type: aot";
    QTest::newRow("fewer pairs than ranks") << "dpo"
                                            << "small"
                                            << "training.batch_size";
    QTest::newRow("a share of the tokens") << "distill"
                                           << "tokens"
                                           << "distillation.token_share";
}

void TestParallelRuns::refusesWhatItCannotShare() {
    QFETCH(QString, recipe);
    QFETCH(QString, setting);
    QFETCH(QString, named);
    RunConfig config = shortConfig(recipe.toStdString());
    if (setting == QStringLiteral("quantile")) config.grpo.top_entropy_quantile = 0.2;
    if (setting == QStringLiteral("aot")) config.dpo.loss_type = {"aot"};
    if (setting == QStringLiteral("small")) config.training.batch_size = 1;
    if (setting == QStringLiteral("tokens")) config.distillation.token_share = 0.5;
    if (recipe == QStringLiteral("distill")) {
        distil(config);
        config.distillation.reference = teacher;
    }
    if (recipe != QStringLiteral("distill")) config.model.from = teacher;
    const RunDirectory run = makeRun(m_folder, config);
    Ranks ranks(run, 2);
    for (auto& rank : ranks.ranks) QVERIFY(rank->ends() && !rank->succeeds());
    QCOMPARE(endOf(run).outcome, std::string("failed"));
    QVERIFY2(QString::fromStdString(endOf(run).error).contains(named), endOf(run).error.c_str());
}

void TestParallelRuns::aRunThatIsTrainedAlreadyTurnsAllRanksAway() {
    const RunDirectory run = makeRun(m_folder, shortConfig("sft"));
    const RunLock lock(run);
    Ranks ranks(run, 2);
    for (auto& rank : ranks.ranks) {
        QVERIFY(rank->ends() && !rank->succeeds());
        const QByteArray said = rank->errors();
        QVERIFY2(said.contains("already running"), said.constData());
    }
}

QTEST_GUILESS_MAIN(TestParallelRuns)
#include "tst_parallel_runs.moc"
