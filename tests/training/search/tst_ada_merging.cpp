// AdaMerging: its gradient against finite differences, a problem whose optimum is known, real experts.
#include <QtTest>
#include <cmath>
#include <set>

#include "tests/training/search/tiny_parents.h"
#include "training/search/ada_merging.h"

using namespace retort;
using namespace retort::test;

namespace {

/// The whole calibration set as one batch.
std::vector<std::vector<TokenSequence>> everything(const TinyParents& tiny, std::int64_t examples) {
    std::vector<std::vector<TokenSequence>> batch;
    for (CalibrationTask& task : makeCalibration(tiny.parts.sources, *tiny.parts.tokenizer, examples, 1))
        batch.push_back(std::move(task.sequences));
    return batch;
}

double lossAt(MergeEvaluator& judge, const MergeSpace& space, const std::vector<double>& x,
              const std::vector<std::vector<TokenSequence>>& batch, const std::string& objective) {
    const torch::NoGradGuard noGradient;
    judge.merge(space, x);
    return adaMergingLoss(*judge.model(), batch, objective).item<double>();
}

}  // namespace

class TestAdaMerging : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { m_tiny = std::make_unique<TinyParents>(); }
    void calibrationIsOfTheTrainingSplit();
    void answersAreScoredAlone();
    void lossesByHand();
    void gradientAgainstDifferences_data();
    void gradientAgainstDifferences();
    void knownOptimum();
    void objectivesFall_data();
    void objectivesFall();
    void layerWiseBeatsTaskWise();
    void boundsHold();
    void stopsAreHeard();
    void recipeGivesTheModel();
    void badInput();

  private:
    std::unique_ptr<MergeEvaluator> evaluator() const {
        return std::make_unique<MergeEvaluator>(m_tiny->parents(), m_tiny->parts.tokenizer,
                                                m_tiny->parts.sources, m_tiny->settings());
    }
    std::unique_ptr<TinyParents> m_tiny;
};

void TestAdaMerging::calibrationIsOfTheTrainingSplit() {
    const auto tasks = makeCalibration(m_tiny->parts.sources, *m_tiny->parts.tokenizer, 10, 1);
    QCOMPARE(tasks.size(), std::size_t(2));
    for (const CalibrationTask& task : tasks) {
        QCOMPARE(task.problems.size(), std::size_t(10));
        QCOMPARE(task.sequences.size(), std::size_t(10));
        std::set<std::string> ids;
        for (const Problem& problem : task.problems) {
            QVERIFY(splitOf(problem.id) == Split::Train);
            ids.insert(problem.id);
        }
        QCOMPARE(ids.size(), std::size_t(10));
        // Loss on the answer and the end of the text, and nowhere else.
        QCOMPARE(task.sequences[0].targetCount(), std::int64_t(task.problems[0].answer.size()) + 1);
    }
    // There are not more sums of one digit than these.
    QVERIFY(makeCalibration(m_tiny->parts.sources, *m_tiny->parts.tokenizer, 500, 1)[0].problems.size() <=
            100);
    QVERIFY(!errorOf([&] { makeCalibration({}, *m_tiny->parts.tokenizer, 10, 1); }).empty());
}

// What a policy wrote: only behind the think region entropies count; everything where there is none.
void TestAdaMerging::answersAreScoredAlone() {
    RunConfig config = tinyMergeConfig();
    config.data.tasks[0].worked_share = 1;
    TrainerParts parts = partsOf(config);
    parts.model = std::make_shared<CausalLM>(shapeOf(parts), 4);
    AdamW optimizer(parts.model, {});
    std::vector<Problem> problems;
    std::vector<TokenSequence> sequences;
    for (std::uint64_t i = 0; i < 3; ++i) {  // a few examples by heart
        problems.push_back(parts.sources[0].task->problem(Split::Train, 5, i));
        std::vector<std::int32_t> completion = parts.tokenizer->encode(problems[i].worked);
        completion.push_back(parts.tokenizer->eosId());
        sequences.push_back(
            TokenSequence::of(parts.tokenizer->encode(problems[i].prompt), completion, false));
    }
    for (int step = 0; step < 250; ++step) {
        optimizer.zeroGradients();
        (-parts.model->score(packSequences(sequences)).logprobs.mean()).backward();
        optimizer.step(5e-3, 1);
    }
    Generator generator(parts.model, parts.tokenizer);
    generator.refresh();
    std::vector<const Problem*> asked;
    for (const Problem& problem : problems) asked.push_back(&problem);
    const auto answered = answeredSequences(asked, generator, *parts.tokenizer, 40);
    QCOMPARE(answered.size(), std::size_t(3));
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(answered[i].ids, sequences[i].ids);  // it does know them by heart
        std::vector<std::int32_t> scored;
        for (const std::int32_t target : answered[i].targets)
            if (target != -100) scored.push_back(target);
        QCOMPARE(scored.back(), parts.tokenizer->eosId());
        QCOMPARE(parts.tokenizer->decode(scored), problems[i].answer);
    }
    const auto cut = answeredSequences(asked, generator, *parts.tokenizer, 3);  // no answer comes
    QCOMPARE(cut[0].targetCount(), std::int64_t(3));
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(answeredSequences(asked, generator, *parts.tokenizer, 40, stop.get_token()).empty());
}

void TestAdaMerging::lossesByHand() {
    const auto judge = evaluator();
    const auto batch = everything(*m_tiny, 5);
    double expected = 0, entropy = 0;
    for (const auto& task : batch) {
        const torch::NoGradGuard noGradient;
        const TokenScores scores = judge->model()->score(packSequences(task));
        expected -= scores.logprobs.mean().item<double>() / 2;
        entropy += scores.entropies.mean().item<double>() / 2;
    }
    QVERIFY(std::abs(adaMergingLoss(*judge->model(), batch, "cross_entropy").item<double>() - expected) <
            1e-5);
    QVERIFY(std::abs(adaMergingLoss(*judge->model(), batch, "entropy").item<double>() - entropy) < 1e-5);
}

void TestAdaMerging::gradientAgainstDifferences_data() {
    QTest::addColumn<QString>("objective");
    QTest::addColumn<int>("groups");
    for (const char* objective : {"cross_entropy", "entropy"})
        for (const int groups : {1, 0}) QTest::addRow("%s, %d", objective, groups) << objective << groups;
}

void TestAdaMerging::gradientAgainstDifferences() {
    QFETCH(QString, objective);
    QFETCH(int, groups);
    const auto judge = evaluator();
    const MergeSpace space = m_tiny->space(groups);
    const auto batch = everything(*m_tiny, 20);
    std::vector<double> x;
    for (std::size_t i = 0; i < space.dimensions(); ++i) x.push_back(0.3 + 0.05 * double(i));
    judge->merge(space, x);
    adaMergingLoss(*judge->model(), batch, objective.toStdString()).backward();
    const auto gradient = coefficientGradients(judge->parents(), space, judge->model()->flatGradients());
    QCOMPARE(gradient.size(), x.size());
    double largest = 0;
    for (const double value : gradient) largest = std::max(largest, std::abs(value));
    constexpr double h = 0.01;
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::vector<double> up = x, down = x;
        up[i] += h;
        down[i] -= h;
        const double difference = (lossAt(*judge, space, up, batch, objective.toStdString()) -
                                   lossAt(*judge, space, down, batch, objective.toStdString())) /
                                  (2 * h);
        QVERIFY2(std::abs(difference - gradient[i]) < 0.02 * largest + 2e-4,
                 qPrintable(QStringLiteral("%1: %2, %3").arg(i).arg(gradient[i]).arg(difference)));
    }
}

// The base is a trained model minus 0.7 of a direction of noise, so the best coefficient of that direction is
// near 0.7; where exactly, a fine sweep of the same loss says.
void TestAdaMerging::knownOptimum() {
    const auto noise = movedBy(*m_tiny->base, 0.3, 7);
    const torch::Tensor direction = (noise->flatParameters() - m_tiny->base->flatParameters()).detach();
    const auto base = copyOf(*m_tiny->base), expert = copyOf(*m_tiny->base);
    {
        const torch::NoGradGuard noGradient;
        base->flatParameters().sub_(0.7 * direction);
        expert->flatParameters().add_(0.3 * direction);
    }
    MergeEvaluator judge(MergeParents::of(base, {expert}), m_tiny->parts.tokenizer, m_tiny->parts.sources,
                         m_tiny->settings());
    MergeSpace space = m_tiny->space(1);
    space.models = {"expert"};
    AdaMergingSettings settings;
    settings.examples = 40;
    settings.batchSize = 40;
    settings.steps = 150;
    settings.learningRate = 0.02;
    const auto batch = everything(*m_tiny, settings.examples);
    double best = 0, bestLoss = INFINITY;
    for (double lambda = 0; lambda <= 1; lambda += 0.01)
        if (const double loss = lossAt(judge, space, {lambda}, batch, "cross_entropy"); loss < bestLoss) {
            best = lambda;
            bestLoss = loss;
        }
    QVERIFY(std::abs(best - 0.7) < 0.15);
    const AdaMergingOutcome outcome = adaMerge(judge, space, settings);
    QVERIFY2(std::abs(outcome.coefficients[0] - best) < 0.06,
             qPrintable(QString::number(outcome.coefficients[0])));
    QVERIFY(lossAt(judge, space, outcome.coefficients, batch, "cross_entropy") < bestLoss + 0.01);
}

void TestAdaMerging::objectivesFall_data() {
    QTest::addColumn<QString>("objective");
    QTest::newRow("cross entropy") << "cross_entropy";
    QTest::newRow("entropy") << "entropy";
}

void TestAdaMerging::objectivesFall() {
    QFETCH(QString, objective);
    const auto judge = evaluator();
    const MergeSpace space = m_tiny->space(0);
    AdaMergingSettings settings;
    settings.objective = objective.toStdString();
    settings.steps = 60;
    settings.learningRate = 0.02;
    settings.examples = 40;
    settings.batchSize = 40;
    settings.refreshSteps = 1000;  // the same answers throughout, so that the objectives can be compared
    settings.maxCompletionLength = 12;
    std::vector<AdaMergingStep> steps;
    const AdaMergingOutcome outcome =
        adaMerge(*judge, space, settings, [&](const auto& step) { steps.push_back(step); });
    QCOMPARE(outcome.objectives.size(), std::size_t(60));
    QCOMPARE(steps.size(), std::size_t(60));
    QCOMPARE(steps.back().coefficients, outcome.coefficients);
    const auto meanOf = [&](std::size_t first) {
        double sum = 0;
        for (std::size_t i = first; i < first + 10; ++i) sum += outcome.objectives[i] / 10;
        return sum;
    };
    QVERIFY2(meanOf(50) < meanOf(0), qPrintable(QStringLiteral("%1, %2").arg(meanOf(0)).arg(meanOf(50))));
    for (const double value : outcome.coefficients) QVERIFY(value >= 0 && value <= 1);
    const auto other = evaluator();
    QCOMPARE(adaMerge(*other, space, settings).coefficients, outcome.coefficients);  // a function of the seed
}

// More coefficients, the same examples: the calibration loss ends no higher.
void TestAdaMerging::layerWiseBeatsTaskWise() {
    AdaMergingSettings settings;
    settings.steps = 150;
    settings.learningRate = 0.02;
    settings.examples = settings.batchSize = 40;
    const auto judge = evaluator();
    const auto batch = everything(*m_tiny, 40);
    const auto finalLoss = [&](const MergeSpace& space) {
        return lossAt(*judge, space, adaMerge(*judge, space, settings).coefficients, batch, "cross_entropy");
    };
    MergeSpace tensors = m_tiny->space(1);
    tensors.groups = tensorGroups(m_tiny->parents().weightNames());
    QVERIFY(finalLoss(tensors) < finalLoss(m_tiny->space(1)));
}

void TestAdaMerging::boundsHold() {
    const auto judge = evaluator();
    AdaMergingSettings settings;
    settings.steps = 20;
    settings.learningRate = 0.1;
    settings.lower = 0.25;
    settings.upper = 0.35;
    const AdaMergingOutcome outcome = adaMerge(*judge, m_tiny->space(0), settings);
    bool reached = false;
    for (const double value : outcome.coefficients) {
        QVERIFY(value >= 0.25 && value <= 0.35);
        reached |= value == 0.25 || value == 0.35;
    }
    QVERIFY(reached);
}

void TestAdaMerging::stopsAreHeard() {
    const auto judge = evaluator();
    std::stop_source stop;
    const AdaMergingOutcome outcome = adaMerge(
        *judge, m_tiny->space(1), {},
        [&](const AdaMergingStep& step) {
            if (step.step == 3) stop.request_stop();
        },
        stop.get_token());
    QVERIFY(outcome.stopped);
    QCOMPARE(outcome.objectives.size(), std::size_t(3));
}

// The coefficients say all: the evaluator's model is what they give.
void TestAdaMerging::recipeGivesTheModel() {
    const auto judge = evaluator();
    const MergeSpace space = m_tiny->space(0);
    AdaMergingSettings settings;
    settings.steps = 5;
    const AdaMergingOutcome outcome = adaMerge(*judge, space, settings);
    const torch::Tensor found = judge->model()->flatParameters().detach().clone();
    judge->merge(space, outcome.coefficients);
    QVERIFY(found.equal(judge->model()->flatParameters()));
    QVERIFY(space.recipe(outcome.coefficients).find("model.layers.1.") != std::string::npos);
}

void TestAdaMerging::badInput() {
    const auto judge = evaluator();
    const auto refuses = [&](auto change) {
        MergeSpace space = m_tiny->space(1);
        AdaMergingSettings settings;
        settings.steps = 1;
        change(space, settings);
        return !errorOf([&] { adaMerge(*judge, space, settings); }).empty();
    };
    QVERIFY(!refuses([](MergeSpace&, AdaMergingSettings&) {}));
    QVERIFY(refuses([](MergeSpace& space, AdaMergingSettings&) { space.method = "ties"; }));
    QVERIFY(refuses([](MergeSpace& space, AdaMergingSettings&) { space.searchesDensity = true; }));
    QVERIFY(refuses([](MergeSpace& space, AdaMergingSettings&) { space.normalize = true; }));
    QVERIFY(refuses([](MergeSpace&, AdaMergingSettings& settings) { settings.objective = "accuracy"; }));
    QVERIFY(refuses([](MergeSpace&, AdaMergingSettings& settings) { settings.lower = 1; }));
    QVERIFY(refuses([](MergeSpace&, AdaMergingSettings& settings) { settings.learningRate = NAN; }));
    QVERIFY(refuses([](MergeSpace&, AdaMergingSettings& settings) { settings.batchSize = 0; }));
}

QTEST_GUILESS_MAIN(TestAdaMerging)
#include "tst_ada_merging.moc"
