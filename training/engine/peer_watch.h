// Who of the ranks is still there: each one's heart beats into the store, rank 0 listens to all of them, and
// what ends one of them (or asks it to stop) reaches the others within half a second. A thread of its own, so
// that neither a long step nor a hung connection hides a loss. Time is counted in its own rounds: where all
// ranks were suspended together, none was lost.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <vector>

namespace retort {

class PeerWatch {
  public:
    using StorePointer = c10::intrusive_ptr<c10d::Store>;

    /// `connect` gives a connection of the thread's own; `names`: of the ranks, for messages.
    PeerWatch(std::function<StorePointer()> connect, int rank, std::vector<std::string> names);
    ~PeerWatch();

    void askStop() { m_stopHere = true; }
    bool isStopAsked() const { return m_stopAsked; }
    std::string failure() const;
    bool isFirstLost() const { return m_firstLost; }
    /// A connection broke: whose heart has stopped shows in two seconds rather than in fifteen, on all ranks.
    void suspect() { m_suspects = true; }
    /// Rounds so far. When they stand still, rank 0's machine, which holds the store, has gone silent.
    std::int64_t rounds() const { return m_rounds; }
    /// Remembers a loss that was found without the store.
    void firstIsLost();
    /// Ends the thread; nobody is lost from now on.
    void stop();

    /// The store's key for the first failure, and what it says.
    static constexpr const char* failureKey = "failure";
    static constexpr const char* noticedKey = "noticed";

  private:
    void watch();
    void round(c10d::Store& store);
    void listen(c10d::Store& store, int rank);
    void remember(const std::string& failure);

    std::function<StorePointer()> m_connect;
    int m_rank;
    std::vector<std::string> m_names;
    std::vector<std::int64_t> m_beats;  // as last heard, by rank
    std::vector<int> m_silent;          // rounds without a new one
    bool m_saysSuspicion = false;
    std::atomic<bool> m_stopHere = false, m_stopAsked = false, m_firstLost = false, m_suspects = false;
    std::atomic<bool> m_over = false;
    std::atomic<std::int64_t> m_rounds = 0;
    mutable std::mutex m_mutex;
    std::string m_failure;
    std::thread m_thread;
};

}  // namespace retort
