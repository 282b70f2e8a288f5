#include "core/runlog/event.h"

namespace retort {

// Out of line, so that the class has one vtable, here, for the program and the training module alike.
EventSink::~EventSink() = default;

}  // namespace retort
