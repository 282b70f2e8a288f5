// The one codec of events: a JSON object a line, as the design says. Tolerant reader (unknown keys are
// skipped, NaN and infinities accepted bare or as strings), strict writer (they are written as "NaN",
// "Infinity", "-Infinity").
#pragma once

#include <string>
#include <string_view>

#include "core/runlog/event.h"

namespace retort {

/// Appends `event` and a newline to `line`.
void encodeEvent(const Event& event, std::string& line);

/// Parses one line (without its newline). Throws Error with what was wrong; not thread-safe per instance.
class EventDecoder {
  public:
    EventDecoder();
    ~EventDecoder();
    Event decode(std::string_view line);

  private:
    struct Impl;
    Impl* m_impl;
};

}  // namespace retort
