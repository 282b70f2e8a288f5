#include "core/util/json_text.h"

#include <charconv>
#include <cmath>

namespace retort {
namespace {

template <class Number>
void appendNumber(std::string& out, Number value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

template <class Real>
void appendReal(std::string& out, Real value) {
    if (!std::isfinite(value)) {
        out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
        return;
    }
    const std::size_t before = out.size();
    appendNumber(out, value);
    // Readers take digits alone for an integer, and many refuse one of more than 64 bits.
    if (out.size() - before > 18 && out.find_first_of(".e", before) == std::string::npos) out += ".0";
}

// Length of the valid UTF-8 character that starts at text[i]; 0 when there is none (RFC 3629: no overlong
// forms, no surrogates, nothing above U+10FFFF).
std::size_t characterLength(std::string_view text, std::size_t i) {
    const auto byte = [&](std::size_t k) {
        return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u;
    };
    const auto continues = [&](std::size_t k) { return (byte(k) & 0xC0u) == 0x80u; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0, surrogate = lead == 0xED && byte(1) > 0x9F;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90, tooLarge = lead == 0xF4 && byte(1) > 0x8F;
        return continues(1) && continues(2) && continues(3) && !overlong && !tooLarge ? 4 : 0;
    }
    return 0;
}

void appendEscape(std::string& out, char c) {
    static constexpr char hex[] = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\r':
            out += "\\r";
            break;
        default:
            out += "\\u00";
            out += hex[(static_cast<unsigned char>(c) >> 4) & 15];
            out += hex[static_cast<unsigned char>(c) & 15];
    }
}

bool isPlain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' &&
           c != '\\';
}

}  // namespace

void appendJsonString(std::string& out, std::string_view text) {
    out += '"';
    std::size_t i = 0;
    while (i < text.size()) {
        std::size_t end = i;
        while (end < text.size() && isPlain(text[end])) ++end;
        out.append(text.substr(i, end - i));
        if ((i = end) == text.size()) break;
        if (static_cast<unsigned char>(text[i]) < 0x80) {
            appendEscape(out, text[i++]);
        } else if (const std::size_t length = characterLength(text, i)) {
            out.append(text.substr(i, length));
            i += length;
        } else {
            out += '?';
            ++i;
        }
    }
    out += '"';
}

void appendJsonNumber(std::string& out, double value) {
    appendReal(out, value);
}
void appendJsonNumber(std::string& out, float value) {
    appendReal(out, value);
}
void appendJsonNumber(std::string& out, std::int64_t value) {
    appendNumber(out, value);
}

std::string& JsonMembers::key(std::string_view name) {
    if (!m_first) m_out += ',';
    m_first = false;
    m_out += '"';
    m_out += name;
    m_out += "\":";
    return m_out;
}

JsonMembers& JsonMembers::add(std::string_view name, std::string_view text) {
    appendJsonString(key(name), text);
    return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, double value) {
    appendJsonNumber(key(name), value);
    return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, std::int64_t value) {
    appendJsonNumber(key(name), value);
    return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, bool value) {
    key(name) += value ? "true" : "false";
    return *this;
}

}  // namespace retort
