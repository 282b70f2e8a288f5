#include "views/launch_queue.h"

#include <unistd.h>

#include <QThread>
#include <algorithm>

#include "training/backends/process.h"

namespace retort {

int usualRunsAtOnce() {
    return std::max(1, QThread::idealThreadCount() / 2);
}

bool LaunchQueue::remove(RowId run) {
    return std::erase_if(m_waiting, [run](const Waiting& each) { return each.run == run; }) > 0;
}

std::optional<LaunchQueue::Waiting> LaunchQueue::take(int going) {
    if (m_waiting.empty() || going >= m_waiting.front().atOnce) return std::nullopt;
    Waiting next = std::move(m_waiting.front());
    m_waiting.pop_front();
    return next;
}

Json LaunchQueue::toJson() const {
    const auto self = processIdentity(::getpid());
    Json runs = Json::array();
    for (const Waiting& each : m_waiting)
        runs.push_back({{"directory", each.directory.string()},
                        {"backend", each.backend.toStdString()},
                        {"at_once", each.atOnce}});
    return {{"pid", ::getpid()}, {"start_ticks", self ? self->startTicks : 0}, {"runs", runs}};
}

std::deque<LaunchQueue::Waiting> LaunchQueue::leftBehind(const Json& saved) try {
    const ProcessIdentity holder{saved.at("pid").get<pid_t>(), saved.at("start_ticks").get<std::uint64_t>()};
    if (holder.pid != ::getpid() && processIdentity(holder.pid) == holder) return {};
    std::deque<Waiting> waiting;
    for (const Json& each : saved.at("runs"))
        waiting.push_back({0, each.at("directory").get<std::string>(),
                           QString::fromStdString(each.at("backend").get<std::string>()),
                           std::clamp(each.at("at_once").get<int>(), 1, 64)});
    return waiting;
} catch (const Json::exception&) {  // written by another version
    return {};
}

}  // namespace retort
