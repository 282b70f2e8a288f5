#include "views/machines/machine_monitor.h"

#include <algorithm>
#include <utility>

#include "training/backends/remote/shell.h"
#include "views/lab.h"

namespace retort {

namespace {

constexpr int everyMs = 4000;
constexpr int mostAtOnce = 8;

MachineMonitor::Sample sampleOf(const Machine& machine, const std::vector<std::string>& runs,
                                const std::function<bool()>& stop) {
    MachineMonitor::Sample sample;
    try {
        const auto shell = Shell::ssh(machine);
        sample.load = parseLoad(shell->wait(loadScript(machine, runs), QByteArray(), stop).out);
    } catch (const Error& error) {
        sample.problem = errorText(error);
    }
    return sample;
}

}  // namespace

MachineMonitor::MachineMonitor(QObject* parent) : QObject(parent) {
    m_threads.setMaxThreadCount(mostAtOnce);
    m_timer.setInterval(everyMs);
    connect(&m_timer, &QTimer::timeout, this, qOverload<>(&MachineMonitor::ask));
}

MachineMonitor::~MachineMonitor() {
    *m_isOver = true;
    m_threads.clear();
}

void MachineMonitor::setMachines(std::vector<Machine> machines) {
    for (const Machine& before : m_machines)
        if (std::find(machines.begin(), machines.end(), before) == machines.end())
            m_samples.remove(QString::fromStdString(before.name));  // gone, or reached in another way
    m_machines = std::move(machines);
    if (m_timer.isActive()) ask();
}

void MachineMonitor::setActive(bool active) {
    if (active == m_timer.isActive()) return;
    if (!active) return m_timer.stop();
    m_timer.start();
    ask();
}

const MachineMonitor::Sample* MachineMonitor::sample(const std::string& machine) const {
    const auto found = m_samples.constFind(QString::fromStdString(machine));
    return found == m_samples.constEnd() ? nullptr : &*found;
}

void MachineMonitor::ask() {
    for (const Machine& machine : m_machines) ask(machine);
}

void MachineMonitor::ask(const Machine& machine) {
    if (std::exchange(m_asking[QString::fromStdString(machine.name)], true)) return;
    const auto runs = m_runs.find(machine.name);
    m_threads.start([this, machine, over = m_isOver,
                     asked = runs == m_runs.end() ? std::vector<std::string>() : runs->second] {
        Sample sample = sampleOf(machine, asked, [over] { return over->load(); });
        if (*over) return;
        QMetaObject::invokeMethod(this, [this, machine, sample = std::move(sample)]() mutable {
            answered(machine, std::move(sample));
        });
    });
}

void MachineMonitor::answered(const Machine& machine, Sample sample) {
    const QString name = QString::fromStdString(machine.name);
    m_asking[name] = false;
    if (std::find(m_machines.begin(), m_machines.end(), machine) == m_machines.end()) return;
    if (const auto before = m_samples.constFind(name); before != m_samples.constEnd()) {
        sample.busy = sample.load.busySince(before->load);
        for (const auto& [run, load] : sample.load.runs)
            if (const auto cores = sample.load.coresOf(run, before->load)) sample.cores[run] = *cores;
    }
    m_samples[name] = std::move(sample);
    Q_EMIT sampled(name);
}

}  // namespace retort
