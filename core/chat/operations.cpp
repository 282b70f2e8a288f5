#include "core/chat/operations.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/chat/python_text.h"
#include "core/util/error.h"

namespace retort::chat {
namespace {

[[noreturn]] void typeError(std::string_view op, const Value& a, const Value& b) {
    throw Error("'" + std::string(op) + "' is not supported between '" + a.typeName() + "' and '" +
                b.typeName() + "'" +
                (a.isUndefined()   ? " (" + a.undefinedName() + " is undefined)"
                 : b.isUndefined() ? " (" + b.undefinedName() + " is undefined)"
                                   : ""));
}

Value whole(std::string_view op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    bool overflow = false;
    if (op == "+") overflow = __builtin_add_overflow(a, b, &result);
    if (op == "-") overflow = __builtin_sub_overflow(a, b, &result);
    if (op == "*") overflow = __builtin_mul_overflow(a, b, &result);
    if (op == "//" || op == "%") {
        if (b == 0) throw Error("division by zero");
        if (b == -1) {
            if (op == "%") return std::int64_t(0);
            overflow = __builtin_sub_overflow(std::int64_t(0), a, &result);
        } else {
            const std::int64_t rest = a % b, floored = rest != 0 && (rest < 0) != (b < 0) ? 1 : 0;
            result = op == "%" ? rest + floored * b : a / b - floored;
        }
    }
    if (overflow) throw Error("a number is too large");
    return result;
}

Value power(std::int64_t base, std::int64_t exponent) {
    if (exponent < 0) return std::pow(double(base), double(exponent));
    // These alone stay small however often they are multiplied.
    if (base == 0 || base == 1) return exponent == 0 ? std::int64_t(1) : base;
    if (base == -1) return std::int64_t(exponent % 2 == 0 ? 1 : -1);
    std::int64_t result = 1;
    for (std::int64_t i = 0; i < exponent; ++i)
        if (__builtin_mul_overflow(result, base, &result)) throw Error("a number is too large");
    return result;
}

Value real(std::string_view op, double a, double b) {
    if (op == "+") return a + b;
    if (op == "-") return a - b;
    if (op == "*") return a * b;
    if (op == "**") return std::pow(a, b);
    if (b == 0) throw Error("division by zero");
    if (op == "/") return a / b;
    if (op == "//") return std::floor(a / b);
    const double rest = std::fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

Value repeated(const Value& value, std::int64_t count, Budget& budget) {
    const std::uint64_t times = count > 0 ? std::uint64_t(count) : 0;
    if (value.isString()) {
        if (times > 0 && value.string().size() > budget.limits().textBytes / times)
            budget.text(~std::uint64_t(0) >> 1);
        budget.text(value.string().size() * times);
        std::string out;
        for (std::uint64_t i = 0; i < times && !value.string().empty(); ++i) out += value.string();
        return out;
    }
    if (times > 0 && value.items().size() > budget.limits().listItems / times)
        budget.list(~std::uint64_t(0) >> 8);
    budget.list(value.items().size() * times);
    std::vector<Value> items;
    for (std::uint64_t i = 0; i < times && !value.items().empty(); ++i)
        items.insert(items.end(), value.items().begin(), value.items().end());
    return Value::list(std::move(items), value.isTuple());
}

Value joined(const Value& a, const Value& b, Budget& budget) {
    if (a.isString()) {
        budget.text(a.string().size() + b.string().size());
        return a.string() + b.string();
    }
    budget.list(a.items().size() + b.items().size());
    std::vector<Value> items = a.items();
    items.insert(items.end(), b.items().begin(), b.items().end());
    return Value::list(std::move(items), a.isTuple());
}

// Python's rules for the bounds of a slice.
std::int64_t bound(const Value* value, std::int64_t otherwise, std::int64_t size, std::int64_t lowest,
                   std::int64_t highest) {
    if (value == nullptr || value->isNone()) return otherwise;
    if (!value->isInteger()) throw Error("a slice's bounds must be whole numbers");
    std::int64_t at = value->integer();
    if (at < 0) at = at < -size ? lowest : at + size;
    return std::clamp(at, lowest, highest);
}

std::vector<std::size_t> slicePlaces(std::int64_t size, const Value* start, const Value* stop,
                                     const Value* step) {
    std::int64_t by = 1;
    if (step != nullptr && !step->isNone()) {
        if (!step->isInteger()) throw Error("a slice's step must be a whole number");
        by = std::clamp<std::int64_t>(step->integer(), -(std::int64_t(1) << 40), std::int64_t(1) << 40);
    }
    if (by == 0) throw Error("a slice's step must not be zero");
    std::vector<std::size_t> places;
    if (by > 0) {
        const std::int64_t end = bound(stop, size, size, 0, size);
        for (std::int64_t i = bound(start, 0, size, 0, size); i < end; i += by)
            places.push_back(std::size_t(i));
    } else {
        const std::int64_t end = bound(stop, -1, size, -1, size - 1);
        for (std::int64_t i = bound(start, size - 1, size, -1, size - 1); i > end; i += by)
            places.push_back(std::size_t(i));
    }
    return places;
}

constexpr std::array<std::string_view, 13> changing{"add",        "append", "clear",   "discard", "extend",
                                                    "insert",     "pop",    "popitem", "remove",  "reverse",
                                                    "setdefault", "sort",   "update"};
constexpr std::array<std::string_view, 5> dictMethods{"copy", "get", "items", "keys", "values"};

}  // namespace

bool isChangingMethod(std::string_view name) {
    return std::find(changing.begin(), changing.end(), name) != changing.end();
}

bool isDictMethod(std::string_view name) {
    return std::find(dictMethods.begin(), dictMethods.end(), name) != dictMethods.end();
}

std::vector<Value> iterated(const Value& value, Budget& budget) {
    std::vector<Value> items;
    if (value.isUndefined()) return items;
    if (value.isList()) {
        budget.list(value.items().size());
        return value.items();
    }
    if (value.isDict()) {
        budget.list(value.entries().size());
        for (const auto& [key, item] : value.entries()) items.emplace_back(key);
        return items;
    }
    if (!value.isString())
        throw Error(std::string("a value of the type ") + value.typeName() + " cannot be looped over");
    budget.list(value.string().size());
    for (std::string_view c : characters(value.string())) items.emplace_back(c);
    return items;
}

Value itemOf(const Value& value, const Value& key, Budget& budget) {
    const auto missing = [&] {
        std::string name = (key.isString() ? key.string() : text(key)).substr(0, 60);
        if (key.isString()) name.insert(0, 1, '\'').push_back('\'');
        return Value::undefined(std::move(name));
    };
    if (value.isUndefined()) throw Error(value.undefinedName() + " is undefined");
    if (value.isDict()) {
        const Value* found = key.isString() ? value.find(key.string()) : nullptr;
        return found != nullptr ? *found : missing();
    }
    if (value.kind() == Value::Kind::Namespace && key.isString()) {
        const auto found = value.nameSpace().values.find(key.string());
        return found != value.nameSpace().values.end() ? found->second : missing();
    }
    if (!key.isInteger() || (!value.isList() && !value.isString())) return missing();
    if (value.isString()) budget.text(value.string().size());
    const std::int64_t size =
        std::int64_t(value.isList() ? value.items().size() : characterCount(value.string()));
    const std::int64_t at = key.integer() < 0 ? key.integer() + size : key.integer();
    if (at < 0 || at >= size) return missing();
    if (value.isList()) return value.items()[std::size_t(at)];
    return characterNumber(value.string(), std::size_t(at));
}

Value arithmetic(std::string_view op, const Value& a, const Value& b, Budget& budget) {
    if (op == "+" &&
        ((a.isString() && b.isString()) || (a.isList() && b.isList() && a.isTuple() == b.isTuple())))
        return joined(a, b, budget);
    if (op == "*" && (a.isString() || a.isList()) && b.isInteger()) return repeated(a, b.integer(), budget);
    if (op == "*" && (b.isString() || b.isList()) && a.isInteger()) return repeated(b, a.integer(), budget);
    if (!a.isNumber() || !b.isNumber()) typeError(op, a, b);
    if (op == "/" || !a.isInteger() || !b.isInteger()) return real(op, a.number(), b.number());
    return op == "**" ? power(a.integer(), b.integer()) : whole(op, a.integer(), b.integer());
}

Value sliced(const Value& value, const Value* start, const Value* stop, const Value* step, Budget& budget) {
    if (value.isUndefined()) throw Error(value.undefinedName() + " is undefined");
    if (value.isString()) {
        budget.list(value.string().size());
        const std::vector<std::string_view> all = characters(value.string());
        std::string out;
        for (std::size_t at : slicePlaces(std::int64_t(all.size()), start, stop, step)) out += all[at];
        return out;
    }
    if (!value.isList())
        throw Error(std::string("a value of the type ") + value.typeName() + " has no slices");
    budget.list(value.items().size());
    std::vector<Value> items;
    for (std::size_t at : slicePlaces(std::int64_t(value.items().size()), start, stop, step))
        items.push_back(value.items()[at]);
    return Value::list(std::move(items), value.isTuple());
}

}  // namespace retort::chat
