// What the OpenSSH client says when it does not get through, in words of what to do.
#pragma once

#include <string>

#include "core/util/error.h"

namespace retort {

enum class SshTrouble {
    UnknownHost,
    Refused,
    TimedOut,
    Unreachable,     ///< no route, network down
    NotLetIn,        ///< no key that it takes
    KeyUnreadable,   ///< a private key that others may read is not used
    HostKeyChanged,  ///< refused: it may be another machine
    HostKeyUnknown,  ///< never connected to by hand
    Closed,          ///< by the other side, before or after logging in
    Configuration,   ///< of the user's ssh
    Other,
};

struct SshAdvice {
    SshTrouble trouble = SshTrouble::Other;
    std::string happened;  ///< one sentence
    std::string advice;    ///< what to do; empty: nothing better than what ssh said
    /// It will not get better by trying again.
    bool isPermanent() const;
};

/// From everything that ssh wrote to standard error; banners among it do not matter.
SshAdvice adviceFor(const std::string& standardError, const std::string& destination);

/// With ssh's own last words in it, so that adviceFor() knows its text again.
Error sshError(const std::string& standardError, const std::string& destination);

}  // namespace retort
