// retort-cli slurm queue, cancel, requeue, hold, release; the priority of a job.
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "app/cli/context.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/slurm_common.h"
#include "app/cli/remote/slurm_functions.h"
#include "app/cli/table.h"
#include "core/machines/remote_run.h"
#include "core/runlog/priority.h"
#include "core/util/error.h"
#include "core/util/json.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort::cli {
namespace {

Json jobJson(const SlurmJob& job) {
    Json json = {{"job", job.id},
                 {"state", job.state},
                 {"reason", job.reason},
                 {"nodes", job.nodes},
                 {"name", job.name}};
    if (job.start) json["start"] = *job.start;
    if (job.end) json["end"] = *job.end;
    return json;
}

void act(Context& context, SlurmClient::Action action, const char* done) {
    const EventLoop loop;
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    const SlurmNote note = slurmNote(run);
    const Machine machine = slurmMachine(context, note.machine);
    if (note.job.empty() || note.ended)
        throw Error("the run has no job in Slurm now", run.path().string(),
                    "retort-cli slurm resume submits it again");
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    SlurmClient client(*shell, machine.environment);
    bool over = false;
    std::optional<Error> error;
    client.act(
        action, {note.job}, [&] { over = true; }, [&](const Error& failed) { error = failed; });
    waitUntil([&] { return over || error; });
    if (error) throw *error;
    context.note("job " + note.job + " " + done);
}

}  // namespace

void prioritiseJob(Context& context, const RunDirectory& run, int nice) {
    const SlurmNote note = slurmNote(run);
    const Machine machine = slurmMachine(context, note.machine);
    askPriority(run.path(), nice);
    if (note.job.empty()) return context.note("it holds when the run begins");
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    SlurmClient client(*shell, machine.environment);
    std::optional<std::vector<SlurmJob>> jobs;
    std::optional<Error> error;
    const auto failed = [&error](const Error& problem) { error = problem; };
    client.states(
        {note.job}, [&](const std::vector<SlurmJob>& found) { jobs = found; }, failed);
    waitUntil([&] { return jobs || error; });
    if (error) throw *error;
    if (!jobs || jobs->empty()) return context.note("it holds when the run goes on");
    if (slurmPhase(jobs->front().state) == SlurmPhase::Waiting) {
        bool over = false;
        client.setNice(
            {note.job}, slurmNiceOf(nice), [&] { over = true; }, failed);
        waitUntil([&] { return over || error; });
        if (error) throw *error;
        return context.note("job " + note.job + " waits with nice " + std::to_string(slurmNiceOf(nice)) +
                            "; its processes will run at nice " + std::to_string(nice));
    }
    const std::optional<RemoteRun> mirrored = readRemoteRun(run.path());
    const auto state = mirrored ? prioritiseThere(*shell, *mirrored, nice) : awaitPriority(run.path(), nice);
    if (state && !state->problem.empty()) throw Error(state->problem, run.path().string());
    context.note(state ? "it runs at nice " + std::to_string(state->nice)
                       : "no trainer has answered; it holds as soon as one does");
}

int runSlurmQueue(Context& context) {
    const EventLoop loop;
    const Machine machine = slurmMachine(context, context.arguments().text("--machine"));
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    SlurmClient client(*shell, machine.environment);
    std::optional<std::vector<SlurmJob>> jobs;
    std::optional<Error> error;
    client.mine([&](const std::vector<SlurmJob>& found) { jobs = found; },
                [&](const Error& failed) { error = failed; });
    waitUntil([&] { return jobs || error; });
    if (error) throw *error;
    if (!jobs) return exitInterrupted;
    std::vector<std::vector<std::string>> rows;
    for (const SlurmJob& job : *jobs) {
        if (context.json()) {
            Json json = jobJson(job);
            json["why"] = explainWaiting(job.reason);
            std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
            continue;
        }
        rows.push_back({job.id, printable(job.name), job.state, job.start ? localTime(*job.start) : "",
                        printable(slurmPhase(job.state) == SlurmPhase::Waiting ? explainWaiting(job.reason)
                                                                               : job.nodes)});
    }
    if (!rows.empty())
        std::fputs(formatTable({"job", "name", "state", "start", "where, or why it waits"}, rows).c_str(),
                   stdout);
    if (rows.empty() && !context.json()) context.note("you have no jobs there");
    return exitOk;
}

int runSlurmCancel(Context& context) {
    return act(context, SlurmClient::Action::Cancel, "is told to save and stop"), exitOk;
}

int runSlurmRequeue(Context& context) {
    return act(context, SlurmClient::Action::Requeue, "goes back into the queue"), exitOk;
}

int runSlurmHold(Context& context) {
    return act(context, SlurmClient::Action::Hold, "is held"), exitOk;
}

int runSlurmRelease(Context& context) {
    return act(context, SlurmClient::Action::Release, "may begin"), exitOk;
}

}  // namespace retort::cli
