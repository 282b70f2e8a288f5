// Slurm's commands on a machine: submit, look, cancel, requeue, hold, release. Each is one script there.
#pragma once

#include <QByteArray>
#include <functional>
#include <string>
#include <vector>

#include "training/backends/remote/machine_follower.h"
#include "training/backends/remote/secrets.h"
#include "training/backends/remote/shell.h"
#include "training/backends/slurm/slurm_end.h"
#include "training/backends/slurm/slurm_job.h"
#include "training/backends/slurm/slurm_partition.h"

namespace retort {

/// How one job ended, as far as anybody there knows.
struct SlurmEnd {
    SlurmJob job;  ///< state empty: Slurm has forgotten it
    std::optional<SlurmEndNote> note;
    FileSizes sizes;  ///< of the run's files there
};

/// Slurm's nice value (sbatch --nice) for one of processes: "low", 10, is what `--nice` alone means.
constexpr int slurmNiceOf(int nice) {
    return 10 * nice;
}

class SlurmClient {
  public:
    using Failed = std::function<void(const Error&)>;

    /// `environment`: lines of sh that bring Slurm's commands into the PATH, where they are not there by
    /// themselves.
    explicit SlurmClient(Shell& shell, const std::vector<std::string>& environment = {});

    /// Submits the script as it is, from `directory` there (the job's working folder). Asked again while the
    /// job of an earlier time is in the queue, as after a connection that broke in the middle, it says that
    /// one's number. `links` are made in the directory first: 0, 1, 2 … lead to these run directories (of a
    /// job array). Each run directory then has its job's number in control/slurm-job, and requests that were
    /// left over are gone. The secrets go through standard input into sbatch's environment, which Slurm keeps
    /// for the job, also when it is requeued; they are in no file of ours and no argument.
    RemoteCommand* submit(const std::string& directory, const std::string& script,
                          const std::vector<std::string>& links, std::function<void(std::string)> done,
                          Failed failed, const Secrets& secrets = {});

    /// What became of a submission from a directory whose answer was lost: control/slurm-job there, and
    /// whether sbatch may still be at it. `job` is empty where there is no number.
    RemoteCommand* submitted(const std::string& directory,
                             std::function<void(std::string job, bool isUnderWay)> done, Failed failed);
    /// Whether sbatch would take the script, and what it says to it: when and where it would begin.
    RemoteCommand* test(const std::string& script, std::function<void(std::string)> done, Failed failed);
    /// A partition is there once for each kind of its nodes.
    RemoteCommand* partitions(std::function<void(std::vector<SlurmPartition>)> done, Failed failed);

    /// All of them in one call; those that Slurm has forgotten are not in the answer, which has each task of
    /// an array on its own.
    RemoteCommand* states(const std::vector<std::string>& jobs,
                          std::function<void(std::vector<SlurmJob>)> done, Failed failed);
    /// This user's jobs, by Slurm's numbers.
    RemoteCommand* mine(std::function<void(std::vector<SlurmJob>)> done, Failed failed);

    /// From scontrol, sacct where it keeps accounts, and what the script left in the run directory there.
    RemoteCommand* end(const std::string& job, const std::string& runDirectory,
                       std::function<void(SlurmEnd)> done, Failed failed);

    enum class Action {
        Cancel,   ///< SIGTERM, and SIGKILL after the cluster's KillWait
        Requeue,  ///< the same, and back into the queue
        Hold,
        Release,
    };
    /// A job that is over is no error of Cancel.
    RemoteCommand* act(Action action, const std::vector<std::string>& jobs, std::function<void()> done,
                       Failed failed);

    /// Slurm's own of jobs that wait: the larger, the later. To make it smaller takes an operator.
    RemoteCommand* setNice(const std::vector<std::string>& jobs, int nice, std::function<void()> done,
                           Failed failed);

  private:
    RemoteCommand* call(const std::string& what, const std::string& script,
                        std::function<void(const CommandResult&)> done, Failed failed, QByteArray input = {});
    RemoteCommand* run(const std::string& script, std::function<void(CommandResult)> done, Failed failed,
                       QByteArray input = {});

    Shell& m_shell;
    std::string m_environment;  ///< a part of a script; empty: none
};

/// From what one of Slurm's commands wrote to standard error: what happened, and what to do about it.
Error slurmError(const std::string& what, const CommandResult& result, const std::string& place);

}  // namespace retort
