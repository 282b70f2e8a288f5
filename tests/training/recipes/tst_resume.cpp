// A trainer that is killed again and again gives the same weights, metrics, evaluations, traces and alarms,
// to the bit, as one that was left alone.
#include <QProcess>
#include <QtTest>
#include <random>

#include "tests/training/recipes/tiny_run.h"

using namespace retort;
using namespace retort::test;

namespace {

/// What a log says once everything superseded is gone, without clocks.
struct Said {
    std::map<std::pair<std::int64_t, std::string>, double> metrics;
    std::map<std::tuple<std::int64_t, std::string, std::int64_t, int>, Trace> traces;
    std::map<std::pair<std::int64_t, std::string>, EvaluationEvent> evaluations;
    std::multimap<std::pair<std::int64_t, std::string>, std::string> alarms;
    int attempts = 0;
};

template <class Map, class StepOf>
void dropBeyond(Map& map, std::int64_t step, StepOf stepOf) {
    std::erase_if(map, [&](const auto& entry) { return stepOf(entry.first) > step; });
}

Said saidIn(const RunDirectory& run) {
    Said said;
    for (const Event& event : eventsOf(run)) {
        if (std::holds_alternative<StartEvent>(event.payload)) ++said.attempts;
        if (const auto* rewind = std::get_if<RewindEvent>(&event.payload)) {
            dropBeyond(said.metrics, rewind->toStep, [](const auto& key) { return key.first; });
            dropBeyond(said.traces, rewind->toStep, [](const auto& key) { return std::get<0>(key); });
            dropBeyond(said.evaluations, rewind->toStep, [](const auto& key) { return key.first; });
            dropBeyond(said.alarms, rewind->toStep, [](const auto& key) { return key.first; });
        }
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            for (const auto& [name, value] : scalars->values)
                if (!isTiming(name)) said.metrics[{scalars->step, name}] = value;
        if (const auto* evaluation = std::get_if<EvaluationEvent>(&event.payload))
            said.evaluations[{evaluation->step, evaluation->name}] = *evaluation;
        if (const auto* alarm = std::get_if<AlarmEvent>(&event.payload))
            said.alarms.insert({{alarm->step, alarm->rule}, alarm->text});
        if (const auto* event2 = std::get_if<TraceEvent>(&event.payload)) {
            const Trace& trace = event2->trace;
            said.traces[{trace.step, trace.phase, trace.group, trace.sample}] = trace;
        }
    }
    return said;
}

class Child {
  public:
    Child(const RunDirectory& run, bool resume) {
        QStringList arguments = {QString::fromStdString(run.path().string())};
        if (resume) arguments << QStringLiteral("--resume");
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(TRAIN_HELPER), arguments);
    }
    bool finishes() { return m_process.waitForFinished(60000) && m_process.exitCode() == 0; }
    /// SIGKILL as soon as the log is longer than `bytes`. False when the run ended before.
    bool killAt(const RunDirectory& run, std::uintmax_t bytes) {
        std::error_code code;
        while (std::filesystem::file_size(run.eventsFile(), code) < bytes || code)
            if (m_process.waitForFinished(1)) return false;
        m_process.kill();
        m_process.waitForFinished(10000);
        return true;
    }

  private:
    QProcess m_process;
};

std::string teacher;  ///< a checkpoint that answers some problems right

// What each of these recipes keeps beside its checkpoints must be there again: references, rounds of pairs,
// the teacher's samples and probabilities.
void learnFromPreferences(RunConfig& config) {
    takeEasyProblems(config);
    config.model.from = teacher;
    config.training.learning_rate = 1e-4;
    config.pairs.source = "self_sampling";
    config.pairs.max_completion_length = 8;
    config.pairs.prompts_per_round = 32;
    config.pairs.round_steps = 6;
    config.dpo.sync_ref_model = true;
    config.dpo.ref_model_sync_steps = 5;
}

void learnFromTeacher(RunConfig& config) {
    takeEasyProblems(config);
    config.data.tasks[0].examples = 40;
    DistillationSettings& distillation = config.distillation;
    distillation.teacher = distillation.oracle = teacher;
    distillation.max_completion_length = 8;
    distillation.seq_kd = true;
    distillation.top_k = 4;
    distillation.cache_folder = "teacher_logits";
    distillation.distance_steps = 3;
    distillation.distance_problems = 4;
}

/// What is kept is chosen by a copy of the student that learns first.
void learnWhatIsForgotten(RunConfig& config) {
    takeEasyProblems(config);
    config.data.tasks[0].examples = 40;
    config.distillation.teacher = teacher;
    config.distillation.max_completion_length = 8;
    config.distillation.keep_share = 0.4;
    config.distillation.pruning = "forgetting";
    config.distillation.pruning_steps = 30;
}

void keepState(RunConfig& config) {
    GrpoSettings& grpo = config.grpo;
    grpo.rewards = {{"repetition", 1, Json::object()}, {"cosine_length", 1, Json{{"max_length", 12}}}};
    grpo.num_iterations = 2;
    grpo.filter_groups = true;
    grpo.beta = 0.1;
    grpo.sync_ref_model = true;
    grpo.ref_model_sync_steps = 3;
    grpo.kl_target = 0.05;
    grpo.kl_horizon = 200;
    grpo.use_adaptive_entropy = true;
    grpo.entropy_target = 3;
    grpo.sasr_gamma = 1;
}

const Variant variants[] = {
    {"sft", "sft", [](RunConfig&) {}},
    {"grpo", "grpo", [](RunConfig&) {}},
    {"grpo, two iterations and a reference", "grpo",
     [](RunConfig& config) {
         config.grpo.num_iterations = 2;
         config.grpo.beta = 0.1;
         config.training.gradient_accumulation_steps = 2;
     }},
    {"sft, two threads", "sft", [](RunConfig& config) { config.training.num_threads = 2; }},
    {"grpo, two threads", "grpo", [](RunConfig& config) { config.training.num_threads = 2; }},
    {"sft, bf16", "sft", [](RunConfig& config) { config.training.precision = "bf16"; }},
    {"grpo, bf16", "grpo", [](RunConfig& config) { config.training.precision = "bf16"; }},
    {"sft, BPE", "sft",
     [](RunConfig& config) {
         config.tokenizer.kind = "bpe";
         config.tokenizer.vocab_size = 300;
     }},
    // The alarms see every step, also where few of them are logged.
    {"dpo, sampled pairs and a reference that follows", "dpo", learnFromPreferences},
    {"kto", "kto", learnFromPreferences},
    {"dpo, injected errors and sampled pairs", "dpo",
     [](RunConfig& config) {
         learnFromPreferences(config);
         config.pairs.source = "error_injection";
         config.pairs.sampled_share = 0.5;
     }},
    {"distill, the teacher's and own samples, a cache and distances", "distill", learnFromTeacher},
    {"distill, what is forgotten most often", "distill", learnWhatIsForgotten},
    {"grpo, dynamic sampling, a moving anchor and two controllers", "grpo", keepState},
    {"ppo", "ppo",
     [](RunConfig& config) {
         config.ppo.num_mini_batches = 2;
         config.ppo.kl_target = 0.01;
     }},
    {"grpo, every third step logged", "grpo", [](RunConfig& config) { config.training.logging_steps = 3; }},
};

std::string finalWeights(const RunDirectory& run) {
    return readFile(lastCheckpoint(run) / "model.safetensors");
}

}  // namespace

class TestResume : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void killedAtRandomMoments_data();
    void killedAtRandomMoments();

  private:
    QTemporaryDir m_folder;
};

void TestResume::initTestCase() {
    const RunDirectory run = makeRun(m_folder, teacherConfig());
    QVERIFY(Child(run, false).finishes());
    teacher = lastCheckpoint(run).string();
}

void TestResume::killedAtRandomMoments_data() {
    QTest::addColumn<int>("variant");
    for (std::size_t i = 0; i < std::size(variants); ++i) QTest::newRow(variants[i].name) << int(i);
}

void TestResume::killedAtRandomMoments() {
    QFETCH(int, variant);
    RunConfig config = tinyConfig(variants[variant].recipe);
    variants[variant].change(config);
    QTemporaryDir folder;
    const RunDirectory whole = makeRun(folder, config);
    QVERIFY(Child(whole, false).finishes());

    const unsigned seed = std::random_device{}();
    qInfo("kill seed %u", seed);
    std::mt19937 random(seed);
    const RunDirectory torn = makeRun(folder, config);
    const auto length = std::filesystem::file_size(whole.eventsFile());
    std::uintmax_t reached = 0;
    bool alive = true;
    int kills = 0;
    for (; kills < 4 && alive; ++kills) {
        reached += 1 + random() % (length / 3);
        alive = Child(torn, kills > 0).killAt(torn, reached);
        std::error_code code;
        reached = std::max(reached, std::filesystem::file_size(torn.eventsFile(), code));
    }
    if (alive) QVERIFY(Child(torn, true).finishes());

    const Said expected = saidIn(whole), found = saidIn(torn);
    QVERIFY(found.attempts >= 2);
    QCOMPARE(expected.attempts, 1);
    QVERIFY(!expected.metrics.empty() && !expected.traces.empty() && !expected.evaluations.empty());
    QVERIFY(found.metrics == expected.metrics);
    QVERIFY(found.evaluations == expected.evaluations);
    QVERIFY(found.alarms == expected.alarms);
    // A policy that knows nothing runs to the length limit.
    if (config.recipe == "grpo" && config.grpo.sasr_gamma == 0) QVERIFY(!expected.alarms.empty());
    QVERIFY(found.traces == expected.traces);
    QVERIFY(finalWeights(torn) == finalWeights(whole));
    QCOMPARE(torn.checkpointSteps(), whole.checkpointSteps());
}

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
