// Wall-clock time as the run log has it.
#pragma once

#include <chrono>

namespace retort {

/// Unix time in seconds.
inline double unixTime() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace retort
