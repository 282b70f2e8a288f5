// retort-cli machines build: the program on a machine, from its source.
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/remote_functions.h"
#include "app/cli/table.h"
#include "training/backends/remote/remote_program.h"
#include "training/backends/remote/source_build.h"

namespace retort::cli {
namespace {

/// A line for each step, and for each twentieth of what there is to compile.
class Display {
  public:
    explicit Display(const Context& context) : m_context(context) {}

    void show(const BuildProgress& now) {
        if (now.step != m_shown.step) {
            m_context.note(now.step);
            m_shown = {now.step, 0, 0};
        }
        if (now.all == 0 || (now.done - m_shown.done) * 20 < now.all) return;
        m_context.note(now.step + " " + std::to_string(now.done) + " of " + std::to_string(now.all));
        m_shown = now;
    }

  private:
    const Context& m_context;
    BuildProgress m_shown;
};

}  // namespace

int runMachinesBuild(Context& context) {
    const EventLoop loop;
    const Arguments& given = context.arguments();
    const Machine machine = context.reader().machine(given.positional(0));
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    const InterruptGuard guard;
    WorkPlace place = openWorkPlace(*shell, machine, [] { return InterruptGuard::isAsked(); });
    place.say = [&context](const std::string& text) { context.note(text); };
    if (given.has("--stop")) {
        context.note(stopBuilds(place) ? "the build there was ended" : "no build goes on there");
        return exitOk;
    }
    for (const FarProgram& program : programsThere(place))
        context.note(program.path + " there: " +
                     (program.version.empty() ? program.trouble
                                              : "version " + program.version + ", this is " RETORT_VERSION));
    BuildOptions options;
    options.definitions = given.all("--define");
    options.jobs = int(given.integer("--jobs", 0));
    Display display(context);
    const std::string program =
        buildProgram(place, options, [&display](const BuildProgress& now) { display.show(now); });
    if (context.json())
        std::puts(Json({{"program", program}}).dump().c_str());
    else
        std::puts(printable(program).c_str());
    return exitOk;
}

}  // namespace retort::cli
