// Judges with a model of seconds, through the module as the programs load it.
#include <QtTest>
#include <chrono>
#include <cmath>
#include <thread>

#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

std::int64_t firstWrong(const Trace& trace) {
    for (std::size_t i = 0; i < trace.steps.size(); ++i)
        if (trace.steps[i].verdict == StepVerdict::Wrong) return std::int64_t(i);
    return -1;
}

}  // namespace

class TestJudgingRuns : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void monteCarloIsRepeatable();
    void omegaPrmSearchesLess();
    void strangersAreRefused();
    void stopsArePrompt();

  private:
    RunConfig configOf(const std::string& recipe) const {
        RunConfig config = tinyConfig(recipe);
        config.model.hidden_size = 64;
        config.model.intermediate_size = 128;
        config.model.max_position_embeddings = 128;
        config.training.max_length = 128;
        config.training.batch_size = 32;
        config.training.learning_rate = 4e-3;
        config.evaluation.eval_steps = 0;
        config.evaluation.num_problems = 1;
        config.evaluation.max_completion_length = 64;
        config.training.save_steps = 100000;
        TaskSettings chain;
        chain.task = "modular_chain";
        chain.parameters =
            Json{{"min_operations", 4}, {"max_operations", 4}, {"modulus", 3}, {"operators", "+-"}};
        config.data.tasks = {chain};
        if (!m_policy.empty()) config.model.from = m_policy.string();
        return config;
    }
    RunDirectory trained(const RunConfig& config) {
        RunDirectory run = makeRun(m_folder, config);
        loadTrainingModule().train(run, false, {});
        return run;
    }
    JudgeRequest requestOf(JudgeRequest::Method method, const fs::path& checkpoint,
                           std::vector<Trace> traces) const {
        JudgeRequest request;
        request.method = method;
        request.checkpoint = checkpoint;
        request.runConfig = toYaml(configOf("sft"));
        request.traces = std::move(traces);
        request.threads = 1;
        return request;
    }
    static std::vector<JudgedTrace> judged(const JudgeRequest& request) {
        std::vector<JudgedTrace> all(request.traces.size());
        std::size_t count = 0;
        loadTrainingModule().judge(request,
                                   [&](JudgedTrace one) {
                                       ++count;
                                       const std::size_t place = one.trace;
                                       all[place] = std::move(one);
                                   },
                                   {});
        if (count != all.size()) qFatal("%zu of %zu traces were judged", count, all.size());
        return all;
    }

    QTemporaryDir m_folder;
    fs::path m_policy;
    std::vector<Trace> m_samples;  ///< the policy's, of held-out problems
};

void TestJudgingRuns::initTestCase() {
    RunConfig config = configOf("sft");
    config.training.max_steps = 120;
    config.data.tasks[0].worked_share = 1;
    m_policy = lastCheckpoint(trained(config));
    EvaluateRequest request;
    request.checkpoint = m_policy;
    request.tasks = config.data.tasks;
    request.settings = config.evaluation;
    request.settings.num_problems = 64;
    request.settings.num_samples = 4;
    request.settings.temperature = 1;
    request.settings.traces = 256;
    request.threads = 1;
    const auto reports = loadTrainingModule().evaluate(request, {});
    m_samples = reports.at(0).traces;
    std::int64_t right = 0;
    for (const Trace& trace : m_samples) right += trace.correct;
    qInfo("%zu samples, %lld right", m_samples.size(), static_cast<long long>(right));
    QVERIFY(m_samples.size() > 90 && right > 20 && right < std::int64_t(m_samples.size()) - 20);
}

// Every step of every sample has its value, in the steps' order, and the same request gives the same lanes.
void TestJudgingRuns::monteCarloIsRepeatable() {
    const auto all = judged(requestOf(JudgeRequest::Method::MonteCarlo, m_policy, m_samples));
    for (const JudgedTrace& one : all) {
        QVERIFY(one.lane.kind == LaneKind::MonteCarlo && one.lane.name.ends_with("@120"));
        if (m_samples[one.trace].steps.empty()) continue;  // a bare answer is one step
        QCOMPARE(one.lane.steps.size(), m_samples[one.trace].steps.size());
        for (std::size_t i = 0; i < one.lane.steps.size(); ++i)
            QCOMPARE(one.lane.steps[i].end, m_samples[one.trace].steps[i].end);
    }
    const auto again = judged(requestOf(JudgeRequest::Method::MonteCarlo, m_policy, m_samples));
    for (std::size_t i = 0; i < all.size(); ++i) QVERIFY(all[i].lane == again[i].lane);
}

void TestJudgingRuns::omegaPrmSearchesLess() {
    std::vector<Trace> wrong;
    for (const Trace& trace : m_samples)
        if (!trace.correct && firstWrong(trace) >= 0) wrong.push_back(trace);
    JudgeRequest request = requestOf(JudgeRequest::Method::OmegaPrm, m_policy, wrong);
    const auto found = judged(request);
    request.method = JudgeRequest::Method::MonteCarlo;
    const auto exhaustive = judged(request);
    std::int64_t searched = 0, all = 0;
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        searched += found[i].rollouts;
        all += exhaustive[i].rollouts;
    }
    QVERIFY(searched < all);
    // The tree of a few.
    wrong.resize(4);
    request.method = JudgeRequest::Method::OmegaPrm;
    request.traces = wrong;
    request.searches = 4;
    for (const JudgedTrace& one : judged(request))
        if (one.tree) QVERIFY(one.tree->nodes.size() > 8 && one.tree->method == "omega_prm");
}

void TestJudgingRuns::strangersAreRefused() {
    const auto refusal = [&](const JudgeRequest& request) {
        return errorOf([&] { loadTrainingModule().judge(request, [](JudgedTrace) {}, {}); });
    };
    JudgeRequest request = requestOf(JudgeRequest::Method::Prm, m_policy, {m_samples[0]});
    QVERIFY(refusal(request).find("is no reward model") != std::string::npos);
    request.method = JudgeRequest::Method::Critic;
    QVERIFY2(refusal(request).find("vocabulary") != std::string::npos, refusal(request).c_str());
    request.checkpoint = "/nowhere";
    QVERIFY(refusal(request).find("there is no checkpoint") != std::string::npos);
    request = requestOf(JudgeRequest::Method::MonteCarlo, m_policy, {m_samples[0]});
    request.rollouts = 0;
    QVERIFY(refusal(request).find("rollouts") != std::string::npos);
    request.rollouts = 4;
    request.temperature = 0;
    QVERIFY(refusal(request).find("temperature") != std::string::npos);
    request.temperature = std::nan("");
    QVERIFY(refusal(request).find("temperature") != std::string::npos);
    // What the policy cannot read, or nobody can check, is said of the trace; the others are judged.
    request.temperature = 1;
    request.traces = {m_samples[0], m_samples[0], m_samples[0]};
    request.traces[0].prompt = "∫ x dx =";
    request.traces[1].gold.clear();
    const auto some = judged(request);
    QVERIFY(some[0].lane.steps.empty() && some[0].note.find("vocabulary") != std::string::npos);
    QVERIFY(some[1].lane.steps.empty() && some[1].note.find("reference") != std::string::npos);
    QVERIFY(!some[2].lane.steps.empty());
}

void TestJudgingRuns::stopsArePrompt() {
    JudgeRequest request = requestOf(JudgeRequest::Method::MonteCarlo, m_policy, m_samples);
    request.rollouts = 1024;
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        stop.request_stop();
    });
    std::size_t count = 0;
    loadTrainingModule().judge(
        request, [&](JudgedTrace) { ++count; }, stop.get_token());
    QVERIFY(count < m_samples.size());
}

QTEST_GUILESS_MAIN(TestJudgingRuns)
#include "tst_judging_runs.moc"
