// For tests/bench/bench_startup.py: says on standard output when a window has been painted for the first
// time.
#pragma once

class QWidget;

namespace retort {

/// Prints "painted" and a newline once; `window` must not be shown yet.
void announceFirstPaint(QWidget& window);

}  // namespace retort
