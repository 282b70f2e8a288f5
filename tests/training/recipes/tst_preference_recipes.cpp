// The recipes that learn from preferences and from teachers, from their configuration to their end.
#include <QtTest>
#include <fstream>
#include <set>
#include <sstream>

#include "core/util/error.h"
#include "core/util/json.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

double meanOf(const RunDirectory& run, const std::string& name, std::int64_t from, std::int64_t to) {
    double sum = 0;
    for (std::int64_t step = from; step <= to; ++step) sum += metricsAt(run, step).at(name);
    return sum / double(to - from + 1);
}

/// Sums of one digit: within reach of a tiny model in a second or two.
RunConfig easyConfig(const std::string& recipe) {
    RunConfig config = tinyConfig(recipe);
    config.data.tasks.resize(1);
    config.data.tasks[0].worked_share = 0;
    config.data.tasks[0].parameters = Json{{"min_digits", 1}, {"max_digits", 1}};
    config.training.max_steps = 12;
    config.training.save_steps = 0;
    config.training.learning_rate = 1e-3;
    config.training.lr_scheduler_type = "constant";
    config.evaluation.eval_steps = 0;
    config.evaluation.num_problems = 4;
    config.pairs.max_completion_length = 8;
    config.pairs.prompts_per_round = 64;
    config.pairs.round_steps = 5;
    config.distillation.max_completion_length = 8;
    config.distillation.lmbda = 0;
    return config;
}

}  // namespace

class TestPreferenceRecipes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void pairsAreToldApart_data();
    void pairsAreToldApart();
    void metricsAreTrls();
    void sampledPairsComeInRounds_data();
    void sampledPairsComeInRounds();
    void filesAreLearned();
    void precomputedReferenceIsTheSame();
    void meanLogitsAreThoseOfEachSide();
    void startIsTheReference();
    void stepValuesAreRolledOut();
    void noPairsIsSaid();
    void studentApproachesItsTeacher_data();
    void studentApproachesItsTeacher();
    void cacheIsReadAgain();
    void rejectedTeacherSamplesAreLeftOut();
    void prunedExamplesAreKept();
    void distancesAreLogged();
    void foreignTeacherIsRefused();
    void supervisedVariantsLearn_data();
    void supervisedVariantsLearn();

  private:
    RunDirectory trained(const RunConfig& config) {
        RunDirectory run = makeRun(m_folder, config);
        loadTrainingModule().train(run, false, {});
        return run;
    }
    std::string checkpoint() const {
        return m_start->checkpointFolder(m_start->checkpointSteps().back()).string();
    }
    RunConfig fromStart(const std::string& recipe) const {
        RunConfig config = easyConfig(recipe);
        config.model.from = checkpoint();
        return config;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<RunDirectory> m_start;  ///< a tiny sft run that answers some sums right
};

void TestPreferenceRecipes::initTestCase() {
    RunConfig config = easyConfig("sft");
    config.training.max_steps = 150;
    config.training.batch_size = 32;
    config.training.learning_rate = 5e-3;
    m_start = std::make_unique<RunDirectory>(trained(config));
}

void TestPreferenceRecipes::pairsAreToldApart_data() {
    QTest::addColumn<QString>("recipe");
    QTest::addColumn<QStringList>("losses");
    QTest::newRow("dpo") << "dpo" << QStringList{"sigmoid"};
    QTest::newRow("dpo, ipo and sft") << "dpo" << QStringList{"ipo", "sft"};
    QTest::newRow("simpo") << "simpo" << QStringList{"sigmoid"};
    QTest::newRow("orpo") << "orpo" << QStringList{"sigmoid"};
    QTest::newRow("kto") << "kto" << QStringList{"sigmoid"};
    QTest::newRow("redi") << "redi" << QStringList{"sigmoid"};
}

// Trained on worked traces and copies with one error, every objective widens the margin between them.
void TestPreferenceRecipes::pairsAreToldApart() {
    QFETCH(QString, recipe);
    QFETCH(QStringList, losses);
    RunConfig config = fromStart(recipe.toStdString());
    config.dpo.loss_type.clear();
    for (const QString& loss : losses) config.dpo.loss_type.push_back(loss.toStdString());
    config.simpo.beta = 2;
    config.orpo.beta = 1;
    config.training.gradient_accumulation_steps = 2;
    config.training.max_steps = 40;
    const RunDirectory run = trained(config);
    // Means over several steps: a batch's margin goes up and down.
    const double early = meanOf(run, "rewards/margins", 1, 8), late = meanOf(run, "rewards/margins", 33, 40);
    QVERIFY2(late > early, qPrintable(QString("%1 -> %2").arg(early).arg(late)));
}

void TestPreferenceRecipes::metricsAreTrls() {
    RunConfig config = fromStart("dpo");
    config.training.max_steps = 1;
    const auto dpo = metricsAt(trained(config), 1);
    for (const char* name : {"loss", "rewards/chosen", "rewards/rejected", "rewards/accuracies",
                             "rewards/margins", "logps/chosen", "logps/rejected", "entropy",
                             "mean_token_accuracy", "num_tokens", "grad_norm", "learning_rate"})
        QVERIFY2(dpo.contains(name), name);
    config = fromStart("orpo");
    config.training.max_steps = 1;
    const auto orpo = metricsAt(trained(config), 1);
    for (const char* name : {"nll_loss", "log_odds_ratio", "log_odds_chosen"})
        QVERIFY2(orpo.contains(name), name);
    config = fromStart("kto");
    config.training.max_steps = 1;
    QVERIFY(metricsAt(trained(config), 1).contains("kl"));
}

void TestPreferenceRecipes::sampledPairsComeInRounds_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("recipe");
    QTest::newRow("self_sampling") << "self_sampling"
                                   << "dpo";
    QTest::newRow("shortest_correct") << "shortest_correct"
                                      << "simpo";
    QTest::newRow("self_sampling, kto") << "self_sampling"
                                        << "kto";
}

void TestPreferenceRecipes::sampledPairsComeInRounds() {
    QFETCH(QString, source);
    QFETCH(QString, recipe);
    RunConfig config = fromStart(recipe.toStdString());
    config.pairs.source = source.toStdString();
    config.training.learning_rate = 1e-5;
    const RunDirectory run = trained(config);
    for (const int step : {1, 6, 11}) {
        const auto metrics = metricsAt(run, step);
        QVERIFY(metrics.contains("pairs/yield") && metrics.at("pairs/yield") > 0);
        QVERIFY(metrics.at("pairs/accuracy") > 0 && metrics.at("pairs/accuracy") < 1);
    }
    QVERIFY(!metricsAt(run, 2).contains("pairs/yield"));
    QVERIFY(fs::exists(run.path() / "pairs" / "round-2.jsonl"));
    int traces = 0;
    for (const TraceEvent& event : payloadsOf<TraceEvent>(run)) traces += event.trace.phase == "train";
    QCOMPARE(traces, int(3 * config.traces.groups_per_step * config.pairs.num_generations));
}

void TestPreferenceRecipes::filesAreLearned() {
    const std::string file = m_folder.filePath(QStringLiteral("pairs.jsonl")).toStdString();
    std::ofstream(file) << R"({"prompt": "a1+1=", "chosen": "2", "rejected": "3"}
{"prompt": "a2+2=", "chosen": "4", "rejected": "5"}
{"prompt": "a2+2=", "chosen": "4", "rejected": "5555555555555555555555555555555555555555555555555555555555555555555"}
)";
    for (const char* recipe : {"dpo", "kto"}) {
        RunConfig config = fromStart(recipe);
        config.pairs.source = "file";
        config.pairs.file = file;
        config.data.tasks.clear();  // there is enough to learn from
        const RunDirectory run = trained(config);
        QVERIFY(metricsAt(run, 12).at("rewards/margins") > metricsAt(run, 1).at("rewards/margins"));
        bool isSaid = false;  // that one pair is too long
        for (const MessageEvent& message : payloadsOf<MessageEvent>(run))
            isSaid |= message.text.find("longer than max_length") != std::string::npos;
        QVERIFY(isSaid);
    }
}

void TestPreferenceRecipes::precomputedReferenceIsTheSame() {
    const std::string file = m_folder.filePath(QStringLiteral("more.jsonl")).toStdString();
    std::ofstream(file) << R"({"prompt": "a1+1=", "chosen": "2", "rejected": "3"}
{"prompt": "a3+2=", "chosen": "5", "rejected": "9"}
{"prompt": "a4+4=", "chosen": "8", "rejected": "08"}
)";
    RunConfig config = fromStart("dpo");
    config.pairs.source = "file";
    config.pairs.file = file;
    const RunDirectory live = trained(config);
    config.dpo.precompute_ref_log_probs = true;
    const RunDirectory before = trained(config);
    QVERIFY(fs::exists(before.path() / "reference_logps.safetensors"));
    for (const char* name : {"loss", "rewards/margins"})
        QVERIFY2(std::abs(metricsAt(live, 12).at(name) - metricsAt(before, 12).at(name)) < 1e-4, name);
}

// Pairs the other way round: what was chosen's is rejected's.
void TestPreferenceRecipes::meanLogitsAreThoseOfEachSide() {
    const auto metricsOf = [&](const char* recipe, const char* row) {
        const std::string file = m_folder.filePath(QStringLiteral("sides.jsonl")).toStdString();
        std::ofstream(file) << row;
        RunConfig config = fromStart(recipe);
        config.pairs.source = "file";
        config.pairs.file = file;
        config.training.max_steps = 1;
        return metricsAt(trained(config), 1);
    };
    const auto one = metricsOf("dpo", R"({"prompt": "a3+2=", "chosen": "5", "rejected": "1234"})");
    const auto other = metricsOf("dpo", R"({"prompt": "a3+2=", "chosen": "1234", "rejected": "5"})");
    const double chosen = one.at("logits/chosen"), rejected = one.at("logits/rejected");
    QVERIFY(std::abs(chosen - rejected) > 1e-4);
    QVERIFY(std::abs(other.at("logits/chosen") - rejected) < 1e-4);
    QVERIFY(std::abs(other.at("logits/rejected") - chosen) < 1e-4);
    // The mean is below the largest, and the same completions have the same one in every recipe.
    QVERIFY(chosen < one.at("logits/max") && rejected < one.at("logits/max"));
    const auto labelled = metricsOf("kto", R"({"prompt": "a3+2=", "chosen": "5", "rejected": "1234"})");
    QVERIFY(std::abs(labelled.at("logits/chosen") - chosen) < 1e-4);
    QVERIFY(std::abs(labelled.at("logits/rejected") - rejected) < 1e-4);
}

// At the first step policy and reference are one: no reward, and the loss is log 2.
void TestPreferenceRecipes::startIsTheReference() {
    RunConfig config = fromStart("dpo");
    config.training.max_steps = 4;
    config.dpo.sync_ref_model = true;
    config.dpo.ref_model_mixup_alpha = 1;
    config.dpo.ref_model_sync_steps = 2;
    const RunDirectory run = trained(config);
    for (const int step : {1, 3}) {  // and again where the reference has just become the policy
        const auto metrics = metricsAt(run, step);
        QVERIFY2(std::abs(metrics.at("loss") - std::log(2)) < 1e-5,
                 qPrintable(QString::number(metrics.at("loss"))));
        QVERIFY(std::abs(metrics.at("rewards/margins")) < 1e-5);
    }
    QVERIFY(std::abs(metricsAt(run, 2).at("loss") - std::log(2)) > 1e-5);
}

// A policy that works sums out and is often wrong. Its pairs are of steps from one prompt, whose values
// nobody but its own rollouts knows.
void TestPreferenceRecipes::stepValuesAreRolledOut() {
    RunConfig policy = easyConfig("sft");
    policy.data.tasks[0].worked_share = 1;
    policy.training.max_steps = 120;
    policy.training.batch_size = 32;
    policy.training.learning_rate = 5e-3;
    RunConfig config = easyConfig("dpo");
    const RunDirectory start = trained(policy);
    config.model.from = start.checkpointFolder(start.checkpointSteps().back()).string();
    config.pairs.source = "first_bad_step";
    config.pairs.step_values = "monte_carlo";
    config.pairs.step_rollouts = 4;
    config.pairs.max_completion_length = 16;
    config.pairs.prompts_per_round = 32;
    config.training.max_steps = 6;
    const RunDirectory run = trained(config);
    for (const int step : {1, 6}) {
        const auto metrics = metricsAt(run, step);
        QVERIFY(metrics.at("pairs/yield") > 0);
        QVERIFY(metrics.at("pairs/rollout_tokens") > 0);
    }
    QVERIFY(!metricsAt(run, 2).contains("pairs/rollout_tokens"));
    std::istringstream lines(readFile(run.path() / "pairs" / "round-0.jsonl"));
    int pairs = 0;
    for (std::string line; std::getline(lines, line); ++pairs) {
        const Json pair = Json::parse(line);
        const auto prompt = pair["prompt"].get<std::string>();
        // What stands before a step is the problem, or the steps before it.
        QVERIFY2(prompt.ends_with('=') || prompt.ends_with(';'), line.c_str());
        for (const char* side : {"chosen", "rejected"}) {
            const auto step = pair[side].get<std::string>();
            const bool ends = pair[side + std::string("_ends")].get<bool>();
            QVERIFY2(ends || step.ends_with(';'), line.c_str());
        }
    }
    QVERIFY(pairs > 0);
    QVERIFY(readFile(trained(config).path() / "pairs" / "round-0.jsonl") == lines.str());
}

void TestPreferenceRecipes::noPairsIsSaid() {
    RunConfig config = easyConfig("dpo");  // a model that was never trained has no right answers
    config.pairs.source = "self_sampling";
    config.pairs.prompts_per_round = 4;
    config.pairs.temperature = 0.01;
    QVERIFY_EXCEPTION_THROWN(trained(config), Error);
}

void TestPreferenceRecipes::studentApproachesItsTeacher_data() {
    QTest::addColumn<QByteArray>("settings");
    const auto row = [](const char* name, const Json& settings) {
        QTest::newRow(name) << QByteArray::fromStdString(settings.dump());
    };
    row("forward", {{"beta", 0}});
    row("reverse", {{"beta", 1}});
    row("between, half cross entropy", {{"beta", 0.5}, {"alpha", 0.5}, {"temperature", 2}, {"square", true}});
    row("top 3 and the rest", {{"beta", 0}, {"top_k", 3}});
    row("on-policy", {{"beta", 1}, {"lmbda", 1}});
    row("the teacher's samples", {{"beta", 0}, {"seq_kd", true}});
    row("some tokens", {{"beta", 0}, {"token_share", 0.4}});
}

void TestPreferenceRecipes::studentApproachesItsTeacher() {
    QFETCH(QByteArray, settings);
    const Json json = Json::parse(settings.toStdString());
    RunConfig config = easyConfig("distill");
    config.training.max_steps = 25;
    config.training.learning_rate = 5e-3;
    DistillationSettings& distillation = config.distillation;
    distillation.teacher = distillation.reference = checkpoint();
    distillation.beta = json.value("beta", 0.5);
    distillation.alpha = json.value("alpha", 1.0);
    distillation.temperature = json.value("temperature", 1.0);
    distillation.temperature_squared = json.value("square", false);
    distillation.top_k = json.value("top_k", 0);
    distillation.lmbda = json.value("lmbda", 0.0);
    distillation.seq_kd = json.value("seq_kd", false);
    distillation.token_share = json.value("token_share", 1.0);
    const RunDirectory run = trained(config);
    const double early = meanOf(run, "distillation/acceptance_rate", 1, 3);
    const double late = meanOf(run, "distillation/acceptance_rate", 23, 25);
    QVERIFY2(late > early + 0.1, qPrintable(QString("%1 -> %2").arg(early).arg(late)));
    QCOMPARE(metricsAt(run, 1).at("distillation/on_policy"), distillation.lmbda);
}

void TestPreferenceRecipes::cacheIsReadAgain() {
    RunConfig config = easyConfig("distill");
    config.data.tasks[0].examples = 16;
    config.training.max_steps = 4;  // two epochs of two steps
    config.distillation.teacher = checkpoint();
    config.distillation.beta = 0;
    config.distillation.top_k = 4;
    const RunDirectory computed = trained(config);
    config.distillation.cache_folder = m_folder.filePath(QStringLiteral("cache")).toStdString();
    const RunDirectory first = trained(config);
    const auto files = [&] {
        return std::distance(fs::directory_iterator(config.distillation.cache_folder),
                             fs::directory_iterator());
    };
    QCOMPARE(files(), 2);
    const RunDirectory second = trained(config);
    QCOMPARE(files(), 2);
    for (int step = 1; step <= 4; ++step) {
        const double loss = metricsAt(first, step).at("loss");
        QCOMPARE(metricsAt(second, step).at("loss"), loss);
        // Beside other sequences the last bits of a forward pass are others.
        QVERIFY(std::abs(metricsAt(computed, step).at("loss") - loss) < 1e-5 * loss);
    }
}

void TestPreferenceRecipes::rejectedTeacherSamplesAreLeftOut() {
    RunConfig config = easyConfig("distill");
    config.training.max_steps = 3;
    config.distillation.teacher = checkpoint();
    config.distillation.seq_kd = true;
    config.distillation.num_generations = 4;
    config.distillation.selection = "shortest_correct";
    config.distillation.sampling_temperature = 1;
    const RunDirectory run = trained(config);
    const double accepted = metricsAt(run, 1).at("teacher/accepted_share");
    QVERIFY2(accepted > 0 && accepted <= 1, qPrintable(QString::number(accepted)));
    const Json line = Json::parse(readFile(run.path() / "teacher_samples.jsonl")
                                      .substr(0, 100000)
                                      .substr(0, readFile(run.path() / "teacher_samples.jsonl").find('\n')));
    for (const auto& [id, completions] : line.items()) QVERIFY(completions.size() <= 1);
}

void TestPreferenceRecipes::prunedExamplesAreKept() {
    RunConfig config = easyConfig("distill");
    config.data.tasks[0].examples = 20;
    config.training.max_steps = 2;
    config.distillation.teacher = checkpoint();
    config.distillation.keep_share = 0.3;
    std::set<std::string> choices;
    for (const char* pruning : {"random", "loss", "el2n", "forgetting"}) {
        config.distillation.pruning = pruning;
        config.distillation.pruning_steps = std::string(pruning) == "forgetting" ? 20 : 0;
        const std::string kept = readFile(trained(config).path() / "kept_examples.json");
        QCOMPARE(Json::parse(kept)["addition"].size(), std::size_t(6));
        choices.insert(kept);
    }
    QVERIFY(choices.size() >= 2);
}

void TestPreferenceRecipes::distancesAreLogged() {
    RunConfig config = easyConfig("distill");
    config.training.max_steps = 6;
    config.distillation.teacher = config.distillation.oracle = checkpoint();
    config.distillation.distance_steps = 2;
    config.distillation.distance_problems = 8;
    const RunDirectory run = trained(config);
    QVERIFY(!metricsAt(run, 1).contains("distance/proxy"));
    const auto metrics = metricsAt(run, 6);
    QVERIFY(metrics.at("distance/proxy") > 0 && metrics.at("distance/golden") > 0);
    // A student that is its teacher has no distance to it.
    config.model.from = checkpoint();
    config.training.max_steps = 2;
    config.training.learning_rate = 1e-12;
    QVERIFY(std::abs(metricsAt(trained(config), 2).at("distance/proxy")) < 1e-5);
}

void TestPreferenceRecipes::foreignTeacherIsRefused() {
    RunConfig config = tinyConfig("distill");  // another alphabet: a second task
    config.distillation.teacher = checkpoint();
    QVERIFY_EXCEPTION_THROWN(trained(config), Error);
}

void TestPreferenceRecipes::supervisedVariantsLearn_data() {
    QTest::addColumn<QString>("loss");
    QTest::addColumn<double>("mask");
    QTest::newRow("dft") << "dft" << 0.0;
    QTest::newRow("dco") << "dco" << 0.0;
    QTest::newRow("masked") << "nll" << 0.3;
}

void TestPreferenceRecipes::supervisedVariantsLearn() {
    QFETCH(QString, loss);
    QFETCH(double, mask);
    RunConfig config = easyConfig("sft");
    config.training.max_steps = 30;
    config.training.learning_rate = 5e-3;
    config.sft.loss_type = loss.toStdString();
    config.sft.mask_probability = mask;
    config.sft.mask_warmup_steps = 5;
    const RunDirectory run = trained(config);
    QVERIFY(meanOf(run, "mean_token_accuracy", 28, 30) > meanOf(run, "mean_token_accuracy", 1, 3) + 0.1);
}

QTEST_GUILESS_MAIN(TestPreferenceRecipes)
#include "tst_preference_recipes.moc"
