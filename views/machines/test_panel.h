// Tries a machine step by step, and shows each step as it is known.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <atomic>
#include <memory>
#include <vector>

#include "core/machines/machine.h"
#include "training/backends/remote/machine_test.h"

class QLabel;
class QPushButton;

namespace retort {

class BuildPanel;
class Lab;
class TablePanel;

class TestPanel : public QWidget {
    Q_OBJECT
  public:
    TestPanel(Lab& lab, QWidget* parent);
    ~TestPanel() override;

    /// Whose test it is; what was found of another one goes.
    void setMachine(const Machine& machine);
    void start();
    void stop();
    bool isBusy() const { return m_busy; }
    const std::vector<TestStep>& steps() const { return m_steps; }
    QPushButton* button() const { return m_button; }
    QLabel* summary() const { return m_summary; }
    TablePanel* table() const { return m_table; }
    BuildPanel* building() const { return m_building; }

  private:
    void show(TestStep step, int test);
    void finish(bool passed, int test);
    void showState();

    Machine m_machine;
    std::vector<TestStep> m_steps;
    bool m_busy = false;
    int m_test = 0;  ///< counts: what an earlier one says is not shown
    std::shared_ptr<std::atomic<bool>> m_stop;
    QPushButton* m_button;
    QLabel* m_summary;
    TablePanel* m_table;
    BuildPanel* m_building;
    QThreadPool m_thread;
};

}  // namespace retort
