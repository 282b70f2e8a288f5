// What each machine is doing now: asked every few seconds while somebody looks.
#pragma once

#include <QHash>
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/machines/machine.h"
#include "training/backends/remote/machine_load.h"

namespace retort {

/// Asks each machine in a thread of its own, so that one that does not answer holds up nobody.
class MachineMonitor : public QObject {
    Q_OBJECT
  public:
    struct Sample {
        MachineLoad load;
        std::optional<double> busy;           ///< share of all cores since the sample before, 0 … 1
        std::map<std::string, double> cores;  ///< that each run kept busy since then, by its directory there
        QString problem;                      ///< why there is no load; empty: there is one
    };

    explicit MachineMonitor(QObject* parent = nullptr);
    ~MachineMonitor() override;

    void setMachines(std::vector<Machine> machines);
    /// Directories of the runs that go on, by the machine's name, about which it is asked as well.
    void setRuns(std::map<std::string, std::vector<std::string>> runs) { m_runs = std::move(runs); }
    /// Off: nothing is asked any more.
    void setActive(bool active);
    /// nullptr: it has not answered yet.
    const Sample* sample(const std::string& machine) const;

  Q_SIGNALS:
    void sampled(const QString& machine);

  private:
    void ask();
    void ask(const Machine& machine);
    void answered(const Machine& machine, Sample sample);

    std::vector<Machine> m_machines;
    std::map<std::string, std::vector<std::string>> m_runs;
    QHash<QString, Sample> m_samples;
    QHash<QString, bool> m_asking;
    QTimer m_timer;
    std::shared_ptr<std::atomic<bool>> m_isOver = std::make_shared<std::atomic<bool>>(false);
    QThreadPool m_threads;  // last: joined before anything above is gone
};

}  // namespace retort
