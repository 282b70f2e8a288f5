#include "training/engine/peer_watch.h"

#include <chrono>

namespace retort {
namespace {

constexpr auto roundInterval = std::chrono::milliseconds(200);
constexpr int silentRounds = 75;   ///< 15 s
constexpr int suspectRounds = 10;  ///< 2 s
constexpr const char *stopKey = "stop", *suspectKey = "suspect";

std::string beatKey(int rank) {
    return "beat/" + std::to_string(rank);
}

}  // namespace

PeerWatch::PeerWatch(std::function<StorePointer()> connect, int rank, std::vector<std::string> names)
    : m_connect(std::move(connect)),
      m_rank(rank),
      m_names(std::move(names)),
      m_beats(m_names.size(), 0),
      m_silent(m_names.size(), 0),
      m_thread([this] { watch(); }) {}

PeerWatch::~PeerWatch() {
    stop();
}

void PeerWatch::stop() {
    m_over = true;
    if (m_thread.joinable()) m_thread.join();
}

std::string PeerWatch::failure() const {
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

void PeerWatch::remember(const std::string& failure) {
    const std::lock_guard lock(m_mutex);
    if (m_failure.empty()) m_failure = failure;
}

void PeerWatch::firstIsLost() {
    m_firstLost = true;
    remember("lost " + m_names[0]);
}

void PeerWatch::watch() {
    try {
        const StorePointer store = m_connect();
        while (!m_over && failure().empty()) {
            round(*store);
            ++m_rounds;
            std::this_thread::sleep_for(roundInterval);
        }
    } catch (const std::exception&) {
        // The store is in rank 0's process.
        if (!m_over && m_rank != 0) firstIsLost();
    }
}

void PeerWatch::round(c10d::Store& store) {
    store.add(beatKey(m_rank), 1);
    if (m_stopHere && !m_stopAsked) store.add(stopKey, 1);
    if (!m_stopAsked && store.add(stopKey, 0) > 0) m_stopAsked = true;
    if (m_suspects && !m_saysSuspicion) store.add(suspectKey, 1);
    m_saysSuspicion = m_suspects;
    if (m_rank == 0 && store.add(suspectKey, 0) > 0) m_suspects = true;
    if (store.check({failureKey})) {
        const std::vector<std::uint8_t> text = store.get(failureKey);
        remember({text.begin(), text.end()});
        store.add(noticedKey, 1);
        return;
    }
    if (m_rank != 0) return listen(store, 0);
    for (int rank = 1; rank < int(m_names.size()) && failure().empty(); ++rank) listen(store, rank);
}

void PeerWatch::listen(c10d::Store& store, int rank) {
    const auto place = std::size_t(rank);
    const std::int64_t beats = store.add(beatKey(rank), 0);
    m_silent[place] = beats == m_beats[place] ? m_silent[place] + 1 : 0;
    m_beats[place] = beats;
    if (m_silent[place] < (m_suspects ? suspectRounds : silentRounds)) return;
    if (rank == 0) return firstIsLost();
    const std::string text = "lost " + m_names[place];
    using Bytes = std::vector<std::uint8_t>;  // LibTorch 2 also takes text
    store.compareSet(failureKey, Bytes{}, Bytes(text.begin(), text.end()));
    store.add(noticedKey, 1);
    remember(text);
}

}  // namespace retort
