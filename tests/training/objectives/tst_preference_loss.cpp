// Preference losses against what TRL's trainers computed (tests/peers/trl_losses.py wrote it), and their
// gradients against finite differences in float64.
#include <QtTest>
#include <cmath>
#include <functional>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "training/objectives/preference_loss.h"
#include "training/tensor.h"

using namespace retort;

namespace {

using Values = std::vector<double>;

torch::Tensor tensor(const Values& values) {
    return torch::tensor(values, torch::kFloat64);
}

struct Golden {
    Json json = Json::parse(readFile(RETORT_SOURCE_DIR "/tests/peers/golden/trl/losses.json"));

    Values sums(const char* name) const {
        Values result;
        for (const Json& row : json["inputs"][name]) {
            result.push_back(0);
            for (const Json& value : row) result.back() += value.get<double>();
        }
        return result;
    }
    Values lengths(const char* name) const {
        Values result;
        for (const Json& row : json["inputs"][name]) result.push_back(double(row.size()));
        return result;
    }
    PairScores pairs() const {
        PairScores pairs{tensor(sums("chosen")),           tensor(sums("rejected")),
                         tensor(lengths("chosen")),        tensor(lengths("rejected")),
                         tensor(sums("reference_chosen")), tensor(sums("reference_rejected"))};
        pairs.chosenTexts = pairs.chosen + tensor(sums("prompts"));
        pairs.chosenTextLengths = pairs.chosenLengths + tensor(lengths("prompts"));
        return pairs;
    }
};

PairTotals totalsOf(const PairScores& pairs) {
    return {double(pairs.chosen.numel()), pairs.chosenLengths.sum().item<double>(),
            pairs.chosenTextLengths.sum().item<double>()};
}

DpoSettings dpoSettings(const Json& json) {
    DpoSettings settings;
    settings.loss_type = json["loss_type"].get<std::vector<std::string>>();
    settings.loss_weights = json.value("loss_weights", std::vector<double>());
    settings.beta = json["beta"];
    settings.label_smoothing = json.value("label_smoothing", 0.0);
    return settings;
}

KtoSettings ktoSettings(const Json& json) {
    return {json["loss_type"], json["beta"], json["desirable_weight"], json["undesirable_weight"]};
}

SimpoSettings simpoSettings(const Json& json) {
    return {json["beta"], json["simpo_gamma"], json["cpo_alpha"], json["label_smoothing"]};
}

QByteArray text(const Json& json) {
    return QByteArray::fromStdString(json.dump());
}

void compare(const PreferenceLoss& found, const Json& expected, double limit) {
    const auto near = [&](double value, const char* name) {
        const double wanted = expected[name];
        QVERIFY2(std::abs(value - wanted) < limit,
                 qPrintable(
                     QString("%1: %2, TRL has %3").arg(name).arg(value, 0, 'g', 12).arg(wanted, 0, 'g', 12)));
    };
    near(found.loss.item<double>(), "loss");
    near(found.chosenRewards.mean().item<double>(), "rewards/chosen");
    near(found.rejectedRewards.mean().item<double>(), "rewards/rejected");
    for (const auto& [name, value] : found.metrics)
        if (expected.contains(name)) near(value, name.c_str());
}

using LossOf = std::function<torch::Tensor(const torch::Tensor& chosen, const torch::Tensor& rejected)>;

/// The gradients by both inputs, by autograd and by central differences, must agree.
void checkGradient(const LossOf& loss, const Values& chosen, const Values& rejected) {
    const std::size_t count = chosen.size();
    Values all = chosen;
    all.insert(all.end(), rejected.begin(), rejected.end());
    const auto at = [&](const torch::Tensor& x) {
        return loss(x.slice(0, 0, std::int64_t(count)), x.slice(0, std::int64_t(count)));
    };
    const torch::Tensor x = tensor(all).requires_grad_();
    at(x).backward();
    constexpr double h = 1e-6;
    for (std::size_t i = 0; i < all.size(); ++i) {
        Values up = all, down = all;
        up[i] += h;
        down[i] -= h;
        const double slope = (at(tensor(up)).item<double>() - at(tensor(down)).item<double>()) / (2 * h);
        const double found = x.grad()[std::int64_t(i)].item<double>();
        QVERIFY2(std::abs(slope - found) < 1e-7,
                 qPrintable(QString("entry %1: %2 by differences, %3").arg(i).arg(slope).arg(found)));
    }
}

}  // namespace

class TestPreferenceLoss : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void dpoAsTrl_data();
    void dpoAsTrl();
    void dpoGradients_data() { dpoAsTrl_data(); }
    void dpoGradients();
    void ktoAsTrl_data();
    void ktoAsTrl();
    void simpoAsTrl();
    void orpoAsTrl();
    void orpoNearCertainty();
    void rediIsAWeightedDifferenceOfMeans();
    void microBatchesAddUp_data();
    void microBatchesAddUp();
    void unknownLossesAreNamed();

  private:
    const Golden m_golden;
};

void TestPreferenceLoss::dpoAsTrl_data() {
    QTest::addColumn<QByteArray>("expected");
    for (const Json& entry : m_golden.json["dpo"])
        QTest::newRow(entry["settings"].dump().c_str()) << text(entry);
}

void TestPreferenceLoss::dpoAsTrl() {
    QFETCH(QByteArray, expected);
    const Json json = Json::parse(expected.toStdString());
    const PairScores pairs = m_golden.pairs();
    // TRL holds the label smoothing of exo_pair in float32.
    compare(dpoLoss(dpoSettings(json["settings"]), pairs, totalsOf(pairs)), json, 1e-7);
}

void TestPreferenceLoss::dpoGradients() {
    QFETCH(QByteArray, expected);
    const DpoSettings settings = dpoSettings(Json::parse(expected.toStdString())["settings"]);
    const PairScores fixed = m_golden.pairs();
    checkGradient(
        [&](const torch::Tensor& chosen, const torch::Tensor& rejected) {
            PairScores pairs = fixed;
            pairs.chosen = chosen;
            pairs.rejected = rejected;
            return dpoLoss(settings, pairs, totalsOf(fixed)).loss;
        },
        m_golden.sums("chosen"), m_golden.sums("rejected"));
}

void TestPreferenceLoss::ktoAsTrl_data() {
    QTest::addColumn<QByteArray>("expected");
    for (const Json& entry : m_golden.json["kto"])
        QTest::newRow((entry["settings"].dump() + (entry["turned"] ? " turned" : "")).c_str()) << text(entry);
}

void TestPreferenceLoss::ktoAsTrl() {
    QFETCH(QByteArray, expected);
    const Json json = Json::parse(expected.toStdString());
    const KtoSettings settings = ktoSettings(json["settings"]);
    const PairScores pairs = m_golden.pairs();
    const torch::Tensor ratio =
        tensor(m_golden.sums("mismatched")) - tensor(m_golden.sums("reference_mismatched"));
    const LabelledScores scores{pairs.chosen, pairs.rejected, pairs.referenceChosen, pairs.referenceRejected,
                                json["turned"] ? -ratio : ratio};
    compare(ktoLoss(settings, scores, 8), json, 1e-9);
    checkGradient(
        [&](const torch::Tensor& chosen, const torch::Tensor& rejected) {
            return ktoLoss(settings,
                           {chosen, rejected, scores.referenceChosen, scores.referenceRejected, ratio}, 8)
                .loss;
        },
        m_golden.sums("chosen"), m_golden.sums("rejected"));
}

void TestPreferenceLoss::simpoAsTrl() {
    const PairScores fixed = m_golden.pairs();
    for (const Json& expected : m_golden.json["simpo"]) {
        const SimpoSettings settings = simpoSettings(expected["settings"]);
        compare(simpoLoss(settings, fixed, totalsOf(fixed)), expected, 1e-9);
        checkGradient(
            [&](const torch::Tensor& chosen, const torch::Tensor& rejected) {
                PairScores pairs = fixed;
                pairs.chosen = chosen;
                pairs.rejected = rejected;
                return simpoLoss(settings, pairs, totalsOf(fixed)).loss;
            },
            m_golden.sums("chosen"), m_golden.sums("rejected"));
    }
}

void TestPreferenceLoss::orpoAsTrl() {
    const PairScores fixed = m_golden.pairs();
    for (const Json& expected : m_golden.json["orpo"]) {
        const OrpoSettings settings{expected["settings"]["beta"]};
        compare(orpoLoss(settings, fixed, totalsOf(fixed)), expected, 1e-6);  // TRL: in float32
        checkGradient(
            [&](const torch::Tensor& chosen, const torch::Tensor& rejected) {
                PairScores pairs = fixed;
                pairs.chosen = chosen;
                pairs.rejected = rejected;
                return orpoLoss(settings, pairs, totalsOf(fixed)).loss;
            },
            m_golden.sums("chosen"), m_golden.sums("rejected"));
    }
}

// log(1 - e^x) near 0 and far from it, where one of its two forms would give 0 or lose every digit.
void TestPreferenceLoss::orpoNearCertainty() {
    PairScores pairs{tensor({-1e-9, -40.0}), tensor({-40.0, -1e-9}), tensor({1, 1}), tensor({1, 1})};
    pairs.chosen.requires_grad_();
    pairs.chosenTexts = pairs.chosen;
    pairs.chosenTextLengths = pairs.chosenLengths;
    const PreferenceLoss loss = orpoLoss({1.0}, pairs, {2, 2, 2});
    loss.loss.backward();
    QVERIFY(torch::isfinite(pairs.chosen.grad()).all().item<bool>());
    const double odds = (-1e-9 - std::log(1e-9)) + 40;  // log(p/(1-p)) of e^-1e-9, less that of e^-40
    const double expected =
        (20.0000000005) - (-std::log1p(std::exp(-odds)) - odds - std::log1p(std::exp(-odds))) / 2;
    QVERIFY2(std::abs(loss.loss.item<double>() - expected) < 1e-6,
             qPrintable(QString::number(loss.loss.item<double>(), 'g', 12)));
}

void TestPreferenceLoss::rediIsAWeightedDifferenceOfMeans() {
    const PairScores pairs = m_golden.pairs();
    double expected = 0;
    for (int i = 0; i < 4; ++i) {
        const double chosen =
            m_golden.sums("chosen")[std::size_t(i)] / m_golden.lengths("chosen")[std::size_t(i)];
        const double rejected =
            m_golden.sums("rejected")[std::size_t(i)] / m_golden.lengths("rejected")[std::size_t(i)];
        expected += (-1.0 * chosen + 0.8 * rejected) / 4;
    }
    QVERIFY(std::abs(rediLoss({}, pairs, totalsOf(pairs)).loss.item<double>() - expected) < 1e-12);
    // With no weight on the rejected ones it is the mean of their cross entropies: plain fine-tuning by
    // sequence.
    const PreferenceLoss positive = rediLoss({1, 0}, pairs, totalsOf(pairs));
    QVERIFY(std::abs(positive.loss.item<double>() +
                     (pairs.chosen / pairs.chosenLengths).mean().item<double>()) < 1e-12);
}

void TestPreferenceLoss::microBatchesAddUp_data() {
    QTest::addColumn<QString>("recipe");
    for (const char* name : {"dpo", "simpo", "orpo", "redi"}) QTest::newRow(name) << name;
}

void TestPreferenceLoss::microBatchesAddUp() {
    QFETCH(QString, recipe);
    DpoSettings dpo;
    dpo.loss_type = {"sigmoid", "sft", "ipo"};
    const auto lossOf = [&](const PairScores& pairs, const PairTotals& totals) {
        if (recipe == "dpo") return dpoLoss(dpo, pairs, totals).loss.item<double>();
        if (recipe == "simpo") return simpoLoss({2, 0.5, 1, 0}, pairs, totals).loss.item<double>();
        if (recipe == "orpo") return orpoLoss({}, pairs, totals).loss.item<double>();
        return rediLoss({}, pairs, totals).loss.item<double>();
    };
    const PairScores all = m_golden.pairs();
    const PairTotals totals = totalsOf(all);
    const auto part = [&](std::int64_t first, std::int64_t last) {
        const auto cut = [&](const torch::Tensor& t) { return t.slice(0, first, last); };
        return PairScores{cut(all.chosen),          cut(all.rejected),         cut(all.chosenLengths),
                          cut(all.rejectedLengths), cut(all.referenceChosen),  cut(all.referenceRejected),
                          cut(all.chosenTexts),     cut(all.chosenTextLengths)};
    };
    const double whole = lossOf(all, totals), parts = lossOf(part(0, 1), totals) + lossOf(part(1, 4), totals);
    QVERIFY(std::abs(whole - parts) < 1e-12);
}

void TestPreferenceLoss::unknownLossesAreNamed() {
    DpoSettings settings;
    settings.loss_type = {"sigmod"};
    const PairScores pairs = m_golden.pairs();
    QVERIFY_EXCEPTION_THROWN(dpoLoss(settings, pairs, totalsOf(pairs)), Error);
}

QTEST_GUILESS_MAIN(TestPreferenceLoss)
#include "tst_preference_loss.moc"
