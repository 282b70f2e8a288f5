// Each alarm on a synthetic run that shows its condition, and on a healthy one that must stay quiet.
#include <QTest>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <set>

#include "core/analysis/alarms.h"
#include "tests/core/analysis/recorded_grpo.h"

using namespace retort;

namespace {

using Values = std::vector<std::pair<std::string, double>>;
using Steps = std::vector<std::int64_t>;
using Run = std::function<Values(int step)>;

// The steps at which `rule` goes off; -1 for each alarm of another rule.
Steps stepsOf(const char* rule, int steps, const Run& run) {
    AlarmMonitor monitor;
    Steps fired;
    for (int step = 1; step <= steps; ++step)
        for (const AlarmEvent& alarm : monitor.observe(step, run(step)))
            fired.push_back(alarm.rule == rule ? alarm.step : -1);
    return fired;
}

constexpr const char* meanLength = "completions/mean_length";
constexpr int seeds = 20;

// Gradient norms as small batches have them: log-normal, and one step in 25 far above, up to 25 times the
// median, with a batch of high loss; the next one is as good as ever (recorded in resources/studies/dco).
struct SmallBatches {
    std::mt19937 random;
    double norm = 0, loss = 0;

    void next(int step) {
        std::normal_distribution<double> normal;
        std::uniform_real_distribution<double> uniform;
        const double trend = 1 + 2 * std::exp(-step / 60.0);
        const bool burst = uniform(random) < 0.04;
        // Pareto: half of the bursts are over 6 times the median, one in 17 over 25 times.
        const double size =
            burst ? std::min(25.0, 3 / (1 - uniform(random))) : std::exp(0.35 * normal(random));
        norm = trend * size;
        loss = trend + 0.04 * normal(random) + (burst ? 0.03 * size : 0);
    }
};

// A reward of 16 prompts × 8 completions from the share of right answers.
double noisyShare(std::mt19937& random, double share) {
    return std::binomial_distribution<int>(128, std::clamp(share, 0.0, 1.0))(random) / 128.0;
}

void eachSeed() {
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= seeds; ++seed) QTest::addRow("seed %d", seed) << seed;
}

}  // namespace

class TestAlarms : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void rulesAreDocumented() {
        std::set<std::string> names;
        for (const AlarmRuleInfo& rule : alarmRules()) {
            QVERIFY(!rule.help.empty() && names.insert(rule.name).second);
            QVERIFY((std::set<std::string>{"info", "warning", "error"}.contains(rule.severity)));
        }
        QCOMPARE(names.size(), std::size_t(10));
    }

    // The measured quickstart: reward 0.27 → 0.88, length 11 → 26 tokens, entropy 0.11 → 0.03, in 100 steps.
    void healthyRunIsQuiet() {
        const Run run = [](int step) -> Values {
            const double done = std::min(1.0, step / 30.0), noise = 0.03 * std::sin(step * 1.7);
            return {{"loss", 0.02 * std::sin(step)},
                    {"grad_norm", 0.4 + 0.3 * std::abs(std::sin(step * 0.9))},
                    {"reward", 0.27 + 0.55 * done + noise},
                    {"rewards/correctness/mean", 0.27 + 0.55 * done + noise},
                    {"rewards/format/mean", 0.9 + noise},
                    {meanLength, 11 + 15 * done + 20 * noise},
                    {"completions/clipped_ratio", 0.01},
                    {"entropy", 0.11 - 0.08 * done},
                    {"frac_reward_zero_std", 0.09 + 0.41 * done},
                    {"logits/max", 12 + 6 * done}};
        };
        QCOMPARE(stepsOf("any", 400, run), Steps{});
    }

    void nonFinite() {
        const Run run = [](int step) -> Values {
            const bool bad = (step >= 5 && step < 8) || step == 30;
            return {{"loss", bad ? std::nan("") : 1.0}, {"rewards/format/mean", std::nan("")}};
        };
        QCOMPARE(stepsOf("non_finite", 40, run), (Steps{5, 30}));
        const Run infinite = [](int) -> Values {
            return {{"grad_norm", std::numeric_limits<double>::infinity()}};
        };
        QCOMPARE(stepsOf("non_finite", 9, infinite), Steps{1});
    }

    void gradNormSpike() {
        const Run run = [](int step) -> Values {
            return {{"grad_norm", step == 10 || step == 60 || step == 62 ? 20.0 : 1.0 + 0.1 * (step % 3)}};
        };
        // Step 10 is too early for a median, step 62 belongs to the episode of step 60.
        QCOMPARE(stepsOf("grad_norm_spike", 100, run), Steps{60});
        QCOMPARE(stepsOf("grad_norm_spike", 100,
                         [](int) -> Values {
                             return {{"grad_norm", 0.0}};
                         }),
                 Steps{});
    }

    // As recorded in the quickstart's pre-training: 3.1 at the beginning, 0.027 when nearly all is learned,
    // and then single batches of 0.58.
    void gradNormOfALearnedTask() {
        const auto run = [](double spike) {
            return [spike](int step) -> Values {
                return {{"grad_norm", step <= 10 ? 3.1 : step == 90 ? spike : 0.027}};
            };
        };
        QCOMPARE(stepsOf("grad_norm_spike", 120, run(0.58)), Steps{});
        QCOMPARE(stepsOf("grad_norm_spike", 120, run(6)), Steps{90});
    }

    void burstsOfSmallBatches_data() { eachSeed(); }
    void burstsOfSmallBatches() {
        QFETCH(int, seed);
        SmallBatches batches{std::mt19937(unsigned(seed))};
        int towering = 0;
        const Run run = [&](int step) -> Values {
            batches.next(step);
            towering += batches.norm > 10;
            return {{"grad_norm", batches.norm}, {"loss", batches.loss}};
        };
        QCOMPARE(stepsOf("grad_norm_spike", 600, run), Steps{});
        QVERIFY(towering >= 2);  // there was something to ring for
    }

    // The same batches, until one update ruins the weights: the loss leaps and comes down within 60 steps.
    void spikesThatLeaveTheirMark_data() { eachSeed(); }
    void spikesThatLeaveTheirMark() {
        QFETCH(int, seed);
        SmallBatches batches{std::mt19937(unsigned(seed))};
        const Run run = [&](int step) -> Values {
            batches.next(step);
            const double damage = step > 400 ? std::exp(-(step - 400) / 20.0) : 0;
            const double norm = step == 400 ? 90 : batches.norm;
            return {{"grad_norm", norm}, {"loss", batches.loss + 3 * damage}};
        };
        const Steps steps = stepsOf("grad_norm_spike", 600, run);
        QCOMPARE(steps.size(), std::size_t(1));
        QVERIFY(steps[0] >= 400 && steps[0] <= 421);
    }

    // The loss stays where it is (a policy gradient's says little), and the gradients stay enormous.
    void gradientsThatStayLarge() {
        const Run run = [](int step) -> Values {
            return {{"grad_norm", step >= 60 ? 25.0 : 1.0 + 0.1 * (step % 3)}, {"loss", 0.01 * (step % 7)}};
        };
        QCOMPARE(stepsOf("grad_norm_spike", 100, run), Steps{80});
        const Run monstrous = [](int step) -> Values {
            return {{"grad_norm", step == 60 ? 400.0 : 1.0 + 0.1 * (step % 3)}, {"loss", 1.0}};
        };
        QCOMPARE(stepsOf("grad_norm_spike", 100, monstrous), Steps{60});
        const Run once = [](int step) -> Values {
            return {{"grad_norm", step == 60 ? 25.0 : 1.0 + 0.1 * (step % 3)},
                    {"loss", step == 60 ? 2.0 : 1.0}};
        };
        QCOMPARE(stepsOf("grad_norm_spike", 100, once), Steps{});
    }

    // engine.md e.2: entropy → 0, zero_std = 1.
    void entropyCollapse() {
        const Run run = [](int step) -> Values {
            const bool dip = step >= 10 && step < 19;  // nine steps are not ten
            const bool collapsed = dip || step >= 50;
            return {{"entropy", collapsed ? 0.01 : 0.3}, {"frac_reward_zero_std", collapsed ? 1.0 : 0.4}};
        };
        QCOMPARE(stepsOf("entropy_collapse", 200, run), Steps{59});
        // A solved task has low entropy and equal rewards only in part.
        const Run solved = [](int) -> Values { return {{"entropy", 0.01}, {"frac_reward_zero_std", 0.8}}; };
        QCOMPARE(stepsOf("entropy_collapse", 50, solved), Steps{});
    }

    void lengthCollapse() {
        QCOMPARE(stepsOf("length_collapse", 60,
                         [](int step) -> Values {
                             return {{meanLength, step < 40 ? 58 : 10}};
                         }),
                 Steps{40});
        // Slowly: 58 tokens to 4 within 240 steps.
        const Run slow = [](int step) -> Values {
            return {{meanLength, 58 * std::pow(3.99 / 58, std::min(step, 240) / 240.0)}};
        };
        QCOMPARE(stepsOf("length_collapse", 300, slow), Steps{240});
        // Bare answers are short from the beginning.
        QCOMPARE(stepsOf("length_collapse", 60, [](int) -> Values { return {{meanLength, 3}}; }), Steps{});
    }

    void lengthExplosion() {
        const Run run = [](int step) -> Values { return {{meanLength, step < 40 ? 20 : 70}}; };
        QCOMPARE(stepsOf("length_explosion", 100, run), Steps{40});
    }

    void clipped() {
        const Run run = [](int step) -> Values {
            const bool high = (step >= 10 && step < 14) || (step >= 20 && step < 40) || step >= 45;
            return {{"completions/clipped_ratio", high ? 0.6 : 0.1}};
        };
        // 10 to 13 is too short; from 45 on it is the same episode, since 40 to 44 is too short a pause.
        QCOMPARE(stepsOf("clipped", 100, run), Steps{24});
    }

    void rewardHockeyStick() {
        const auto stick = [](double slope) {
            return [slope](int step) -> Values {
                return {{"reward", step <= 15   ? 0.4
                                   : step <= 50 ? 0.2
                                                : std::min(0.9, 0.2 + slope * (step - 50))}};
            };
        };
        const Steps steps = stepsOf("reward_hockey_stick", 150, stick(0.05));
        QCOMPARE(steps.size(), std::size_t(1));
        QVERIFY(steps[0] > 55 && steps[0] < 70);
        QCOMPARE(stepsOf("reward_hockey_stick", 400, stick(0.002)), Steps{});  // a slow recovery is none
    }

    void rewardDivergence() {
        const auto run = [](double format) {
            return [format](int step) -> Values {
                const double share = std::clamp((step - 40) / 40.0, 0.0, 1.0);
                return {{"rewards/correctness/mean", 0.6 - 0.5 * share},
                        {"rewards/format/mean", 0.5 + format * share}};
            };
        };
        QCOMPARE(stepsOf("reward_divergence", 150, run(0.4)).size(), std::size_t(1));
        QCOMPARE(stepsOf("reward_divergence", 150, run(-0.4)), Steps{});
    }

    void logitGrowth() {
        const Run run = [](int step) -> Values { return {{"logits/max", 10 * std::exp(step / 40.0)}}; };
        QCOMPARE(stepsOf("logit_growth", 120, run), Steps{51});
    }

    // What DPO does to the rejected alone is its purpose; that both fall far is not.
    void likelihoodDisplacement() {
        const auto run = [](double chosen) {
            return [chosen](int step) -> Values {
                return {{"logps/chosen", -4 - chosen * step}, {"logps/rejected", -10 - 0.5 * step}};
            };
        };
        QCOMPARE(stepsOf("likelihood_displacement", 80, run(0.2)).size(), std::size_t(1));
        QCOMPARE(stepsOf("likelihood_displacement", 80, run(0.02)), Steps{});
        QCOMPARE(stepsOf("likelihood_displacement", 80, run(-0.01)), Steps{});
    }

    // Values every ten steps only: "20 steps before" means steps, not observations.
    void sparseLogging() {
        AlarmMonitor monitor;
        Steps fired;
        for (int step = 0; step <= 400; step += 10)
            for (const AlarmEvent& alarm : monitor.observe(step, {{meanLength, step < 200 ? 60 : 15}}))
                fired.push_back(alarm.step);
        QCOMPARE(fired, Steps{200});
    }

    // Runs that learned what they should: worked share 0.15 to 1, nearly all answers right, three times as
    // long.
    void recordedRunsAreQuiet() {
        for (const auto& recorded : recordedGrpo) {
            const Run run = [&](int step) -> Values {
                const RecordedStep& r = recorded[step - 1];
                return {{"reward", r.reward},       {"rewards/correctness/mean", r.reward},
                        {meanLength, r.meanLength}, {"entropy", r.entropy},
                        {"grad_norm", r.gradNorm},  {"frac_reward_zero_std", r.zeroStd},
                        {"logits/max", r.maxLogit}, {"completions/clipped_ratio", r.clipped}};
            };
            QCOMPARE(stepsOf("any", 100, run), Steps{});
        }
    }

    // A policy that discovers worked answers: five times as long within ten steps, and right. Not an
    // explosion; the same growth with answers that are no better is one.
    void lengthThatPays() {
        const auto run = [](double gained) {
            return [gained](int step) -> Values {
                const double done = std::clamp((step - 20) / 10.0, 0.0, 1.0);
                return {{meanLength, 5 + 20 * done}, {"rewards/correctness/mean", 0.3 + gained * done}};
            };
        };
        QCOMPARE(stepsOf("length_explosion", 100, run(0.5)), Steps{});
        const Run atOnce = [&](int step) { return run(0.5)(step + 19); };
        QCOMPARE(stepsOf("length_explosion", 100, atOnce), Steps{});
        QCOMPARE(stepsOf("length_explosion", 100, run(0.0)).size(), std::size_t(1));
        QCOMPARE(stepsOf("length_explosion", 100, run(-0.3)).size(), std::size_t(1));
        // A length reward pays for length alone: what counts is whether the answers are right.
        const Run hacked = [](int step) -> Values {
            const double done = std::clamp((step - 20) / 10.0, 0.0, 1.0);
            return {{meanLength, 5 + 20 * done}, {"rewards/correctness/mean", 0.3}, {"reward", 0.3 + done}};
        };
        QCOMPARE(stepsOf("length_explosion", 100, hacked).size(), std::size_t(1));
    }

    // Reward dips and rises with correctness: learning. Without it: a trick.
    void rewardThatIsEarned() {
        const auto run = [](bool earned) {
            return [earned](int step) -> Values {
                const double reward = step <= 15   ? 0.4
                                      : step <= 50 ? 0.2
                                                   : std::min(0.9, 0.2 + 0.05 * (step - 50));
                return {{"reward", reward}, {"rewards/correctness/mean", earned ? reward : 0.3}};
            };
        };
        QCOMPARE(stepsOf("reward_hockey_stick", 150, run(true)), Steps{});
        QCOMPARE(stepsOf("reward_hockey_stick", 150, run(false)).size(), std::size_t(1));
    }

    // A cosine length reward, first near 0 and then rising with the share of right answers from the first
    // step on (resources/studies/cosine_length): it never fell, however the first ten steps are averaged.
    void rewardThatOnlyRises_data() { eachSeed(); }
    void rewardThatOnlyRises() {
        QFETCH(int, seed);
        for (const bool accuracyIsKnown : {true, false}) {
            std::mt19937 random{unsigned(seed)};
            const Run run = [&](int step) -> Values {
                const double share = noisyShare(random, 0.3 + 0.65 * (1 - std::exp(-step / 8.0)));
                Values values = {{"reward", 2 * share - (1 - share)}};
                if (accuracyIsKnown) values.emplace_back("train/chain/accuracy", share);
                return values;
            };
            QCOMPARE(stepsOf("reward_hockey_stick", 200, run), Steps{});
        }
    }

    // Nothing happens but noise, whatever the reward's scale.
    void noisyRewards_data() {
        QTest::addColumn<int>("seed");
        QTest::addColumn<double>("level");
        QTest::addColumn<double>("deviation");
        for (int seed = 1; seed <= seeds; ++seed)
            for (const double deviation : {0.05, 0.4, 5.0})
                for (const double level : {0.0, 0.5})
                    QTest::addRow("seed %d, %g ± %g", seed, level, deviation) << seed << level << deviation;
    }
    void noisyRewards() {
        QFETCH(int, seed);
        QFETCH(double, level);
        QFETCH(double, deviation);
        std::mt19937 random{unsigned(seed)};
        std::normal_distribution<double> noise(level, deviation);
        QCOMPARE(stepsOf("reward_hockey_stick", 500,
                         [&](int) -> Values {
                             return {{"reward", noise(random)}};
                         }),
                 Steps{});
    }

    // As recorded in resources/studies/clip_delta: the policy stops answering right, then finds out how to
    // please the reward model. Whether the reward has a term for correctness or not.
    void rewardThatIsGamed_data() { eachSeed(); }
    void rewardThatIsGamed() {
        QFETCH(int, seed);
        for (const char* name : {"rewards/correctness/mean", "train/chain/accuracy"}) {
            std::mt19937 random{unsigned(seed)};
            const Run run = [&](int step) -> Values {
                const double share = noisyShare(random, 0.7 * std::exp(-step / 12.0));
                const double judge = step < 25 ? 1.6 : 1.6 + 0.09 * (step - 25);
                return {{"reward", share + 0.5 * judge}, {name, share}};
            };
            const Steps steps = stepsOf("reward_hockey_stick", 60, run);
            QCOMPARE(steps.size(), std::size_t(1));
            QVERIFY(steps[0] > 30);
        }
    }

    // What is not rewarded is known, too: a length reward rises while fewer answers are right.
    void divergenceFromUnrewardedAccuracy() {
        const auto run = [](double lost) {
            return [lost](int step) -> Values {
                const double share = std::clamp((step - 40) / 40.0, 0.0, 1.0);
                return {{"train/sum/accuracy", 0.8 - lost * share},
                        {"train/chain/accuracy", 0.6 - lost * share},
                        {"rewards/format_length/mean", 0.5 + 0.4 * share}};
            };
        };
        QCOMPARE(stepsOf("reward_divergence", 150, run(0.4)).size(), std::size_t(1));
        QCOMPARE(stepsOf("reward_divergence", 150, run(-0.1)), Steps{});
    }

    // Nothing is left to learn because everything is learned.
    void solvedIsNoCollapse() {
        const auto run = [](double correct) {
            return [correct](int) -> Values {
                return {{"entropy", 0.005},
                        {"frac_reward_zero_std", 0.97},
                        {"rewards/correctness/mean", correct}};
            };
        };
        QCOMPARE(stepsOf("entropy_collapse", 50, run(0.98)), Steps{});
        QCOMPARE(stepsOf("entropy_collapse", 50, run(0.02)), Steps{10});
    }

    // Saved in a checkpoint and read back at any step, it gives what one gives that was never interrupted.
    void remembered() {
        const Run run = [](int step) -> Values {
            const bool high = (step >= 10 && step < 40) || step >= 60;
            return {{meanLength, step < 40 ? 60 : 15},
                    {"completions/clipped_ratio", high ? 0.6 : 0.1},
                    {"grad_norm", step == 70 ? 300.0 : 1.0 + 0.1 * (step % 3)},
                    {"logits/max", 10 * std::exp(step / 40.0)},
                    {"loss", step == 80 ? std::nan("") : 1.0}};
        };
        const auto alarmsOf = [&](int interruptedAt) {
            AlarmMonitor monitor;
            std::vector<AlarmEvent> alarms;
            for (int step = 1; step <= 120; ++step) {
                if (step == interruptedAt)
                    monitor = AlarmMonitor::fromJson(Json::parse(monitor.toJson().dump()));
                for (AlarmEvent& alarm : monitor.observe(step, run(step))) alarms.push_back(std::move(alarm));
            }
            return alarms;
        };
        const std::vector<AlarmEvent> whole = alarmsOf(0);
        QVERIFY(whole.size() >= 6);
        for (int step = 1; step <= 120; ++step)
            QVERIFY2(alarmsOf(step) == whole, std::to_string(step).c_str());
    }

    void rememberedIsChecked_data() {
        QTest::addColumn<QByteArray>("json");
        for (const char* json :
             {"{}", "[]", "3", R"({"last_step":null,"episodes":{},"history":3})",
              R"({"last_step":"x","episodes":{},"history":{"step":0,"series":{}}})",
              R"({"last_step":1,"episodes":{},"history":{"step":0,"series":{"reward":{}}}})"})
            QTest::newRow(json) << QByteArray(json);
    }
    void rememberedIsChecked() {
        QFETCH(QByteArray, json);
        QVERIFY_EXCEPTION_THROWN(AlarmMonitor::fromJson(Json::parse(json.toStdString())), Json::exception);
    }

    // A resumed attempt starts again at an earlier step, with a fresh history.
    void rewind() {
        AlarmMonitor monitor;
        for (int step = 1; step <= 30; ++step) QVERIFY(monitor.observe(step, {{meanLength, 60}}).empty());
        for (int step = 21; step <= 60; ++step) QVERIFY(monitor.observe(step, {{meanLength, 15}}).empty());
        QCOMPARE(monitor.observe(61, {{meanLength, 4}}).size(), std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(TestAlarms)
#include "tst_alarms.moc"
