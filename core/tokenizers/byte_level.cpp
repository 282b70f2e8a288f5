#include "core/tokenizers/byte_level.h"

#include <array>

#include "core/tokenizers/utf8.h"

namespace retort {
namespace {

struct ByteTable {
    std::array<std::string, 256> characters;
    std::array<int, 256 + 68> bytes;  // by code point

    ByteTable() {
        bytes.fill(-1);
        char32_t next = 256;
        for (int byte = 0; byte < 256; ++byte) {
            const bool printable =
                (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
            const char32_t codePoint = printable ? char32_t(byte) : next++;
            characters[std::size_t(byte)] = utf8Encode(codePoint);
            bytes[codePoint] = byte;
        }
    }
};

const ByteTable& table() {
    static const ByteTable instance;
    return instance;
}

}  // namespace

const char* const gpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

std::string toByteLevel(std::string_view bytes) {
    std::string text;
    for (char c : bytes) text += table().characters[static_cast<unsigned char>(c)];
    return text;
}

std::optional<std::string> fromByteLevel(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8Length(text, i);
        if (length == 0 || length > 2) return std::nullopt;
        const unsigned lead = static_cast<unsigned char>(text[i]);
        const unsigned codePoint =
            length == 1 ? lead : ((lead & 0x1f) << 6) | (static_cast<unsigned char>(text[i + 1]) & 0x3f);
        if (codePoint >= table().bytes.size() || table().bytes[codePoint] < 0) return std::nullopt;
        bytes += char(table().bytes[codePoint]);
        i += length;
    }
    return bytes;
}

}  // namespace retort
