#include "core/chat/value.h"

#include <algorithm>
#include <compare>

#include "core/util/error.h"

namespace retort::chat {
namespace {

constexpr int maxDepth = 100;

constexpr std::uint64_t maxWeight = 16'000'000;

std::uint64_t textWeight(std::string_view text) {
    return 1 + text.size() / 16;
}

std::uint64_t checkedWeight(std::uint64_t weight) {
    if (weight > maxWeight) throw Error("lists become too large");
    return weight;
}

int checkedDepth(int depth) {
    if (depth > maxDepth) throw Error("lists are nested too deeply");
    return depth;
}

}  // namespace

Value Value::none() {
    Value value;
    value.m_data = NoneData{};
    return value;
}

Value Value::undefined(std::string what) {
    Value value;
    value.m_data = UndefinedData{std::move(what)};
    return value;
}

Value::Value(std::string value) : m_data(std::make_shared<const std::string>(std::move(value))) {}

Value Value::list(std::vector<Value> items, bool tuple) {
    auto data = std::make_shared<ListData>();
    for (const Value& item : items) {
        data->depth = std::max(data->depth, checkedDepth(item.depth() + 1));
        data->weight = checkedWeight(data->weight + item.weight());
    }
    data->items = std::move(items);
    data->tuple = tuple;
    Value value;
    value.m_data = std::shared_ptr<const ListData>(std::move(data));
    return value;
}

Value Value::dict(std::vector<std::pair<std::string, Value>> entries) {
    auto data = std::make_shared<DictData>();
    data->entries.reserve(entries.size());  // so that the views stay valid
    for (auto& [key, value] : entries) {
        data->depth = std::max(data->depth, checkedDepth(value.depth() + 1));
        data->weight = checkedWeight(data->weight + textWeight(key) + value.weight());
        if (const auto known = data->index.find(key); known != data->index.end()) {
            data->entries[known->second].second =
                std::move(value);  // the later one, in the earlier one's place
            continue;
        }
        data->entries.emplace_back(std::move(key), std::move(value));
        data->index.emplace(data->entries.back().first, data->entries.size() - 1);
    }
    Value value;
    value.m_data = std::shared_ptr<const DictData>(std::move(data));
    return value;
}

Value Value::of(Namespace* data) {
    Value value;
    value.m_data = data;
    return value;
}

Value Value::of(std::shared_ptr<const Macro> data) {
    Value value;
    value.m_data = std::move(data);
    return value;
}

namespace {

Value fromJsonAt(const Json& json, int depth) {
    checkedDepth(depth);
    if (json.is_null()) return Value::none();
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_float()) return json.get<double>();
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(INT64_MAX))
        throw Error("a number is too large: " + json.dump());
    if (json.is_number()) return json.get<std::int64_t>();
    if (json.is_string()) return json.get<std::string>();
    if (json.is_array()) {
        std::vector<Value> items;
        for (const Json& item : json) items.push_back(fromJsonAt(item, depth + 1));
        return Value::list(std::move(items));
    }
    std::vector<std::pair<std::string, Value>> entries;
    for (const auto& [key, item] : json.items()) entries.emplace_back(key, fromJsonAt(item, depth + 1));
    return Value::dict(std::move(entries));
}

}  // namespace

Value Value::fromJson(const Json& json) {
    return fromJsonAt(json, 0);
}

std::int64_t Value::integer() const {
    return kind() == Kind::Bool ? std::int64_t(boolean()) : std::get<std::int64_t>(m_data);
}

double Value::number() const {
    return kind() == Kind::Float ? std::get<double>(m_data) : double(integer());
}

const std::vector<Value>& Value::items() const {
    return std::get<std::shared_ptr<const ListData>>(m_data)->items;
}

bool Value::isTuple() const {
    return isList() && std::get<std::shared_ptr<const ListData>>(m_data)->tuple;
}

const std::vector<std::pair<std::string, Value>>& Value::entries() const {
    return std::get<std::shared_ptr<const DictData>>(m_data)->entries;
}

const Value* Value::find(std::string_view key) const {
    const DictData& dict = *std::get<std::shared_ptr<const DictData>>(m_data);
    const auto found = dict.index.find(key);
    return found == dict.index.end() ? nullptr : &dict.entries[found->second].second;
}

bool Value::truth() const {
    switch (kind()) {
        case Kind::Undefined:
        case Kind::None:
            return false;
        case Kind::Bool:
        case Kind::Int:
        case Kind::Float:
            return number() != 0;
        case Kind::String:
            return !string().empty();
        case Kind::List:
            return !items().empty();
        case Kind::Dict:
            return !entries().empty();
        case Kind::Namespace:
        case Kind::Macro:
            break;
    }
    return true;
}

int Value::depth() const {
    if (isList()) return std::get<std::shared_ptr<const ListData>>(m_data)->depth;
    return isDict() ? std::get<std::shared_ptr<const DictData>>(m_data)->depth : 0;
}

std::uint64_t Value::weight() const {
    if (isList()) return std::get<std::shared_ptr<const ListData>>(m_data)->weight;
    if (isDict()) return std::get<std::shared_ptr<const DictData>>(m_data)->weight;
    return isString() ? textWeight(string()) : 1;
}

const char* Value::typeName() const {
    constexpr const char* names[] = {"Undefined", "NoneType", "bool", "int",       "float",
                                     "str",       "list",     "dict", "Namespace", "Macro"};
    return isTuple() ? "tuple" : names[m_data.index()];
}

bool equal(const Value& a, const Value& b) {
    using Kind = Value::Kind;
    if (a.isInteger() && b.isInteger()) return a.integer() == b.integer();
    if (a.isNumber() && b.isNumber()) return a.number() == b.number();
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
        case Kind::String:
            return a.string() == b.string();
        case Kind::List:
            return a.isTuple() == b.isTuple() &&
                   std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(), equal);
        case Kind::Dict:
            return a.entries().size() == b.entries().size() &&
                   std::all_of(a.entries().begin(), a.entries().end(), [&](const auto& entry) {
                       const Value* other = b.find(entry.first);
                       return other != nullptr && equal(entry.second, *other);
                   });
        case Kind::Namespace:
            return &a.nameSpace() == &b.nameSpace();
        case Kind::Macro:
            return a.macro() == b.macro();
        default:
            return true;  // Undefined, None
    }
}

namespace {

// One walk over both: less() of the elements both ways would double with every level of nested lists.
std::partial_ordering ordered(const Value& a, const Value& b) {
    if (a.isInteger() && b.isInteger()) return a.integer() <=> b.integer();
    if (a.isNumber() && b.isNumber()) return a.number() <=> b.number();
    // UTF-8's bytes have the order of the code points.
    if (a.isString() && b.isString()) return a.string() <=> b.string();
    if (a.isList() && b.isList() && a.isTuple() == b.isTuple()) {
        const std::size_t both = std::min(a.items().size(), b.items().size());
        for (std::size_t i = 0; i < both; ++i)
            if (const auto first = ordered(a.items()[i], b.items()[i]); first != 0) return first;
        return a.items().size() <=> b.items().size();
    }
    throw Error(std::string("'<' is not supported between '") + a.typeName() + "' and '" + b.typeName() +
                "'");
}

}  // namespace

bool less(const Value& a, const Value& b) {
    return ordered(a, b) < 0;
}

bool contains(const Value& container, const Value& item) {
    using Kind = Value::Kind;
    switch (container.kind()) {
        case Kind::Undefined:
            return false;
        case Kind::String:
            if (!item.isString())
                throw Error(std::string("'in' of a text needs a text, not ") + item.typeName());
            return container.string().find(item.string()) != std::string::npos;
        case Kind::List:
            return std::any_of(container.items().begin(), container.items().end(),
                               [&](const Value& other) { return equal(item, other); });
        case Kind::Dict:
            return item.isString() && container.find(item.string()) != nullptr;
        default:
            throw Error(std::string("'in' is not supported for '") + container.typeName() + "'");
    }
}

}  // namespace retort::chat
