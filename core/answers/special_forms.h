// Answers that are no mathematics: letters of multiple choice, times of day.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort::answers {

/// "(C)", "C.", "\text{(C)} 42": the letter of a choice, and what stands behind it.
struct Choice {
    char letter = 0;      ///< 'A' … 'J'
    bool marked = false;  ///< in brackets, in text, or with a full stop: certainly no variable
    std::string rest;
};
std::optional<Choice> choiceOf(std::string_view text);

/// "7:30", "07:30 p.m.": seconds since midnight, where hours and minutes are in range.
struct TimeOfDay {
    int seconds = 0;
    bool hasHalf = false;  ///< a.m. or p.m. is written
};
std::optional<TimeOfDay> timeOf(std::string_view text);

}  // namespace retort::answers
