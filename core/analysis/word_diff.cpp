#include "core/analysis/word_diff.h"

#include <algorithm>

namespace retort {
namespace {

bool isSpace(unsigned char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool isWord(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c >= 0x80;
}

/// Whether a character of several bytes begins at `at`, whole; its length, or 1.
std::size_t characterLength(std::string_view text, std::size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    if (at + length > text.size()) return 1;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return 1;
    return length;
}

}  // namespace

std::vector<std::string_view> splitWords(std::string_view text) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        std::size_t end = at + characterLength(text, at);
        const bool broken = first >= 0x80 && end == at + 1;
        const auto more = [&](auto belongs) {
            while (end < text.size() && belongs(static_cast<unsigned char>(text[end]))) {
                const std::size_t length = characterLength(text, end);
                if (static_cast<unsigned char>(text[end]) >= 0x80 && length == 1) break;
                end += length;
            }
        };
        if (isSpace(first)) more(isSpace);
        if (isWord(first) && !broken) more(isWord);
        pieces.push_back(text.substr(at, end - at));
        at = end;
    }
    return pieces;
}

std::vector<DiffHunk> diffWords(std::string_view a, std::string_view b) {
    const auto piecesA = splitWords(a), piecesB = splitWords(b);
    const auto byteOf = [](std::string_view text, const auto& pieces, std::size_t piece) {
        return piece == pieces.size() ? text.size() : std::size_t(pieces[piece].data() - text.data());
    };
    std::vector<DiffHunk> hunks = diffSequences(piecesA, piecesB);
    for (DiffHunk& hunk : hunks)
        hunk = {byteOf(a, piecesA, hunk.beginA), byteOf(a, piecesA, hunk.endA),
                byteOf(b, piecesB, hunk.beginB), byteOf(b, piecesB, hunk.endB), hunk.same};
    return hunks;
}

std::vector<AlignedSteps> alignSteps(const std::vector<std::string_view>& a,
                                     const std::vector<std::string_view>& b) {
    std::vector<AlignedSteps> pairs;
    for (const DiffHunk& hunk : diffSequences(a, b)) {
        const std::size_t rows = std::max(hunk.endA - hunk.beginA, hunk.endB - hunk.beginB);
        for (std::size_t i = 0; i < rows; ++i)
            pairs.push_back({hunk.beginA + i < hunk.endA ? int(hunk.beginA + i) : -1,
                             hunk.beginB + i < hunk.endB ? int(hunk.beginB + i) : -1, hunk.same});
    }
    return pairs;
}

}  // namespace retort
