// What examples are scored by, against counts and losses computed one by one.
#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/util/error.h"
#include "tests/training/recipes/recipe_parts.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/model/lora.h"
#include "training/recipes/example_pruning.h"
#include "training/recipes/example_scores.h"

using namespace retort;
using namespace retort::test;

namespace {

using Scores = std::vector<std::vector<double>>;
constexpr double never = std::numeric_limits<double>::infinity();

/// Sums of one digit; `examples` of them.
RunConfig configOf(const std::string& pruning, std::int64_t steps, std::int64_t examples = 20) {
    RunConfig config = tinyConfig("distill");
    config.data.tasks.resize(1);
    config.data.tasks[0].worked_share = 0;
    config.data.tasks[0].parameters = Json{{"min_digits", 1}, {"max_digits", 1}};
    config.data.tasks[0].examples = examples;
    config.training.lr_scheduler_type = "constant";
    config.distillation.keep_share = 0.3;
    config.distillation.pruning = pruning;
    config.distillation.pruning_steps = steps;
    return config;
}

torch::Tensor sequenceOf(const TrainerParts& parts, const Problem& problem) {
    auto ids = parts.tokenizer->encode(problem.prompt + problem.answer);
    ids.push_back(parts.tokenizer->eosId());
    return torch::tensor(ids, torch::kInt64);
}

/// The loss and the error norm of one example a token, by the whole model's logits.
std::pair<double, double> byHand(const TrainerParts& parts, std::uint64_t index) {
    const torch::NoGradGuard noGrad;
    const Problem problem =
        parts.sources[0].task->problem(Split::Train, dataSeed(std::uint64_t(parts.config.seed)), index);
    const torch::Tensor ids = sequenceOf(parts, problem);
    const std::int64_t n = ids.numel(), prompt = std::int64_t(parts.tokenizer->encode(problem.prompt).size());
    std::vector<std::int32_t> inputs, targets(std::size_t(n - 1), -100);
    for (std::int64_t i = 0; i + 1 < n; ++i) inputs.push_back(ids[i].item<std::int32_t>());
    targets.back() = 0;
    const torch::Tensor probabilities =
        torch::softmax(parts.model->logits(PackedBatch::pack({inputs}, {targets})).to(torch::kFloat64), -1);
    double loss = 0, norm = 0;
    for (std::int64_t i = prompt - 1; i + 1 < n; ++i) {
        const std::int64_t target = ids[i + 1].item<std::int64_t>();
        torch::Tensor error = probabilities[i].clone();
        loss -= std::log(error[target].item<double>());
        error[target] -= 1;
        norm += error.norm().item<double>();
    }
    return {loss / double(n - prompt), norm / double(n - prompt)};
}

double meanOf(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / double(values.size());
}

}  // namespace

class TestExampleScores : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void forgettingByHand_data();
    void forgettingByHand();
    void forgettingOfMany();
    void lossAndErrorNorm();
    void aCopyLearnsFirst_data();
    void aCopyLearnsFirst();
    void anAdapterLearnsFirst();
    void whatWasNeverLearntIsKept();
    void longExamplesComeLast();
    void stopsAreHeard();
    void misuseIsRefused();

  private:
    /// Of a run of its own.
    Scores scored(TrainerParts& parts) {
        const RunDirectory run = makeRun(m_folder, parts.config);
        m_said = std::make_unique<EventList>();
        RunSession session(run, *m_said, 0, {});
        return scoreExamples(parts, session).value();
    }
    QTemporaryDir m_folder;
    std::unique_ptr<EventList> m_said;
};

void TestExampleScores::forgettingByHand_data() {
    QTest::addColumn<QByteArray>("visits");  // +: learnt, -: not
    QTest::addColumn<double>("score");
    QTest::newRow("never seen") << QByteArray("") << never;
    QTest::newRow("never learnt") << QByteArray("----") << never;
    QTest::newRow("learnt at once") << QByteArray("++++") << 0.0;
    QTest::newRow("learnt late") << QByteArray("---+") << 0.0;
    QTest::newRow("forgotten once") << QByteArray("+-") << 1.0;
    QTest::newRow("forgotten once for long") << QByteArray("-++---+") << 1.0;
    QTest::newRow("forgotten thrice") << QByteArray("+-+--+-") << 3.0;
}

void TestExampleScores::forgettingByHand() {
    QFETCH(QByteArray, visits);
    QFETCH(double, score);
    ForgettingCounts counts(3);
    for (const char visit : visits) {
        counts.visit(1, visit == '+');
        counts.visit(2, true);
    }
    QCOMPARE(counts.score(1), score);
    QCOMPARE(counts.score(0), never);
    QCOMPARE(counts.neverLearnt(), std::int64_t(1 + std::isinf(score) + visits.isEmpty()));
}

// Visits of many examples in any order, counted afterwards from the whole history.
void TestExampleScores::forgettingOfMany() {
    std::mt19937 random(3);
    constexpr std::size_t examples = 30;
    ForgettingCounts counts(examples);
    std::vector<std::string> histories(examples);
    for (int i = 0; i < 400; ++i) {
        const std::size_t example = random() % examples;
        const bool learnt = random() % 3 > 0 && example != 7;
        counts.visit(example, learnt);
        histories[example] += learnt ? '+' : '-';
    }
    for (std::size_t i = 0; i < examples; ++i) {
        double events = histories[i].find('+') == std::string::npos ? never : 0;
        for (std::size_t at = 0; (at = histories[i].find("+-", at)) != std::string::npos; ++at) events += 1;
        QCOMPARE(counts.score(i), events);
    }
}

void TestExampleScores::lossAndErrorNorm() {
    TrainerParts parts = partsOf(configOf("loss", 0, 70));  // more than one batch
    const Scores losses = scored(parts);
    parts.config.distillation.pruning = "el2n";
    const Scores norms = scored(parts);
    QCOMPARE(losses.size(), std::size_t(1));
    QCOMPARE(losses[0].size(), std::size_t(70));
    for (std::uint64_t i = 0; i < 70; i += 3) {
        const auto [loss, norm] = byHand(parts, i);
        QVERIFY(std::abs(losses[0][i] - loss) < 1e-4 && std::abs(norms[0][i] - norm) < 1e-4);
    }
    QVERIFY(m_said->messages("info").empty());
}

void TestExampleScores::aCopyLearnsFirst_data() {
    QTest::addColumn<QString>("pruning");
    QTest::newRow("loss") << "loss";
    QTest::newRow("el2n") << "el2n";
}

void TestExampleScores::aCopyLearnsFirst() {
    QFETCH(QString, pruning);
    TrainerParts parts = partsOf(configOf(pruning.toStdString(), 0));
    const torch::Tensor before = parts.model->flatParameters().detach().clone();
    const Scores untaught = scored(parts);
    parts.config.distillation.pruning_steps = 60;
    const Scores taught = scored(parts), again = scored(parts);
    QVERIFY(meanOf(taught[0]) < 0.8 * meanOf(untaught[0]));
    QVERIFY(taught == again);  // a function of the seed
    QVERIFY(m_said->messages("info").find("20 examples for 60 steps, each about 24.0 times") !=
            std::string::npos);
    parts.config.training.learning_rate *= 0.1;
    QVERIFY(scored(parts) != taught);
    // The run's own student has learned nothing of it.
    QVERIFY(parts.model->flatParameters().detach().equal(before));
    QVERIFY(!parts.model->flatGradients().defined());
}

void TestExampleScores::anAdapterLearnsFirst() {
    TrainerParts parts = partsOf(configOf("loss", 0));
    LoraSettings lora;
    lora.r = 4;
    lora.alpha = 8;
    parts.config.lora = lora;
    auto adapter = std::make_shared<LoraAdapter>(WeightLayout(parts.model->shape()), lora, 3);
    {
        const torch::NoGradGuard noGrad;
        adapter->flat().detach().add_(0.05);  // it has learned something already
    }
    parts.model->setAdapter(adapter);
    const torch::Tensor before = adapter->flat().detach().clone();
    const Scores untaught = scored(parts);
    parts.config.distillation.pruning_steps = 1;
    parts.config.training.learning_rate = 1e-9;
    const Scores barely = scored(parts);
    // The copy begins where the student is, its adapter included.
    for (std::size_t i = 0; i < untaught[0].size(); ++i)
        QVERIFY(std::abs(barely[0][i] - untaught[0][i]) < 1e-4);
    parts.config.distillation.pruning_steps = 60;
    parts.config.training.learning_rate = 2e-2;
    // Less than with all weights: those under the adapter are random here, and frozen.
    const double taught = meanOf(scored(parts)[0]), start = meanOf(untaught[0]);
    QVERIFY2(taught < 0.97 * start, qPrintable(QString("%1 of %2").arg(taught).arg(start)));
    QVERIFY(adapter->flat().detach().equal(before));
}

void TestExampleScores::whatWasNeverLearntIsKept() {
    // Two steps of 8: nothing is learnt by then, and 4 of 20 examples have not been seen.
    TrainerParts parts = partsOf(configOf("forgetting", 2));
    const Scores early = scored(parts);
    for (const double score : early[0]) QCOMPARE(score, never);
    QVERIFY(m_said->messages("info").find("20 of them it never knew by heart") != std::string::npos);
    // Six examples, until each is known by heart.
    parts = partsOf(configOf("forgetting", 150, 6));
    const Scores scores = scored(parts);
    for (const double score : scores[0]) QVERIFY(score >= 0 && score < 20);
    QVERIFY(m_said->messages("info").find("; 0 of them") != std::string::npos);
    // In between some are known: those go first.
    parts = partsOf(configOf("forgetting", 60, 60));
    const std::vector<double> mixed = scored(parts)[0];
    const auto unknown = std::count(mixed.begin(), mixed.end(), never);
    QVERIFY2(unknown > 0 && unknown < 60, qPrintable(QString::number(unknown)));
    const RunDirectory run = makeRun(m_folder, parts.config);
    RunSession session(run, *m_said, 0, {});
    QVERIFY(pruneExamples(parts, session));
    const auto& kept = parts.sources[0].kept;
    QCOMPARE(kept.size(), std::size_t(18));
    double lowestKept = never, highestDropped = -1;
    for (std::uint64_t i = 0; i < 60; ++i) {
        const bool isKept = std::find(kept.begin(), kept.end(), i) != kept.end();
        if (isKept) lowestKept = std::min(lowestKept, mixed[i]);
        if (!isKept) highestDropped = std::max(highestDropped, mixed[i]);
    }
    QVERIFY(lowestKept >= highestDropped);
}

void TestExampleScores::longExamplesComeLast() {
    RunConfig config = configOf("loss", 3, 40);
    config.data.tasks[0].parameters = Json{{"min_digits", 1}, {"max_digits", 2}};
    config.training.max_length = 7;  // "12+34=46" and its end are longer
    TrainerParts parts = partsOf(config);
    const Scores scores = scored(parts);
    int late = 0;
    for (std::uint64_t i = 0; i < 40; ++i) {
        const Problem problem =
            parts.sources[0].task->problem(Split::Train, dataSeed(std::uint64_t(config.seed)), i);
        const bool isLong = sequenceOf(parts, problem).numel() - 1 > config.training.max_length;
        QCOMPARE(scores[0][i] == -1, isLong);
        late += isLong;
    }
    QVERIFY(late > 0 && late < 40);
}

void TestExampleScores::stopsAreHeard() {
    for (const char* pruning : {"loss", "forgetting"}) {
        TrainerParts parts = partsOf(configOf(pruning, 1'000'000'000));
        const RunDirectory run = makeRun(m_folder, parts.config);
        EventList said;
        std::stop_source stop;
        RunSession session(run, said, 0, stop.get_token());
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            stop.request_stop();
        });
        QVERIFY(!pruneExamples(parts, session));
        QVERIFY(!std::filesystem::exists(run.path() / "kept_examples.json"));
        QVERIFY(parts.sources[0].kept.empty());
    }
}

void TestExampleScores::misuseIsRefused() {
    TrainerParts parts = partsOf(configOf("forgetting", 0));
    QVERIFY_EXCEPTION_THROWN(scored(parts), Error);
    parts.config.distillation.pruning_steps = 2;
    parts.config.training.max_length = 2;
    QVERIFY_EXCEPTION_THROWN(scored(parts), Error);
    parts = partsOf(configOf("loss", 20));
    parts.config.training.learning_rate = 1e30;
    parts.config.training.max_grad_norm = 0;
    QVERIFY_EXCEPTION_THROWN(scored(parts), Error);
}

QTEST_GUILESS_MAIN(TestExampleScores)
#include "tst_example_scores.moc"
