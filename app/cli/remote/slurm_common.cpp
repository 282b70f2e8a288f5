#include "app/cli/remote/slurm_common.h"

#include <QEventLoop>
#include <QTimer>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "core/util/error.h"
#include "training/backends/slurm/slurm_submission.h"

namespace retort::cli {
namespace {

constexpr int lookIntervalMs = 100;

}  // namespace

Machine slurmMachine(const Context& context, const std::string& name) {
    if (name.empty() || name == thisSlurmMachine().name) return thisSlurmMachine();
    Machine machine = context.reader().machine(name);
    if (machine.scheduler != Scheduler::Slurm)
        throw Error(
            "the machine has no Slurm", name,
            "retort-cli launch runs there; or: retort-cli machines edit " + name + " --scheduler slurm");
    return machine;
}

SlurmNote slurmNote(const RunDirectory& run) {
    const auto note = readSlurmNote(run.path());
    if (!note) throw Error("this run was not submitted to Slurm", run.path().string());
    return *note;
}

void waitUntil(const std::function<bool()>& isDone) {
    QEventLoop events;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &events, [&] {
        if (isDone() || InterruptGuard::isAsked()) events.quit();
    });
    timer.start(lookIntervalMs);
    events.exec();
}

}  // namespace retort::cli
