#include "tests/backends/support/delay_proxy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<unsigned short>(port));
    return address;
}

/// What goes one way.
struct Way {
    int from, to;
    std::deque<std::pair<Clock::time_point, std::string>> waiting;  ///< an empty one is the end
    bool isRead = true, isOver = false;
};

/// Hands on what is due; false when the other side is gone.
bool handOn(Way& way) {
    while (!way.waiting.empty() && way.waiting.front().first <= Clock::now()) {
        const std::string bytes = std::move(way.waiting.front().second);
        way.waiting.pop_front();
        if (bytes.empty()) {
            ::shutdown(way.to, SHUT_WR);
            way.isOver = true;
        }
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t wrote = ::send(way.to, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
            if (wrote <= 0) return false;
            at += std::size_t(wrote);
        }
    }
    return true;
}

[[noreturn]] void forward(int listener, int serverPort, std::chrono::milliseconds delay) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::vector<std::unique_ptr<Way>> ways;
    while (true) {
        std::vector<pollfd> watched = {{listener, POLLIN, 0}};
        auto next = Clock::now() + std::chrono::seconds(1);
        for (const auto& way : ways) {
            watched.push_back({way->isRead ? way->from : -1, POLLIN, 0});
            if (!way->waiting.empty()) next = std::min(next, way->waiting.front().first);
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now()).count();
        ::poll(watched.data(), watched.size(), int(std::max<long>(left, 0)));
        for (std::size_t i = 0; i < ways.size(); ++i) {
            Way& way = *ways[i];
            if (watched[i + 1].revents) {
                std::string bytes(65536, '\0');
                const ssize_t got = ::recv(way.from, bytes.data(), bytes.size(), 0);
                bytes.resize(got > 0 ? std::size_t(got) : 0);
                way.isRead = got > 0;
                way.waiting.emplace_back(Clock::now() + delay, std::move(bytes));
            }
            if (!handOn(way)) way.isRead = false, way.isOver = true;
        }
        if (watched[0].revents) {
            const int client = ::accept(listener, nullptr, nullptr),
                      server = ::socket(AF_INET, SOCK_STREAM, 0);
            const sockaddr_in address = loopback(serverPort);
            if (client < 0 ||
                ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
                ::close(client);
                ::close(server);
                continue;
            }
            const int on = 1;
            for (const int each : {client, server})
                ::setsockopt(each, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ways.push_back(std::make_unique<Way>(Way{client, server, {}}));
            ways.push_back(std::make_unique<Way>(Way{server, client, {}}));
        }
    }
}

}  // namespace

DelayProxy::DelayProxy(int serverPort, int delayMs) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 16) != 0)
        return;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    m_port = ntohs(address.sin_port);
    m_process = ::fork();
    if (m_process == 0) forward(listener, serverPort, std::chrono::milliseconds(delayMs));
    ::close(listener);
}

DelayProxy::~DelayProxy() {
    if (m_process <= 0) return;
    ::kill(m_process, SIGKILL);
    ::waitpid(m_process, nullptr, 0);
}

}  // namespace retort
