// The queue: what waits for its turn and why, in an order that is made by hand.
#pragma once

#include <QWidget>
#include <set>
#include <vector>

#include "core/queue/queued_run.h"
#include "core/store/rows.h"

class QHBoxLayout;
class QLabel;
class QSpinBox;
class QStackedWidget;

namespace retort {

class EmptyState;
class Lab;
class TablePanel;

class QueuePage : public QWidget {
    Q_OBJECT
  public:
    explicit QueuePage(Lab& lab, QWidget* parent = nullptr);

    TablePanel* table() const { return m_table; }
    /// The runs of the selected rows, in the queue's order.
    std::vector<RowId> selected() const;
    void select(const std::vector<RowId>& runs);
    bool canUndo() const { return !m_removed.empty(); }

    void moveBy(int places);
    void toggleHold();
    void startNow();
    void stop();
    void retry();
    void removeSelected();
    void undoRemoval();

  private:
    void makeCommands();
    QWidget* makeBar();
    QWidget* makeNotice();
    void showQueue();
    void showActions();
    void showNotice();
    void openCurrent();
    const QueuedRun* entryOf(RowId run) const;
    bool pauses(RowId run) const;
    template <class Change>
    void change(Change change);

    Lab& m_lab;
    std::vector<RowId> m_rows;                      ///< runs of the table's rows
    std::set<RowId> m_launching;                    ///< of which a step of the launch is shown
    std::vector<std::vector<QueuedRun>> m_removed;  ///< removals that can be taken back, the last one last
    TablePanel* m_table;
    QSpinBox *m_atOnce, *m_perGpu;
    EmptyState* m_empty;
    QStackedWidget* m_stack;
    QWidget* m_notice = nullptr;
    QLabel* m_noticeText = nullptr;
};

}  // namespace retort
