// The sheet of shortcuts ("?"), made from the commands that there are; the keys of each can be changed in it.
#pragma once

#include <QDialog>
#include <vector>

class QAction;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace retort {

class KeyBindings;

class ShortcutSheet : public QDialog {
    Q_OBJECT
  public:
    /// `bindings` outlives the sheet.
    ShortcutSheet(std::vector<QAction*> commands, KeyBindings& bindings, QWidget* parent);

    /// Shows the command's line, to be changed.
    void choose(const QAction* command);

  private:
    QWidget* makeEditor();
    void fill();
    void filter(const QString& text);
    QAction* current() const;
    void showCurrent();
    void showProblem();
    void showKeys(QTreeWidgetItem* item);
    void assign();
    void resetAll();

    std::vector<QAction*> m_commands;
    KeyBindings& m_bindings;
    QTreeWidget* m_tree;
    QLineEdit* m_filter;
    QLabel* m_chosen;
    QKeySequenceEdit* m_keys;
    QPushButton *m_set, *m_none, *m_reset;
    QLabel* m_problem;
};

}  // namespace retort
