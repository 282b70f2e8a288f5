#include "core/traces/step_facts.h"

#include <algorithm>
#include <cmath>

namespace retort {

namespace {

int stepOf(const TraceDocument& document, const StepJudgement& judgement) {
    int best = -1;
    std::int64_t most = 0;
    const int first = std::max(document.stepAt(std::max<std::int64_t>(judgement.begin, 0)), 0);
    const auto& steps = document.steps();
    for (auto i = static_cast<std::size_t>(first); i < steps.size() && steps[i].begin < judgement.end; ++i) {
        const std::int64_t shared =
            std::min(judgement.end, steps[i].end) - std::max(judgement.begin, steps[i].begin);
        if (shared > most) {
            most = shared;
            best = static_cast<int>(i);
        }
    }
    return best;
}

void take(StepFacts& facts, LaneKind kind, const StepLane& lane, const StepJudgement& said) {
    const auto lower = [](auto& known, const auto& value) {
        if (value && (!known || *value < *known)) known = value;
    };
    switch (kind) {
        case LaneKind::Human:
            lower(facts.human, said.rating);
            break;
        case LaneKind::Prm:
            lower(facts.prm, said.value);
            break;
        case LaneKind::Critic:
            lower(facts.critic, said.rating);
            break;
        case LaneKind::MonteCarlo:
            if (said.rollouts > 0 &&
                (facts.rollouts == 0 || std::int64_t(said.successes) * facts.rollouts <
                                            std::int64_t(facts.successes) * said.rollouts)) {
                facts.successes = said.successes;
                facts.rollouts = said.rollouts;
            }
            break;
        case LaneKind::Detector:
            facts.detected.push_back(said.text.empty() ? lane.name : lane.name + ": " + said.text);
            break;
        case LaneKind::Checker:
            break;
    }
}

}  // namespace

int signOf(LaneKind kind, const StepJudgement& judgement) {
    if (kind == LaneKind::MonteCarlo) {
        if (judgement.rollouts > 0) return judgement.successes == 0 ? -1 : 1;
        return judgement.value ? (*judgement.value <= 0 ? -1 : 1) : 0;
    }
    if (judgement.rating) return *judgement.rating < 0 ? -1 : 1;
    if (kind == LaneKind::Prm && judgement.value && std::isfinite(*judgement.value))
        return *judgement.value < 0.5 ? -1 : 1;
    return 0;
}

std::vector<StepFacts> stepFacts(const TraceDocument& document, const std::vector<StepLane>& lanes) {
    const std::size_t count = document.steps().size();
    std::vector<StepFacts> facts(count);
    std::vector<signed char> bad(count), good(count);
    for (std::size_t i = 0; i < count; ++i) {
        bad[i] = document.steps()[i].verdict == StepVerdict::Wrong;
        good[i] = document.steps()[i].verdict == StepVerdict::Correct;
    }
    for (const StepLane& lane : lanes) {
        std::vector<StepFacts> own(count);
        for (const StepJudgement& said : lane.steps) {
            const int step = stepOf(document, said);
            if (step < 0) continue;
            const auto at = static_cast<std::size_t>(step);
            take(own[at], lane.kind, lane, said);
            const int sign = lane.kind == LaneKind::Detector ? 0 : signOf(lane.kind, said);
            bad[at] |= sign < 0;
            good[at] |= sign > 0;
        }
        for (std::size_t i = 0; i < count; ++i) {
            StepFacts& all = facts[i];
            if (!all.human) all.human = own[i].human;
            if (!all.prm) all.prm = own[i].prm;
            if (!all.critic) all.critic = own[i].critic;
            if (all.rollouts == 0) {
                all.successes = own[i].successes;
                all.rollouts = own[i].rollouts;
            }
            for (std::string& text : own[i].detected) all.detected.push_back(std::move(text));
        }
    }
    for (std::size_t i = 0; i < count; ++i) facts[i].disagree = bad[i] && good[i];
    return facts;
}

int firstError(const TraceDocument& document, const std::vector<StepFacts>& facts) {
    const auto firstOf = [&](auto isWrong) {
        const auto found = std::find_if(facts.begin(), facts.end(), isWrong);
        return found == facts.end() ? -1 : static_cast<int>(found - facts.begin());
    };
    if (const int step = firstOf([](const StepFacts& f) { return f.human && *f.human < 0; }); step >= 0)
        return step;
    if (const int step = document.firstWrong(); step >= 0) return step;
    if (const int step = firstOf([](const StepFacts& f) { return f.critic && *f.critic < 0; }); step >= 0)
        return step;
    int lowest = -1;
    for (std::size_t i = 0; i < facts.size(); ++i)
        if (facts[i].prm && (lowest < 0 || *facts[i].prm < *facts[static_cast<std::size_t>(lowest)].prm))
            lowest = static_cast<int>(i);
    return lowest;
}

int nextDisagreement(const std::vector<StepFacts>& facts, int from) {
    const int count = static_cast<int>(facts.size());
    for (int i = 1; i <= count; ++i) {
        const int step = (std::max(from, -1) + i) % count;
        if (facts[static_cast<std::size_t>(step)].disagree) return step;
    }
    return -1;
}

}  // namespace retort
