// Where the variables of a template live: the globals, then one scope a loop's pass, macro call or block
// around another.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "core/chat/syntax.h"

namespace retort::chat {

struct Scope {
    std::shared_ptr<const Scope> outer;
    std::unordered_map<std::string, Value> values;

    /// nullptr: there is none of this name.
    const Value* find(const std::string& name) const {
        for (const Scope* scope = this; scope != nullptr; scope = scope->outer.get())
            if (const auto found = scope->values.find(name); found != scope->values.end())
                return &found->second;
        return nullptr;
    }
};

/// What can be called: a macro, and the scope in which it was made (weakly, since it lies in that scope
/// itself); or one of the functions that every template has, by its name.
struct Macro {
    const Statement* statement = nullptr;
    std::weak_ptr<const Scope> scope;
    std::string function;
};

}  // namespace retort::chat
