#include "core/chat/parser.h"

#include <algorithm>
#include <utility>

#include "core/chat/expression_parser.h"
#include "core/chat/lexer.h"

namespace retort::chat {
namespace {

constexpr int maxNesting = 60;

class Parser {
  public:
    Parser(std::string_view source, const std::string& where) : m_tokens(tokens(source, where), where) {}

    Block run() {
        Block block = statements({});
        if (m_tokens.current().kind != Token::Kind::End)
            m_tokens.fail("unexpected '" + m_tokens.following().text + "'");
        return block;
    }

  private:
    using Kind = Statement::Kind;

    static std::unique_ptr<Statement> made(Kind kind, int line) {
        auto statement = std::make_unique<Statement>();
        statement->kind = kind;
        statement->line = line;
        return statement;
    }

    // Up to a block tag with one of these names, which stays.
    Block statements(std::initializer_list<std::string_view> ends) {
        if (++m_nesting > maxNesting) m_tokens.fail("tags are nested too deeply");
        Block block;
        while (m_tokens.current().kind != Token::Kind::End) {
            const Token& token = m_tokens.current();
            if (token.kind == Token::Kind::Data) {
                auto text = made(Kind::Text, token.line);
                text->text = m_tokens.take().text;
                block.push_back(std::move(text));
            } else if (token.kind == Token::Kind::OutputBegin) {
                block.push_back(output());
            } else {
                const std::string name = m_tokens.following().text;
                if (std::find(ends.begin(), ends.end(), name) != ends.end()) break;
                block.push_back(tag());
            }
        }
        --m_nesting;
        return block;
    }

    std::unique_ptr<Statement> output() {
        auto statement = made(Kind::Output, m_tokens.take().line);
        statement->value = m_tokens.tupleOrExpression();
        m_tokens.expect(Token::Kind::OutputEnd, "'}}'");
        return statement;
    }

    std::unique_ptr<Statement> tag() {
        m_tokens.take();  // {%
        const Token name = m_tokens.take();
        if (name.kind != Token::Kind::Name) m_tokens.fail("a tag has no name", name.line);
        if (name.text == "if") return conditional(name.line);
        if (name.text == "for") return loop(name.line);
        if (name.text == "set") return assignment(name.line);
        if (name.text == "macro") return macro(name.line);
        if (name.text == "generation") return generation(name.line);
        if (name.text == "break" || name.text == "continue") {
            if (m_loops == 0) m_tokens.fail("'" + name.text + "' outside of a loop", name.line);
            end();
            return made(name.text == "break" ? Kind::Break : Kind::Continue, name.line);
        }
        if (name.text.starts_with("end") || name.text == "else" || name.text == "elif")
            m_tokens.fail("'" + name.text + "' without its begin", name.line);
        m_tokens.fail("the tag '" + name.text + "' is not supported", name.line);
    }

    void end() { m_tokens.expect(Token::Kind::BlockEnd, "'%}'"); }

    // {% NAME %} that ends what began at `line`.
    void endTag(const char* name, int line) {
        if (m_tokens.current().kind == Token::Kind::End)
            m_tokens.fail(std::string("'") + name + "' is missing for the tag that begins here", line);
        m_tokens.take();
        m_tokens.expectName(name);
        end();
    }

    std::unique_ptr<Statement> conditional(int line) {
        auto statement = made(Kind::If, line);
        ExpressionPtr condition = m_tokens.tupleOrExpression(true);
        while (true) {
            end();
            statement->branches.push_back({std::move(condition), statements({"elif", "else", "endif"})});
            if (m_tokens.following().text == "endif" || m_tokens.current().kind == Token::Kind::End) break;
            m_tokens.take();
            if (m_tokens.takeName("else")) {
                end();
                statement->branches.push_back({nullptr, statements({"endif"})});
                break;
            }
            m_tokens.expectName("elif");
            condition = m_tokens.tupleOrExpression(true);
        }
        endTag("endif", line);
        return statement;
    }

    std::unique_ptr<Statement> loop(int line) {
        auto statement = made(Kind::For, line);
        statement->targets = targets();
        m_tokens.expectName("in");
        statement->value = m_tokens.tupleOrExpression(false);
        if (m_tokens.takeName("if")) statement->condition = m_tokens.expression();
        if (m_tokens.isName("recursive")) m_tokens.fail("recursive loops are not supported");
        end();
        ++m_loops;
        statement->body = statements({"else", "endfor"});
        --m_loops;
        if (m_tokens.current().kind != Token::Kind::End && m_tokens.following().text == "else") {
            m_tokens.take();
            m_tokens.take();
            end();
            statement->otherwise = statements({"endfor"});
        }
        endTag("endfor", line);
        return statement;
    }

    // a, b or (a, b)
    std::vector<std::string> targets() {
        const bool grouped = m_tokens.takeOperator("(");
        std::vector<std::string> names = {m_tokens.variableName()};
        while (m_tokens.takeOperator(",")) names.push_back(m_tokens.variableName());
        if (grouped) m_tokens.expectOperator(")");
        return names;
    }

    std::unique_ptr<Statement> assignment(int line) {
        auto statement = made(Kind::Set, line);
        statement->targets = targets();
        if (m_tokens.takeOperator(".")) {
            if (statement->targets.size() != 1) m_tokens.fail("only one attribute can be set at once");
            const Token attribute = m_tokens.take();
            if (attribute.kind != Token::Kind::Name)
                m_tokens.fail("expected a name behind '.'", attribute.line);
            statement->targets.push_back(attribute.text);
            statement->setsAttribute = true;
        }
        if (m_tokens.takeOperator("=")) {
            statement->value = m_tokens.tupleOrExpression();
            end();
            return statement;
        }
        if (m_tokens.isOperator("|")) m_tokens.fail("filters of a 'set' with a body are not supported");
        if (statement->targets.size() != 1) m_tokens.fail("'set' with a body sets one name");
        statement->kind = Kind::SetBlock;
        end();
        statement->body = insideScope("endset");
        endTag("endset", line);
        return statement;
    }

    std::unique_ptr<Statement> macro(int line) {
        auto statement = made(Kind::Macro, line);
        statement->text = m_tokens.variableName();
        m_tokens.expectOperator("(");
        while (!m_tokens.takeOperator(")")) {
            if (!statement->parameters.empty()) m_tokens.expectOperator(",");
            MacroParameter parameter{m_tokens.variableName(), nullptr};
            if (m_tokens.takeOperator("="))
                parameter.otherwise = m_tokens.expression();
            else if (!statement->parameters.empty() && statement->parameters.back().otherwise != nullptr)
                m_tokens.fail("a parameter without a default behind one with a default");
            statement->parameters.push_back(std::move(parameter));
        }
        end();
        statement->body = insideScope("endmacro");
        endTag("endmacro", line);
        return statement;
    }

    std::unique_ptr<Statement> generation(int line) {
        auto statement = made(Kind::Generation, line);
        end();
        statement->body = insideScope("endgeneration");
        endTag("endgeneration", line);
        return statement;
    }

    // A body that no loop outside of it can be left from.
    Block insideScope(std::string_view endName) {
        const int loops = std::exchange(m_loops, 0);
        Block body = statements({endName});
        m_loops = loops;
        return body;
    }

    ExpressionParser m_tokens;
    int m_nesting = 0, m_loops = 0;
};

}  // namespace

Block parsed(std::string_view source, const std::string& where) {
    return Parser(source, where).run();
}

}  // namespace retort::chat
