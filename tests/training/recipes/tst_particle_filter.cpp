// Particle filtering: its arithmetic by hand, what it samples against the exact posterior of spaces small
// enough to write down, and its records and trees.
#include <QtTest>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "core/runlog/codec.h"
#include "core/tokenizers/character_tokenizer.h"
#include "core/util/random.h"
#include "tests/training/recipes/search_record_check.h"
#include "training/recipes/beam_search.h"
#include "training/recipes/particle_filter.h"
#include "training/recipes/resampling.h"
#include "training/recipes/search_evaluation.h"

using namespace retort;

namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::int32_t eos = 1, end = 2;  ///< `end` ends a step

/// What may follow a text, and how probable it is.
using Language = std::function<std::vector<std::pair<Ids, double>>(const Ids&)>;

/// Draws from a language.
struct Policy {
    explicit Policy(Language what) : language(std::move(what)) {}

    SampleFunction sampler() {
        return [this](const std::vector<Ids>& texts, std::int64_t samples, const SamplingSettings& settings,
                      std::uint64_t stream) {
            ++calls;
            std::vector<Completion> completions;
            for (std::size_t t = 0; t < texts.size(); ++t) {
                Random random(settings.seed, stream + t);
                for (std::int64_t s = 0; s < samples; ++s)
                    completions.push_back(step(language(texts[t]), settings, random.uniform()));
            }
            return completions;
        };
    }

    Completion step(const std::vector<std::pair<Ids, double>>& steps, const SamplingSettings& settings,
                    double point) const {
        Completion completion;
        if (calls == stopAtCall) return completion;
        std::size_t chosen = 0;
        while (chosen + 1 < steps.size() && point >= steps[chosen].second) point -= steps[chosen++].second;
        completion.ids = steps[chosen].first;
        completion.finished = std::int64_t(completion.ids.size()) <= settings.maxNewTokens;
        if (!completion.finished) completion.ids.resize(std::size_t(settings.maxNewTokens));
        completion.whole = true;
        return completion;
    }

    Language language;
    int calls = 0, stopAtCall = 0;
};

double hashed(const Ids& text, std::uint64_t seed) {
    std::string bytes;
    for (const std::int32_t id : text) bytes += std::to_string(id) + ' ';
    return Random(stableHash(bytes, seed)).uniform();
}

ValueFunction valuesBy(const std::function<double(const Ids&)>& value) {
    return [value](const std::vector<Ids>& texts) {
        std::vector<double> values;
        for (const Ids& text : texts) values.push_back(value(text));
        return values;
    };
}

ParticleSettings settingsOf(std::int64_t count, Resampling resampling = Resampling::Systematic) {
    ParticleSettings settings;
    settings.count = count;
    settings.resampling = resampling;
    settings.eosId = eos;
    return settings;
}

/// Two steps: one of 10, 11, 12, then one of 20, 21.
std::vector<std::pair<Ids, double>> twoSteps(const Ids& text) {
    if (text.size() == 1) return {{{10, end}, 0.5}, {{11, end}, 0.3}, {{12, end}, 0.2}};
    return {{{20, eos}, 0.6}, {{21, eos}, 0.4}};
}

/// Steps of random length and probability; over after five at the latest.
std::vector<std::pair<Ids, double>> randomTree(const Ids& text) {
    std::vector<std::pair<Ids, double>> next;
    for (std::int32_t i = 0; i < 3; ++i) {
        Ids step = {10 + i};
        if (hashed(text, 3 + std::uint64_t(i)) < 0.3) step.push_back(20 + i);
        const bool isLast = std::count(text.begin(), text.end(), end) == 4 || hashed(text, 90) < 0.2;
        step.push_back(isLast ? eos : end);
        next.emplace_back(step, i == 0 ? 0.5 : 0.25);
    }
    return next;
}

/// A solution's share of the weight of the particles that a filter ends with.
std::map<Ids, double> sharesOf(const SearchResult& result) {
    std::map<Ids, double> shares;
    for (std::size_t i = 0; i < result.last.size(); ++i) shares[result.last[i].ids] += result.weights[i];
    return shares;
}

std::vector<double> normalised(std::vector<double> weights) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    return weights;
}

std::map<std::size_t, int> countsOf(const std::vector<std::size_t>& indices) {
    std::map<std::size_t, int> counts;
    for (const std::size_t index : indices) ++counts[index];
    return counts;
}

bool areClose(const std::vector<double>& a, const std::vector<double>& b, double limit) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](double x, double y) { return std::abs(x - y) <= limit; });
}

/// Right is what ends with "b".
class EndsWithB : public Task {
  public:
    std::string kind() const override { return "ends_with_b"; }
    Problem problem(Split, std::uint64_t, std::uint64_t) const override {
        Problem problem;
        problem.id = "p1";
        problem.prompt = "q";
        problem.answer = "b";
        return problem;
    }
    Verdict verify(const Problem&, std::string_view completion) const override {
        Verdict verdict;
        if (!completion.empty()) verdict.extracted = completion.substr(completion.size() - 1);
        verdict.correct = verdict.extracted == "b";
        return verdict;
    }
    std::string alphabet() const override { return "qab;"; }
};

}  // namespace

class TestParticleFilter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void weightsAreOdds_data();
    void weightsAreOdds();
    void effectiveSampleSizes();
    void systematicCounts();
    void equalWeightsKeepAll();
    void multinomialCounts();
    void particlesFollowThePosterior_data();
    void particlesFollowThePosterior();
    void finishedOnesWait();
    void oneParticleIsASample();
    void allFinishAtOnce();
    void lengthsAreKept_data() { test::addLengthRows(); }
    void lengthsAreKept();
    void finishedOnesComeFirst();
    void recordsAreComplete_data();
    void recordsAreComplete();
    void seedsDecide();
    void stopsAreSaid();
    void treesSayWhatWasWritten();
    void noisyJudges();
};

void TestParticleFilter::weightsAreOdds_data() {
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<double>("temperature");
    QTest::addColumn<QList<double>>("weights");
    const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
    const double most = (1 - 1e-6) / 1e-6;
    QTest::newRow("odds") << QList<double>{0.5, 0.75, 0.2} << 1.0 << QList<double>{1, 3, 0.25};
    QTest::newRow("hot") << QList<double>{0.5, 0.8} << 2.0 << QList<double>{1, 2};
    QTest::newRow("cold") << QList<double>{0.5, 0.75} << 0.5 << QList<double>{1, 9};
    QTest::newRow("equal") << QList<double>{0.3, 0.3, 0.3, 0.3} << 1.0 << QList<double>{1, 1, 1, 1};
    QTest::newRow("one") << QList<double>{0.01} << 1.0 << QList<double>{1};
    QTest::newRow("no numbers") << QList<double>{nan, 0.5, -infinite, 0.5} << 1.0
                                << QList<double>{0, 1, 0, 1};
    QTest::newRow("nothing but that") << QList<double>{nan, -infinite, nan} << 1.0 << QList<double>{1, 1, 1};
    QTest::newRow("certain") << QList<double>{1, 0.5, 1, 0} << 1.0 << QList<double>{most, 1, most, 1 / most};
    QTest::newRow("no probabilities")
        << QList<double>{infinite, 7, -3} << 1.0 << QList<double>{most, most, 1 / most};
}

void TestParticleFilter::weightsAreOdds() {
    QFETCH(QList<double>, values);
    QFETCH(double, temperature);
    QFETCH(QList<double>, weights);
    const std::vector<double> found = particleWeights({values.begin(), values.end()}, temperature);
    QVERIFY(areClose(found, normalised({weights.begin(), weights.end()}), 1e-9));
}

void TestParticleFilter::effectiveSampleSizes() {
    QCOMPARE(effectiveSampleSize({1}), 1.0);
    QCOMPARE(effectiveSampleSize({0.25, 0.25, 0.25, 0.25}), 4.0);
    QCOMPARE(effectiveSampleSize({0, 0.5, 0, 0.5}), 2.0);
    QCOMPARE(effectiveSampleSize({0.5, 0.25, 0.25}), 1 / 0.375);
}

// Each index as often as its share says, rounded down or up; on average exactly.
void TestParticleFilter::systematicCounts() {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        const auto count = std::size_t(random.integer(1, 20));
        std::vector<double> weights;
        for (std::size_t i = 0; i < count; ++i)
            weights.push_back(i % 5 == 4 ? 0 : std::pow(random.uniform(), 3));
        weights[0] += 1e-3;
        weights = normalised(weights);
        std::vector<double> mean(count);
        for (int draw = 0; draw < 100; ++draw) {
            const auto indices = systematicResampling(weights, (draw + 0.5) / 100);
            QCOMPARE(indices.size(), count);
            QVERIFY(std::is_sorted(indices.begin(), indices.end()));
            auto counts = countsOf(indices);
            for (std::size_t i = 0; i < count; ++i) {
                const double expected = double(count) * weights[i];
                QVERIFY(counts[i] >= std::floor(expected - 1e-9) && counts[i] <= std::ceil(expected + 1e-9));
                mean[i] += counts[i] / 100.0;
            }
        }
        for (std::size_t i = 0; i < count; ++i)
            QVERIFY(std::abs(mean[i] - double(count) * weights[i]) < 0.021);
    }
}

void TestParticleFilter::equalWeightsKeepAll() {
    for (std::size_t count = 1; count <= 64; ++count)
        for (const double offset : {0.001, 0.37, 0.999}) {
            const auto indices =
                systematicResampling(std::vector<double>(count, 1.0 / double(count)), offset);
            for (std::size_t i = 0; i < count; ++i) QCOMPARE(indices[i], i);
        }
    // The sum of the weights may fall short of 1 by rounding; what has none is never drawn.
    const auto last = systematicResampling({0.5, 0.5 - 1e-12, 0, 0}, 1 - 1e-13);
    QCOMPARE(last, (std::vector<std::size_t>{0, 0, 1, 1}));
}

void TestParticleFilter::multinomialCounts() {
    const std::vector<double> weights = {0.5, 0, 0.3, 0.2};
    Random random(4);
    std::vector<double> mean(4);
    double spread = 0;
    constexpr int draws = 20000;
    for (int draw = 0; draw < draws; ++draw) {
        const auto indices = multinomialResampling(weights, random);
        QCOMPARE(indices.size(), std::size_t(4));
        auto counts = countsOf(indices);
        for (std::size_t i = 0; i < 4; ++i) mean[i] += double(counts[i]) / draws;
        spread += std::pow(counts[0] - 2, 2) / draws;
    }
    QVERIFY(areClose(mean, {2, 0, 1.2, 0.8}, 0.03));
    QVERIFY(std::abs(spread - 1) < 0.05);  // N·w·(1 - w)
}

void TestParticleFilter::particlesFollowThePosterior_data() {
    QTest::addColumn<bool>("systematic");
    QTest::addColumn<double>("temperature");
    QTest::newRow("systematic") << true << 1.0;
    QTest::newRow("multinomial") << false << 1.0;
    QTest::newRow("cooler") << true << 0.5;
}

// Two steps, six solutions: p(x) times the odds at both steps, normalised, is what the particles converge to.
void TestParticleFilter::particlesFollowThePosterior() {
    QFETCH(bool, systematic);
    QFETCH(double, temperature);
    const std::map<Ids, double> values = {
        {{10, end}, 0.2},           {{11, end}, 0.7},           {{12, end}, 0.6},
        {{10, end, 20, eos}, 0.9},  {{10, end, 21, eos}, 0.3},  {{11, end, 20, eos}, 0.4},
        {{11, end, 21, eos}, 0.55}, {{12, end, 20, eos}, 0.15}, {{12, end, 21, eos}, 0.8}};
    const auto oddsOf = [&](const Ids& ids) {
        return std::pow(values.at(ids) / (1 - values.at(ids)), 1 / temperature);
    };
    std::map<Ids, double> exact;
    double sum = 0;
    for (const auto& [first, p1] : twoSteps({100}))
        for (const auto& [second, p2] : twoSteps({100, first[0], end})) {
            Ids ids = first;
            ids.insert(ids.end(), second.begin(), second.end());
            sum += exact[ids] = p1 * p2 * oddsOf(first) * oddsOf(ids);
        }
    Policy policy(twoSteps);
    ParticleSettings settings =
        settingsOf(5000, systematic ? Resampling::Systematic : Resampling::Multinomial);
    settings.weightTemperature = temperature;
    constexpr int filters = 20;
    const auto results = filterParticles(std::vector<SearchProblem>(filters, {{100}, ";"}), settings,
                                         policy.sampler(), valuesBy([&](const Ids& text) {
                                             return values.at({text.begin() + 1, text.end()});
                                         }));
    std::map<Ids, double> shares;
    for (const SearchResult& result : results)
        for (const auto& [ids, share] : sharesOf(result)) shares[ids] += share / filters;
    QCOMPARE(shares.size(), exact.size());
    for (const auto& [ids, weight] : exact) {
        const QString text = QString("%1 %2: %3, exactly %4").arg(ids[0]).arg(ids[2]);
        QVERIFY2(std::abs(shares.at(ids) - weight / sum) < 0.01,
                 qPrintable(text.arg(shares.at(ids)).arg(weight / sum)));
    }
    QCOMPARE(results[0].best.ids, (Ids{10, end, 20, eos}));  // the highest value, which is not the likeliest
    QCOMPARE(results[0].tokens, std::int64_t(5000 * 4));
}

// 10 is over after a step; while the others take their second, its odds count again.
void TestParticleFilter::finishedOnesWait() {
    const Language language = [](const Ids& text) -> std::vector<std::pair<Ids, double>> {
        if (text.size() == 1) return {{{10, eos}, 0.5}, {{11, end}, 0.5}};
        return {{{20, eos}, 1}};
    };
    Policy policy(language);
    const std::map<std::int32_t, double> values = {{10, 0.6}, {11, 0.5}, {20, 0.75}};
    const auto results =
        filterParticles({{{100}, ";"}}, settingsOf(20000), policy.sampler(),
                        valuesBy([&](const Ids& text) { return values.at(text[text.size() - 2]); }));
    // 0.5 · 1.5 · 1.5 against 0.5 · 1 · 3
    QVERIFY(std::abs(sharesOf(results[0]).at({10, eos}) - 1.125 / 2.625) < 0.01);
    const std::string wrong = test::wrongInRecord(results[0]);
    QVERIFY2(wrong.empty(), wrong.c_str());
}

// Nothing to choose among: it is the policy's own way.
void TestParticleFilter::oneParticleIsASample() {
    Policy policy(twoSteps);
    std::vector<SearchProblem> problems(4000, {{100}, ";"});
    const auto results =
        filterParticles(problems, settingsOf(1), policy.sampler(),
                        valuesBy([](const Ids& text) { return text[1] == 12 ? 0.99 : 0.01; }));
    double twelve = 0;
    for (const SearchResult& result : results) {
        QCOMPARE(result.last.size(), std::size_t(1));
        QCOMPARE(result.weights, std::vector<double>{1});
        QCOMPARE(result.tokens, std::int64_t(4));
        QCOMPARE(result.record.curves[0].second, (std::vector<double>{1, 1}));
        twelve += double(result.best.ids[0] == 12) / double(results.size());
    }
    QVERIFY(std::abs(twelve - 0.2) < 0.03);
}

void TestParticleFilter::allFinishAtOnce() {
    Policy policy([](const Ids&) -> std::vector<std::pair<Ids, double>> {
        return {{{10, eos}, 0.5}, {{11, eos}, 0.5}};
    });
    const auto results =
        filterParticles({{{100}, ";"}}, settingsOf(16), policy.sampler(),
                        valuesBy([](const Ids& text) { return text[1] == 10 ? 0.25 : 0.75; }));
    QCOMPARE(policy.calls, 1);
    QVERIFY(results[0].whole);
    QCOMPARE(results[0].best.ids, (Ids{11, eos}));
    QCOMPARE(results[0].record.nodes.size(), std::size_t(17));
    double tens = 0, weight = 0;
    for (std::size_t i = 0; i < 16; ++i)
        if (results[0].last[i].ids[0] == 10) tens += 1, weight += results[0].weights[i];
    QVERIFY(std::abs(weight - tens / (tens + 9 * (16 - tens))) < 1e-12);
}

void TestParticleFilter::lengthsAreKept() {
    QFETCH(int, tokens);
    QFETCH(int, positions);
    QFETCH(int, length);
    QFETCH(bool, finished);
    Policy policy([](const Ids& text) -> std::vector<std::pair<Ids, double>> {
        return {{{10, 11, std::count(text.begin(), text.end(), end) == 2 ? eos : end}, 1}};
    });
    ParticleSettings settings = settingsOf(3);
    settings.maxTokens = tokens;
    settings.maxPositions = positions;
    const auto results =
        filterParticles({{{100}, ";"}}, settings, policy.sampler(), valuesBy([](const Ids&) { return 0.5; }));
    QVERIFY(results[0].whole);
    QCOMPARE(results[0].last.size(), std::size_t(3));
    QCOMPARE(results[0].weights, std::vector<double>(3, 1.0 / 3));
    for (const PartialSolution& particle : results[0].last) {
        QCOMPARE(particle.ids.size(), std::size_t(length));
        QCOMPARE(particle.finished, finished);
        QCOMPARE(particle.cut, !finished);
    }
    QCOMPARE(results[0].tokens, std::int64_t(3 * length));
}

void TestParticleFilter::finishedOnesComeFirst() {
    Policy policy([](const Ids&) -> std::vector<std::pair<Ids, double>> {
        return {{{10, 10, 10, 10, end}, 0.5}, {{11, eos}, 0.5}};
    });
    ParticleSettings settings = settingsOf(32);
    settings.maxTokens = 4;
    const auto results = filterParticles({{{100}, ";"}}, settings, policy.sampler(),
                                         valuesBy([](const Ids& text) { return text[1] == 10 ? 0.9 : 0.1; }));
    QCOMPARE(results[0].best.ids, (Ids{11, eos}));
}

void TestParticleFilter::recordsAreComplete_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<bool>("systematic");
    for (const int count : {1, 2, 7, 32, 700})
        for (const bool systematic : {true, false})
            QTest::newRow(
                qPrintable(QString("%1 %2").arg(count).arg(systematic ? "systematic" : "multinomial")))
                << count << systematic;
}

void TestParticleFilter::recordsAreComplete() {
    QFETCH(int, count);
    QFETCH(bool, systematic);
    Policy policy(randomTree);
    std::vector<SearchProblem> problems;
    for (std::int32_t p = 0; p < 6; ++p) problems.push_back({{100 + p}, p % 3 == 0 ? "\n" : ";"});
    const auto results = filterParticles(
        problems, settingsOf(count, systematic ? Resampling::Systematic : Resampling::Multinomial),
        policy.sampler(), valuesBy([](const Ids& text) { return hashed(text, 8); }));
    for (const SearchResult& result : results) {
        QVERIFY(result.whole);
        QCOMPARE(result.last.size(), std::size_t(count));
        const std::string wrong = test::wrongInRecord(result);
        QVERIFY2(wrong.empty(), wrong.c_str());
        std::map<std::int32_t, double> weights;  // by round
        for (const SearchNode& node : result.record.nodes) weights[node.round] += node.weight.value_or(0);
        QVERIFY(std::abs(weights.at(1) - 1) <
                1e-9);  // in the first round every particle has a node of its own
        const auto& ess = result.record.curves[0].second;
        const auto& ancestors = result.record.curves[1].second;
        QCOMPARE(result.record.curves[1].first, std::string("unique_ancestors"));
        QCOMPARE(ancestors.front(), double(count));
        QVERIFY(std::is_sorted(ancestors.rbegin(), ancestors.rend()));  // nobody comes back
        for (const double size : ess) QVERIFY(size > 1 - 1e-9 && size < count + 1e-9);
    }
}

void TestParticleFilter::seedsDecide() {
    Policy policy(randomTree);
    const std::vector<SearchProblem> problems = {{{100}, ";"}, {{101}, ";"}};
    const auto shares = [&](std::uint64_t seed, Resampling resampling) {
        ParticleSettings settings = settingsOf(8, resampling);
        settings.seed = seed;
        const auto results = filterParticles(problems, settings, policy.sampler(),
                                             valuesBy([](const Ids& text) { return hashed(text, 8); }));
        return std::pair(sharesOf(results[0]), sharesOf(results[1]));
    };
    const auto first = shares(1, Resampling::Systematic);
    QVERIFY(first == shares(1, Resampling::Systematic));
    QVERIFY(first != shares(2, Resampling::Systematic));
    QVERIFY(first != shares(1, Resampling::Multinomial));
}

// 256 particles: two problems at a time. The stop comes in the second pair's second round.
void TestParticleFilter::stopsAreSaid() {
    Policy policy([](const Ids& text) -> std::vector<std::pair<Ids, double>> {
        return {{{10, text[0] == 102 || text.size() > 1 ? eos : end}, 1}};
    });
    policy.stopAtCall = 4;
    std::vector<SearchProblem> problems;
    for (std::int32_t p = 0; p < 6; ++p) problems.push_back({{100 + p}, ";"});
    const auto results = filterParticles(problems, settingsOf(256), policy.sampler(),
                                         valuesBy([](const Ids&) { return 0.5; }));
    QCOMPARE(policy.calls, 4);
    const bool whole[] = {true, true, true, false, false, false};  // 102 was over after one step
    for (std::size_t p = 0; p < 6; ++p) QCOMPARE(results[p].whole, whole[p]);
}

// Through the run log and back; the texts of a path are the solution's.
void TestParticleFilter::treesSayWhatWasWritten() {
    const EndsWithB task;
    const Problem problem = task.problem(Split::Train, 0, 0);
    const auto tokenizer = makeCharacterTokenizer(task.alphabet());
    const std::int32_t a = tokenizer->encode("a")[0], b = tokenizer->encode("b")[0],
                       mark = tokenizer->encode(";")[0];
    Policy policy([&](const Ids& text) -> std::vector<std::pair<Ids, double>> {
        if (text.size() < 4) return {{{a, mark}, 0.5}, {{b, mark}, 0.5}};
        return {{{a, tokenizer->eosId()}, 0.5}, {{b, tokenizer->eosId()}, 0.5}};
    });
    const auto values = valuesBy([&](const Ids& text) {
        return text.size() == 3 && text[1] == a
                   ? std::nan("")
                   : 0.3 + 0.05 * double(std::count(text.begin(), text.end(), b));
    });
    ParticleSettings particles = settingsOf(8);
    BeamSettings beams;
    beams.size = 2;
    beams.expansion = 4;
    particles.eosId = beams.eosId = tokenizer->eosId();
    const std::vector<SearchProblem> problems = {{tokenizer->encode(problem.prompt), ";"}};
    for (const SearchResult& result : {filterParticles(problems, particles, policy.sampler(), values)[0],
                                       searchBeams(problems, beams, policy.sampler(), values)[0]}) {
        SearchTree tree = treeOf(result, task, problem, *tokenizer);
        tree.method = "particle_filtering";
        tree.settings = R"({"num_particles": 8})";
        QCOMPARE(tree.nodes.size(), result.record.nodes.size());
        QCOMPARE(QString::fromStdString(textOf(tree, tree.chosen)),
                 QString::fromStdString(tokenizer->decode(result.best.ids)));
        QVERIFY(tree.correct && textOf(tree, tree.chosen).ends_with("b"));
        std::int64_t tokens = 0;
        for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
            const TreeNode& node = tree.nodes[i];
            tokens += node.tokens;
            QCOMPARE(node.correct.has_value(), node.finished);
            if (node.finished) QCOMPARE(*node.correct, textOf(tree, std::int32_t(i)).ends_with("b"));
            if (node.round == 1 && node.text == "a;") QVERIFY(!node.value);  // no number
        }
        QCOMPARE(tree.tokens, tokens);
        std::string line;
        encodeEvent({1, 2.0, TreeEvent{tree}}, line);
        QVERIFY(std::get<TreeEvent>(EventDecoder().decode({line.data(), line.size() - 1}).payload).tree ==
                tree);
    }
}

// #81: a judge that errs misleads a beam, which trusts its highest values, more than particles. Four steps,
// each of three ways, one right; the judge's word on a third of the texts is the wrong way round. A beam of
// 32 samples a round ends below a sample that nobody chose; 8 particles end above it.
void TestParticleFilter::noisyJudges() {
    const Language language = [](const Ids& text) -> std::vector<std::pair<Ids, double>> {
        const std::int32_t last = std::count(text.begin(), text.end(), end) == 3 ? eos : end;
        return {{{10, last}, 0.6}, {{11, last}, 0.2}, {{12, last}, 0.2}};
    };
    const auto isRight = [](const Ids& text) {
        return std::count(text.begin(), text.end(), 11) + std::count(text.begin(), text.end(), 12) == 0;
    };
    const auto values = valuesBy([&](const Ids& text) {
        const bool says = isRight(text) != (hashed(text, 5) < 1.0 / 3);
        return (says ? 0.8 : 0.2) + 0.1 * hashed(text, 6);
    });
    std::vector<SearchProblem> problems;
    for (std::int32_t p = 0; p < 1500; ++p) problems.push_back({{100 + p}, ";"});
    Policy policy(language);
    const auto accuracyOf = [&](const std::vector<SearchResult>& results) {
        double right = 0;
        for (const SearchResult& result : results)
            right += double(isRight(result.best.ids)) / double(results.size());
        return right;
    };
    const auto beam = [&](std::int64_t size) {
        BeamSettings settings;
        settings.size = size;
        settings.expansion = 4;
        settings.eosId = eos;
        return accuracyOf(searchBeams(problems, settings, policy.sampler(), values));
    };
    const auto particles = [&](std::int64_t count) {
        const auto results = filterParticles(problems, settingsOf(count), policy.sampler(), values);
        double right = 0;  // by weight: a vote of the answers "right" and "wrong"
        for (const SearchResult& result : results) {
            double weight = 0;
            for (std::size_t i = 0; i < result.last.size(); ++i)
                weight += isRight(result.last[i].ids) * result.weights[i];
            right += double(weight > 0.5) / double(results.size());
        }
        return std::pair(accuracyOf(results), right);
    };
    const double alone = particles(1).first, narrow = beam(2), wide = beam(8);
    const auto [best, voted] = particles(8);
    qInfo(
        "one sample %.3f; beam search of 8 %.3f, of 32 %.3f; particle filtering of 8 %.3f by value, %.3f by "
        "weight",
        alone, narrow, wide, best, voted);
    QVERIFY(std::abs(alone - std::pow(0.6, 4)) < 0.05);
    QVERIFY(best > alone && voted > alone);
    QVERIFY(best > wide && voted > wide);
}

QTEST_GUILESS_MAIN(TestParticleFilter)
#include "tst_particle_filter.moc"
