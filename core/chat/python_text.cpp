#include "core/chat/python_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/tokenizers/unicode_class.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort::chat {
namespace {

struct Character {
    char32_t code;  // U+FFFD where the byte is invalid
    std::string_view bytes;
};

Character characterAt(std::string_view text, std::size_t at) {
    const std::size_t length = utf8Length(text, at);
    if (length == 0) return {0xfffd, text.substr(at, 1)};
    return {utf8Decode(text, at, length), text.substr(at, length)};
}

template <typename Change>
std::string mapped(std::string_view text, Change change) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Character c = characterAt(text, i);
        change(out, c);
        i += c.bytes.size();
    }
    return out;
}

void appendUpper(std::string& out, const Character& c) {
    if (c.code == 0xdf)
        out += "SS";  // the only letter in common use whose capital is two
    else if (c.bytes.size() == 1 && c.code == 0xfffd)
        out += c.bytes;
    else
        out += utf8Encode(char32_t(utf8proc_toupper(utf8proc_int32_t(c.code))));
}

void appendLower(std::string& out, const Character& c) {
    if (c.bytes.size() == 1 && c.code == 0xfffd)
        out += c.bytes;
    else
        out += utf8Encode(char32_t(utf8proc_tolower(utf8proc_int32_t(c.code))));
    if (c.code == 0x130) out += utf8Encode(0x307);
}

// str.isprintable() of one character.
bool isPrintable(char32_t c) {
    const utf8proc_category_t kind = utf8proc_category(utf8proc_int32_t(c));
    if (c == ' ') return true;
    return kind != UTF8PROC_CATEGORY_CC && kind != UTF8PROC_CATEGORY_CF && kind != UTF8PROC_CATEGORY_CS &&
           kind != UTF8PROC_CATEGORY_CO && kind != UTF8PROC_CATEGORY_CN && kind != UTF8PROC_CATEGORY_ZL &&
           kind != UTF8PROC_CATEGORY_ZP && kind != UTF8PROC_CATEGORY_ZS;
}

std::string hex(char32_t value, int digits) {
    std::string out;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += "0123456789abcdef"[(value >> shift) & 15];
    return out;
}

std::string stringRepresentation(std::string_view value) {
    const bool doubled =
        value.find('\'') != std::string_view::npos && value.find('"') == std::string_view::npos;
    const char quote = doubled ? '"' : '\'';
    std::string out(1, quote);
    for (std::size_t i = 0; i < value.size();) {
        const Character c = characterAt(value, i);
        i += c.bytes.size();
        if (c.code == char32_t(quote) || c.code == '\\')
            out.append("\\").append(c.bytes);
        else if (c.code == '\n' || c.code == '\r' || c.code == '\t')
            out.append(c.code == '\n' ? "\\n" : c.code == '\r' ? "\\r" : "\\t");
        else if (isPrintable(c.code))
            out += c.bytes;
        else if (c.code < 0x100)
            out.append("\\x").append(hex(c.code, 2));
        else
            out.append(c.code < 0x10000 ? "\\u" : "\\U").append(hex(c.code, c.code < 0x10000 ? 4 : 8));
    }
    return out + quote;
}

template <typename Items, typename Append>
void appendJoined(std::string& out, const Items& items, Append append) {
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ", ";
        first = false;
        append(item);
    }
}

void appendRepresentation(std::string& out, const Value& value) {
    if (value.isString()) {
        out += stringRepresentation(value.string());
    } else if (value.isList()) {
        out += value.isTuple() ? '(' : '[';
        appendJoined(out, value.items(), [&](const Value& item) { appendRepresentation(out, item); });
        if (value.isTuple() && value.items().size() == 1) out += ',';
        out += value.isTuple() ? ')' : ']';
    } else if (value.isDict()) {
        out += '{';
        appendJoined(out, value.entries(), [&](const auto& entry) {
            out.append(stringRepresentation(entry.first)).append(": ");
            appendRepresentation(out, entry.second);
        });
        out += '}';
    } else {
        out += value.isUndefined() ? "Undefined" : text(value);
    }
}

void appendJsonText(std::string& out, std::string_view value, bool ensureAscii) {
    out += '"';
    for (std::size_t i = 0; i < value.size();) {
        const Character c = characterAt(value, i);
        i += c.bytes.size();
        const std::size_t simple = std::string_view("\"\\\n\r\t\b\f").find(char(c.code));
        if (c.code < 0x80 && c.code != 0 && simple != std::string_view::npos)
            out.append("\\").append(1, "\"\\nrtbf"[simple]);
        else if (c.code < 0x20 || (ensureAscii && c.code > 0x7f && c.code < 0x10000))
            out.append("\\u").append(hex(c.code, 4));
        else if (ensureAscii && c.code >= 0x10000)
            out.append("\\u")
                .append(hex(0xd7c0 + (c.code >> 10), 4))
                .append("\\u")
                .append(hex(0xdc00 + (c.code & 0x3ff), 4));
        else if (c.code == 0xfffd && c.bytes.size() == 1)
            out += ensureAscii ? "\\ufffd" : "\xef\xbf\xbd";
        else
            out += c.bytes;
    }
    out += '"';
}

class JsonWriter {
  public:
    JsonWriter(std::string& out, const JsonStyle& style) : m_out(out), m_style(style) {}

    void write(const Value& value, int level) {
        using Kind = Value::Kind;
        switch (value.kind()) {
            case Kind::None:
                m_out += "null";
                break;
            case Kind::Bool:
                m_out += value.boolean() ? "true" : "false";
                break;
            case Kind::Int:
                m_out += std::to_string(value.integer());
                break;
            case Kind::Float:
                m_out += std::isnan(value.number())   ? "NaN"
                         : std::isinf(value.number()) ? (value.number() < 0 ? "-Infinity" : "Infinity")
                                                      : floatText(value.number());
                break;
            case Kind::String:
                appendJsonText(m_out, value.string(), m_style.ensureAscii);
                break;
            case Kind::List:
                block('[', ']', value.items(), level, [&](const Value& item) { write(item, level + 1); });
                break;
            case Kind::Dict:
                dict(value, level);
                break;
            default:
                throw Error(std::string("tojson cannot write a value of the type ") + value.typeName());
        }
    }

  private:
    void dict(const Value& value, int level) {
        std::vector<const std::pair<std::string, Value>*> entries;
        for (const auto& entry : value.entries()) entries.push_back(&entry);
        if (m_style.sortKeys)
            std::sort(entries.begin(), entries.end(), [](auto* a, auto* b) { return a->first < b->first; });
        block('{', '}', entries, level, [&](const auto* entry) {
            appendJsonText(m_out, entry->first, m_style.ensureAscii);
            m_out += m_style.keySeparator;
            write(entry->second, level + 1);
        });
    }
    template <typename Items, typename Write>
    void block(char open, char close, const Items& items, int level, Write writeItem) {
        m_out += open;
        bool first = true;
        for (const auto& item : items) {
            if (!first) m_out += m_style.itemSeparator;
            first = false;
            newLine(level + 1);
            writeItem(item);
        }
        if (!items.empty()) newLine(level);
        m_out += close;
    }
    void newLine(int level) {
        if (m_style.indent >= 0)
            m_out.append("\n").append(std::size_t(level) * std::size_t(m_style.indent), ' ');
    }

    std::string& m_out;
    const JsonStyle& m_style;
};

bool inSet(std::string_view character, const std::string* set) {
    if (set == nullptr) return isPythonSpace(characterAt(character, 0).code);
    const std::vector<std::string_view> members = characters(*set);
    return std::find(members.begin(), members.end(), character) != members.end();
}

}  // namespace

bool isPythonSpace(char32_t c) {
    return isWhiteSpace(c) || (c >= 0x1c && c <= 0x1f);
}

std::string floatText(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
    const std::string_view shortest(digits, std::size_t(end - digits));
    const std::size_t e = shortest.find('e');
    const int exponent = std::atoi(std::string(shortest.substr(e + 1)).c_str());
    if (exponent < -4 || exponent >= 16) return std::string(shortest);
    char plain[40];
    const auto plainEnd = std::to_chars(plain, plain + sizeof plain, value, std::chars_format::fixed).ptr;
    std::string out(plain, plainEnd);
    return out.find('.') == std::string::npos ? out + ".0" : out;
}

std::string text(const Value& value) {
    using Kind = Value::Kind;
    switch (value.kind()) {
        case Kind::Undefined:
            return "";
        case Kind::None:
            return "None";
        case Kind::Bool:
            return value.boolean() ? "True" : "False";
        case Kind::Int:
            return std::to_string(value.integer());
        case Kind::Float:
            return floatText(value.number());
        case Kind::String:
            return value.string();
        case Kind::List:
        case Kind::Dict:
            return representation(value);
        default:
            throw Error(std::string("a ") + value.typeName() + " has no text");
    }
}

std::string representation(const Value& value) {
    std::string out;
    appendRepresentation(out, value);
    return out;
}

std::string jsonText(const Value& value, const JsonStyle& style) {
    std::string out;
    JsonWriter(out, style).write(value, 0);
    return out;
}

std::size_t characterCount(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) i += characterAt(text, i).bytes.size();
    return count;
}

std::string_view characterNumber(std::string_view text, std::size_t index) {
    std::size_t i = 0;
    for (; index > 0; --index) i += characterAt(text, i).bytes.size();
    return characterAt(text, i).bytes;
}

std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> result;
    for (std::size_t i = 0; i < text.size(); i += result.back().size())
        result.push_back(characterAt(text, i).bytes);
    return result;
}

std::string stripped(std::string_view text, Side side, const std::string* set) {
    while (side != Side::Right && !text.empty()) {
        const std::string_view first = characterAt(text, 0).bytes;
        if (!inSet(first, set)) break;
        text.remove_prefix(first.size());
    }
    while (side != Side::Left && !text.empty()) {
        std::size_t begin = text.size() - 1;
        while (begin > 0 && text.size() - begin < 4 &&
               (static_cast<unsigned char>(text[begin]) & 0xc0u) == 0x80u)
            --begin;
        if (utf8Length(text, begin) != text.size() - begin) begin = text.size() - 1;
        if (!inSet(text.substr(begin), set)) break;
        text = text.substr(0, begin);
    }
    return std::string(text);
}

std::string upper(std::string_view text) {
    return mapped(text, appendUpper);
}
std::string lower(std::string_view text) {
    return mapped(text, appendLower);
}

std::string capitalized(std::string_view text) {
    bool first = true;
    return mapped(text, [&](std::string& out, const Character& c) {
        if (std::exchange(first, false))
            appendUpper(out, c);
        else
            appendLower(out, c);
    });
}

std::string titled(std::string_view text) {
    bool inWord = false;
    return mapped(text, [&](std::string& out, const Character& c) {
        if (inWord)
            appendLower(out, c);
        else
            appendUpper(out, c);
        inWord = isLetter(c.code);
    });
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with, std::int64_t count,
                     std::size_t maxBytes) {
    std::string out;
    const auto append = [&](std::string_view part) {
        if (out.size() + part.size() > maxBytes) throw Error("a text grows beyond measure");
        out += part;
    };
    if (what.empty()) {  // before every character and at the end
        for (std::string_view c : characters(text)) {
            if (count != 0) append(with);
            if (count > 0) --count;
            append(c);
        }
        if (count != 0) append(with);
        return out;
    }
    std::size_t done = 0;
    for (std::size_t at; count != 0 && (at = text.find(what, done)) != std::string_view::npos; --count) {
        append(text.substr(done, at - done));
        append(with);
        done = at + what.size();
    }
    append(text.substr(done));
    return out;
}

std::vector<std::string> splitAtSpace(std::string_view text, std::int64_t count) {
    std::vector<std::string> parts;
    const auto skip = [&](std::size_t i, bool space) {
        while (i < text.size() && isPythonSpace(characterAt(text, i).code) == space)
            i += characterAt(text, i).bytes.size();
        return i;
    };
    for (std::size_t begin = skip(0, true); begin < text.size();) {
        const std::size_t end = count-- == 0 ? text.size() : skip(begin, false);
        parts.emplace_back(text.substr(begin, end - begin));
        begin = skip(end, true);
    }
    return parts;
}

std::vector<std::string> splitAt(std::string_view text, std::string_view separator, std::int64_t count,
                                 bool fromRight) {
    if (separator.empty()) throw Error("split() needs a separator that is not empty");
    std::vector<std::string> parts;
    while (count-- != 0) {
        const std::size_t at = fromRight ? text.rfind(separator) : text.find(separator);
        if (at == std::string_view::npos) break;
        const std::string_view before = text.substr(0, at), behind = text.substr(at + separator.size());
        parts.emplace_back(fromRight ? behind : before);
        text = fromRight ? before : behind;
    }
    parts.emplace_back(text);
    if (fromRight) std::reverse(parts.begin(), parts.end());
    return parts;
}

std::vector<std::string> splitLines(std::string_view text, bool keepEnds) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size();) {
        const Character c = characterAt(text, i);
        std::size_t end = i + c.bytes.size();
        const bool breaks = (c.code >= 0x0a && c.code <= 0x0d) || (c.code >= 0x1c && c.code <= 0x1e) ||
                            c.code == 0x85 || c.code == 0x2028 || c.code == 0x2029;
        if (c.code == '\r' && end < text.size() && text[end] == '\n') ++end;
        if (breaks) {
            parts.emplace_back(text.substr(begin, (keepEnds ? end : i) - begin));
            begin = end;
        }
        i = end;
    }
    if (begin < text.size()) parts.emplace_back(text.substr(begin));
    return parts;
}

}  // namespace retort::chat
