// PPO's advantages and the losses of models that give numbers, against their definitions and finite
// differences.
#include <QtTest>
#include <cmath>
#include <functional>
#include <random>

#include "training/objectives/gae.h"
#include "training/objectives/score_losses.h"
#include "training/tensor.h"

using namespace retort;

namespace {

torch::Tensor tensor(const std::vector<double>& values) {
    return torch::tensor(values, torch::kFloat64);
}

/// Largest difference between autograd and central differences.
double gradientError(const std::function<torch::Tensor(const torch::Tensor&)>& loss,
                     const torch::Tensor& at) {
    torch::Tensor x = at.clone().requires_grad_();
    loss(x).backward();
    double worst = 0;
    for (std::int64_t i = 0; i < at.numel(); ++i) {
        torch::Tensor up = at.clone(), down = at.clone();
        up.view(-1)[i] += 1e-6;
        down.view(-1)[i] -= 1e-6;
        const double numerical = (loss(up).item<double>() - loss(down).item<double>()) / 2e-6;
        worst = std::max(worst, std::abs(numerical - x.grad().view(-1)[i].item<double>()));
    }
    return worst;
}

}  // namespace

class TestScoreLosses : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void advantagesMatchTheirDefinition();
    void advantagesAtTheEnds();
    void klStandsInTheReward();
    void whitening();
    void valueLossIsClipped();
    void bradleyTerry();
    void stepLabels();
};

void TestScoreLosses::advantagesMatchTheirDefinition() {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    const double gamma = 0.9, lambda = 0.7;
    std::vector<double> rewards(7), values(7);
    for (double& reward : rewards) reward = normal(random);
    for (double& value : values) value = normal(random);
    const TokenReturns found = generalisedAdvantages(rewards, values, gamma, lambda);
    for (std::size_t t = 0; t < 7; ++t) {
        double expected = 0;  // Σ (γλ)^l δ_{t+l}
        for (std::size_t l = 0; t + l < 7; ++l) {
            const double next = t + l + 1 < 7 ? values[t + l + 1] : 0;
            expected += std::pow(gamma * lambda, double(l)) * (rewards[t + l] + gamma * next - values[t + l]);
        }
        QVERIFY(std::abs(found.advantages[t] - expected) < 1e-12);
        QVERIFY(std::abs(found.returns[t] - expected - values[t]) < 1e-12);
    }
}

void TestScoreLosses::advantagesAtTheEnds() {
    const std::vector<double> rewards = {0, 0, 1}, values = {0.5, 0.25, 0.75};
    // λ = 1: reward to come less the value; λ = 0: the next state's word for it.
    QCOMPARE(generalisedAdvantages(rewards, values, 1, 1).advantages, std::vector<double>({0.5, 0.75, 0.25}));
    QCOMPARE(generalisedAdvantages(rewards, values, 1, 0).advantages,
             std::vector<double>({-0.25, 0.5, 0.25}));
    QVERIFY(generalisedAdvantages({}, {}, 1, 1).advantages.empty());
}

void TestScoreLosses::klStandsInTheReward() {
    const std::vector<double> kl = {0.5, -0.25, 1};
    QCOMPARE(tokenRewards(kl, 0.1, 2), std::vector<double>({-0.05, 0.025, 1.9}));
    QVERIFY(tokenRewards({}, 0.1, 2).empty());
}

void TestScoreLosses::whitening() {
    std::vector<std::vector<double>> tokens = {{1, 2}, {}, {6}};
    whiten(tokens, true);
    const double scale = 1 / std::sqrt((4 + 1 + 9) / 2.0 + 1e-8);
    QVERIFY(std::abs(tokens[0][0] + 2 * scale) < 1e-12 && std::abs(tokens[2][0] - 3 * scale) < 1e-12);
    tokens = {{1, 2}, {6}};
    whiten(tokens, false);
    QVERIFY(std::abs(tokens[0][1] - (3 - scale)) < 1e-12);
}

void TestScoreLosses::valueLossIsClipped() {
    const torch::Tensor old = tensor({1, 1, 1}), returns = tensor({2, 1.1, 0}),
                        values = tensor({1.5, 1.1, 1.3});
    const ValueLoss loss = valueLoss(values, old, returns, 0.2, 3);
    // max(0.5², 0.8²), 0, max(1.3², 1.2²)
    QVERIFY(std::abs(loss.loss.item<double>() - (0.64 + 0 + 1.69) / 6) < 1e-12);
    QCOMPARE(loss.clipped, 1.0);
    QVERIFY(gradientError([&](const torch::Tensor& x) { return valueLoss(x, old, returns, 0.2, 3).loss; },
                          tensor({1.5, 1.15, 1.3})) < 1e-8);
}

void TestScoreLosses::bradleyTerry() {
    const torch::Tensor chosen = tensor({1, -0.5}), rejected = tensor({0.5, 1});
    const double plain = std::log1p(std::exp(-0.5)) + std::log1p(std::exp(1.5));
    QVERIFY(std::abs(rewardModelLoss(chosen, rejected, 0, 2).item<double>() - plain / 2) < 1e-12);
    const double centred = plain + 0.1 * (1.5 * 1.5 + 0.5 * 0.5);
    QVERIFY(std::abs(rewardModelLoss(chosen, rejected, 0.1, 2).item<double>() - centred / 2) < 1e-12);
    // Halves of a step add up.
    const double halves = rewardModelLoss(tensor({1}), tensor({0.5}), 0.1, 2).item<double>() +
                          rewardModelLoss(tensor({-0.5}), tensor({1}), 0.1, 2).item<double>();
    QVERIFY(std::abs(halves - centred / 2) < 1e-12);
    QVERIFY(gradientError([&](const torch::Tensor& x) { return rewardModelLoss(x, rejected, 0.1, 2); },
                          chosen) < 1e-8);
}

void TestScoreLosses::stepLabels() {
    const torch::Tensor scores = tensor({0, 1, 2, 0, -1, -1}).view({3, 2});
    const torch::Tensor labels = torch::tensor({1, 1, 0}, torch::kInt64);
    const double expected = std::log1p(std::exp(-1.0)) + std::log1p(std::exp(2.0)) + std::log(2.0);
    QVERIFY(std::abs(stepLabelLoss(scores, labels, 3).item<double>() - expected / 3) < 1e-12);
    QVERIFY(gradientError([&](const torch::Tensor& x) { return stepLabelLoss(x, labels, 3); }, scores) <
            1e-8);
}

QTEST_APPLESS_MAIN(TestScoreLosses)
#include "tst_score_losses.moc"
