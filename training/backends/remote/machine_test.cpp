#include "training/backends/remote/machine_test.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "core/util/clock.h"
#include "training/backends/remote/remote_program.h"
#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/source_build.h"
#include "training/backends/remote/ssh_advice.h"
#include "training/backends/remote/transfer.h"

namespace retort {
namespace {

using State = TestStep::State;

constexpr double clockTolerance = 5;  // s
constexpr std::int64_t littleDisk = std::int64_t(2) << 30;

std::string amount(std::int64_t bytes) {
    char text[32];
    // In powers of 1024, as the window's load and `df -h` have it.
    std::snprintf(text, sizeof text, "%.1f GB", double(bytes) / double(std::int64_t(1) << 30));
    return text;
}

class Test {
  public:
    Test(const Machine& machine, const std::function<void(const TestStep&)>& each,
         const std::function<bool()>& stop)
        : m_machine(machine), m_each(each), m_stop(stop) {}

    MachineReport run() {
        if (connect()) {
            place();
            lookAround();
            scheduler();
            program();
            devices();
        }
        for (const char* name : {"reach", "authentication", "host key", "work folder", "disk", "clock",
                                 "scheduler", "program", "devices"})
            if (!isKnown(name)) say(name, State::Skipped, "not tried");
        std::stable_sort(m_report.steps.begin(), m_report.steps.end(),
                         [](const TestStep& a, const TestStep& b) { return orderOf(a) < orderOf(b); });
        return std::move(m_report);
    }

  private:
    static int orderOf(const TestStep& step) {
        int order = 0;
        for (const char* name : {"reach", "authentication", "host key", "work folder", "disk", "clock",
                                 "scheduler", "program", "devices"}) {
            if (step.name == name) break;
            ++order;
        }
        return order;
    }

    bool isKnown(const std::string& name) const {
        return std::any_of(m_report.steps.begin(), m_report.steps.end(),
                           [&name](const TestStep& step) { return step.name == name; });
    }

    void say(const char* name, State state, const std::string& result, const std::string& advice = {}) {
        m_report.steps.push_back({name, state, result, advice});
        if (m_each) m_each(m_report.steps.back());
    }

    /// ssh does three things at once; what it says tells how far it came.
    bool connect() {
        try {
            m_shell = Shell::ssh(m_machine);
            m_asked = unixTime();
            m_report.load = parseLoad(m_shell->wait(loadScript(m_machine), QByteArray(), m_stop).out);
            m_answered = unixTime();
        } catch (const Error& error) {
            sayWhyNot(error);
            return false;
        }
        const std::string way = m_machine.isLocal() ? "this machine" : m_machine.destination;
        char delay[32];
        std::snprintf(delay, sizeof delay, ", %.0f ms", 1000 * (m_answered - m_asked));
        say("reach", State::Passed, way + delay);
        say("authentication", State::Passed,
            m_machine.isLocal() ? "none is needed" : "a key of yours is let in");
        say("host key", State::Passed, m_machine.isLocal() ? "none is needed" : "it is the known one");
        return true;
    }

    void sayWhyNot(const Error& error) {
        const SshTrouble trouble = adviceFor(error.what_happened(), m_machine.destination).trouble;
        const bool isHostKey = trouble == SshTrouble::HostKeyChanged || trouble == SshTrouble::HostKeyUnknown;
        const bool isKey = trouble == SshTrouble::NotLetIn || trouble == SshTrouble::KeyUnreadable;
        if (isHostKey || isKey) say("reach", State::Passed, m_machine.destination);
        if (isKey) say("host key", State::Passed, "it is the known one");
        say(isHostKey ? "host key"
            : isKey   ? "authentication"
                      : "reach",
            State::Failed, error.what_happened(), error.hint());
    }

    void place() {
        try {
            m_place.emplace(openWorkPlace(*m_shell, m_machine, m_stop));
            say("work folder", State::Passed, m_place->folder);
        } catch (const Error& error) {
            say("work folder", State::Failed, error.what_happened(), error.hint());
        }
    }

    void lookAround() {
        if (m_place)
            m_report.load = parseLoad(m_shell->wait(loadScript(m_machine), QByteArray(), m_stop).out);
        const MachineLoad& load = m_report.load;
        if (load.diskTotal > 0)
            say("disk", load.diskFree < littleDisk ? State::Warning : State::Passed,
                amount(load.diskFree) + " free of " + amount(load.diskTotal),
                load.diskFree < littleDisk ? "make room, or choose a work folder on another disk" : "");
        clock();
    }

    /// Its answer was given between the question and our clock's end of it.
    void clock() {
        const MachineLoad& load = m_report.load;
        if (load.time == 0) return;
        const double now = unixTime();
        const double difference = load.time - now;
        char text[80];
        std::snprintf(text, sizeof text, "%.0f s %s of this machine's", std::abs(difference),
                      difference < 0 ? "behind" : "ahead");
        if (std::abs(difference) <= clockTolerance)
            say("clock", State::Passed, "as this machine's");
        else
            say("clock", State::Warning, text,
                "times of its events are its own: curves over time of day are shifted; set its clock (NTP)");
    }

    void scheduler() {
        if (m_machine.scheduler == Scheduler::None) {
            say("scheduler", State::Skipped, "none is used");
            return;
        }
        const CommandResult result =
            m_shell->wait(environmentScript(m_machine) + "sinfo --version", QByteArray(), m_stop);
        if (result.exitCode == 0)
            say("scheduler", State::Passed, result.out.substr(0, result.out.find('\n')));
        else
            say("scheduler", State::Failed, "sinfo does not answer: " + lastWordsOf(result),
                "is this the login node, and is Slurm in the PATH (environment set-up lines)?");
    }

    void program() {
        if (!m_place) return;
        std::string found;
        try {
            const std::string there = architectureThere(*m_place);
            for (const FarProgram& each : programsThere(*m_place)) {
                if (each.version == RETORT_VERSION) {
                    const std::string said = "retort-cli " + each.version + " on " + there + ": " + each.path;
                    if (isOutdated(each.path))
                        say("program", State::Warning,
                            said + ", built from another source than is shipped here",
                            "build it again: retort-cli machines build " + shellQuote(m_machine.name));
                    else
                        say("program", State::Passed, said);
                    return;
                }
                found += (found.empty() ? "" : "; ") + each.path + ": " +
                         (each.version.empty() ? each.trouble
                                               : "version " + each.version + ", this is " RETORT_VERSION);
            }
            say("program", State::Passed,
                "brought: " + bringProgram(*m_place) + (found.empty() ? "" : " (" + found + ")"));
        } catch (const Error& error) {
            say("program", State::Failed, (found.empty() ? "" : found + "; ") + error.what_happened(),
                error.hint());
        }
    }

    /// Built there, and not from the source that is here; where there is none here, nobody can say.
    bool isOutdated(const std::string& program) const {
        const std::string source = builtFrom(*m_place, program);
        try {
            return !source.empty() && source != sha256Of(sourceArchive());
        } catch (const Error&) {
            return false;
        }
    }

    void devices() {
        const MachineLoad& load = m_report.load;
        std::string text = std::to_string(load.cores) + " cores";
        if (!load.processor.empty()) text += " (" + load.processor + ")";
        text += ", " + amount(load.memoryTotal) + " of memory";
        for (const GpuLoad& gpu : load.gpus) text += ", " + gpu.name + " with " + amount(gpu.memoryTotal);
        say("devices", State::Passed, load.gpus.empty() ? text + ", no NVIDIA GPU" : text);
    }

    const Machine& m_machine;
    const std::function<void(const TestStep&)>& m_each;
    const std::function<bool()>& m_stop;
    std::unique_ptr<Shell> m_shell;
    std::optional<WorkPlace> m_place;
    double m_asked = 0, m_answered = 0;
    MachineReport m_report;
};

}  // namespace

bool MachineReport::passed() const {
    return std::none_of(steps.begin(), steps.end(),
                        [](const TestStep& step) { return step.state == State::Failed; });
}

MachineReport testMachine(const Machine& machine, const std::function<void(const TestStep&)>& each,
                          const std::function<bool()>& stop) {
    Test test(machine, each, stop);
    try {
        return test.run();
    } catch (const Error& error) {
        // The connection broke between two steps.
        MachineReport report;
        report.steps.push_back({"reach", State::Failed, error.what_happened(), error.hint()});
        return report;
    } catch (const std::exception& error) {
        // Of this machine: a file that cannot be looked at.
        MachineReport report;
        report.steps.push_back({"program", State::Failed, error.what(), ""});
        return report;
    }
}

}  // namespace retort
