#include "training/recipes/step_values.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <map>

namespace retort {
namespace {

/// Rates are quotients: 0.8 - 0.3 is to be a drop by 0.5.
constexpr double rounding = 1e-9;

/// What completions of a group have written at the end of a step, and what became of it.
struct State {
    std::size_t group = 0;
    std::string text;                     ///< of the completion, so far
    std::vector<std::int32_t> ids;        ///< prompt and text
    std::int64_t room = 0;                ///< tokens that may follow
    double rate = 0;                      ///< Q̂
    std::vector<JudgedCompletion> right;  ///< whole completions from here, the text before them included
};

class StepValues {
  public:
    StepValues(const std::vector<SampledGroup>& groups, const std::vector<const Task*>& tasks,
               const Tokenizer& tokenizer, const StepValueSettings& settings)
        : m_groups(groups), m_tasks(tasks), m_tokenizer(tokenizer), m_settings(settings) {
        for (std::size_t g = 0; g < groups.size(); ++g) addStates(g);
    }

    /// False when a stop came first.
    bool rollOut(const SampleFunction& sample) {
        SamplingSettings sampling;
        sampling.temperature = m_settings.pairs->temperature;
        sampling.topP = m_settings.pairs->top_p;
        sampling.seed = m_settings.seed;
        sampling.recordEntropies = false;
        sampling.maxNewTokens = 0;
        std::vector<std::vector<std::int32_t>> prompts;
        std::vector<State*> states;
        for (State& state : m_states) {
            if (state.text.empty() || state.room <= 0) continue;  // sampled already; nothing can follow
            states.push_back(&state);
            prompts.push_back(state.ids);
            sampling.maxNewTokens = std::max(sampling.maxNewTokens, state.room);
        }
        if (states.empty()) return true;
        const std::int64_t samples = m_settings.pairs->step_rollouts;
        std::vector<Completion> rollouts = sample(prompts, samples, sampling, m_settings.streamBase);
        for (const Completion& rollout : rollouts) {
            if (!rollout.whole) return false;
            m_tokens += std::int64_t(rollout.ids.size());
        }
        take(std::move(rollouts), states, std::size_t(samples));
        return true;
    }

    StepValuePairs pairs() const {
        StepValuePairs found;
        found.rolloutTokens = m_tokens;
        for (std::size_t g = 0; g < m_groups.size(); ++g) {
            const auto first = std::ptrdiff_t(found.pairs.size());
            for (const JudgedCompletion& sample : m_groups[g].samples) {
                if (sample.verdict.correct) continue;
                auto pair = pairOf(g, sample);
                const auto begin = found.pairs.begin() + first;
                if (pair && std::find(begin, found.pairs.end(), *pair) == found.pairs.end())
                    found.pairs.push_back(std::move(*pair));
            }
        }
        return found;
    }

  private:
    static bool isEnd(const JudgedCompletion& sample, std::size_t place) {
        return sample.completion.finished && place == sample.text.size();
    }

    void addStates(std::size_t group) {
        const std::vector<JudgedCompletion>& samples = m_groups[group].samples;
        State& start = m_states[add(group, {})];
        for (const JudgedCompletion& sample : samples)
            if (sample.verdict.correct) start.right.push_back(sample);
        start.rate = double(start.right.size()) / double(std::max<std::size_t>(samples.size(), 1));
        for (const JudgedCompletion& sample : samples) {
            if (sample.verdict.correct) continue;
            for (const std::size_t end : stepEnds(sample))
                if (!isEnd(sample, end)) add(group, sample.text.substr(0, end));
        }
    }

    std::size_t add(std::size_t group, const std::string& text) {
        const auto [place, isNew] = m_index.emplace(std::make_pair(group, text), m_states.size());
        if (!isNew) return place->second;
        State& state = m_states.emplace_back();
        state.group = group;
        state.text = text;
        const std::string& prompt = m_groups[group].drawn.problem.prompt;
        const auto asked = std::int64_t(m_tokenizer.encode(prompt).size());
        state.ids = m_tokenizer.encode(prompt + text);
        const auto length = std::int64_t(state.ids.size());
        state.room = m_settings.pairs->max_completion_length - (length - asked);
        if (m_settings.maxPositions > 0) state.room = std::min(state.room, m_settings.maxPositions - length);
        return place->second;
    }

    /// Judges the rollouts, `samples` of each state.
    void take(std::vector<Completion> rollouts, const std::vector<State*>& states, std::size_t samples) {
        std::vector<JudgedCompletion> judged(rollouts.size());
        at::parallel_for(0, std::int64_t(rollouts.size()), 8, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i)
                judged[std::size_t(i)] =
                    whole(*states[std::size_t(i) / samples], std::move(rollouts[std::size_t(i)]));
        });
        for (std::size_t i = 0; i < judged.size(); ++i)
            if (judged[i].verdict.correct) states[i / samples]->right.push_back(std::move(judged[i]));
        for (State* state : states) state->rate = double(state->right.size()) / double(samples);
    }

    JudgedCompletion whole(const State& state, Completion rollout) const {
        // All rollouts have the bound of the earliest state.
        if (std::int64_t(rollout.ids.size()) > state.room) {
            rollout.ids.resize(std::size_t(state.room));
            rollout.finished = false;
        }
        JudgedCompletion judged;
        judged.text = state.text + completionText(m_tokenizer, rollout, {});
        judged.completion = std::move(rollout);
        judged.verdict = m_tasks[state.group]->verify(m_groups[state.group].drawn.problem, judged.text);
        return judged;
    }

    const State& stateAt(std::size_t group, const JudgedCompletion& sample, std::size_t end) const {
        return m_states[m_index.at({group, sample.text.substr(0, end)})];
    }

    std::optional<PreferencePair> pairOf(std::size_t group, const JudgedCompletion& wrong) const {
        std::size_t begin = 0;
        const State* before = &stateAt(group, wrong, 0);
        for (const std::size_t end : stepEnds(wrong)) {
            const State* after = isEnd(wrong, end) ? nullptr : &stateAt(group, wrong, end);
            if (before->rate - (after ? after->rate : 0) >= m_settings.pairs->step_drop - rounding)
                return pairAt(*before, wrong, begin, end);
            begin = end;
            before = after;
        }
        return std::nullopt;
    }

    std::optional<PreferencePair> pairAt(const State& before, const JudgedCompletion& wrong,
                                         std::size_t begin, std::size_t end) const {
        const std::string rejected = wrong.text.substr(begin, end - begin);
        const bool rejectedEnds = isEnd(wrong, end);
        for (const JudgedCompletion& right : before.right) {
            const std::vector<std::size_t> ends = stepEnds(right);
            const auto next = std::upper_bound(ends.begin(), ends.end(), begin);
            if (next == ends.end()) continue;
            const std::string chosen = right.text.substr(begin, *next - begin);
            const bool chosenEnds = isEnd(right, *next);
            if (chosen == rejected && chosenEnds == rejectedEnds) continue;
            return PreferencePair{m_groups[before.group].drawn.problem.prompt + before.text, chosen, rejected,
                                  chosenEnds, rejectedEnds};
        }
        return std::nullopt;
    }

    const std::vector<SampledGroup>& m_groups;
    const std::vector<const Task*>& m_tasks;
    const Tokenizer& m_tokenizer;
    const StepValueSettings& m_settings;
    std::vector<State> m_states;
    std::map<std::pair<std::size_t, std::string>, std::size_t> m_index;  ///< by group and text
    std::int64_t m_tokens = 0;
};

}  // namespace

std::vector<std::size_t> stepEnds(const JudgedCompletion& completion) {
    std::vector<std::size_t> ends;
    for (const TraceStep& step : completion.verdict.steps) ends.push_back(std::size_t(step.end));
    if (ends.empty()) return ends;
    if (completion.completion.finished && ends.back() < completion.text.size())
        ends.push_back(completion.text.size());
    if (!completion.completion.finished && ends.back() == completion.text.size()) ends.pop_back();
    return ends;
}

std::optional<StepValuePairs> stepValuePairs(const std::vector<SampledGroup>& groups,
                                             const std::vector<const Task*>& tasks,
                                             const Tokenizer& tokenizer, const StepValueSettings& settings,
                                             const SampleFunction& sample) {
    StepValues values(groups, tasks, tokenizer, settings);
    if (!values.rollOut(sample)) return std::nullopt;
    return values.pairs();
}

}  // namespace retort
