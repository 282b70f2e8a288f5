#include "training/judging/monte_carlo.h"

#include "core/traces/judged_steps.h"

namespace retort {
namespace {

/// A trace whose places were asked for.
struct Asked {
    JudgedTrace judged;
    std::vector<RolloutPool::Asked> places;  ///< one a step
};

bool endsWithStep(const Trace& trace, const StepJudgement& step) {
    return step.end == std::int64_t(trace.completion.size()) && trace.finish == "stop";
}

Asked askFor(std::size_t index, const Trace& trace, RolloutPool& pool, const std::string& lane,
             const std::string& why) {
    Asked asked;
    asked.judged.trace = index;
    asked.judged.lane = {LaneKind::MonteCarlo, lane, {}};
    asked.judged.note = why;
    const CutCompletion cut = cutCompletion(trace);
    asked.judged.stepsFrom = cut.how;
    if (!why.empty()) return asked;
    for (const TraceStep& step : cut.steps) {
        StepJudgement judgement;
        judgement.begin = step.begin;
        judgement.end = step.end;
        asked.judged.lane.steps.push_back(judgement);
        asked.places.push_back(
            endsWithStep(trace, judgement)
                ? RolloutPool::Asked{}
                : pool.ask(index, std::string_view(trace.completion).substr(0, std::size_t(step.end))));
    }
    return asked;
}

void fill(const Trace& trace, const RolloutPool& pool, Asked& asked) {
    for (std::size_t i = 0; i < asked.places.size(); ++i) {
        StepJudgement& judgement = asked.judged.lane.steps[i];
        if (endsWithStep(trace, judgement)) {
            judgement.successes = trace.correct;
            judgement.rollouts = 1;
            judgement.value = trace.correct;
            judgement.text = "the answer is there";
            continue;
        }
        const RolloutPlace& place = pool.place(asked.places[i].place);
        judgement.successes = std::int32_t(place.successes);
        judgement.rollouts = std::int32_t(place.rollouts);
        if (place.rollouts == 0)
            judgement.text = "nothing can follow: it is as long as it may be";
        else
            judgement.value = place.value();
        if (!asked.places[i].isNew) continue;
        asked.judged.rollouts += place.rollouts;
        asked.judged.tokens += place.tokens;
    }
}

}  // namespace

bool judgeByMonteCarlo(const std::vector<Trace>& traces, RolloutPool& pool, std::int64_t rowsAtOnce,
                       const std::string& lane, const std::function<std::string(const Trace&)>& whyNot,
                       const JudgedFunction& done) {
    std::vector<Asked> asked;
    for (std::size_t i = 0; i < traces.size(); ++i) {
        asked.push_back(askFor(i, traces[i], pool, lane, whyNot(traces[i])));
        if (pool.waiting() < rowsAtOnce && i + 1 < traces.size()) continue;
        if (!pool.rollOut()) return false;
        for (Asked& one : asked) {
            fill(traces[one.judged.trace], pool, one);
            done(std::move(one.judged));
        }
        asked.clear();
    }
    return true;
}

}  // namespace retort
