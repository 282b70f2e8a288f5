// "What is mine on this machine": run directories there and what was brought, and cleaning up.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <atomic>
#include <functional>
#include <memory>

#include "core/machines/machine.h"
#include "training/backends/remote/remote_launch.h"

class QLabel;
class QPushButton;

namespace retort {

class Lab;
class TablePanel;

class FarContentPanel : public QWidget {
    Q_OBJECT
  public:
    FarContentPanel(Lab& lab, QWidget* parent);
    ~FarContentPanel() override;

    void setMachine(const Machine& machine);
    void look();
    const FarContent& content() const { return m_content; }
    QPushButton* lookButton() const { return m_look; }
    QPushButton* removeButton() const { return m_remove; }
    QLabel* summary() const { return m_summary; }
    TablePanel* table() const { return m_table; }

  private:
    struct Found {
        FarContent content;
        QString problem;
    };
    /// In a thread of its own: does `act` in the machine's work folder, then looks what is there.
    void work(std::function<void(const WorkPlace&)> act);
    void removeChosen();
    void removeAllBrought();
    void showFound(const Found& found);
    void showState();

    Machine m_machine;
    FarContent m_content;
    bool m_busy = false, m_isKnown = false;
    int m_question = 0;
    QPushButton *m_look, *m_remove, *m_removeBrought;
    QLabel* m_summary;
    TablePanel* m_table;
    std::shared_ptr<std::atomic<bool>> m_isOver = std::make_shared<std::atomic<bool>>(false);
    QThreadPool m_thread;
};

}  // namespace retort
