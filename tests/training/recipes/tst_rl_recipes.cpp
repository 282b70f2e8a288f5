// The reinforcement-learning recipes end to end: what each parameter changes, what filters and rewards cost,
// values and reward models that learn.
#include <QtTest>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <numeric>
#include <set>
#include <thread>

#include "core/util/error.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

using Metrics = std::map<std::string, double>;

Metrics metricsAt(const RunDirectory& run, std::int64_t step) {
    Metrics metrics;
    for (const ScalarsEvent& scalars : payloadsOf<ScalarsEvent>(run))
        if (scalars.step == step) metrics.insert(scalars.values.begin(), scalars.values.end());
    return metrics;
}

fs::path lastCheckpoint(const RunDirectory& run) {
    return run.checkpointFolder(run.checkpointSteps().back());
}

std::string weightsOf(const RunDirectory& run) {
    return readFile(lastCheckpoint(run) / "model.safetensors");
}

std::string errorOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

/// A reward in which completions of any policy differ.
const std::vector<RewardSettings> alwaysVaried = {{"repetition", 1, Json::object()},
                                                  {"cosine_length", 1, Json{{"max_length", 12}}}};

}  // namespace

class TestRlRecipes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void everyParameterMatters_data();
    void everyParameterMatters();
    void lengthStages();
    void fixedPromptsAreTheSameEveryStep();
    void fixedPromptsComeFromAnEarlierRun();
    void samplerAndTrainerAgree();
    void garbageDependsOnThePrompt();
    void filterKeepsGroupsThatTeach();
    void filterSaysWhenNothingIsLeft();
    void anchorFollowsThePolicy();
    void supervisionFollowsTheGradients();
    void teacherDrawsThePolicyNearer();
    void tracesCarryWhatTheUpdateFound();
    void ppoRaisesTheReward();
    void ppoLogsWhatTheFieldLogs();
    void rewardModelLearnsItsPairs();
    void processRewardModelLearnsSteps();
    void rewardModelsRewardAndChoose();
    void strangersAreRefused();
    void evaluationChoosesAmongSamples();
    void evaluationSearchesBeams();
    void beamsStop();
    void beamsNeedTheirJudge();
    void evaluationIsARecipe();

  private:
    RunDirectory trained(const RunConfig& config) {
        RunDirectory run = makeRun(m_folder, config);
        loadTrainingModule().train(run, false, {});
        return run;
    }
    /// A few steps of grpo from the supervised policy.
    RunConfig grpoConfig(int steps = 3) const {
        RunConfig config = tinyConfig("grpo");
        config.model.from = m_policy.string();
        config.training.max_steps = steps;
        config.evaluation.eval_steps = 0;
        config.evaluation.num_problems = 2;
        config.grpo.rewards = alwaysVaried;
        return config;
    }

    QTemporaryDir m_folder;
    fs::path m_policy, m_rewardModel, m_prm;
};

void TestRlRecipes::initTestCase() {
    RunConfig config = tinyConfig("sft");
    config.training.max_steps = 60;
    config.evaluation.eval_steps = 0;
    m_policy = lastCheckpoint(trained(config));
}

void TestRlRecipes::everyParameterMatters_data() {
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("base");  // what must be set for it to matter
    const char* reference = "grpo.beta=1";
    const char* offPolicy = "grpo.num_iterations=3";
    const char* entropy = "grpo.use_adaptive_entropy=true,grpo.entropy_coef=0.1,grpo.entropy_target=3";
    const std::vector<std::pair<const char*, const char*>> rows = {
        {"grpo.loss_type=grpo", ""},
        {"grpo.loss_type=bnpo", "training.gradient_accumulation_steps=2"},
        {"grpo.loss_type=dr_grpo", ""},
        {"grpo.loss_type=cispo", "grpo.num_iterations=3,grpo.epsilon_high=5"},
        {"grpo.loss_type=sapo", offPolicy},
        {"grpo.loss_type=luspo", "grpo.importance_sampling_level=sequence"},
        {"grpo.importance_sampling_level=sequence", offPolicy},
        {"grpo.epsilon=0.0001", offPolicy},
        {"grpo.epsilon_high=0.0001", offPolicy},
        {"grpo.delta=1.0002", "grpo.num_iterations=3,grpo.epsilon_high=0.0001"},
        {"grpo.sapo_temperature_pos=5", "grpo.num_iterations=3,grpo.loss_type=sapo"},
        {"grpo.sapo_temperature_neg=5", "grpo.num_iterations=3,grpo.loss_type=sapo"},
        {"grpo.off_policy_mask_threshold=0.00001", offPolicy},
        {"grpo.mask_truncated_completions=true", ""},
        {"grpo.top_entropy_quantile=0.2", ""},
        {"grpo.entropy_coef=0.1", ""},
        {"grpo.use_adaptive_entropy=true", "grpo.entropy_target=3"},
        {"grpo.entropy_target=0.001", entropy},
        {"grpo.entropy_coef_max=0.105",
         "grpo.use_adaptive_entropy=true,grpo.entropy_coef=0.1,"
         "grpo.entropy_coef_delta=0.1,grpo.entropy_target=3"},
        {"grpo.entropy_coef_delta=0.1", entropy},
        {"grpo.beta=1", ""},
        {"grpo.kl_estimator=k1", reference},
        {"grpo.kl_estimator=k2", reference},
        {"grpo.kl_estimator=k3+", reference},
        {"grpo.use_bias_correction_kl=true", "grpo.beta=1,grpo.num_iterations=3"},
        {"grpo.kl_target=0.000001", reference},
        {"grpo.kl_horizon=20", "grpo.beta=1,grpo.kl_target=0.000001"},
        {"grpo.sync_ref_model=true", "grpo.beta=1,grpo.ref_model_sync_steps=1"},
        {"grpo.ref_model_mixup_alpha=0.1",
         "grpo.beta=1,grpo.ref_model_sync_steps=1,grpo.sync_ref_model=true"},
        // The learning rate of the last step is 0: what counts is the second.
        {"grpo.ref_model_sync_steps=1", "grpo.beta=1,grpo.sync_ref_model=true,grpo.ref_model_mixup_alpha=1"},
        {"grpo.advantage_estimator=rloo", ""},
        {"grpo.advantage_estimator=reinforce_plus_plus", ""},
        {"grpo.advantage_estimator=reinforce_plus_plus_baseline", ""},
        {"grpo.scale_rewards=batch", ""},
        {"grpo.scale_rewards=none", ""},
        {"grpo.multi_objective_aggregation=normalize_then_sum", ""},
        {"grpo.fixed_prompts=1", ""},
        {"grpo.fixed_prompt_offset=5", "grpo.fixed_prompts=1"},
        {"grpo.sasr_gamma=1", ""},
        {"grpo.top_k=2", ""},
        {"grpo.top_p=0.5", ""},
        {"ppo.num_ppo_epochs=2", "recipe=ppo"},
        {"ppo.num_mini_batches=2", "recipe=ppo"},
        {"ppo.cliprange=0.0001", "recipe=ppo"},
        {"ppo.kl_coef=1", "recipe=ppo"},
        {"ppo.kl_estimator=k3", "recipe=ppo,ppo.kl_coef=1"},
        {"ppo.kl_target=0.000001", "recipe=ppo,ppo.kl_coef=1,ppo.kl_horizon=50"},
        {"ppo.whiten_rewards=true", "recipe=ppo"},
        {"ppo.missing_eos_penalty=2", "recipe=ppo"},
        {"ppo.gamma=0.5", "recipe=ppo"},
        {"ppo.lam=0.5", "recipe=ppo"},
        {"ppo.vf_coef=0.001", "recipe=ppo"},
        {"ppo.cliprange_value=0.0001", "recipe=ppo"},
        {"ppo.value_learning_rate=0.5", "recipe=ppo"},
        {"ppo.value_warmup_steps=2", "recipe=ppo"},
    };
    for (const auto& [setting, base] : rows) QTest::newRow(setting) << setting << base;
}

void TestRlRecipes::everyParameterMatters() {
    QFETCH(QString, setting);
    QFETCH(QString, base);
    const auto run = [&](const QString& settings) {
        std::vector<std::string> overrides;
        RunConfig config = grpoConfig();
        for (const QString& one : settings.split(',', Qt::SkipEmptyParts)) {
            if (one == "recipe=ppo")
                config.recipe = "ppo";
            else
                overrides.push_back(one.toStdString());
        }
        config.ppo.rewards = alwaysVaried;
        ParsedConfig parsed = parseConfig(toYaml(config), "test", overrides);
        throwProblems(parsed);
        return weightsOf(trained(parsed.config));
    };
    // vf_coef and cliprange_value reach the policy through the values of the next step.
    QVERIFY(run(base) != run(base + ',' + setting));
}

void TestRlRecipes::lengthStages() {
    RunConfig config = grpoConfig(4);
    config.grpo.completion_length_stages = {3, 6};
    const RunDirectory run = trained(config);
    for (int step = 1; step <= 4; ++step)
        QVERIFY(metricsAt(run, step).at("completions/max_length") <= (step <= 2 ? 3 : 6));
    QVERIFY(metricsAt(run, 4).at("completions/max_length") > 3);
}

void TestRlRecipes::fixedPromptsAreTheSameEveryStep() {
    RunConfig config = grpoConfig(3);
    config.grpo.fixed_prompts = 2;
    config.traces.groups_per_step = 4;
    config.evaluation.traces = 0;
    std::set<std::string> problems;
    for (const TraceEvent& event : payloadsOf<TraceEvent>(trained(config)))
        problems.insert(event.trace.problemId);
    QCOMPARE(problems.size(), std::size_t(2));
}

void TestRlRecipes::fixedPromptsComeFromAnEarlierRun() {
    RunConfig config = grpoConfig(4);
    for (TaskSettings& task : config.data.tasks) task.examples = 3;
    config.traces.groups_per_step = 4;
    config.evaluation.traces = 0;
    const RunDirectory earlier = trained(config);
    std::map<std::string, std::map<std::int64_t, std::vector<double>>> rewards;
    for (const TraceEvent& event : payloadsOf<TraceEvent>(earlier))
        rewards[event.trace.problemId][event.trace.step].push_back(*event.trace.reward);
    std::string expected;
    double highest = -1;
    for (const auto& [id, visits] : rewards) {
        std::vector<double> means;
        for (const auto& [step, values] : visits)
            means.push_back(std::accumulate(values.begin(), values.end(), 0.0) / double(values.size()));
        const double mean = std::accumulate(means.begin(), means.end(), 0.0) / double(means.size());
        double squares = 0;
        for (const double each : means) squares += (each - mean) * (each - mean);
        if (means.size() < 2 || squares / double(means.size() - 1) <= highest) continue;
        highest = squares / double(means.size() - 1);
        expected = id;
    }
    QVERIFY(highest > 0);
    config.grpo.fixed_prompts = 1;
    config.grpo.fixed_prompt_history = earlier.path().string();
    const auto traces = payloadsOf<TraceEvent>(trained(config));
    QCOMPARE(traces.size(), std::size_t(4 * 4 * config.grpo.num_generations));
    for (const TraceEvent& event : traces) QCOMPARE(event.trace.problemId, expected);
}

// Two computations of the same numbers: their ratio is 1 but for rounding, and the two metrics tell the same.
void TestRlRecipes::samplerAndTrainerAgree() {
    const Metrics metrics = metricsAt(trained(grpoConfig(1)), 1);
    const double low = metrics.at("sampling/importance_sampling_ratio/min"),
                 mean = metrics.at("sampling/importance_sampling_ratio/mean"),
                 high = metrics.at("sampling/importance_sampling_ratio/max");
    QVERIFY(low <= mean && mean <= high && low < high);
    QVERIFY2(low > 0.999 && high < 1.001, qPrintable(QString("%1 to %2").arg(low).arg(high)));
    const double farthest = std::max(std::abs(std::log(low)), std::abs(std::log(high)));
    QVERIFY(std::abs(farthest - metrics.at("sampling/sampling_logp_difference/max")) < 1e-6);
}

// A policy that writes what it is asked in; of the same letters in answer to a sum, all would be garbage.
void TestRlRecipes::garbageDependsOnThePrompt() {
    const std::string file = (m_folder.path() + "/words.jsonl").toStdString();
    std::ofstream rows(file);
    for (const char* word : {"да", "ад", "дда", "ада", "даа", "адд"})
        rows << Json{{"prompt", word}, {"completion", word}}.dump() << "\n";
    rows.close();
    RunConfig config = tinyConfig("sft");
    config.data.tasks.clear();
    config.data.files.resize(1);
    config.data.files[0].path = file;
    config.data.files[0].held_out_share = 0;
    config.training.max_steps = 20;
    config.evaluation.eval_steps = 0;
    const fs::path start = lastCheckpoint(trained(config));
    config.recipe = "grpo";
    config.model.from = start.string();
    config.training.max_steps = 1;
    config.grpo.rewards = {{"garbage", 1, Json::object()}};
    const RunDirectory run = trained(config);
    std::string written;
    for (const TraceEvent& event : payloadsOf<TraceEvent>(run)) written += event.trace.completion;
    QVERIFY(written.find("\xd0") != std::string::npos);  // it wrote Cyrillic letters
    QCOMPARE(metricsAt(run, 1).at("rewards/garbage/mean"), 0.0);
}

void TestRlRecipes::filterKeepsGroupsThatTeach() {
    RunConfig config = grpoConfig(4);
    config.grpo.rewards = {{"format", 1, Json::object()}};
    config.grpo.num_generations = 4;
    const auto shareWithoutSignal = [](const RunDirectory& run) {
        double share = 0;
        for (int step = 1; step <= 4; ++step) share += metricsAt(run, step).at("frac_reward_zero_std") / 4;
        return share;
    };
    QVERIFY(shareWithoutSignal(trained(config)) > 0);  // there is something to filter
    config.grpo.filter_groups = true;
    const RunDirectory filtered = trained(config);
    QCOMPARE(shareWithoutSignal(filtered), 0.0);
    double generated = 0, discarded = 0;
    for (int step = 1; step <= 4; ++step) {
        const Metrics metrics = metricsAt(filtered, step);
        generated += metrics.at("tokens/generated");
        discarded += metrics.at("tokens/discarded");
        QCOMPARE(metrics.at("tokens/trained") + metrics.at("tokens/discarded"),
                 metrics.at("tokens/generated"));
        QCOMPARE(metrics.at("tokens/generated_total"), generated);
        QVERIFY(metrics.at("filter/sampled_groups") >= metrics.at("filter/kept_groups"));
        QCOMPARE(metrics.at("filter/sampled_groups"), 4 * metrics.at("filter/gen_batches"));
    }
    QVERIFY(discarded > 0);
}

void TestRlRecipes::filterSaysWhenNothingIsLeft() {
    RunConfig config = grpoConfig(2);
    config.grpo.rewards = {{"correctness", 0, Json::object()}};
    config.grpo.filter_groups = true;
    config.grpo.max_num_gen_batches = 2;
    const std::string text = errorOf([&] { trained(config); });
    QVERIFY2(text.find("nothing to teach") != std::string::npos ||
                 text.find("anything to teach") != std::string::npos,
             text.c_str());
    QVERIFY2(text.find("none of 8 groups") != std::string::npos, text.c_str());
}

// SASR: the first step is supervised, the second is not, then the two norms decide.
void TestRlRecipes::supervisionFollowsTheGradients() {
    RunConfig config = grpoConfig(8);
    config.grpo.sasr_gamma = 1;
    const RunDirectory run = trained(config);
    QCOMPARE(metricsAt(run, 1).at("sasr/sft_probability"), 1.0);
    QVERIFY(metricsAt(run, 1).contains("sasr/sft_grad_norm"));
    QCOMPARE(metricsAt(run, 2).at("sasr/sft_probability"), 0.0);
    double supervised = 0, reinforced = 0;
    for (int step = 1; step <= 8; ++step) {
        const Metrics metrics = metricsAt(run, step);
        if (step > 2) QCOMPARE(metrics.at("sasr/sft_probability"), supervised / (supervised + reinforced));
        const bool isSupervised = metrics.contains("sasr/sft_grad_norm");
        (isSupervised ? supervised : reinforced) =
            metrics.at(isSupervised ? "sasr/sft_grad_norm" : "grad_norm");
    }
    config.grpo.sasr_gamma = 1e6;  // hardly ever supervised
    const RunDirectory rare = trained(config);
    for (int step = 3; step <= 8; ++step) QVERIFY(metricsAt(rare, step).contains("reward"));
}

void TestRlRecipes::anchorFollowsThePolicy() {
    RunConfig config = grpoConfig(6);
    config.training.learning_rate = 1e-2;
    config.grpo.beta = 1e-6;  // measured, and as good as free
    const double fixed = metricsAt(trained(config), 6).at("kl");
    config.grpo.sync_ref_model = true;
    config.grpo.ref_model_sync_steps = 1;
    config.grpo.ref_model_mixup_alpha = 1;
    const RunDirectory run = trained(config);
    QVERIFY2(metricsAt(run, 6).at("kl") < fixed / 2, qPrintable(QString::number(fixed)));
    // Right after a synchronisation the two are the same.
    QVERIFY(std::abs(metricsAt(run, 6).at("kl")) < 1e-6);
}

void TestRlRecipes::teacherDrawsThePolicyNearer() {
    RunConfig config = grpoConfig(12);
    RunConfig other = tinyConfig("sft");
    other.training.max_steps = 60;
    other.seed = 7;
    other.evaluation.eval_steps = 0;
    config.grpo.teacher = lastCheckpoint(trained(other)).string();
    config.grpo.teacher_beta = config.grpo.teacher_beta_end = 0;
    const double alone = metricsAt(trained(config), 12).at("teacher_kl");
    config.grpo.teacher_beta = config.grpo.teacher_beta_end = 5;
    const RunDirectory whole = trained(config);
    const double taught = metricsAt(whole, 12).at("teacher_kl");
    QVERIFY2(taught < alone / 2, qPrintable(QString("%1 %2").arg(alone).arg(taught)));
    // Fewer and fewer completions are taught, so less and less of the KL counts.
    const double all = metricsAt(whole, 1).at("teacher_kl");
    config.grpo.teacher_mask = "wrong";
    const double wrong = metricsAt(trained(config), 1).at("teacher_kl");
    config.grpo.teacher_mask = "wrong_groups";
    const double groups = metricsAt(trained(config), 1).at("teacher_kl");
    QVERIFY2(groups <= wrong && wrong <= all,
             qPrintable(QString("%1 %2 %3").arg(groups).arg(wrong).arg(all)));
}

void TestRlRecipes::tracesCarryWhatTheUpdateFound() {
    for (const char* recipe : {"grpo", "ppo"}) {
        RunConfig config = grpoConfig(2);
        config.recipe = recipe;
        config.grpo.num_iterations = 2;
        config.grpo.beta = 0.1;
        config.evaluation.traces = 0;
        const auto traces = payloadsOf<TraceEvent>(trained(config));
        QVERIFY(!traces.empty());
        double moved = 0;
        for (const TraceEvent& event : traces) {
            const TokenArrays& tokens = event.trace.tokens;
            const std::size_t count = tokens.ids.size();
            QCOMPARE(tokens.logprobs.size(), count);
            QCOMPARE(tokens.refLogprobs.size(), count);
            QCOMPARE(tokens.entropies.size(), count);
            QCOMPARE(tokens.ratios.size(), count);
            QCOMPARE(tokens.advantages.size(), count);
            QCOMPARE(tokens.clipped.size(), count);
            for (float ratio : tokens.ratios) moved = std::max(moved, std::abs(double(ratio) - 1));
            if (event.trace.step == 1)  // the reference is still the policy that sampled
                for (std::size_t t = 0; t < count; ++t)
                    QVERIFY(std::abs(tokens.refLogprobs[t] - tokens.logprobs[t]) < 1e-3);
            if (std::string(recipe) == "grpo")
                for (float advantage : tokens.advantages) QCOMPARE(advantage, float(*event.trace.advantage));
        }
        QVERIFY(moved > 1e-4);
    }
}

void TestRlRecipes::ppoRaisesTheReward() {
    RunConfig config = tinyConfig("ppo");
    config.model.from = m_policy.string();
    config.training.max_steps = 40;
    config.training.learning_rate = 2e-3;
    config.training.lr_scheduler_type = "constant";
    config.evaluation.eval_steps = 0;
    config.ppo.prompts_per_step = 16;
    config.ppo.rewards = {{"format", 1, Json::object()}};
    const RunDirectory run = trained(config);
    double early = 0, late = 0;
    for (int step = 1; step <= 5; ++step) early += metricsAt(run, step).at("reward") / 5;
    for (int step = 36; step <= 40; ++step) late += metricsAt(run, step).at("reward") / 5;
    QVERIFY2(late > early + 0.15, qPrintable(QString("%1 -> %2").arg(early).arg(late)));
}

void TestRlRecipes::ppoLogsWhatTheFieldLogs() {
    RunConfig config = grpoConfig(2);
    config.recipe = "ppo";
    const Metrics metrics = metricsAt(trained(config), 2);
    for (const char* name : {"loss",
                             "policy_loss",
                             "grad_norm",
                             "learning_rate",
                             "entropy",
                             "kl",
                             "objective/kl",
                             "objective/entropy",
                             "objective/non_score_reward",
                             "objective/rlhf_reward",
                             "objective/scores",
                             "policy/approxkl_avg",
                             "policy/clipfrac_avg",
                             "policy/entropy_avg",
                             "loss/policy_avg",
                             "loss/value_avg",
                             "val/clipfrac_avg",
                             "val/ratio",
                             "val/ratio_var",
                             "val/num_eos_tokens",
                             "critic/vf_explained_var",
                             "reward",
                             "rewards/correctness/mean",
                             "completions/mean_length",
                             "timing_s/gen",
                             "timing_s/update"})
        QVERIFY2(metrics.contains(name) && std::isfinite(metrics.at(name)), name);
}

void TestRlRecipes::rewardModelLearnsItsPairs() {
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

void TestRlRecipes::processRewardModelLearnsSteps() {
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

void TestRlRecipes::rewardModelsRewardAndChoose() {
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

void TestRlRecipes::strangersAreRefused() {
    RunConfig config = grpoConfig(1);
    config.grpo.rewards = {{"reward_model", 1, Json{{"path", m_policy.string()}}}};
    std::string text = errorOf([&] { trained(config); });
    QVERIFY2(text.find("is no reward model") != std::string::npos, text.c_str());
    config.grpo.rewards = {{"process_reward", 1, Json{{"path", m_rewardModel.string()}}}};
    text = errorOf([&] { trained(config); });
    QVERIFY2(text.find("a process reward model is needed") != std::string::npos, text.c_str());
}

void TestRlRecipes::evaluationSearchesBeams() {
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

// A stop among beams leaves the problems that were searched to their end, and says so.
void TestRlRecipes::beamsStop() {
    QVERIFY(!m_prm.empty());
    EvaluateRequest request;
    request.checkpoint = m_policy;
    request.tasks = {tinyConfig("sft").data.tasks[1]};
    request.settings = tinyConfig("sft").evaluation;
    request.settings.num_problems = 4;
    request.settings.verifier = m_prm.string();
    request.settings.beam_size = request.settings.beam_expansion = 500;
    request.threads = 1;
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        stop.request_stop();
    });
    const auto reports = loadTrainingModule().evaluate(request, stop.get_token());
    QCOMPARE(reports.size(), std::size_t(1));
    QVERIFY(!reports[0].isComplete());
    QVERIFY(reports[0].event.items.size() < 4);
    for (const auto& [name, value] : reports[0].event.metrics) QVERIFY2(std::isfinite(value), name.c_str());
}

// A run that could not be evaluated is refused before it trains.
void TestRlRecipes::beamsNeedTheirJudge() {
    RunConfig config = tinyConfig("sft");
    config.model.from = m_policy.string();
    config.evaluation.eval_steps = 0;  // at the end only
    config.evaluation.beam_size = 2;
    config.evaluation.verifier = m_rewardModel.string();
    const RunDirectory run = makeRun(m_folder, config);
    const std::string text = errorOf([&] { loadTrainingModule().train(run, false, {}); });
    QVERIFY2(text.find("evaluation.verifier") != std::string::npos, text.c_str());
    QVERIFY(payloadsOf<ScalarsEvent>(run).empty());
}

void TestRlRecipes::evaluationChoosesAmongSamples() {
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

void TestRlRecipes::evaluationIsARecipe() {
    RunConfig config = tinyConfig("evaluate");
    config.model.from = m_policy.string();
    config.evaluation.num_samples = 4;
    config.evaluation.temperature = 1;
    config.evaluation.pass_at = {1, 4};
    config.evaluation.maj_at = {4};
    const RunDirectory run = trained(config);
    const auto evaluations = payloadsOf<EvaluationEvent>(run);
    QCOMPARE(evaluations.size(), std::size_t(2));
    QCOMPARE(evaluations[0].step, std::int64_t(0));
    QCOMPARE(evaluations[0].items.size(), std::size_t(8));
    QCOMPARE(evaluations[0].items[0].samples, 4);
    const Metrics metrics = metricsAt(run, 0);
    QVERIFY(metrics.contains("eval/addition/maj@4") && metrics.contains("eval/addition/pass@4"));
    QVERIFY(metrics.contains("eval/addition/accuracy_low") && !metrics.contains("loss"));
    QVERIFY(run.checkpointSteps().empty());
    QCOMPARE(payloadsOf<EndEvent>(run).back().outcome, std::string("finished"));
}

QTEST_GUILESS_MAIN(TestRlRecipes)
#include "tst_rl_recipes.moc"
