#include "training/backends/remote/ssh_advice.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace retort {
namespace {

struct Rule {
    std::string_view says;  ///< in lower case
    SshTrouble trouble;
};

// In order: a changed host key also says that its verification failed, and a jump host that is refused also
// says that the connection closed.
constexpr std::array<Rule, 33> rules = {{
    {"remote host identification has changed", SshTrouble::HostKeyChanged},
    {"host key for", SshTrouble::HostKeyChanged},
    {"revoked host key", SshTrouble::HostKeyChanged},
    {"host key is known for", SshTrouble::HostKeyUnknown},
    {"host key verification failed", SshTrouble::HostKeyUnknown},
    {"bad configuration option", SshTrouble::Configuration},
    {"terminating, ", SshTrouble::Configuration},
    {"can't open user config file", SshTrouble::Configuration},
    {"bad owner or permissions on", SshTrouble::Configuration},
    {"could not resolve hostname", SshTrouble::UnknownHost},
    {"name or service not known", SshTrouble::UnknownHost},
    {"temporary failure in name resolution", SshTrouble::UnknownHost},
    {"connection refused", SshTrouble::Refused},
    {"connection timed out", SshTrouble::TimedOut},
    {"operation timed out", SshTrouble::TimedOut},
    {"timed out during banner exchange", SshTrouble::TimedOut},
    {"no route to host", SshTrouble::Unreachable},
    {"network is unreachable", SshTrouble::Unreachable},
    {"unprotected private key file", SshTrouble::KeyUnreadable},
    {"bad permissions", SshTrouble::KeyUnreadable},
    {"permission denied (", SshTrouble::NotLetIn},
    {"too many authentication failures", SshTrouble::NotLetIn},
    {"no more authentication methods", SshTrouble::NotLetIn},
    {"not responding", SshTrouble::TimedOut},
    {"kex_exchange_identification", SshTrouble::Closed},
    {"connection closed by", SshTrouble::Closed},
    {"connection reset by", SshTrouble::Closed},
    {"connection to", SshTrouble::Closed},
    {"closed by remote host", SshTrouble::Closed},
    {"broken pipe", SshTrouble::Closed},
    {"session open refused by peer", SshTrouble::Closed},
    {"connection abort", SshTrouble::Closed},
    {"control socket connect", SshTrouble::Closed},
}};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return char(std::tolower(c)); });
    return text;
}

SshTrouble troubleIn(const std::string& said) {
    for (const Rule& rule : rules)
        if (said.find(rule.says) != std::string::npos) return rule.trouble;
    return SshTrouble::Other;
}

/// The last lines, without what moves a terminal's cursor.
std::string lastWords(const std::string& said, std::size_t mostLines) {
    std::string text;
    for (const char c : said)
        if (c == '\n' || static_cast<unsigned char>(c) >= 0x20) text += c;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    std::size_t begin = text.size();
    for (std::size_t line = 0; line < mostLines && begin > 0; ++line)
        if (begin = text.rfind('\n', begin - 1); begin == std::string::npos) return text;
    return text.substr(begin == 0 ? 0 : begin + 1);
}

}  // namespace

bool SshAdvice::isPermanent() const {
    switch (trouble) {
        case SshTrouble::NotLetIn:
        case SshTrouble::KeyUnreadable:
        case SshTrouble::HostKeyChanged:
        case SshTrouble::HostKeyUnknown:
        case SshTrouble::Configuration:
            return true;
        default:
            return false;
    }
}

SshAdvice adviceFor(const std::string& standardError, const std::string& destination) {
    SshAdvice advice;
    advice.trouble = troubleIn(lower(standardError));
    const auto is = [&advice](const char* happened, const std::string& toDo) {
        advice.happened = happened;
        advice.advice = toDo;
    };
    switch (advice.trouble) {
        case SshTrouble::UnknownHost:
            is("there is no host of this name",
               "check the SSH destination, the Host entry in ~/.ssh/config, and the network or VPN");
            break;
        case SshTrouble::Refused:
            is("the machine is there, but nothing answers on the port",
               "check the port, and that the SSH server runs there");
            break;
        case SshTrouble::TimedOut:
            is("the machine does not answer",
               "is it switched on, and is the VPN or the jump host (ProxyJump in ~/.ssh/config) set up?");
            break;
        case SshTrouble::Unreachable:
            is("there is no way to the machine from this network", "connect to its network or VPN");
            break;
        case SshTrouble::NotLetIn:
            is("the machine lets none of the keys in",
               "ssh-copy-id " + destination +
                   " installs yours there; a key with a passphrase has to be in the agent (ssh-add)");
            break;
        case SshTrouble::KeyUnreadable:
            is("ssh does not use a private key that others may read", "chmod 600 the key that it names");
            break;
        case SshTrouble::HostKeyChanged:
            is("the machine's host key is not the one that is known: it is another machine, or it was set up "
               "anew",
               "ask who runs it; if the new key is right, ssh-keygen -R removes the old one, and then `ssh " +
                   destination + "` once by hand takes the new one");
            break;
        case SshTrouble::HostKeyUnknown:
            is("the machine's host key is not known yet",
               "connect once by hand (ssh " + destination + "), compare the fingerprint, and answer yes");
            break;
        case SshTrouble::Closed:
            is("the connection was closed", "if it stays so, look at the SSH server's log there");
            break;
        case SshTrouble::Configuration:
            is("ssh refuses its configuration", "mend the file and line that it names");
            break;
        case SshTrouble::Other:
            is("the machine cannot be reached", "try: ssh " + destination);
            break;
    }
    return advice;
}

Error sshError(const std::string& standardError, const std::string& destination) {
    const SshAdvice advice = adviceFor(standardError, destination);
    const std::string words = lastWords(standardError, 4);
    return Error(advice.happened + (words.empty() ? "" : ": " + words), destination, advice.advice);
}

}  // namespace retort
