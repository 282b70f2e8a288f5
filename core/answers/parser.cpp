#include "core/answers/parser.h"

#include <utility>

#include "core/answers/limits.h"
#include "core/answers/parser_grammar.h"
#include "core/answers/token_reader.h"
#include "core/answers/units.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

bool isSeparatorWord(const Token& token) {
    if (token.kind != TokenKind::Text && token.kind != TokenKind::Word) return false;
    return token.text == "and" || token.text == "or" || token.text == "and/or" || token.text == ", and" ||
           token.text == ", or" || token.text == "AND" || token.text == "OR";
}

bool isRelation(const Token& token) {
    if (token.kind != TokenKind::Sign) return false;
    for (std::string_view sign : {"=", "<", ">", "<=", ">=", "!=", "~"})
        if (token.text == sign) return true;
    return false;
}

bool isPercentWord(const Token& token) {
    if (token.kind != TokenKind::Text && token.kind != TokenKind::Word) return false;
    return token.text == "percent" || token.text == "pct" || token.text == "percentage" ||
           token.text == "pct.";
}

bool isCurrency(const Token& token) {
    return token.kind == TokenKind::Text &&
           (token.text == "dollars" || token.text == "euros" || token.text == "pounds" ||
            token.text == "yen" || token.text == "rupees");
}

}  // namespace

Node Parser::run() {
    if (m_in.peek().kind == TokenKind::End) throw Error("nothing to read");
    if (isLoneWord()) return loneWord();
    Node node = list();
    if (m_in.peek().kind != TokenKind::End) m_in.fail("not understood: " + m_in.describe());
    return node;
}

Node Parser::made(Node node) {
    if (++m_nodes > maxNodes) throw Error("the expression is too large");
    return node;
}

// "no" is a word; it is n·o only beside an answer that is mathematics.
bool Parser::isLoneWord() const {
    const Token& word = m_in.peek();
    return word.kind == TokenKind::Word && m_in.peek(1).kind == TokenKind::End && word.text.size() > 1 &&
           word.text.size() <= 3 && !isFunctionName(word.text) && word.text != "pi" && word.text != "inf";
}

Node Parser::loneWord() {
    const std::string word = m_in.next().text;
    return made(Node(Op::Text, word, {productOfLetters(word)}));
}

Node Parser::productOfLetters(const std::string& word) {
    Node product = made(Node(Op::Symbol, word.substr(0, 1)));
    for (std::size_t i = 1; i < word.size(); ++i)
        product = made(Node(Op::Product, {std::move(product), made(Node(Op::Symbol, word.substr(i, 1)))}));
    return product;
}

Node Parser::list() {
    Level level(m_depth);
    std::vector<Node> items;
    std::string joined = ",";
    items.push_back(statement());
    while (takeSeparator(joined)) {
        if (m_in.peek().kind == TokenKind::End || m_in.at("}")) break;
        items.push_back(statement());
    }
    if (items.size() == 1) return std::move(items[0]);
    return made(Node(Op::List, joined, std::move(items)));
}

bool Parser::takeSeparator(std::string& joined) {
    bool taken = false;
    for (;; m_in.next()) {
        if (isSeparatorWord(m_in.peek())) {
            joined = m_in.peek().text.find_first_of("nN") != std::string::npos ? "and" : "or";
            if (m_in.peek().text == "and/or") joined = "or";
        } else if (!(m_in.at(",") || m_in.at(";"))) {
            return taken;
        }
        taken = true;
    }
}

Node Parser::statement() {
    Level level(m_depth);
    if (atEllipsis()) return m_in.next(), made(Node(Op::Symbol, "and so on"));
    Node first = operand();
    if (m_in.atCommand("in")) {
        m_in.next();
        return made(Node(Op::Member, {std::move(first), operand()}));
    }
    if (!isRelation(m_in.peek())) return first;
    Node relation(Op::Relation);
    relation.args.push_back(std::move(first));
    while (isRelation(m_in.peek())) {
        relation.operators.push_back(m_in.next().text);
        relation.args.push_back(operand());
    }
    return made(std::move(relation));
}

// `1, 2, \ldots, 9`
bool Parser::atEllipsis() const {
    const Token& after = m_in.peek(1);
    const bool ends = after.kind == TokenKind::End ||
                      (after.kind == TokenKind::Sign &&
                       std::string_view(",;)]}\\}").find(after.text) != std::string_view::npos);
    return ends && (m_in.atCommand("ldots") || m_in.atCommand("dots") || m_in.atCommand("cdots"));
}

// What stands on one side of a relation, with its unit.
Node Parser::operand() {
    const std::size_t outer = std::exchange(m_statement, m_in.position());
    Node node = operandHere();
    m_statement = outer;
    return node;
}

Node Parser::operandHere() {
    if (isCurrency(m_in.peek())) {
        const std::string unit = unitName(m_in.next().text);
        return made(Node(Op::Unit, unit, {multiplied(setExpression())}));
    }
    const bool sign = m_in.at("-") && isCurrency(m_in.peek(1));
    if (sign) {
        m_in.next();
        const std::string unit = unitName(m_in.next().text);
        return made(Node(Op::Unit, unit, {made(Node(Op::Negative, {multiplied(setExpression())}))}));
    }
    return withUnit(setExpression());
}

// $3 million
Node Parser::multiplied(Node node) {
    const TokenKind kind = m_in.peek().kind;
    while (kind == TokenKind::Word || kind == TokenKind::Text) {
        const auto factor = multiplier(m_in.peek().text);
        if (!factor) break;
        m_in.next();
        node = made(Node(Op::Product, {std::move(node), Node::number(*factor)}));
    }
    return node;
}

Node Parser::setExpression() {
    Node left = ratio();
    for (;;) {
        Op op = Op::Union;
        if (m_in.atCommand("cup") || m_in.atWord("U"))
            op = Op::Union;
        else if (m_in.atCommand("cap"))
            op = Op::Intersection;
        else if (m_in.atCommand("setminus") || m_in.atCommand("backslash"))
            op = Op::Difference;
        else
            return left;
        m_in.next();
        left = made(Node(op, {std::move(left), ratio()}));
    }
}

Node Parser::ratio() {
    Node first = sum();
    if (atModulus()) return modulus(std::move(first));
    const bool words = m_in.atWord("to") && first.op == Op::Number;  // 3 to 4
    if (!m_in.at(":") && !words) return first;
    Node node(Op::Ratio);
    node.args.push_back(std::move(first));
    if (words) {
        m_in.next();
        node.args.push_back(sum());
    }
    while (m_in.take(":")) node.args.push_back(sum());
    return made(std::move(node));
}

// `3 \pmod{7}`, `3 (mod 7)`: a class of numbers, which is no number.
bool Parser::atModulus() const {
    return m_in.atCommand("pmod") || (m_in.at("(") && m_in.peek(1).text == "mod");
}

Node Parser::modulus(Node rest) {
    Node of;
    if (m_in.take("(")) {
        m_in.next();
        of = sum();
        m_in.expect(")");
    } else {
        m_in.next();
        of = m_in.at("{") ? group() : primary();
    }
    return made(Node(Op::Function, "mod", {std::move(rest), std::move(of)}));
}

bool Parser::atUnit() const {
    const Token& token = m_in.peek();
    if (isSeparatorWord(token) || isPercentWord(token)) return false;
    if (token.kind == TokenKind::Text) return true;
    if (token.kind != TokenKind::Word) return false;
    const bool afterNumber = m_in.position() > 0 && token.spaced &&
                             (m_in.previous().kind == TokenKind::Number || m_in.previous().text == "}");
    if (isFunctionName(token.text)) return false;
    if (token.text.size() >= 3 && afterNumber && m_in.endsAfterWords()) return true;
    if (token.text.size() >= 2) return isUnitWord(token.text);
    return afterNumber && isUnitWord(token.text) && m_in.endsAfterUnit() && isSingleTerm();
}

// "n + 2 m" has no unit.
bool Parser::isSingleTerm() const {
    for (std::size_t i = m_statement; i < m_in.position(); ++i) {
        const Token& token = m_in.token(i);
        const bool sign = token.kind == TokenKind::Sign && (token.text == "+" || token.text == "-");
        if (token.kind == TokenKind::Word || (sign && i > m_statement)) return false;
    }
    return true;
}

Node Parser::withUnit(Node node) {
    if (isPercentWord(m_in.peek())) {
        m_in.next();
        node = made(Node(Op::Percent, {std::move(node)}));
    }
    if (!atUnit() || node.op == Op::Text) return node;
    std::string unit;
    const auto atMoreWords = [&] {
        return !unit.empty() && m_in.peek().kind == TokenKind::Word && m_in.endsAfterWords();
    };
    while (atUnit() || atMoreWords() || (!unit.empty() && (m_in.at("/") || m_in.at("^") || m_in.at("*")))) {
        if (m_in.take("^")) {
            unit.append("^").append(exponentOfUnit());
        } else if (m_in.take("/")) {
            const TokenKind kind = m_in.peek().kind;
            if (kind != TokenKind::Word && kind != TokenKind::Text) m_in.fail("a unit over something else");
            unit.append("/").append(m_in.next().text);
        } else if (m_in.take("*")) {
            unit += " ";
        } else {
            const std::string& word = m_in.next().text;
            if (changesMeaning(word)) m_in.fail("words that change the meaning: " + word);
            unit += (unit.empty() || unit.back() == '/' ? "" : " ") + word;
        }
    }
    // "5 hundred thousand", "3 million km", "2 thirds"
    for (;;) {
        const std::size_t blank = unit.find(' ');
        const auto factor = multiplier(unit.substr(0, blank));
        if (!factor) break;
        node = made(Node(Op::Product, {std::move(node), Node::number(*factor)}));
        if (blank == std::string::npos) return node;
        unit.erase(0, blank + 1);
    }
    if (node.op == Op::Degree && (unit == "C" || unit == "F")) {
        Node number = std::move(node.args[0]);
        return made(Node(Op::Unit, "degree " + unit, {std::move(number)}));
    }
    Node result(Op::Unit, unitName(unit), {std::move(node)});
    const bool letters = unit.size() <= 3 && unit.find_first_of("^/ ") == std::string::npos;
    if (letters) result.args.push_back(productOfLetters(unit));
    return made(std::move(result));
}

std::string Parser::exponentOfUnit() {
    const bool group = m_in.take("{");
    const std::string sign = m_in.take("-") ? "-" : "";
    if (m_in.peek().kind != TokenKind::Number) m_in.fail("a unit's exponent is no number");
    const std::string digits = m_in.next().text;
    if (group) m_in.expect("}");
    return sign + digits;
}

Node Parser::sum() {
    Level level(m_depth);
    Node total = signedProduct();
    std::vector<Node> terms;
    while (m_in.at("+") || m_in.at("-") || m_in.at("pm") || m_in.at("mp")) terms.push_back(signedProduct());
    if (terms.empty()) return total;
    terms.insert(terms.begin(), std::move(total));
    return made(Node(Op::Sum, std::move(terms)));
}

Node Parser::signedProduct() {
    if (m_in.take("+")) return signedProductHere();
    if (m_in.take("-")) return made(Node(Op::Negative, {signedProductHere()}));
    if (m_in.take("pm")) return made(Node(Op::PlusMinus, "+", {product()}));
    if (m_in.take("mp")) return made(Node(Op::PlusMinus, "-", {product()}));
    return product();
}

Node Parser::signedProductHere() {
    Level level(m_depth);
    return m_in.at("-") || m_in.at("+") ? signedProduct() : product();
}

Node Parser::product() {
    Node left = factor();
    if (isMixedNumber(left)) left = mixedNumberWithSigns(std::move(left));
    bool literalBelow = true;  // what the last plain slash divides by is a number
    bool slashed = false;
    for (;;) {
        if (m_in.take("*")) {
            left = made(Node(Op::Product, {std::move(left), signedFactor()}));
            slashed = false;
        } else if (m_in.at("/") && !unitFollowsSlash()) {
            m_in.next();
            Node below = signedFactor();
            literalBelow = below.op == Op::Number;
            slashed = true;
            left = made(Node(Op::Quotient, {std::move(left), std::move(below)}));
        } else if (beginsFactor()) {
            if (slashed && !literalBelow) m_in.fail("an ambiguous division: a/bc");
            if (m_in.peek().kind == TokenKind::Number && endsWithNumber(left))
                m_in.fail("two numbers side by side");
            left = made(Node(Op::Product, {std::move(left), factor()}));
        } else {
            return left;
        }
    }
}

bool Parser::endsWithNumber(const Node& node) {
    return node.op == Op::Number ||
           ((node.op == Op::Product || node.op == Op::Quotient) && endsWithNumber(node.args.back()));
}

bool Parser::unitFollowsSlash() const {
    const Token& next = m_in.peek(1);
    return next.kind == TokenKind::Text && !isSeparatorWord(next);
}

Node Parser::signedFactor() {
    Level level(m_depth);
    if (m_in.take("-")) return made(Node(Op::Negative, {signedFactor()}));
    if (m_in.take("+")) return signedFactor();
    return factor();
}

bool Parser::beginsFactor() const {
    const Token& token = m_in.peek();
    if (atModulus()) return false;
    if (token.kind == TokenKind::Number) return true;
    if (token.kind == TokenKind::Word)
        return !isSeparatorWord(token) && !isPercentWord(token) && !atUnit() && token.text != "U" &&
               token.text != "to";
    if (token.kind == TokenKind::Command) return beginsFactorCommand(token.text);
    if (token.kind != TokenKind::Sign) return false;
    return token.text == "(" || token.text == "{" || (token.text == "|" && m_bars == 0);
}

bool Parser::beginsFactorCommand(std::string_view name) {
    for (std::string_view other :
         {"in", "cup", "cap", "setminus", "backslash", "rfloor", "rceil", "circ", "ldots", "cdots", "dots",
          "choose", "to", "implies", "Rightarrow", "rightarrow"})
        if (name == other) return false;
    return !name.starts_with("end:");
}

// "7 3/4" and "7\frac{3}{4}": a whole number, then a proper fraction of literals.
bool Parser::isMixedNumber(const Node& left) const {
    if (left.op != Op::Number || left.places >= 0 || left.value.get_den() != 1) return false;
    const Token &a = m_in.peek(), &b = m_in.peek(1), &c = m_in.peek(2);
    if (a.kind == TokenKind::Number && a.spaced && b.text == "/" && c.kind == TokenKind::Number)
        return a.places < 0 && c.places < 0 && a.value < c.value && a.value > 0;
    if (!m_in.atCommand("frac")) return false;
    const Token &above = m_in.peek(2), &below = m_in.peek(5);
    return above.kind == TokenKind::Number && below.kind == TokenKind::Number && m_in.peek(3).text == "}" &&
           m_in.peek(6).text == "}" && above.places < 0 && below.places < 0 && above.value < below.value;
}

Node Parser::mixedNumber(Node whole) {
    const bool command = m_in.atCommand("frac");
    if (command) m_in.skip(2);
    mpq_class value = m_in.next().value;
    m_in.skip(command ? 2 : 1);
    value /= m_in.next().value;
    if (command) m_in.next();
    return made(Node(Op::Sum, {std::move(whole), Node::number(value)}));
}

// 33\frac{1}{3}\%, 67\frac12^\circ
Node Parser::mixedNumberWithSigns(Node whole) {
    Node number = mixedNumber(std::move(whole));
    if (!m_in.take("^")) return postfix(std::move(number));
    if (!m_in.takeDegree()) m_in.fail("a power of a mixed number");
    return temperature(postfix(made(Node(Op::Degree, {std::move(number)}))));
}

Node parseAnswer(std::string_view text, const Reading& reading) {
    if (text.size() > maxAnswerBytes) throw Error("the answer is longer than 4096 bytes");
    return Parser(tokenize(text, reading)).run();
}

}  // namespace retort::answers
