#include "core/answers/extract.h"

#include <algorithm>
#include <cstring>

#include "core/answers/last_number.h"
#include "core/answers/lexer.h"
#include "core/answers/limits.h"
#include "core/answers/text_form.h"
#include "core/util/text.h"

namespace retort::answers {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::size_t tailBytes = 1 << 16;  // phrases are looked for in so much of the end
constexpr std::size_t mostBoxes = 32;
constexpr int mostNouns = 64;  // "answer", "option" … that are looked at, from the end

struct Delimiters {
    std::string_view open, close;
};
constexpr Delimiters thinking[] = {{"<think>", "</think>"},
                                   {"<thinking>", "</thinking>"},
                                   {"<reasoning>", "</reasoning>"},
                                   {"<|begin_of_thought|>", "<|end_of_thought|>"},
                                   {"◁think▷", "◁/think▷"}};

std::string_view tail(std::string_view text) {
    return text.size() > tailBytes ? text.substr(text.size() - tailBytes) : text;
}

// rfind, at the speed of memrchr: completions of many megabytes come in.
std::size_t lastOf(std::string_view text, std::string_view what) {
    std::size_t left = text.size() < what.size() ? 0 : text.size() - what.size() + 1;
    while (left > 0) {
        const void* found = ::memrchr(text.data(), what[0], left);
        if (found == nullptr) return none;
        left = std::size_t(static_cast<const char*>(found) - text.data());
        if (text.substr(left).starts_with(what)) return left;
    }
    return none;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    return out;
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Box {
    std::size_t begin, end;  // of the whole command
    std::string content;
};

// The box whose command begins at `begin`, if it is one; `end` is npos when it never closes.
std::optional<Box> boxAt(std::string_view text, std::size_t begin) {
    std::size_t at = begin + (text.substr(begin).starts_with("\\boxed") ? 6 : 5);
    if (at < text.size() && isLetter(text[at])) return std::nullopt;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n')) ++at;
    if (at >= text.size()) return Box{begin, none, ""};
    if (text[at] != '{') {
        const std::size_t end = std::min(text.find_first_of("$ \n", at), text.size());
        return Box{begin, end, std::string(text.substr(at, end - at))};
    }
    const std::string_view window = text.substr(at, 2 * maxAnswerBytes);
    const std::size_t end = groupEnd(window, 0);
    if (end == none) return Box{begin, none, ""};
    return Box{begin, at + end, std::string(window.substr(1, end - 2))};
}

// Starts of the last boxes, in order.
std::vector<std::size_t> boxStarts(std::string_view text) {
    std::vector<std::size_t> starts;
    for (std::string_view command : {"\\boxed", "\\fbox"}) {
        std::size_t found = lastOf(text, command);
        for (std::size_t count = 0; found != none && count < mostBoxes; ++count) {
            starts.push_back(found);
            found = lastOf(text.substr(0, found), command);
        }
    }
    std::sort(starts.begin(), starts.end());
    return starts;
}

bool separates(std::string_view gap) {
    if (gap.size() < 10) return true;
    if (gap.size() >= 70) return false;
    const std::string small = std::string(" ").append(lowered(gap)).append(" ");
    for (std::string_view word : {" and ", " or ", ",", ";"})
        if (small.find(word) != none) return true;
    return false;
}

// Nothing but a comma, "and" or "or" between two parts of one answer, and mathematics' delimiters.
bool isSeparator(std::string_view gap) {
    std::string word;
    for (std::size_t i = 0; i <= gap.size(); ++i) {
        if (i < gap.size() && isLetter(gap[i])) {
            word += gap[i];
            continue;
        }
        if (!word.empty() && word != "and" && word != "or" && word != "text" && word != "quad" &&
            word != "qquad")
            return false;
        word.clear();
        if (i < gap.size() && std::string_view(" \n\t,;$\\(){}~").find(gap[i]) == none) return false;
    }
    return true;
}

void prepend(std::string& list, std::string_view part, std::string_view gap) {
    const bool either = std::string(" ").append(gap).append(" ").find(" or ") != none;
    list.insert(0, std::string(part).append(either ? " \\text{ or } " : ", "));
}

// --- phrases

// Position after "answer is", "answer:" and their like when `at` stands at the noun; else npos.
std::size_t afterPhrase(std::string_view text, std::size_t at, std::size_t nounLength) {
    std::size_t i = at + nounLength;
    const auto skip = [&] {
        while (i < text.size() && (text[i] == ' ' || text[i] == '*' || text[i] == '_')) ++i;
    };
    const auto takes = [&](std::string_view word) {
        if (!text.substr(i).starts_with(word)) return false;
        i += word.size();
        return true;
    };
    if (i < text.size() && text[i] == 's') ++i;
    skip();
    const bool verb =
        takes("is ") || takes("is:") || takes("are ") || takes("are:") || takes("is\n") || takes("is$");
    if (verb && text[i - 1] == '$') --i;
    skip();
    if (!takes(":") && !verb && !takes("=>") && !takes("->") && !takes("=")) return none;
    return i;
}

// Without Markdown's marks: `**` that begins or ends a word, `*` around it all. "3*4" and "x**2" stay.
std::string withoutEmphasis(std::string_view text) {
    const auto isEdge = [&](std::size_t i) {
        return i >= text.size() || std::string_view(" \n.,;:!?()").find(text[i]) != none;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pair = text.substr(i).starts_with("**");
        if (pair && isEdge(i - 1) != isEdge(i + 2))
            ++i;
        else if (pair)
            out += text[i++], out += '*';
        else
            out += text[i];
    }
    constexpr std::string_view ends = " *.,";
    const std::size_t first = out.find_first_not_of(" *");
    return first == none ? "" : out.substr(first, out.find_last_not_of(ends) + 1 - first);
}

std::string sentence(std::string_view rest) {
    rest = trimmed(rest);
    // Display mathematics may go over several lines.
    for (const Delimiters& display : {Delimiters{"$$", "$$"}, Delimiters{"\\[", "\\]"}})
        if (rest.starts_with(display.open)) {
            const std::size_t close = rest.find(display.close, 2);
            if (close != none) return std::string(trimmed(rest.substr(2, close - 2)));
        }
    rest = trimmed(rest.substr(0, rest.find('\n')));
    std::size_t end = rest.size();
    for (std::string_view stop :
         {". ", ", because", " because ", " since ", ", since", ", which", ", so ", ", as "})
        end = std::min(end, rest.find(stop));
    rest = trimmed(rest.substr(0, end));
    while (rest.starts_with('}')) rest = trimmed(rest.substr(1));  // of "\\text{The answer is } 5"
    return withoutEmphasis(rest);
}

struct Found {
    std::size_t at = none;
    Candidate candidate;
};

Found lastPhrase(std::string_view text) {
    const std::string small = lowered(text);
    std::size_t at = small.size();
    for (int attempt = 0; attempt < mostNouns && at > 0; ++attempt) {
        std::size_t best = none, length = 0;
        for (std::string_view noun : {"answer", "option", "choice"}) {
            const std::size_t found = small.rfind(noun, at - 1);
            if (found != none && (best == none || found > best)) best = found, length = noun.size();
        }
        if (best == none) break;
        const std::size_t after = afterPhrase(small, best, length);
        if (after != none) return {best, {sentence(text.substr(after)), "answer phrase"}};
        at = best;
    }
    return {};
}

Found lastHashes(std::string_view text) {
    const std::size_t at = lastOf(text, "####");
    if (at == none) return {};
    std::string_view line = trimmed(text.substr(at + 4));
    line = trimmed(line.substr(0, line.find('\n')));
    return {at, {std::string(line), "####"}};
}

Found answerTag(std::string_view text) {
    const std::size_t open = lastOf(text, "<answer>");
    if (open == none) return {};
    const std::size_t begin = open + 8, close = text.find("</answer>", begin);
    if (close == none) return {};
    return {open, {std::string(trimmed(text.substr(begin, close - begin))), "answer tag"}};
}

// --- mathematics in prose

struct Span {
    std::size_t begin, end;  // with its delimiters
    std::string inside;
};

std::optional<Span> lastBetween(std::string_view text, const Delimiters& each, bool oneLine) {
    const std::size_t end = text.rfind(each.close);
    if (end == none || end == 0) return std::nullopt;
    const std::size_t begin = text.rfind(each.open, end - 1);
    if (begin == none || begin + each.open.size() > end) return std::nullopt;
    const std::string_view inside = text.substr(begin + each.open.size(), end - begin - each.open.size());
    // "$5 and $6" is money.
    if (!inside.empty() && isDigit(inside[0]) && end + 1 < text.size() && isDigit(text[end + 1]))
        return std::nullopt;
    if (inside.size() > maxAnswerBytes || (oneLine && inside.find('\n') != none)) return std::nullopt;
    return Span{begin, end + each.close.size(), std::string(trimmed(inside))};
}

// The last mathematics of a line, and what is listed before it: "$x=2$ and $x=3$".
std::optional<Span> lastInline(std::string_view text, const Delimiters& each) {
    std::optional<Span> list = lastBetween(text, each, true);
    for (std::size_t count = 1; list && count < mostBoxes; ++count) {
        const std::size_t close = text.substr(0, list->begin).rfind(each.close);
        if (close == none) break;
        const std::size_t end = close + each.close.size();
        const std::string_view gap = text.substr(end, list->begin - end);
        if (gap.size() > 20 || gap.empty() || !isSeparator(gap)) break;
        const std::optional<Span> before = lastBetween(text.substr(0, end), each, true);
        if (!before) break;
        prepend(list->inside, before->inside, gap);
        list->begin = before->begin;
    }
    if (list && isTakenBack(text.substr(0, list->begin), text.substr(list->end))) list.reset();
    return list;
}

// A `$` without its partner on the same line: what mathematics is and what prose cannot be told.
bool hasOpenMathematics(std::string_view text) {
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        int delimiters = 0, money = 0;
        for (std::size_t i = begin; i < end; ++i) {
            if (text[i] == '\\') {
                ++i;
            } else if (text[i] == '$') {
                ++delimiters;
                money += i + 1 < end && isDigit(text[i + 1]) ? 1 : 0;
            }
        }
        if (delimiters % 2 == 1 && money == 0 && text.substr(begin, end - begin).find("$$") == none)
            return true;
        begin = end + 1;
    }
    return false;
}

std::vector<Candidate> inProse(std::string_view text) {
    std::vector<Candidate> list;
    for (const Delimiters& display : {Delimiters{"\\[", "\\]"}, Delimiters{"$$", "$$"}})
        if (const auto math = lastBetween(text, display, false))
            list.push_back({math->inside, "display mathematics"});
    if (hasOpenMathematics(text)) return list;
    const auto round = lastInline(text, {"\\(", "\\)"}), dollars = lastInline(text, {"$", "$"});
    const auto number = lastNumber(text);
    const std::size_t end = std::max(round ? round->end : 0, dollars ? dollars->end : 0);
    const bool numberIsLast = number && text.find_first_of("0123456789", end) != none;
    if (numberIsLast) list.push_back({*number, "last number"});
    if (round) list.push_back({round->inside, "inline mathematics"});
    if (dollars) list.push_back({dollars->inside, "inline mathematics"});
    if (number && !numberIsLast) list.push_back({*number, "last number"});
    return list;
}

}  // namespace

std::optional<std::string_view> afterThinking(std::string_view text) {
    std::size_t cut = 0;
    for (const Delimiters& each : thinking) {
        const std::size_t open = lastOf(text, each.open), close = lastOf(text, each.close);
        if (open != none && (close == none || open > close)) return std::nullopt;
        if (close != none) cut = std::max(cut, close + each.close.size());
    }
    return text.substr(cut);
}

std::optional<std::string> Boxes::joined(std::size_t count) const {
    if (count < 2 || contents.size() < count) return std::nullopt;
    const std::size_t first = contents.size() - count;
    std::string all = contents[first];
    for (std::size_t i = first; i + 1 < contents.size(); ++i) {
        if (!separates(gaps[i])) return std::nullopt;
        all.append(", ").append(contents[i + 1]);
    }
    return all;
}

std::optional<std::string> Boxes::listed() const {
    if (contents.empty()) return std::nullopt;
    std::string all = contents.back();
    bool several = false;
    for (std::size_t i = contents.size() - 1; i > 0 && isSeparator(gaps[i - 1]); --i) {
        if (contents[i - 1] == contents[i]) continue;
        prepend(all, contents[i - 1], gaps[i - 1]);
        several = true;
    }
    return several ? std::optional(all) : std::nullopt;
}

Boxes findBoxes(std::string_view text) {
    Boxes boxes;
    std::size_t end = 0;
    for (const std::size_t start : boxStarts(text)) {
        if (start < end) continue;  // inside of the one before
        const auto box = boxAt(text, start);
        if (!box) continue;
        boxes.truncated = box->end == none;
        if (boxes.truncated) continue;
        if (!boxes.contents.empty())
            boxes.gaps.emplace_back(text.substr(end, std::min<std::size_t>(start - end, 100)));
        boxes.contents.push_back(box->content);
        end = box->end;
    }
    return boxes;
}

std::vector<Candidate> candidates(std::string_view whole) {
    const std::string_view text = tail(whole);
    Found best;
    for (Found& found : std::vector<Found>{lastPhrase(text), lastHashes(text), answerTag(text)})
        if (found.at != none && (best.at == none || found.at > best.at)) best = std::move(found);
    std::vector<Candidate> list;
    if (best.at != none) {
        // "The answer is the number 42": what was named is looked into as prose is.
        list.push_back(best.candidate);
        for (Candidate& each : inProse(best.candidate.text))
            list.push_back({std::move(each.text), best.candidate.rule + ", " + each.rule});
        return list;
    }
    const std::string_view line = trimmed(whole);
    if (line.size() <= maxAnswerBytes && line.find('\n') == none)
        list.push_back({std::string(line), "whole text"});
    for (Candidate& each : inProse(text)) list.push_back(std::move(each));
    return list;
}

Candidate referenceAnswer(std::string_view text) {
    const Boxes boxes = findBoxes(text);
    if (const auto list = boxes.listed()) return {*list, "boxes joined"};
    if (!boxes.contents.empty()) return {boxes.contents.back(), "boxed"};
    if (Found found = lastHashes(text); found.at != none) return found.candidate;
    return {std::string(trimmed(text)), "whole text"};
}

}  // namespace retort::answers
