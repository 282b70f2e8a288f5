// The recursive descent behind parseAnswer(). Its functions stand in three files: what joins terms
// (parser.cpp), the terms themselves (parser_terms.cpp), and commands, functions and brackets
// (parser_commands.cpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/answers/limits.h"
#include "core/answers/node.h"
#include "core/answers/token_reader.h"
#include "core/util/error.h"

namespace retort::answers {

class Parser {
  public:
    explicit Parser(std::vector<Token> tokens) : m_in(std::move(tokens)) {}
    Node run();

  private:
    struct Level {
        explicit Level(int& depth) : m_depth(depth) {
            if (++m_depth > maxRecursion) throw Error("nested too deeply");
        }
        ~Level() { --m_depth; }
        int& m_depth;
    };

    Node made(Node node);  ///< counts it; throws Error when there are too many

    // What joins terms: lists, relations, sets, ratios, units, sums, products.
    bool isLoneWord() const;
    Node loneWord();
    Node productOfLetters(const std::string& word);
    Node list();
    bool takeSeparator(std::string& joined);
    Node statement();
    bool atEllipsis() const;
    Node operand();
    Node operandHere();
    Node multiplied(Node node);
    Node setExpression();
    Node ratio();
    bool atModulus() const;
    Node modulus(Node rest);
    bool atUnit() const;
    bool isSingleTerm() const;
    Node withUnit(Node node);
    std::string exponentOfUnit();
    Node sum();
    Node signedProduct();
    Node signedProductHere();
    Node product();
    static bool endsWithNumber(const Node& node);
    bool unitFollowsSlash() const;
    Node signedFactor();
    bool beginsFactor() const;
    static bool beginsFactorCommand(std::string_view name);
    bool isMixedNumber(const Node& left) const;
    Node mixedNumber(Node whole);
    Node mixedNumberWithSigns(Node whole);

    // Terms: factors, numbers, words, symbols.
    Node factor();
    Node temperature(Node degrees);
    Node exponent();
    Node postfix(Node node);
    Node primary();
    Node number();
    Node inBase(const std::string& digits);
    static mpq_class baseOf(const Token& token);
    Node word();
    Node symbol(std::string name);
    Node subscripted(const std::string& name);
    std::vector<Node> elements();
    Node group();

    // Commands, functions, environments, brackets.
    Node command();
    static bool isGreek(std::string_view name);
    Node numberSet();
    Node named(const std::string& kind);
    Node decorated(const std::string& kind);
    Node rounded(const std::string& name);
    Node bound(const std::string& name);
    Node function(std::string name);
    std::vector<Node> functionArguments();
    bool continuesArgument() const;
    Node root(const std::string& name);
    Node system();
    Node matrix(const std::string& environment);
    Node sign();
    Node brackets();
    Node set();
    bool skipSetBuilder();
    Node absolute();

    TokenReader m_in;
    int m_depth = 0, m_nodes = 0, m_bars = 0;
    std::size_t m_statement = 0;  // where what is read now began
};

}  // namespace retort::answers
