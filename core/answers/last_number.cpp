#include "core/answers/last_number.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "core/answers/lexer.h"
#include "core/answers/text_form.h"
#include "core/answers/unicode_fold.h"
#include "core/answers/units.h"
#include "core/util/text.h"

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
        const bool mark =
            std::string_view(",.:/").find(before) != none && begin > 1 && isDigit(text[begin - 2]);
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
    const std::string_view first = text.substr(begin, i - begin);
    if (first == "square" || first == "sq" || first == "cubic" || first == "cu") {  // … of what
        i = std::min(text.find_first_not_of(". ", i), text.size());
        for (begin = i; i < text.size() && isLetter(text[i]);) ++i;
        return isUnitWord(text.substr(begin, i - begin)) ? i : none;
    }
    if (!isUnitWord(text.substr(begin, i - begin))) return spaced ? end : none;
    if (text.substr(i).starts_with("^{")) return text.find('}', i) == none ? none : text.find('}', i) + 1;
    if (i + 1 < text.size() && text[i] == '^' && isDigit(text[i + 1])) return i + 2;
    return i;
}

using Words = std::vector<std::string>;

// The words of a text in small letters; "isn't" is one.
Words wordsIn(std::string_view text) {
    Words words;
    bool inside = false;
    for (const char c : text) {
        const bool letter = isLetter(c) || (c == '\'' && inside);
        if (letter && !inside) words.emplace_back();
        if (letter) words.back() += char(isLetter(c) ? c | 32 : c);
        inside = letter;
    }
    return words;
}

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// What is said of a number in the same clause can take it back.
bool isDenial(const std::string& word) {
    return word.ends_with("n't") ||
           isOneOf(word, {"not",       "cannot", "never",    "no",    "nor",   "neither", "either",
                          "without",   "except", "than",     "least", "most",  "between", "wrong",
                          "incorrect", "false",  "unless",   "if",    "maybe", "perhaps", "possibly",
                          "suppose",   "assume", "assuming", "let"});
}

// "x = 5" and "3 + 4 = 7" say what is equal to the number, "x^2 = 5", "2x = 5" and "sin x = 5" do not.
bool isNamed(std::string_view left) {
    left = trimmed(left);
    if (left.empty()) return true;
    const bool word = isLetter(left.back());
    std::size_t begin = left.size();
    if (word)
        while (begin > 0 && isLetter(left[begin - 1])) --begin;
    else
        begin = left.find_last_not_of("0123456789+-*/.,()$% ") + 1;
    if (begin == left.size()) return false;
    const std::string_view before = trimmed(left.substr(0, begin));
    if (before.empty()) return true;
    if (!word && before.ends_with('=')) return true;
    if (word ? isLetter(left[begin - 1]) : left[begin] != ' ') return false;
    if (std::string_view(".,:;?").find(before.back()) != none) return true;
    if (!isLetter(before.back()) || (word && left[begin - 1] != ' ')) return false;
    const std::string last = wordsIn(before.substr(before.find_last_of(" \n") + 1)).back();
    return !isFunctionName(last) && (word || last.size() > 1);
}

bool mayPrecedeAsWord(const Words& words) {
    if (words.empty()) return true;
    const std::string& word = words.back();
    const std::string before = words.size() > 1 ? words[words.size() - 2] : "";
    if (word == "of")
        return isOneOf(before, {"total", "value", "answer", "result", "sum", "maximum", "minimum"});
    if (word == "to")
        return isOneOf(before, {"equal", "equals", "comes", "amounts", "simplifies", "evaluates", "up"});
    if (isFunctionName(word) ||
        isOneOf(word, {"or",       "and",   "by",       "mod",      "modulo",  "base",   "from",
                       "times",    "minus", "negative", "plus",     "over",    "step",   "case",
                       "equation", "part",  "problem",  "question", "example", "figure", "theorem",
                       "lemma",    "below", "above",    "under",    "within",  "section"}))
        return false;
    return word.size() > 1 || word == "a";
}

// The clause before an answer must not take it back.
bool leadsOn(std::string_view text, bool money) {
    const std::size_t clause = text.find_last_of("0123456789.,;:!?\n");
    const Words words = wordsIn(text.substr(clause == none || clause + 1 == text.size() ? 0 : clause + 1));
    if (std::any_of(words.begin(), words.end(), isDenial)) return false;
    if (text.empty() || !isLetter(text.back())) return true;
    const std::size_t beginOfWord = text.find_last_of(" \n\\$(") + 1;
    if (beginOfWord > 0 && text[beginOfWord - 1] == '\\') return false;
    return mayPrecedeAsWord(words) || (money && words.back() == "and");
}

// What stands before a number must leave it alone.
bool mayPrecede(std::string_view before, bool money) {
    if (before.empty()) return true;
    if (std::string_view(" \n\t=:($~\"*").find(before.back()) == none) return false;
    std::string_view text = trimmed(before);
    for (std::string_view mark : {"(", "$", "\"", "**"})  // what begins bold type or mathematics
        if (text.ends_with(mark)) text = trimmed(text.substr(0, text.size() - mark.size()));
    if (text.empty()) return true;
    if (before.back() == '(' && before.size() > 1 && before[before.size() - 2] != ' ') return false;
    if (std::string_view("+-*/^<>_\\,;)]|!0123456789").find(text.back()) != none) {
        if (text.back() != ',') return false;
        const Words words = wordsIn(text.substr(text.find_last_of(" \n") + 1));
        return words.size() == 1 &&
               isOneOf(words[0], {"so", "thus", "therefore", "hence", "finally", "total", "then", "is"});
    }
    if (text.back() == '=' && !isNamed(text.substr(0, text.size() - 1))) return false;
    return leadsOn(text, money);
}

bool mayFollow(std::string_view after, bool bracketed) {
    for (std::string_view mark : {"**", "$", "\\)"})  // what ends bold type or mathematics
        if (after.starts_with(mark)) after.remove_prefix(mark.size());
    after = trimmed(after);
    if (bracketed && !after.starts_with(')')) return false;
    if (after.empty()) return true;
    if (std::string_view("-+*/^=<>_({\\|!?:;").find(after[0]) != none) return false;
    if ((after[0] & 0x80) != 0) return false;
    if (after[0] == ',') after = trimmed(after.substr(1));
    const Words words = wordsIn(after.substr(0, after.find_first_of(".,;:!?\n")));
    if (std::any_of(words.begin(), words.end(), isDenial)) return false;
    if (words.empty() || !isLetter(after[0])) return true;
    const std::string& word = words[0];
    if ((word.size() == 1 && word != "a") || multiplier(word) || isFunctionName(word)) return false;
    return !isOneOf(
        word,
        {"or",       "and",     "times",  "plus",   "minus",      "over",       "factorial",   "squared",
         "cubed",    "more",    "less",   "fewer",  "greater",    "higher",     "lower",       "above",
         "below",    "out",     "to",     "mod",    "modulo",     "divided",    "choose",      "pi",
         "halves",   "half",    "thirds", "third",  "fourths",    "quarters",   "fifths",      "sixths",
         "sevenths", "eighths", "ninths", "tenths", "percentage", "hundredths", "thousandths", "pairs"});
}

// "3. Then we add" at the beginning of a line.
bool isEnumeration(std::string_view before, std::string_view after) {
    const std::size_t last = before.find_last_not_of(" \t*#");
    if (last != none && before[last] != '\n') return false;
    return after.size() > 1 && (after[0] == '.' || after[0] == ')') && after[1] == ' ';
}

}  // namespace

bool isTakenBack(std::string_view before, std::string_view after) {
    return !leadsOn(trimmed(before), false) || !mayFollow(after, false);
}

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
    if (end == none) return std::nullopt;
    std::string number = text.substr(begin, lastDigit + 1 - begin),
                unit = text.substr(lastDigit + 1, end - lastDigit - 1);
    if (begin > 0 && text[begin - 1] == '$') --begin;
    if (begin > 1 && text[begin - 1] == '\\') --begin;
    const bool negative = begin > 0 && text[begin - 1] == '-' && (begin == 1 || !isLetter(text[begin - 2]));
    if (negative && begin > 1 && isDigit(text[begin - 2])) return std::nullopt;
    if (negative) --begin;
    const std::string_view before = std::string_view(text).substr(0, begin);
    const bool money = text[begin] == '$' || text[begin] == '\\';
    if (isEnumeration(before, std::string_view(text).substr(lastDigit + 1))) return std::nullopt;
    if (!mayPrecede(before, money) || !mayFollow(std::string_view(text).substr(end), before.ends_with('(')))
        return std::nullopt;
    if (!unit.empty() && isLetter(unit[0])) unit = " " + unit;
    return (negative ? "-" : "") + number + unit;
}

}  // namespace retort::answers
