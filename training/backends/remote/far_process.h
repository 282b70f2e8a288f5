// Processes that go on without us there: scripts that become them note which process they are, and others ask
// whether it is still that one.
#pragma once

#include <string>

namespace retort {

/// Sh functions on control/process.json of the folder where they run: `alive` (sets $pid), `pause` (a tenth
/// of a second).
inline constexpr const char* processFunctions =
    "note() { sed -n \"s/.*\\\"$1\\\": *\\([0-9][0-9]*\\).*/\\1/p\" control/process.json 2>/dev/null; }\n"
    "alive() {\n"
    "pid=$(note pid); ticks=$(note start_ticks)\n"
    "[ -n \"$pid\" ] && [ -r \"/proc/$pid/stat\" ] || return 1\n"
    "set -- $(sed 's/.*) //' \"/proc/$pid/stat\" 2>/dev/null)\n"
    "[ \"$1\" != Z ] && [ \"${20}\" = \"$ticks\" ]\n"
    "}\n"
    "pause() { sleep 0.1 2>/dev/null || sleep 1; }\n";

/// Ends that process and its group behind processFunctions: SIGTERM, and SIGKILL five seconds later. Exit
/// status 3: it was gone.
inline constexpr const char* killProcess =
    "alive || exit 3\nkill -TERM -$pid 2>/dev/null || kill -TERM $pid\n"
    "i=0; while [ $i -lt 50 ]; do alive || exit 0; i=$((i+1)); pause; done\n"
    "kill -KILL -$pid 2>/dev/null || kill -KILL $pid";

/// Sh, which starts a script of the folder in a session of its own with its output in the given files, and
/// waits until it has noted itself.
inline std::string startDetached(const std::string& script, const std::string& redirection) {
    return "if command -v setsid >/dev/null; then setsid sh " + script + " </dev/null " + redirection +
           " &\nelse nohup sh " + script + " </dev/null " + redirection +
           " &\nfi\n"
           "i=0; while [ ! -f control/process.json ] && [ $i -lt 100 ]; do i=$((i+1)); pause; done\n";
}

}  // namespace retort
