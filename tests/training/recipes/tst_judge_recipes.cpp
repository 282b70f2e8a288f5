// Reward models and process reward models end to end: that they learn, reward, choose among samples and guide
// beams; and evaluation as a recipe.
#include <QtTest>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <thread>

#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

class TestJudgeRecipes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void rewardModelLearnsItsPairs();
    void processRewardModelLearnsSteps();
    void rewardModelsRewardAndChoose();
    void strangersAreRefused();
    void evaluationChoosesAmongSamples();
    void evaluationSearchesBeams();
    void evaluationSweepsBudgets();
    void searchesStop_data();
    void searchesStop();
    void searchesNeedTheirJudge_data();
    void searchesNeedTheirJudge();
    void evaluationIsARecipe();

  private:
    RunDirectory trained(const RunConfig& config) {
        RunDirectory run = makeRun(m_folder, config);
        loadTrainingModule().train(run, false, {});
        return run;
    }
    /// A few steps of grpo from the supervised policy.
    RunConfig grpoConfig(int steps) const {
        RunConfig config = tinyConfig("grpo");
        config.model.from = m_policy.string();
        config.training.max_steps = steps;
        config.evaluation.eval_steps = 0;
        config.evaluation.num_problems = 2;
        return config;
    }

    QTemporaryDir m_folder;
    fs::path m_policy, m_rewardModel, m_prm;
};

void TestJudgeRecipes::initTestCase() {
    RunConfig config = tinyConfig("sft");
    config.training.max_steps = 60;
    config.evaluation.eval_steps = 0;
    m_policy = lastCheckpoint(trained(config));
}

void TestJudgeRecipes::rewardModelLearnsItsPairs() {
    RunConfig config = tinyConfig("reward_model");
    config.model.from = m_policy.string();
    config.training.max_steps = 60;
    config.training.batch_size = 16;
    config.training.learning_rate = 3e-3;
    config.pairs.source = "error_injection";
    const RunDirectory run = trained(config);
    double accuracy = 0;
    for (int step = 51; step <= 60; ++step) accuracy += metricsAt(run, step).at("accuracy") / 10;
    QVERIFY2(accuracy > 0.6, qPrintable(QString::number(accuracy)));
    QVERIFY(metricsAt(run, 60).at("max_reward") > metricsAt(run, 60).at("min_reward"));
    m_rewardModel = lastCheckpoint(run);
    QVERIFY(fs::exists(m_rewardModel / "score.safetensors"));
}

void TestJudgeRecipes::processRewardModelLearnsSteps() {
    RunConfig config = tinyConfig("prm");
    config.model.from = m_policy.string();
    config.training.max_steps = 60;
    config.training.batch_size = 16;
    config.training.learning_rate = 3e-3;
    config.prm.num_prompts = 128;
    config.prm.max_completion_length = 24;
    const RunDirectory run = trained(config);
    const Metrics metrics = metricsAt(run, 60);
    const double right = metrics.at("eval_right_share"), chance = std::max(right, 1 - right);
    QVERIFY(metrics.at("loss") < metricsAt(run, 1).at("loss"));
    QVERIFY2(metrics.at("eval_accuracy") >= chance,
             qPrintable(QString("%1 %2").arg(metrics.at("eval_accuracy")).arg(chance)));
    m_prm = lastCheckpoint(run);
}

void TestJudgeRecipes::rewardModelsRewardAndChoose() {
    QVERIFY(!m_rewardModel.empty() && !m_prm.empty());
    for (const char* recipe : {"grpo", "ppo"}) {
        RunConfig config = grpoConfig(2);
        config.recipe = recipe;
        config.grpo.rewards = {
            {"correctness", 1, Json::object()},
            {"reward_model", 0.5, Json{{"path", m_rewardModel.string()}}},
            {"process_reward", 1, Json{{"path", m_prm.string()}, {"shaping", "clip_delta"}}}};
        config.ppo.rewards = config.grpo.rewards;
        const Metrics metrics = metricsAt(trained(config), 2);
        QVERIFY(metrics.at("rewards/reward_model/std") > 0);
        QVERIFY(metrics.at("rewards/process_reward/mean") <= 0);  // clipped: no step earns
    }
    for (const fs::path& judge : {m_rewardModel, m_prm}) {
        EvaluateRequest request;
        request.checkpoint = m_policy;
        request.tasks = tinyConfig("sft").data.tasks;
        request.settings = tinyConfig("sft").evaluation;
        request.settings.num_samples = 4;
        request.settings.temperature = 1;
        request.settings.best_at = {1, 4};
        request.settings.verifier = judge.string();
        request.threads = 1;
        const auto reports = loadTrainingModule().evaluate(request, {});
        const Metrics metrics(reports[0].event.metrics.begin(), reports[0].event.metrics.end());
        // The best of one is any one.
        QVERIFY(std::abs(metrics.at("best_of@1") - metrics.at("accuracy")) < 1e-12);
        QVERIFY(metrics.at("best_of@4") >= 0 && metrics.at("best_of@4") <= 1);
    }
}

void TestJudgeRecipes::strangersAreRefused() {
    RunConfig config = grpoConfig(1);
    config.grpo.rewards = {{"reward_model", 1, Json{{"path", m_policy.string()}}}};
    std::string text = errorOf([&] { trained(config); });
    QVERIFY2(text.find("is no reward model") != std::string::npos, text.c_str());
    config.grpo.rewards = {{"process_reward", 1, Json{{"path", m_rewardModel.string()}}}};
    text = errorOf([&] { trained(config); });
    QVERIFY2(text.find("a process reward model is needed") != std::string::npos, text.c_str());
}

void TestJudgeRecipes::evaluationSearchesBeams() {
    QVERIFY(!m_rewardModel.empty() && !m_prm.empty());
    EvaluateRequest request;
    request.checkpoint = m_policy;
    request.tasks = tinyConfig("sft").data.tasks;
    request.settings = tinyConfig("sft").evaluation;
    request.settings.num_problems = 24;
    request.settings.max_completion_length = 24;
    request.threads = 1;
    const auto metricsOf = [&](std::size_t set) {
        const auto reports = loadTrainingModule().evaluate(request, {});
        return Metrics(reports.at(set).event.metrics.begin(), reports.at(set).event.metrics.end());
    };
    const Metrics without = metricsOf(1);
    request.settings.verifier = m_prm.string();
    request.settings.beam_size = 3;
    request.settings.beam_expansion = 2;
    const Metrics with = metricsOf(1);
    QVERIFY(with == metricsOf(1));
    QVERIFY(with.at("beam_accuracy") >= 0 && with.at("beam_accuracy") <= 1);
    QVERIFY(with.at("beam_tokens") >= 6);  // six first steps of a token at least
    for (const auto& [name, value] : without) QCOMPARE(with.at(name), value);
    QCOMPARE(with.size(), without.size() + 2);
    request.settings.beam_size = request.settings.beam_expansion = 1;
    request.settings.temperature = 0.01;  // nearly greedy: the search takes the policy's own way
    QVERIFY(std::abs(metricsOf(1).at("beam_accuracy") - without.at("accuracy")) < 0.1);

    request.settings.verifier = m_rewardModel.string();
    std::string text = errorOf([&] { metricsOf(0); });
    QVERIFY2(
        text.find("evaluation.verifier") != std::string::npos && text.find("recipe prm") != std::string::npos,
        text.c_str());
    request.settings.verifier.clear();
    text = errorOf([&] { metricsOf(0); });
    QVERIFY2(text.find("evaluation.beam_size") != std::string::npos, text.c_str());
}

// Each way to spend N samples, with what it costs; the trees of all problems say the same as the metrics.
void TestJudgeRecipes::evaluationSweepsBudgets() {
    QVERIFY(!m_rewardModel.empty() && !m_prm.empty());
    EvaluateRequest request;
    request.checkpoint = m_policy;
    request.tasks = {tinyConfig("sft").data.tasks[0]};
    request.settings = tinyConfig("sft").evaluation;
    request.settings.num_problems = request.settings.trees = 24;
    request.settings.max_completion_length = 24;
    request.settings.num_samples = 6;
    request.settings.temperature = 1;
    request.settings.verifier = m_prm.string();
    request.settings.num_particles = 3;
    request.settings.search_budgets = {1, 6};
    request.threads = 1;
    const auto evaluated = [&] { return loadTrainingModule().evaluate(request, {}).at(0); };
    const EvaluationReport report = evaluated(), again = evaluated();
    Metrics metrics(report.event.metrics.begin(), report.event.metrics.end());
    QVERIFY(report.event == again.event);
    QVERIFY(report.trees == again.trees);
    for (const char* name : {"maj@6", "best_of@6", "weighted_vote@6", "beam@6", "particle@6",
                             "particle_vote@6", "particle_accuracy", "particle_vote_accuracy"})
        QVERIFY2(metrics.at(name) >= 0 && metrics.at(name) <= 1, name);
    // One of anything is one sample; six of them cost more.
    QVERIFY(std::abs(metrics.at("best_of@1") - metrics.at("accuracy")) < 1e-12);
    QCOMPARE(metrics.at("particle@1"), metrics.at("particle_vote@1"));
    QVERIFY(std::abs(metrics.at("tokens@6") - 6 * metrics.at("mean_length")) < 1e-9);
    QVERIFY(metrics.at("particle_tokens@6") > 3 * metrics.at("particle_tokens@1"));
    QVERIFY(metrics.at("beam_tokens@6") > metrics.at("beam_tokens@1"));
    QVERIFY(metrics.at("particle_ess") >= 1 && metrics.at("particle_ess") <= 3);
    QVERIFY(metrics.at("particle_ancestors") >= 1 && metrics.at("particle_ancestors") <= 3);

    std::map<std::string, double> trees, correct, tokens;
    for (const SearchTree& tree : report.trees) {
        trees[tree.method] += 1;
        correct[tree.method] += tree.correct / 24.0;
        tokens[tree.method] += double(tree.tokens) / 24;
        QCOMPARE(tree.task, report.event.name);
        std::int64_t all = 0;
        for (const TreeNode& node : tree.nodes) all += node.tokens;
        QCOMPARE(tree.tokens, all);
        if (tree.method != "weighted_vote") QVERIFY(tree.chosen >= 0);
        if (tree.chosen >= 0 && tree.nodes[std::size_t(tree.chosen)].finished)
            QCOMPARE(tree.nodes[std::size_t(tree.chosen)].correct, std::optional(tree.correct));
    }
    const std::map<std::string, double> expected = {
        {"best_of_n", 24}, {"weighted_vote", 24}, {"beam_search", 24}, {"particle_filtering", 24}};
    QVERIFY(trees == expected);
    QVERIFY(std::abs(correct["best_of_n"] - metrics.at("best_of@6")) < 1e-9);
    QVERIFY(std::abs(correct["beam_search"] - metrics.at("beam@6")) < 1e-9);
    QVERIFY(std::abs(correct["particle_filtering"] - metrics.at("particle@6")) < 1e-9);
    QVERIFY(std::abs(tokens["best_of_n"] - metrics.at("tokens@6")) < 1e-9);
    QVERIFY(std::abs(tokens["beam_search"] - metrics.at("beam_tokens@6")) < 1e-9);
    QVERIFY(std::abs(tokens["particle_filtering"] - metrics.at("particle_tokens@6")) < 1e-9);

    // A reward model chooses among whole completions only.
    request.settings.verifier = m_rewardModel.string();
    request.settings.num_particles = 0;
    request.settings.weighted_at = {3};
    const EvaluationReport rewarded = evaluated();
    metrics = Metrics(rewarded.event.metrics.begin(), rewarded.event.metrics.end());
    QVERIFY(metrics.contains("weighted_vote@6") && metrics.contains("weighted_vote@3"));
    QVERIFY(!metrics.contains("particle@6") && !metrics.contains("beam@6"));
    // And nothing chooses by a score where there is none.
    request.settings.verifier.clear();
    request.settings.weighted_at.clear();
    const EvaluationReport bare = evaluated();
    metrics = Metrics(bare.event.metrics.begin(), bare.event.metrics.end());
    QVERIFY(metrics.contains("maj@6") && metrics.contains("tokens@6") && !metrics.contains("best_of@6"));
    QVERIFY(bare.trees.empty());
}

void TestJudgeRecipes::searchesStop_data() {
    QTest::addColumn<bool>("beams");
    QTest::newRow("beams") << true;
    QTest::newRow("particles") << false;
}

// A stop among searches leaves the problems that were searched to their end, and says so.
void TestJudgeRecipes::searchesStop() {
    QFETCH(bool, beams);
    QVERIFY(!m_prm.empty());
    EvaluateRequest request;
    request.checkpoint = m_policy;
    request.tasks = {tinyConfig("sft").data.tasks[1]};
    request.settings = tinyConfig("sft").evaluation;
    request.settings.num_problems = 400;
    request.settings.verifier = m_prm.string();
    if (beams)
        request.settings.beam_size = request.settings.beam_expansion = 500;
    else
        request.settings.num_particles = 4096;
    request.threads = 1;
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        stop.request_stop();
    });
    // On a slow machine the stop comes before the first problem.
    const auto reports = loadTrainingModule().evaluate(request, stop.get_token());
    QVERIFY(reports.size() <= 1);
    for (const EvaluationReport& report : reports) {
        QVERIFY(!report.isComplete());
        QVERIFY(report.event.items.size() < 400);
        QVERIFY(report.trees.size() <= report.event.items.size());
        for (const auto& [name, value] : report.event.metrics) QVERIFY2(std::isfinite(value), name.c_str());
    }
}

void TestJudgeRecipes::searchesNeedTheirJudge_data() {
    QTest::addColumn<bool>("beams");
    QTest::newRow("beams") << true;
    QTest::newRow("particles") << false;
}

// A run that could not be evaluated is refused before it trains.
void TestJudgeRecipes::searchesNeedTheirJudge() {
    QFETCH(bool, beams);
    RunConfig config = tinyConfig("sft");
    config.model.from = m_policy.string();
    config.evaluation.eval_steps = 0;  // at the end only
    (beams ? config.evaluation.beam_size : config.evaluation.num_particles) = 2;
    config.evaluation.verifier = m_rewardModel.string();
    const RunDirectory run = makeRun(m_folder, config);
    const std::string text = errorOf([&] { loadTrainingModule().train(run, false, {}); });
    QVERIFY2(text.find("evaluation.verifier") != std::string::npos, text.c_str());
    QVERIFY2(text.find(beams ? "evaluation.beam_size" : "evaluation.num_particles") != std::string::npos,
             text.c_str());
    QVERIFY(payloadsOf<ScalarsEvent>(run).empty());
}

void TestJudgeRecipes::evaluationChoosesAmongSamples() {
    EvaluateRequest request;
    request.checkpoint = m_policy;
    request.tasks = tinyConfig("sft").data.tasks;
    request.settings = tinyConfig("sft").evaluation;
    request.settings.num_problems = 32;
    request.threads = 1;
    const auto metricsOf = [&] {
        const auto reports = loadTrainingModule().evaluate(request, {});
        return Metrics(reports[1].event.metrics.begin(), reports[1].event.metrics.end());
    };
    const Metrics greedy = metricsOf();
    QVERIFY(greedy.at("accuracy_low") <= greedy.at("accuracy") &&
            greedy.at("accuracy") <= greedy.at("accuracy_high"));
    request.settings.num_samples = 5;
    request.settings.temperature = 1;
    request.settings.pass_at = {1, 5};
    request.settings.maj_at = {1, 3, 5};
    const Metrics sampled = metricsOf(), again = metricsOf();
    QVERIFY(sampled == again);
    QVERIFY(sampled.at("pass@5") >= sampled.at("pass@1"));
    QVERIFY(std::abs(sampled.at("maj@1") - sampled.at("accuracy")) < 0.1);  // by sampling of one
    QVERIFY(sampled.at("maj@5") <= sampled.at("pass@5"));
    QVERIFY(sampled.at("accuracy_low") <= sampled.at("accuracy"));
}

void TestJudgeRecipes::evaluationIsARecipe() {
    RunConfig config = tinyConfig("evaluate");
    config.model.from = m_policy.string();
    config.evaluation.num_samples = 4;
    config.evaluation.temperature = 1;
    config.evaluation.pass_at = {1, 4};
    config.evaluation.maj_at = {4};
    config.evaluation.verifier = m_prm.string();
    config.evaluation.num_particles = 4;
    config.evaluation.trees = 3;
    const RunDirectory run = trained(config);
    const auto evaluations = payloadsOf<EvaluationEvent>(run);
    QCOMPARE(evaluations.size(), std::size_t(2));
    QCOMPARE(evaluations[0].step, std::int64_t(0));
    QCOMPARE(evaluations[0].items.size(), std::size_t(8));
    QCOMPARE(evaluations[0].items[0].samples, 4);
    const Metrics metrics = metricsAt(run, 0);
    QVERIFY(metrics.contains("eval/addition/maj@4") && metrics.contains("eval/addition/pass@4"));
    QVERIFY(metrics.contains("eval/addition/accuracy_low") && !metrics.contains("loss"));
    const auto trees = payloadsOf<TreeEvent>(run);
    QCOMPARE(trees.size(), std::size_t(6));
    QCOMPARE(trees[0].tree.method, std::string("particle_filtering"));
    QCOMPARE(trees[0].tree.problemId, evaluations[0].items[0].problemId);
    QCOMPARE(trees[5].tree.task, evaluations[1].name);
    QVERIFY(metrics.contains("eval/addition/particle_accuracy"));
    QVERIFY(run.checkpointSteps().empty());
    QCOMPARE(payloadsOf<EndEvent>(run).back().outcome, std::string("finished"));
}

QTEST_GUILESS_MAIN(TestJudgeRecipes)
#include "tst_judge_recipes.moc"
