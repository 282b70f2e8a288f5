// The one place that speaks to c10d: ranks find each other through rank 0's TCPStore, Gloo carries the
// tensors, and a PeerWatch says when one of them is gone.
#pragma once

#ifndef USE_C10D_GLOO  // some builds of LibTorch say it to all that use them
#define USE_C10D_GLOO
#endif
#include <chrono>
#include <memory>
#include <string>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <vector>

#include "training/engine/peer_watch.h"
#include "training/engine/process_group.h"

namespace retort {

class C10dGroup {
  public:
    /// Returns when all ranks are there. Throws Error as ProcessGroup::join.
    explicit C10dGroup(const ProcessGroup::Join& join);
    /// Of a broken group nothing is taken down: its connections' threads may wait for long, and the process
    /// is about to end.
    ~C10dGroup();

    const std::vector<RankIdentity>& ranks() const { return m_ranks; }
    PeerWatch& watch() { return *m_watch; }
    const PeerWatch& watch() const { return *m_watch; }

    // Tensors on the CPU, contiguous, of the same shape on every rank.
    void reduce(std::vector<at::Tensor> tensors, c10d::ReduceOp::RedOpType operation);
    void broadcast(at::Tensor tensor);
    std::vector<at::Tensor> gather(at::Tensor tensor);

    void leave();
    void fail(const std::string& text);

  private:
    using Work = c10d::Work;

    using Clock = std::chrono::steady_clock;

    /// Rank 0's store; the others' way to it.
    void serve(std::chrono::seconds limit);
    void reach(const ProcessGroup::Join& join, Clock::time_point until);
    void meet(const ProcessGroup::Join& join, Clock::time_point until);
    void waitFor(int rank, const ProcessGroup::Join& join, Clock::time_point until);
    void requireNoStop(const ProcessGroup::Join& join) const;
    void connect(const std::string& address);
    /// Throws Error for a failure of another rank, by its name where it shows in time.
    void finish(const c10::intrusive_ptr<Work>& work);
    [[noreturn]] void failWith(const std::string& text);
    [[noreturn]] void explainBreak(const std::string& what);
    void requireWhole();
    std::string nameOf(int rank) const;

    ParallelLaunch m_launch;
    c10::intrusive_ptr<c10d::TCPStore> m_store;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> m_gloo;
    std::unique_ptr<PeerWatch> m_watch;
    std::vector<RankIdentity> m_ranks;
    std::vector<std::string> m_addresses;
    bool m_broken = false;
};

}  // namespace retort
