#include "core/chat/expression_parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/chat/operations.h"
#include "core/util/error.h"

namespace retort::chat {
namespace {

// Bounds the stack that walking over the tree takes; templates in use stay under 30.
constexpr int maxDepth = 200, maxNesting = 60;

constexpr std::array<std::string_view, 14> reserved{"and", "or", "not",  "if",    "elif", "else", "for",
                                                    "in",  "is", "true", "false", "none", "True", "None"};

template <typename... Parts>
std::vector<ExpressionPtr> partsOf(Parts... parts) {
    std::vector<ExpressionPtr> list;
    (list.push_back(std::move(parts)), ...);
    return list;
}

}  // namespace

Token ExpressionParser::take() {
    Token token = m_tokens[m_at];
    if (m_at + 1 < m_tokens.size()) ++m_at;
    return token;
}

bool ExpressionParser::isName(std::string_view name) const {
    return current().kind == Token::Kind::Name && current().text == name;
}
bool ExpressionParser::isOperator(std::string_view name) const {
    return current().kind == Token::Kind::Operator && current().text == name;
}
bool ExpressionParser::takeName(std::string_view name) {
    return isName(name) && (take(), true);
}
bool ExpressionParser::takeOperator(std::string_view name) {
    return isOperator(name) && (take(), true);
}

void ExpressionParser::expectOperator(const char* name) {
    if (!takeOperator(name)) fail(std::string("expected '") + name + "', found '" + current().text + "'");
}
void ExpressionParser::expectName(const char* name) {
    if (!takeName(name)) fail(std::string("expected '") + name + "', found '" + current().text + "'");
}
void ExpressionParser::expect(Token::Kind kind, const char* what) {
    if (current().kind != kind) fail(std::string("expected ") + what + ", found '" + current().text + "'");
    take();
}

std::string ExpressionParser::variableName() {
    if (current().kind != Token::Kind::Name) fail("expected a name, found '" + current().text + "'");
    if (std::find(reserved.begin(), reserved.end(), current().text) != reserved.end())
        fail("'" + current().text + "' cannot be a variable's name");
    return take().text;
}

void ExpressionParser::fail(const std::string& what) const {
    fail(what, current().line);
}
void ExpressionParser::fail(const std::string& what, int line) const {
    throw Error(what.substr(0, 300), m_where + ":" + std::to_string(line));
}

ExpressionPtr ExpressionParser::made(Kind kind, int line, std::vector<ExpressionPtr> parts, std::string name,
                                     std::vector<std::string> operators, Arguments arguments) const {
    auto expression = std::make_unique<Expression>();
    const auto deepen = [&](const ExpressionPtr& part) {
        if (part != nullptr) expression->depth = std::max(expression->depth, part->depth + 1);
    };
    for (const ExpressionPtr& part : parts) deepen(part);
    for (const ExpressionPtr& part : arguments.positional) deepen(part);
    for (const auto& [key, part] : arguments.named) deepen(part);
    if (expression->depth > maxDepth) fail("an expression is nested too deeply", line);
    expression->kind = kind;
    expression->line = line;
    expression->name = std::move(name);
    expression->parts = std::move(parts);
    expression->operators = std::move(operators);
    expression->arguments = std::move(arguments);
    return expression;
}

ExpressionPtr ExpressionParser::constant(Value value, int line) const {
    auto expression = std::make_unique<Expression>();
    expression->line = line;
    expression->value = std::move(value);
    return expression;
}

ExpressionPtr ExpressionParser::expression(bool withConditional) {
    if (++m_nesting > maxNesting) fail("an expression is nested too deeply");
    ExpressionPtr result = withConditional ? conditional() : disjunction();
    --m_nesting;
    return result;
}

bool ExpressionParser::atEndOfExpression() const {
    const Token::Kind kind = current().kind;
    return kind == Token::Kind::BlockEnd || kind == Token::Kind::OutputEnd || isOperator(")") ||
           isName("in") || isOperator("=");
}

ExpressionPtr ExpressionParser::tupleOrExpression(bool withConditional) {
    const int line = current().line;
    ExpressionPtr first = expression(withConditional);
    if (!isOperator(",")) return first;
    std::vector<ExpressionPtr> parts = partsOf(std::move(first));
    while (takeOperator(",") && !atEndOfExpression()) parts.push_back(expression(withConditional));
    return made(Kind::Tuple, line, std::move(parts));
}

ExpressionPtr ExpressionParser::conditional() {
    ExpressionPtr value = disjunction();
    while (isName("if")) {
        const int line = take().line;
        ExpressionPtr condition = disjunction(), otherwise;
        if (takeName("else")) otherwise = expression();
        value = made(Kind::Conditional, line,
                     partsOf(std::move(value), std::move(condition), std::move(otherwise)));
    }
    return value;
}

ExpressionPtr ExpressionParser::disjunction() {
    ExpressionPtr left = conjunction();
    while (isName("or")) {
        const int line = take().line;
        left = made(Kind::Or, line, partsOf(std::move(left), conjunction()));
    }
    return left;
}

ExpressionPtr ExpressionParser::conjunction() {
    ExpressionPtr left = negation();
    while (isName("and")) {
        const int line = take().line;
        left = made(Kind::And, line, partsOf(std::move(left), negation()));
    }
    return left;
}

ExpressionPtr ExpressionParser::negation() {
    if (!isName("not")) return comparison();
    const int line = take().line;
    if (++m_nesting > maxNesting) fail("an expression is nested too deeply");
    ExpressionPtr operand = negation();
    --m_nesting;
    return made(Kind::Not, line, partsOf(std::move(operand)));
}

ExpressionPtr ExpressionParser::comparison() {
    const int line = current().line;
    std::vector<ExpressionPtr> parts = partsOf(sum());
    std::vector<std::string> operators;
    while (true) {
        const bool compares = isOperator("==") || isOperator("!=") || isOperator("<") || isOperator("<=") ||
                              isOperator(">") || isOperator(">=");
        if (compares || isName("in")) {
            operators.push_back(take().text);
        } else if (isName("not") && following().kind == Token::Kind::Name && following().text == "in") {
            take();
            take();
            operators.push_back("not in");
        } else {
            break;
        }
        parts.push_back(sum());
    }
    if (operators.empty()) return std::move(parts.front());
    return made(Kind::Compare, line, std::move(parts), {}, std::move(operators));
}

ExpressionPtr ExpressionParser::sum() {
    ExpressionPtr left = concatenation();
    while (isOperator("+") || isOperator("-")) {
        const Token op = take();
        left = made(Kind::Arithmetic, op.line, partsOf(std::move(left), concatenation()), op.text);
    }
    return left;
}

ExpressionPtr ExpressionParser::concatenation() {
    const int line = current().line;
    std::vector<ExpressionPtr> parts = partsOf(product());
    while (takeOperator("~")) parts.push_back(product());
    if (parts.size() == 1) return std::move(parts.front());
    return made(Kind::Concatenate, line, std::move(parts));
}

ExpressionPtr ExpressionParser::product() {
    ExpressionPtr left = power();
    while (isOperator("*") || isOperator("/") || isOperator("//") || isOperator("%")) {
        const Token op = take();
        left = made(Kind::Arithmetic, op.line, partsOf(std::move(left), power()), op.text);
    }
    return left;
}

ExpressionPtr ExpressionParser::power() {
    ExpressionPtr left = unary(true);
    while (isOperator("**")) {
        const Token op = take();
        left = made(Kind::Arithmetic, op.line, partsOf(std::move(left), unary(true)), op.text);
    }
    return left;
}

ExpressionPtr ExpressionParser::unary(bool withFilters) {
    ExpressionPtr operand;
    if (isOperator("-") || isOperator("+")) {
        const Token op = take();
        if (++m_nesting > maxNesting) fail("an expression is nested too deeply");
        operand = made(op.text == "-" ? Kind::Negative : Kind::Positive, op.line, partsOf(unary(false)));
        --m_nesting;
    } else {
        operand = primary();
    }
    operand = postfix(std::move(operand));
    return withFilters ? filters(std::move(operand)) : std::move(operand);
}

ExpressionPtr ExpressionParser::primary() {
    const Token token = take();
    const int line = token.line;
    switch (token.kind) {
        case Token::Kind::Name:
            if (token.text == "true" || token.text == "True") return constant(true, line);
            if (token.text == "false" || token.text == "False") return constant(false, line);
            if (token.text == "none" || token.text == "None") return constant(Value::none(), line);
            return made(Kind::Name, line, {}, token.text);
        case Token::Kind::String: {
            std::string text = token.text;
            while (current().kind == Token::Kind::String) text += take().text;
            return constant(std::move(text), line);
        }
        case Token::Kind::Integer:
        case Token::Kind::Float:
            return number(token);
        default:
            break;
    }
    if (token.kind == Token::Kind::Operator && token.text == "(") return group(line);
    if (token.kind == Token::Kind::Operator && token.text == "[") return list(line);
    if (token.kind == Token::Kind::Operator && token.text == "{") return dict(line);
    fail(token.text.empty() ? "an expression is missing" : "unexpected '" + token.text + "'", line);
}

ExpressionPtr ExpressionParser::number(const Token& token) const {
    const char *begin = token.text.data(), *end = begin + token.text.size();
    if (token.kind == Token::Kind::Float) {
        double value = 0;
        if (std::from_chars(begin, end, value).ec != std::errc()) fail("a number is too large", token.line);
        return constant(value, token.line);
    }
    std::int64_t value = 0;
    if (std::from_chars(begin, end, value).ec != std::errc()) fail("a number is too large", token.line);
    return constant(value, token.line);
}

ExpressionPtr ExpressionParser::group(int line) {
    if (takeOperator(")")) return made(Kind::Tuple, line, {});
    ExpressionPtr inner = tupleOrExpression();
    expectOperator(")");
    return inner;
}

ExpressionPtr ExpressionParser::list(int line) {
    std::vector<ExpressionPtr> parts;
    while (!takeOperator("]")) {
        if (!parts.empty()) {
            expectOperator(",");
            if (takeOperator("]")) break;
        }
        parts.push_back(expression());
    }
    return made(Kind::List, line, std::move(parts));
}

ExpressionPtr ExpressionParser::dict(int line) {
    std::vector<ExpressionPtr> parts;
    while (!takeOperator("}")) {
        if (!parts.empty()) {
            expectOperator(",");
            if (takeOperator("}")) break;
        }
        parts.push_back(expression());
        expectOperator(":");
        parts.push_back(expression());
    }
    return made(Kind::Dict, line, std::move(parts));
}

ExpressionPtr ExpressionParser::postfix(ExpressionPtr operand) {
    while (true) {
        if (isOperator("."))
            operand = attribute(std::move(operand));
        else if (isOperator("["))
            operand = item(std::move(operand));
        else if (isOperator("("))
            operand = call(std::move(operand));
        else
            return operand;
    }
}

ExpressionPtr ExpressionParser::attribute(ExpressionPtr operand) {
    const int line = take().line;
    const Token name = take();
    if (name.kind == Token::Kind::Integer)
        return made(Kind::Item, line, partsOf(std::move(operand), number(name)));
    if (name.kind != Token::Kind::Name)
        fail("expected a name behind '.', found '" + name.text + "'", name.line);
    if (!isOperator("(")) return made(Kind::Attribute, line, partsOf(std::move(operand)), name.text);
    if (isChangingMethod(name.text))
        fail("'" + name.text + "' would change what it is called on, which templates may not do", name.line);
    if (findMethod(name.text) == nullptr) fail("the method '" + name.text + "' is not supported", name.line);
    return made(Kind::Method, line, partsOf(std::move(operand)), name.text, {}, arguments());
}

ExpressionPtr ExpressionParser::item(ExpressionPtr operand) {
    const int line = take().line;
    ExpressionPtr bounds[3];
    std::size_t colons = 0;
    while (!isOperator("]")) {
        if (takeOperator(":")) {
            if (++colons > 2) fail("a slice has at most three parts");
        } else if (bounds[colons] == nullptr) {
            bounds[colons] = expression();
        } else {
            fail("expected ']', found '" + current().text + "'");
        }
    }
    take();
    if (colons > 0)
        return made(
            Kind::Slice, line,
            partsOf(std::move(operand), std::move(bounds[0]), std::move(bounds[1]), std::move(bounds[2])));
    if (bounds[0] == nullptr) fail("an index is missing", line);
    return made(Kind::Item, line, partsOf(std::move(operand), std::move(bounds[0])));
}

ExpressionPtr ExpressionParser::call(ExpressionPtr operand) {
    const int line = current().line;
    Arguments list = arguments();
    return made(Kind::Call, line, partsOf(std::move(operand)), {}, {}, std::move(list));
}

Arguments ExpressionParser::arguments() {
    Arguments result;
    expectOperator("(");
    for (bool first = true; !takeOperator(")"); first = false) {
        if (!first) {
            expectOperator(",");
            if (takeOperator(")")) break;
        }
        if (isOperator("*") || isOperator("**")) fail("arguments from a list ('*') are not supported");
        if (current().kind == Token::Kind::Name && following().kind == Token::Kind::Operator &&
            following().text == "=") {
            std::string name = take().text;
            take();
            result.named.emplace_back(std::move(name), expression());
        } else {
            if (!result.named.empty()) fail("an argument without a name behind one with a name");
            result.positional.push_back(expression());
        }
    }
    return result;
}

ExpressionPtr ExpressionParser::filters(ExpressionPtr operand) {
    while (true) {
        if (isOperator("|"))
            operand = filter(std::move(operand));
        else if (isName("is"))
            operand = test(std::move(operand));
        else if (isOperator("("))
            operand = call(std::move(operand));
        else
            return operand;
    }
}

ExpressionPtr ExpressionParser::filter(ExpressionPtr operand) {
    const int line = take().line;
    const Token name = take();
    if (name.kind != Token::Kind::Name)
        fail("expected a filter's name, found '" + name.text + "'", name.line);
    if (findFilter(name.text) == nullptr || isOperator("."))
        fail("the filter '" + name.text + "' is not supported", name.line);
    Arguments list;
    if (isOperator("(")) list = arguments();
    return made(Kind::Filter, line, partsOf(std::move(operand)), name.text, {}, std::move(list));
}

ExpressionPtr ExpressionParser::test(ExpressionPtr operand) {
    const int line = take().line;
    const bool negated = takeName("not");
    const Token name = take();
    if (name.kind != Token::Kind::Name) fail("expected a test's name, found '" + name.text + "'", name.line);
    if (findTest(name.text) == nullptr || isOperator("."))
        fail("the test '" + name.text + "' is not supported", name.line);
    Arguments list;
    const Token::Kind kind = current().kind;
    const bool word = kind == Token::Kind::Name && !isName("else") && !isName("or") && !isName("and");
    if (isOperator("(")) {
        list = arguments();
    } else if (word || kind == Token::Kind::String || kind == Token::Kind::Integer ||
               kind == Token::Kind::Float || isOperator("[") || isOperator("{")) {
        if (isName("is")) fail("tests cannot be chained with 'is'");
        // Jinja takes the word for the test's argument; what was meant is a condition.
        if (isName("if") || isName("in") || isName("not"))
            fail("'" + current().text + "' directly behind a test");
        list.positional.push_back(postfix(primary()));
    }
    ExpressionPtr result =
        made(Kind::Test, line, partsOf(std::move(operand)), name.text, {}, std::move(list));
    return negated ? made(Kind::Not, line, partsOf(std::move(result))) : std::move(result);
}

}  // namespace retort::chat
