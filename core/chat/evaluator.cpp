// Statements. Expressions are in evaluator_expressions.cpp.
#include "core/chat/evaluator.h"

#include "core/chat/operations.h"
#include "core/chat/python_text.h"

namespace retort::chat {
namespace {

// A pass makes a scope and its loop variable: that much more than evaluating a node.
constexpr std::uint64_t stepsOfPass = 16;

// loop.first and its like; the items before and behind are looked at, not copied.
Value loopVariable(const std::vector<Value>& items, std::size_t i) {
    const std::int64_t at = std::int64_t(i), size = std::int64_t(items.size());
    return Value::dict(
        {{"index", at + 1},
         {"index0", at},
         {"revindex", size - at},
         {"revindex0", size - at - 1},
         {"first", at == 0},
         {"last", at + 1 == size},
         {"length", size},
         {"previtem", i > 0 ? items[i - 1] : Value::undefined("'loop.previtem'")},
         {"nextitem", i + 1 < items.size() ? items[i + 1] : Value::undefined("'loop.nextitem'")}});
}

}  // namespace

std::string Evaluator::run(const Block& block, std::unordered_map<std::string, Value> variables) {
    const auto functions = std::make_shared<Scope>(), globals = std::make_shared<Scope>();
    for (const char* name : {"dict", "namespace", "raise_exception", "range", "strftime_now"})
        functions->values[name] = Value::of(std::make_shared<const Macro>(Macro{nullptr, {}, name}));
    globals->outer = functions;
    globals->values = std::move(variables);
    const auto scope = std::make_shared<Scope>();
    scope->outer = globals;
    std::string out;
    m_result = &out;
    execute(block, scope, out);
    return out;
}

void Evaluator::write(std::string& out, std::string_view text) {
    m_budget.text(text.size());
    if (out.size() + text.size() > m_budget.limits().textBytes) m_budget.text(out.size() + text.size());
    out += text;
}

std::string Evaluator::textOf(const Value& value) {
    m_budget.step(value.weight());
    return text(value);
}

std::string Evaluator::blockText(const Block& block, const ScopePtr& scope) {
    std::string text;
    execute(block, scope, text);
    return text;
}

Evaluator::Flow Evaluator::execute(const Block& block, const ScopePtr& scope, std::string& out) {
    for (const auto& statement : block) {
        Flow flow = Flow::Next;
        try {
            m_budget.step();
            flow = execute(*statement, scope, out);
        } catch (const Error& error) {
            if (!error.where().empty()) throw;
            throw Error(error.what_happened(), m_where + ":" + std::to_string(statement->line), error.hint());
        }
        if (flow != Flow::Next) return flow;
    }
    return Flow::Next;
}

Evaluator::Flow Evaluator::execute(const Statement& statement, const ScopePtr& scope, std::string& out) {
    using Kind = Statement::Kind;
    const Budget::Level level(m_budget);
    switch (statement.kind) {
        case Kind::Text:
            write(out, statement.text);
            break;
        case Kind::Output:
            write(out, textOf(evaluate(*statement.value, *scope)));
            break;
        case Kind::If:
            for (const Statement::Branch& branch : statement.branches)
                if (branch.condition == nullptr || evaluate(*branch.condition, *scope).truth())
                    return execute(branch.body, scope, out);
            break;
        case Kind::For:
            return loop(statement, scope, out);
        case Kind::Set:
            set(statement, scope);
            break;
        case Kind::SetBlock: {
            const auto inner = std::make_shared<Scope>();
            inner->outer = scope;
            scope->values[statement.targets[0]] = blockText(statement.body, inner);
            break;
        }
        case Kind::Macro:
            scope->values[statement.text] =
                Value::of(std::make_shared<const Macro>(Macro{&statement, scope, {}}));
            break;
        case Kind::Generation:
            generation(statement, scope, out);
            break;
        case Kind::Break:
            return Flow::Break;
        case Kind::Continue:
            return Flow::Continue;
    }
    return Flow::Next;
}

Evaluator::Flow Evaluator::loop(const Statement& statement, const ScopePtr& scope, std::string& out) {
    std::vector<Value> items = iterated(evaluate(*statement.value, *scope), m_budget);
    const auto passScope = [&](const Value& item) {
        auto inner = std::make_shared<Scope>();
        inner->outer = scope;
        bind(statement.targets, item, *inner);
        return inner;
    };
    if (statement.condition != nullptr) {
        std::vector<Value> kept;
        for (const Value& item : items) {
            m_budget.step(stepsOfPass);
            if (evaluate(*statement.condition, *passScope(item)).truth()) kept.push_back(item);
        }
        items = std::move(kept);
    }
    bool finished = false;  // as in Jinja, 'else' is also for a loop of which no pass came to its end
    for (std::size_t i = 0; i < items.size(); ++i) {
        m_budget.step(stepsOfPass);
        const ScopePtr inner = passScope(items[i]);
        inner->values["loop"] = loopVariable(items, i);
        const Flow flow = execute(statement.body, inner, out);
        finished = finished || flow == Flow::Next;
        if (flow == Flow::Break) break;
    }
    if (finished) return Flow::Next;
    const auto inner = std::make_shared<Scope>();
    inner->outer = scope;
    return execute(statement.otherwise, inner, out);
}

void Evaluator::bind(const std::vector<std::string>& targets, const Value& value, Scope& scope) {
    if (targets.size() == 1) {
        scope.values[targets[0]] = value;
        return;
    }
    const std::vector<Value> parts = iterated(value, m_budget);
    if (parts.size() != targets.size())
        throw Error(std::to_string(targets.size()) + " names for " + std::to_string(parts.size()) +
                    " values");
    for (std::size_t i = 0; i < parts.size(); ++i) scope.values[targets[i]] = parts[i];
}

void Evaluator::set(const Statement& statement, const ScopePtr& scope) {
    const Value value = evaluate(*statement.value, *scope);
    if (!statement.setsAttribute) return bind(statement.targets, value, *scope);
    const Value* target = scope->find(statement.targets[0]);
    if (target == nullptr || target->kind() != Value::Kind::Namespace)
        throw Error("'" + statement.targets[0] + "' is not a namespace: its attributes cannot be set");
    m_budget.step();
    target->nameSpace().values[statement.targets[1]] = value;
}

void Evaluator::generation(const Statement& statement, const ScopePtr& scope, std::string& out) {
    const auto inner = std::make_shared<Scope>();
    inner->outer = scope;
    const std::size_t begin = out.size();
    execute(statement.body, inner, out);
    // What a macro or a 'set' collects is not the result yet.
    if (&out == m_result) m_generated.emplace_back(begin, out.size());
}

Value Evaluator::callMacro(const Macro& macro, CallArguments given) {
    const Budget::Level level(m_budget);
    const Statement& statement = *macro.statement;
    const std::shared_ptr<const Scope> outer = macro.scope.lock();
    if (outer == nullptr)
        throw Error("the macro '" + statement.text + "' is called outside of where it was made");
    const auto scope = std::make_shared<Scope>();
    scope->outer = outer;
    for (const MacroParameter& parameter : statement.parameters) {
        if (const Value* value = given.next(parameter.name))
            scope->values[parameter.name] = *value;
        else if (parameter.otherwise != nullptr)
            scope->values[parameter.name] = evaluate(*parameter.otherwise, *scope);
        else
            scope->values[parameter.name] = Value::undefined("parameter '" + parameter.name + "'");
    }
    given.done();
    return blockText(statement.body, scope);
}

}  // namespace retort::chat
