#include "core/analysis/alarms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "core/analysis/metric_history.h"

namespace retort {
namespace {

// What a rule says at a step: nullopt, it does not apply (its metrics are absent); empty, all is well; else
// the text of the alarm.
using Finding = std::optional<std::string>;

// printf into a string: the texts are short and full of numbers.
template <typename... Values>
std::string text(const char* format, Values... values) {
    char buffer[240];
    std::snprintf(buffer, sizeof buffer, format, values...);
    return buffer;
}

Finding nonFinite(const MetricHistory& history) {
    // Others may be undefined at a step for good reasons (a reward that no completion got).
    constexpr std::array names = {"loss", "policy_loss", "grad_norm", "reward", "entropy", "kl"};
    bool any = false;
    for (const char* name : names) {
        const auto value = history.latest(name);
        any |= value.has_value();
        if (value && !std::isfinite(*value))
            return text("%s is %s", name, std::isnan(*value) ? "not a number" : "infinite");
    }
    return any ? Finding("") : std::nullopt;
}

struct Spike {
    double norm = 0, median = 0, highest = 0;  // the latter two of the 50 steps before it
};

// The gradient norm of `age` steps ago, when it is over 10 times the median of the 50 before it.
std::optional<Spike> spikeAt(const MetricHistory& history, std::int64_t age) {
    const auto at = history.values("grad_norm", age, age - 1);
    const auto before = history.values("grad_norm", age + 50, age);
    if (at.empty() || before.size() < 20) return std::nullopt;
    const Spike spike{at.front(), medianOf(before), *std::max_element(before.begin(), before.end())};
    if (!(spike.norm > 10 * spike.median) || spike.median <= 0) return std::nullopt;
    // Where a task is nearly learned the median is next to nothing, and a batch with one mistake towers above
    // it: what is no more than at the beginning moves the weights no further than then.
    if (const auto start = history.start("grad_norm"); start && spike.norm <= *start) return std::nullopt;
    return spike;
}

double meanOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

// Of the mean, squared.
double standardErrorSquared(const std::vector<double>& values) {
    const double mean = meanOf(values);
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return squares / double(values.size() * values.size());
}

// Whether the steps since the spike `age` steps ago are worse than as many before it: gradients as large as
// the spike, or a mean loss that is higher by 3.5 standard errors. The loss of the spike's own batch says
// nothing: a batch of hard examples has a large gradient, and the next one is as good as ever.
bool leftItsMark(const MetricHistory& history, const Spike& spike, std::int64_t age) {
    const auto norms = history.values("grad_norm", age - 1, -1);
    if (!norms.empty() && medianOf(norms) > 10 * spike.median) return true;
    const auto before = history.values("loss", 2 * age, age), since = history.values("loss", age - 1, -1);
    if (before.size() < 10 || since.size() < 10) return false;
    const double clearly = 3.5 * std::sqrt(standardErrorSquared(before) + standardErrorSquared(since));
    // The median, too: two hard batches more raise the mean.
    return meanOf(since) - meanOf(before) > clearly && medianOf(since) - medianOf(before) > clearly;
}

Finding gradNormSpike(const MetricHistory& history) {
    if (!history.latest("grad_norm") || history.values("grad_norm", 50, 0).size() < 20) return std::nullopt;
    if (const auto now = spikeAt(history, 0);
        now && (now->norm > 30 * now->highest || !history.latest("loss")))
        return text("gradient norm %.3g, its median over the last 50 steps is %.3g", now->norm, now->median);
    // Where batches are small the norm has a long tail. In the recorded runs of small models that learned
    // what they should there were 107 spikes, and the loss was higher by 2 standard errors at most in the 20
    // steps after one; with a learning rate 15 to 50 times too high it was by 4 to 6 after those that did
    // harm. Two ages, for logs that have every other step.
    for (std::int64_t age = 20; age <= 21; ++age)
        if (const auto spike = spikeAt(history, age); spike && leftItsMark(history, *spike, age))
            return text(
                "gradient norm %.3g, its median over the 50 steps before was %.3g, and training has not "
                "recovered in 20 steps",
                spike->norm, spike->median);
    return "";
}

constexpr const char* correctness = "rewards/correctness/mean";
// Made here, of train/<task>/accuracy: a run need not be rewarded for right answers to know of them.
constexpr const char* accuracy = "train/accuracy";

// The share of right answers.
const char* rightness(const MetricHistory& history) {
    return history.latest(correctness) ? correctness : accuracy;
}

// What says whether the policy gets better: the share of right answers where it is known, else the reward,
// which can also rise because it is gamed.
const char* yardstick(const MetricHistory& history) {
    return history.latest(rightness(history)) ? rightness(history) : "reward";
}

// How much better it is (mean of the last 5 steps) than `steps` steps before; nullopt where that is unknown.
std::optional<double> gain(const MetricHistory& history, std::int64_t steps) {
    const char* name = yardstick(history);
    const auto now = history.mean(name, 5, 0);
    auto past = history.mean(name, steps + 5, steps);
    if (!past) past = history.before(name, steps);  // the run is hardly longer than that
    return now && past ? std::optional<double>(*now - *past) : std::nullopt;
}

Finding entropyCollapse(const MetricHistory& history) {
    const auto entropy = history.latest("entropy"), zeroStd = history.latest("frac_reward_zero_std");
    if (!entropy || !zeroStd) return std::nullopt;
    // Where nearly all answers are right, the groups agree because the tasks are solved.
    const bool solved = history.latest(rightness(history)).value_or(0) > 0.9;
    if (!(*entropy < 0.02 && *zeroStd > 0.9) || solved) return "";
    return text(
        "entropy %.3g, and in %.0f %% of the groups all completions get the same reward: nothing is left to "
        "learn from",
        *entropy, 100 * *zeroStd);
}

constexpr const char* meanLength = "completions/mean_length";

Finding lengthCollapse(const MetricHistory& history) {
    const auto now = history.latest(meanLength), past = history.before(meanLength, 20);
    if (!now) return std::nullopt;
    if (past && *now < *past / 3) return text("mean length %.3g tokens, 20 steps ago %.3g", *now, *past);
    if (*now <= 4 && history.highest(meanLength) > 12)
        return text("mean length %.3g tokens, it has been %.3g", *now, history.highest(meanLength));
    return "";
}

Finding lengthExplosion(const MetricHistory& history) {
    const auto now = history.latest(meanLength), past = history.before(meanLength, 20);
    if (!now || !past) return std::nullopt;
    // A policy that discovers that working answers out pays gets longer as fast, and better with it
    // (engine.md e.2).
    if (!(*now > *past * 3) || gain(history, 20).value_or(0) >= 0.05) return "";
    return text("mean length %.3g tokens, 20 steps ago %.3g, and the answers are no better for it", *now,
                *past);
}

Finding clipped(const MetricHistory& history) {
    const auto ratio = history.latest("completions/clipped_ratio");
    if (!ratio) return std::nullopt;
    if (!(*ratio > 0.5)) return "";
    return text(
        "%.0f %% of the completions are cut at the length limit: raise max_completion_length, or look "
        "whether "
        "they still end",
        100 * *ratio);
}

// The lowest mean of ten steps that lies 10 to `within` steps back, and behind the ten first values.
std::optional<double> recentLow(const MetricHistory& history, const std::string& name, std::int64_t within) {
    std::optional<double> low;
    const std::int64_t longestAgo = history.step() - history.startEnd(name);
    for (std::int64_t age = 10; age <= std::min(within, longestAgo - 10); ++age)
        if (const auto mean = history.mean(name, age + 10, age); mean && (!low || *mean < *low)) low = mean;
    return low;
}

Finding rewardHockeyStick(const MetricHistory& history) {
    const auto start = history.start("reward"), now = history.mean("reward", 10, 0);
    if (!history.latest("reward") || !start || !now) return std::nullopt;
    // Rewards have no common scale. Three standard errors of the difference of two means of ten.
    const double noise = 3 * history.noise("reward") * std::sqrt(2.0 / 10);
    const double size = std::max({0.1, 0.2 * std::abs(*start), noise});
    const auto low = recentLow(history, "reward", 30);
    if (!low || !(*start - *low >= size && *now - *start >= size)) return "";
    // A reward that rises because more answers are right is what training is for.
    const char* right = rightness(history);
    const auto rightNow = history.mean(right, 10, 0), rightBefore = history.start(right);
    if (rightNow && rightBefore && *rightNow - *rightBefore >= 0.05) return "";
    return text("reward fell from %.3g to %.3g and is %.3g now: read traces, it may have found a trick",
                *start, *low, *now);
}

Finding rewardDivergence(const MetricHistory& history) {
    const char* right = rightness(history);
    const auto before = history.mean(right, 40, 20), now = history.mean(right, 20, 0);
    if (!history.latest(right) || !before || !now) return std::nullopt;
    if (*before - *now < 0.1) return "";
    for (const auto& [name, value] : history.now()) {
        const bool component = name.starts_with("rewards/") && name.ends_with("/mean") && name != correctness;
        const auto other = component ? history.mean(name, 40, 20) : std::nullopt;
        const auto otherNow = component ? history.mean(name, 20, 0) : std::nullopt;
        if (other && otherNow && *otherNow - *other >= 0.1)
            return text(
                "%s rises (%.3g to %.3g) while correctness falls (%.3g to %.3g): the reward is being gamed",
                name.substr(0, 80).c_str(), *other, *otherNow, *before, *now);
    }
    return "";
}

Finding logitGrowth(const MetricHistory& history) {
    const auto now = history.latest("logits/max"), past = history.before("logits/max", 50);
    if (!now || !past) return std::nullopt;
    if (!(*now > 30 && *now > 3 * *past)) return "";
    return text("largest logit %.3g, 50 steps ago %.3g: the output layer is blowing up", *now, *past);
}

// REDI (#127), and DPO without an anchor: both sides get unlikelier, and with them all that the policy knew.
Finding likelihoodDisplacement(const MetricHistory& history) {
    const auto start = history.start("logps/chosen"), now = history.mean("logps/chosen", 10, 0);
    const auto rejectedStart = history.start("logps/rejected"),
               rejected = history.mean("logps/rejected", 10, 0);
    if (!history.latest("logps/chosen") || !start || !now || !rejectedStart || !rejected) return std::nullopt;
    const double fall = *start - *now;
    if (!(fall > 5 && fall > std::abs(*start) && *rejectedStart - *rejected > 5)) return "";
    return text(
        "the chosen completions' log-probability fell from %.3g to %.3g, together with the rejected ones'",
        *start, *now);
}

struct Rule {
    const char* name;
    const char* severity;
    std::int64_t patience;  // steps for which the condition must have held
    Finding (*check)(const MetricHistory& history);
    const char* help;
};

constexpr Rule rules[] = {
    {"non_finite", "error", 1, nonFinite,
     "Loss, gradient norm, reward, entropy or KL is infinite or not a number."},
    {"grad_norm_spike", "warning", 1, gradNormSpike,
     "The gradient norm is over 10 times its median of the 50 steps before and more than in the first 10 "
     "steps, and "
     "in the 20 steps after it stays so, or the loss (mean and median) is 3.5 standard errors higher than in "
     "the 20 "
     "before; at "
     "once where it is over 30 times the highest of the 50, or no loss is known."},
    {"entropy_collapse", "error", 10, entropyCollapse,
     "Entropy under 0.02 and over 90 % of the groups without any difference in reward, for 10 steps, and not "
     "because "
     "over 90 % of the answers are right."},
    {"length_collapse", "warning", 1, lengthCollapse,
     "The mean length fell under a third of what it was 20 steps before, or to 4 tokens after having been "
     "over 12."},
    {"length_explosion", "warning", 1, lengthExplosion,
     "The mean length is over 3 times what it was 20 steps before, and no more answers are right (0.05 or "
     "more)."},
    {"clipped", "warning", 5, clipped, "Over half of the completions reach the length limit, for 5 steps."},
    {"reward_hockey_stick", "info", 1, rewardHockeyStick,
     "The reward (means of 10 steps) fell by 0.1, a fifth and three standard errors below its start and "
     "within 30 "
     "steps rose as much above it, and no more answers are right (0.05 or more)."},
    {"reward_divergence", "warning", 1, rewardDivergence,
     "Over 20 steps correctness fell by 0.1 or more while another reward component rose by as much."},
    {"logit_growth", "warning", 1, logitGrowth,
     "The largest logit is over 30 and over 3 times what it was 50 steps before."},
    {"likelihood_displacement", "warning", 5, likelihoodDisplacement,
     "The chosen completions' log-probability fell by more than 5 nats and to over twice its start, and that "
     "of "
     "the rejected ones fell, too, for 5 steps."},
};

// Of these the rules ask for the past.
bool isLookedBackAt(const std::string& name) {
    return name == "grad_norm" || name == "loss" || name == accuracy || name == meanLength ||
           name == "reward" || name == "logits/max" || name == "logps/chosen" || name == "logps/rejected" ||
           (name.starts_with("rewards/") && name.ends_with("/mean"));
}

// One rule's way through quiet, condition holding, alarm given, quiet again.
struct Episode {
    std::optional<std::int64_t> since;       // the condition has held from this step on
    std::optional<std::int64_t> lastSeenAt;  // the last step at which it held, while the alarm has been given
    bool given = false;

    bool goesOff(bool holds, std::int64_t step, std::int64_t patience) {
        if (!holds) {
            since.reset();
            if (given && step - *lastSeenAt >= AlarmMonitor::rearmSteps) given = false;
            return false;
        }
        if (!since) since = step;
        lastSeenAt = step;
        if (given || step - *since + 1 < patience) return false;
        given = true;
        return true;
    }
};

// With the mean of train/<task>/accuracy, where there is one.
std::vector<std::pair<std::string, double>> withAccuracy(std::vector<std::pair<std::string, double>> values) {
    double sum = 0, tasks = 0;
    for (const auto& [name, value] : values) {
        if (!name.starts_with("train/") || !name.ends_with("/accuracy") || !std::isfinite(value)) continue;
        sum += value;
        ++tasks;
    }
    if (tasks > 0) values.emplace_back(accuracy, sum / tasks);
    return values;
}

Json optionalJson(const std::optional<std::int64_t>& value) {
    return value ? Json(*value) : Json();
}

std::optional<std::int64_t> optionalFrom(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<std::int64_t>());
}

}  // namespace

struct AlarmMonitor::State {
    MetricHistory history;
    std::array<Episode, std::size(rules)> episodes;
    std::optional<std::int64_t> lastStep;
};

const std::vector<AlarmRuleInfo>& alarmRules() {
    static const std::vector<AlarmRuleInfo> infos = [] {
        std::vector<AlarmRuleInfo> all;
        for (const Rule& rule : rules) all.push_back({rule.name, rule.severity, rule.help});
        return all;
    }();
    return infos;
}

AlarmMonitor::AlarmMonitor() : m_state(std::make_unique<State>()) {}
AlarmMonitor::~AlarmMonitor() = default;
AlarmMonitor::AlarmMonitor(AlarmMonitor&&) noexcept = default;
AlarmMonitor& AlarmMonitor::operator=(AlarmMonitor&&) noexcept = default;

std::vector<AlarmEvent> AlarmMonitor::observe(std::int64_t step,
                                              const std::vector<std::pair<std::string, double>>& values) {
    if (m_state->lastStep && step <= *m_state->lastStep) *m_state = State();
    m_state->lastStep = step;
    m_state->history.add(step, withAccuracy(values), isLookedBackAt);
    std::vector<AlarmEvent> alarms;
    for (std::size_t i = 0; i < std::size(rules); ++i) {
        const Finding finding = rules[i].check(m_state->history);
        if (finding && m_state->episodes[i].goesOff(!finding->empty(), step, rules[i].patience))
            alarms.push_back({step, rules[i].name, rules[i].severity, *finding});
    }
    return alarms;
}

Json AlarmMonitor::toJson() const {
    Json episodes = Json::object();
    for (std::size_t i = 0; i < std::size(rules); ++i) {
        const Episode& episode = m_state->episodes[i];
        episodes[rules[i].name] = {{"since", optionalJson(episode.since)},
                                   {"last_seen_at", optionalJson(episode.lastSeenAt)},
                                   {"given", episode.given}};
    }
    return {{"last_step", optionalJson(m_state->lastStep)},
            {"episodes", std::move(episodes)},
            {"history", m_state->history.toJson()}};
}

AlarmMonitor AlarmMonitor::fromJson(const Json& json) {
    AlarmMonitor monitor;
    State& state = *monitor.m_state;
    state.lastStep = optionalFrom(json.at("last_step"));
    state.history = MetricHistory::fromJson(json.at("history"));
    for (std::size_t i = 0; i < std::size(rules); ++i) {
        const auto saved = json.at("episodes").find(rules[i].name);
        if (saved == json.at("episodes").end()) continue;  // a rule that is newer than the checkpoint
        state.episodes[i] = {optionalFrom(saved->at("since")), optionalFrom(saved->at("last_seen_at")),
                             saved->at("given").get<bool>()};
        // An alarm that was given has been seen: a hand-made file must not make us look at nothing.
        if (!state.episodes[i].lastSeenAt) state.episodes[i].given = false;
    }
    return monitor;
}

}  // namespace retort
