// Expressions of a template, with Jinja's precedence.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/chat/lexer.h"
#include "core/chat/syntax.h"

namespace retort::chat {

/// The tokens of a template and the place that has been reached.
class ExpressionParser {
  public:
    ExpressionParser(std::vector<Token> tokens, const std::string& where)
        : m_tokens(std::move(tokens)), m_where(where) {}

    /// `a if b else c` and all that binds tighter; `conditional` false: without `if`, as behind `in` of a
    /// loop.
    ExpressionPtr expression(bool conditional = true);
    /// Also `a, b`: a tuple.
    ExpressionPtr tupleOrExpression(bool conditional = true);
    ExpressionPtr primary();

    const Token& current() const { return m_tokens[m_at]; }
    const Token& following() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
    Token take();
    bool isName(std::string_view name) const;
    bool isOperator(std::string_view name) const;
    bool takeName(std::string_view name);
    bool takeOperator(std::string_view name);
    void expectOperator(const char* name);
    void expectName(const char* name);
    void expect(Token::Kind kind, const char* what);
    /// A name that a variable may have.
    std::string variableName();
    [[noreturn]] void fail(const std::string& what) const;
    [[noreturn]] void fail(const std::string& what, int line) const;

  private:
    using Kind = Expression::Kind;

    ExpressionPtr conditional();
    ExpressionPtr disjunction();
    ExpressionPtr conjunction();
    ExpressionPtr negation();
    ExpressionPtr comparison();
    ExpressionPtr sum();
    ExpressionPtr concatenation();
    ExpressionPtr product();
    ExpressionPtr power();
    ExpressionPtr unary(bool withFilters);
    ExpressionPtr postfix(ExpressionPtr operand);
    ExpressionPtr filters(ExpressionPtr operand);
    ExpressionPtr filter(ExpressionPtr operand);
    ExpressionPtr test(ExpressionPtr operand);
    ExpressionPtr attribute(ExpressionPtr operand);
    ExpressionPtr item(ExpressionPtr operand);
    ExpressionPtr call(ExpressionPtr operand);
    ExpressionPtr number(const Token& token) const;
    ExpressionPtr group(int line);
    ExpressionPtr list(int line);
    ExpressionPtr dict(int line);
    Arguments arguments();
    bool atEndOfExpression() const;

    ExpressionPtr made(Kind kind, int line, std::vector<ExpressionPtr> parts, std::string name = {},
                       std::vector<std::string> operators = {}, Arguments arguments = {}) const;
    ExpressionPtr constant(Value value, int line) const;

    std::vector<Token> m_tokens;
    const std::string& m_where;
    std::size_t m_at = 0;
    int m_nesting = 0;
};

}  // namespace retort::chat
