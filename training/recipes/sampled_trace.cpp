#include "training/recipes/sampled_trace.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "core/tokenizers/stream_decoder.h"

namespace retort {

std::vector<std::int32_t> tokenEnds(const Tokenizer& tokenizer, const std::vector<std::int32_t>& ids,
                                    std::size_t textSize) {
    StreamDecoder decoder(tokenizer);
    std::vector<std::int32_t> ends;
    std::size_t written = 0, lastWithBytes = 0;
    for (const std::int32_t id : ids) {
        if (!tokenizer.tokenBytes(id).empty()) lastWithBytes = ends.size();
        written += decoder.push(id).size();
        ends.push_back(std::int32_t(std::min(written, textSize)));
    }
    // What no token completed is there as U+FFFD.
    if (const std::size_t rest = decoder.finish().size(); rest > 0)
        for (std::size_t i = lastWithBytes; i < ends.size(); ++i)
            ends[i] = std::int32_t(std::min(written + rest, textSize));
    return ends;
}

std::vector<JudgedCompletion> judge(const Tokenizer& tokenizer, const std::vector<const Problem*>& problems,
                                    const std::vector<const Task*>& tasks,
                                    std::vector<Completion> completions, std::int64_t samples) {
    std::vector<JudgedCompletion> judged(completions.size());
    at::parallel_for(0, std::int64_t(completions.size()), 8, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            JudgedCompletion& one = judged[std::size_t(i)];
            one.completion = std::move(completions[std::size_t(i)]);
            one.text = completionText(tokenizer, one.completion, {});
            const std::size_t prompt = std::size_t(i / samples);
            one.verdict = tasks[prompt]->verify(*problems[prompt], one.text);
        }
    });
    return judged;
}

bool hasCheckedSteps(const Verdict& verdict) {
    return std::any_of(verdict.steps.begin(), verdict.steps.end(),
                       [](const TraceStep& step) { return step.verdict != StepVerdict::Unchecked; });
}

Trace makeTrace(const Tokenizer& tokenizer, const std::string& taskName, const Problem& problem,
                const JudgedCompletion& judged, bool tokenArrays) {
    Trace trace;
    trace.task = taskName;
    trace.problemId = problem.id;
    trace.prompt = problem.prompt;
    trace.completion = judged.text;
    trace.gold = problem.answer;
    trace.extracted = judged.verdict.extracted;
    trace.correct = judged.verdict.correct;
    trace.worked = judged.verdict.worked;
    trace.numTokens = std::int32_t(judged.tokens());
    trace.finish = judged.completion.finished ? "stop" : "length";
    trace.steps = judged.verdict.steps;
    if (hasCheckedSteps(judged.verdict)) trace.stepAccuracy = judged.verdict.stepAccuracy;
    if (tokenArrays) {
        trace.tokens.ids = judged.completion.ids;
        trace.tokens.ends = tokenEnds(tokenizer, judged.completion.ids, judged.text.size());
        trace.tokens.logprobs = judged.completion.logprobs;
        trace.tokens.entropies = judged.completion.entropies;
    }
    return trace;
}

}  // namespace retort
