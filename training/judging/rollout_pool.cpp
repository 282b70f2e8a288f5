#include "training/judging/rollout_pool.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "core/util/random.h"

namespace retort {

RolloutPool::RolloutPool(const std::vector<Trace>& traces, const Tokenizer& tokenizer,
                         const AnswerCheckFunction& isRight, const RolloutPoolSettings& settings,
                         const SampleFunction& sample)
    : m_traces(traces), m_tokenizer(tokenizer), m_isRight(isRight), m_settings(settings), m_sample(sample) {}

/// Two hashes: that two places of one request are taken for one is less likely than a fault of the memory.
RolloutPool::Key RolloutPool::keyOf(const Trace& trace, std::string_view prefix) const {
    std::string text;
    for (const std::string_view part : {std::string_view(trace.task), std::string_view(trace.problemId),
                                        std::string_view(trace.prompt), std::string_view(trace.gold)})
        text.append(std::to_string(part.size())).append(":").append(part);
    text.append(prefix);
    return {stableHash(text, 1), stableHash(text, 2)};
}

RolloutPool::Asked RolloutPool::ask(std::size_t trace, std::string_view prefix) {
    const Trace& from = m_traces[trace];
    const auto [found, isNew] = m_index.emplace(keyOf(from, prefix), m_places.size());
    if (!isNew) return {found->second, false};
    m_places.emplace_back();
    Waiting waiting;
    waiting.place = found->second;
    waiting.trace = trace;
    waiting.prefix = prefix;
    const auto asked = std::int64_t(m_tokenizer.encode(from.prompt).size());
    waiting.ids = m_tokenizer.encode(from.prompt + waiting.prefix);
    const auto length = std::int64_t(waiting.ids.size());
    waiting.room = m_settings.maxTokens - (length - asked);
    if (m_settings.maxPositions > 0) waiting.room = std::min(waiting.room, m_settings.maxPositions - length);
    if (waiting.room > 0 && length > 0) m_waiting.push_back(std::move(waiting));
    return {found->second, true};
}

bool RolloutPool::rollOut() {
    const auto atOnce = std::size_t(std::max<std::int64_t>(m_settings.rowsAtOnce / m_settings.rollouts, 1));
    std::size_t done = 0;
    while (done < m_waiting.size()) {
        const std::size_t last = std::min(done + atOnce, m_waiting.size());
        if (!rollOut(done, last)) return false;
        done = last;
    }
    m_waiting.clear();
    return true;
}

bool RolloutPool::rollOut(std::size_t first, std::size_t last) {
    SamplingSettings sampling;
    sampling.temperature = m_settings.temperature;
    sampling.topP = m_settings.topP;
    sampling.seed = stableHash("judging", m_settings.seed);
    sampling.recordEntropies = false;
    sampling.maxNewTokens = 0;
    std::vector<std::vector<std::int32_t>> prompts;
    for (std::size_t i = first; i < last; ++i) {
        prompts.push_back(m_waiting[i].ids);
        sampling.maxNewTokens = std::max(sampling.maxNewTokens, m_waiting[i].room);
    }
    // Places are numbered as they are asked for, and so are the random streams: one that was never used each.
    const auto stream = std::uint64_t(m_waiting[first].place);
    std::vector<Completion> rollouts = m_sample(prompts, m_settings.rollouts, sampling, stream);
    for (const Completion& rollout : rollouts)
        if (!rollout.whole) return false;
    at::parallel_for(0, std::int64_t(last - first), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            take(m_waiting[first + std::size_t(i)], &rollouts[std::size_t(i * m_settings.rollouts)]);
    });
    return true;
}

void RolloutPool::take(const Waiting& from, Completion* completions) {
    RolloutPlace& place = m_places[from.place];
    for (std::int64_t r = 0; r < m_settings.rollouts; ++r) {
        Completion& completion = completions[r];
        place.tokens += std::int64_t(completion.ids.size());
        // All rollouts of a call have the bound of the earliest place in it.
        if (std::int64_t(completion.ids.size()) > from.room) {
            completion.ids.resize(std::size_t(from.room));
            completion.finished = false;
        }
        Rollout rollout;
        rollout.text = completionText(m_tokenizer, completion, {});
        rollout.tokens = std::int64_t(completion.ids.size());
        rollout.finished = completion.finished;
        rollout.correct = m_isRight(m_traces[from.trace], from.prefix + rollout.text);
        place.successes += rollout.correct;
        ++place.rollouts;
        if (m_settings.keepTexts) place.texts.push_back(std::move(rollout));
    }
}

}  // namespace retort
