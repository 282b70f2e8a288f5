#include "core/util/process_identity.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace retort {

namespace {

struct Stat {
    char state = 0;
    std::uint64_t startTicks = 0;
};

std::optional<Stat> statOf(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(in, line)) return std::nullopt;
    // The second field is the program's name in parentheses, which may itself hold blanks and parentheses.
    const std::size_t nameEnd = line.rfind(')');
    if (nameEnd == std::string::npos) return std::nullopt;
    std::istringstream fields(line.substr(nameEnd + 1));
    std::string field;
    Stat stat;
    for (int number = 3; number <= 22 && fields >> field; ++number)  // 3 is state, 22 starttime: proc(5)
        if (number == 3) stat.state = field[0];
    stat.startTicks = std::strtoull(field.c_str(), nullptr, 10);
    return stat;
}

}  // namespace

std::optional<ProcessIdentity> processIdentity(pid_t pid) {
    const std::optional<Stat> stat = statOf(pid);
    return stat ? std::optional(ProcessIdentity{pid, stat->startTicks}) : std::nullopt;
}

bool isAlive(const ProcessIdentity& process) {
    const std::optional<Stat> stat = statOf(process.pid);
    return stat && stat->startTicks == process.startTicks && stat->state != 'Z' && stat->state != 'X';
}

}  // namespace retort
