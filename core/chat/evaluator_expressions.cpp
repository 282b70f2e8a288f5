#include <locale.h>

#include <algorithm>

#include "core/chat/evaluator.h"
#include "core/chat/operations.h"
#include "core/chat/python_text.h"

namespace retort::chat {
namespace {

constexpr std::int64_t maxRange = 100'000;  // Jinja's sandbox has the same

// Names of months in English, whatever the program's language is, as Python's.
std::string formattedTime(const std::string& format, std::time_t now) {
    std::tm parts{};
    ::localtime_r(&now, &parts);
    if (format.size() > 1000) throw Error("strftime_now's format is too long");
    static const locale_t locale = ::newlocale(LC_ALL_MASK, "C", locale_t(0));
    std::string out(format.size() * 20 + 100, '\0');
    out.resize(::strftime_l(out.data(), out.size(), format.c_str(), &parts, locale));
    return out;
}

Value range(CallArguments& arguments, Budget& budget) {
    std::vector<std::int64_t> bounds;
    while (arguments.hasPositional()) {
        const Value bound = arguments.need("bound");
        constexpr std::int64_t largest = std::int64_t(1) << 53;
        if (!bound.isInteger() || bound.integer() > largest || bound.integer() < -largest)
            throw Error("range needs whole numbers");
        bounds.push_back(bound.integer());
    }
    if (bounds.empty() || bounds.size() > 3) throw Error("range takes one to three numbers");
    const std::int64_t start = bounds.size() > 1 ? bounds[0] : 0, stop = bounds[bounds.size() > 1 ? 1 : 0];
    const std::int64_t step = bounds.size() > 2 ? bounds[2] : 1;
    if (step == 0) throw Error("range's step must not be zero");
    if ((stop - start) / step > maxRange) throw Error("range is too long");
    std::vector<Value> items;
    for (std::int64_t i = start; step > 0 ? i < stop : i > stop; i += step) items.emplace_back(i);
    budget.list(items.size());
    return Value::list(std::move(items));
}

std::string describedUndefined(const Value& value) {
    return (value.undefinedName().empty() ? "a value" : value.undefinedName()) + " is undefined";
}

}  // namespace

Value Evaluator::evaluate(const Expression& expression, const Scope& scope) {
    const Budget::Level level(m_budget);
    m_budget.step();
    try {
        return evaluateKind(expression, scope);
    } catch (const Error& error) {
        if (!error.where().empty()) throw;
        throw Error(error.what_happened(), m_where + ":" + std::to_string(expression.line), error.hint());
    }
}

std::vector<Value> Evaluator::all(const std::vector<ExpressionPtr>& parts, const Scope& scope) {
    std::vector<Value> values;
    for (const ExpressionPtr& part : parts) values.push_back(evaluate(*part, scope));
    return values;
}

CallArguments Evaluator::arguments(const Arguments& list, const Scope& scope) {
    std::vector<std::pair<std::string, Value>> named;
    for (const auto& [name, part] : list.named) named.emplace_back(name, evaluate(*part, scope));
    return {all(list.positional, scope), std::move(named)};
}

Value Evaluator::evaluateKind(const Expression& expression, const Scope& scope) {
    using Kind = Expression::Kind;
    const auto part = [&](std::size_t i) { return evaluate(*expression.parts[i], scope); };
    switch (expression.kind) {
        case Kind::Constant:
            return expression.value;
        case Kind::Name: {
            const Value* found = scope.find(expression.name);
            return found != nullptr ? *found : Value::undefined("'" + expression.name + "'");
        }
        case Kind::List:
        case Kind::Tuple:
            m_budget.list(expression.parts.size());
            return Value::list(all(expression.parts, scope), expression.kind == Kind::Tuple);
        case Kind::Dict:
            return dict(expression, scope);
        case Kind::Attribute:
            return attribute(expression, scope);
        case Kind::Item:
            return itemOf(part(0), part(1), m_budget);
        case Kind::Slice:
            return slice(expression, scope);
        case Kind::Call:
            return call(expression, scope);
        case Kind::Method:
            return method(expression, scope);
        case Kind::Filter: {
            const Value operand = part(0);
            CallArguments list = arguments(expression.arguments, scope);
            Value result = findFilter(expression.name)(operand, list, m_budget);
            list.done();
            return result;
        }
        case Kind::Test: {
            const Value operand = part(0);
            CallArguments list = arguments(expression.arguments, scope);
            if (const std::uint64_t weight = list.weight()) m_budget.step(operand.weight() + weight);
            const bool result = findTest(expression.name)(operand, list);
            list.done();
            return result;
        }
        case Kind::Not:
            return !part(0).truth();
        case Kind::Negative:
            return arithmetic("-", std::int64_t(0), part(0), m_budget);
        case Kind::Positive:
            return arithmetic("+", std::int64_t(0), part(0), m_budget);
        case Kind::And: {
            const Value left = part(0);
            return left.truth() ? part(1) : left;
        }
        case Kind::Or: {
            const Value left = part(0);
            return left.truth() ? left : part(1);
        }
        case Kind::Compare:
            return compare(expression, scope);
        case Kind::Arithmetic:
            return arithmetic(expression.name, part(0), part(1), m_budget);
        case Kind::Concatenate:
            return concatenation(expression, scope);
        case Kind::Conditional:
            if (part(1).truth()) return part(0);
            if (expression.parts[2] == nullptr) return Value::undefined("the inline 'if' without 'else'");
            return part(2);
    }
    return {};
}

Value Evaluator::dict(const Expression& expression, const Scope& scope) {
    std::vector<std::pair<std::string, Value>> entries;
    for (std::size_t i = 0; i < expression.parts.size(); i += 2) {
        const Value key = evaluate(*expression.parts[i], scope);
        if (!key.isString()) throw Error(std::string("a dict's keys must be texts, not ") + key.typeName());
        entries.emplace_back(key.string(), evaluate(*expression.parts[i + 1], scope));
    }
    m_budget.list(entries.size());
    return Value::dict(std::move(entries));
}

Value Evaluator::attribute(const Expression& expression, const Scope& scope) {
    const Value value = evaluate(*expression.parts[0], scope);
    const std::string& name = expression.name;
    if (value.isUndefined()) throw Error(describedUndefined(value) + ", so that it has no '" + name + "'");
    const bool isMethod =
        value.isDict() ? isDictMethod(name) : value.isString() && findMethod(name) != nullptr;
    if (isMethod) throw Error("the method '" + name + "' can only be called");
    if ((value.isDict() || value.isList()) && isChangingMethod(name))
        throw Error("'" + name + "' would change what it belongs to, which templates may not do");
    return itemOf(value, name, m_budget);
}

Value Evaluator::slice(const Expression& expression, const Scope& scope) {
    const Value value = evaluate(*expression.parts[0], scope);
    Value bounds[3];
    const Value* given[3] = {};
    for (std::size_t i = 0; i < 3; ++i) {
        if (expression.parts[i + 1] == nullptr) continue;
        bounds[i] = evaluate(*expression.parts[i + 1], scope);
        given[i] = &bounds[i];
    }
    return sliced(value, given[0], given[1], given[2], m_budget);
}

Value Evaluator::compare(const Expression& expression, const Scope& scope) {
    Value left = evaluate(*expression.parts[0], scope);
    for (std::size_t i = 0; i < expression.operators.size(); ++i) {
        const std::string& op = expression.operators[i];
        const Value right = evaluate(*expression.parts[i + 1], scope);
        m_budget.step(left.weight() + right.weight());
        const bool holds = op == "=="   ? equal(left, right)
                           : op == "!=" ? !equal(left, right)
                           : op == "<"  ? less(left, right)
                           : op == ">"  ? less(right, left)
                           : op == "<=" ? less(left, right) || equal(left, right)
                           : op == ">=" ? less(right, left) || equal(left, right)
                           : op == "in" ? contains(right, left)
                                        : !contains(right, left);
        if (!holds) return false;
        left = right;
    }
    return true;
}

Value Evaluator::concatenation(const Expression& expression, const Scope& scope) {
    std::string out;
    for (const Value& part : all(expression.parts, scope)) write(out, textOf(part));
    return out;
}

Value Evaluator::method(const Expression& expression, const Scope& scope) {
    const Value self = evaluate(*expression.parts[0], scope);
    if (self.isUndefined())
        throw Error(describedUndefined(self) + ", so that it has no '" + expression.name + "'");
    CallArguments list = arguments(expression.arguments, scope);
    Value result = findMethod(expression.name)(self, list, m_budget);
    list.done();
    return result;
}

Value Evaluator::call(const Expression& expression, const Scope& scope) {
    const Value value = evaluate(*expression.parts[0], scope);
    CallArguments list = arguments(expression.arguments, scope);
    if (value.isUndefined()) throw Error(describedUndefined(value) + ": it cannot be called");
    if (value.kind() != Value::Kind::Macro)
        throw Error(std::string("a value of the type ") + value.typeName() + " cannot be called");
    const Macro& macro = *value.macro();
    return macro.statement == nullptr ? function(macro.function, list) : callMacro(macro, std::move(list));
}

Value Evaluator::function(const std::string& name, CallArguments& list) {
    Value result;
    if (name == "raise_exception") {
        const std::string reason = text(list.need("message"));
        throw Error("the chat template refuses these messages: " + reason.substr(0, 1000));
    }
    if (name == "range") {
        result = range(list, m_budget);
    } else if (name == "strftime_now") {
        result = formattedTime(list.needText("format"), m_now);
    } else if (name == "namespace" || name == "dict") {
        std::vector<std::pair<std::string, Value>> entries;
        if (const Value* given = list.hasPositional() ? list.next("mapping") : nullptr) {
            if (!given->isDict()) throw Error(name + " needs a dict or named values");
            entries = given->entries();
        }
        const CallArguments named = list.rest();
        entries.insert(entries.end(), named.namedArguments().begin(), named.namedArguments().end());
        m_budget.list(entries.size() + 1);
        if (named.positionalCount() > 0) throw Error("too many arguments");
        if (name == "dict") return Value::dict(std::move(entries));
        Namespace& made = m_namespaces.emplace_back();
        for (auto& [key, value] : entries) made.values[key] = std::move(value);
        return Value::of(&made);
    }
    list.done();
    return result;
}

}  // namespace retort::chat
