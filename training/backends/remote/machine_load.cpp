#include "training/backends/remote/machine_load.h"

#include <cmath>
#include <sstream>

#include "training/backends/remote/far_process.h"
#include "training/backends/remote/shell_quote.h"

namespace retort {
namespace {

constexpr std::int64_t kilobyte = 1024, megabyte = 1024 * 1024;

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t\r");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

/// name, utilisation in %, used and total memory in MiB; values may be "[N/A]".
std::optional<GpuLoad> parseGpu(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(trimmed(cell));
    if (cells.size() < 4) return std::nullopt;
    const std::size_t last = cells.size();
    GpuLoad gpu;
    gpu.name = cells[0];
    for (std::size_t i = 1; i + 3 < last; ++i) gpu.name += ", " + cells[i];
    gpu.usedPercent = std::strtod(cells[last - 3].c_str(), nullptr);
    gpu.memoryUsed = megabyte * std::strtoll(cells[last - 2].c_str(), nullptr, 10);
    gpu.memoryTotal = megabyte * std::strtoll(cells[last - 1].c_str(), nullptr, 10);
    return gpu;
}

void parseTicks(std::istringstream& words, MachineLoad& load) {
    // user nice system idle iowait irq softirq steal: proc(5); guests are in user already.
    std::int64_t value = 0;
    for (int field = 0; field < 8 && words >> value; ++field) {
        load.allTicks += value;
        if (field != 3 && field != 4) load.busyTicks += value;
    }
}

/// "run PID DIRECTORY" for each whose trainer goes on; then "process PID TRAINER TICKS PAGES" for each
/// process of theirs, and "compute PID, MIB" for each that a GPU knows. A trainer's are those of its session
/// (also where their parents have ended) and what descends from them: commands, and the workers of torchrun,
/// begin sessions of their own. A trainer that another one started is a run of its own.
std::string runScript(const std::vector<std::string>& runs) {
    if (runs.empty()) return "";
    std::string script = std::string(processFunctions) + "s=\nfor d in";
    for (const std::string& run : runs) script.append(" ").append(shellQuote(run));
    // Behind ") " of proc(5)'s line: 2 parent, 4 session … 12 to 15 ticks of it and of its ended children …
    // 22 pages.
    return script +
           "; do\np=$(cd -- \"$d\" 2>/dev/null && alive && echo $pid) || continue\n"
           "printf 'run %s %s\\n' \"$p\" \"$d\"; s=\"$s $p\"\ndone\n"
           "[ -z \"$s\" ] || {\necho \"page $(getconf PAGESIZE)\"\n"
           "cat /proc/[0-9]*/stat 2>/dev/null | awk -v s=\"$s\" 'BEGIN { n = split(s, a, \" \"); "
           "for (i = 1; i <= n; i++) of[a[i]] = a[i] } { p = $1; sub(/^.*\\) /, \"\"); up[p] = $2; "
           "if (!(p in of) && $4 in of && of[$4] == $4) of[p] = $4; "
           "ticks[p] = $12 + $13 + $14 + $15; pages[p] = $22 } "
           "END { do { found = 0; for (p in up) if (!(p in of) && up[p] in of) "
           "{ of[p] = of[up[p]]; found = 1 } } while (found); "
           "for (p in up) if (p in of) print \"process\", p, of[p], ticks[p], pages[p] }'\n"
           "command -v nvidia-smi >/dev/null && nvidia-smi --query-compute-apps=pid,used_memory "
           "--format=csv,noheader,nounits 2>/dev/null | sed 's/^/compute /'\n}\n";
}

/// What runScript() printed.
class RunLines {
  public:
    void add(const std::string& kind, std::istringstream& words, MachineLoad& load) {
        std::int64_t pid = 0, trainer = 0, ticks = 0, pages = 0;
        if (kind == "page") {
            words >> m_page;
        } else if (kind == "run" && words >> pid) {
            std::string directory;
            words.get();
            std::getline(words, directory);
            m_runs[pid] = &load.runs[directory];
        } else if (kind == "process" && words >> pid >> trainer >> ticks >> pages) {
            const auto run = m_runs.find(trainer);
            if (run == m_runs.end()) return;
            m_processes[pid] = run->second;
            ++run->second->processes;
            run->second->ticks += ticks;
            run->second->memory += pages * m_page;
        } else if (char comma = 0; kind == "compute" && words >> pid >> comma >> pages) {
            // A process is there once for each GPU.
            if (const auto process = m_processes.find(pid); process != m_processes.end())
                process->second->gpuMemory += pages * megabyte;
        }
    }

  private:
    std::int64_t m_page = 4096;
    std::map<std::int64_t, RunLoad*> m_runs;       ///< by the trainer
    std::map<std::int64_t, RunLoad*> m_processes;  ///< by the process
};

}  // namespace

std::optional<double> MachineLoad::busySince(const MachineLoad& before) const {
    const std::int64_t all = allTicks - before.allTicks, busy = busyTicks - before.busyTicks;
    if (all <= 0 || busy < 0) return std::nullopt;
    return double(busy) / double(all);
}

std::optional<double> MachineLoad::coresOf(const std::string& run, const MachineLoad& before) const {
    const auto now = runs.find(run), then = before.runs.find(run);
    const std::int64_t all = allTicks - before.allTicks;
    if (now == runs.end() || then == before.runs.end() || all <= 0) return std::nullopt;
    const std::int64_t own = now->second.ticks - then->second.ticks;
    return own < 0 ? std::nullopt : std::optional<double>(double(own) / double(all) * cores);
}

std::string loadScript(const Machine& machine, const std::vector<std::string>& runs) {
    return "echo \"time $(date +%s)\"\n"
           "echo \"cores $(getconf _NPROCESSORS_ONLN 2>/dev/null || grep -c ^processor /proc/cpuinfo)\"\n"
           "echo \"load $(cat /proc/loadavg)\"\nsed -n 's/^cpu  */ticks /p' /proc/stat\n"
           "sed -n 's/^MemTotal: */memory /p; s/^MemAvailable: */available /p' /proc/meminfo\n"
           "sed -n 's/^model name[^:]*: /processor /p' /proc/cpuinfo | head -n 1\n"
           "df -kP -- " +
           shellPath(machine.workFolder) +
           " 2>/dev/null | sed -n '2s/^/disk /p'\n"
           "command -v nvidia-smi >/dev/null && nvidia-smi "
           "--query-gpu=name,utilization.gpu,memory.used,memory.total --format=csv,noheader,nounits "
           "2>/dev/null | "
           "sed 's/^/gpu /'\n" +
           runScript(runs) + "true";
}

MachineLoad parseLoad(const std::string& output) {
    MachineLoad load;
    RunLines runs;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string kind;
        words >> kind;
        if (kind == "time")
            words >> load.time;
        else if (kind == "cores")
            words >> load.cores;
        else if (kind == "load")
            words >> load.loadAverage;
        else if (kind == "ticks")
            parseTicks(words, load);
        else if (kind == "processor")
            load.processor = trimmed(line.substr(kind.size()));
        else if (std::int64_t value = 0; kind == "memory" && words >> value)
            load.memoryTotal = value * kilobyte;
        else if (kind == "available" && words >> value)
            load.memoryFree = value * kilobyte;
        else if (kind == "disk") {
            std::string device;
            std::int64_t blocks = 0, used = 0, free = 0;
            if (words >> device >> blocks >> used >> free) {
                load.diskTotal = blocks * kilobyte;
                load.diskFree = free * kilobyte;
            }
        } else if (kind == "gpu") {
            if (const auto gpu = parseGpu(line.substr(kind.size()))) load.gpus.push_back(*gpu);
        } else {
            runs.add(kind, words, load);
        }
    }
    return load;
}

}  // namespace retort
