// Which of this machine's addresses another machine would reach it by.
#pragma once

#include <string>

namespace retort {

/// The local address of the way to `host` (a name or an address); nothing is sent. "127.0.0.1" where there is
/// no other.
std::string localAddressTowards(const std::string& host, int port);
bool isLoopback(const std::string& address);

}  // namespace retort
