#include "core/answers/special_forms.h"

#include "core/answers/text_form.h"
#include "core/util/text.h"

namespace retort::answers {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isChoiceLetter(char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'j';
}

// One or two digits at `at`; -1: none.
int twoDigits(std::string_view text, std::size_t& at) {
    if (at >= text.size() || !isDigit(text[at])) return -1;
    int value = text[at++] - '0';
    if (at < text.size() && isDigit(text[at])) value = value * 10 + (text[at++] - '0');
    return value;
}

bool isLetter(char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

// "or (B)", "+ 1", "\cdot b", "is wrong": what makes the letter before it something else than a choice.
bool continues(std::string_view rest) {
    if (rest.empty()) return false;
    if (std::string_view("+*/^!_=<>,;:|(-)'").find(rest[0]) != std::string_view::npos) return true;
    if (rest.size() == 1 && rest[0] >= 'A' && rest[0] <= 'J') return true;
    for (std::size_t i = 0; i + 2 < rest.size(); ++i)
        if (rest[i] == '(' && isChoiceLetter(rest[i + 1]) && rest[i + 2] == ')') return true;
    std::string words = " ";
    for (const char c : rest) words += isLetter(c) ? char(c | 32) : ' ';
    words += ' ';
    for (std::string_view denial : {" is not ", " isn ", " wrong ", " incorrect ", " false "})
        if (words.find(denial) != std::string::npos) return true;
    const std::size_t begin = rest[0] == '\\' ? 1 : 0;
    const std::string_view first =
        rest.substr(begin, std::min(words.find(' ', begin + 1), words.size()) - 1 - begin);
    for (std::string_view word :
         {"or", "and", "nor", "but", "times", "cdot", "cup", "cap",  "div", "pm",    "le",   "leq",
          "ge", "geq", "ne",  "neq", "in",    "to",   "lor", "land", "vee", "wedge", "circ", "approx"})
        if (first == word) return true;
    return false;
}

}  // namespace

std::optional<Choice> choiceOf(std::string_view raw) {
    const bool isText =
        raw.find("\\text") != std::string_view::npos || raw.find("\\mathrm") != std::string_view::npos ||
        raw.find("\\mathbf") != std::string_view::npos || raw.find("\\mbox") != std::string_view::npos;
    std::string text = wordsOf(raw);
    while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
    std::size_t at = 0;
    const bool bracket = text.starts_with("(");
    if (bracket) ++at;
    while (at < text.size() && text[at] == ' ') ++at;
    if (at >= text.size() || !isChoiceLetter(text[at])) return std::nullopt;
    Choice choice;
    choice.letter = char(text[at++] & ~32);
    while (at < text.size() && text[at] == ' ') ++at;
    if (bracket) {
        if (at >= text.size() || text[at] != ')') return std::nullopt;
        ++at;
    }
    choice.marked = bracket || isText;
    if (!bracket && at < text.size()) {
        if (text[at] != ')' && text[at] != '.' && text[at] != ':') return std::nullopt;
        choice.marked = true;
        ++at;
        // "a:b" is a ratio.
        if (text[at - 1] != ')' && at < text.size() && text[at] != ' ') return std::nullopt;
    }
    choice.rest = trimmed(std::string_view(text).substr(at));
    const bool constant = !choice.marked && (text[0] == 'e' || text[0] == 'i');
    if (constant || continues(choice.rest)) return std::nullopt;
    return choice;
}

std::optional<TimeOfDay> timeOf(std::string_view raw) {
    const std::string text = textForm(raw);
    std::size_t at = 0;
    const int hours = twoDigits(text, at);
    if (hours < 0 || hours > 24 || at >= text.size() || text[at] != ':') return std::nullopt;
    const std::size_t beginOfMinutes = ++at;
    const int minutes = twoDigits(text, at);
    if (at - beginOfMinutes != 2 || minutes > 59) return std::nullopt;
    int seconds = 0;
    if (at < text.size() && text[at] == ':') {
        const std::size_t begin = ++at;
        seconds = twoDigits(text, at);
        if (at - begin != 2 || seconds > 59) return std::nullopt;
    }
    std::string half;
    for (const char c : std::string_view(text).substr(at))
        if (c != ' ' && c != '.') half += c;
    if (!half.empty() && half != "am" && half != "pm") return std::nullopt;
    if (!half.empty() && (hours == 0 || hours > 12)) return std::nullopt;
    int hour = hours;
    if (!half.empty()) hour = hours % 12 + (half == "pm" ? 12 : 0);
    const bool hasHalf = !half.empty() || hours == 0 || hours > 12;  // 17:30 needs none
    return TimeOfDay{hour * 3600 + minutes * 60 + seconds, hasHalf};
}

}  // namespace retort::answers
