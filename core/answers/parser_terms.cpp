// Factors, numbers, words and symbols of the grammar of answers.
#include <utility>

#include "core/answers/parser_grammar.h"
#include "core/answers/units.h"

namespace retort::answers {

Node Parser::factor() {
    Level level(m_depth);
    Node base = postfix(primary());
    if (!m_in.at("^")) return base;
    m_in.next();
    if (m_in.takeDegree()) return temperature(postfix(made(Node(Op::Degree, {std::move(base)}))));
    Node power = exponent();
    return postfix(made(Node(Op::Power, {std::move(base), std::move(power)})));
}

// Degrees of a temperature scale are another unit than those of an angle.
Node Parser::temperature(Node degrees) {
    const bool scale = m_in.atWord("C") || m_in.atWord("F");
    if (!scale || m_in.peek(1).kind != TokenKind::End) return degrees;
    return made(Node(Op::Unit, "degree " + m_in.next().text, {std::move(degrees.args[0])}));
}

Node Parser::exponent() {
    Level level(m_depth);
    if (m_in.take("-")) return made(Node(Op::Negative, {exponent()}));
    if (m_in.take("+")) return exponent();
    m_in.splitWord();
    Node base = primary();
    if (!m_in.take("^")) return base;
    return made(Node(Op::Power, {std::move(base), exponent()}));
}

Node Parser::postfix(Node node) {
    for (;;) {
        if (m_in.take("!"))
            node = made(
                Node(Op::Function, m_in.take("!") ? "double factorial" : "factorial", {std::move(node)}));
        else if (m_in.take("%"))
            node = made(Node(Op::Percent, {std::move(node)}));
        else if (m_in.atCommand("circ") || m_in.atCommand("degree"))
            m_in.next(), node = made(Node(Op::Degree, {std::move(node)}));
        else
            return node;
    }
}

Node Parser::primary() {
    Level level(m_depth);
    const Token& token = m_in.peek();
    switch (token.kind) {
        case TokenKind::Number:
            return number();
        case TokenKind::Word:
            return word();
        case TokenKind::Command:
            return command();
        case TokenKind::Text:
            return made(Node(Op::Text, m_in.next().text));
        case TokenKind::Sign:
            return sign();
        case TokenKind::End:
            break;
    }
    m_in.fail("something is missing at the end");
}

Node Parser::number() {
    const Token token = m_in.next();
    if (!m_in.at("_")) return made(Node::number(token.value, token.places));
    if (token.places >= 0) m_in.fail("a base that is none");
    return inBase(token.text);
}

Node Parser::inBase(const std::string& digits) {
    m_in.expect("_");
    const bool group = m_in.take("{");
    const mpq_class base = baseOf(m_in.next());
    if (base.get_den() != 1 || base < 2 || base > 36) m_in.fail("a base that is none");
    if (group) m_in.expect("}");
    Node node(Op::Based, digits);
    node.value = base;
    return made(std::move(node));
}

mpq_class Parser::baseOf(const Token& token) {
    if (token.kind == TokenKind::Number) return token.value;
    constexpr std::pair<std::string_view, int> words[] = {
        {"two", 2},   {"three", 3}, {"four", 4}, {"five", 5},    {"six", 6},     {"seven", 7},
        {"eight", 8}, {"nine", 9},  {"ten", 10}, {"twelve", 12}, {"sixteen", 16}};
    for (const auto& [word, base] : words)
        if (token.text == word) return base;
    return 0;
}

Node Parser::word() {
    const std::string text = m_in.peek().text;
    if (isFunctionName(text)) {
        m_in.next();
        return function(text);
    }
    if (text == "pi" || text == "theta" || text == "alpha" || text == "beta")
        return m_in.next(), symbol(text);
    if (text == "inf" || text == "infinity" || text == "oo") return m_in.next(), made(Node(Op::Infinity));
    m_in.splitWord();
    return symbol(m_in.next().text);
}

// A name with its subscript and primes; `f(x)` for the usual names of functions.
Node Parser::symbol(std::string name) {
    while (m_in.take("'")) name += "'";
    Node node(Op::Symbol, name);
    if (m_in.take("_")) node = subscripted(name);
    while (m_in.take("'")) node.name += "'";
    const bool functionLetter = name == "f" || name == "g" || name == "h" || name == "F" || name == "G" ||
                                name == "P" || name == "Q" || name.ends_with("'");
    if (!functionLetter || !m_in.at("(")) return made(std::move(node));
    m_in.next();
    std::vector<Node> arguments = elements();
    m_in.expect(")");
    return made(Node(Op::Function, "apply " + node.name, std::move(arguments)));
}

Node Parser::subscripted(const std::string& name) {
    const bool group = m_in.take("{");
    std::string plain;  // of letters and digits only
    const std::size_t begin = m_in.position();
    while (m_in.peek().kind == TokenKind::Word || m_in.peek().kind == TokenKind::Text ||
           (m_in.peek().kind == TokenKind::Number && m_in.peek().places < 0)) {
        plain += m_in.next().text;
        if (!group) break;
    }
    const bool letter = plain.size() == 1 && (plain[0] | 32) >= 'a' && (plain[0] | 32) <= 'z';
    if (!plain.empty() && !letter && (!group || m_in.at("}"))) {
        if (group) m_in.expect("}");
        return Node(Op::Symbol, name + "_" + plain);
    }
    m_in.rewind(begin);
    Node index = group ? sum() : primary();
    if (group) m_in.expect("}");
    return Node(Op::Function, "index " + name, {std::move(index)});
}

std::vector<Node> Parser::elements() {
    std::vector<Node> items;
    items.push_back(statement());
    while (m_in.take(",") || m_in.take(";")) items.push_back(statement());
    return items;
}

Node Parser::group() {
    m_in.expect("{");
    Node node = list();
    if (m_in.atCommand("choose")) {
        m_in.next();
        node = made(Node(Op::Function, "binom", {std::move(node), list()}));
    }
    m_in.expect("}");
    return node;
}

}  // namespace retort::answers
