// retort-cli machines secret set, remove, list.
#include "training/backends/remote/secrets.h"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/remote_functions.h"
#include "app/cli/table.h"
#include "core/util/error.h"

namespace retort::cli {
namespace {

constexpr std::size_t longestInput = 64 << 10;

/// What is typed does not show while this lives.
class WithoutEcho {
  public:
    WithoutEcho() : m_isTerminal(::tcgetattr(STDIN_FILENO, &m_before) == 0) {
        termios quiet = m_before;
        quiet.c_lflag &= ~tcflag_t(ECHO);
        if (m_isTerminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~WithoutEcho() {
        if (m_isTerminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    WithoutEcho(const WithoutEcho&) = delete;
    WithoutEcho& operator=(const WithoutEcho&) = delete;

  private:
    termios m_before{};
    bool m_isTerminal;
};

/// A line from a terminal, all of a file or pipe; without the last line end.
std::string valueFromInput(const std::string& name) {
    const bool isTyped = ::isatty(STDIN_FILENO) == 1;
    std::string value;
    {
        const WithoutEcho quiet;
        if (isTyped) std::fprintf(stderr, "value of %s (does not show): ", name.c_str());
        for (int c; value.size() < longestInput && (c = std::getc(stdin)) != EOF && !(isTyped && c == '\n');)
            value += char(c);
    }
    if (isTyped) std::fputs("\n", stderr);
    if (!value.empty() && value.back() == '\n') value.pop_back();
    if (!value.empty() && value.back() == '\r') value.pop_back();
    return value;
}

void check(const std::string& problem, const std::string& name) {
    if (!problem.empty()) throw Error(problem, name);
}

}  // namespace

int runSecretSet(Context& context) {
    const EventLoop loop;
    StoreReader reader = context.reader();
    const std::string machine = reader.machine(context.arguments().positional(0)).name;
    const std::string name = context.arguments().positional(1);
    check(problemOfSecretName(name), printable(name));
    if (const std::string trouble = keychainTrouble(); !trouble.empty())
        throw Error("secrets cannot be kept here: " + trouble, machine);
    const std::string value = valueFromInput(name);
    check(problemOfSecretValue(value), name);
    writeSecret(machine, name, value);
    std::vector<std::string> names = secretNames(reader, machine);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    openStore(context)->setSetting(secretsSetting(machine), Json(names)).get();
    context.note(name + " is set for the runs that start on " + machine + " from now on");
    return exitOk;
}

int runSecretRemove(Context& context) {
    const EventLoop loop;
    StoreReader reader = context.reader();
    const std::string machine = reader.machine(context.arguments().positional(0)).name;
    const std::string name = context.arguments().positional(1);
    std::vector<std::string> names = secretNames(reader, machine);
    if (std::erase(names, name) == 0)
        throw Error("the machine has no such secret", printable(name),
                    "retort-cli machines secret list " + machine);
    // Without a keychain it can still be taken off the list, so that runs start again.
    if (const std::string trouble = keychainTrouble(); trouble.empty())
        removeSecret(machine, name);
    else
        context.note("its value was not removed: " + trouble);
    openStore(context)->setSetting(secretsSetting(machine), Json(names)).get();
    return exitOk;
}

int runSecretList(Context& context) {
    StoreReader reader = context.reader();
    const std::string machine = reader.machine(context.arguments().positional(0)).name;
    const std::vector<std::string> names = secretNames(reader, machine);
    if (context.json()) {
        std::puts(Json(names).dump().c_str());
        return exitOk;
    }
    for (const std::string& name : names) std::puts(name.c_str());
    if (names.empty())
        context.note("there are none yet: retort-cli machines secret set " + machine + " NAME");
    return exitOk;
}

}  // namespace retort::cli
