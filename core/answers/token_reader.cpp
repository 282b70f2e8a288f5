#include "core/answers/token_reader.h"

#include "core/util/error.h"

namespace retort::answers {

bool TokenReader::take(std::string_view sign) {
    if (!at(sign)) return false;
    ++m_at;
    return true;
}

void TokenReader::expect(std::string_view sign) {
    if (!take(sign)) fail("expected " + std::string(sign) + ", found " + describe());
}

bool TokenReader::takeDegree() {
    if (atCommand("circ") || atCommand("degree")) {
        next();
        return true;
    }
    if (!at("{") || peek(1).kind != TokenKind::Command || peek(1).text != "circ" || peek(2).text != "}")
        return false;
    skip(3);
    return true;
}

bool TokenReader::endsAfterUnit() const {
    std::size_t i = 1;
    if (peek(i).text == "^") i += peek(i + 1).text == "{" ? 4 : 2;
    const Token& after = peek(i);
    if (after.kind == TokenKind::End || after.kind == TokenKind::Text) return true;
    return after.kind == TokenKind::Sign && (after.text == "/" || after.text == "," || after.text == ";" ||
                                             after.text == "}" || after.text == ")");
}

bool TokenReader::endsAfterWords() const {
    std::size_t words = 0;
    while (peek(words).kind == TokenKind::Word) ++words;
    const Token& after = peek(words);
    const bool ends =
        after.kind == TokenKind::End ||
        (after.kind == TokenKind::Sign && (after.text == "," || after.text == ";" || after.text == "}"));
    return words <= 3 && ends;
}

void TokenReader::splitWord() {
    if (peek().kind != TokenKind::Word || peek().text.size() < 2) return;
    const std::string letters = peek().text;
    // Letters with a blank and more letters or a number behind them are prose.
    const Token& after = peek(1);
    const bool prose = (after.spaced && (after.kind == TokenKind::Word || after.kind == TokenKind::Number)) ||
                       (after.kind == TokenKind::Sign && after.text == "'");
    if (letters.size() > 3 || prose) fail("a word: " + letters);
    Token letter = m_tokens[m_at];
    m_tokens.erase(m_tokens.begin() + std::ptrdiff_t(m_at));
    for (std::size_t i = letters.size(); i-- > 0;) {
        letter.text = letters.substr(i, 1);
        letter.spaced = false;
        m_tokens.insert(m_tokens.begin() + std::ptrdiff_t(m_at), letter);
    }
}

void TokenReader::fail(const std::string& what) const {
    throw Error(what);
}

std::string TokenReader::describe() const {
    const Token& token = peek();
    if (token.kind == TokenKind::End) return "the end";
    return std::string(token.kind == TokenKind::Command ? "\\" : "").append(token.text, 0, 40);
}

}  // namespace retort::answers
