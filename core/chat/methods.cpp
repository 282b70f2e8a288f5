// Methods of texts, lists and dicts: those of Python's str, list and dict that change nothing.
#include <algorithm>
#include <unordered_map>

#include "core/chat/operations.h"
#include "core/chat/python_text.h"
#include "core/tokenizers/unicode_class.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort::chat {
namespace {

const std::string& self(const Value& value, Budget& budget) {
    if (!value.isString()) {
        const std::string reason = value.isUndefined() ? value.undefinedName() + " is undefined" : "";
        throw Error(reason.empty()
                        ? std::string("a value of the type ") + value.typeName() + " has no such method"
                        : reason);
    }
    budget.text(value.string().size());
    return value.string();
}

const Value& dict(const Value& value) {
    if (!value.isDict())
        throw Error(std::string("a value of the type ") + value.typeName() + " has no such method");
    return value;
}

// Before the parts of a text are made: at most one more than there are bytes that can end one.
template <typename Ends>
void chargeParts(std::string_view text, Ends ends, Budget& budget) {
    budget.list(1 + std::uint64_t(std::count_if(text.begin(), text.end(), ends)));
}

// What splitlines() breaks at begins with one of these bytes.
bool beginsBreak(char c) {
    const unsigned char byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0xc2 || byte == 0xe2;
}

Value listOf(const std::vector<std::string>& parts, Budget& budget) {
    budget.list(parts.size());
    return Value::list(std::vector<Value>(parts.begin(), parts.end()));
}

template <Side side>
Value strip(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& text = self(value, budget);
    const Value* set = arguments.next("chars");
    if (set == nullptr || set->isNone()) return stripped(text, side);
    if (!set->isString()) throw Error("strip() needs a text");
    budget.step(text.size() * (1 + set->string().size() / 16));
    return stripped(text, side, &set->string());
}

template <bool fromRight>
Value split(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& text = self(value, budget);
    const Value* separator = arguments.next("sep");
    const std::int64_t count = arguments.integer("maxsplit", -1);
    if (separator != nullptr && !separator->isNone()) {
        if (!separator->isString()) throw Error("split() needs a text");
        const char first = separator->string().empty() ? '\0' : separator->string().front();
        chargeParts(
            text, [first](char c) { return c == first; }, budget);
        return listOf(splitAt(text, separator->string(), count, fromRight), budget);
    }
    if (fromRight && count >= 0) throw Error("rsplit() with a count needs a separator");
    chargeParts(
        text,
        [](char c) {
            return static_cast<unsigned char>(c) <= ' ' || beginsBreak(c) || c == '\xe1' || c == '\xe3';
        },
        budget);
    return listOf(splitAtSpace(text, count), budget);
}

Value lines(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& text = self(value, budget);
    chargeParts(text, beginsBreak, budget);
    return listOf(splitLines(text, arguments.flag("keepends", false)), budget);
}

template <bool fromRight>
Value partition(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& text = self(value, budget);
    const std::string separator = arguments.needText("sep");
    if (separator.empty()) throw Error("partition() needs a separator that is not empty");
    const std::size_t at = fromRight ? text.rfind(separator) : text.find(separator);
    if (at == std::string::npos)
        return Value::list(fromRight ? std::vector<Value>{"", "", text} : std::vector<Value>{text, "", ""},
                           true);
    return Value::list({text.substr(0, at), separator, text.substr(at + separator.size())}, true);
}

// startswith and endswith: of one text, or of any of a tuple of them.
template <bool atEnd>
Value affix(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& text = self(value, budget);
    const Value wanted = arguments.need("prefix");
    const auto matches = [&](const Value& one) {
        if (!one.isString()) throw Error("startswith() and endswith() need a text");
        return atEnd ? text.ends_with(one.string()) : text.starts_with(one.string());
    };
    if (!wanted.isTuple()) return matches(wanted);
    return std::any_of(wanted.items().begin(), wanted.items().end(), matches);
}

template <bool fromRight>
Value find(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& text = self(value, budget);
    const std::string wanted = arguments.needText("sub");
    const std::size_t at = fromRight ? text.rfind(wanted) : text.find(wanted);
    return at == std::string::npos ? std::int64_t(-1)
                                   : std::int64_t(characterCount(std::string_view(text).substr(0, at)));
}

Value index(const Value& value, CallArguments& arguments, Budget& budget) {
    if (value.isList()) {
        const Value wanted = arguments.need("value");
        budget.step(value.weight() + value.items().size() * wanted.weight());
        const auto& items = value.items();
        const auto found =
            std::find_if(items.begin(), items.end(), [&](const Value& item) { return equal(item, wanted); });
        if (found == items.end()) throw Error("index(): the list does not hold it");
        return std::int64_t(found - items.begin());
    }
    const Value at = find<false>(value, arguments, budget);
    if (at.integer() < 0) throw Error("index(): the text does not hold it");
    return at;
}

Value count(const Value& value, CallArguments& arguments, Budget& budget) {
    const Value wanted = arguments.need("sub");
    if (value.isList()) budget.step(value.weight() + value.items().size() * wanted.weight());
    if (value.isList())
        return std::int64_t(std::count_if(value.items().begin(), value.items().end(),
                                          [&](const Value& item) { return equal(item, wanted); }));
    const std::string& text = self(value, budget);
    if (!wanted.isString()) throw Error("count() needs a text");
    if (wanted.string().empty()) return std::int64_t(characterCount(text) + 1);
    std::int64_t found = 0;
    for (std::size_t at = 0; (at = text.find(wanted.string(), at)) != std::string::npos;
         at += wanted.string().size())
        ++found;
    return found;
}

Value replace(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& text = self(value, budget);
    const std::string what = arguments.needText("old"), with = arguments.needText("new");
    if (what.empty()) budget.list(text.size());
    std::string result =
        replaced(text, what, with, arguments.integer("count", -1), budget.limits().textBytes);
    budget.text(result.size());
    return result;
}

Value join(const Value& value, CallArguments& arguments, Budget& budget) {
    const std::string& separator = self(value, budget);
    std::string out;
    bool first = true;
    for (const Value& item : iterated(arguments.need("iterable"), budget)) {
        if (!item.isString()) throw Error(std::string("join() needs texts, not ") + item.typeName());
        budget.text(separator.size() + item.string().size());
        if (!first) out += separator;
        first = false;
        out += item.string();
        if (out.size() > budget.limits().textBytes) budget.text(out.size());
    }
    return out;
}

// str.isX(): at least one character, all of the class. For the cases: at least one letter that has cases.
template <typename Is>
Value allOf(const Value& value, Budget& budget, Is is) {
    const std::string& text = self(value, budget);
    budget.list(text.size());
    for (std::string_view c : characters(text)) {
        const std::size_t length = utf8Length(c, 0);
        if (length == 0 || !is(utf8Decode(c, 0, length))) return false;
    }
    return !text.empty();
}

Value removed(const Value& value, const std::string& affixText, bool atEnd, Budget& budget) {
    const std::string& text = self(value, budget);
    if (atEnd)
        return affixText.empty() || !text.ends_with(affixText)
                   ? text
                   : text.substr(0, text.size() - affixText.size());
    return text.starts_with(affixText) ? text.substr(affixText.size()) : text;
}

Value dictParts(const Value& value, bool keys, bool values, Budget& budget) {
    std::vector<Value> parts;
    budget.list(dict(value).entries().size());
    for (const auto& [key, item] : value.entries())
        parts.push_back(keys && values ? Value::list({key, item}, true) : keys ? Value(key) : item);
    return Value::list(std::move(parts));
}

Value get(const Value& value, CallArguments& arguments, Budget&) {
    const Value key = arguments.need("key");
    const Value* otherwise = arguments.next("default");
    const Value* found = key.isString() ? dict(value).find(key.string()) : nullptr;
    return found != nullptr ? *found : otherwise != nullptr ? *otherwise : Value::none();
}

const std::unordered_map<std::string_view, Method>& table() {
    using Arguments = CallArguments;
    static const std::unordered_map<std::string_view, Method> methods{
        {"strip", strip<Side::Both>},
        {"lstrip", strip<Side::Left>},
        {"rstrip", strip<Side::Right>},
        {"split", split<false>},
        {"rsplit", split<true>},
        {"partition", partition<false>},
        {"rpartition", partition<true>},
        {"startswith", affix<false>},
        {"endswith", affix<true>},
        {"find", find<false>},
        {"rfind", find<true>},
        {"index", index},
        {"count", count},
        {"replace", replace},
        {"join", join},
        {"get", get},
        {"splitlines", lines},
        {"upper", [](const Value& v, Arguments&, Budget& b) { return Value(upper(self(v, b))); }},
        {"lower", [](const Value& v, Arguments&, Budget& b) { return Value(lower(self(v, b))); }},
        {"capitalize", [](const Value& v, Arguments&, Budget& b) { return Value(capitalized(self(v, b))); }},
        {"title", [](const Value& v, Arguments&, Budget& b) { return Value(titled(self(v, b))); }},
        {"removeprefix",
         [](const Value& v, Arguments& a, Budget& b) { return removed(v, a.needText("prefix"), false, b); }},
        {"removesuffix",
         [](const Value& v, Arguments& a, Budget& b) { return removed(v, a.needText("suffix"), true, b); }},
        {"isspace", [](const Value& v, Arguments&, Budget& b) { return allOf(v, b, isPythonSpace); }},
        {"isalpha", [](const Value& v, Arguments&, Budget& b) { return allOf(v, b, isLetter); }},
        {"isalnum",
         [](const Value& v, Arguments&, Budget& b) {
             return allOf(v, b, [](char32_t c) { return isLetter(c) || isNumber(c); });
         }},
        {"isdigit", [](const Value& v, Arguments&, Budget& b) { return allOf(v, b, isNumber); }},
        {"islower",
         [](const Value& v, Arguments&, Budget& b) {
             const std::string& t = self(v, b);
             return Value(lower(t) == t && upper(t) != t);
         }},
        {"isupper",
         [](const Value& v, Arguments&, Budget& b) {
             const std::string& t = self(v, b);
             return Value(upper(t) == t && lower(t) != t);
         }},
        {"keys", [](const Value& v, Arguments&, Budget& b) { return dictParts(v, true, false, b); }},
        {"values", [](const Value& v, Arguments&, Budget& b) { return dictParts(v, false, true, b); }},
        {"items", [](const Value& v, Arguments&, Budget& b) { return dictParts(v, true, true, b); }},
        {"copy", [](const Value& v, Arguments&, Budget&) { return v.isList() ? v : dict(v); }}};
    return methods;
}

}  // namespace

Method findMethod(std::string_view name) {
    const auto found = table().find(name);
    return found == table().end() ? nullptr : found->second;
}

}  // namespace retort::chat
