// Commands, functions, environments and brackets of the grammar of answers.
#include <utility>

#include "core/answers/parser_grammar.h"
#include "core/answers/units.h"

namespace retort::answers {

Node Parser::command() {
    const std::string name = m_in.next().text;
    if (name == "frac") return made(Node(Op::Quotient, {group(), group()}));
    if (name == "binom" || name == "dbinom" || name == "tbinom")
        return made(Node(Op::Function, "binom", {group(), group()}));
    if (name == "infty" || name == "infin") return made(Node(Op::Infinity));
    if (name == "emptyset" || name == "varnothing") return made(Node(Op::EmptySet));
    if (name == "boxed" || name == "fbox") return group();
    if (name == "sum" || name == "prod") return bound(name);
    if (name == "lfloor" || name == "lceil") return rounded(name == "lfloor" ? "floor" : "ceil");
    if (name == "mathbb" || name == "mathcal") return numberSet();
    if (name == "angle" || name == "triangle" || name == "measuredangle") return named(name);
    if (name == "overline" || name == "vec" || name == "bar" || name == "hat" || name == "overrightarrow" ||
        name == "widehat" || name == "tilde")
        return decorated(name);
    if (name.starts_with("begin:")) return matrix(name.substr(6));
    if (isFunctionName(name)) return function(name);
    if (isGreek(name)) return symbol(name);
    m_in.fail("an unknown command: \\" + name);
}

bool Parser::isGreek(std::string_view name) {
    for (std::string_view letter :
         {"pi",    "alpha", "beta",     "gamma", "delta",   "epsilon", "varepsilon", "zeta",
          "eta",   "theta", "vartheta", "iota",  "kappa",   "lambda",  "mu",         "nu",
          "xi",    "rho",   "sigma",    "tau",   "upsilon", "phi",     "varphi",     "chi",
          "psi",   "omega", "Gamma",    "Delta", "Theta",   "Lambda",  "Xi",         "Pi",
          "Sigma", "Phi",   "Psi",      "Omega", "ell"})
        if (letter == name) return true;
    return false;
}

Node Parser::numberSet() {
    m_in.expect("{");
    const std::string letter = m_in.next().text;
    m_in.expect("}");
    return letter == "R" ? made(Node(Op::Reals)) : made(Node(Op::Symbol, "set " + letter));
}

// \angle ABC
Node Parser::named(const std::string& kind) {
    std::string letters;
    const bool braces = m_in.take("{");
    while (m_in.peek().kind == TokenKind::Word || m_in.peek().kind == TokenKind::Text)
        letters += m_in.next().text;
    if (braces) m_in.expect("}");
    if (letters.empty()) m_in.fail("\\" + kind + " of nothing");
    return made(Node(Op::Symbol, kind + " " + letters));
}

Node Parser::decorated(const std::string& kind) {
    m_in.expect("{");
    std::string letters;
    while (!m_in.at("}")) {
        const Token& token = m_in.next();
        if (token.kind != TokenKind::Word && token.kind != TokenKind::Text && token.kind != TokenKind::Number)
            m_in.fail("\\" + kind + " over more than a name");
        letters += token.text;
    }
    m_in.expect("}");
    return made(Node(Op::Symbol, kind + " " + letters));
}

Node Parser::rounded(const std::string& name) {
    Node inside = sum();
    if (!m_in.atCommand(name == "floor" ? "rfloor" : "rceil")) m_in.fail(name + " is not closed");
    m_in.next();
    return made(Node(Op::Function, name, {std::move(inside)}));
}

// \sum_{k=0}^{n} body
Node Parser::bound(const std::string& name) {
    Node lower, upper;
    for (int i = 0; i < 2; ++i) {
        if (m_in.take("_"))
            lower = m_in.at("{") ? group() : primary();
        else if (m_in.take("^"))
            upper = m_in.at("{") ? group() : primary();
    }
    const bool named = lower.op == Op::Relation && lower.args.size() == 2 && lower.operators[0] == "=" &&
                       lower.args[0].op == Op::Symbol;
    if (!named) m_in.fail("a sum whose bounds are not understood");
    Node body = product();
    return made(Node(Op::Function, name, {lower.args[0], lower.args[1], std::move(upper), std::move(body)}));
}

Node Parser::function(std::string name) {
    if (name == "sqrt" || name == "cbrt") return root(name);
    if (name == "lim" || name == "det" || name == "dim" || name == "arg")
        m_in.fail("an unknown function: " + name);
    Node base, power;
    bool hasBase = false, hasPower = false, inverse = false;
    for (int i = 0; i < 2; ++i) {
        if (m_in.take("_")) {
            base = m_in.at("{") ? group() : primary();
            hasBase = true;
        } else if (m_in.take("^")) {
            power = exponent();
            hasPower = true;
            inverse = power.op == Op::Negative && power.args[0].op == Op::Number && power.args[0].value == 1;
        }
    }
    if (name[0] == 'a' && name.size() == 4 && name != "acot") name = "arc" + name.substr(1);
    if (inverse && (name == "sin" || name == "cos" || name == "tan")) name = "arc" + name;
    std::vector<Node> arguments = functionArguments();
    if (hasBase) arguments.push_back(std::move(base));
    Node call = made(Node(Op::Function, std::move(name), std::move(arguments)));
    if (!hasPower || inverse) return call;
    return made(Node(Op::Power, {std::move(call), std::move(power)}));
}

std::vector<Node> Parser::functionArguments() {
    if (m_in.take("(")) {
        std::vector<Node> arguments = elements();
        m_in.expect(")");
        return arguments;
    }
    // `\sin 2x`: what follows up to an operator, a bracket or another function.
    Node argument = factor();
    while (continuesArgument()) argument = made(Node(Op::Product, {std::move(argument), factor()}));
    return {std::move(argument)};
}

bool Parser::continuesArgument() const {
    const Token& token = m_in.peek();
    if (token.kind == TokenKind::Word) return token.text.size() == 1 && !atUnit();
    return token.kind == TokenKind::Command && isGreek(token.text);
}

Node Parser::root(const std::string& name) {
    Node index = Node::number(name == "cbrt" ? 3 : 2);
    if (m_in.take("[")) {
        index = sum();
        m_in.expect("]");
    }
    Node inside;
    if (m_in.take("(")) {
        inside = sum();
        m_in.expect(")");
    } else {
        inside = m_in.at("{") ? group() : primary();
    }
    return made(Node(Op::Root, {std::move(inside), std::move(index)}));
}

// A system: its lines hold together.
Node Parser::system() {
    Node all(Op::List, "and");
    while (!m_in.atCommand("end:cases")) {
        all.args.push_back(statement());
        while (m_in.take(",") || m_in.take(";")) continue;
        if (!m_in.take("\\\\") && !m_in.atCommand("end:cases")) m_in.fail("cases with conditions");
    }
    m_in.next();
    if (all.args.empty()) m_in.fail("cases of nothing");
    return all.args.size() == 1 ? std::move(all.args[0]) : made(std::move(all));
}

Node Parser::matrix(const std::string& environment) {
    if (environment == "cases") return system();
    if (environment != "pmatrix" && environment != "bmatrix" && environment != "matrix" &&
        environment != "Bmatrix" && environment != "array" && environment != "smallmatrix")
        m_in.fail("an environment that is no matrix: " + environment);
    Node table(Op::Matrix, environment);
    table.args.emplace_back(Op::List);
    while (!m_in.atCommand("end:" + environment)) {
        if (m_in.take("\\\\")) {
            if (!m_in.atCommand("end:" + environment)) table.args.emplace_back(Op::List);
        } else if (!m_in.take("&")) {
            table.args.back().args.push_back(statement());
        }
    }
    m_in.next();
    for (const Node& row : table.args)
        if (row.args.empty() || row.args.size() != table.args[0].args.size())
            m_in.fail("a matrix of unequal rows");
    return made(std::move(table));
}

Node Parser::sign() {
    const std::string text = m_in.peek().text;
    if (text == "{") return group();
    if (text == "(" || text == "[" || text == "]") return brackets();
    if (text == "\\{") return set();
    if (text == "|") return absolute();
    if (text == "\\langle") {
        m_in.next();
        std::vector<Node> items = elements();
        m_in.expect("\\rangle");
        return made(Node(Op::Brackets, "()", std::move(items)));
    }
    m_in.fail("not understood: " + m_in.describe());
}

// (x), (a, b), [a, b), ]a, b[ …
Node Parser::brackets() {
    const std::string open = m_in.next().text == "[" ? "[" : "(";  // "]a, b[" is open
    const int bars = std::exchange(m_bars, 0);
    std::vector<Node> items = elements();
    m_bars = bars;
    const std::string close = m_in.next().text;
    if (close != ")" && close != "]" && close != "[") m_in.fail("a bracket is not closed");
    const std::string kind = open + (close == "]" ? "]" : ")");
    if (items.size() > 1) return made(Node(Op::Brackets, kind, std::move(items)));
    if (kind != "()" && kind != "[]") m_in.fail("brackets that do not match");
    const bool whole = items[0].op == Op::Number && items[0].places < 0 && items[0].value.get_den() == 1;
    if (whole && m_in.at("_")) return inBase(items[0].value.get_num().get_str());  // (1010)_2
    return std::move(items[0]);
}

Node Parser::set() {
    m_in.expect("\\{");
    if (m_in.take("\\}")) return made(Node(Op::EmptySet));
    if (skipSetBuilder()) {
        Node condition = list();
        m_in.expect("\\}");
        return condition;
    }
    std::vector<Node> items;
    std::string joined;
    items.push_back(statement());
    while (takeSeparator(joined)) items.push_back(statement());
    m_in.expect("\\}");
    return made(Node(Op::Set, std::move(items)));
}

// `x :`, `x |`, `x \in \mathbb{R} :` before the condition.
bool Parser::skipSetBuilder() {
    const std::size_t begin = m_in.position();
    if (m_in.peek().kind == TokenKind::Word && m_in.peek().text.size() == 1) {
        m_in.next();
        if (m_in.atCommand("in") && m_in.peek(1).text == "mathbb" && m_in.peek(3).text == "R") m_in.skip(5);
        if (m_in.take(":") || m_in.take("|")) return true;
    }
    m_in.rewind(begin);
    return false;
}

Node Parser::absolute() {
    m_in.expect("|");
    ++m_bars;
    Node inside = sum();
    --m_bars;
    m_in.expect("|");
    return made(Node(Op::Function, "abs", {std::move(inside)}));
}

}  // namespace retort::answers
