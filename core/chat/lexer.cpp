#include "core/chat/lexer.h"

#include <algorithm>
#include <array>

#include "core/chat/python_text.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort::chat {
namespace {

// Longer ones first.
constexpr std::array<std::string_view, 28> operators{"**", "//", "==", "!=", "<=", ">=", "+", "-", "/", "*",
                                                     "%",  "~",  "[",  "]",  "(",  ")",  "{", "}", ">", "<",
                                                     "=",  ".",  ":",  "|",  ",",  ";",  "!", "&"};

// Every line break is \n, and the last one of the file does not count.
std::string normalised(std::string_view source) {
    std::string text;
    text.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n') continue;
        text += source[i] == '\r' ? '\n' : source[i];
    }
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

bool isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}
bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

class Lexer {
  public:
    Lexer(std::string_view source, const std::string& where) : m_source(normalised(source)), m_where(where) {}

    std::vector<Token> run() {
        while (m_at < m_source.size()) {
            const std::size_t tag = nextTag();
            data(tag);
            if (tag == std::string::npos) break;
            if (m_source[tag + 1] == '#')
                comment();
            else if (!raw())
                expression(m_source[tag + 1] == '%');
        }
        add(Token::Kind::End, "");
        return std::move(m_tokens);
    }

  private:
    std::size_t nextTag() const {
        for (std::size_t at = m_source.find('{', m_at); at != std::string::npos;
             at = m_source.find('{', at + 1)) {
            const char next = at + 1 < m_source.size() ? m_source[at + 1] : '\0';
            if (next == '{' || next == '%' || next == '#') return at;
        }
        return std::string::npos;
    }

    // The text before the tag at `tag`, less what the tag takes away; m_at is then the tag.
    void data(std::size_t tag) {
        std::string_view text =
            std::string_view(m_source).substr(m_at, tag == std::string::npos ? tag : tag - m_at);
        std::string kept(text);
        if (tag != std::string::npos) {
            const char sign = tag + 2 < m_source.size() ? m_source[tag + 2] : '\0';
            if (sign == '-')
                kept = stripped(text, Side::Right);
            else if (sign != '+' && m_source[tag + 1] != '{')
                kept = withoutIndent(text);
        }
        if (!kept.empty()) add(Token::Kind::Data, kept);
        skip(text.size());
    }

    // lstrip_blocks: only blanks between the line's begin and the tag.
    std::string withoutIndent(std::string_view text) const {
        const std::size_t begin = text.rfind('\n') + 1;  // npos + 1 is 0
        const bool lineStart = begin > 0 || m_lineStart;
        const std::string_view indent = text.substr(begin);
        return std::string(lineStart && stripped(indent, Side::Left).empty() ? text.substr(0, begin) : text);
    }

    void comment() {
        const char sign = m_at + 2 < m_source.size() ? m_source[m_at + 2] : '\0';
        const std::size_t begin = m_at + 2 + (sign == '-' || sign == '+'), end = m_source.find("#}", begin);
        if (end == std::string::npos) fail("a comment has no end");
        const char last = end > begin ? m_source[end - 1] : '\0';
        skip(end + 2 - m_at);
        behindTag(last == '-', last != '+');
    }

    // {% raw %} … {% endraw %}: its content as it is.
    bool raw() {
        std::size_t at = m_at;
        bool strip = false, trim = false;
        if (!tagNamed("raw", at, strip, trim)) return false;
        skip(at - m_at);
        behindTag(strip, false);
        for (std::size_t end = m_source.find("{%", m_at); end != std::string::npos;
             end = m_source.find("{%", end + 1)) {
            std::size_t behind = end;
            if (!tagNamed("endraw", behind, strip, trim)) continue;
            data(end);
            skip(behind - end);
            behindTag(strip, trim);
            return true;
        }
        fail("'raw' has no end");
    }

    // Whether a block tag with nothing but this name is at `at`, which is then behind it.
    bool tagNamed(std::string_view name, std::size_t& at, bool& strip, bool& trim) const {
        const auto skipSpace = [&](std::size_t i) {
            while (i < m_source.size() && isSpace(m_source[i])) ++i;
            return i;
        };
        std::size_t i = at + 2;
        if (std::string_view(m_source).substr(at, 2) != "{%") return false;
        if (i < m_source.size() && (m_source[i] == '-' || m_source[i] == '+')) ++i;
        i = skipSpace(i);
        if (std::string_view(m_source).substr(i, name.size()) != name) return false;
        i = skipSpace(i + name.size());
        strip = i < m_source.size() && m_source[i] == '-';
        trim = !strip && !(i < m_source.size() && m_source[i] == '+');
        if (!trim) ++i;
        if (std::string_view(m_source).substr(i, 2) != "%}") return false;
        at = i + 2;
        return true;
    }

    // What a tag's end takes away behind it.
    void behindTag(bool stripSpace, bool trimBreak) {
        if (stripSpace) {
            const std::string_view rest = std::string_view(m_source).substr(m_at);
            std::size_t space = 0;
            while (space < rest.size()) {
                const std::size_t length = std::max<std::size_t>(utf8Length(rest, space), 1);
                if (!isPythonSpace(utf8Length(rest, space) ? utf8Decode(rest, space, length) : 0xfffd)) break;
                space += length;
            }
            skip(space);
        } else if (trimBreak && m_at < m_source.size() && m_source[m_at] == '\n') {
            skip(1);
        }
    }

    void expression(bool block) {
        add(block ? Token::Kind::BlockBegin : Token::Kind::OutputBegin, "");
        skip(2);
        if (m_at < m_source.size() && (m_source[m_at] == '-' || m_source[m_at] == '+')) skip(1);
        const std::string_view end = block ? "%}" : "}}";
        const int line = m_line;
        std::vector<char> open;  // brackets: inside of them }} ends two of them
        while (m_at < m_source.size()) {
            if (open.empty() && ends(end, block)) return;
            token(open);
        }
        m_line = line;
        fail("a tag has no end");
    }

    bool ends(std::string_view end, bool block) {
        const std::string_view rest = std::string_view(m_source).substr(m_at);
        const bool strip = rest.starts_with('-') && rest.substr(1).starts_with(end);
        const bool keep = block && rest.starts_with('+') && rest.substr(1).starts_with(end);
        if (!strip && !keep && !rest.starts_with(end)) return false;
        add(block ? Token::Kind::BlockEnd : Token::Kind::OutputEnd, "");
        skip(strip || keep ? 3 : 2);
        behindTag(strip, block && !keep);
        return true;
    }

    void token(std::vector<char>& open) {
        const char c = m_source[m_at];
        if (isSpace(c)) return skip(1);
        if (isNameStart(c)) return name();
        if (isDigit(c)) return number();
        if (c == '\'' || c == '"') return string(c);
        const std::string_view rest = std::string_view(m_source).substr(m_at);
        const auto found =
            std::find_if(operators.begin(), operators.end(), [&](auto op) { return rest.starts_with(op); });
        if (found == operators.end() || *found == "!" || *found == "&")
            fail("unexpected character " +
                 representation(Value(rest.substr(0, std::max<std::size_t>(utf8Length(rest, 0), 1)))));
        bracket(found->front(), open);
        add(Token::Kind::Operator, std::string(*found));
        skip(found->size());
    }

    void bracket(char c, std::vector<char>& open) {
        if (c == '(' || c == '[' || c == '{') open.push_back(c);
        if (c != ')' && c != ']' && c != '}') return;
        const char expected = c == ')' ? '(' : c == ']' ? '[' : '{';
        if (open.empty() || open.back() != expected) fail(std::string("unexpected '") + c + "'");
        open.pop_back();
    }

    void name() {
        std::size_t end = m_at;
        while (end < m_source.size() && (isNameStart(m_source[end]) || isDigit(m_source[end]))) ++end;
        add(Token::Kind::Name, m_source.substr(m_at, end - m_at));
        skip(end - m_at);
    }

    void number() {
        std::size_t end = m_at;
        const auto digits = [&] {
            while (end < m_source.size() && isDigit(m_source[end])) ++end;
        };
        digits();
        bool isFloat = false;
        // "messages.0.content": a number behind a dot is not the begin of a fraction.
        const bool behindDot = m_at > 0 && m_source[m_at - 1] == '.';
        if (!behindDot && end + 1 < m_source.size() && m_source[end] == '.' && isDigit(m_source[end + 1])) {
            isFloat = true;
            ++end;
            digits();
        }
        std::size_t exponent = end + 1;
        if (!behindDot && end < m_source.size() && (m_source[end] == 'e' || m_source[end] == 'E')) {
            if (exponent < m_source.size() && (m_source[exponent] == '+' || m_source[exponent] == '-'))
                ++exponent;
            if (exponent < m_source.size() && isDigit(m_source[exponent])) {
                isFloat = true;
                end = exponent;
                digits();
            }
        }
        if (end < m_source.size() && (isNameStart(m_source[end])))
            fail("this way to write numbers is not supported");
        add(isFloat ? Token::Kind::Float : Token::Kind::Integer, m_source.substr(m_at, end - m_at));
        skip(end - m_at);
    }

    void string(char quote) {
        std::size_t end = m_at + 1;
        while (end < m_source.size() && m_source[end] != quote) end += m_source[end] == '\\' ? 2 : 1;
        if (end >= m_source.size()) fail("a text has no end");
        add(Token::Kind::String, unescaped(std::string_view(m_source).substr(m_at + 1, end - m_at - 1)));
        skip(end + 1 - m_at);
    }

    // Python's escapes; what is none keeps its backslash.
    std::string unescaped(std::string_view text) const {
        constexpr std::string_view simple = "ntr\\'\"abfv", meaning = "\n\t\r\\'\"\a\b\f\v";
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\') {
                out += text[i];
                continue;
            }
            const char kind = text[++i];  // there is one: a text does not end behind a backslash
            if (const std::size_t known = simple.find(kind); known != std::string_view::npos)
                out += meaning[known];
            else if (kind == 'x' || kind == 'u' || kind == 'U')
                i = codePoint(text, i + 1, kind == 'x' ? 2 : kind == 'u' ? 4 : 8, out) - 1;
            else if (kind >= '0' && kind <= '7')
                i = octal(text, i, out) - 1;
            else if (kind == 'N')
                fail("characters by their names are not supported");
            else if (kind != '\n')
                out.append(1, '\\').append(1, kind);
        }
        return out;
    }

    std::size_t codePoint(std::string_view text, std::size_t at, std::size_t digits, std::string& out) const {
        char32_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char c = at + i < text.size() ? text[at + i] : 'x';
            const int digit = isDigit(c)             ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0 || value > 0x10ffff) fail("an escape is not a character");
            value = value * 16 + char32_t(digit);
        }
        if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) fail("an escape is not a character");
        out += utf8Encode(value);
        return at + digits;
    }

    static std::size_t octal(std::string_view text, std::size_t at, std::string& out) {
        char32_t value = 0;
        std::size_t end = at;
        while (end < text.size() && end < at + 3 && text[end] >= '0' && text[end] <= '7')
            value = value * 8 + char32_t(text[end++] - '0');
        out += utf8Encode(value);
        return end;
    }

    void add(Token::Kind kind, std::string text) { m_tokens.push_back({kind, std::move(text), m_line}); }

    void skip(std::size_t count) {
        const std::string_view passed = std::string_view(m_source).substr(m_at, count);
        m_line += int(std::count(passed.begin(), passed.end(), '\n'));
        if (count > 0) m_lineStart = passed.back() == '\n';
        m_at += count;
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error(what, m_where + ":" + std::to_string(m_line));
    }

    const std::string m_source;
    const std::string& m_where;
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    int m_line = 1;
    bool m_lineStart = true;
};

}  // namespace

std::vector<Token> tokens(std::string_view source, const std::string& where) {
    return Lexer(source, where).run();
}

}  // namespace retort::chat
