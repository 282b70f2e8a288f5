// What can be done with the selected runs of the table: commands with their keys, the menu and the buttons
// that offer them; edits of the store can be taken back.
#pragma once

#include <QObject>
#include <QUndoStack>
#include <functional>
#include <memory>
#include <vector>

#include "core/store/rows.h"

class QAction;
class QKeySequence;
class QMenu;
class QTableView;

namespace retort {

class Lab;
class RunTableModel;

class RunCommands : public QObject {
    Q_OBJECT
  public:
    using SelectedRuns = std::function<std::vector<const RunRow*>()>;

    /// `selected` answers in the order of the table, the current run first.
    RunCommands(Lab& lab, QTableView* table, RunTableModel* model, SelectedRuns selected, QWidget* page);
    ~RunCommands() override;

    QUndoStack* undoStack() { return &m_undo; }
    QMenu* menu() const { return m_menu; }
    /// For a bar of buttons, in its order.
    std::vector<QAction*> forBar() const;
    /// What is possible with the runs that are selected now.
    void update();

    void rename(RowId run, const QString& name);
    void setTags(RowId run, const QString& text);
    void setNotes(RowId run, const QString& text);

  Q_SIGNALS:
    void tagsWanted();   ///< put the cursor into the tags of the current run
    void notesWanted();  ///< … its notes

  private:
    struct Actions;

    QAction* add(const char* id, const QString& text, const QKeySequence& key, const QString& icon,
                 std::function<void()> act);
    void addOpeners();
    void addSteering();
    void addPriorities();
    void markPriority();
    void addJobs();
    void addEdits();
    void addCopies();
    void edit(const QString& text, std::function<void()> redo, std::function<void()> undo);
    void archive();
    void compare();
    void pauseOrResume();
    void followOrLeave();
    void copyTable();
    void exportCsv();
    void openFolders();

    Lab& m_lab;
    QTableView* m_table;
    RunTableModel* m_model;
    SelectedRuns m_selected;
    QWidget* m_page;
    QUndoStack m_undo;
    QMenu* m_menu;
    QMenu* m_priorities = nullptr;
    int m_markRequest = 0;
    std::unique_ptr<Actions> m_actions;
};

}  // namespace retort
