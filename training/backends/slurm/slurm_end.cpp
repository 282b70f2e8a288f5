#include "training/backends/slurm/slurm_end.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/util/json.h"

namespace retort {
namespace {

struct Words {
    std::string_view word, text;
};

// In order: the first that the reason begins with.
constexpr std::array<Words, 30> reasons = {{
    {"Resources", "it is next, once enough of the cluster is free"},
    {"Priority", "jobs with a higher priority come first"},
    {"BeginTime", "it may not begin before its start time; a requeued job waits two minutes or so"},
    {"Dependency", "it waits for another job"},
    {"JobHeldUser", "it is held: release it"},
    {"JobHeldAdmin", "the cluster's administrators hold it: ask them"},
    {"JobArrayTaskLimit", "so many tasks of the array run already (array_at_once)"},
    {"PartitionTimeLimit",
     "the time limit is longer than the partition allows: ask for less, or for another partition"},
    {"PartitionNodeLimit", "the partition allows fewer nodes: ask for fewer, or for another partition"},
    {"PartitionConfig", "the request does not fit the partition: ask for fewer nodes, CPUs or less memory"},
    {"PartitionDown", "the partition is down: ask for another one, or wait"},
    {"PartitionInactive", "the partition takes no jobs now"},
    {"ReqNodeNotAvail",
     "nodes that it needs are down or reserved, perhaps for maintenance: a shorter time limit may fit before "
     "it"},
    {"Nodes_required_for_job_are_DOWN",
     "all nodes that fit are down, drained or reserved for others: see sinfo -R"},
    {"BadConstraints", "no node can ever fulfil the request: ask for fewer CPUs, GPUs, memory or features"},
    {"AssocGrp", "the account's limit is used up: wait, or charge another account"},
    {"AssocMax", "your limit on this account is reached: wait for your other jobs, or ask for less"},
    {"Assoc", "a limit of your account holds it back"},
    {"QOSGrp", "the limit that everybody in this QOS shares is reached: wait, or choose another QOS"},
    {"QOSMax",
     "your limit in this QOS is reached: ask for less, wait for your other jobs, or choose another QOS"},
    {"QOSTimeLimit", "the time limit is longer than the QOS allows"},
    {"QOS", "a limit of the QOS holds it back"},
    {"InvalidAccount",
     "there is no such account, or you may not use it: cancel the job and name another account"},
    {"InvalidQOS", "you may not use this QOS: cancel the job and name another one"},
    {"Licenses", "a license that it needs is in use"},
    {"Reservation", "it waits for its reservation"},
    {"launch_failed_requeued_held",
     "its node could not start it, so Slurm holds it: release it to try again"},
    {"job_requeued_in_held_state", "it was requeued and is held: release it"},
    {"Cleaning", "its last attempt is being cleaned up"},
    {"NodeDown", "its node is down"},
}};

struct EndWords {
    std::string_view state, happened, toDo;
};

constexpr std::array<EndWords, 12> ends = {{
    {"TIMEOUT", "the job reached its time limit",
     "resume the run with a longer one; it goes on from its last checkpoint"},
    {"OUT_OF_MEMORY", "the job used more memory than it asked for, and Slurm ended it",
     "ask for more memory (mem), or make batches or completions smaller, and resume"},
    {"NODE_FAIL", "the node of the job failed", "resume: the run goes on from its last checkpoint"},
    {"PREEMPTED", "a job with a higher priority took the place of this one",
     "resume: the run goes on from its last checkpoint"},
    {"CANCELLED", "the job was cancelled", "resume lets the run go on from its last checkpoint"},
    {"BOOT_FAIL", "the nodes of the job did not start",
     "resume to try again; tell the cluster's administrators if it stays so"},
    {"DEADLINE", "the job could not end before its deadline",
     "submit it without --deadline, or with a later one"},
    {"REVOKED", "the job was withdrawn: another cluster of the federation runs it", "look for it there"},
    {"FAILED", "", ""},
    {"COMPLETED", "", ""},
    {"COMPLETING", "", ""},
    {"", "", ""},
}};

constexpr int bashSignalBase = 128;

std::string sentence(std::string_view happened, std::string_view toDo) {
    return std::string(happened) + (toDo.empty() ? "" : ": " + std::string(toDo));
}

std::string stateAndReason(const SlurmJob& job) {
    std::string text = job.state;
    if (!job.reason.empty()) text += (text.empty() ? "" : ", ") + job.reason;
    return text.empty() ? text : " (" + text + ")";
}

std::string explainFailure(const SlurmJob& job, const std::optional<SlurmEndNote>& note) {
    const int status = note ? note->status : job.exitStatus.value_or(0);
    const int signal = job.signal.value_or(0) > 0 ? *job.signal
                       : status > bashSignalBase  ? status - bashSignalBase
                                                  : 0;
    // A batch script that could not even begin has no exit status of a trainer. Slurm 22.05 calls a job that
    // it killed for its memory the same (JobAcctGatherParams=OverMemoryKill), with SIGKILL.
    if (signal != 9 && (job.reason == "JobLaunchFailure" || job.reason.rfind("launch_failed", 0) == 0))
        return sentence("the node could not start the job" + stateAndReason(job),
                        "is the run directory writable there, and the work folder on a file system that the "
                        "nodes share?");
    if (signal == 9)
        return sentence("the trainer was killed" + stateAndReason(job),
                        "often because memory ran out on the node; the end of stderr.log may say more");
    if (status == 127 || status == 126)
        return sentence(
            "the trainer could not be started (exit status " + std::to_string(status) + ")",
            "is retort-cli installed there, and do the environment's set-up lines work on the nodes?");
    if (status != 0) return "the trainer ended with exit status " + std::to_string(status);
    if (job.state.empty() && !note)
        return sentence("Slurm knows nothing of the job any more, and its script left no word",
                        "look at stderr.log; resume lets the run go on from its last checkpoint");
    if (job.state == "FAILED") return "the job failed" + stateAndReason(job);
    return {};
}

}  // namespace

std::optional<SlurmEndNote> slurmEndNoteFrom(const std::string& text) try {
    const Json json = Json::parse(text);
    return SlurmEndNote{json.at("job").get<std::string>(), json.at("restarts").get<int>(),
                        json.at("status").get<int>(), json.at("reason").get<std::string>()};
} catch (const Json::exception&) {
    return std::nullopt;
}

std::string explainWaiting(const std::string& reason) {
    if (reason.empty() || reason == "None") return {};
    for (const auto& [word, text] : reasons)
        if (reason.rfind(word, 0) == 0) return std::string(text);
    return "Slurm's word for why it waits: " + reason;
}

std::string explainSlurmEnd(const SlurmJob& job, const std::optional<SlurmEndNote>& note, bool isComplete) {
    if (isComplete) return {};
    const auto wordsOf = [](std::string_view state) {
        const auto found =
            std::find_if(ends.begin(), ends.end(), [&](const EndWords& each) { return each.state == state; });
        return found == ends.end() ? std::string() : sentence(found->happened, found->toDo);
    };
    if (note && note->reason == "time-limit") return wordsOf("TIMEOUT");
    if (note && note->reason == "preempted") return wordsOf("PREEMPTED");
    const bool isKnown =
        std::any_of(ends.begin(), ends.end(), [&](const EndWords& each) { return each.state == job.state; });
    if (const std::string words = wordsOf(job.state); !words.empty()) return words;
    if (!isKnown) return "the job ended" + stateAndReason(job);
    return explainFailure(job, note);
}

}  // namespace retort
