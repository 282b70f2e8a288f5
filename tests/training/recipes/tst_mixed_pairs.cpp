// RISE's mixture: injected errors and the policy's own samples, each as its own source gives them.
#include <QtTest>
#include <filesystem>
#include <set>

#include "core/util/error.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/recipes/pair_stream.h"
#include "training/recipes/train_run.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

using Pairs = std::vector<PreferencePair>;

constexpr std::int64_t steps = 6, roundSteps = 3, perStep = 16;

/// Sums of one digit, bare: within reach of a tiny model.
RunConfig easyConfig(const std::string& recipe) {
    RunConfig config = tinyConfig(recipe);
    config.data.tasks.resize(1);
    config.data.tasks[0].worked_share = 0;
    config.data.tasks[0].parameters = Json{{"min_digits", 1}, {"max_digits", 1}};
    config.training.save_steps = 0;
    config.evaluation.eval_steps = 0;
    config.evaluation.num_problems = 4;
    config.pairs.source = "error_injection";
    config.pairs.max_completion_length = 8;
    config.pairs.prompts_per_round = 48;
    config.pairs.round_steps = roundSteps;
    return config;
}

class Silence final : public EventSink {
  public:
    void write(EventPayload) override {}
    void sync() override {}
    std::string failure() const override { return {}; }
};

/// What a run's pairs come from, without the run.
struct Bench {
    Bench(const RunConfig& config, const fs::path& policy, const RunDirectory& directory,
          std::stop_token stop = {})
        : run(directory), session(run, sink, steps, std::move(stop)) {
        parts.config = config;
        parts.config.training.batch_size = perStep / 2;
        parts.config.training.gradient_accumulation_steps = 2;
        parts.sources = makeDataSources(config.data.tasks, {});
        parts.tokenizer = loadTokenizer(policy);
        parts.model = CausalLM::load(policy);
        parts.generator = std::make_unique<Generator>(parts.model, parts.tokenizer);
    }

    Pairs pairsFrom(std::int64_t first) {
        PairStream stream(parts, session);
        Pairs all;
        for (std::int64_t step = first; step <= steps; ++step) {
            const auto some = stream.take(step);
            if (!some) return {};
            all.insert(all.end(), some->begin(), some->end());
        }
        return all;
    }

    const RunDirectory& run;
    Silence sink;
    RunSession session;
    TrainerParts parts;
};

/// "a3+9=" and its completion, whichever way round the digits stand.
bool isRight(const PreferencePair& pair, const std::string& completion) {
    std::string sum = std::to_string(pair.prompt[1] - '0' + pair.prompt[3] - '0');
    const std::string answer = completion.substr(completion.find('>') + 1);
    if (answer == sum) return true;
    std::reverse(sum.begin(), sum.end());
    return answer == sum;
}

}  // namespace

class TestMixedPairs : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void sharesAreKept_data();
    void sharesAreKept();
    void mixtureIsOfBothSources();
    void wholeShareIsSelfSampling();
    void resumedStreamsGoOn();
    void goneRoundsAreSaid();
    void stopsComeBeforePairs();
    void noPairsIsSaid();

  private:
    RunDirectory newRun(const RunConfig& config) { return makeRun(m_folder, config); }
    RunConfig mixed(double share) const {
        RunConfig config = easyConfig("dpo");
        config.pairs.sampled_share = share;
        return config;
    }

    QTemporaryDir m_folder;
    fs::path m_policy;
};

void TestMixedPairs::initTestCase() {
    RunConfig config = easyConfig("sft");
    config.training.max_steps = 150;
    config.training.batch_size = 32;
    const RunDirectory run = newRun(config);
    trainRun(run, false, {});
    m_policy = run.checkpointFolder(run.checkpointSteps().back());
}

void TestMixedPairs::sharesAreKept_data() {
    QTest::addColumn<double>("share");
    for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0})
        QTest::newRow(qPrintable(QString::number(share))) << share;
}

void TestMixedPairs::sharesAreKept() {
    QFETCH(double, share);
    constexpr int count = 10000;
    int sampled = 0, differs = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const bool is = isSampledPair(3, i, share);
        sampled += is;
        differs += is != isSampledPair(4, i, share);
        QCOMPARE(isSampledPair(3, i, share), is);
        if (is) QVERIFY(isSampledPair(3, i, std::min(1.0, share + 0.1)));  // a larger share adds to it
    }
    const double deviation = std::sqrt(share * (1 - share) / count);
    QVERIFY(std::abs(sampled / double(count) - share) <= 4 * deviation);
    QCOMPARE(differs > 0, share > 0 && share < 1);
}

void TestMixedPairs::mixtureIsOfBothSources() {
    const RunConfig config = mixed(0.5);
    const RunDirectory run = newRun(config);
    const Pairs pairs = Bench(config, m_policy, run).pairsFrom(1);
    const RunDirectory other = newRun(mixed(0));
    const Pairs injected = Bench(mixed(0), m_policy, other).pairsFrom(1);
    QVERIFY(!fs::exists(other.path() / "pairs"));
    QCOMPARE(pairs.size(), std::size_t(steps * perStep));
    int sampled = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (!isSampledPair(std::uint64_t(config.seed), i, 0.5)) {
            QVERIFY(pairs[i] == injected[i]);
            continue;
        }
        ++sampled;
        const auto round = readRound(run, std::int64_t(i) / (perStep * roundSteps));
        QVERIFY(round);
        QVERIFY(std::find(round->pairs.begin(), round->pairs.end(), pairs[i]) != round->pairs.end());
        QVERIFY(isRight(pairs[i], pairs[i].chosen));
        QVERIFY(!isRight(pairs[i], pairs[i].rejected));
    }
    QVERIFY2(sampled > 20 && sampled < int(steps * perStep) - 20, qPrintable(QString::number(sampled)));
}

void TestMixedPairs::wholeShareIsSelfSampling() {
    RunConfig sampling = mixed(0);
    sampling.pairs.source = "self_sampling";
    const RunDirectory run = newRun(sampling), other = newRun(sampling);
    const Pairs expected = Bench(sampling, m_policy, run).pairsFrom(1);
    QVERIFY(!expected.empty());
    QVERIFY(Bench(mixed(1), m_policy, other).pairsFrom(1) == expected);
}

// In the middle of the first round, at the second's begin, in the middle of that.
void TestMixedPairs::resumedStreamsGoOn() {
    const RunConfig config = mixed(0.4);
    const RunDirectory run = newRun(config);
    const Pairs whole = Bench(config, m_policy, run).pairsFrom(1);
    for (const std::int64_t step : {2, 4, 6}) {
        const Pairs rest = Bench(config, m_policy, run).pairsFrom(step);
        QVERIFY(rest == Pairs(whole.begin() + (step - 1) * perStep, whole.end()));
    }
}

void TestMixedPairs::goneRoundsAreSaid() {
    const RunConfig config = mixed(0.4);
    const RunDirectory run = newRun(config);
    Bench bench(config, m_policy, run);
    bench.pairsFrom(1);
    fs::remove_all(run.path() / "pairs");
    try {
        bench.pairsFrom(2);
        QFAIL("took pairs of a round that is gone");
    } catch (const Error& error) {
        QVERIFY2(std::string(error.what()).find("the pairs of round 0 are gone") != std::string::npos,
                 error.what());
    }
}

void TestMixedPairs::stopsComeBeforePairs() {
    std::stop_source stop;
    stop.request_stop();
    const RunConfig config = mixed(0.4);
    const RunDirectory run = newRun(config);
    QVERIFY(Bench(config, m_policy, run, stop.get_token()).pairsFrom(1).empty());
    QVERIFY(!fs::exists(run.path() / "pairs"));
}

void TestMixedPairs::noPairsIsSaid() {
    RunConfig config = mixed(0.4);
    config.pairs.num_generations = 1;  // right or wrong, but not both
    const RunDirectory run = newRun(config);
    try {
        Bench(config, m_policy, run).pairsFrom(1);
        QFAIL("found pairs among single samples");
    } catch (const Error& error) {
        QCOMPARE(error.where(), std::string("pairs.sampled_share"));
        QVERIFY(error.hint().find("num_generations") != std::string::npos);
    }
}

QTEST_GUILESS_MAIN(TestMixedPairs)
#include "tst_mixed_pairs.moc"
