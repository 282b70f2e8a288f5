#include "core/answers/last_number.h"

#include "core/answers/text_form.h"
#include "core/answers/unicode_fold.h"
#include "core/answers/units.h"

namespace retort::answers {
namespace {

constexpr std::size_t none = std::string_view::npos;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t beginOfNumber(std::string_view text, std::size_t lastDigit) {
    std::size_t begin = lastDigit;
    while (begin > 0) {
        const char before = text[begin - 1];
        const bool mark = (before == ',' || before == '.') && begin > 1 && isDigit(text[begin - 2]);
        if (!isDigit(before) && !mark && !(before == '.' && isDigit(text[begin]))) break;
        --begin;
    }
    return begin;
}

// "m^{2}", " cm", "%", " percent" after a number; "" when nothing of the kind follows, npos when a word
// clings to it.
std::size_t endOfUnit(std::string_view text, std::size_t end) {
    if (text.substr(end).starts_with("\\%")) return end + 2;
    if (end < text.size() && text[end] == '%') return end + 1;
    const bool spaced = end < text.size() && text[end] == ' ';
    std::size_t begin = end + (spaced ? 1 : 0), i = begin;
    while (i < text.size() && isLetter(text[i])) ++i;
    if (i == begin) return end;
    if (!isUnitWord(text.substr(begin, i - begin))) return spaced ? end : none;
    if (text.substr(i).starts_with("^{")) return text.find('}', i) == none ? none : text.find('}', i) + 1;
    if (i + 1 < text.size() && text[i] == '^' && isDigit(text[i + 1])) return i + 2;
    return i;
}

std::string wordBefore(std::string_view text) {
    text = trimmed(text);
    std::size_t begin = text.size();
    while (begin > 0 && (isLetter(text[begin - 1]) || text[begin - 1] == '\'')) --begin;
    std::string word;
    for (const char c : text.substr(begin)) word += char(isLetter(c) ? c | 32 : c);
    return word;
}

// What stands before a number must leave it alone.
bool mayPrecede(std::string_view before) {
    if (before.empty()) return true;
    if (std::string_view(" \n\t=:($~\"*").find(before.back()) == none) return false;
    const std::string_view text = trimmed(before);
    if (!text.empty() && std::string_view("+-*/^<>_\\").find(text.back()) != none && !text.ends_with("**"))
        return false;
    const std::string word = wordBefore(before);
    for (std::string_view denial :
         {"not",  "isn't",    "wasn't", "aren't",  "never",  "no",  "or",     "without",
          "than", "least",    "most",   "between", "except", "nor", "either", "step",
          "case", "equation", "times",  "minus",   "plus",   "over"})
        if (word == denial) return false;
    return !(word.size() == 1 && word != "a");
}

bool mayFollow(std::string_view after) {
    after = trimmed(after);
    if (after.empty()) return true;
    if (after[0] == '-') return false;
    if (std::string_view("+*/^=<>_({\\").find(after[0]) != none) return false;
    const std::string_view word = after.substr(0, after.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
    for (std::string_view hedge :
         {"or", "times", "plus", "minus", "over", "factorial", "squared", "cubed", "more", "less"})
        if (word == hedge) return false;
    return true;
}

}  // namespace

std::optional<std::string> lastNumber(std::string_view raw) {
    const std::string text = foldUnicode(raw);
    std::size_t lastDigit = text.find_last_of("0123456789");
    // The exponent of a unit ("m^2") is not the number that is looked for.
    while (lastDigit != std::string::npos && lastDigit > 0) {
        std::size_t before = lastDigit - 1;
        if (text[before] == '{' && before > 0) --before;
        if (text[before] != '^') break;
        lastDigit = text.find_last_of("0123456789", before);
    }
    if (lastDigit == std::string::npos) return std::nullopt;
    std::size_t begin = beginOfNumber(text, lastDigit);
    const std::size_t end = endOfUnit(text, lastDigit + 1);
    if (end == none || !mayFollow(std::string_view(text).substr(end))) return std::nullopt;
    std::string number = text.substr(begin, lastDigit + 1 - begin),
                unit = text.substr(lastDigit + 1, end - lastDigit - 1);
    if (begin > 0 && text[begin - 1] == '$') --begin;
    if (begin > 1 && text[begin - 1] == '\\') --begin;
    const bool negative = begin > 0 && text[begin - 1] == '-' && (begin == 1 || !isLetter(text[begin - 2]));
    if (negative && begin > 1 && isDigit(text[begin - 2])) return std::nullopt;
    if (negative) --begin;
    if (!mayPrecede(std::string_view(text).substr(0, begin))) return std::nullopt;
    if (!unit.empty() && isLetter(unit[0])) unit = " " + unit;
    return (negative ? "-" : "") + number + unit;
}

}  // namespace retort::answers
