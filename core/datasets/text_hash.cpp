#include "core/datasets/text_hash.h"

#include "core/util/random.h"

namespace retort {

TextHash hashOf(std::string_view text) {
    return {stableHash(text, 1), stableHash(text, 2)};
}

std::string normalizedWords(std::string_view text) {
    std::string out;
    bool blank = true;
    const auto space = [&] {
        if (!blank) out += ' ';
        blank = true;
    };
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9') || byte >= 0x80) {
            out += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
            blank = false;
        } else if (std::string_view("+-*/^=<>").find(c) != std::string_view::npos) {
            space();
            out += c;
            out += ' ';
        } else {
            space();
        }
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

std::vector<std::uint64_t> ngramHashes(std::string_view text, std::size_t n) {
    std::vector<std::size_t> begins, ends;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find(' ', i), text.size());
        begins.push_back(i);
        ends.push_back(end);
        i = end + 1;
    }
    std::vector<std::uint64_t> hashes;
    for (std::size_t i = 0; i + n <= begins.size(); ++i)
        hashes.push_back(stableHash(text.substr(begins[i], ends[i + n - 1] - begins[i])));
    return hashes;
}

std::size_t wordCount(std::string_view text) {
    std::size_t count = text.empty() ? 0 : 1;
    for (const char c : text) count += c == ' ' ? 1 : 0;
    return count;
}

}  // namespace retort
