#include "training/backends/slurm/slurm_client.h"

#include <QRandomGenerator>
#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string_view>

#include "training/backends/remote/shell_quote.h"
#include "training/backends/slurm/slurm_script.h"

namespace retort {
namespace {

struct Advice {
    std::string_view says, toDo;
};

constexpr std::array<Advice, 18> advices = {{
    {"command not found",
     "Slurm's commands are not in the PATH there: add them in the machine's environment set-up"},
    {"not found", "Slurm's commands are not in the PATH there: add them in the machine's environment set-up"},
    {"invalid partition", "sinfo lists the partitions"},
    {"Invalid account",
     "sacctmgr show associations user=$USER lists the accounts and partitions that you may use"},
    {"Invalid qos", "sacctmgr show qos lists them"},
    {"Requested time limit is invalid", "ask for less time, or for another partition (sinfo)"},
    {"Node count specification invalid", "the partition has fewer nodes (sinfo)"},
    {"Invalid feature specification", "sinfo -o '%N %f' lists the features of nodes"},
    {"Invalid generic resource", "sinfo -o '%N %G' lists what GPUs are called there"},
    {"Memory specification can not be satisfied", "no node has so much memory (sinfo -Nel)"},
    {"Requested node configuration is not available",
     "no node has that many CPUs, GPUs, or so much memory (sinfo -Nel)"},
    {"violates accounting/QOS policy", "ask for less, wait for your other jobs, or choose another QOS"},
    {"Unable to contact slurm controller",
     "Slurm's controller does not answer; if it stays so, tell the cluster's administrators"},
    {"Socket timed out", "Slurm's controller is busy; it is asked again"},
    {"Invalid job id", "Slurm does not know this job any more"},
    {"unrecognized option", "look at the further lines for sbatch"},
    {"can't cd to", "the run's directory is not there any more: start a new run"},
    {"Access/permission denied", "the job belongs to somebody else, or the partition is not yours to use"},
}};

/// A job that is gone is no failure of a question about it.
bool saysUnknownJob(const std::string& error) {
    return error.find("Invalid job id") != std::string::npos;
}

std::string jobList(const std::vector<std::string>& jobs) {
    std::string list;
    for (const std::string& job : jobs) {
        if (!isSlurmJobId(job)) throw Error("'" + job + "' is no number of a Slurm job", "Slurm");
        list += (list.empty() ? "" : ",") + job;
    }
    return list;
}

std::string words(const std::vector<std::string>& jobs, char separator) {
    std::string list = jobList(jobs);
    std::replace(list.begin(), list.end(), ',', separator);
    return list;
}

std::string newMarker() {
    return "job-" + QString::number(QRandomGenerator::system()->generate64(), 16).toStdString();
}

std::string squeue(const std::string& which, const std::string& marker) {
    // In seconds since 1970: no time zone of another machine. The variables of a user's own are not for us.
    return "unset SQUEUE_FORMAT SQUEUE_FORMAT2 SQUEUE_STATES SQUEUE_SORT SQUEUE_PARTITION SQUEUE_NAMES "
           "SQUEUE_ALL SQUEUE_USERS SQUEUE_ACCOUNT SQUEUE_QOS SQUEUE_LICENSES\n"
           "SLURM_TIME_FORMAT=%s LC_ALL=C.UTF-8 squeue -h -r " +
           which + " -o " + shellQuote(squeueFormat(marker)) + "\n";
}

/// sh that calls sbatch with the secrets that were read into secret1, secret2 …; their own names may be those
/// of other variables of the script. Where a job does not get the environment of sbatch, they are named.
std::string sbatchCall(const std::string& script, const Secrets& secrets) {
    if (secrets.empty()) return "sbatch --parsable control/job.sbatch";
    std::string exports, names;
    int index = 0;
    for (const auto& [name, value] : secrets) {
        exports += " " + name + "=\"$secret" + std::to_string(++index) + "\"";
        names += (names.empty() ? "" : ",") + name;
    }
    return "e=${SBATCH_EXPORT:-" + shellQuote(slurmExportIn(script)) +
           "}; case ${e:-ALL} in (ALL | ALL,*) e= ;; "
           "(NONE | NIL) e=" +
           names + " ;; (*) e=$e," + names + " ;; esac; export" + exports +
           "; sbatch --parsable ${e:+\"--export=$e\"} control/job.sbatch";
}

std::string submitScript(const std::string& directory, const std::string& script,
                         const std::vector<std::string>& links, const Secrets& secrets) {
    const std::string folder = shellQuote(directory);
    std::string text;
    for (std::size_t i = 1; i <= secrets.size(); ++i)
        text += "IFS= read -r secret" + std::to_string(i) + " || exit 1\n";
    text += (links.empty() ? "" : "mkdir -p -- " + folder + " || exit 1\n") + "cd -- " + folder +
            " || exit 1\nmkdir -p control || exit 1\n";
    std::string leftOver = " control/stop control/pause control/slurm-job", numbers;
    std::string marks = " control/slurm-submitting";  // submitted() waits while they are there
    for (std::size_t i = 0; i < links.size(); ++i) {
        const std::string task = std::to_string(i);
        text += "ln -sfn -- " + shellQuote(links[i]) + " " + task + " && mkdir -p " + task +
                "/control || exit 1\n";
        for (const char* each : {"stop", "pause", "slurm-job"}) leftOver += " " + task + "/control/" + each;
        marks += " " + task + "/control/slurm-submitting";
        numbers += "printf '%s\\n' \"$job\"_" + task + " >" + task + "/control/slurm-job\n";
    }
    // The number is kept in the same breath; the second of two submissions finds it.
    return text +
           "cat >control/job.sbatch || exit 1\n"
           "if [ -s control/slurm-job ] && job=$(cat control/slurm-job) &&\n"
           "    squeue -h -j \"$job\" -t PENDING,RUNNING,SUSPENDED,CONFIGURING,REQUEUED -o %A 2>/dev/null | "
           "grep -q .\n"
           "then printf '%s\\n' \"$job\"; exit 0; fi\n"
           "rm -f control/slurm-end.json" +
           leftOver + "\nfor mark in" + marks + "; do : >\"$mark\"; done\n" + "job=$(" +
           sbatchCall(script, secrets) + ") || { rm -f" + marks + "; exit 1; }\njob=${job%%;*}\n" + numbers +
           "printf '%s\\n' \"$job\" | tee control/slurm-job\nrm -f" + marks + "\n";
}

std::vector<std::string_view> split(std::string_view text, const std::string& between) {
    std::vector<std::string_view> parts;
    for (std::size_t at; (at = text.find(between)) != std::string_view::npos;
         text.remove_prefix(at + between.size()))
        parts.push_back(text.substr(0, at));
    parts.push_back(text);
    return parts;
}

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

Error slurmError(const std::string& what, const CommandResult& result, const std::string& place) {
    std::string said = result.err.empty() ? result.out : result.err;
    while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
    const std::size_t begin = said.find_first_not_of("\n ");
    said = begin == std::string::npos ? "" : said.substr(begin);
    constexpr std::size_t longest = 1000;
    if (said.size() > longest) said.resize(longest);
    std::string hint;
    for (const Advice& advice : advices)
        if (hint.empty() && said.find(advice.says) != std::string::npos) hint = advice.toDo;
    return Error(
        what + (said.empty() ? " failed with exit status " + std::to_string(result.exitCode) : ": " + said),
        place.empty() ? "Slurm" : place, hint);
}

SlurmClient::SlurmClient(Shell& shell, const std::vector<std::string>& environment) : m_shell(shell) {
    if (environment.empty()) return;
    // Asked every few seconds: modules are not loaded for nothing.
    m_environment = "command -v sbatch >/dev/null 2>&1 || {\n";
    for (const std::string& line : environment) m_environment += line + "\n";
    m_environment += "} </dev/null >&2\n";
}

RemoteCommand* SlurmClient::run(const std::string& script, std::function<void(CommandResult)> done,
                                Failed failed, QByteArray input) {
    return m_shell.run(m_environment + script, std::move(done), std::move(failed), std::move(input));
}

RemoteCommand* SlurmClient::call(const std::string& what, const std::string& script,
                                 std::function<void(const CommandResult&)> done, Failed failed,
                                 QByteArray input) {
    const auto answered = [what, place = m_shell.place(), done = std::move(done),
                           failed](const CommandResult& result) {
        if (result.exitCode != 0) return failed(slurmError(what, result, place));
        done(result);
    };
    return run(script, answered, failed, std::move(input));
}

RemoteCommand* SlurmClient::submit(const std::string& directory, const std::string& script,
                                   const std::vector<std::string>& links,
                                   std::function<void(std::string)> done, Failed failed,
                                   const Secrets& secrets) {
    const auto answered = [done = std::move(done), failed,
                           place = m_shell.place()](const CommandResult& result) {
        const std::string job = firstLine(result.out);
        if (!isSlurmJobId(job)) return failed(slurmError("sbatch says no job number", result, place));
        done(job);
    };
    std::string input;
    for (const auto& [name, value] : secrets) input += value + "\n";
    return call("the job was not taken", submitScript(directory, script, links, secrets), answered, failed,
                QByteArray::fromStdString(input + withSlurmFolder(script, directory)));
}

RemoteCommand* SlurmClient::submitted(const std::string& directory,
                                      std::function<void(std::string, bool)> done, Failed failed) {
    // Older than two minutes it is that of a machine that went down in the middle.
    const std::string script = "cd -- " + shellQuote(directory) +
                               " || exit 1\n[ -n \"$(find control/slurm-submitting -mmin -2 2>/dev/null)\" ] "
                               "&& echo yes || echo no\n"
                               "cat control/slurm-job 2>/dev/null\ntrue\n";
    const auto answered = [done = std::move(done)](const CommandResult& result) {
        const std::size_t newline = std::min(result.out.find('\n'), result.out.size());
        const std::string job = firstLine(result.out.substr(std::min(newline + 1, result.out.size())));
        done(isSlurmJobId(job) ? job : std::string(), firstLine(result.out) == "yes");
    };
    return call("it was asked for the job's number", script, answered, failed);
}

RemoteCommand* SlurmClient::test(const std::string& script, std::function<void(std::string)> done,
                                 Failed failed) {
    const auto answered = [done = std::move(done)](const CommandResult& result) {
        // It speaks on standard error.
        const std::string& said = result.err.empty() ? result.out : result.err;
        done(said.substr(0, said.find_last_not_of("\n ") + 1));
    };
    return call("the job would not be taken", "sbatch --test-only\n", answered, failed,
                QByteArray::fromStdString(script));
}

RemoteCommand* SlurmClient::partitions(std::function<void(std::vector<SlurmPartition>)> done, Failed failed) {
    const std::string marker = newMarker();
    return call(
        "Slurm was asked for its partitions",
        "unset SINFO_FORMAT SINFO_PARTITION SINFO_SORT\nLC_ALL=C.UTF-8 sinfo -h -e -o " +
            shellQuote(sinfoFormat(marker)) + "\n",
        [marker, done = std::move(done)](const CommandResult& result) {
            done(parseSinfo(result.out, marker));
        },
        failed);
}

RemoteCommand* SlurmClient::states(const std::vector<std::string>& jobs,
                                   std::function<void(std::vector<SlurmJob>)> done, Failed failed) {
    std::set<std::string> arrays;
    for (const std::string& job : jobs) arrays.insert(slurmArrayOf(job));
    const std::string marker = newMarker();
    const std::string script = squeue("-t all -j " + jobList({arrays.begin(), arrays.end()}), marker);
    const auto answered = [marker, done = std::move(done), failed,
                           place = m_shell.place()](const CommandResult& result) {
        // Of several, squeue passes over those that it does not know; of one alone it makes an error.
        if (result.exitCode != 0 && !saysUnknownJob(result.err))
            return failed(slurmError("Slurm was asked for its jobs", result, place));
        done(parseSqueue(result.out, marker));
    };
    return run(script, answered, failed);
}

RemoteCommand* SlurmClient::mine(std::function<void(std::vector<SlurmJob>)> done, Failed failed) {
    const std::string marker = newMarker();
    return call(
        "Slurm was asked for your jobs", squeue("-u \"$(id -un)\"", marker),
        [marker, done = std::move(done)](const CommandResult& result) {
            done(parseSqueue(result.out, marker));
        },
        failed);
}

RemoteCommand* SlurmClient::end(const std::string& job, const std::string& runDirectory,
                                std::function<void(SlurmEnd)> done, Failed failed) {
    const std::string marker = newMarker(), line = "printf '\\n%s\\n' " + marker + "\n";
    const std::string number = jobList({job});
    const std::string directory = shellQuote(runDirectory);
    std::string sizes;
    for (const std::string& name : followedFiles())
        sizes += "{ wc -c <" + directory + "/" + name + " || echo 0; } 2>/dev/null\n";
    // What one of them does not know, the next one may. sacct fails where no accounts are kept.
    const std::string script = "scontrol show job " + number + " 2>/dev/null\n" + line +
                               "SLURM_TIME_FORMAT=%s sacct -n -P -X --delimiter=\"$(printf '\\037')\" -j " +
                               number + " -o " + sacctFields + " 2>/dev/null\n" + line + sizes + line +
                               "head -c 4096 -- " + directory + "/control/slurm-end.json 2>/dev/null\ntrue\n";
    const auto answered = [marker, job, done = std::move(done)](const CommandResult& result) {
        const std::vector<std::string_view> parts = split(result.out, "\n" + marker + "\n");
        SlurmEnd end;
        end.job.id = job;
        if (parts.size() != 4) return done(end);
        if (auto said = parseScontrolJob(parts[0])) end.job = *said;
        if (end.job.state.empty())
            for (const SlurmJob& kept : parseSacct(parts[1]))
                if (kept.id == job) end.job = kept;
        std::istringstream numbers{std::string(parts[2])};
        for (const std::string& name : followedFiles()) numbers >> end.sizes[name];
        end.note = slurmEndNoteFrom(std::string(parts[3]));
        done(end);
    };
    return call("Slurm was asked for the end of a job", script, answered, failed);
}

RemoteCommand* SlurmClient::act(Action action, const std::vector<std::string>& jobs,
                                std::function<void()> done, Failed failed) {
    std::string script, what;
    switch (action) {
        case Action::Cancel:
            what = "the job was not cancelled";
            script = "scancel " + words(jobs, ' ') + "\n";
            break;
        case Action::Requeue:
            what = "the job was not requeued";
            script = "scontrol requeue " + jobList(jobs) + "\n";
            break;
        case Action::Hold:
            what = "the job was not held";
            script = "scontrol hold " + jobList(jobs) + "\n";
            break;
        case Action::Release:
            what = "the job was not released";
            script = "scontrol release " + jobList(jobs) + "\n";
            break;
    }
    const auto answered = [=, place = m_shell.place()](const CommandResult& result) {
        if (result.exitCode != 0 && !(action == Action::Cancel && saysUnknownJob(result.err)))
            return failed(slurmError(what, result, place));
        done();
    };
    return run(script, answered, failed);
}

RemoteCommand* SlurmClient::setNice(const std::vector<std::string>& jobs, int nice,
                                    std::function<void()> done, Failed failed) {
    const auto answered = [=, place = m_shell.place()](const CommandResult& result) {
        if (result.exitCode != 0)
            return failed(slurmError("the job's priority was not changed", result, place));
        done();
    };
    return run("scontrol update JobId=" + jobList(jobs) + " Nice=" + std::to_string(nice) + "\n", answered,
               failed);
}

}  // namespace retort
