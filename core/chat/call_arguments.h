// The arguments of a call, taken one by one by position or name, as Python binds them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/chat/value.h"

namespace retort::chat {

class CallArguments {
  public:
    CallArguments() = default;
    CallArguments(std::vector<Value> positional, std::vector<std::pair<std::string, Value>> named)
        : m_positional(std::move(positional)), m_named(std::move(named)) {}

    /// The next argument of the signature, by its place or by `name`; nullptr where it was left out. Throws
    /// Error when it is given twice.
    const Value* next(std::string_view name);
    /// As next(); throw Error where it was left out or is of another type.
    Value need(std::string_view name);
    std::string needText(std::string_view name);
    std::string text(std::string_view name, const std::string& otherwise);
    std::int64_t integer(std::string_view name, std::int64_t otherwise);
    bool flag(std::string_view name, bool otherwise);
    /// What is left: the arguments of something that is called in turn.
    CallArguments rest();
    bool hasPositional() const { return m_taken < m_positional.size(); }
    /// One that is only given by name; nullptr where it was left out.
    const Value* named(std::string_view name);

    /// Throws Error for arguments that nothing took.
    void done() const;
    /// What walking over all of them costs.
    std::uint64_t weight() const;
    std::size_t positionalCount() const { return m_positional.size(); }
    const std::vector<std::pair<std::string, Value>>& namedArguments() const { return m_named; }

  private:
    std::vector<Value> m_positional;
    std::vector<std::pair<std::string, Value>> m_named;
    std::size_t m_taken = 0;
    std::vector<bool> m_namedTaken;
};

}  // namespace retort::chat
