// The reinforcement-learning recipes end to end: what each parameter changes, what filters and rewards cost.
#include <QtTest>
#include <cmath>
#include <fstream>
#include <functional>
#include <numeric>
#include <set>

#include "core/util/error.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

std::string weightsOf(const RunDirectory& run) {
    return readFile(lastCheckpoint(run) / "model.safetensors");
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
    fs::path m_policy;
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

QTEST_GUILESS_MAIN(TestRlRecipes)
#include "tst_rl_recipes.moc"
