#include "training/judging/critic.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/traces/judged_steps.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "core/util/text.h"

namespace retort {
namespace {

/// ProcessBench's critique_template.txt.
constexpr std::string_view questionHead =
    "The following is a math problem and a solution (split into paragraphs, enclosed with tags and indexed "
    "from 0):\n"
    "\n"
    "[Math Problem]\n"
    "\n";
constexpr std::string_view questionSolution =
    "\n"
    "\n"
    "[Solution]\n"
    "\n";
constexpr std::string_view questionTask =
    "\n"
    "\n"
    "Your task is to review and critique the solution paragraph by paragraph. Once you identify an error in "
    "a paragraph, "
    "return the index of the paragraph where the earliest error occurs. Otherwise, return the index of -1 "
    "(which typically "
    "denotes \"not found\").\n"
    "\n"
    "Please put your final answer (i.e., the index) in \\boxed{}.";

std::vector<std::string> textsOf(const Trace& trace, const std::vector<TraceStep>& steps) {
    std::vector<std::string> texts;
    for (const TraceStep& step : steps)
        texts.push_back(trace.completion.substr(std::size_t(step.begin), std::size_t(step.end - step.begin)));
    return texts;
}

/// One trace that the critic was asked about.
struct Question {
    JudgedTrace judged;
    std::vector<TraceStep> steps;
    std::vector<std::int32_t> ids;
};

Question questionOn(std::size_t index, const Trace& trace, const Tokenizer& tokenizer,
                    const std::function<std::string(const std::string&)>& prompt,
                    const CriticSettings& settings, const std::string& lane) {
    Question question;
    CutCompletion cut = cutCompletion(trace);
    question.judged.trace = index;
    question.judged.stepsFrom = cut.how;
    question.judged.lane = {LaneKind::Critic, lane, {}};
    question.steps = std::move(cut.steps);
    if (question.steps.empty()) {
        question.judged.note = "there is no text";
        return question;
    }
    const std::string text = prompt(critiqueQuestion(trace.prompt, textsOf(trace, question.steps)));
    question.ids = tokenizer.encode(text);
    if (settings.maxPositions > 0 && std::int64_t(question.ids.size()) >= settings.maxPositions) {
        question.judged.note = "the question is longer than the critic's positions";
        question.ids.clear();
    }
    return question;
}

/// A model of a few characters reads a row of unknown tokens, and would answer something.
void requireReadable(const Tokenizer& tokenizer) {
    if (trimmed(tokenizer.decode(tokenizer.encode(questionTask))) == trimmed(questionTask)) return;
    throw Error(
        "the critic's vocabulary cannot write ProcessBench's question", "critic",
        "take a language model of general text; for models of our tasks there are Monte Carlo and prm");
}

void rate(Question& question, const std::vector<std::optional<std::int64_t>>& answers) {
    const std::optional<std::int64_t> answer = majorityAnswer(answers);
    const auto count = std::int64_t(question.steps.size());
    if (!answer || *answer >= count || *answer < -1) {
        question.judged.note = answer ? "its answer " + std::to_string(*answer) + " is no step of this trace"
                                      : "its answer has no index in \\boxed{}";
        return;
    }
    const auto votes = std::count(answers.begin(), answers.end(), answer);
    for (std::int64_t i = 0; i < (*answer < 0 ? count : *answer + 1); ++i) {
        StepJudgement judgement;
        judgement.begin = question.steps[std::size_t(i)].begin;
        judgement.end = question.steps[std::size_t(i)].end;
        judgement.rating = i == *answer ? -1 : 1;
        if (i == *answer)
            judgement.text = std::to_string(votes) + " of " + std::to_string(answers.size()) + " answers";
        question.judged.lane.steps.push_back(std::move(judgement));
    }
}

bool ask(std::vector<Question>& questions, const Tokenizer& tokenizer, const CriticSettings& settings,
         const SampleFunction& sample, std::uint64_t stream) {
    SamplingSettings sampling;
    sampling.maxNewTokens = settings.maxNewTokens;
    sampling.temperature = settings.answers == 1 ? 0 : settings.temperature;
    sampling.topP = settings.topP;
    sampling.seed = stableHash("critic", settings.seed);
    sampling.recordEntropies = false;
    std::vector<std::vector<std::int32_t>> prompts;
    std::vector<Question*> asked;
    for (Question& question : questions) {
        if (question.ids.empty()) continue;
        prompts.push_back(question.ids);
        asked.push_back(&question);
    }
    if (prompts.empty()) return true;
    const std::vector<Completion> completions = sample(prompts, settings.answers, sampling, stream);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        std::vector<std::optional<std::int64_t>> answers;
        for (std::size_t k = i * std::size_t(settings.answers);
             answers.size() < std::size_t(settings.answers); ++k) {
            if (!completions[k].whole) return false;
            answers.push_back(critiqueAnswer(completionText(tokenizer, completions[k], {})));
            asked[i]->judged.tokens += std::int64_t(completions[k].ids.size());
        }
        asked[i]->judged.rollouts = settings.answers;
        rate(*asked[i], answers);
    }
    return true;
}

}  // namespace

std::string critiqueQuestion(const std::string& problem, const std::vector<std::string>& steps) {
    std::string text(questionHead);
    text.append(problem).append(questionSolution);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::string tag = "paragraph_" + std::to_string(i) + ">";
        text.append(i > 0 ? "\n\n<" : "<")
            .append(tag)
            .append("\n")
            .append(steps[i])
            .append("\n</")
            .append(tag);
    }
    return text.append(questionTask);
}

std::optional<std::int64_t> critiqueAnswer(std::string_view critique) {
    constexpr std::string_view box = "\\boxed{";
    const std::size_t begin = critique.rfind(box);
    if (begin == std::string_view::npos) return std::nullopt;
    const std::size_t end = critique.find('}', begin);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = trimmed(critique.substr(begin + box.size(), end - begin - box.size()));
    std::int64_t index = 0;
    const auto [read, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc() || read != text.data() + text.size()) return std::nullopt;
    return index;
}

std::optional<std::int64_t> majorityAnswer(const std::vector<std::optional<std::int64_t>>& answers) {
    std::map<std::optional<std::int64_t>, std::int64_t> votes;
    for (const auto& answer : answers) ++votes[answer];
    std::optional<std::int64_t> best;
    std::int64_t most = 0;
    for (const auto& answer : answers)
        if (votes[answer] > most) {
            most = votes[answer];
            best = answer;
        }
    return best;
}

bool judgeByCritic(const std::vector<Trace>& traces, const Tokenizer& tokenizer,
                   const std::function<std::string(const std::string&)>& prompt,
                   const CriticSettings& settings, const SampleFunction& sample, const std::string& lane,
                   const JudgedFunction& done) {
    requireReadable(tokenizer);
    std::vector<Question> questions;
    for (std::size_t i = 0; i < traces.size(); ++i) {
        questions.push_back(questionOn(i, traces[i], tokenizer, prompt, settings, lane));
        if (std::int64_t(questions.size()) < settings.tracesAtOnce && i + 1 < traces.size()) continue;
        if (!ask(questions, tokenizer, settings, sample, i + 1 - questions.size())) return false;
        for (Question& question : questions) done(std::move(question.judged));
        questions.clear();
    }
    return true;
}

}  // namespace retort
