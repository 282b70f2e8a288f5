// Filters, tests and methods of templates, by their names.
#pragma once

#include <string_view>

#include "core/chat/call_arguments.h"
#include "core/chat/limits.h"
#include "core/chat/value.h"

namespace retort::chat {

using Filter = Value (*)(const Value& value, CallArguments& arguments, Budget& budget);
using Test = bool (*)(const Value& value, CallArguments& arguments);
using Method = Value (*)(const Value& self, CallArguments& arguments, Budget& budget);

/// nullptr: not supported.
Filter findFilter(std::string_view name);
Test findTest(std::string_view name);
Method findMethod(std::string_view name);
/// Methods that change what they are called on (append, pop, update …).
bool isChangingMethod(std::string_view name);
/// Python finds a dict's methods before its keys: `tool.items` is not tool['items'].
bool isDictMethod(std::string_view name);

/// The items that a loop over `value` passes: a list's, a dict's keys, a text's characters, none of
/// Undefined. Throws Error for what cannot be looped over.
std::vector<Value> iterated(const Value& value, Budget& budget);
/// value[key], as Jinja does it: Undefined where there is none.
Value itemOf(const Value& value, const Value& key, Budget& budget);
/// `a OP b` for + - * / // % **. Throws Error for types that do not go together, and beyond 64 bits.
Value arithmetic(std::string_view op, const Value& a, const Value& b, Budget& budget);
/// value[start:stop:step], nullptr for what is left out.
Value sliced(const Value& value, const Value* start, const Value* stop, const Value* step, Budget& budget);

}  // namespace retort::chat
