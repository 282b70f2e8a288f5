#include "core/answers/parser.h"

#include <utility>

#include "core/answers/limits.h"
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

class Parser {
  public:
    explicit Parser(std::vector<Token> tokens) : m_in(std::move(tokens)) {}

    Node run() {
        if (m_in.peek().kind == TokenKind::End) throw Error("nothing to read");
        if (isLoneWord()) return loneWord();
        Node node = list();
        if (m_in.peek().kind != TokenKind::End) m_in.fail("not understood: " + m_in.describe());
        return node;
    }

  private:
    // Guards recursion and counts nodes.
    struct Level {
        explicit Level(int& depth) : m_depth(depth) {
            if (++m_depth > maxRecursion) throw Error("nested too deeply");
        }
        ~Level() { --m_depth; }
        int& m_depth;
    };

    Node made(Node node) {
        if (++m_nodes > maxNodes) throw Error("the expression is too large");
        return node;
    }

    // "no" is a word; it is n·o only beside an answer that is mathematics.
    bool isLoneWord() const {
        const Token& word = m_in.peek();
        return word.kind == TokenKind::Word && m_in.peek(1).kind == TokenKind::End && word.text.size() > 1 &&
               word.text.size() <= 3 && !isFunctionName(word.text) && word.text != "pi" && word.text != "inf";
    }
    Node loneWord() {
        const std::string word = m_in.next().text;
        return made(Node(Op::Text, word, {productOfLetters(word)}));
    }
    Node productOfLetters(const std::string& word) {
        Node product = made(Node(Op::Symbol, word.substr(0, 1)));
        for (std::size_t i = 1; i < word.size(); ++i)
            product =
                made(Node(Op::Product, {std::move(product), made(Node(Op::Symbol, word.substr(i, 1)))}));
        return product;
    }

    Node list() {
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

    bool takeSeparator(std::string& joined) {
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

    Node statement() {
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
    bool atEllipsis() const {
        const Token& after = m_in.peek(1);
        const bool ends = after.kind == TokenKind::End ||
                          (after.kind == TokenKind::Sign &&
                           std::string_view(",;)]}\\}").find(after.text) != std::string_view::npos);
        return ends && (m_in.atCommand("ldots") || m_in.atCommand("dots") || m_in.atCommand("cdots"));
    }

    // What stands on one side of a relation, with its unit.
    Node operand() {
        const std::size_t outer = std::exchange(m_statement, m_in.position());
        Node node = operandHere();
        m_statement = outer;
        return node;
    }
    Node operandHere() {
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
    Node multiplied(Node node) {
        const TokenKind kind = m_in.peek().kind;
        while (kind == TokenKind::Word || kind == TokenKind::Text) {
            const auto factor = multiplier(m_in.peek().text);
            if (!factor) break;
            m_in.next();
            node = made(Node(Op::Product, {std::move(node), Node::number(*factor)}));
        }
        return node;
    }

    Node setExpression() {
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

    Node ratio() {
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
    bool atModulus() const { return m_in.atCommand("pmod") || (m_in.at("(") && m_in.peek(1).text == "mod"); }
    Node modulus(Node rest) {
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

    bool atUnit() const {
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
    bool isSingleTerm() const {
        for (std::size_t i = m_statement; i < m_in.position(); ++i) {
            const Token& token = m_in.token(i);
            const bool sign = token.kind == TokenKind::Sign && (token.text == "+" || token.text == "-");
            if (token.kind == TokenKind::Word || (sign && i > m_statement)) return false;
        }
        return true;
    }

    Node withUnit(Node node) {
        if (isPercentWord(m_in.peek())) {
            m_in.next();
            node = made(Node(Op::Percent, {std::move(node)}));
        }
        if (!atUnit() || node.op == Op::Text) return node;
        std::string unit;
        const auto atMoreWords = [&] {
            return !unit.empty() && m_in.peek().kind == TokenKind::Word && m_in.endsAfterWords();
        };
        while (atUnit() || atMoreWords() ||
               (!unit.empty() && (m_in.at("/") || m_in.at("^") || m_in.at("*")))) {
            if (m_in.take("^")) {
                unit += "^" + exponentOfUnit();
            } else if (m_in.take("/")) {
                const TokenKind kind = m_in.peek().kind;
                if (kind != TokenKind::Word && kind != TokenKind::Text)
                    m_in.fail("a unit over something else");
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

    std::string exponentOfUnit() {
        const bool group = m_in.take("{");
        const std::string sign = m_in.take("-") ? "-" : "";
        if (m_in.peek().kind != TokenKind::Number) m_in.fail("a unit's exponent is no number");
        const std::string digits = m_in.next().text;
        if (group) m_in.expect("}");
        return sign + digits;
    }

    Node sum() {
        Level level(m_depth);
        Node total = signedProduct();
        std::vector<Node> terms;
        while (m_in.at("+") || m_in.at("-") || m_in.at("pm") || m_in.at("mp"))
            terms.push_back(signedProduct());
        if (terms.empty()) return total;
        terms.insert(terms.begin(), std::move(total));
        return made(Node(Op::Sum, std::move(terms)));
    }

    Node signedProduct() {
        if (m_in.take("+")) return signedProduct0();
        if (m_in.take("-")) return made(Node(Op::Negative, {signedProduct0()}));
        if (m_in.take("pm")) return made(Node(Op::PlusMinus, "+", {product()}));
        if (m_in.take("mp")) return made(Node(Op::PlusMinus, "-", {product()}));
        return product();
    }
    Node signedProduct0() {
        Level level(m_depth);
        return m_in.at("-") || m_in.at("+") ? signedProduct() : product();
    }

    Node product() {
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

    static bool endsWithNumber(const Node& node) {
        return node.op == Op::Number ||
               ((node.op == Op::Product || node.op == Op::Quotient) && endsWithNumber(node.args.back()));
    }

    bool unitFollowsSlash() const {
        const Token& next = m_in.peek(1);
        return next.kind == TokenKind::Text && !isSeparatorWord(next);
    }

    Node signedFactor() {
        Level level(m_depth);
        if (m_in.take("-")) return made(Node(Op::Negative, {signedFactor()}));
        if (m_in.take("+")) return signedFactor();
        return factor();
    }

    bool beginsFactor() const {
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

    static bool beginsFactorCommand(std::string_view name) {
        for (std::string_view other :
             {"in", "cup", "cap", "setminus", "backslash", "rfloor", "rceil", "circ", "ldots", "cdots",
              "dots", "choose", "to", "implies", "Rightarrow", "rightarrow"})
            if (name == other) return false;
        return !name.starts_with("end:");
    }

    // "7 3/4" and "7\frac{3}{4}": a whole number, then a proper fraction of literals.
    bool isMixedNumber(const Node& left) const {
        if (left.op != Op::Number || left.places >= 0 || left.value.get_den() != 1) return false;
        const Token &a = m_in.peek(), &b = m_in.peek(1), &c = m_in.peek(2);
        if (a.kind == TokenKind::Number && a.spaced && b.text == "/" && c.kind == TokenKind::Number)
            return a.places < 0 && c.places < 0 && a.value < c.value && a.value > 0;
        if (!m_in.atCommand("frac")) return false;
        const Token &above = m_in.peek(2), &below = m_in.peek(5);
        return above.kind == TokenKind::Number && below.kind == TokenKind::Number &&
               m_in.peek(3).text == "}" && m_in.peek(6).text == "}" && above.places < 0 && below.places < 0 &&
               above.value < below.value;
    }

    Node mixedNumber(Node whole) {
        const bool command = m_in.atCommand("frac");
        if (command) m_in.skip(2);
        mpq_class value = m_in.next().value;
        m_in.skip(command ? 2 : 1);
        value /= m_in.next().value;
        if (command) m_in.next();
        return made(Node(Op::Sum, {std::move(whole), Node::number(value)}));
    }

    // 33\frac{1}{3}\%, 67\frac12^\circ
    Node mixedNumberWithSigns(Node whole) {
        Node number = mixedNumber(std::move(whole));
        if (!m_in.take("^")) return postfix(std::move(number));
        if (!m_in.takeDegree()) m_in.fail("a power of a mixed number");
        return temperature(postfix(made(Node(Op::Degree, {std::move(number)}))));
    }

    Node factor() {
        Level level(m_depth);
        Node base = postfix(primary());
        if (!m_in.at("^")) return base;
        m_in.next();
        if (m_in.takeDegree()) return temperature(postfix(made(Node(Op::Degree, {std::move(base)}))));
        Node power = exponent();
        return postfix(made(Node(Op::Power, {std::move(base), std::move(power)})));
    }

    // Degrees of a temperature scale are another unit than those of an angle.
    Node temperature(Node degrees) {
        const bool scale = m_in.atWord("C") || m_in.atWord("F");
        if (!scale || m_in.peek(1).kind != TokenKind::End) return degrees;
        return made(Node(Op::Unit, "degree " + m_in.next().text, {std::move(degrees.args[0])}));
    }

    Node exponent() {
        Level level(m_depth);
        if (m_in.take("-")) return made(Node(Op::Negative, {exponent()}));
        if (m_in.take("+")) return exponent();
        m_in.splitWord();
        Node base = primary();
        if (!m_in.take("^")) return base;
        return made(Node(Op::Power, {std::move(base), exponent()}));
    }

    Node postfix(Node node) {
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

    Node primary() {
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

    Node number() {
        const Token token = m_in.next();
        if (!m_in.at("_")) return made(Node::number(token.value, token.places));
        if (token.places >= 0) m_in.fail("a base that is none");
        return inBase(token.text);
    }

    Node inBase(const std::string& digits) {
        m_in.expect("_");
        const bool group = m_in.take("{");
        const mpq_class base = baseOf(m_in.next());
        if (base.get_den() != 1 || base < 2 || base > 36) m_in.fail("a base that is none");
        if (group) m_in.expect("}");
        Node node(Op::Based, digits);
        node.value = base;
        return made(std::move(node));
    }

    static mpq_class baseOf(const Token& token) {
        if (token.kind == TokenKind::Number) return token.value;
        constexpr std::pair<std::string_view, int> words[] = {
            {"two", 2},   {"three", 3}, {"four", 4}, {"five", 5},    {"six", 6},     {"seven", 7},
            {"eight", 8}, {"nine", 9},  {"ten", 10}, {"twelve", 12}, {"sixteen", 16}};
        for (const auto& [word, base] : words)
            if (token.text == word) return base;
        return 0;
    }

    Node word() {
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
    Node symbol(std::string name) {
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

    Node subscripted(const std::string& name) {
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

    std::vector<Node> elements() {
        std::vector<Node> items;
        items.push_back(statement());
        while (m_in.take(",") || m_in.take(";")) items.push_back(statement());
        return items;
    }

    Node group() {
        m_in.expect("{");
        Node node = list();
        if (m_in.atCommand("choose")) {
            m_in.next();
            node = made(Node(Op::Function, "binom", {std::move(node), list()}));
        }
        m_in.expect("}");
        return node;
    }

    Node command() {
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
        if (name == "overline" || name == "vec" || name == "bar" || name == "hat" ||
            name == "overrightarrow" || name == "widehat" || name == "tilde")
            return decorated(name);
        if (name.starts_with("begin:")) return matrix(name.substr(6));
        if (isFunctionName(name)) return function(name);
        if (isGreek(name)) return symbol(name);
        m_in.fail("an unknown command: \\" + name);
    }

    static bool isGreek(std::string_view name) {
        for (std::string_view letter :
             {"pi",    "alpha", "beta",     "gamma", "delta",   "epsilon", "varepsilon", "zeta",
              "eta",   "theta", "vartheta", "iota",  "kappa",   "lambda",  "mu",         "nu",
              "xi",    "rho",   "sigma",    "tau",   "upsilon", "phi",     "varphi",     "chi",
              "psi",   "omega", "Gamma",    "Delta", "Theta",   "Lambda",  "Xi",         "Pi",
              "Sigma", "Phi",   "Psi",      "Omega", "ell"})
            if (letter == name) return true;
        return false;
    }

    Node numberSet() {
        m_in.expect("{");
        const std::string letter = m_in.next().text;
        m_in.expect("}");
        return letter == "R" ? made(Node(Op::Reals)) : made(Node(Op::Symbol, "set " + letter));
    }

    // \angle ABC
    Node named(const std::string& kind) {
        std::string letters;
        const bool braces = m_in.take("{");
        while (m_in.peek().kind == TokenKind::Word || m_in.peek().kind == TokenKind::Text)
            letters += m_in.next().text;
        if (braces) m_in.expect("}");
        if (letters.empty()) m_in.fail("\\" + kind + " of nothing");
        return made(Node(Op::Symbol, kind + " " + letters));
    }

    Node decorated(const std::string& kind) {
        m_in.expect("{");
        std::string letters;
        while (!m_in.at("}")) {
            const Token& token = m_in.next();
            if (token.kind != TokenKind::Word && token.kind != TokenKind::Text &&
                token.kind != TokenKind::Number)
                m_in.fail("\\" + kind + " over more than a name");
            letters += token.text;
        }
        m_in.expect("}");
        return made(Node(Op::Symbol, kind + " " + letters));
    }

    Node rounded(const std::string& name) {
        Node inside = sum();
        if (!m_in.atCommand(name == "floor" ? "rfloor" : "rceil")) m_in.fail(name + " is not closed");
        m_in.next();
        return made(Node(Op::Function, name, {std::move(inside)}));
    }

    // \sum_{k=0}^{n} body
    Node bound(const std::string& name) {
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
        return made(
            Node(Op::Function, name, {lower.args[0], lower.args[1], std::move(upper), std::move(body)}));
    }

    Node function(std::string name) {
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
                inverse =
                    power.op == Op::Negative && power.args[0].op == Op::Number && power.args[0].value == 1;
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

    std::vector<Node> functionArguments() {
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

    bool continuesArgument() const {
        const Token& token = m_in.peek();
        if (token.kind == TokenKind::Word) return token.text.size() == 1 && !atUnit();
        return token.kind == TokenKind::Command && isGreek(token.text);
    }

    Node root(const std::string& name) {
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
    Node system() {
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

    Node matrix(const std::string& environment) {
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

    Node sign() {
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
    Node brackets() {
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

    Node set() {
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
    bool skipSetBuilder() {
        const std::size_t begin = m_in.position();
        if (m_in.peek().kind == TokenKind::Word && m_in.peek().text.size() == 1) {
            m_in.next();
            if (m_in.atCommand("in") && m_in.peek(1).text == "mathbb" && m_in.peek(3).text == "R")
                m_in.skip(5);
            if (m_in.take(":") || m_in.take("|")) return true;
        }
        m_in.rewind(begin);
        return false;
    }

    Node absolute() {
        m_in.expect("|");
        ++m_bars;
        Node inside = sum();
        --m_bars;
        m_in.expect("|");
        return made(Node(Op::Function, "abs", {std::move(inside)}));
    }

    TokenReader m_in;
    int m_depth = 0, m_nodes = 0, m_bars = 0;
    std::size_t m_statement = 0;  // where what is read now began
};

}  // namespace

Node parseAnswer(std::string_view text, const Reading& reading) {
    if (text.size() > maxAnswerBytes) throw Error("the answer is longer than 4096 bytes");
    return Parser(tokenize(text, reading)).run();
}

}  // namespace retort::answers
