// Executes a parsed template.
#pragma once

#include <ctime>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/chat/call_arguments.h"
#include "core/chat/limits.h"
#include "core/chat/scope.h"
#include "core/chat/syntax.h"

namespace retort::chat {

class Evaluator {
  public:
    Evaluator(const std::string& where, const ChatLimits& limits, std::time_t now)
        : m_where(where), m_budget(limits), m_now(now) {}

    /// What the template writes. Throws Error, with the line of the template where there is one.
    std::string run(const Block& block, std::unordered_map<std::string, Value> variables);
    /// Where `generation` blocks wrote, as [begin, end) in bytes of the result.
    const std::vector<std::pair<std::size_t, std::size_t>>& generated() const { return m_generated; }

  private:
    enum class Flow { Next, Break, Continue };
    using ScopePtr = std::shared_ptr<Scope>;

    Flow execute(const Block& block, const ScopePtr& scope, std::string& out);
    Flow execute(const Statement& statement, const ScopePtr& scope, std::string& out);
    Flow loop(const Statement& statement, const ScopePtr& scope, std::string& out);
    void set(const Statement& statement, const ScopePtr& scope);
    void bind(const std::vector<std::string>& targets, const Value& value, Scope& scope);
    void generation(const Statement& statement, const ScopePtr& scope, std::string& out);
    void write(std::string& out, std::string_view text);
    std::string textOf(const Value& value);
    std::string blockText(const Block& block, const ScopePtr& scope);
    Value callMacro(const Macro& macro, CallArguments arguments);

    Value evaluate(const Expression& expression, const Scope& scope);
    Value evaluateKind(const Expression& expression, const Scope& scope);
    Value attribute(const Expression& expression, const Scope& scope);
    Value slice(const Expression& expression, const Scope& scope);
    Value call(const Expression& expression, const Scope& scope);
    Value method(const Expression& expression, const Scope& scope);
    Value function(const std::string& name, CallArguments& arguments);
    Value compare(const Expression& expression, const Scope& scope);
    Value dict(const Expression& expression, const Scope& scope);
    Value concatenation(const Expression& expression, const Scope& scope);
    std::vector<Value> all(const std::vector<ExpressionPtr>& parts, const Scope& scope);
    CallArguments arguments(const Arguments& arguments, const Scope& scope);

    const std::string& m_where;
    Budget m_budget;
    std::time_t m_now;
    std::deque<Namespace> m_namespaces;  // owned here, so that one that holds itself is no leak
    const std::string* m_result = nullptr;
    std::vector<std::pair<std::size_t, std::size_t>> m_generated;
};

}  // namespace retort::chat
