// What a chat template computes with: Python's None, bool, int, float, str, list and dict as Jinja shows
// them, its Undefined, and what only templates have (namespaces, macros, ranges are lists).
//
// Lists and dicts never change once they are made (Jinja's immutable sandbox), so copies share them and no
// cycle can come about; how deep they are nested is bounded, so that nothing that walks over them runs out of
// stack.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/util/json.h"

namespace retort::chat {

struct Macro;
struct Namespace;
struct ListData;
struct DictData;

class Value {
  public:
    enum class Kind { Undefined, None, Bool, Int, Float, String, List, Dict, Namespace, Macro };

    Value() = default;  ///< Undefined
    static Value none();
    static Value undefined(std::string what);  ///< `what` for messages: "'x'"
    Value(bool value) : m_data(value) {}
    Value(std::int64_t value) : m_data(value) {}
    Value(double value) : m_data(value) {}
    Value(std::string value);
    Value(std::string_view value) : Value(std::string(value)) {}
    Value(const char* value) : Value(std::string(value)) {}
    /// Throws Error when nested too deeply, or when it has become too large.
    static Value list(std::vector<Value> items, bool tuple = false);
    static Value dict(std::vector<std::pair<std::string, Value>> entries);
    static Value of(Namespace* value);
    static Value of(std::shared_ptr<const Macro> value);
    /// Throws Error when nested too deeply.
    static Value fromJson(const Json& json);

    Kind kind() const { return Kind(m_data.index()); }
    bool isUndefined() const { return kind() == Kind::Undefined; }
    bool isNone() const { return kind() == Kind::None; }
    bool isString() const { return kind() == Kind::String; }
    bool isList() const { return kind() == Kind::List; }
    bool isDict() const { return kind() == Kind::Dict; }
    /// bool counts, as in Python.
    bool isInteger() const { return kind() == Kind::Int || kind() == Kind::Bool; }
    bool isNumber() const { return isInteger() || kind() == Kind::Float; }

    bool boolean() const { return std::get<bool>(m_data); }
    std::int64_t integer() const;
    double number() const;
    const std::string& string() const { return *std::get<std::shared_ptr<const std::string>>(m_data); }
    const std::vector<Value>& items() const;
    bool isTuple() const;
    const std::vector<std::pair<std::string, Value>>& entries() const;
    /// nullptr: no such key.
    const Value* find(std::string_view key) const;
    Namespace& nameSpace() const { return *std::get<Namespace*>(m_data); }
    const std::shared_ptr<const Macro>& macro() const {
        return std::get<std::shared_ptr<const Macro>>(m_data);
    }
    const std::string& undefinedName() const { return std::get<UndefinedData>(m_data).what; }

    /// Python's truth.
    bool truth() const;
    /// How deep lists and dicts are nested; 0 for what is neither.
    int depth() const;
    /// What walking over all of it costs: one each value, and one each 16 bytes of text. A list that holds
    /// another one twice counts it twice, so that a few doublings are seen for what they are.
    std::uint64_t weight() const;
    /// "str", "NoneType" …, for messages.
    const char* typeName() const;

  private:
    struct UndefinedData {
        std::string what;
    };
    struct NoneData {};
    std::variant<UndefinedData, NoneData, bool, std::int64_t, double, std::shared_ptr<const std::string>,
                 std::shared_ptr<const ListData>, std::shared_ptr<const DictData>, Namespace*,
                 std::shared_ptr<const Macro>>
        m_data;
};

struct ListData {
    std::vector<Value> items;
    int depth = 1;
    std::uint64_t weight = 1;
    bool tuple = false;
};
struct DictData {
    std::vector<std::pair<std::string, Value>> entries;
    std::unordered_map<std::string_view, std::size_t> index;  // views into entries
    int depth = 1;
    std::uint64_t weight = 1;
};
struct Namespace {
    std::unordered_map<std::string, Value> values;
};

/// Python's ==.
bool equal(const Value& a, const Value& b);
/// Python's < ; throws Error for types that have no order.
bool less(const Value& a, const Value& b);
/// Python's `item in container`; throws Error where that is a TypeError.
bool contains(const Value& container, const Value& item);

}  // namespace retort::chat
