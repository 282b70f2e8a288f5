#include "views/widgets/event_loop_watchdog.h"

#include <QObject>
#include <algorithm>
#include <array>
#include <cmath>

namespace retort {

namespace {
using Clock = std::chrono::steady_clock;
constexpr int kBins = 20000;  // of 0.1 ms: up to two seconds
}  // namespace

struct EventLoopWatchdog::Impl {
    QObject target;  // lives in the GUI thread
    std::atomic<std::int64_t> worstNs{0};
    std::array<std::atomic<std::uint32_t>, kBins + 1> bins{};
    std::atomic<bool> answered{true};
    std::atomic<bool> stop{false};
    std::thread thread;

    void note(Clock::duration late) {
        const std::int64_t ns = std::chrono::duration_cast<std::chrono::nanoseconds>(late).count();
        if (ns > worstNs) worstNs = ns;
        bins[static_cast<std::size_t>(std::min<std::int64_t>(ns / 100'000, kBins))]++;
    }

    void run() {
        while (!stop) {
            if (answered.exchange(false)) {
                const auto asked = Clock::now();
                QMetaObject::invokeMethod(
                    &target,
                    [this, asked] {
                        note(Clock::now() - asked);
                        answered = true;
                    },
                    Qt::QueuedConnection);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
};

EventLoopWatchdog::EventLoopWatchdog() : m_impl(std::make_unique<Impl>()) {
    m_impl->thread = std::thread([this] { m_impl->run(); });
}

EventLoopWatchdog::~EventLoopWatchdog() {
    m_impl->stop = true;
    m_impl->thread.join();
}

double EventLoopWatchdog::worstMs() const {
    return static_cast<double>(m_impl->worstNs) / 1e6;
}

double EventLoopWatchdog::percentileMs(double p) const {
    std::uint64_t all = 0;
    for (const auto& bin : m_impl->bins) all += bin;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(p * static_cast<double>(all)));
    std::uint64_t seen = 0;
    for (int i = 0; i <= kBins; ++i) {
        seen += m_impl->bins[static_cast<std::size_t>(i)];
        if (seen >= wanted) return (i + 1) * 0.1;
    }
    return worstMs();
}

void EventLoopWatchdog::reset() {
    m_impl->worstNs = 0;
    for (auto& bin : m_impl->bins) bin = 0;
}

}  // namespace retort
