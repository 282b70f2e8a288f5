#include "core/answers/text_form.h"

#include <utility>

#include "core/util/text.h"

namespace retort::answers {
namespace {

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// In linear time, whatever the lengths.
void replaceAll(std::string& text, std::string_view from, std::string_view to) {
    std::string out;
    std::size_t begin = 0;
    for (std::size_t i = text.find(from); i != std::string::npos; i = text.find(from, begin)) {
        out.append(text, begin, i - begin).append(to);
        begin = i + from.size();
    }
    if (begin > 0) text = out.append(text, begin, text.size() - begin);
}

// `\textbf` and its kin, where no letter follows the name.
std::string withoutCommand(std::string_view text, std::string_view command) {
    std::string out;
    while (true) {
        const std::size_t found = text.find(command);
        if (found == std::string_view::npos) return out.append(text);
        const std::size_t after = found + command.size();
        const bool whole = after >= text.size() || !isLetter(text[after]);
        out.append(text.substr(0, whole ? found : after));
        text.remove_prefix(after);
    }
}

}  // namespace

std::string wordsOf(std::string_view text) {
    std::string words(text);
    for (std::string_view space : {"\\,", "\\;", "\\:", "\\ ", "~", "\\quad"}) replaceAll(words, space, " ");
    for (std::string_view font :
         {"\\textbf", "\\textit", "\\text", "\\textrm", "\\mathrm", "\\mathbf", "\\mbox"})
        words = withoutCommand(words, font);
    for (std::string_view gone : {"\\!", "$", "{", "}"}) replaceAll(words, gone, "");
    std::string out;
    for (const char c : words) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return std::string(trimmed(out));
}

std::string textForm(std::string_view text) {
    std::string words = wordsOf(text), out;
    for (char c : words) out += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    constexpr std::string_view ends = " .,;:!?\"'`*";
    const std::size_t first = out.find_first_not_of(ends);
    if (first == std::string::npos) return {};
    return out.substr(first, out.find_last_not_of(ends) - first + 1);
}

std::string compactForm(std::string_view text) {
    std::string out(text);
    replaceAll(out, "\\!", "");
    for (std::string_view space : {"\\,", "\\;", "\\:", "\\ ", "$"}) replaceAll(out, space, " ");
    for (std::string_view command : {"\\left", "\\right", "\\displaystyle"})
        out = withoutCommand(out, command);
    for (std::string_view fraction : {"\\dfrac", "\\tfrac", "\\cfrac"}) replaceAll(out, fraction, "\\frac");
    // A blank that ends a command before a letter keeps its meaning.
    std::string kept;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const char c = out[i];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            kept += c;
            continue;
        }
        // So does one between digits or after a comma: "1 2" and "32, 349" are no numbers.
        const auto matters = [](char each) {
            return isLetter(each) || each == ',' || (each >= '0' && each <= '9');
        };
        if (!kept.empty() && i + 1 < out.size() && matters(kept.back()) && matters(out[i + 1])) kept += ' ';
    }
    while (!kept.empty() && (kept.back() == '.' || kept.back() == ' ')) kept.pop_back();
    return kept;
}

}  // namespace retort::answers
