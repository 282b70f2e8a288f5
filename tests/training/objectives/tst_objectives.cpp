// The losses against closed forms, and their gradients against finite differences in float64.
#include <torch/torch.h>

#include <QtTest>
#include <cmath>
#include <functional>

#include "core/util/error.h"
#include "training/objectives/policy_loss.h"
#include "training/objectives/sft_loss.h"

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

Values currentLogprobs() {
    Values result;
    for (std::size_t i = 0; i < ratios.size(); ++i) result.push_back(oldLogprobs[i] + std::log(ratios[i]));
    return result;
}

PolicyLossSettings settingsOf(LossType type, double beta = 0, KlEstimator estimator = KlEstimator::K3) {
    return {type, estimator, 0.2, 0.28, beta, 10};
}

PolicyLoss lossAt(const PolicyLossSettings& settings, const torch::Tensor& logprobs) {
    const Values weights = tokenWeights(settings, lengths, {true, true}, {2, 4, 1});
    return policyLoss(
        settings, {logprobs, tensor(oldLogprobs), tensor(reference), tensor(advantages), tensor(weights)});
}

}  // namespace

class TestObjectives : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void lossTypes_data();
    void lossTypes();
    void gradientsMatchFiniteDifferences_data();
    void gradientsMatchFiniteDifferences();
    void clippingIsCounted();
    void onPolicyRatioIsOne();
    void klEstimates();
    void k1TakesTheGradientOfK2();
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
    for (int type = 0; type < 4; ++type) {
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
    if (beta == 0) {  // the clipped tokens teach nothing
        const Values g = gradient(loss, currentLogprobs());
        QCOMPARE(g[0], 0.0);
        QVERIFY(g[1] < 0 && g[2] < 0);
        QCOMPARE(g[3], 0.0);
    }
}

void TestObjectives::clippingIsCounted() {
    const PolicyLoss loss = lossAt(settingsOf(LossType::Dapo), tensor(currentLogprobs()));
    QCOMPARE(loss.clippedHigh, 1.0);
    QCOMPARE(loss.clippedLow, 1.0);
    QCOMPARE(loss.tokens, 4.0);
}

void TestObjectives::onPolicyRatioIsOne() {
    const auto settings = settingsOf(LossType::Dapo);
    const Values weights = tokenWeights(settings, lengths, {true, true}, {2, 4, 1});
    torch::Tensor x = tensor(currentLogprobs()).requires_grad_();
    const PolicyLoss loss = policyLoss(settings, {x, {}, {}, tensor(advantages), tensor(weights)});
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

void TestObjectives::k1TakesTheGradientOfK2() {
    const torch::Tensor q = tensor({-1.5, -0.1});
    const auto k1 = [&](const torch::Tensor& x) { return klEstimate(KlEstimator::K1, x, q).sum(); };
    QVERIFY(distance(gradient(k1, {-1.0, -0.3}), {0.5, -0.2}) < 1e-12);
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
    QVERIFY_EXCEPTION_THROWN(klEstimatorFrom("k4"), Error);
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
