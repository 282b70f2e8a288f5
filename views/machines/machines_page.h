// The machines on which runs execute: what they are doing, whether they work, and what of ours is there.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <atomic>
#include <memory>
#include <vector>

#include "views/machines/machine_tables.h"

class QStackedWidget;
class QTabWidget;

namespace retort {

class EmptyState;
class FarContentPanel;
class Lab;
class MachineMonitor;
class StoreReader;
class TablePanel;
class TestPanel;

class MachinesPage : public QWidget {
    Q_OBJECT
  public:
    explicit MachinesPage(Lab& lab, QWidget* parent = nullptr);
    ~MachinesPage() override;

    void choose(const QString& machine);
    /// nullptr: there is none.
    const Machine* current() const;
    const std::vector<Machine>& machines() const { return m_machines; }
    TablePanel* table() const { return m_table; }
    TablePanel* runs() const { return m_runTable; }
    TestPanel* test() const { return m_test; }
    FarContentPanel* content() const { return m_content; }
    QTabWidget* tabs() const { return m_tabs; }

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    struct Found {
        std::vector<Machine> machines;
        std::vector<MachineRun> runs;
    };
    static Found read(StoreReader& reader);
    void makeCommands();
    void read();
    void showFound(Found found);
    void showTable();
    void showRunTable();
    void showCurrent();
    /// The row below the machines, where runs of this computer go on.
    bool isThisMachine() const;
    void add();
    void edit();
    void removeCurrent();
    void testCurrent();

    Lab& m_lab;
    std::vector<Machine> m_machines;
    std::vector<MachineRun> m_runs;   ///< of all machines; of this one those that go on
    std::vector<MachineRun> m_shown;  ///< of the current one
    bool m_hasLocalRuns = false;
    QString m_wanted;  ///< becomes current as soon as it is there
    MachineMonitor* m_monitor;
    TablePanel *m_table, *m_runTable;
    TestPanel* m_test;
    FarContentPanel* m_content;
    QTabWidget* m_tabs;
    EmptyState* m_empty;
    QStackedWidget* m_stack;
    std::shared_ptr<std::atomic<bool>> m_isOver = std::make_shared<std::atomic<bool>>(false);
    QThreadPool m_jobs;  // last: joined before anything above is gone
};

}  // namespace retort
