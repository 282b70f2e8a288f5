// A process between a client and a server on the loopback that hands on what it gets later: a network with a
// long way, where the kernel has no netem.
#pragma once

#include <sys/types.h>

namespace retort {

class DelayProxy {
  public:
    /// Both ways each take so long.
    DelayProxy(int serverPort, int delayMs);
    ~DelayProxy();
    DelayProxy(const DelayProxy&) = delete;
    DelayProxy& operator=(const DelayProxy&) = delete;

    int port() const { return m_port; }

  private:
    int m_port = 0;
    pid_t m_process = -1;
};

}  // namespace retort
