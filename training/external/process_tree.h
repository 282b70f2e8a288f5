// The processes that a process has started, and those that these have, from /proc.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace retort {

/// Children and their children …, without those that have ended and wait for their parent.
std::vector<pid_t> descendantsOf(pid_t root);
/// Sends a signal to all of them, also to those that are started meanwhile; how many there were.
int signalDescendants(pid_t root, int signal);
/// Signals those of them that have a handler for it: others would end by it. How many there were.
int signalCatchers(pid_t root, int signal);
/// "python3 (1234), sh (1240)"; at most five.
std::string processNames(const std::vector<pid_t>& processes);

}  // namespace retort
