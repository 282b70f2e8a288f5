// Jinja's tests: `value is NAME(arguments)`.
#include <cctype>
#include <cmath>
#include <unordered_map>

#include "core/chat/operations.h"
#include "core/chat/python_text.h"
#include "core/util/error.h"

namespace retort::chat {
namespace {

using Kind = Value::Kind;

bool isSized(const Value& value) {
    return value.isString() || value.isList() || value.isDict() || value.isUndefined();
}

std::int64_t wholeNumber(const Value& value) {
    if (!value.isInteger()) throw Error(std::string("a whole number is needed, not ") + value.typeName());
    return value.integer();
}

bool isMultiple(const Value& value, const Value& divisor) {
    const std::int64_t by = wholeNumber(divisor), number = wholeNumber(value);
    if (by == 0) throw Error("division by zero");
    return by == -1 || number % by == 0;
}

const std::unordered_map<std::string_view, Test>& table() {
    const Test eq = [](const Value& a, CallArguments& b) { return equal(a, b.need("b")); };
    const Test ne = [](const Value& a, CallArguments& b) { return !equal(a, b.need("b")); };
    const Test lt = [](const Value& a, CallArguments& b) { return less(a, b.need("b")); };
    const Test gt = [](const Value& a, CallArguments& b) { return less(b.need("b"), a); };
    const Test le = [](const Value& a, CallArguments& b) {
        const Value other = b.need("b");
        return less(a, other) || equal(a, other);
    };
    const Test ge = [](const Value& a, CallArguments& b) {
        const Value other = b.need("b");
        return less(other, a) || equal(a, other);
    };
    static const std::unordered_map<std::string_view, Test> tests{
        {"defined", [](const Value& value, CallArguments&) { return !value.isUndefined(); }},
        {"undefined", [](const Value& value, CallArguments&) { return value.isUndefined(); }},
        {"none", [](const Value& value, CallArguments&) { return value.isNone(); }},
        {"boolean", [](const Value& value, CallArguments&) { return value.kind() == Kind::Bool; }},
        {"true",
         [](const Value& value, CallArguments&) { return value.kind() == Kind::Bool && value.boolean(); }},
        {"false",
         [](const Value& value, CallArguments&) { return value.kind() == Kind::Bool && !value.boolean(); }},
        {"integer", [](const Value& value, CallArguments&) { return value.kind() == Kind::Int; }},
        {"float", [](const Value& value, CallArguments&) { return value.kind() == Kind::Float; }},
        {"number", [](const Value& value, CallArguments&) { return value.isNumber(); }},
        {"string", [](const Value& value, CallArguments&) { return value.isString(); }},
        {"mapping", [](const Value& value, CallArguments&) { return value.isDict(); }},
        {"iterable", [](const Value& value, CallArguments&) { return isSized(value); }},
        {"sequence", [](const Value& value, CallArguments&) { return isSized(value); }},
        {"callable", [](const Value& value, CallArguments&) { return value.kind() == Kind::Macro; }},
        {"even", [](const Value& value, CallArguments&) { return wholeNumber(value) % 2 == 0; }},
        {"odd", [](const Value& value, CallArguments&) { return wholeNumber(value) % 2 != 0; }},
        {"divisibleby",
         [](const Value& value, CallArguments& by) { return isMultiple(value, by.need("num")); }},
        {"in", [](const Value& value, CallArguments& seq) { return contains(seq.need("seq"), value); }},
        {"lower",
         [](const Value& value, CallArguments&) {
             const std::string t = text(value);
             return lower(t) == t && upper(t) != t;
         }},
        {"upper",
         [](const Value& value, CallArguments&) {
             const std::string t = text(value);
             return upper(t) == t && lower(t) != t;
         }},
        {"eq", eq},
        {"==", eq},
        {"equalto", eq},
        {"ne", ne},
        {"!=", ne},
        {"lt", lt},
        {"<", lt},
        {"lessthan", lt},
        {"gt", gt},
        {">", gt},
        {"greaterthan", gt},
        {"le", le},
        {"<=", le},
        {"ge", ge},
        {">=", ge}};
    return tests;
}

}  // namespace

Test findTest(std::string_view name) {
    const auto found = table().find(name);
    return found == table().end() ? nullptr : found->second;
}

}  // namespace retort::chat
