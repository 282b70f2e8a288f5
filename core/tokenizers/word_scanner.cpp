#include "core/tokenizers/word_scanner.h"

#include <array>

#include "core/tokenizers/unicode_class.h"
#include "core/tokenizers/utf8.h"

namespace retort {
namespace {

constexpr std::array<const char*, 3> expressions{
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"};

// LineBreak: \r and \n only, as in [\r\n]. Other: [^\s\p{L}\p{N}].
enum class Kind : unsigned char { Letter, Number, LineBreak, Space, Other, Invalid, End };

Kind asciiKind(unsigned char c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Kind::Letter;
    if (c >= '0' && c <= '9') return Kind::Number;
    if (c == '\r' || c == '\n') return Kind::LineBreak;
    return isWhiteSpace(c) ? Kind::Space : Kind::Other;
}

const std::array<Kind, 128> asciiKinds = [] {
    std::array<Kind, 128> kinds;
    for (unsigned char c = 0; c < 128; ++c) kinds[c] = asciiKind(c);
    return kinds;
}();

struct Character {
    Kind kind;
    std::size_t length;
};

class Scanner {
  public:
    Scanner(WordRule rule, std::string_view text) : m_rule(rule), m_text(text) {}

    // The end of the word that begins at `begin`.
    std::size_t wordEnd(std::size_t begin) const {
        const Character first = at(begin);
        if (first.kind == Kind::Invalid) return run(begin, Kind::Invalid);
        if (m_text[begin] == '\'')
            if (const std::size_t length = contraction(begin + 1)) return begin + 1 + length;
        return m_rule == WordRule::Gpt2 ? gpt2End(begin, first) : llama3End(begin, first);
    }

  private:
    Character at(std::size_t position) const {
        if (position >= m_text.size()) return {Kind::End, 0};
        const unsigned char lead = static_cast<unsigned char>(m_text[position]);
        if (lead < 0x80) return {asciiKinds[lead], 1};
        const std::size_t length = utf8Length(m_text, position);
        if (length == 0) return {Kind::Invalid, 1};
        const char32_t c = utf8Decode(m_text, position, length);
        if (isLetter(c)) return {Kind::Letter, length};
        if (isNumber(c)) return {Kind::Number, length};
        return {isWhiteSpace(c) ? Kind::Space : Kind::Other, length};
    }

    std::size_t run(std::size_t position, Kind kind) const {
        for (Character c = at(position); c.kind == kind; c = at(position)) position += c.length;
        return position;
    }

    // Bytes behind the apostrophe of 's 't 're 've 'm 'll 'd; 0: none. GPT-2's pattern knows small letters
    // only.
    std::size_t contraction(std::size_t position) const {
        const bool anyCase = m_rule != WordRule::Gpt2;
        const auto letter = [&](std::size_t i) {
            if (i >= m_text.size()) return '\0';
            const char c = m_text[i];
            return anyCase && c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
        };
        const char first = letter(position), second = letter(position + 1);
        if (first == 's' || first == 't' || first == 'm' || first == 'd') return 1;
        if ((first == 'r' || first == 'v') && second == 'e') return 2;
        if (first == 'l' && second == 'l') return 2;
        // U+017F, the long s, is an s to an expression that ignores case.
        return anyCase && m_text.substr(position).starts_with("\xc5\xbf") ? 2 : 0;
    }

    std::size_t gpt2End(std::size_t begin, Character first) const {
        const std::size_t start = m_text[begin] == ' ' ? begin + 1 : begin;
        const Kind kind = at(start).kind;
        if (kind == Kind::Letter || kind == Kind::Number || kind == Kind::Other) return run(start, kind);
        return spaceEnd(begin, first, false);
    }

    std::size_t llama3End(std::size_t begin, Character first) const {
        if (first.kind == Kind::Letter) return run(begin, Kind::Letter);
        if (first.kind == Kind::Number) return numberEnd(begin);
        if (first.kind != Kind::LineBreak && at(begin + first.length).kind == Kind::Letter)
            return run(begin + first.length, Kind::Letter);
        const std::size_t start = m_text[begin] == ' ' ? begin + 1 : begin;
        if (at(start).kind == Kind::Other) return run(run(start, Kind::Other), Kind::LineBreak);
        return spaceEnd(begin, first, true);
    }

    std::size_t numberEnd(std::size_t position) const {
        for (int digits = m_rule == WordRule::Llama3 ? 3 : 1; digits > 0; --digits) {
            const Character c = at(position);
            if (c.kind != Kind::Number) break;
            position += c.length;
        }
        return position;
    }

    // White space, up to and with its last line break where line breaks end words; else all of it but the
    // last character, which belongs to what follows.
    std::size_t spaceEnd(std::size_t begin, Character first, bool breaksEndWords) const {
        std::size_t end = begin, last = begin, breakEnd = 0;
        for (Character c = first; c.kind == Kind::Space || c.kind == Kind::LineBreak; c = at(end)) {
            last = end;
            end += c.length;
            if (c.kind == Kind::LineBreak) breakEnd = end;
        }
        if (breaksEndWords && breakEnd > 0) return breakEnd;
        return end == m_text.size() || last == begin ? end : last;
    }

    WordRule m_rule;
    std::string_view m_text;
};

}  // namespace

std::optional<WordRule> wordRuleOf(std::string_view expression) {
    for (std::size_t i = 0; i < expressions.size(); ++i)
        if (expression == expressions[i]) return WordRule(i);
    return std::nullopt;
}

const char* expressionOf(WordRule rule) {
    return expressions[std::size_t(rule)];
}

void scanWords(WordRule rule, std::string_view text, std::vector<std::string_view>& words) {
    const Scanner scanner(rule, text);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = scanner.wordEnd(begin);
        words.push_back(text.substr(begin, end - begin));
        begin = end;
    }
}

}  // namespace retort
