#include "core/config/rewards.h"

namespace retort {
namespace {

Parameter number(const char* path, double defaultValue, double low, double high, const char* help) {
    Parameter parameter;
    parameter.path = path;
    parameter.type = ParameterType::Real;
    parameter.defaultValue = defaultValue;
    parameter.help = help;
    parameter.minimum = low;
    parameter.maximum = high;
    return parameter;
}

Parameter count(const char* path, int defaultValue, double low, const char* help, const char* unit) {
    Parameter parameter = number(path, 0, low, 1 << 20, help);
    parameter.type = ParameterType::Integer;
    parameter.defaultValue = defaultValue;
    parameter.unit = unit;
    return parameter;
}

Parameter tokens(const char* path, int defaultValue, const char* help) {
    return count(path, defaultValue, 1, help, "tokens");
}

Parameter checkpoint(const char* help) {
    Parameter parameter;
    parameter.path = "path";
    parameter.type = ParameterType::Text;
    parameter.defaultValue = "";
    parameter.help = help;
    return parameter;
}

Parameter shaping() {
    Parameter parameter;
    parameter.path = "shaping";
    parameter.type = ParameterType::Choice;
    parameter.defaultValue = "clip_delta";
    parameter.choices = {"none", "clip", "delta", "clip_delta"};
    parameter.help =
        "clip: min(q - eta, 0), so that no step earns; delta: q less the next one's, so that they do not add "
        "up.";
    return parameter;
}

ParameterVariant cosineLength() {
    return {"cosine_length",
            "Right answers earn more when short, wrong ones lose less when long, along half a cosine (#100).",
            {tokens("max_length", 64, "Length at which the cosine ends."),
             number("min_value_wrong", -1, -1e6, 1e6, "Of wrong answers of length 0."),
             number("max_value_wrong", -0.5, -1e6, 1e6, "Of wrong answers of max_length."),
             number("min_value_correct", 0.5, -1e6, 1e6, "Of right answers of max_length."),
             number("max_value_correct", 1, -1e6, 1e6, "Of right answers of length 0."),
             number("exceeded_value", -1, -1e6, 1e6, "Of completions that were cut off.")}};
}

std::vector<ParameterVariant> lengthTerms() {
    return {
        {"length",
         "Soft overlong punishment (DAPO): 0 up to max_length - cache, falling to -1 at max_length and "
         "beyond.",
         {tokens("max_length", 64, "Length from which the punishment is whole."),
          tokens("cache", 16, "Length of the stretch before max_length in which it grows.")}},
        cosineLength(),
        {"kimi_length",
         "0.5 for the shortest of the group down to -0.5 for the longest; wrong answers never earn (#110).",
         {count("start_step", 0, 0, "Step before which the term is 0.", "steps")}},
        {"format_length",
         "Needs no labels (#36): 1 when well formed, plus a length term that is largest at a share of "
         "max_length.",
         {tokens("max_length", 64, "Length at which the length term is -1."),
          number("peak", 0.5, 0.01, 0.99, "Share of max_length at which the length term is 1.")}},
    };
}

std::vector<ParameterVariant> declare() {
    std::vector<ParameterVariant> terms = {
        {"correctness", "1 when the answer is right, else 0.", {}},
        {"format",
         "1 when the completion is well formed: a bare answer, or one closed think region and an answer.",
         {}},
        {"worked", "1 when the completion shows its working.", {}},
        {"step_accuracy", "Share of the reasoning steps that the task's checker finds right.", {}},
    };
    for (ParameterVariant& term : lengthTerms()) terms.push_back(std::move(term));
    terms.push_back({"repetition",
                     "max_penalty times the share of n-grams of tokens that came before.",
                     {tokens("ngram_size", 3, "Tokens of an n-gram."),
                      number("max_penalty", -1, -1e6, 0, "When nothing but repetition is left.")}});
    terms.push_back(
        {"garbage",
         "-1 when more than max_share of the characters are ones that no answer to the prompt needs: "
         "control and undefined characters, broken UTF-8, letters of a script that the prompt does not "
         "use (#80).",
         {number("max_share", 0, 0, 1, "Share of such characters that goes unpunished.")}});
    terms.push_back(
        {"exploration",
         "per_step for each different step beyond the free ones, up to the cap, right or wrong (#61).",
         {number("per_step", 0.05, 0, 1e6, "For each step."),
          count("free_steps", 0, 0, "Different steps that earn nothing.", "steps"),
          number("cap", 0.3, 0, 1e6, "The most that it can add.")}});
    terms.push_back({"reward_model",
                     "A trained reward model's word on the whole completion.",
                     {checkpoint("Its checkpoint (recipe reward_model).")}});
    terms.push_back({"process_reward",
                     "A process reward model's words on the steps, bounded against empty steps (#92).",
                     {checkpoint("Its checkpoint (recipe prm)."), shaping(),
                      number("eta", 0.5, 0, 1, "clip: probability from which a step costs nothing.")}});
    return terms;
}

}  // namespace

const std::vector<ParameterVariant>& rewardVariants() {
    static const std::vector<ParameterVariant> variants = declare();
    return variants;
}

}  // namespace retort
