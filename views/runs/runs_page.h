// The place where runs are found again: the table of all of them, what can be done with the selected ones,
// and the details of the current one.
#pragma once

#include <QSet>
#include <QTimer>
#include <QUndoStack>
#include <QWidget>
#include <functional>
#include <memory>
#include <vector>

#include "core/store/rows.h"
#include "core/util/json.h"

class QAction;
class QLabel;
class QLineEdit;
class QMenu;
class QSplitter;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace retort {

class EmptyState;
class Lab;
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
    QUndoStack* undoStack() { return &m_undo; }
    /// In the order of the table.
    std::vector<RowId> selectedRuns() const;

  Q_SIGNALS:
    /// Opens Design with a run that starts from this checkpoint.
    void designFromCheckpoint(const QString& checkpointFolder);

  protected:
    void hideEvent(QHideEvent* event) override;

  private:
    struct Actions;

    void buildTable();
    void buildActions();
    void buildLayout();
    QAction* addTableCommand(const char* id, const QString& text, const QKeySequence& key,
                             std::function<void()> act);
    void reload();
    void readChanged();
    void accept(std::vector<RunRow> runs);
    void applyMetrics();
    void applyColumnsOnce();
    void showColumnMenu();
    void loadTrends();
    void onSelectionChanged();
    void showSelection();
    bool isSelectionBehind() const;
    void updateState();
    void updateActions();

    std::vector<const RunRow*> selectedRows() const;
    void edit(const QString& text, std::function<void()> redo, std::function<void()> undo);
    void rename(RowId run, const QString& name);
    void setTags(RowId run, const QString& text);
    void setNotes(RowId run, const QString& text);
    void archive();
    void compare();
    void pauseOrResume();
    void copyTable();
    void exportCsv();
    void openFolders();
    void saveState();

    Lab& m_lab;
    Selection& m_selection;
    RunTableModel* m_model;
    RunFilterModel* m_filter;
    QUndoStack m_undo;
    QTimer m_changedTimer, m_searchTimer, m_tickTimer, m_trendTimer;
    QSet<RowId> m_changed, m_staleTrends, m_trendsAsked;
    Json m_savedColumns;
    bool m_loaded = false, m_allChanged = false, m_metricsChosen = false, m_columnsApplied = false;
    bool m_applyingSelection = false;

    QLineEdit* m_search;
    QLabel* m_count;
    QTableView* m_table;
    RunDetails* m_details;
    QSplitter* m_splitter;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QWidget* m_notice;
    QLabel* m_noticeText;
    QMenu* m_menu;
    std::unique_ptr<Actions> m_actions;
};

}  // namespace retort
