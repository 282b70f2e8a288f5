#include "core/tokenizers/utf8.h"

#include <algorithm>

namespace retort {
namespace {

// The range that the second byte may have after `lead`, which rules out overlong forms, surrogates and >
// U+10FFFF.
struct LeadByte {
    std::size_t length;
    unsigned char secondLow, secondHigh;
};

LeadByte leadByte(unsigned char lead) {
    if (lead < 0x80) return {1, 0, 0};
    if (lead >= 0xc2 && lead <= 0xdf) return {2, 0x80, 0xbf};
    if (lead == 0xe0) return {3, 0xa0, 0xbf};
    if (lead == 0xed) return {3, 0x80, 0x9f};
    if (lead >= 0xe1 && lead <= 0xef) return {3, 0x80, 0xbf};
    if (lead == 0xf0) return {4, 0x90, 0xbf};
    if (lead >= 0xf1 && lead <= 0xf3) return {4, 0x80, 0xbf};
    if (lead == 0xf4) return {4, 0x80, 0x8f};
    return {0, 0, 0};
}

// How many bytes at `position` begin a valid character, whether or not it is complete; and whether it is.
std::pair<std::size_t, bool> validPrefix(std::string_view text, std::size_t position) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
    const LeadByte lead = leadByte(byte(0));
    if (lead.length == 0) return {0, false};
    const std::size_t available = std::min(lead.length, text.size() - position);
    std::size_t n = 1;
    while (n < available) {
        const unsigned char low = n == 1 ? lead.secondLow : 0x80, high = n == 1 ? lead.secondHigh : 0xbf;
        if (byte(n) < low || byte(n) > high) break;
        ++n;
    }
    return {n, n == lead.length};
}

}  // namespace

std::size_t utf8Length(std::string_view text, std::size_t position) {
    const auto [length, complete] = validPrefix(text, position);
    return complete ? length : 0;
}

std::string utf8Encode(char32_t c) {
    const auto tail = [](char32_t bits) { return char(0x80 | (bits & 0x3f)); };
    if (c < 0x80) return {char(c)};
    if (c < 0x800) return {char(0xc0 | (c >> 6)), tail(c)};
    if (c < 0x10000) return {char(0xe0 | (c >> 12)), tail(c >> 6), tail(c)};
    return {char(0xf0 | (c >> 18)), tail(c >> 12), tail(c >> 6), tail(c)};
}

std::string utf8Lossy(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto [length, complete] = validPrefix(text, i);
        if (complete)
            out.append(text.substr(i, length));
        else
            out.append("\xef\xbf\xbd");
        i += std::max<std::size_t>(length, 1);
    }
    return out;
}

}  // namespace retort
