// retort-cli: everything that needs no window.
#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "app/cli/command.h"
#include "app/cli/context.h"
#include "app/cli/table.h"
#include "core/config/names.h"
#include "core/util/error.h"

namespace retort::cli {
namespace {

std::string usageLine(const Command& command) {
    std::string line = "retort-cli " + command.name;
    for (const Positional& each : command.syntax.positionals)
        line.append(each.optional ? " [" : " ")
            .append(each.name)
            .append(each.repeatable ? "…" : "")
            .append(each.optional ? "]" : "");
    return line + " [options]";
}

void printOverview(std::FILE* out) {
    std::fputs("retort-cli " RETORT_VERSION
               ": train small reasoning models, and look at what happened\n\nusage: retort-cli COMMAND "
               "[options]\n\n",
               out);
    for (const Command& command : commands())
        if (!command.hidden) std::fprintf(out, "  %-15s %s\n", command.name.c_str(), command.help.c_str());
    std::fputs(
        "\nEvery command takes --store FILE, --json, --quiet and --help.\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage, 3 a check found problems, 130 interrupted.\n",
        out);
}

void printHelp(const Command& command) {
    std::printf("%s\n\nusage: %s\n\n", command.help.c_str(), usageLine(command).c_str());
    for (const Option& option : command.syntax.options) {
        const std::string name = option.name + (option.value.empty() ? "" : " " + option.value);
        std::printf("  %-24s %s%s\n", name.c_str(), option.help.c_str(),
                    option.repeatable ? " Repeatable." : "");
    }
}

int usageError(const std::string& message, const std::string& help) {
    std::fprintf(stderr, "retort-cli: %s\n%s\n", message.c_str(), help.c_str());
    return exitUsage;
}

// "store check" is one command of two words, "machines secret set" one of three.
const Command* takeCommand(std::vector<std::string>& words) {
    for (const Command& command : commands()) {
        const auto length = 1 + std::size_t(std::count(command.name.begin(), command.name.end(), ' '));
        if (words.size() < length) continue;
        std::string given = words[0];
        for (std::size_t i = 1; i < length; ++i) given += " " + words[i];
        if (given != command.name) continue;
        words.erase(words.begin(), words.begin() + std::ptrdiff_t(length));
        return &command;
    }
    return nullptr;
}

/// What may follow the first of two words: "check, backup, query"; empty when no command begins so.
std::string secondWords(const std::string& first) {
    std::string words;
    for (const Command& command : commands())
        if (!command.hidden && command.name.rfind(first + " ", 0) == 0)
            words += (words.empty() ? "" : ", ") + command.name.substr(first.size() + 1);
    return words;
}

int unknownCommand(const std::vector<std::string>& words) {
    std::vector<std::string> names;
    for (const Command& command : commands())
        if (!command.hidden) names.push_back(command.name);
    if (const std::string second = secondWords(words[0]); !second.empty())
        return usageError(words[0] + " needs one of " + second, "see: retort-cli help");
    const std::string hint = didYouMean(words[0], names);
    return usageError("there is no command '" + printable(words[0]) + "'",
                      hint.empty() ? "see: retort-cli help" : hint);
}

int runCommand(const Command& command, const std::vector<std::string>& words) {
    Arguments arguments;
    const std::optional<std::string> wrong = arguments.parse(words, command.syntax);
    if (arguments.has("--help")) return printHelp(command), exitOk;
    if (wrong) return usageError(*wrong, "usage: " + usageLine(command));
    std::vector<std::string> all = words;
    all.insert(all.begin(), command.name);
    if (const std::size_t space = command.name.find(' '); space != std::string::npos) {
        all[0] = command.name.substr(0, space);
        all.insert(all.begin() + 1, command.name.substr(space + 1));
    }
    Context context(std::move(arguments), std::move(all));
    return command.run(context);
}

int help(std::vector<std::string> words) {
    if (words.empty()) return printOverview(stdout), exitOk;
    const Command* command = takeCommand(words);
    return command ? (printHelp(*command), int(exitOk)) : unknownCommand(words);
}

/// How many of the first words name a command: "store check" and "traces label" are two.
std::size_t lengthOfCommand(std::vector<std::string> words) {
    const std::size_t all = words.size();
    return takeCommand(words) ? all - words.size() : std::min<std::size_t>(all, 1);
}

// Global options may stand before the command as well; they mean the same there.
void moveLeadingOptions(std::vector<std::string>& words) {
    std::vector<std::string> leading;
    while (!words.empty() && words[0].size() > 2 && words[0].rfind("--", 0) == 0 && words[0] != "--help" &&
           words[0] != "--version") {
        const bool takesNext = words[0] == "--store" && words.size() > 1;
        for (int i = 0; i < (takesNext ? 2 : 1); ++i) {
            leading.push_back(words[0]);
            words.erase(words.begin());
        }
    }
    words.insert(words.begin() + std::ptrdiff_t(lengthOfCommand(words)), leading.begin(), leading.end());
}

int dispatch(std::vector<std::string> words) {
    moveLeadingOptions(words);
    if (words.empty()) return printOverview(stderr), exitUsage;
    if (words[0] == "--version") return std::puts("retort-cli " RETORT_VERSION), exitOk;
    if (words[0] == "help" || words[0] == "--help" || words[0] == "-h")
        return help({words.begin() + 1, words.end()});
    const Command* command = takeCommand(words);
    return command ? runCommand(*command, words) : unknownCommand(words);
}

}  // namespace
}  // namespace retort::cli

int main(int count, char** values) {
    // A reader that went away (`retort-cli export … | head`) is an error of write(), not the end of the
    // process.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        const int status = retort::cli::dispatch({values + 1, values + count});
        if (std::fflush(stdout) == 0 || status != 0) return status;
        if (errno == EPIPE) return status;  // `| head` has seen enough
        std::fputs("retort-cli: cannot write the output\n", stderr);
    } catch (const retort::Error& error) {
        std::fprintf(stderr, "retort-cli: %s\n", error.what());
    } catch (const std::bad_alloc&) {
        std::fputs("retort-cli: out of memory\n", stderr);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "retort-cli: %s\n", error.what());
    }
    return retort::cli::exitFailed;
}
