#include "training/engine/rank_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace retort {

bool isLoopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

std::string localAddressTowards(const std::string& host, int port) {
    constexpr const char* loopback = "127.0.0.1";
    addrinfo hints{}, *found = nullptr;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return loopback;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
    for (const addrinfo* each = list.get(); each; each = each->ai_next) {
        const int socket = ::socket(each->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (socket < 0) continue;
        sockaddr_storage own{};
        socklen_t length = sizeof own;
        char text[NI_MAXHOST] = {};
        const bool known = ::connect(socket, each->ai_addr, each->ai_addrlen) == 0 &&
                           ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &length) == 0 &&
                           ::getnameinfo(reinterpret_cast<sockaddr*>(&own), length, text, sizeof text,
                                         nullptr, 0, NI_NUMERICHOST) == 0;
        ::close(socket);
        if (known) return text;
    }
    return loopback;
}

}  // namespace retort
