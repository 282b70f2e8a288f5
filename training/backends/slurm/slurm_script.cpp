#include "training/backends/slurm/slurm_script.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "core/util/error.h"
#include "training/backends/remote/shell_quote.h"

namespace retort {
namespace {

constexpr std::size_t longestJobName = 200;

// The signal comes up to a minute early, and the question when the limit is takes its time, too.
constexpr std::int64_t limitSlackSeconds = 120;

void checkLines(const SlurmScript& script) {
    for (const std::string& line : script.environment)
        if (line.find('\n') != std::string::npos || line.find('\0') != std::string::npos)
            throw Error("a line of the environment set-up is more than one line", line);
}

std::string option(const std::string& name, const std::string& value) {
    return value.empty() ? std::string() : "#SBATCH --" + name + "=" + sbatchWord(value) + "\n";
}

std::string plain(const std::string& name, const std::string& value) {
    return "#SBATCH --" + name + "=" + value + "\n";
}

std::string header(const SlurmRequest& request, const SlurmScript& script) {
    // Below the folder where sbatch is called.
    const std::string folder = script.arraySize > 0 ? "%a/" : "";
    std::string text = option("job-name", slurmJobName(script.jobName));
    text += option("partition", request.partition) + option("account", request.account) +
            option("qos", request.qos) + option("time", request.timeLimit);
    text += plain("nodes", std::to_string(request.nodes)) +
            plain("ntasks-per-node", std::to_string(request.tasksPerNode));
    if (request.cpusPerTask > 0) text += plain("cpus-per-task", std::to_string(request.cpusPerTask));
    text += option("gres", request.gpus) + option("mem", request.memory) +
            option("constraint", request.constraint);
    if (script.arraySize > 0) {
        std::string range = "0-";
        range += std::to_string(script.arraySize - 1);
        if (request.arrayAtOnce > 0) range.append(1, '%').append(std::to_string(request.arrayAtOnce));
        text += plain("array", range);
    }
    text += plain("output", folder + "stdout.log") + plain("error", folder + "stderr.log") +
            "#SBATCH --open-mode=append\n#SBATCH --requeue\n";
    text += plain("signal", "B:TERM@" + std::to_string(request.graceSeconds));
    for (const std::string& line : request.extraLines) text += "#SBATCH " + line + "\n";
    return text;
}

/// Words before the trainer's own: of several tasks each is one of srun's.
bool isOneProcess(const SlurmRequest& request, const SlurmScript& script) {
    return request.tasks() == 1 || script.isCommand;
}

std::string launcher(const SlurmRequest& request, const SlurmScript& script) {
    if (isOneProcess(request, script)) return {};
    // Since Slurm 22.05 srun no longer takes this from the job.
    const std::string cpus =
        request.cpusPerTask > 0 ? " --cpus-per-task=" + std::to_string(request.cpusPerTask) : "";
    return "srun --kill-on-bad-exit=1" + cpus + " ";
}

// srun answers SIGTERM by killing its tasks, so they are told by Slurm itself.
const char* forwarding(const SlurmRequest& request, const SlurmScript& script) {
    return isOneProcess(request, script) ? "[ -z \"$trainer\" ] || kill -TERM \"$trainer\" 2>/dev/null"
                                         : "scancel --signal=TERM \"$SLURM_JOB_ID\"";
}

std::string begin(const SlurmScript& script) {
    std::string text =
        "retort_cli=" + std::string(slurmProgramWord) + "  # its path, put in when the job is submitted\n";
    text += script.arraySize > 0
                ? "run=$(cd -- \"$SLURM_SUBMIT_DIR/$SLURM_ARRAY_TASK_ID\" && pwd -P) || exit 1\n"
                : "run=$SLURM_SUBMIT_DIR\n";
    text += "cd -- \"$run\" || exit 1\nmkdir -p control && rm -f " + std::string(slurmEndFile) +
            "\nexport RETORT_RUN_DIR=\"$run\"\n";
    for (const std::string& line : script.environment) text += line + "\n";
    return text;
}

std::string trainerPart(const SlurmRequest& request, const SlurmScript& script) {
    const std::string words = launcher(request, script);
    return "\n# Slurm's SIGTERM (before the time limit, at preemption, at scancel): the trainer saves and "
           "stops.\n"
           "trainer= asked=\n"
           "trap 'asked=yes; " +
           std::string(forwarding(request, script)) +
           "' TERM\n"
           "\n# The first attempt, or one more: after a requeue, a preemption or a lost node.\n"
           "if [ \"${SLURM_RESTART_COUNT:-0}\" -gt 0 ] || [ -s events.jsonl ]; then\n    " +
           words + script.resume + " &\nelse\n    " + words + script.begin +
           " &\nfi\ntrainer=$!\n[ -z \"$asked\" ] || " + std::string(forwarding(request, script)) +
           "\n"
           "# A trap ends `wait` early; bash keeps the trainer's own status for the last one.\n"
           "while wait \"$trainer\"; status=$?; kill -0 \"$trainer\" 2>/dev/null; do :; done\n"
           "if [ \"$status\" -gt 128 ] || [ \"$status\" -lt 0 ]; then\n"
           "    wait \"$trainer\" 2>/dev/null; last=$?\n"
           "    case $last in 127 | -*) ;; *) status=$last ;; esac\n"
           "fi\n"
           "# Where a signal met the trainer's end, bash 5.2 sometimes says -1.\n"
           "[ \"$status\" -ge 0 ] || status=143\n";
}

std::string endPart(const SlurmRequest& request) {
    const std::string near = std::to_string(request.graceSeconds + limitSlackSeconds);
    return "\n# Why it was told to stop. A job that ends within its grace period is not requeued by Slurm.\n"
           "reason=\n"
           "if [ -n \"$asked\" ] && [ \"$status\" -ne 0 ]; then\n"
           "    job=$(scontrol show job \"$SLURM_JOB_ID\" 2>/dev/null | grep '^   ')\n"
           "    until=$(SLURM_TIME_FORMAT=%s squeue -h -j \"$SLURM_JOB_ID\" -o %e 2>/dev/null)\n"
           "    case $job in\n"
           "    *'   JobState=RUNNING '*PreemptTime=2*) reason=preempted ;;\n"
           "    *'   JobState=RUNNING '*)\n"
           "        [ \"$until\" -le $(($(date +%s) + " +
           near +
           ")) ] 2>/dev/null && reason=time-limit ;;\n"
           "    *) reason=ended ;;\n"
           "    esac\n"
           "fi\n"
           "printf '{\"job\": \"%s\", \"restarts\": %d, \"status\": %d, \"reason\": \"%s\"}\\n' \\\n"
           "    \"$SLURM_JOB_ID\" \"${SLURM_RESTART_COUNT:-0}\" \"$status\" \"$reason\" >" +
           std::string(slurmEndFile) + "\ncase $reason in " +
           (request.isContinuedAtTimeLimit ? "preempted | time-limit" : "preempted") +
           ") scontrol requeue \"$SLURM_JOB_ID\" ;; esac\n"
           "exit \"$status\"\n";
}

}  // namespace

std::string trainerLine(bool resume) {
    return std::string("\"$retort_cli\" train-run \"$run\"") + (resume ? " --resume" : "");
}

std::string withSlurmProgram(const std::string& script, const std::string& program) {
    const std::string word = slurmProgramWord, quoted = shellQuote(program);
    std::string text = script;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + quoted.size()))
        text.replace(at, word.size(), quoted);
    return text;
}

std::string withSlurmFolder(const std::string& script, const std::string& directory) {
    if (directory.find('%') == std::string::npos) return script;
    std::string folder;
    for (const char c : directory) folder.append(c == '%' ? 2 : 1, c);
    std::string text;
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
        for (const char* name : {"output", "error"}) {
            const std::string begin = std::string("#SBATCH --") + name + "=";
            if (line.rfind(begin, 0) != 0 || line.find_first_of("/'\"", begin.size()) == begin.size())
                continue;
            line = option(name, folder + "/" + line.substr(begin.size()));
            line.pop_back();
        }
        text += line + "\n";
    }
    return text;
}

std::int64_t slurmArraySize(const std::string& script) {
    const std::string option = "#SBATCH --array=0-";
    for (std::size_t at = 0; at < script.size(); at = script.find('\n', at) + 1) {
        if (script.compare(at, option.size(), option) == 0)
            return std::strtoll(script.c_str() + at + option.size(), nullptr, 10) + 1;
        if (script.find('\n', at) == std::string::npos) break;
    }
    return 0;
}

std::string slurmExportIn(const std::string& script) {
    const std::string option = "#SBATCH --export";
    std::string value;
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(option, 0) != 0 || line.find_first_of("= ", option.size()) != option.size()) continue;
        value = line.substr(option.size() + 1);
        std::erase_if(value, [](char c) { return c == '\'' || c == '"' || c == '\r'; });
        value.erase(0, value.find_first_not_of(' '));
        value.erase(value.find_last_not_of(' ') + 1);
    }
    return value;
}

void checkSlurmDirectory(const std::string& directory) {
    if (directory.rfind('/', 0) != 0)
        throw Error("Slurm needs the run's whole path there", directory,
                    "name a work folder that begins with /");
    for (const unsigned char c : directory)
        if (c < 0x20 || c == 0x7f || c == '\\')
            throw Error("Slurm cannot write to a folder with a backslash or a control character in its path",
                        directory, "choose another work folder");
}

std::string sbatchWord(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else if (c == '\\')
            quoted += "\\\\";
        else
            quoted += c;
    }
    return quoted + "'";
}

std::string slurmJobName(const std::string& text) {
    std::string name = text;
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    if (name.size() > longestJobName) {
        name.resize(longestJobName);
        // Not in the middle of a letter.
        while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xc0) == 0x80) name.pop_back();
        if (!name.empty() && static_cast<unsigned char>(name.back()) >= 0xc0) name.pop_back();
    }
    return name.find_first_not_of(' ') == std::string::npos ? "retort" : name;
}

std::string sbatchScript(const SlurmRequest& request, const SlurmScript& script) {
    checkSlurmRequest(request);
    checkLines(script);
    // A login shell, because `module` and the like come from there.
    return "#!/bin/bash -l\n" + header(request, script) + "\n" + begin(script) +
           trainerPart(request, script) + endPart(request);
}

}  // namespace retort
