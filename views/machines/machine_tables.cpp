#include "views/machines/machine_tables.h"

#include <QCoreApplication>
#include <algorithm>

#include "views/models/format.h"

namespace retort {

namespace {

struct MachineTables {
    Q_DECLARE_TR_FUNCTIONS(MachineTables)
};

TableCell freeCell(std::int64_t free, std::int64_t total) {
    if (total <= 0) return {QStringLiteral("–")};
    TableCell cell{MachineTables::tr("%1 of %2").arg(formatBytes(free), formatBytes(total)),
                   static_cast<qlonglong>(free)};
    if (free * 20 < total) cell.tone = TableCell::Tone::Bad;  // under 5 %
    return cell;
}

TableCell gpuCell(const std::vector<GpuLoad>& gpus) {
    if (gpus.empty()) return {QStringLiteral("–")};
    QStringList each, tip;
    for (const GpuLoad& gpu : gpus) {
        each << QStringLiteral("%1 %").arg(gpu.usedPercent, 0, 'f', 0);
        tip << QStringLiteral("%1: %2 / %3")
                   .arg(toQString(gpu.name), formatBytes(gpu.memoryUsed), formatBytes(gpu.memoryTotal));
    }
    return {each.join(QStringLiteral(", ")), {}, TableCell::Tone::None, tip.join(QLatin1Char('\n'))};
}

std::vector<TableCell> loadCells(const MachineMonitor::Sample* sample) {
    const TableCell none{QStringLiteral("–")};
    if (!sample) return {{MachineTables::tr("asking…"), {}, TableCell::Tone::Muted, {}}, none, none, none};
    if (!sample->problem.isEmpty())
        return {
            {MachineTables::tr("not reached"), {}, TableCell::Tone::Bad, sample->problem}, none, none, none};
    const MachineLoad& load = sample->load;
    TableCell processor{MachineTables::tr("%n core(s)", nullptr, load.cores)};
    if (sample->busy)
        processor = {MachineTables::tr("%1 % of %2").arg(100 * *sample->busy, 0, 'f', 0).arg(load.cores),
                     *sample->busy};
    processor.toolTip = toQString(load.processor);
    return {processor, freeCell(load.memoryFree, load.memoryTotal), freeCell(load.diskFree, load.diskTotal),
            gpuCell(load.gpus)};
}

/// CPU, memory and GPU memory of a run; of one that has no processes of its own, or none any more: dashes.
std::vector<TableCell> useCells(const MachineRun& run, const MachineMonitor::Sample* sample) {
    const TableCell none{QStringLiteral("–")};
    if (!sample || !isGoing(run)) return {none, none, none};
    const auto load = sample->load.runs.find(run.job.directory);
    if (load == sample->load.runs.end()) return {none, none, none};
    const auto cores = sample->cores.find(run.job.directory);
    TableCell processor = none;
    if (cores != sample->cores.end())
        processor = {QStringLiteral("%1 %").arg(100 * cores->second, 0, 'f', 0), cores->second};
    processor.toolTip =
        MachineTables::tr("%n process(es); 100 % is one core", nullptr, load->second.processes);
    const std::int64_t gpu = load->second.gpuMemory;
    return {processor,
            {formatBytes(load->second.memory), static_cast<qlonglong>(load->second.memory)},
            gpu > 0 ? TableCell{formatBytes(gpu), static_cast<qlonglong>(gpu)} : none};
}

TableCell stateCell(TestStep::State state) {
    switch (state) {
        case TestStep::State::Passed:
            return {QStringLiteral("✓"), {}, TableCell::Tone::Good, {}};
        case TestStep::State::Warning:
            return {QStringLiteral("!"), {}, TableCell::Tone::Strong, {}};
        case TestStep::State::Failed:
            return {QStringLiteral("✗"), {}, TableCell::Tone::Bad, {}};
        case TestStep::State::Skipped:
            break;
    }
    return {QStringLiteral("–"), {}, TableCell::Tone::Muted, {}};
}

QString stepName(const std::string& name) {
    if (name == "reach") return MachineTables::tr("It can be reached");
    if (name == "authentication") return MachineTables::tr("It lets you in");
    if (name == "host key") return MachineTables::tr("It is who it was (host key)");
    if (name == "work folder") return MachineTables::tr("The work folder can be written");
    if (name == "disk") return MachineTables::tr("There is room on the disk");
    if (name == "clock") return MachineTables::tr("Its clock is right");
    if (name == "scheduler") return MachineTables::tr("The scheduler answers");
    if (name == "program") return MachineTables::tr("retort-cli fits");
    if (name == "devices") return MachineTables::tr("Devices");
    return toQString(name);
}

}  // namespace

bool isGoing(const MachineRun& run) {
    return run.state == "running" || run.state == "paused";
}

ValueTable machineTable(const std::vector<Machine>& machines, const std::vector<MachineRun>& runs,
                        const MachineMonitor& monitor) {
    ValueTable table;
    table.headers = {MachineTables::tr("Name"),         MachineTables::tr("SSH destination"),
                     MachineTables::tr("Scheduler"),    MachineTables::tr("Runs"),
                     MachineTables::tr("CPU"),          MachineTables::tr("Free memory"),
                     MachineTables::tr("Free on disk"), MachineTables::tr("GPUs")};
    for (const Machine& machine : machines) {
        const auto going = std::count_if(runs.begin(), runs.end(), [&](const MachineRun& run) {
            return run.job.machine == machine.name && isGoing(run);
        });
        std::vector<TableCell> row = {
            {machine.name.empty() ? MachineTables::tr("This machine") : toQString(machine.name)},
            {machine.name.empty() ? QStringLiteral("–")
             : machine.isLocal()  ? MachineTables::tr("this machine")
                                  : toQString(machine.destination)},
            {machine.scheduler == Scheduler::Slurm ? QStringLiteral("Slurm") : MachineTables::tr("none")},
            {QString::number(going), static_cast<qlonglong>(going)}};
        std::vector<TableCell> load = loadCells(monitor.sample(machine.name));
        std::move(load.begin(), load.end(), std::back_inserter(row));
        table.rows.push_back(std::move(row));
    }
    return table;
}

ValueTable machineRunTable(const std::vector<MachineRun>& runs, const MachineMonitor::Sample* sample) {
    ValueTable table;
    table.headers = {MachineTables::tr("Run"),
                     MachineTables::tr("State"),
                     MachineTables::tr("CPU"),
                     MachineTables::tr("Memory"),
                     MachineTables::tr("GPU memory"),
                     MachineTables::tr("Job"),
                     MachineTables::tr("Why"),
                     MachineTables::tr("Expected start"),
                     MachineTables::tr("Directory there")};
    for (const MachineRun& run : runs) {
        const JobRow& job = run.job;
        const QString state = job.jobState.empty() ? toQString(run.state)
                                                   : QStringLiteral("%1 (%2)").arg(toQString(run.state),
                                                                                   toQString(job.jobState));
        const std::vector<TableCell> use = useCells(run, sample);
        table.rows.push_back({{toQString(run.name)},
                              {state},
                              use[0],
                              use[1],
                              use[2],
                              {job.jobId.empty() ? QStringLiteral("–") : toQString(job.jobId)},
                              {toQString(job.reason)},
                              {job.expectedStart ? formatTime(*job.expectedStart) : QStringLiteral("–")},
                              {toQString(job.directory)}});
    }
    return table;
}

ValueTable testTable(const std::vector<TestStep>& steps) {
    ValueTable table;
    table.headers = {MachineTables::tr("Step"), QString(), MachineTables::tr("Found"),
                     MachineTables::tr("What to do")};
    for (const TestStep& step : steps)
        table.rows.push_back({{stepName(step.name)},
                              stateCell(step.state),
                              {toQString(step.result), {}, TableCell::Tone::None, toQString(step.result)},
                              {toQString(step.advice), {}, TableCell::Tone::None, toQString(step.advice)}});
    return table;
}

}  // namespace retort
