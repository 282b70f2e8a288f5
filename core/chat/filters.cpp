// Jinja's filters: `value | NAME(arguments)`; tojson is that of transformers.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "core/chat/operations.h"
#include "core/chat/python_text.h"
#include "core/util/error.h"

namespace retort::chat {
namespace {

// value.a.b.0, as `attribute=` names it.
Value attributeOf(Value value, const Value& path, Budget& budget) {
    if (path.isInteger()) return itemOf(value, path, budget);
    for (const std::string& part : splitAt(text(path), ".", -1, false)) {
        const bool number = !part.empty() && std::all_of(part.begin(), part.end(),
                                                         [](char c) { return c >= '0' && c <= '9'; });
        std::int64_t at = 0;
        if (number) std::from_chars(part.data(), part.data() + part.size(), at);
        value = itemOf(value, number ? Value(at) : Value(part), budget);
    }
    return value;
}

std::string boundedText(const Value& value, Budget& budget) {
    budget.step(value.weight());
    std::string result = text(value);
    budget.text(result.size());
    return result;
}

Value trim(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string whole = boundedText(value, budget);
    const Value* set = arguments.next("chars");
    if (set == nullptr || set->isNone()) return stripped(whole, Side::Both);
    const std::string members = text(*set);
    budget.step(whole.size() * (1 + members.size() / 16));
    return stripped(whole, Side::Both, &members);
}

Value length(const Value& value, CallArguments&, Budget& budget) {
    if (value.isUndefined()) return std::int64_t(0);
    if (value.isList()) return std::int64_t(value.items().size());
    if (value.isDict()) return std::int64_t(value.entries().size());
    if (!value.isString())
        throw Error(std::string("a value of the type ") + value.typeName() + " has no length");
    budget.text(value.string().size());
    return std::int64_t(characterCount(value.string()));
}

Value toJson(const Value& value, CallArguments& arguments, Budget& budget) {
    JsonStyle style;
    style.ensureAscii = arguments.flag("ensure_ascii", false);
    if (const Value* indent = arguments.next("indent"); indent != nullptr && !indent->isNone()) {
        if (!indent->isInteger() || indent->integer() < 0 || indent->integer() > 16)
            throw Error("tojson's indent must be a number from 0 to 16");
        style.indent = int(indent->integer());
        style.itemSeparator = ",";
    }
    if (const Value* separators = arguments.next("separators");
        separators != nullptr && !separators->isNone()) {
        if (!separators->isList() || separators->items().size() != 2)
            throw Error("tojson's separators are two texts");
        style.itemSeparator = text(separators->items()[0]);
        style.keySeparator = text(separators->items()[1]);
    }
    style.sortKeys = arguments.flag("sort_keys", false);
    // What stands between the values is charged before it is written: separators are as long as they like.
    const std::uint64_t between = style.itemSeparator.size() + style.keySeparator.size() +
                                  std::uint64_t(std::max(style.indent, 0)) * std::uint64_t(value.depth() + 1);
    budget.text(value.weight() * between);
    budget.step(value.weight());
    std::string result = jsonText(value, style);
    budget.text(result.size());
    return result;
}

Value join(const Value& value, CallArguments& arguments, Budget& budget) {
    const Value* separator = arguments.next("d");
    const Value* attribute = arguments.next("attribute");
    const std::string between = separator == nullptr ? "" : text(*separator);
    std::string out;
    bool first = true;
    for (const Value& item : iterated(value, budget)) {
        if (!first) out += between;
        first = false;
        out += boundedText(
            attribute != nullptr && !attribute->isNone() ? attributeOf(item, *attribute, budget) : item,
            budget);
        budget.text(between.size());
        if (out.size() > budget.limits().textBytes) budget.text(out.size());
    }
    return out;
}

Value otherwise(const Value& value, CallArguments& arguments, Budget&) {
    const Value* fallback = arguments.next("default_value");
    const bool alsoFalse = arguments.flag("boolean", false);
    const bool missing = value.isUndefined() || (alsoFalse && !value.truth());
    return !missing ? value : fallback != nullptr ? *fallback : Value("");
}

template <bool last>
Value end(const Value& value, CallArguments&, Budget& budget) {
    const std::vector<Value> items = iterated(value, budget);
    if (items.empty())
        return Value::undefined(last ? "the last item of nothing" : "the first item of nothing");
    return last ? items.back() : items.front();
}

Value list(const Value& value, CallArguments&, Budget& budget) {
    return Value::list(iterated(value, budget));
}

Value reverse(const Value& value, CallArguments&, Budget& budget) {
    std::vector<Value> items = iterated(value, budget);
    std::reverse(items.begin(), items.end());
    if (!value.isString()) return Value::list(std::move(items));
    std::string out;
    for (const Value& item : items) out += item.string();
    return out;
}

Value replace(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string whole = boundedText(value, budget);
    const std::string what = text(arguments.need("old")), with = text(arguments.need("new"));
    if (what.empty()) budget.list(whole.size());
    std::string result =
        replaced(whole, what, with, arguments.integer("count", -1), budget.limits().textBytes);
    budget.text(result.size());
    return result;
}

// select, reject, selectattr, rejectattr: the items for which a test holds (or not); without a test, those
// that are true.
template <bool wanted, bool ofAttribute>
Value select(const Value& value, CallArguments& arguments, Budget& budget) {
    const Value attribute = ofAttribute ? arguments.need("attribute") : Value();
    Test test = nullptr;
    if (arguments.hasPositional()) {
        const std::string name = arguments.needText("test");
        if ((test = findTest(name)) == nullptr)
            throw Error("the test '" + name.substr(0, 60) + "' is not supported");
    }
    const CallArguments rest = arguments.rest();
    std::vector<Value> kept;
    for (const Value& item : iterated(value, budget)) {
        budget.step(item.weight() + rest.weight());
        CallArguments own = rest;
        const Value subject = ofAttribute ? attributeOf(item, attribute, budget) : item;
        if ((test != nullptr ? test(subject, own) : subject.truth()) == wanted) kept.push_back(item);
        if (test != nullptr) own.done();
    }
    return Value::list(std::move(kept));
}

Value map(const Value& value, CallArguments& arguments, Budget& budget) {
    const Value* attribute = arguments.named("attribute");
    const Value* fallback = arguments.named("default");
    Filter filter = nullptr;
    if (attribute == nullptr) {
        const std::string name = arguments.needText("filter");
        if ((filter = findFilter(name)) == nullptr)
            throw Error("the filter '" + name.substr(0, 60) + "' is not supported");
    }
    const CallArguments rest = arguments.rest();
    std::vector<Value> results;
    for (const Value& item : iterated(value, budget)) {
        budget.step();
        CallArguments own = rest;
        if (filter != nullptr) {
            Budget::Level level(budget);
            results.push_back(filter(item, own, budget));
            own.done();
            continue;
        }
        Value found = attributeOf(item, *attribute, budget);
        results.push_back(found.isUndefined() && fallback != nullptr ? *fallback : found);
    }
    return Value::list(std::move(results));
}

Value folded(const Value& value, bool caseSensitive) {
    return value.isString() && !caseSensitive ? Value(lower(value.string())) : value;
}

/// The items in the order of their keys, equal ones as they were.
Value inOrder(std::vector<std::pair<Value, Value>> keyed, bool descending) {
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
        return descending ? less(b.first, a.first) : less(a.first, b.first);
    });
    std::vector<Value> items;
    for (auto& [key, item] : keyed) items.push_back(std::move(item));
    return Value::list(std::move(items));
}

Value sort(const Value& value, CallArguments& arguments, Budget& budget) {
    const bool descending = arguments.flag("reverse", false),
               caseSensitive = arguments.flag("case_sensitive", false);
    const Value* attribute = arguments.next("attribute");
    std::vector<std::pair<Value, Value>> keyed;
    for (const Value& item : iterated(value, budget))
        keyed.emplace_back(
            folded(attribute != nullptr ? attributeOf(item, *attribute, budget) : item, caseSensitive), item);
    budget.step(value.weight() * 20);
    return inOrder(std::move(keyed), descending);
}

Value dictSort(const Value& value, CallArguments& arguments, Budget& budget) {
    const bool caseSensitive = arguments.flag("case_sensitive", false);
    const bool byValue = arguments.text("by", "key") == "value",
               descending = arguments.flag("reverse", false);
    if (!value.isDict()) throw Error("dictsort needs a dict");
    std::vector<std::pair<Value, Value>> keyed;
    for (const auto& [key, item] : value.entries())
        keyed.emplace_back(folded(byValue ? item : Value(key), caseSensitive),
                           Value::list({key, item}, true));
    budget.step(value.weight() * 20);
    return inOrder(std::move(keyed), descending);
}

Value unique(const Value& value, CallArguments& arguments, Budget& budget) {
    const bool caseSensitive = arguments.flag("case_sensitive", false);
    std::vector<Value> keys, kept;
    for (const Value& item : iterated(value, budget)) {
        const Value key = folded(item, caseSensitive);
        budget.step((1 + keys.size()) * item.weight());
        if (std::any_of(keys.begin(), keys.end(), [&](const Value& other) { return equal(key, other); }))
            continue;
        keys.push_back(key);
        kept.push_back(item);
    }
    return Value::list(std::move(kept));
}

template <bool largest>
Value extreme(const Value& value, CallArguments&, Budget& budget) {
    const std::vector<Value> items = iterated(value, budget);
    if (items.empty()) return Value::undefined("the extreme of nothing");
    budget.step(2 * value.weight());
    const auto below = [](const Value& a, const Value& b) {
        return less(folded(a, false), folded(b, false));
    };
    if (!largest) return *std::min_element(items.begin(), items.end(), below);
    return *std::max_element(items.begin(), items.end(), below);
}

Value sum(const Value& value, CallArguments& arguments, Budget& budget) {
    const Value* attribute = arguments.next("attribute");
    const Value* start = arguments.next("start");
    Value total = start != nullptr ? *start : Value(std::int64_t(0));
    for (const Value& item : iterated(value, budget))
        total = arithmetic(
            "+", total,
            attribute != nullptr && !attribute->isNone() ? attributeOf(item, *attribute, budget) : item,
            budget);
    return total;
}

// The number that a text writes; false when it writes none.
template <typename Number>
bool parsedNumber(std::string_view text, Number& number) {
    const std::string bare = stripped(text, Side::Both);
    const char* begin = bare.data() + (bare.starts_with('+') ? 1 : 0);
    const auto [end, problem] = std::from_chars(begin, bare.data() + bare.size(), number);
    return problem == std::errc() && end == bare.data() + bare.size() && begin != end;
}

Value toInteger(const Value& value, CallArguments& arguments, Budget&) {
    const Value* fallback = arguments.next("default");
    std::int64_t integer = 0;
    double real = 0;
    bool isReal = value.kind() == Value::Kind::Float;
    if (isReal) real = value.number();
    if (value.isInteger()) return value.integer();
    if (value.isString() && parsedNumber(value.string(), integer)) return integer;
    isReal = isReal || (value.isString() && parsedNumber(value.string(), real));
    if (isReal && std::abs(real) < 9e18) return std::int64_t(real);
    return fallback != nullptr ? *fallback : Value(std::int64_t(0));
}

Value toFloat(const Value& value, CallArguments& arguments, Budget&) {
    const Value* fallback = arguments.next("default");
    double real = 0;
    if (value.isNumber()) return value.number();
    if (value.isString() && parsedNumber(value.string(), real)) return real;
    return fallback != nullptr ? *fallback : Value(0.0);
}

Value absolute(const Value& value, CallArguments&, Budget&) {
    if (!value.isNumber()) throw Error(std::string("abs needs a number, not ") + value.typeName());
    if (!value.isInteger()) return std::abs(value.number());
    if (value.integer() == INT64_MIN) throw Error("a number is too large");
    return std::abs(value.integer());
}

Value rounded(const Value& value, CallArguments& arguments, Budget&) {
    const std::int64_t digits = arguments.integer("precision", 0);
    const std::string method = arguments.text("method", "common");
    if (!value.isNumber()) throw Error(std::string("round needs a number, not ") + value.typeName());
    if (digits < -15 || digits > 15) throw Error("round's precision must be from -15 to 15");
    if (method == "common" && value.isInteger() && digits >= 0)
        return value.integer();  // stays whole, as in Python
    const double scale = std::pow(10.0, double(digits)), number = value.number();
    if (method == "ceil") return std::ceil(number * scale) / scale;
    if (method == "floor") return std::floor(number * scale) / scale;
    if (method != "common") throw Error("round's method is common, ceil or floor");
    // As Python rounds: the decimal digits are those of the number itself, halves to even.
    char buffer[400];
    if (digits >= 0) {
        const auto end =
            std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed, int(digits)).ptr;
        double result = number;
        std::from_chars(buffer, end, result);
        return result;
    }
    return std::nearbyint(number * scale) / scale;
}

Value indent(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string whole = boundedText(value, budget);
    const Value* width = arguments.next("width");
    const bool first = arguments.flag("first", false), blank = arguments.flag("blank", false);
    std::string space(4, ' ');
    if (width != nullptr && width->isString()) space = width->string();
    if (width != nullptr && width->isInteger())
        space = std::string(std::size_t(std::clamp<std::int64_t>(width->integer(), 0, 1000)), ' ');
    std::string out;
    bool isFirst = true;
    budget.list(1 + std::uint64_t(std::count(whole.begin(), whole.end(), '\n')));
    for (const std::string& line : splitLines(whole + "\n", false)) {
        if (!isFirst) out += '\n';
        if (isFirst ? first : blank || !line.empty()) out += space;
        out += line;
        isFirst = false;
        budget.text(space.size() + line.size());
        if (out.size() > budget.limits().textBytes) budget.text(out.size());
    }
    return out;
}

// Jinja's own title: a word begins behind blanks, hyphens and opening brackets.
Value title(const Value& value, CallArguments&, Budget& budget) {
    const std::string whole = boundedText(value, budget);
    std::string out;
    bool begins = true;
    budget.list(whole.size());
    for (std::string_view c : characters(whole)) {
        out += begins ? upper(c) : lower(c);
        begins =
            std::string_view("-({[<").find(c) != std::string_view::npos || stripped(c, Side::Both).empty();
    }
    return out;
}

Value items(const Value& value, CallArguments& arguments, Budget& budget) {
    if (value.isUndefined()) return Value::list({});
    return findMethod("items")(value, arguments, budget);
}

template <std::string (*change)(std::string_view)>
Value changed(const Value& value, CallArguments&, Budget& budget) {
    return change(boundedText(value, budget));
}

const std::unordered_map<std::string_view, Filter>& table() {
    static const std::unordered_map<std::string_view, Filter> filters{
        {"trim", trim},
        {"length", length},
        {"count", length},
        {"tojson", toJson},
        {"join", join},
        {"default", otherwise},
        {"d", otherwise},
        {"first", end<false>},
        {"last", end<true>},
        {"list", list},
        {"reverse", reverse},
        {"replace", replace},
        {"select", select<true, false>},
        {"reject", select<false, false>},
        {"selectattr", select<true, true>},
        {"rejectattr", select<false, true>},
        {"map", map},
        {"sort", sort},
        {"dictsort", dictSort},
        {"unique", unique},
        {"min", extreme<false>},
        {"max", extreme<true>},
        {"sum", sum},
        {"int", toInteger},
        {"float", toFloat},
        {"abs", absolute},
        {"round", rounded},
        {"indent", indent},
        {"title", title},
        {"items", items},
        {"upper", changed<upper>},
        {"lower", changed<lower>},
        {"capitalize", changed<capitalized>},
        // Nothing is escaped here, so that a text is already safe.
        {"safe", [](const Value& value, CallArguments&,
                    Budget& budget) { return Value(boundedText(value, budget)); }},
        {"string", [](const Value& value, CallArguments&, Budget& budget) {
             return Value(boundedText(value, budget));
         }}};
    return filters;
}

}  // namespace

Filter findFilter(std::string_view name) {
    const auto found = table().find(name);
    return found == table().end() ? nullptr : found->second;
}

}  // namespace retort::chat
