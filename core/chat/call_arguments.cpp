#include "core/chat/call_arguments.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort::chat {

const Value* CallArguments::named(std::string_view name) {
    m_namedTaken.resize(m_named.size());
    const Value* found = nullptr;
    for (std::size_t i = 0; i < m_named.size(); ++i) {
        if (m_named[i].first != name) continue;
        if (found != nullptr) throw Error("the argument '" + std::string(name) + "' is given twice");
        found = &m_named[i].second;
        m_namedTaken[i] = true;
    }
    return found;
}

const Value* CallArguments::next(std::string_view name) {
    const Value* byName = named(name);
    if (!hasPositional()) return byName;
    if (byName != nullptr) throw Error("the argument '" + std::string(name) + "' is given twice");
    return &m_positional[m_taken++];
}

Value CallArguments::need(std::string_view name) {
    if (const Value* value = next(name)) return *value;
    throw Error("the argument '" + std::string(name) + "' is missing");
}

std::string CallArguments::needText(std::string_view name) {
    const Value value = need(name);
    if (!value.isString())
        throw Error("the argument '" + std::string(name) + "' must be a text, not " + value.typeName());
    return value.string();
}

std::string CallArguments::text(std::string_view name, const std::string& otherwise) {
    const Value* value = next(name);
    if (value == nullptr) return otherwise;
    if (!value->isString())
        throw Error("the argument '" + std::string(name) + "' must be a text, not " + value->typeName());
    return value->string();
}

std::int64_t CallArguments::integer(std::string_view name, std::int64_t otherwise) {
    const Value* value = next(name);
    if (value == nullptr || value->isNone()) return otherwise;
    if (!value->isInteger())
        throw Error("the argument '" + std::string(name) + "' must be a whole number, not " +
                    value->typeName());
    return value->integer();
}

bool CallArguments::flag(std::string_view name, bool otherwise) {
    const Value* value = next(name);
    return value == nullptr ? otherwise : value->truth();
}

CallArguments CallArguments::rest() {
    m_namedTaken.resize(m_named.size());
    CallArguments result;
    for (; m_taken < m_positional.size(); ++m_taken) result.m_positional.push_back(m_positional[m_taken]);
    for (std::size_t i = 0; i < m_named.size(); ++i) {
        if (m_namedTaken[i]) continue;
        result.m_named.push_back(m_named[i]);
        m_namedTaken[i] = true;
    }
    return result;
}

std::uint64_t CallArguments::weight() const {
    std::uint64_t total = 0;
    for (const Value& value : m_positional) total += value.weight();
    for (const auto& [name, value] : m_named) total += value.weight();
    return total;
}

void CallArguments::done() const {
    if (hasPositional()) throw Error("too many arguments");
    for (std::size_t i = 0; i < m_named.size(); ++i)
        if (i >= m_namedTaken.size() || !m_namedTaken[i])
            throw Error("the argument '" + m_named[i].first + "' is not supported");
}

}  // namespace retort::chat
