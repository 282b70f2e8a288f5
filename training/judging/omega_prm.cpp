#include "training/judging/omega_prm.h"

#include <algorithm>
#include <cmath>

#include "core/traces/judged_steps.h"
#include "core/util/json.h"

namespace retort {
namespace {

std::int64_t wordsIn(std::string_view text) {
    std::int64_t words = 0;
    bool inside = false;
    for (const char c : text) {
        const bool isBlank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        words += !isBlank && !inside;
        inside = !isBlank;
    }
    return words;
}

std::vector<std::int64_t> endsOf(const std::vector<TraceStep>& steps) {
    std::vector<std::int64_t> ends;
    for (const TraceStep& step : steps) ends.push_back(step.end);
    return ends;
}

Json settingsOf(const OmegaPrmSettings& settings) {
    return {{"alpha", settings.alpha},
            {"beta", settings.beta},
            {"length_scale", settings.lengthScale},
            {"c_puct", settings.cPuct},
            {"searches", settings.searches}};
}

}  // namespace

OmegaPrmSearch::OmegaPrmSearch(const Trace& trace, const OmegaPrmSettings& settings, bool solvable)
    : m_trace(trace), m_settings(settings) {
    CutCompletion cut = cutCompletion(trace);
    m_steps = std::move(cut.steps);
    m_stepsFrom = cut.how;
    if (m_steps.empty()) {
        m_note = "there is no text";
        return;
    }
    m_measured.resize(m_steps.size() + 2);
    if (trace.correct) return;  // every place has led to a right answer
    m_asksRoot = !solvable || settings.searches > 1;
    if (m_asksRoot) {
        m_wanted.emplace();
        return;
    }
    RolloutPlace root;  // not rolled out
    m_lowState = addState(root);
    beginOwnSearch();
}

void OmegaPrmSearch::take(const RolloutPlace& place) {
    if (m_asksRoot) {
        m_asksRoot = false;
        m_lowState = addState(place);
        if (place.successes > 0) return beginOwnSearch();
        m_note = "no rollout from the prompt is right: this policy cannot tell";
        m_wanted.reset();
        return;
    }
    const std::size_t middle = (m_low + m_high) / 2, state = addState(place);
    if (m_searches == 1) m_measured[middle] = place;
    if (place.successes == 0) {
        m_high = middle;
    } else {
        m_low = middle;
        m_lowState = state;
    }
    goOn();
}

std::size_t OmegaPrmSearch::addState(const RolloutPlace& place) {
    State state;
    state.prefix = m_wanted.value_or("");
    state.parent = m_states.empty() ? 0 : m_lowState;
    state.place = place;
    state.search = m_searches;
    m_states.push_back(std::move(state));
    const std::size_t index = m_states.size() - 1;
    // From where every rollout is right, or none, there is nothing to learn.
    if (place.successes > 0 && place.successes < place.rollouts)
        for (const Rollout& rollout : place.texts)
            if (!rollout.correct) m_candidates.push_back({index, rollout.text, false});
    return index;
}

void OmegaPrmSearch::beginOwnSearch() {
    setUp(0, m_trace.completion, endsOf(m_steps));
    goOn();
}

void OmegaPrmSearch::setUp(std::size_t state, const std::string& text,
                           const std::vector<std::int64_t>& ends) {
    ++m_searches;
    ++m_states[state].visits;
    const auto begin = std::int64_t(m_states[state].prefix.size()), size = std::int64_t(text.size());
    m_text = text;
    m_boundaries = {begin};
    for (const std::int64_t end : ends)
        if (end > begin && end < size) m_boundaries.push_back(end);
    m_boundaries.push_back(size);
    m_low = 0;
    m_high = m_boundaries.size() - 1;
    m_lowState = state;
}

void OmegaPrmSearch::goOn() {
    while (m_high - m_low <= 1) {
        if (m_searches == 1) m_firstError = m_low;
        if (!beginNextSearch()) {
            m_wanted.reset();
            return;
        }
    }
    m_wanted = m_text.substr(0, std::size_t(m_boundaries[(m_low + m_high) / 2]));
}

bool OmegaPrmSearch::beginNextSearch() {
    if (m_searches >= m_settings.searches) return false;
    double visits = 0;
    for (const State& state : m_states) visits += double(state.visits);
    Candidate* best = nullptr;
    double bestScore = 0;
    for (Candidate& candidate : m_candidates) {
        if (candidate.used) continue;
        const State& state = m_states[candidate.state];
        const double q = std::pow(m_settings.alpha, 1 - state.place.value()) *
                         std::pow(m_settings.beta, double(wordsIn(candidate.text)) / m_settings.lengthScale);
        const double u = m_settings.cPuct * std::sqrt(visits) / (1 + double(state.visits));
        if (best && q + u <= bestScore) continue;
        best = &candidate;
        bestScore = q + u;
    }
    if (!best) return false;
    best->used = true;
    const std::string text = m_states[best->state].prefix + best->text;
    setUp(best->state, text, endsOf(cutText(text).steps));
    return true;
}

StepLane OmegaPrmSearch::lane(std::string name) const {
    StepLane lane{LaneKind::MonteCarlo, std::move(name), {}};
    if (!m_note.empty()) return lane;
    const auto right = m_firstError ? *m_firstError : m_steps.size();  // segments before the error
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        StepJudgement judgement;
        judgement.begin = m_steps[i].begin;
        judgement.end = m_steps[i].end;
        if (const auto& measured = m_measured[i + 1]) {
            judgement.successes = std::int32_t(measured->successes);
            judgement.rollouts = std::int32_t(measured->rollouts);
            judgement.value = measured->value();
        }
        if (i <= right && m_firstError) judgement.rating = i < right ? 1 : -1;
        if (!m_firstError) judgement.rating = 1;
        if (judgement.rating == -1) judgement.text = "from its end on no rollout is right";
        lane.steps.push_back(std::move(judgement));
    }
    if (m_firstError && right == m_steps.size()) {
        StepJudgement answer;
        answer.begin = m_steps.back().end;
        answer.end = std::int64_t(m_trace.completion.size());
        answer.rating = -1;
        answer.text = "rollouts from the last step are right";
        if (answer.begin < answer.end) lane.steps.push_back(std::move(answer));
    }
    return lane;
}

std::optional<SearchTree> OmegaPrmSearch::tree() const {
    if (m_states.empty() || m_states.front().place.rollouts == 0) return std::nullopt;
    SearchTree tree;
    tree.step = m_trace.step;
    tree.method = "omega_prm";
    tree.task = m_trace.task;
    tree.problemId = m_trace.problemId;
    tree.prompt = m_trace.prompt;
    tree.gold = m_trace.gold;
    tree.settings = settingsOf(m_settings).dump();
    std::vector<std::int32_t> nodeOf;
    for (const State& state : m_states) {
        const bool isRoot = nodeOf.empty();
        TreeNode node;
        node.parent = isRoot ? -1 : nodeOf[state.parent];
        node.text = isRoot ? "" : state.prefix.substr(m_states[state.parent].prefix.size());
        node.round = std::int32_t(state.search);
        if (state.place.rollouts > 0) node.value = state.place.value();
        node.successes = std::int32_t(state.place.successes);
        node.rollouts = std::int32_t(state.place.rollouts);
        node.visits = std::int32_t(state.visits);
        node.kept = state.place.successes > 0;
        nodeOf.push_back(std::int32_t(tree.nodes.size()));
        tree.nodes.push_back(std::move(node));
        tree.tokens += state.place.tokens;
        for (const Rollout& rollout : state.place.texts) {
            TreeNode leaf;
            leaf.parent = nodeOf.back();
            leaf.text = rollout.text;
            leaf.round = std::int32_t(state.search);
            leaf.tokens = std::int32_t(rollout.tokens);
            leaf.finished = rollout.finished;
            leaf.correct = rollout.correct;
            tree.nodes.push_back(std::move(leaf));
        }
    }
    return tree;
}

}  // namespace retort
