// The place where runs are found again: the table of all of them and the details of the current one. What can
// be done with the selected ones is RunCommands' affair.
#pragma once

#include <QSet>
#include <QTimer>
#include <QWidget>
#include <vector>

#include "core/store/rows.h"

class QAction;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTableView;
class QUndoStack;

namespace retort {

class EmptyState;
class Lab;
class RunColumns;
class RunCommands;
class RunDetails;
class RunFilterModel;
class RunTableModel;
class Selection;

class RunsPage : public QWidget {
    Q_OBJECT
  public:
    explicit RunsPage(Lab& lab, QWidget* parent = nullptr);
    ~RunsPage() override;

    QTableView* table() const { return m_table; }
    RunTableModel* model() const { return m_model; }
    QUndoStack* undoStack() const;
    /// In the order of the table.
    std::vector<RowId> selectedRuns() const;
    /// Opens the dialog that adopts other programs' runs; with a folder it looks through that at once.
    void adoptRuns(const QString& folder = {});

  Q_SIGNALS:
    /// Opens Design with a run that starts from this checkpoint.
    void designFromCheckpoint(const QString& checkpointFolder);

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void buildTable();
    void buildLayout();
    QWidget* makeNotice();
    void makeCommands(QHBoxLayout* bar);
    void connectLab();
    void startTimers();
    void reload();
    void readChanged();
    void accept(std::vector<RunRow> runs);
    void loadTrends();
    void onSelectionChanged();
    void showSelection();
    bool isSelectionBehind() const;
    void updateState();
    void saveState();
    std::vector<const RunRow*> selectedRows() const;

    Lab& m_lab;
    Selection& m_selection;
    RunTableModel* m_model;
    RunFilterModel* m_filter;
    QTimer m_changedTimer, m_searchTimer, m_tickTimer, m_trendTimer;
    QSet<RowId> m_changed, m_staleTrends, m_trendsAsked;
    bool m_loaded = false, m_allChanged = false, m_applyingSelection = false;

    QTableView* m_table;
    RunColumns* m_columns;
    RunCommands* m_commands;
    RunDetails* m_details;
    QLineEdit* m_search;
    QLabel* m_count;
    QSplitter* m_splitter;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QWidget* m_notice;
};

}  // namespace retort
