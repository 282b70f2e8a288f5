// The kinds of reward terms by name. Their parameters are declared in core/config/rewards.cpp.
#include <map>

#include "core/util/error.h"
#include "training/objectives/garbage.h"
#include "training/objectives/rewards.h"
#include "training/objectives/shaping.h"

namespace retort {
namespace {

using Group = std::span<const RewardInput>;
using Values = std::vector<double>;
using Term = RewardComposer::Term;

/// A term that looks at one completion at a time.
template <class Value>
Term each(Value value) {
    return [value](Group group) {
        Values values;
        for (const RewardInput& input : group) values.push_back(value(input));
        return values;
    };
}

/// A parameter, or its default where the configuration was made by hand.
template <class T>
T parameter(const RewardSettings& term, const char* name, T otherwise) {
    return term.parameters.is_object() ? term.parameters.value(name, otherwise) : otherwise;
}

[[noreturn]] void refuse(const RewardSettings& term, const std::string& what) {
    throw Error(what, "grpo.rewards: " + term.reward);
}

std::int64_t lengthOf(const RewardSettings& term, const char* name, std::int64_t otherwise) {
    const std::int64_t length = parameter(term, name, otherwise);
    if (length < 1) refuse(term, std::string(name) + " must be at least 1");
    return length;
}

Term softOverlong(const RewardSettings& term, std::size_t) {
    const std::int64_t longest = lengthOf(term, "max_length", 64),
                       cache = parameter(term, "cache", std::int64_t(16));
    if (cache < 1 || cache > longest) refuse(term, "cache must lie between 1 and max_length");
    return each(
        [=](const RewardInput& input) { return softOverlongPunishment(input.tokens(), longest, cache); });
}

Term cosineLength(const RewardSettings& term, std::size_t) {
    CosineLength reward;
    reward.maxLength = lengthOf(term, "max_length", reward.maxLength);
    reward.minWrong = parameter(term, "min_value_wrong", reward.minWrong);
    reward.maxWrong = parameter(term, "max_value_wrong", reward.maxWrong);
    reward.minCorrect = parameter(term, "min_value_correct", reward.minCorrect);
    reward.maxCorrect = parameter(term, "max_value_correct", reward.maxCorrect);
    reward.exceeded = parameter(term, "exceeded_value", reward.exceeded);
    return each([=](const RewardInput& input) {
        return reward(input.tokens(), input.finished, input.verdict->correct);
    });
}

Term repetition(const RewardSettings& term, std::size_t) {
    const std::int64_t size = lengthOf(term, "ngram_size", 3);
    const double most = parameter(term, "max_penalty", -1.0);
    if (most > 0) refuse(term, "max_penalty must not be above 0");
    return each([=](const RewardInput& input) { return repetitionPenalty(input.ids, size, most); });
}

Term garbage(const RewardSettings& term, std::size_t) {
    const double maxShare = parameter(term, "max_share", 0.0);
    if (!(maxShare >= 0 && maxShare <= 1)) refuse(term, "max_share must lie between 0 and 1");
    return each([=](const RewardInput& input) { return garbagePenalty(input.prompt, input.text, maxShare); });
}

Term kimiLength(const RewardSettings&, std::size_t) {
    return [](Group group) {
        std::vector<std::int64_t> tokens;
        std::vector<bool> correct;
        for (const RewardInput& input : group) {
            tokens.push_back(input.tokens());
            correct.push_back(input.verdict->correct);
        }
        return kimiLengthRewards(tokens, correct);
    };
}

Term formatLength(const RewardSettings& term, std::size_t) {
    const std::int64_t longest = lengthOf(term, "max_length", 64);
    const double peak = parameter(term, "peak", 0.5);
    if (!(peak > 0 && peak < 1)) refuse(term, "peak must lie between 0 and 1");
    return each([=](const RewardInput& input) {
        return double(input.verdict->wellFormed) + surrogateLength(input.tokens(), longest, peak);
    });
}

Term exploration(const RewardSettings& term, std::size_t) {
    const double perStep = parameter(term, "per_step", 0.05), cap = parameter(term, "cap", 0.3);
    const std::int64_t free = parameter(term, "free_steps", std::int64_t(0));
    return each([=](const RewardInput& input) {
        std::vector<std::string_view> steps;
        for (const TraceStep& step : input.verdict->steps)
            if (step.end <= std::int64_t(input.text.size()))
                steps.push_back(
                    input.text.substr(std::size_t(step.begin), std::size_t(step.end - step.begin)));
        return explorationBonus(steps, perStep, free, cap);
    });
}

Term modelValue(const RewardSettings&, std::size_t index) {
    return each([=](const RewardInput& input) { return input.modelValues.at(index); });
}

template <class Value>
auto verdictTerm(Value value) {
    return [value](const RewardSettings&, std::size_t) {
        return each([value](const RewardInput& input) { return double(value(*input.verdict)); });
    };
}

using Factory = std::function<Term(const RewardSettings&, std::size_t)>;

const std::map<std::string, Factory>& factories() {
    static const std::map<std::string, Factory> all = {
        {"correctness", verdictTerm([](const Verdict& verdict) { return verdict.correct; })},
        {"format", verdictTerm([](const Verdict& verdict) { return verdict.wellFormed; })},
        {"worked", verdictTerm([](const Verdict& verdict) { return verdict.worked; })},
        {"step_accuracy", verdictTerm([](const Verdict& verdict) { return verdict.stepAccuracy; })},
        {"length", softOverlong},
        {"cosine_length", cosineLength},
        {"repetition", repetition},
        {"garbage", garbage},
        {"kimi_length", kimiLength},
        {"format_length", formatLength},
        {"exploration", exploration},
        {"reward_model", modelValue},
        {"process_reward", modelValue},
    };
    return all;
}

}  // namespace

bool isModelReward(const std::string& kind) {
    return kind == "reward_model" || kind == "process_reward";
}

RewardComposer::Term makeRewardTerm(const RewardSettings& settings, std::size_t index) {
    const auto found = factories().find(settings.reward);
    if (found != factories().end()) return found->second(settings, index);
    std::string names;
    for (const auto& [name, factory] : factories()) names += (names.empty() ? "" : ", ") + name;
    throw Error("unknown reward '" + settings.reward + "'", "grpo.rewards", names);
}

}  // namespace retort
