#include "core/traces/text_search.h"

#include <utf8proc.h>

#include "core/tokenizers/utf8.h"

namespace retort {

namespace {

constexpr std::size_t stopEvery = 1 << 20;

/// The folded character at `at` and its bytes; an invalid byte stands for itself, beyond all characters.
char32_t foldedAt(std::string_view text, std::size_t at, std::size_t& length) {
    const auto byte = static_cast<unsigned char>(text[at]);
    length = 1;
    if (byte < 0x80) return byte >= 'A' && byte <= 'Z' ? byte + 32u : byte;
    length = utf8Length(text, at);
    if (length == 0) {
        length = 1;
        return 0x110000u + byte;
    }
    return static_cast<char32_t>(
        utf8proc_tolower(static_cast<utf8proc_int32_t>(utf8Decode(text, at, length))));
}

bool insideCharacter(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0u) == 0x80u;
}

void findExact(std::string_view text, std::string_view needle, std::size_t limit, const std::stop_token& stop,
               TextHits& hits) {
    std::size_t stopAt = stopEvery;
    for (std::size_t at = text.find(needle); at != text.npos; at = text.find(needle, at)) {
        const std::size_t end = at + needle.size();
        const bool whole = !insideCharacter(text, end) || insideCharacter(needle, 0);
        if (whole) hits.ranges.emplace_back(at, end);
        at = end;
        if (hits.ranges.size() >= limit || (at > stopAt && stop.stop_requested())) {
            hits.complete = false;
            return;
        }
        if (at > stopAt) stopAt = at + stopEvery;
    }
}

}  // namespace

TextHits findAll(std::string_view text, std::string_view needle, bool caseSensitive, std::size_t limit,
                 std::stop_token stop) {
    TextHits hits;
    if (needle.empty()) return hits;
    if (caseSensitive) {
        findExact(text, needle, limit, stop, hits);
        return hits;
    }
    std::u32string folded;
    for (std::size_t at = 0, length = 0; at < needle.size(); at += length)
        folded += foldedAt(needle, at, length);
    std::size_t stopAt = stopEvery;
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
        if (at > stopAt) {
            stopAt = at + stopEvery;
            if (stop.stop_requested()) {
                hits.complete = false;
                return hits;
            }
        }
        if (foldedAt(text, at, length) != folded[0]) continue;
        std::size_t end = at + length, more = 0, k = 1;
        for (; k < folded.size() && end < text.size() && foldedAt(text, end, more) == folded[k]; ++k)
            end += more;
        if (k < folded.size()) continue;
        if (hits.ranges.size() >= limit) {
            hits.complete = false;
            return hits;
        }
        hits.ranges.emplace_back(at, end);
        length = end - at;
    }
    return hits;
}

}  // namespace retort
