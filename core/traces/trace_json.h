// A trace as JSON: the members of a "trace" event, and of a line of an exported traces.jsonl.
#pragma once

#include <string>

#include "core/traces/trace.h"

namespace retort {

class JsonFields;

/// Appends `"step":…,"phase":…` without braces; `first` is false when members stand before it.
void appendTraceMembers(const Trace& trace, std::string& out, bool first = true);

/// Throws Error naming the member that is wrong.
Trace readTrace(const JsonFields& fields);

}  // namespace retort
