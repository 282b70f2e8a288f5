// The losses against closed forms, and their gradients against finite differences in float64.
#include <QtTest>
#include <cmath>
#include <functional>

#include "core/util/error.h"
#include "training/objectives/entropy.h"
#include "training/objectives/policy_loss.h"
#include "training/objectives/sft_loss.h"
#include "training/tensor.h"

using namespace retort;

namespace {

using Values = std::vector<double>;

torch::Tensor tensor(const Values& values) {
    return torch::tensor(values, torch::kFloat64);
}

Values valuesOf(const torch::Tensor& t) {
    const torch::Tensor flat = t.contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

/// Gradient of `loss` at `at` by autograd.
Values gradient(const std::function<torch::Tensor(const torch::Tensor&)>& loss, const Values& at) {
    torch::Tensor x = tensor(at).requires_grad_();
    loss(x).backward();
    return valuesOf(x.grad());
}

/// … and by central differences.
Values numericalGradient(const std::function<torch::Tensor(const torch::Tensor&)>& loss, const Values& at) {
    Values result;
    constexpr double h = 1e-6;
    for (std::size_t i = 0; i < at.size(); ++i) {
        Values up = at, down = at;
        up[i] += h;
        down[i] -= h;
        result.push_back((loss(tensor(up)).item<double>() - loss(tensor(down)).item<double>()) / (2 * h));
    }
    return result;
}

double distance(const Values& a, const Values& b) {
    double worst = a.size() == b.size() ? 0 : 1e9;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        worst = std::max(worst, std::abs(a[i] - b[i]));
    return worst;
}

// Two completions of three and one tokens. Ratios at the old log-probabilities: 1.6 (clipped high
// at 1.28), 1.05, 0.7 (under 0.8, but a positive advantage is not clipped there), and 0.5 with a negative
// advantage (clipped low).
const std::vector<std::int64_t> lengths = {3, 1};
const Values oldLogprobs = {-1.0, -0.5, -2.0, -0.7};
const Values ratios = {1.6, 1.05, 0.7, 0.5};
const Values advantages = {1.5, 1.5, 1.5, -0.5};
const Values reference = {-0.9, -0.6, -1.2, -0.7};
const Values entropies = {0.1, 0.9, 0.5, 0.3};

Values currentLogprobs() {
    Values result;
    for (std::size_t i = 0; i < ratios.size(); ++i) result.push_back(oldLogprobs[i] + std::log(ratios[i]));
    return result;
}

PolicyLossSettings settingsOf(LossType type, double beta = 0, KlEstimator estimator = KlEstimator::K3) {
    PolicyLossSettings settings;
    settings.lossType = type;
    settings.klEstimator = estimator;
    settings.epsilonLow = 0.2;
    settings.epsilonHigh = type == LossType::Cispo ? 1.3 : 0.28;
    settings.beta = beta;
    settings.maxCompletionLength = 10;
    if (type == LossType::Luspo) settings.level = RatioLevel::Sequence;
    return settings;
}

PolicyLoss lossAt(const PolicyLossSettings& settings, const torch::Tensor& logprobs) {
    const Values weights = tokenWeights(settings, lengths, {true, true}, {2, 4, 1});
    return policyLoss(settings, {logprobs, tensor(oldLogprobs), tensor(reference), tensor(advantages),
                                 tensor(weights), lengths, tensor(entropies)});
}

}  // namespace

class TestObjectives : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void lossTypes_data();
    void lossTypes();
    void gradientsMatchFiniteDifferences_data();
    void gradientsMatchFiniteDifferences();
    void cispoKeepsTheGradientOfClippedTokens();
    void sequenceRatiosAreGeometricMeans();
    void deltaBoundsTheOtherSide();
    void entropyMaskKeepsTheUncertainTokens();
    void offPolicyCompletionsAreLeftOut();
    void biasCorrectedKl();
    void klIsSteered();
    void entropyBonusIsSteered();
    void clippingIsCounted();
    void onPolicyRatioIsOne();
    void klEstimates();
    void straightThroughEstimates();
    void microBatchesAddUp_data();
    void microBatchesAddUp();
    void truncatedCompletionsWeighNothing();
    void namesAreChecked();
    void sftLossIsTheMeanOverTheStep();
};

void TestObjectives::lossTypes_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<double>("expected");
    // Token losses: -min(1.6·1.5, 1.28·1.5), -1.05·1.5, -0.7·1.5, -min(0.5·-0.5, 0.8·-0.5).
    const double a = -1.92, b = -1.575, c = -1.05, d = 0.4;
    QTest::newRow("grpo") << int(LossType::Grpo) << ((a + b + c) / 3 + d) / 2;
    QTest::newRow("bnpo") << int(LossType::Bnpo) << (a + b + c + d) / 4;
    QTest::newRow("dr_grpo") << int(LossType::DrGrpo) << (a + b + c + d) / 20;
    QTest::newRow("dapo") << int(LossType::Dapo) << (a + b + c + d) / 4;
    // -min(ρ, 1.3)·A·logp, summed over 4 tokens.
    const Values logp = currentLogprobs();
    QTest::newRow("cispo") << int(LossType::Cispo)
                           << (-1.3 * 1.5 * logp[0] - 1.05 * 1.5 * logp[1] - 0.7 * 1.5 * logp[2] +
                               0.5 * 0.5 * logp[3]) /
                                  4;
    const auto gate = [](double ratio, double t) { return 4 / t / (1 + std::exp(-t * (ratio - 1))); };
    QTest::newRow("sapo") << int(LossType::Sapo)
                          << ((-gate(1.6, 1) - gate(1.05, 1) - gate(0.7, 1)) * 1.5 / 3 +
                              gate(0.5, 1.05) * 0.5) /
                                 2;
    // The geometric mean of the first completion's ratios is within the clip range, times three tokens.
    const double mean = std::cbrt(1.6 * 1.05 * 0.7);
    QTest::newRow("luspo") << int(LossType::Luspo) << (-mean * 1.5 * 3 + 0.4) / 2;
}

void TestObjectives::lossTypes() {
    QFETCH(int, type);
    QFETCH(double, expected);
    const PolicyLoss loss = lossAt(settingsOf(LossType(type)), tensor(currentLogprobs()));
    QVERIFY(std::abs(loss.loss.item<double>() - expected) < 1e-12);
    QVERIFY(std::abs(loss.policy - expected) < 1e-12);
}

void TestObjectives::gradientsMatchFiniteDifferences_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<double>("beta");
    QTest::addColumn<int>("estimator");
    for (int type = 0; type < 7; ++type) {
        if (LossType(type) == LossType::Cispo)
            continue;  // its gradient is not that of its value; tested below
        QTest::addRow("loss %d", type) << type << 0.0 << int(KlEstimator::K3);
        QTest::addRow("loss %d, k2", type) << type << 0.3 << int(KlEstimator::K2);
        QTest::addRow("loss %d, k3", type) << type << 0.3 << int(KlEstimator::K3);
    }
}

void TestObjectives::gradientsMatchFiniteDifferences() {
    QFETCH(int, type);
    QFETCH(double, beta);
    QFETCH(int, estimator);
    const auto settings = settingsOf(LossType(type), beta, KlEstimator(estimator));
    const auto loss = [&](const torch::Tensor& x) { return lossAt(settings, x).loss; };
    QVERIFY(distance(gradient(loss, currentLogprobs()), numericalGradient(loss, currentLogprobs())) < 1e-8);
    if (beta == 0 && type < 4) {  // the clipped tokens teach nothing
        const Values g = gradient(loss, currentLogprobs());
        QCOMPARE(g[0], 0.0);
        QVERIFY(g[1] < 0 && g[2] < 0);
        QCOMPARE(g[3], 0.0);
    }
}

void TestObjectives::cispoKeepsTheGradientOfClippedTokens() {
    const auto loss = [&](const torch::Tensor& x) { return lossAt(settingsOf(LossType::Cispo), x).loss; };
    // -sg(min(ρ, 1.3))·A/4: also where the ratio is cut.
    QVERIFY(distance(gradient(loss, currentLogprobs()),
                     {-1.3 * 1.5 / 4, -1.05 * 1.5 / 4, -0.7 * 1.5 / 4, 0.5 * 0.5 / 4}) < 1e-12);
    const PolicyLoss counted = lossAt(settingsOf(LossType::Cispo), tensor(currentLogprobs()));
    QCOMPARE(counted.clippedHigh, 1.0);
    QCOMPARE(counted.clippedLow, 0.0);
}

void TestObjectives::sequenceRatiosAreGeometricMeans() {
    PolicyLossSettings settings = settingsOf(LossType::Grpo);
    settings.level = RatioLevel::Sequence;
    const double mean = std::cbrt(1.6 * 1.05 * 0.7);
    const PolicyLoss loss = lossAt(settings, tensor(currentLogprobs()));
    QVERIFY(std::abs(loss.policy - (-mean * 1.5 + 0.8 * 0.5) / 2) < 1e-12);
    QVERIFY(distance(valuesOf(loss.ratios), {mean, mean, mean, 0.5}) < 1e-12);
    const auto value = [&](const torch::Tensor& x) { return lossAt(settings, x).loss; };
    QVERIFY(distance(gradient(value, currentLogprobs()), numericalGradient(value, currentLogprobs())) < 1e-8);
    // Every token of an unclipped completion has the same share in its ratio.
    QVERIFY(std::abs(gradient(value, currentLogprobs())[0] + mean * 1.5 / 3 / 2) < 1e-12);
}

void TestObjectives::deltaBoundsTheOtherSide() {
    PolicyLossSettings settings = settingsOf(LossType::Dapo);
    const auto lossOf = [&](double ratio) {
        return policyLoss(settings,
                          {tensor({std::log(ratio)}), tensor({0}), {}, tensor({-2}), tensor({1}), {1}, {}})
            .policy;
    };
    QVERIFY(std::abs(lossOf(50) - 100) < 1e-9);  // GRPO has no bound for a bad token that becomes likely
    settings.delta = 4;
    QVERIFY(std::abs(lossOf(50) - 8) < 1e-9);
    QVERIFY(std::abs(lossOf(3) - 6) < 1e-9);
}

void TestObjectives::entropyMaskKeepsTheUncertainTokens() {
    QCOMPARE(valuesOf(highEntropyMask(tensor(entropies), 0.5)), Values({0, 1, 1, 0}));
    QCOMPARE(valuesOf(highEntropyMask(tensor(entropies), 1)), Values({1, 1, 1, 1}));
    QCOMPARE(valuesOf(highEntropyMask(tensor({0.5, 0.5, 0.5}), 0.2)), Values({1, 1, 1}));
    PolicyLossSettings settings = settingsOf(LossType::Dapo, 0.3);
    settings.topEntropyQuantile = 0.5;
    const Values g =
        gradient([&](const torch::Tensor& x) { return lossAt(settings, x).loss; }, currentLogprobs());
    settings.topEntropyQuantile = 1;
    const Values all =
        gradient([&](const torch::Tensor& x) { return lossAt(settings, x).loss; }, currentLogprobs());
    const Values kl = gradient(
        [](const torch::Tensor& x) {
            return 0.3 * klEstimate(KlEstimator::K3, x, tensor(reference)).sum() / 4;
        },
        currentLogprobs());
    // Masked tokens keep their KL, as in TRL.
    QVERIFY(distance(g, {kl[0], all[1], all[2], kl[3]}) < 1e-12);
}

void TestObjectives::offPolicyCompletionsAreLeftOut() {
    PolicyTokens tokens{tensor(currentLogprobs()),
                        tensor(oldLogprobs),
                        {},
                        tensor(advantages),
                        tensor({1, 1, 1, 1}),
                        lengths,
                        {}};
    // The bad completion was left by log 2 = 0.69 nats; the good one may be as far away as it likes.
    QCOMPARE(valuesOf(offPolicyMask(tokens, 0.7)), Values({1, 1, 1, 1}));
    QCOMPARE(valuesOf(offPolicyMask(tokens, 0.6)), Values({1, 1, 1, 0}));
    PolicyLossSettings settings = settingsOf(LossType::Dapo);
    settings.offPolicyMaskThreshold = 0.6;
    QVERIFY(std::abs(lossAt(settings, tensor(currentLogprobs())).policy - (-1.92 - 1.575 - 1.05) / 4) <
            1e-12);
}

void TestObjectives::biasCorrectedKl() {
    PolicyLossSettings settings = settingsOf(LossType::Dapo, 0.5);
    const torch::Tensor at = tensor(currentLogprobs());
    const Values kl = valuesOf(klEstimate(KlEstimator::K3, at, tensor(reference)));
    double plain = 0, corrected = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        plain += 0.5 * kl[i] / 4;
        corrected += 0.5 * kl[i] * ratios[i] / 4;
    }
    const PolicyLoss without = lossAt(settings, at);
    QVERIFY(std::abs(without.loss.item<double>() - without.policy - plain) < 1e-12);
    settings.useBiasCorrectionKl = true;
    const PolicyLoss with = lossAt(settings, at);
    QVERIFY(std::abs(with.loss.item<double>() - with.policy - corrected) < 1e-12);
}

void TestObjectives::klIsSteered() {
    KlController fixed(0.1, 0, 100);
    fixed.update(5, 50);
    QCOMPARE(fixed.coefficient(), 0.1);
    KlController steered(0.1, 0.2, 100);
    steered.update(0.4, 50);  // too far: the error is cut at 0.2
    QVERIFY(std::abs(steered.coefficient() - 0.1 * 1.1) < 1e-12);
    steered.update(0.19, 50);  // a little under the target
    QVERIFY(std::abs(steered.coefficient() - 0.1 * 1.1 * (1 - 0.05 * 0.5)) < 1e-12);
}

void TestObjectives::entropyBonusIsSteered() {
    EntropyController fixed({0.01, false, 0, 1, 0.005, 0.2});
    fixed.update(5);
    QCOMPARE(fixed.applied(), 0.01);
    EntropyController adaptive({0.01, true, 0, 0.02, 0.008, 0.2});
    QCOMPARE(adaptive.applied(), 0.01);
    adaptive.update(0.1);
    QVERIFY(std::abs(adaptive.applied() - 0.018) < 1e-12);
    adaptive.update(0.2);
    QCOMPARE(adaptive.applied(), 0.02);  // no higher than its maximum
    adaptive.update(0.5);
    QCOMPARE(adaptive.applied(), 0.0);                          // enough entropy: not applied,
    QVERIFY(std::abs(adaptive.coefficient() - 0.012) < 1e-12);  // and lowered
    adaptive.update(0.5);
    adaptive.update(0.5);
    QCOMPARE(adaptive.coefficient(), 0.0);
}

void TestObjectives::clippingIsCounted() {
    const PolicyLoss loss = lossAt(settingsOf(LossType::Dapo), tensor(currentLogprobs()));
    QCOMPARE(loss.clippedHigh, 1.0);
    QCOMPARE(loss.clippedLow, 1.0);
    QCOMPARE(loss.tokens, 4.0);
    QVERIFY(distance(valuesOf(loss.ratios), ratios) < 1e-12);
    QVERIFY(loss.clipped.equal(torch::tensor({1, 0, 0, -1}, torch::kInt32)));
}

void TestObjectives::onPolicyRatioIsOne() {
    const auto settings = settingsOf(LossType::Dapo);
    const Values weights = tokenWeights(settings, lengths, {true, true}, {2, 4, 1});
    torch::Tensor x = tensor(currentLogprobs()).requires_grad_();
    const PolicyLoss loss =
        policyLoss(settings, {x, {}, {}, tensor(advantages), tensor(weights), lengths, {}});
    QVERIFY(std::abs(loss.policy - -(3 * 1.5 - 0.5) / 4) < 1e-12);
    loss.loss.backward();
    // REINFORCE: the gradient is -A·weight.
    QVERIFY(distance(valuesOf(x.grad()), {-0.375, -0.375, -0.375, 0.125}) < 1e-12);
    QCOMPARE(loss.clippedLow + loss.clippedHigh, 0.0);
}

void TestObjectives::klEstimates() {
    const Values p = {-1.0, -0.3}, q = {-1.5, -0.1};  // ℓ = 0.5, -0.2
    QVERIFY(distance(valuesOf(klEstimate(KlEstimator::K1, tensor(p), tensor(q))), {0.5, -0.2}) < 1e-12);
    QVERIFY(distance(valuesOf(klEstimate(KlEstimator::K2, tensor(p), tensor(q))), {0.125, 0.02}) < 1e-12);
    QVERIFY(distance(valuesOf(klEstimate(KlEstimator::K3, tensor(p), tensor(q))),
                     {std::exp(-0.5) + 0.5 - 1, std::exp(0.2) - 0.2 - 1}) < 1e-12);
}

void TestObjectives::straightThroughEstimates() {
    const torch::Tensor q = tensor({-1.5, -0.1});
    const Values at = {-1.0, -0.3};
    const auto of = [&](KlEstimator estimator) {
        return [&q, estimator](const torch::Tensor& x) { return klEstimate(estimator, x, q).sum(); };
    };
    QVERIFY(distance(gradient(of(KlEstimator::K1), at), {1, 1}) < 1e-12);
    for (KlEstimator plus : {KlEstimator::K1Plus, KlEstimator::K3Plus})
        QVERIFY(distance(gradient(of(plus), at), {0.5, -0.2}) < 1e-12);  // k2's
    QVERIFY(distance(valuesOf(klEstimate(KlEstimator::K1Plus, tensor(at), q)), {0.5, -0.2}) < 1e-12);
    QVERIFY(distance(valuesOf(klEstimate(KlEstimator::K3Plus, tensor(at), q)),
                     valuesOf(klEstimate(KlEstimator::K3, tensor(at), q))) < 1e-12);
}

void TestObjectives::microBatchesAddUp_data() {
    QTest::addColumn<int>("type");
    QTest::newRow("grpo") << int(LossType::Grpo);
    QTest::newRow("dr_grpo") << int(LossType::DrGrpo);
    QTest::newRow("dapo") << int(LossType::Dapo);
}

// Splitting a step into micro-batches changes nothing (bnpo is defined per micro-batch, so there it may).
void TestObjectives::microBatchesAddUp() {
    QFETCH(int, type);
    const auto settings = settingsOf(LossType(type));
    const Values whole = tokenWeights(settings, lengths, {true, true}, {2, 4, 1});
    Values parts = tokenWeights(settings, {3}, {true}, {2, 4, 2});
    const Values second = tokenWeights(settings, {1}, {true}, {2, 4, 2});
    parts.insert(parts.end(), second.begin(), second.end());
    QCOMPARE(parts, whole);
}

void TestObjectives::truncatedCompletionsWeighNothing() {
    const Values weights = tokenWeights(settingsOf(LossType::Grpo), lengths, {false, true}, {2, 4, 1});
    QCOMPARE(weights, Values({0, 0, 0, 0.5}));
    const Values bnpo = tokenWeights(settingsOf(LossType::Bnpo), lengths, {true, false}, {2, 4, 1});
    QCOMPARE(bnpo, Values({1.0 / 3, 1.0 / 3, 1.0 / 3, 0}));
    const Values nothing = tokenWeights(settingsOf(LossType::Bnpo), lengths, {false, false}, {2, 4, 1});
    QCOMPARE(nothing, Values({0, 0, 0, 0}));
}

void TestObjectives::namesAreChecked() {
    QCOMPARE(int(lossTypeFrom("dr_grpo")), int(LossType::DrGrpo));
    QCOMPARE(int(klEstimatorFrom("k2")), int(KlEstimator::K2));
    QVERIFY_EXCEPTION_THROWN(lossTypeFrom("ppo"), Error);
    QCOMPARE(int(klEstimatorFrom("k3+")), int(KlEstimator::K3Plus));
    QCOMPARE(int(ratioLevelFrom("sequence")), int(RatioLevel::Sequence));
    QVERIFY_EXCEPTION_THROWN(klEstimatorFrom("k4"), Error);
    QVERIFY_EXCEPTION_THROWN(ratioLevelFrom("word"), Error);
}

void TestObjectives::sftLossIsTheMeanOverTheStep() {
    const Values logprobs = {-0.5, -1.5, -4.0};
    QVERIFY(std::abs(sftLoss(tensor(logprobs), 3).item<double>() - 2) < 1e-12);
    // Two halves of one step give the same sum.
    const double halves =
        sftLoss(tensor({-0.5, -1.5}), 3).item<double>() + sftLoss(tensor({-4.0}), 3).item<double>();
    QVERIFY(std::abs(halves - 2) < 1e-12);
    QVERIFY(distance(gradient([](const torch::Tensor& x) { return sftLoss(x, 3); }, logprobs),
                     {-1.0 / 3, -1.0 / 3, -1.0 / 3}) < 1e-12);
}

QTEST_APPLESS_MAIN(TestObjectives)
#include "tst_objectives.moc"
