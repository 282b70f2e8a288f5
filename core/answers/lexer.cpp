#include "core/answers/lexer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/answers/limits.h"
#include "core/answers/number_literal.h"
#include "core/answers/text_form.h"
#include "core/answers/units.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

using Names = std::set<std::string_view>;

const Names spacing = {"left",   "right",  "big",      "Big",          "bigl",      "bigr",
                       "Bigl",   "Bigr",   "bigg",     "Bigg",         "biggl",     "biggr",
                       "middle", "limits", "nolimits", "displaystyle", "textstyle", "rm",
                       "bf",     "it",     "enspace",  "thinspace",    "hfill"};
const Names textCommands = {"text", "textbf", "textit", "textrm", "textnormal",
                            "mbox", "hbox",   "texttt", "textsf"};
const Names fontCommands = {"mathrm",     "mathbf", "mathit", "mathsf", "mathnormal", "operatorname",
                            "boldsymbol", "bm",     "mathtt", "emph",   "underline"};
const Names fractions = {"dfrac", "tfrac", "cfrac", "frac"};

struct Synonym {
    std::string_view command, sign;
};
constexpr Synonym synonyms[] = {
    {"le", "<="},           {"leq", "<="},          {"leqslant", "<="}, {"ge", ">="},         {"geq", ">="},
    {"geqslant", ">="},     {"ne", "!="},           {"neq", "!="},      {"lt", "<"},          {"gt", ">"},
    {"equiv", "="},         {"approx", "~"},        {"simeq", "~"},     {"thickapprox", "~"}, {"cdot", "*"},
    {"times", "*"},         {"ast", "*"},           {"div", "/"},       {"colon", ":"},       {"pm", "pm"},
    {"mp", "mp"},           {"lbrace", "\\{"},      {"rbrace", "\\}"},  {"lbrack", "["},      {"rbrack", "]"},
    {"langle", "\\langle"}, {"rangle", "\\rangle"}, {"lvert", "|"},     {"rvert", "|"},       {"vert", "|"},
    {"mid", "|"},           {"lparen", "("},        {"rparen", ")"},    {"land", "and"},      {"lor", "or"},
};

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Lexer {
  public:
    Lexer(std::string_view text, const Reading& reading) : m_text(text), m_reading(reading) {
        m_currency = std::count(text.begin(), text.end(), '$') % 2 == 1;
    }

    std::vector<Token> run() {
        while (m_at < m_text.size()) step();
        push(TokenKind::End, "");
        return std::move(m_tokens);
    }

  private:
    char at(std::size_t i) const { return i < m_text.size() ? m_text[i] : '\0'; }
    bool follows(std::string_view what) const { return m_text.substr(m_at).starts_with(what); }

    // `x=1 \quad y=2`: a wide space between two things is a comma.
    static bool isThing(const Token& token, std::string_view brackets) {
        if (token.kind == TokenKind::Number) return true;
        if (token.kind == TokenKind::Word) return token.text != "and" && token.text != "or";
        if (token.kind == TokenKind::Sign) return brackets.find(token.text.back()) != std::string_view::npos;
        return token.kind == TokenKind::Command && token.text != "in" && token.text != "cup" &&
               token.text != "cap" && token.text.find(':') == std::string::npos;
    }
    void separateByWideSpace(const Token& next) {
        if (!std::exchange(m_wideSpace, false) || m_tokens.empty()) return;
        if (!isThing(m_tokens.back(), ")]}!%'")) return;
        const bool sign = next.kind == TokenKind::Sign && (next.text == "-" || next.text == "+");
        if (sign) throw Error("a sign behind a wide space can be read in two ways");
        if (!isThing(next, "([{")) return;
        Token comma;
        comma.kind = TokenKind::Sign;
        comma.text = std::string(1, ',');
        m_tokens.push_back(std::move(comma));
    }

    Token& push(TokenKind kind, std::string text) {
        Token token;
        token.kind = kind;
        token.text = std::move(text);
        token.spaced = m_spaced;
        m_spaced = false;
        separateByWideSpace(token);
        m_tokens.push_back(std::move(token));
        if (m_tokens.size() > 4 * std::size_t(maxNodes)) throw Error("the expression is too long");
        return m_tokens.back();
    }
    void sign(std::string_view text, std::size_t length) {
        push(TokenKind::Sign, std::string(text));
        m_at += length;
    }

    void step() {
        const char c = m_text[m_at];
        if (isBlank(c) || c == '~') {
            m_spaced = true;
            ++m_at;
        } else if (c == '\\') {
            backslash();
        } else if (isDigit(c) || (c == '.' && isDigit(at(m_at + 1)))) {
            number();
        } else if (isLetter(c)) {
            const std::size_t begin = m_at;
            while (isLetter(at(m_at))) ++m_at;
            push(TokenKind::Word, std::string(m_text.substr(begin, m_at - begin)));
        } else if (c == '$') {
            dollar();
        } else {
            punctuation(c);
        }
    }

    // A dollar sign is money when it is the only one and a number follows; else it only delimits mathematics.
    void dollar() {
        ++m_at;
        if (m_currency && (isDigit(at(m_at)) || at(m_at) == '.'))
            push(TokenKind::Text, "dollars");
        else
            m_spaced = true;
    }

    void punctuation(char c) {
        for (std::string_view longer : {"+/-", "...", "<=", ">=", "!=", "==", "**", "=<", "+-"})
            if (follows(longer)) {
                if (longer == "...") {
                    push(TokenKind::Command, "ldots");
                    m_at += 3;
                    return;
                }
                return sign(longer == "=="     ? "="
                            : longer == "**"   ? "^"
                            : longer == "=<"   ? "<="
                            : longer[0] == '+' ? "pm"
                                               : longer,
                            longer.size());
            }
        if (std::string_view("+-*/^_=<>!':;,|&%(){}[]").find(c) == std::string_view::npos) {
            if (c == '.' && onlyBlanksFollow()) {
                m_at = m_text.size();
                return;
            }
            const bool word = !m_tokens.empty() && m_tokens.back().kind == TokenKind::Word;
            if (c == '.' && word && isUnitWord(m_tokens.back().text)) {  // sq. ft.
                ++m_at;
                return;
            }
            throw Error(c == '.' ? "a full stop in the middle" : "a character that is no mathematics");
        }
        if (c == '(' || c == '[' || (c == '{' && m_tokens.empty())) ++m_depth;
        if (c == ')' || c == ']') --m_depth;
        sign(std::string_view(&c, 1), 1);
    }

    bool onlyBlanksFollow() const {
        return m_text.find_first_not_of(" .\t\r\n$", m_at) == std::string_view::npos;
    }

    void number() {
        NumberLiteral literal = readNumberLiteral(m_text, m_at, m_depth > 0, m_reading);
        m_at = literal.end;
        Token& token = push(TokenKind::Number, std::move(literal.digits));
        token.value = std::move(literal.value);
        token.places = literal.places;
    }

    void backslash() {
        const char next = at(m_at + 1);
        if (!isLetter(next)) return escaped(next);
        std::size_t end = m_at + 1;
        while (isLetter(at(end))) ++end;
        const std::string_view name = m_text.substr(m_at + 1, end - m_at - 1);
        m_at = end;
        command(name);
    }

    void escaped(char next) {
        m_at += 2;
        switch (next) {
            case '!':
                return;
            case ',':
            case ';':
            case ':':
            case ' ':
            case '>':
            case '\n':
                m_spaced = true;
                return;
            case '%':
                push(TokenKind::Sign, "%");
                return;
            case '$':
                push(TokenKind::Text, "dollars");
                return;
            case '{':
                ++m_depth;
                push(TokenKind::Sign, "\\{");
                return;
            case '}':
                --m_depth;
                push(TokenKind::Sign, "\\}");
                return;
            case '|':
                push(TokenKind::Sign, "|");
                return;
            case '\\':
                push(TokenKind::Sign, "\\\\");
                return;
            // Mathematics' own delimiters.
            case '(':
            case ')':
            case '[':
            case ']':
                m_spaced = true;
                return;
            case '_':
                push(TokenKind::Sign, "_");
                return;
            default:
                throw Error("a backslash before a character that it does not go with");
        }
    }

    void command(std::string_view name) {
        if (name == "quad" || name == "qquad") {
            m_spaced = m_wideSpace = true;
            return;
        }
        if (spacing.count(name)) {
            m_spaced = true;
            if ((name == "left" || name == "right") && at(m_at) == '.') ++m_at;
            return;
        }
        if (textCommands.count(name)) return text(name);
        if (fontCommands.count(name)) return font(name);
        if (name == "begin" || name == "end") return environment(name);
        if (name == "hspace" || name == "color" || name == "textcolor") {
            group(name);
            m_spaced = true;
            return;
        }
        for (const Synonym& synonym : synonyms)
            if (synonym.command == name) {
                if (synonym.sign == "\\{") ++m_depth;
                if (synonym.sign == "\\}") --m_depth;
                const bool word = synonym.sign == "and" || synonym.sign == "or";
                push(word ? TokenKind::Text : TokenKind::Sign, std::string(synonym.sign));
                return;
            }
        push(TokenKind::Command, fractions.count(name) ? "frac" : std::string(name));
    }

    std::string_view group(std::string_view of) {
        while (isBlank(at(m_at))) ++m_at;
        const std::size_t end = at(m_at) == '{' ? groupEnd(m_text, m_at) : std::string_view::npos;
        if (end == std::string_view::npos) throw Error("\\" + std::string(of) + " without a closed group");
        const std::string_view inside = m_text.substr(m_at + 1, end - m_at - 2);
        m_at = end;
        return inside;
    }

    // Words (and units: "cm^2") stay words; anything with a digit or an operator in it is read as
    // mathematics.
    void text(std::string_view name) {
        const std::size_t before = m_at;
        const std::string words = wordsOf(group(name));
        if (!isWords(words))
            m_at = before;
        else if (!words.empty())
            push(TokenKind::Text, words);
    }

    static bool isWords(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool exponent = text[i] == '^' && i > 0 && isLetter(text[i - 1]) && i + 1 < text.size();
            if (exponent && isDigit(text[i + 1]))
                ++i;
            else if (!isLetter(text[i]) && std::string_view(" .-'/,").find(text[i]) == std::string_view::npos)
                return false;
        }
        return true;
    }

    void font(std::string_view name) {
        while (at(m_at) == '*' || isBlank(at(m_at))) ++m_at;
        if (at(m_at) != '{') return;
        const std::size_t before = m_at;
        const std::string words = wordsOf(group(name));
        const bool letters = !words.empty() && std::all_of(words.begin(), words.end(),
                                                           [](char c) { return isLetter(c) || c == ' '; });
        if (!letters && name == "mathrm" && words.find('/') != std::string::npos && isWords(words))
            push(TokenKind::Text, words);  // km/h
        else if (!letters)
            m_at = before;
        else if (words.size() == 1 || isFunctionName(words))
            push(TokenKind::Word, words);
        else
            push(TokenKind::Text, words);
    }

    void environment(std::string_view name) {
        const std::string environment(group(name));
        push(TokenKind::Command, std::string(name) + ":" + environment);
        if (name == "begin" && (environment == "array" || environment == "tabular")) group("begin");
    }

    std::string_view m_text;
    Reading m_reading;
    bool m_currency = false, m_spaced = false, m_wideSpace = false;
    int m_depth = 0;  // of brackets in which a comma always separates
    std::size_t m_at = 0;
    std::vector<Token> m_tokens;
};

// `\frac12`, `\frac1{2}`, `\frac\pi2`, `\sqrt3`: arguments without braces get them.
class ArgumentBraces {
  public:
    explicit ArgumentBraces(std::string_view text) : m_text(text) {}

    std::string run() {
        while (m_at < m_text.size()) copyItem(0);
        return std::move(m_out);
    }

  private:
    void copyItem(int depth) {
        if (depth > maxDepth) throw Error("groups are nested too deeply");
        if (m_text[m_at] != '\\') {
            m_out += m_text[m_at++];
            return;
        }
        const std::string_view name = takeCommand();
        const bool fraction =
            fractions.count(name) || name == "binom" || name == "dbinom" || name == "tbinom";
        if (name == "sqrt") copyOptional();
        for (int i = fraction ? 2 : name == "sqrt" ? 1 : 0; i > 0; --i) argument(name == "sqrt", depth + 1);
    }

    std::string_view takeCommand() {
        std::size_t end = m_at + 1;
        while (end < m_text.size() && isLetter(m_text[end])) ++end;
        if (end == m_at + 1) end = std::min(end + 1, m_text.size());
        const std::string_view name = m_text.substr(m_at + 1, end - m_at - 1);
        m_out.append(m_text.substr(m_at, end - m_at));
        m_at = end;
        return name;
    }

    void skipBlanks() {
        while (m_at < m_text.size() && isBlank(m_text[m_at])) ++m_at;
    }

    void copyOptional() {
        skipBlanks();
        if (m_at >= m_text.size() || m_text[m_at] != '[') return;
        const std::size_t close = m_text.find(']', m_at);
        if (close == std::string_view::npos) throw Error("\\sqrt[ without its ]");
        m_out.append(m_text.substr(m_at, close + 1 - m_at));
        m_at = close + 1;
    }

    void argument(bool root, int depth) {
        skipBlanks();
        if (m_at >= m_text.size()) throw Error("an argument is missing");
        if (m_text[m_at] == '{') return copyGroup(depth);
        if (root && m_text[m_at] == '(') return;  // \sqrt(2): the parser reads the bracket
        m_out += '{';
        if (m_text[m_at] == '\\')
            copyItem(depth);
        else if (root)
            while (m_at < m_text.size() && (isDigit(m_text[m_at]) || m_text[m_at] == '.'))
                m_out += m_text[m_at++];
        if (m_out.back() == '{') m_out += m_text[m_at++];
        m_out += '}';
    }

    void copyGroup(int depth) {
        const std::size_t end = groupEnd(m_text, m_at);
        if (end == std::string_view::npos) throw Error("a brace is not closed");
        while (m_at < end) {
            if (m_text[m_at] == '\\')
                copyItem(depth);
            else
                m_out += m_text[m_at++];
        }
    }

    std::string_view m_text;
    std::string m_out;
    std::size_t m_at = 0;
};

}  // namespace

std::size_t groupEnd(std::string_view text, std::size_t begin) {
    int depth = 0;
    for (std::size_t i = begin; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '{') {
            ++depth;
        } else if (text[i] == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

bool isFunctionName(std::string_view name) {
    static const Names names = {"sin",    "cos",  "tan",  "cot",   "sec",      "csc",   "arcsin", "arccos",
                                "arctan", "asin", "acos", "atan",  "sinh",     "cosh",  "tanh",   "ln",
                                "log",    "exp",  "sqrt", "cbrt",  "abs",      "floor", "ceil",   "max",
                                "min",    "gcd",  "lcm",  "binom", "binomial", "lg",    "det",    "deg",
                                "dim",    "arg",  "Re",   "Im",    "lim"};
    return names.count(name) > 0;
}

std::vector<Token> tokenize(std::string_view text, const Reading& reading) {
    const std::string braced = ArgumentBraces(text).run();
    return Lexer(braced, reading).run();
}

}  // namespace retort::answers
