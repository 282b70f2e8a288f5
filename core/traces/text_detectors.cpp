// Detectors of what a trace's text alone shows: repetition, reflection, backtracking.
#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/traces/detectors.h"
#include "core/util/random.h"

namespace retort {
namespace {

constexpr std::size_t longestPeriod = 64;  // words and signs
constexpr std::size_t shortestRepeat = 8;  // of all copies
constexpr std::size_t ngram = 16, ngramCopies = 3;
constexpr std::size_t mostWords = 2'000'000;

struct Word {
    std::size_t begin = 0, end = 0;
    std::uint64_t hash = 0;
    bool isSign = false;
};

bool isLetter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<Word> wordsOf(std::string_view text) {
    std::vector<Word> words;
    for (std::size_t i = 0; i < text.size() && words.size() < mostWords;) {
        if (std::isspace(static_cast<unsigned char>(text[i])) != 0) {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        const bool isSign = !isLetter(text[i]);
        while (!isSign && end < text.size() && isLetter(text[end])) ++end;
        words.push_back({i, end, stableHash(text.substr(i, end - i)), isSign});
        i = end;
    }
    return words;
}

struct Range {
    std::size_t begin = 0, end = 0;  ///< words
    std::size_t copies = 0;
};

/// Three or more copies of a piece in a row, from the second one on; the shortest piece that does it.
std::vector<Range> loopsIn(const std::vector<Word>& words) {
    std::vector<Range> loops;
    for (std::size_t i = 1; i < words.size();) {
        Range found;
        std::size_t passed = i + 1;
        for (std::size_t period = 1; period <= std::min(longestPeriod, i) && found.copies == 0; ++period) {
            std::size_t end = i;
            while (end < words.size() && words[end].hash == words[end - period].hash) ++end;
            const std::size_t copies = (end - i) / period + 1;
            const bool says =
                std::any_of(words.begin() + std::ptrdiff_t(i - period), words.begin() + std::ptrdiff_t(i),
                            [](const Word& word) { return !word.isSign; });
            if (copies < 3 || copies * period < shortestRepeat) continue;
            passed = i + (copies - 1) * period;  // lines of signs are passed over, too
            if (says) found = {i, passed, copies};
            if (!says) break;
        }
        if (found.copies > 0) loops.push_back(found);
        i = passed;
    }
    return loops;
}

/// Places at which the same n-gram stands for the second time or more, of those that stand there three times.
std::vector<Range> repeatedNgrams(const std::vector<Word>& words) {
    std::vector<Range> found;
    if (words.size() < ngram) return found;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> places;
    for (std::size_t i = 0; i + ngram <= words.size(); ++i) {
        std::uint64_t hash = 0;
        for (std::size_t j = 0; j < ngram; ++j) hash = (hash ^ words[i + j].hash) * 0x100000001b3ULL;
        std::vector<std::size_t>& at = places[hash];
        if (at.empty() || at.back() + ngram <= i) at.push_back(i);  // copies do not overlap
    }
    for (const auto& [hash, at] : places)
        if (at.size() >= ngramCopies)
            for (std::size_t k = 1; k < at.size(); ++k) found.push_back({at[k], at[k] + ngram, at.size()});
    return found;
}

std::vector<Range> merged(std::vector<Range> ranges) {
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    std::vector<Range> joined;
    for (const Range& range : ranges) {
        if (joined.empty() || joined.back().end < range.begin) {
            joined.push_back(range);
            continue;
        }
        joined.back().end = std::max(joined.back().end, range.end);
        joined.back().copies = std::max(joined.back().copies, range.copies);
    }
    return joined;
}

/// A phrase in lower case. `atStart`: only where a sentence, a line or a step begins.
struct Phrase {
    std::string_view text;
    bool atStart = false;
};

constexpr Phrase reflectionPhrases[] = {{"wait", true},          {"hmm", true},
                                        {"hold on", true},       {"actually,", true},
                                        {"on second thought"},   {"let me check"},
                                        {"let me double-check"}, {"let me double check"},
                                        {"let me verify"},       {"let me recheck"},
                                        {"let me re-check"},     {"let me re-examine"},
                                        {"let me reconsider"},   {"let me think again"},
                                        {"let me make sure"},    {"let's check"},
                                        {"let's verify"},        {"let's double-check"},
                                        {"let's double check"},  {"let us check"},
                                        {"let us verify"},       {"to double-check"},
                                        {"double-checking"},     {"is that right?"},
                                        {"is this right?"},      {"does that make sense"},
                                        {"does this make sense"}};

constexpr Phrase backtrackingPhrases[] = {{"alternatively", true},
                                          {"scratch that"},
                                          {"start over"},
                                          {"start again"},
                                          {"start from scratch"},
                                          {"let me try another"},
                                          {"let me try a different"},
                                          {"let me try again"},
                                          {"let's try another"},
                                          {"let's try a different"},
                                          {"let's try again"},
                                          {"try a different approach"},
                                          {"try another approach"},
                                          {"another approach", true},
                                          {"a different approach", true},
                                          {"going back", true},
                                          {"let me go back"},
                                          {"let's go back"},
                                          {"i made a mistake"},
                                          {"i made an error"},
                                          {"that's wrong"},
                                          {"that is wrong"},
                                          {"that's not right"},
                                          {"that is not right"},
                                          {"this is wrong"},
                                          {"that can't be right"},
                                          {"that doesn't work"},
                                          {"this doesn't work"},
                                          {"that does not work"},
                                          {"this does not work"},
                                          {"dead end"}};

std::string lowered(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    // Typographic apostrophes are three bytes: positions would shift, so a plain one and two marks take their
    // place.
    constexpr std::string_view curly = "\u2019";
    for (std::size_t at = lower.find(curly); at != std::string::npos; at = lower.find(curly, at + 1))
        lower.replace(at, curly.size(), "'\x01\x01");
    return lower;
}

/// The end of a phrase at `at`; none: it does not stand there. Marks (see lowered()) are passed over.
std::optional<std::size_t> phraseEnd(std::string_view text, std::size_t at, std::string_view phrase) {
    for (const char c : phrase) {
        while (at < text.size() && text[at] == '\x01') ++at;
        if (at >= text.size() || text[at] != c) return std::nullopt;
        ++at;
    }
    return at;
}

bool beginsSentence(std::string_view text, std::size_t at) {
    while (at > 0 &&
           (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '"' || text[at - 1] == '*'))
        --at;
    return at == 0 || std::string_view(".!?;:\n\r>").find(text[at - 1]) != std::string_view::npos;
}

/// "Wait, ", "Hmm." and not "waiters", nor "Wait 3 minutes".
bool standsAlone(std::string_view text, std::size_t end) {
    if (end >= text.size()) return true;
    if (std::string_view(",.!?…-:\n").find(text[end]) != std::string_view::npos) return true;
    const std::string_view rest = text.substr(end);  // dashes and ellipses begin with the same two bytes
    return rest.starts_with(" no") || rest.starts_with(" - ") || rest.starts_with("\xe2\x80") ||
           rest.starts_with(" \xe2\x80");
}

template <std::size_t N>
StepLane phrasesIn(const Trace& trace, std::string name, const Phrase (&phrases)[N]) {
    StepLane lane{LaneKind::Detector, std::move(name), {}};
    const std::string text = lowered(trace.completion);
    std::size_t next = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i < next || (i > 0 && isLetter(text[i - 1]))) continue;
        for (const Phrase& phrase : phrases) {
            const auto end = phraseEnd(text, i, phrase.text);
            if (!end || (*end < text.size() && isLetter(phrase.text.back()) && isLetter(text[*end])))
                continue;
            const bool isShort = phrase.atStart && phrase.text.find_first_of(" ,") == std::string_view::npos;
            if (phrase.atStart && !beginsSentence(text, i)) continue;
            if (isShort && !standsAlone(text, *end)) continue;
            StepJudgement judgement;
            judgement.begin = std::int64_t(i);
            judgement.end = std::int64_t(*end);
            judgement.text = phrase.text;
            lane.steps.push_back(std::move(judgement));
            next = *end;
            break;
        }
    }
    return lane;
}

}  // namespace

StepLane detectRepetition(const Trace& trace) {
    StepLane lane{LaneKind::Detector, "repetition", {}};
    const std::vector<Word> words = wordsOf(trace.completion);
    std::vector<Range> ranges = loopsIn(words);
    for (const Range& range : repeatedNgrams(words)) ranges.push_back(range);
    for (const Range& range : merged(std::move(ranges))) {
        StepJudgement judgement;
        judgement.begin = std::int64_t(words[range.begin].begin);
        judgement.end = std::int64_t(words[range.end - 1].end);
        judgement.rating = -1;
        judgement.text = std::to_string(range.copies) + " times";
        lane.steps.push_back(std::move(judgement));
    }
    return lane;
}

StepLane detectReflection(const Trace& trace) {
    return phrasesIn(trace, "reflection", reflectionPhrases);
}

StepLane detectBacktracking(const Trace& trace) {
    return phrasesIn(trace, "backtracking", backtrackingPhrases);
}

}  // namespace retort
