// Which process it is that has a number.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace retort {

/// Numbers of processes are used again; the start time (clock ticks since boot) tells two holders of one
/// apart.
struct ProcessIdentity {
    pid_t pid = 0;
    std::uint64_t startTicks = 0;
    bool operator==(const ProcessIdentity&) const = default;
};

/// The process that has this number now; nothing when there is none.
std::optional<ProcessIdentity> processIdentity(pid_t pid);

/// Whether it still does something: a zombie that nobody waits for has its number, but has ended.
bool isAlive(const ProcessIdentity& process);

}  // namespace retort
