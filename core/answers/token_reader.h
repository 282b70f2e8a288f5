// A place in a list of tokens: looking ahead, taking what is expected, going back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/answers/lexer.h"

namespace retort::answers {

class TokenReader {
  public:
    /// `tokens` end with TokenKind::End.
    explicit TokenReader(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

    const Token& peek(std::size_t ahead = 0) const {
        return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
    }
    const Token& next() { return m_at + 1 < m_tokens.size() ? m_tokens[m_at++] : m_tokens.back(); }
    const Token& token(std::size_t position) const { return m_tokens[position]; }
    const Token& previous() const { return m_tokens[m_at - 1]; }
    void skip(std::size_t count) {
        while (count-- > 0) next();
    }
    std::size_t position() const { return m_at; }
    void rewind(std::size_t position) { m_at = position; }

    bool at(std::string_view sign) const { return peek().kind == TokenKind::Sign && peek().text == sign; }
    bool atCommand(std::string_view name) const {
        return peek().kind == TokenKind::Command && peek().text == name;
    }
    bool atWord(std::string_view word) const { return peek().kind == TokenKind::Word && peek().text == word; }
    bool take(std::string_view sign);
    /// Throws Error when the sign is not there.
    void expect(std::string_view sign);
    /// Takes `\circ` or `{\circ}` after a caret.
    bool takeDegree();
    /// A single letter that could be a unit is one only when nothing but a unit's exponent follows.
    bool endsAfterUnit() const;
    /// Up to three words and then nothing more of the statement: "72 red apples".
    bool endsAfterWords() const;
    /// Letters that stand together are a product of variables, when they are few: "ab" becomes two tokens.
    /// Throws Error for words.
    void splitWord();

    [[noreturn]] void fail(const std::string& what) const;
    std::string describe() const;

  private:
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
};

}  // namespace retort::answers
