#include "core/datasets/reasoning.h"

#include <utility>

#include "core/answers/extract.h"

namespace retort {

std::string thinkingOf(std::string_view text) {
    constexpr std::pair<std::string_view, std::string_view> regions[] = {
        {"<think>", "</think>"},
        {"<|begin_of_thought|>", "<|end_of_thought|>"},
        {"<thinking>", "</thinking>"}};
    for (const auto& [open, close] : regions) {
        const std::size_t end = text.rfind(close);
        if (end == std::string_view::npos) continue;
        const std::size_t begin = text.find(open);
        const std::size_t from = begin == std::string_view::npos || begin > end ? 0 : begin + open.size();
        return std::string(text.substr(from, end - from));
    }
    return {};
}

std::string finalAnswerOf(std::string_view solution) {
    const bool marked = solution.find("####") != std::string_view::npos;
    const bool boxed = solution.find("\\boxed") != std::string_view::npos ||
                       solution.find("\\fbox") != std::string_view::npos;
    return marked || boxed ? answers::referenceAnswer(solution).text : std::string();
}

std::string withoutCalculations(std::string_view text) {
    std::string result;
    while (true) {
        const std::size_t open = text.find("<<");
        const std::size_t close = open == std::string_view::npos ? open : text.find(">>", open);
        if (close == std::string_view::npos) return result.append(text);
        result.append(text.substr(0, open));
        text.remove_prefix(close + 2);
    }
}

}  // namespace retort
