// Runs from their directory to their end: learning, requests, alarms, broken checkpoints.
#include <QtTest>
#include <atomic>
#include <thread>

#include "core/formats/safetensors.h"
#include "core/runlog/control.h"
#include "core/util/error.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

TrainingModule& module() {
    return loadTrainingModule();
}

EndEvent endOf(const RunDirectory& run) {
    const auto ends = payloadsOf<EndEvent>(run);
    return ends.empty() ? EndEvent{"none", ""} : ends.back();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestRecipes : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void supervisedTrainingLearns();
    void grpoRaisesTheReward();
    void grpoLogsWhatTheFieldLogs();
    void tracesCarryRewardsAndTokens();
    void oldCheckpointsAreRemoved();
    void stopIsCarriedOutAndResumed();
    void stopReachesAGeneration();
    void pauseAndCheckpointOnRequest();
    void weakStartPolicyIsRefused();
    void nonFiniteLossEndsTheRun();
    void secondStartIsRefused();
    void brokenCheckpointsAreNamed_data();
    void brokenCheckpointsAreNamed();
    void halfWrittenCheckpointsAreIgnored();
    void foreignTokenizerIsRefused();
    void generatesAndEvaluates();

  private:
    RunDirectory trained(const RunConfig& config) {
        RunDirectory run = makeRun(m_folder, config);
        module().train(run, false, {});
        return run;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<RunDirectory> m_supervised;  ///< a finished tiny sft run
};

void TestRecipes::initTestCase() {
    m_supervised = std::make_unique<RunDirectory>(trained(tinyConfig("sft")));
}

void TestRecipes::supervisedTrainingLearns() {
    QCOMPARE(endOf(*m_supervised).outcome, std::string("finished"));
    const auto first = metricsAt(*m_supervised, 1), last = metricsAt(*m_supervised, 30);
    QVERIFY2(last.at("loss") < 0.9 * first.at("loss"), qPrintable(QString::number(last.at("loss"))));
    QVERIFY(last.at("mean_token_accuracy") > first.at("mean_token_accuracy"));
    QVERIFY(std::abs(first.at("entropy") - first.at("loss")) < 0.5);  // near uniform at the start
    for (const char* name :
         {"grad_norm", "learning_rate", "num_tokens", "step_time", "perf/train_tokens_per_s"})
        QVERIFY2(last.contains(name), name);
    for (const char* name :
         {"eval/addition/accuracy", "eval/modular_chain/pass@1", "eval/addition/mean_length"})
        QVERIFY2(last.contains(name), name);
    QCOMPARE(payloadsOf<EvaluationEvent>(*m_supervised).size(), std::size_t(2 * 3));
    QCOMPARE(payloadsOf<EvaluationEvent>(*m_supervised).front().items.size(), std::size_t(8));
    QCOMPARE(RunDirectory::open(m_supervised->path()).identity().environment.at("threads"), 1);
}

void TestRecipes::grpoRaisesTheReward() {
    RunConfig config = tinyConfig("grpo");
    config.model.from = lastCheckpoint(*m_supervised).string();
    config.training.max_steps = 40;
    config.training.learning_rate = 3e-3;
    config.training.lr_scheduler_type = "constant";
    config.grpo.prompts_per_step = 8;
    config.grpo.num_generations = 8;
    config.grpo.rewards = {{"format", 1, Json::object()}};  // within reach of a tiny model in a second
    const RunDirectory run = trained(config);
    double early = 0, late = 0;
    for (int step = 1; step <= 5; ++step) early += metricsAt(run, step).at("reward") / 5;
    for (int step = 36; step <= 40; ++step) late += metricsAt(run, step).at("reward") / 5;
    QVERIFY2(late > early + 0.2, qPrintable(QString("%1 -> %2").arg(early).arg(late)));
    // A run that starts from a model is measured before its first step, too.
    QCOMPARE(payloadsOf<EvaluationEvent>(run).front().step, 0);
}

void TestRecipes::grpoLogsWhatTheFieldLogs() {
    RunConfig config = tinyConfig("grpo");
    config.training.max_steps = 2;
    config.grpo.beta = 0.05;
    config.grpo.num_iterations = 2;
    const RunDirectory run = trained(config);
    const auto metrics = metricsAt(run, 1);
    for (const char* name : {"loss",
                             "policy_loss",
                             "grad_norm",
                             "learning_rate",
                             "entropy",
                             "kl",
                             "reward",
                             "reward_std",
                             "frac_reward_zero_std",
                             "rewards/format/mean",
                             "rewards/format/std",
                             "rewards/correctness/mean",
                             "completions/mean_length",
                             "completions/min_length",
                             "completions/max_length",
                             "completions/clipped_ratio",
                             "completions/mean_terminated_length",
                             "completions/worked_share",
                             "clip_ratio/low_mean",
                             "clip_ratio/low_min",
                             "clip_ratio/high_mean",
                             "clip_ratio/high_max",
                             "clip_ratio/region_mean",
                             "sampling/sampling_logp_difference/mean",
                             "sampling/sampling_logp_difference/max",
                             "num_tokens",
                             "step_time",
                             "perf/gen_tokens_per_s",
                             "perf/train_tokens_per_s",
                             "timing_s/gen",
                             "timing_s/reward",
                             "timing_s/logp",
                             "timing_s/ref",
                             "timing_s/update"})
        QVERIFY2(metrics.contains(name), name);
    // The sampler and the training forward must see the same policy.
    QVERIFY(metrics.at("sampling/sampling_logp_difference/max") < 1e-3);
    QVERIFY(metrics.at("kl") >= 0 && metrics.at("kl") < 0.1);
}

void TestRecipes::tracesCarryRewardsAndTokens() {
    RunConfig config = tinyConfig("grpo");
    config.training.max_steps = 4;
    config.evaluation.eval_steps = 0;
    config.evaluation.traces = 0;
    config.traces.every_steps = 2;
    config.traces.groups_per_step = 3;
    const auto traces = payloadsOf<TraceEvent>(trained(config));
    QCOMPARE(traces.size(), std::size_t(2 * 3 * 4));
    for (const TraceEvent& event : traces) {
        const Trace& trace = event.trace;
        QVERIFY(trace.step == 2 || trace.step == 4);
        QVERIFY(trace.group < 3 && trace.sample < 4);
        QVERIFY(trace.reward && trace.advantage);
        QCOMPARE(trace.rewards.size(), std::size_t(2));
        QCOMPARE(*trace.reward, trace.rewards[0].second + trace.rewards[1].second);
        QCOMPARE(trace.tokens.ids.size(), std::size_t(trace.numTokens));
        QCOMPARE(trace.tokens.ends.size(), trace.tokens.ids.size());
        QCOMPARE(trace.tokens.logprobs.size(), trace.tokens.ids.size());
        QCOMPARE(trace.tokens.entropies.size(), trace.tokens.ids.size());
        QCOMPARE(std::size_t(trace.tokens.ends.back()), trace.completion.size());
        QVERIFY(!trace.prompt.empty() && !trace.gold.empty() && !trace.problemId.empty());
    }
}

void TestRecipes::oldCheckpointsAreRemoved() {
    QCOMPARE(m_supervised->checkpointSteps(), (std::vector<std::int64_t>{24, 28, 30}));
    QCOMPARE(payloadsOf<CheckpointEvent>(*m_supervised).size(), std::size_t(8));
    for (const char* name :
         {"model.safetensors", "config.json", "tokenizer.json", "optimizer.safetensors", "trainer.json"})
        QVERIFY2(fs::exists(lastCheckpoint(*m_supervised) / name), name);
}

void TestRecipes::stopIsCarriedOutAndResumed() {
    RunConfig config = tinyConfig("sft");
    const RunDirectory run = makeRun(m_folder, config);
    ask(run.path(), Request::Stop);
    QTest::qWait(0);
    // Asked for before it began: the watcher sees it at once or within a few steps.
    config.training.max_steps = 100000;
    writeFileAtomically(run.configFile(), toYaml(config));
    QVERIFY(module().train(run, false, {}) == TrainOutcome::Stopped);
    QCOMPARE(endOf(run).outcome, std::string("stopped"));
    QVERIFY(!fs::exists(run.path() / "control" / "stop"));

    std::stop_source source;
    std::jthread stopper([&] {
        while (payloadsOf<ScalarsEvent>(run).size() < 3)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        source.request_stop();
    });
    QVERIFY(module().train(run, true, source.get_token()) == TrainOutcome::Stopped);
    const auto steps = run.checkpointSteps();
    QVERIFY(!steps.empty());
    QCOMPARE(payloadsOf<StartEvent>(run).back().attempt, 2);

    config.training.max_steps = steps.back() + 2;
    writeFileAtomically(run.configFile(), toYaml(config));
    QVERIFY(module().train(run, true, {}) == TrainOutcome::Finished);
    QCOMPARE(payloadsOf<StartEvent>(run).back().fromStep, steps.back());
    QCOMPARE(payloadsOf<RewindEvent>(run).back().toStep, steps.back());
}

void TestRecipes::stopReachesAGeneration() {
    RunConfig config = tinyConfig("grpo");
    config.model.max_position_embeddings = 20000;
    config.grpo.max_completion_length = 16000;  // minutes of generation,
    config.grpo.top_k = 1;                      // since an untrained model repeats itself for ever
    config.grpo.prompts_per_step = 64;
    config.evaluation.eval_steps = 0;
    const RunDirectory run = makeRun(m_folder, config);
    std::jthread asker([&] {
        const auto isGenerating = [&] {
            for (const StatusEvent& status : payloadsOf<StatusEvent>(run))
                if (status.state == "generating" || status.state == "training") return true;
            return false;
        };
        while (!isGenerating()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ask(run.path(), Request::Stop);
    });
    QVERIFY(module().train(run, false, {}) == TrainOutcome::Stopped);
    QVERIFY(payloadsOf<ScalarsEvent>(run).empty());  // the step that was under way has left nothing behind
}

void TestRecipes::pauseAndCheckpointOnRequest() {
    RunConfig config = tinyConfig("sft");
    config.training.max_steps = 100000;
    config.training.save_steps = 0;
    config.evaluation.eval_steps = 0;
    const RunDirectory run = makeRun(m_folder, config);
    const auto waitFor = [&](const auto& condition) {
        for (int i = 0; i < 4000 && !condition(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return condition();
    };
    const auto isPaused = [&] {
        const auto states = payloadsOf<StatusEvent>(run);
        return !states.empty() && states.back().state == "paused";
    };
    std::atomic<bool> paused = false, stood = false, wentOn = false, saved = false;
    std::jthread asker([&] {
        waitFor([&] { return !payloadsOf<ScalarsEvent>(run).empty(); });
        ask(run.path(), Request::Pause);
        paused = waitFor(isPaused);
        const auto steps = payloadsOf<ScalarsEvent>(run).size();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stood = payloadsOf<ScalarsEvent>(run).size() == steps;
        withdraw(run.path(), Request::Pause);
        wentOn = waitFor([&] { return payloadsOf<ScalarsEvent>(run).size() > steps; });
        ask(run.path(), Request::Checkpoint);
        saved = waitFor([&] { return run.checkpointSteps().size() == 1; });
        ask(run.path(), Request::Stop);
    });
    QVERIFY(module().train(run, false, {}) == TrainOutcome::Stopped);
    asker.join();
    QVERIFY(paused && stood && wentOn && saved);
    QVERIFY(!fs::exists(run.path() / "control" / "checkpoint"));
}

void TestRecipes::weakStartPolicyIsRefused() {
    RunConfig config = tinyConfig("grpo");
    config.grpo.min_start_accuracy = 0.9;
    const RunDirectory run = makeRun(m_folder, config);
    const std::string text = errorOf([&] { module().train(run, false, {}); });
    QVERIFY2(contains(text, "start policy"), text.c_str());
    QCOMPARE(endOf(run).outcome, std::string("failed"));
    QVERIFY(contains(endOf(run).error, "start policy"));
    QCOMPARE(payloadsOf<AlarmEvent>(run).front().rule, std::string("weak_start_policy"));
    QVERIFY(run.checkpointSteps().empty());
}

void TestRecipes::nonFiniteLossEndsTheRun() {
    const fs::path source = lastCheckpoint(*m_supervised),
                   poisoned = fs::path(m_folder.path().toStdString()) / "nan";
    fs::copy(source, poisoned);
    const SafetensorsFile file(source / "model.safetensors");
    std::vector<TensorData> tensors;
    std::vector<std::vector<float>> values;
    for (const TensorInfo& tensor : file.tensors()) {
        values.push_back(file.readFloats(tensor));
        if (contains(tensor.name, "down_proj"))
            values.back().front() = std::numeric_limits<float>::quiet_NaN();
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        tensors.push_back(
            {file.tensors()[i].name, Dtype::Float32, file.tensors()[i].shape, values[i].data()});
    writeSafetensors(poisoned / "model.safetensors", tensors);

    RunConfig config = tinyConfig("sft");
    config.model.from = poisoned.string();
    config.evaluation.eval_steps = 0;
    const RunDirectory run = makeRun(m_folder, config);
    const std::string text = errorOf([&] { module().train(run, false, {}); });
    QVERIFY2(contains(text, "not finite at step 1"), text.c_str());
    QCOMPARE(payloadsOf<AlarmEvent>(run).front().rule, std::string("non_finite"));
    QCOMPARE(endOf(run).outcome, std::string("failed"));
}

void TestRecipes::secondStartIsRefused() {
    const std::string before = readFile(m_supervised->path() / "config.yaml");
    QVERIFY(contains(errorOf([&] { module().train(*m_supervised, false, {}); }), "started before"));
    QCOMPARE(readFile(m_supervised->path() / "config.yaml"), before);
}

void TestRecipes::brokenCheckpointsAreNamed_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("damage");
    for (const char* file : {"model.safetensors", "optimizer.safetensors", "tokenizer.json", "config.json"}) {
        QTest::addRow("%s missing", file) << file << "missing";
        QTest::addRow("%s truncated", file) << file << "truncated";
        QTest::addRow("%s empty", file) << file << "empty";
    }
    QTest::newRow("trainer.json truncated") << "trainer.json"
                                            << "truncated";
    QTest::newRow("trainer.json empty") << "trainer.json"
                                        << "empty";
}

void TestRecipes::brokenCheckpointsAreNamed() {
    QFETCH(QString, file);
    QFETCH(QString, damage);
    RunConfig config = tinyConfig("sft");
    const RunDirectory run = makeRun(m_folder, config);
    fs::copy(m_supervised->checkpointsFolder(), run.checkpointsFolder(), fs::copy_options::recursive);
    const fs::path victim = run.checkpointFolder(30) / file.toStdString();
    if (damage == "missing") fs::remove(victim);
    if (damage == "truncated") fs::resize_file(victim, fs::file_size(victim) / 2);
    if (damage == "empty") fs::resize_file(victim, 0);
    const std::string text = errorOf([&] { module().train(run, true, {}); });
    QVERIFY2(contains(text, file.toStdString()), text.c_str());
    QVERIFY(contains(text, "step-00000030"));
    QCOMPARE(endOf(run).outcome, std::string("failed"));
    QCOMPARE(run.checkpointSteps().size(), std::size_t(3));  // nothing was lost
}

void TestRecipes::halfWrittenCheckpointsAreIgnored() {
    RunConfig config = tinyConfig("sft");
    const RunDirectory run = makeRun(m_folder, config);
    fs::copy(m_supervised->checkpointFolder(28), run.checkpointFolder(28), fs::copy_options::recursive);
    fs::path partial = run.checkpointFolder(30);
    partial += ".partial";
    fs::create_directories(partial);
    writeFileAtomically(partial / "trainer.json", "{}");
    QVERIFY(module().train(run, true, {}) == TrainOutcome::Finished);
    QCOMPARE(readFile(run.checkpointFolder(30) / "model.safetensors"),
             readFile(m_supervised->checkpointFolder(30) / "model.safetensors"));
    QVERIFY(!fs::exists(partial));
}

void TestRecipes::foreignTokenizerIsRefused() {
    RunConfig config = tinyConfig("sft");
    config.data.tasks.resize(1);
    config.training.max_steps = 1;
    const RunDirectory additionOnly = trained(config);
    RunConfig other = tinyConfig("sft");
    other.model.from = lastCheckpoint(additionOnly).string();
    const RunDirectory run = makeRun(m_folder, other);
    const std::string text = errorOf([&] { module().train(run, false, {}); });
    QVERIFY2(contains(text, "modular_chain") && contains(text, "no token"), text.c_str());
}

void TestRecipes::generatesAndEvaluates() {
    GenerateRequest request;
    request.checkpoint = lastCheckpoint(*m_supervised);
    request.prompts = {"A3+4=", "A12+34="};
    request.samples = 3;
    request.maxNewTokens = 10;
    request.threads = 1;
    const auto texts = module().generate(request, {}), again = module().generate(request, {});
    QCOMPARE(texts.size(), std::size_t(6));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        QCOMPARE(texts[i].prompt, std::int64_t(i / 3));
        QCOMPARE(texts[i].text, again[i].text);
        QCOMPARE(texts[i].tokens.size(), texts[i].logprobs.size());
    }
    request.checkpoint = "/nowhere";
    QVERIFY(contains(errorOf([&] { module().generate(request, {}); }), "/nowhere"));

    EvaluateRequest evaluate;
    evaluate.checkpoint = lastCheckpoint(*m_supervised);
    evaluate.tasks = tinyConfig("sft").data.tasks;
    evaluate.settings = tinyConfig("sft").evaluation;
    evaluate.threads = 1;
    const auto reports = module().evaluate(evaluate, {});
    QCOMPARE(reports.size(), std::size_t(2));
    QCOMPARE(reports[0].traces.size(), std::size_t(2));
    // The same problems and the same greedy answers as in the run's last evaluation.
    EvaluationEvent inRun = payloadsOf<EvaluationEvent>(*m_supervised)[4];
    QCOMPARE(inRun.step, 30);
    QVERIFY(reports[0].event == inRun);
}

QTEST_GUILESS_MAIN(TestRecipes)
#include "tst_recipes.moc"
