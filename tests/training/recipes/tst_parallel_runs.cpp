// Runs that two processes train together come to the numbers of one process.
#include <QtTest>
#include <cmath>

#include "tests/training/recipes/parallel_ranks.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size()) return INFINITY;
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, double(std::abs(a[i] - b[i])));
    return most;
}

std::string teacher;  ///< a checkpoint that answers some problems right
std::string rewardModel, stepModel;

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
    void ranksDropOutWithMasksOfTheirOwn();
    void refusesWhatItCannotShare_data();
    void refusesWhatItCannotShare();

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

QTEST_GUILESS_MAIN(TestParallelRuns)
#include "tst_parallel_runs.moc"
