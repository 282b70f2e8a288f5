#include "training/external/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

namespace retort {
namespace {

constexpr int mostPasses = 10;
constexpr std::size_t mostNames = 5;

struct ProcessEntry {
    pid_t pid = 0, parent = 0;
    std::string name;
    bool hasEnded = false;
};

/// proc(5): "1234 (name) S 1 …", where the name may hold anything.
bool readEntry(const char* number, ProcessEntry& entry) {
    const std::string path = std::string("/proc/") + number + "/stat";
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    char text[512];
    const ssize_t got = ::read(fd, text, sizeof text - 1);
    ::close(fd);
    if (got <= 0) return false;
    text[got] = '\0';
    const char* open = std::strchr(text, '(');
    const char* close = std::strrchr(text, ')');
    if (!open || !close || close < open || std::strlen(close) < 5) return false;
    entry.pid = pid_t(std::strtol(text, nullptr, 10));
    entry.name.assign(open + 1, close);
    entry.hasEnded = close[2] == 'Z' || close[2] == 'X';
    entry.parent = pid_t(std::strtol(close + 4, nullptr, 10));
    return true;
}

std::vector<ProcessEntry> allProcesses() {
    std::vector<ProcessEntry> entries;
    DIR* folder = ::opendir("/proc");
    if (!folder) return entries;
    while (const dirent* each = ::readdir(folder)) {
        ProcessEntry entry;
        if (each->d_name[0] >= '0' && each->d_name[0] <= '9' && readEntry(each->d_name, entry))
            entries.push_back(std::move(entry));
    }
    ::closedir(folder);
    return entries;
}

/// proc(5): "SigCgt:", a mask in hexadecimal.
bool catches(pid_t pid, int signal) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    constexpr std::string_view name = "SigCgt:";
    for (std::string line; std::getline(status, line);)
        if (line.rfind(name, 0) == 0)
            return (std::strtoull(line.c_str() + name.size(), nullptr, 16) >> (signal - 1) & 1) != 0;
    return false;
}

}  // namespace

std::vector<pid_t> descendantsOf(pid_t root) {
    const std::vector<ProcessEntry> entries = allProcesses();
    std::vector<pid_t> family = {root};
    // Numbers wrap around, so that a child may stand before its parent.
    for (std::size_t i = 0; i < family.size(); ++i)
        for (const ProcessEntry& entry : entries)
            if (entry.parent == family[i] &&
                std::find(family.begin(), family.end(), entry.pid) == family.end())
                family.push_back(entry.pid);
    family.erase(family.begin());
    const auto ended = [&](pid_t pid) {
        return std::any_of(entries.begin(), entries.end(),
                           [pid](const ProcessEntry& entry) { return entry.pid == pid && entry.hasEnded; });
    };
    family.erase(std::remove_if(family.begin(), family.end(), ended), family.end());
    return family;
}

int signalDescendants(pid_t root, int signal) {
    std::vector<pid_t> told;
    for (int pass = 0; pass < mostPasses; ++pass) {
        bool isNew = false;
        for (const pid_t pid : descendantsOf(root)) {
            if (std::find(told.begin(), told.end(), pid) != told.end()) continue;
            ::kill(pid, signal);
            told.push_back(pid);
            isNew = true;
        }
        if (!isNew) break;
    }
    return int(told.size());
}

int signalCatchers(pid_t root, int signal) {
    int told = 0;
    for (const pid_t pid : descendantsOf(root))
        if (catches(pid, signal) && ::kill(pid, signal) == 0) ++told;
    return told;
}

std::string processNames(const std::vector<pid_t>& processes) {
    std::string text;
    for (std::size_t i = 0; i < std::min(processes.size(), mostNames); ++i) {
        ProcessEntry entry;
        const std::string number = std::to_string(processes[i]);
        if (!readEntry(number.c_str(), entry)) continue;
        if (!text.empty()) text += ", ";
        text += entry.name + " (" + number + ")";
    }
    if (processes.size() > mostNames)
        text += " and " + std::to_string(processes.size() - mostNames) + " more";
    return text;
}

}  // namespace retort
