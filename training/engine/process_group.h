// The processes that train one run together (data parallel), behind c10d and Gloo. One process alone is a
// group, too: everything here is then a no-op that costs nothing and changes no bit.
//
// What is collective must be called by every rank, in the same order, from the same thread; it throws Error
// when a rank failed or was lost: within seconds, and with that rank's own reason where it could still say
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "training/api/parallel_launch.h"

namespace at {
class Tensor;
}

namespace retort {

/// What a rank says of itself when it joins.
struct RankIdentity {
    std::string host, cores;  ///< the cores it may use, as a mask
    std::int64_t pid = 0;
};

class ProcessGroup {
  public:
    struct Join {
        ParallelLaunch launch;
        /// What all ranks must have in common: the run, the version. Ranks that differ are refused.
        std::string agreement;
        int seconds = 300;                     ///< to wait for all ranks
        std::function<bool()> isStopped = {};  ///< asked while it waits; true ends the wait with an Error
    };

    static std::shared_ptr<ProcessGroup> alone();
    /// Waits for all ranks. Throws Error when one does not come, or when this build has no c10d.
    static std::shared_ptr<ProcessGroup> join(const Join& join);
    ~ProcessGroup();

    int rank() const { return m_rank; }
    int size() const { return m_size; }
    bool isAlone() const { return m_size == 1; }
    /// Rank 0: it logs, holds the run's lock and writes its files.
    bool isFirst() const { return m_rank == 0; }
    const std::vector<RankIdentity>& ranks() const { return m_ranks; }
    /// Ranks on this machine that use the same cores as this one, itself included.
    int ranksOnTheseCores() const;

    /// This rank's part [first, last) of `count` things in a row.
    std::pair<std::size_t, std::size_t> share(std::size_t count) const { return share(count, m_rank); }
    std::pair<std::size_t, std::size_t> share(std::size_t count, int rank) const;

    // Collective:

    /// Sums over the ranks, in place; every rank gets the same bits. A tensor of another device goes through
    /// the CPU's memory.
    void sum(at::Tensor& tensor);
    void sum(std::initializer_list<double*> values);
    void sum(std::vector<double>& values);
    void max(std::initializer_list<double*> values);
    void min(std::initializer_list<double*> values);
    /// Whether it is true of any rank.
    bool any(bool mine);
    /// Every rank's bytes, by rank.
    std::vector<std::string> gather(const std::string& mine);
    /// Rank 0's text.
    std::string fromFirst(const std::string& mine);
    /// Rank 0's values, in place; of the same shape on every rank.
    void takeFromFirst(at::Tensor& tensor);
    void takeFromFirst(std::vector<double>& values);
    /// Rank 0 does it, then the others do: for what makes files that the others find.
    void firstThenOthers(const std::function<void()>& work);
    /// The run is over: nobody leaves before all are there.
    void leave();

    // From any thread, at any time:

    /// Tells the others that this rank was asked to stop; they hear of it within half a second. Whether the
    /// run stops, and when, the ranks decide together (RunSession).
    void askStop();
    bool isStopAsked() const;
    /// Why the group is broken; empty: it is not.
    std::string failure() const;
    /// Rank 0 is the one that was lost: nobody else writes the run's end.
    bool isFirstLost() const;

    /// This rank ends with an error: tells the others, unless theirs was first. From the thread of the
    /// collective calls.
    void fail(const std::string& text);

  private:
    ProcessGroup();

    int m_rank = 0, m_size = 1;
    std::vector<RankIdentity> m_ranks;
    struct Impl;
    std::unique_ptr<Impl> m_impl;  // null: alone
};

}  // namespace retort
