// Distances to a teacher against TRL's GKD (tests/peers/trl_losses.py), and the other losses against closed
// forms, brute force and finite differences in float64.
#include <QtTest>
#include <cmath>

#include "core/util/files.h"
#include "core/util/json.h"
#include "training/objectives/distillation_loss.h"
#include "training/objectives/sft_loss.h"
#include "training/tensor.h"

using namespace retort;

namespace {

using Values = std::vector<double>;

torch::Tensor tensor(const Values& values) {
    return torch::tensor(values, torch::kFloat64);
}

/// [positions, 7] of the golden logits, at the positions that have a label.
torch::Tensor goldenLogits(const Json& inputs, const char* name) {
    Values values;
    for (std::size_t row = 0; row < inputs[name].size(); ++row)
        for (std::size_t i = 0; i < inputs[name][row].size(); ++i)
            for (const Json& logit : inputs[name][row][i]) values.push_back(logit.get<double>());
    return tensor(values).view({-1, 7});
}

torch::Tensor labelMask(const Json& inputs) {
    std::vector<std::int64_t> labels;
    for (const Json& row : inputs["labels"])
        for (const Json& label : row) labels.push_back(label.get<std::int64_t>());
    return torch::tensor(labels).ne(-100);
}

double slopeAt(const std::function<double(double)>& f, double x) {
    constexpr double h = 1e-6;
    return (f(x + h) - f(x - h)) / (2 * h);
}

}  // namespace

class TestDistillationLoss : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void gkdAsTrl_data();
    void gkdAsTrl();
    void endsAreTheTwoDivergences();
    void bucketsKeepTheMass();
    void bucketsNeverRaiseTheDivergence();
    void bucketGradients();
    void passAtNIsWhatItSays_data();
    void passAtNIsWhatItSays();
    void passAtNGradient_data() { passAtNIsWhatItSays_data(); }
    void passAtNGradient();
    void passAtNOfOneSampleIsCrossEntropy();
    void passAtNAtTheEnds();
    void learnableTokensAreThoseWithTheLargestGap();
    void dftWeighsByProbability();

  private:
    const Json m_golden = Json::parse(readFile(RETORT_SOURCE_DIR "/tests/peers/golden/trl/losses.json"));
};

void TestDistillationLoss::gkdAsTrl_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < m_golden["gkd"].size(); ++i)
        QTest::addRow("beta %g, temperature %g", m_golden["gkd"][i]["beta"].get<double>(),
                      m_golden["gkd"][i]["temperature"].get<double>())
            << int(i);
}

void TestDistillationLoss::gkdAsTrl() {
    QFETCH(int, index);
    const Json& expected = m_golden["gkd"][std::size_t(index)];
    const double temperature = expected["temperature"], beta = expected["beta"];
    const torch::Tensor student = goldenLogits(m_golden["inputs"], "student_logits").requires_grad_();
    const torch::Tensor teacher = goldenLogits(m_golden["inputs"], "teacher_logits");
    const torch::Tensor rows = labelMask(m_golden["inputs"]).nonzero().squeeze(1);
    const auto logprobs = [&](const torch::Tensor& logits) {
        return torch::log_softmax(logits.index_select(0, rows) / temperature, -1);
    };
    const torch::Tensor loss = generalizedJsd(logprobs(student), logprobs(teacher), beta).mean();
    loss.backward();
    QVERIFY(std::abs(loss.item<double>() - expected["loss"].get<double>()) < 1e-12);
    const torch::Tensor gradient = tensor(expected["gradient"].get<Values>()).view({-1, 7});
    QVERIFY((student.grad() - gradient).abs().max().item<double>() < 1e-12);
}

void TestDistillationLoss::endsAreTheTwoDivergences() {
    const torch::Tensor p = tensor({0.7, 0.2, 0.1}).log().unsqueeze(0),
                        q = tensor({0.3, 0.3, 0.4}).log().unsqueeze(0);
    double forward = 0, reverse = 0;
    for (int i = 0; i < 3; ++i) {
        const double a = std::exp(p[0][i].item<double>()), b = std::exp(q[0][i].item<double>());
        forward += a * std::log(a / b);
        reverse += b * std::log(b / a);
    }
    QVERIFY(std::abs(generalizedJsd(q, p, 0).item<double>() - forward) < 1e-14);
    QVERIFY(std::abs(generalizedJsd(q, p, 1).item<double>() - reverse) < 1e-14);
    QVERIFY(std::abs(generalizedJsd(q, q, 0.5).item<double>()) < 1e-15);
    // Symmetric at one half: the Jensen-Shannon divergence.
    QVERIFY(std::abs(generalizedJsd(q, p, 0.5).item<double>() - generalizedJsd(p, q, 0.5).item<double>()) <
            1e-14);
}

void TestDistillationLoss::bucketsKeepTheMass() {
    torch::manual_seed(1);
    const torch::Tensor logprobs = torch::log_softmax(3 * torch::randn({6, 11}, torch::kFloat64), -1);
    const TopProbabilities top = topProbabilities(logprobs, 4);
    QCOMPARE(top.logprobs.size(1), 5);
    QVERIFY((top.logprobs.exp().sum(-1) - 1).abs().max().item<double>() < 1e-12);
    // Brute force: sort, take four, add the others up.
    for (int row = 0; row < 6; ++row) {
        Values p;
        for (int i = 0; i < 11; ++i) p.push_back(std::exp(logprobs[row][i].item<double>()));
        std::sort(p.rbegin(), p.rend());
        double rest = 0;
        for (int i = 4; i < 11; ++i) rest += p[std::size_t(i)];
        for (int i = 0; i < 4; ++i)
            QVERIFY(std::abs(std::exp(top.logprobs[row][i].item<double>()) - p[std::size_t(i)]) < 1e-12);
        QVERIFY(std::abs(std::exp(top.logprobs[row][4].item<double>()) - rest) < 1e-12);
    }
    // A teacher that is certain leaves nothing for the rest, and that must not become NaN.
    const torch::Tensor certain = torch::log_softmax(tensor({500, 0, 0, 0}).unsqueeze(0), -1);
    const TopProbabilities one = topProbabilities(certain, 1);
    const torch::Tensor other = inBuckets(torch::log_softmax(tensor({0, 0, 0, 0}).unsqueeze(0), -1), one.ids);
    for (const double beta : {0.0, 0.5, 1.0})
        QVERIFY(std::isfinite(generalizedJsd(other, one.logprobs, beta).item<double>()));
    QVERIFY(std::abs(generalizedJsd(other, one.logprobs, 0).item<double>() - std::log(4)) < 1e-9);
}

// Data processing: merging outcomes cannot make two distributions easier to tell apart.
void TestDistillationLoss::bucketsNeverRaiseTheDivergence() {
    torch::manual_seed(2);
    const torch::Tensor student = torch::log_softmax(2 * torch::randn({50, 9}, torch::kFloat64), -1);
    const torch::Tensor teacher = torch::log_softmax(2 * torch::randn({50, 9}, torch::kFloat64), -1);
    for (const double beta : {0.0, 0.3, 1.0}) {
        const torch::Tensor whole = generalizedJsd(student, teacher, beta);
        torch::Tensor before = torch::zeros_like(whole);
        for (const int k : {1, 3, 8}) {
            const TopProbabilities top = topProbabilities(teacher, k);
            const torch::Tensor part = generalizedJsd(inBuckets(student, top.ids), top.logprobs, beta);
            QVERIFY((part - whole).max().item<double>() < 1e-12);
            QVERIFY((before - part).max().item<double>() < 1e-12);  // and grows with k
            before = part;
        }
        QVERIFY((before - whole).abs().max().item<double>() < 1e-9);  // 8 of 9, and a rest of one: everything
    }
}

void TestDistillationLoss::bucketGradients() {
    torch::manual_seed(3);
    const torch::Tensor teacher = torch::log_softmax(torch::randn({2, 6}, torch::kFloat64), -1);
    const TopProbabilities top = topProbabilities(teacher, 2);
    const torch::Tensor start = torch::randn({2, 6}, torch::kFloat64);
    const auto loss = [&](const torch::Tensor& logits) {
        return generalizedJsd(inBuckets(torch::log_softmax(logits, -1), top.ids), top.logprobs, 0.4).sum();
    };
    const torch::Tensor x = start.clone().requires_grad_();
    loss(x).backward();
    for (int row = 0; row < 2; ++row)
        for (int i = 0; i < 6; ++i) {
            const double slope = slopeAt(
                [&](double value) {
                    const torch::Tensor moved = start.clone();
                    moved[row][i] = value;
                    return loss(moved).item<double>();
                },
                start[row][i].item<double>());
            QVERIFY(std::abs(slope - x.grad()[row][i].item<double>()) < 1e-8);
        }
}

void TestDistillationLoss::passAtNIsWhatItSays_data() {
    QTest::addColumn<double>("p");
    QTest::addColumn<double>("samples");
    for (const double p : {1e-6, 0.003, 0.2, 0.5, 0.9})
        for (const double samples : {1.0, 4.0, 64.0}) QTest::addRow("p %g, N %g", p, samples) << p << samples;
}

void TestDistillationLoss::passAtNIsWhatItSays() {
    QFETCH(double, p);
    QFETCH(double, samples);
    // By hand: the chance that not all fail.
    double fail = 1;
    for (int i = 0; i < int(samples); ++i) fail *= 1 - p;
    const double found = passAtNLoss(tensor({std::log(p)}), samples).item<double>();
    QVERIFY2(std::abs(found + std::log(1 - fail)) < 1e-9 + 1e-9 * std::abs(found),
             qPrintable(QString::number(found)));
}

// The gradient is that of the cross entropy times N (1-p)^(N-1) p / (1 - (1-p)^N).
void TestDistillationLoss::passAtNGradient() {
    QFETCH(double, p);
    QFETCH(double, samples);
    const torch::Tensor x = tensor({std::log(p)}).requires_grad_();
    passAtNLoss(x, samples).sum().backward();
    const double factor = samples * std::pow(1 - p, samples - 1) * p / -std::expm1(samples * std::log1p(-p));
    QVERIFY2(std::abs(x.grad().item<double>() + factor) < 1e-9,
             qPrintable(QString("%1 against %2").arg(x.grad().item<double>()).arg(-factor)));
    const double slope = slopeAt(
        [&](double logP) { return passAtNLoss(tensor({logP}), samples).item<double>(); }, std::log(p));
    QVERIFY(std::abs(slope - x.grad().item<double>()) < 1e-6);
}

void TestDistillationLoss::passAtNOfOneSampleIsCrossEntropy() {
    const torch::Tensor logP = tensor({-0.1, -3, -20});
    QVERIFY((passAtNLoss(logP, 1) + logP).abs().max().item<double>() < 1e-9);
}

void TestDistillationLoss::passAtNAtTheEnds() {
    const torch::Tensor x = torch::tensor({0.0f, -1e-9f, -39.9f, -40.1f, -500.0f}).requires_grad_();
    const torch::Tensor loss = passAtNLoss(x, 64);
    loss.sum().backward();
    QVERIFY(torch::isfinite(loss).all().item<bool>() && torch::isfinite(x.grad()).all().item<bool>());
    QVERIFY(std::abs(loss[0].item<double>()) < 1e-6);
    QVERIFY(std::abs(loss[3].item<double>() - (40.1 - std::log(64))) < 1e-4);
    QVERIFY(std::abs(loss[2].item<double>() - (39.9 - std::log(64))) < 1e-4);
    QVERIFY(std::abs(loss[4].item<double>() - (500 - std::log(64))) < 1e-3);
}

void TestDistillationLoss::learnableTokensAreThoseWithTheLargestGap() {
    const torch::Tensor student = tensor({3, 1, 5, 2, 4}), reference = tensor({2.9, 0, 5.5, 0.5, 4});
    const torch::Tensor mask = learnableTokens(student, reference, 0.4);  // gaps .1 1 -.5 1.5 0: two of five
    QVERIFY(mask.equal(tensor({0, 1, 0, 1, 0})));
    QCOMPARE(learnableTokens(student, reference, 0.01).sum().item<double>(), 1.0);
    QCOMPARE(learnableTokens(student, reference, 1).sum().item<double>(), 5.0);
}

void TestDistillationLoss::dftWeighsByProbability() {
    const torch::Tensor x = tensor({std::log(0.5), std::log(0.1)}).requires_grad_();
    const torch::Tensor loss = dftLoss(x, 2);
    QVERIFY(std::abs(loss.item<double>() + (0.5 * std::log(0.5) + 0.1 * std::log(0.1)) / 2) < 1e-15);
    loss.backward();
    QVERIFY(x.grad().allclose(tensor({-0.25, -0.05})));  // the weight itself is not learned
}

QTEST_GUILESS_MAIN(TestDistillationLoss)
#include "tst_distillation_loss.moc"
