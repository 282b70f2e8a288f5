#include "core/config/rewards.h"

namespace retort {
namespace {

Parameter tokens(const char* path, int defaultValue, const char* help) {
    Parameter parameter;
    parameter.path = path;
    parameter.type = ParameterType::Integer;
    parameter.defaultValue = defaultValue;
    parameter.help = help;
    parameter.unit = "tokens";
    parameter.minimum = 1;
    parameter.maximum = 1 << 20;
    return parameter;
}

std::vector<ParameterVariant> declare() {
    return {
        {"correctness", "1 when the answer is right, else 0.", {}},
        {"format",
         "1 when the completion is well formed: a bare answer, or one closed think region and an answer.",
         {}},
        {"worked", "1 when the completion shows its working.", {}},
        {"step_accuracy", "Share of the reasoning steps that the task's checker finds right.", {}},
        {"length",
         "Soft overlong punishment (DAPO): 0 up to max_length - cache, falling to -1 at max_length and "
         "beyond.",
         {tokens("max_length", 64, "Length from which the punishment is whole."),
          tokens("cache", 16, "Length of the stretch before max_length in which it grows.")}},
    };
}

}  // namespace

const std::vector<ParameterVariant>& rewardVariants() {
    static const std::vector<ParameterVariant> variants = declare();
    return variants;
}

}  // namespace retort
