#include "core/datasets/example.h"

namespace retort {

std::string_view name(DatasetShape shape) {
    switch (shape) {
        case DatasetShape::Text:
            return "text";
        case DatasetShape::PromptOnly:
            return "prompt-only";
        case DatasetShape::PromptCompletion:
            return "prompt-completion";
        case DatasetShape::Messages:
            return "messages";
        case DatasetShape::Preference:
            return "preference";
        case DatasetShape::ImplicitPreference:
            return "preference with implicit prompt";
        case DatasetShape::Unpaired:
            return "unpaired preference (KTO)";
        case DatasetShape::Stepwise:
            return "stepwise";
        case DatasetShape::Reasoning:
            return "reasoning traces";
        case DatasetShape::Gsm8k:
            return "GSM8K";
        case DatasetShape::Math:
            return "MATH";
    }
    return "";
}

std::string DatasetExample::promptText() const {
    std::string text;
    for (const Message& message : prompt) text.append(text.empty() ? "" : "\n").append(message.content);
    return text;
}

std::string DatasetExample::learnedText() const {
    std::string text;
    const auto add = [&text](const std::string& part) {
        if (!part.empty()) text.append(text.empty() ? "" : "\n").append(part);
    };
    for (const DatasetCompletion& completion : completions) add(completion.text);
    add(chosen);
    add(rejected);
    for (const LabelledStep& step : steps) add(step.text);
    if (text.empty()) add(answer);
    return text;
}

}  // namespace retort
